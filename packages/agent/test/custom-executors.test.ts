import { ExecutorToFrameworkMessage, ExitedExecutorMessage } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { AGENT, CoreHarness, taskInfo } from './core-harness.ts';
import { customExecutor, framework } from './tasks.ts';

function launched(): CoreHarness {
  const harness = new CoreHarness().register();
  harness.run({ id: 't', executor: customExecutor('E', 'x') });
  harness.step({ kind: 'container-launched', containerId: harness.launched(), pid: 1 });
  return harness;
}

const status = (id: string, uuid: number, more: object = {}) => ({
  task_id: { value: id },
  state: 'TASK_RUNNING' as const,
  source: 'SOURCE_EXECUTOR' as const,
  uuid: new Uint8Array(16).fill(uuid),
  ...more,
});

describe('a custom executor', () => {
  it('gets its tasks after it subscribed', () => {
    const harness = launched();
    expect(harness.told()).toEqual([]);
    harness.run({ id: 'u', executor: customExecutor('E', 'x') });
    harness.take();
    const connection = harness.subscribe('E');
    expect(harness.of('open-stream')).toEqual([{ kind: 'open-stream', connection }]);
    expect(harness.events().map(({ type }) => type)).toEqual(['SUBSCRIBED', 'LAUNCH', 'LAUNCH']);
    expect(harness.events()[0]?.subscribed).toMatchObject({
      executor_info: { executor_id: { value: 'E' } },
      framework_info: { id: { value: 'F' } },
      agent_info: { id: { value: AGENT } },
      container_id: {},
    });
    harness.take();
    harness.run({ id: 'v', executor: customExecutor('E', 'x') });
    expect(harness.events().map(({ type, launch }) => [type, launch?.task.task_id.value])).toEqual([['LAUNCH', 'v']]);
    expect(harness.of('update-container')).toHaveLength(1);
  });

  it('gets groups whole', () => {
    const harness = new CoreHarness().register();
    const executor = customExecutor('E', 'x');
    const tasks = ['a', 'b'].map((id) => taskInfo({ id, executor }));
    harness.fromMaster('run-task-group', { framework: framework(), executor, task_group: { tasks } });
    harness.run({ id: 'single', executor });
    harness.take();
    harness.subscribe('E');
    expect(harness.events().map(({ type }) => type)).toEqual(['SUBSCRIBED', 'LAUNCH', 'LAUNCH_GROUP']);
    expect(harness.events()[2]?.launch_group?.task_group.tasks?.map((task) => task.task_id.value)).toEqual(['a', 'b']);
  });

  it('is ended when it does not subscribe in time', () => {
    const harness = launched();
    const containerId = harness.launched();
    harness.take();
    harness.advance(60_000);
    expect(harness.of('destroy-container')).toEqual([{ kind: 'destroy-container', containerId }]);
    harness.step({ kind: 'container-ended', containerId, end: { status: 9 } });
    expect(harness.updates()[0]?.status).toMatchObject({
      state: 'TASK_FAILED',
      reason: 'REASON_EXECUTOR_REGISTRATION_TIMEOUT',
    });
    expect(harness.sent(ExitedExecutorMessage)).toMatchObject([{ executor_id: { value: 'E' }, status: 9 }]);
  });

  it('takes its tasks with it when it ends', () => {
    const harness = launched();
    const containerId = harness.launched();
    harness.subscribe('E');
    harness.take();
    harness.step({ kind: 'container-ended', containerId, end: { status: 1 << 8 } });
    expect(harness.updates()[0]?.status).toMatchObject({
      state: 'TASK_FAILED',
      reason: 'REASON_EXECUTOR_TERMINATED',
      message: 'Executor terminated',
      source: 'SOURCE_AGENT',
    });
    expect(harness.updates()[0]?.status.container_status).toBeUndefined();
    harness.acknowledgeAll();
    expect(harness.core.state.frameworks.size).toBe(0);
    expect(harness.of('close-stream')).toHaveLength(1);
  });

  it('may end silently when all its tasks have', () => {
    const harness = launched();
    const containerId = harness.launched();
    harness.subscribe('E');
    harness.take();
    harness.call({
      type: 'UPDATE',
      executor_id: { value: 'E' },
      update: { status: status('t', 1, { state: 'TASK_FINISHED' }) },
    });
    // The container shrinks to the executor before anybody hears that the task's part is free.
    expect(harness.effects.map(({ kind }) => kind)).toEqual(['update-container', 'send', 'reply', 'stream-event']);
    harness.acknowledgeAll();
    harness.take();
    harness.step({ kind: 'container-ended', containerId, end: { status: 0 } });
    expect(harness.told()).toEqual([]);
    expect(harness.sent(ExitedExecutorMessage)).toHaveLength(1);
  });

  it('is closed on its older stream when it subscribes again', () => {
    const harness = launched();
    const first = harness.subscribe('E');
    harness.take();
    const known = [taskInfo({ id: 't', executor: customExecutor('E', 'x') })];
    const second = harness.subscribe('E', { unacknowledged_tasks: known });
    expect(harness.of('close-stream')).toEqual([{ kind: 'close-stream', connection: first }]);
    expect(harness.of('stream-event').every(({ connection }) => connection === second)).toBe(true);
    harness.step({ kind: 'executor-stream-closed', connection: first });
    harness.fromMaster('message-executor', {
      agent_id: { value: AGENT },
      framework_id: { value: 'F' },
      executor_id: { value: 'E' },
      data: new Uint8Array([1]),
    });
    expect(harness.of('stream-event').at(-1)).toMatchObject({ connection: second, event: { type: 'MESSAGE' } });
  });

  it('tells what it could not tell while it was away, and loses what it never got', () => {
    const harness = launched();
    harness.run({ id: 'u', executor: customExecutor('E', 'x') });
    const first = harness.subscribe('E');
    harness.step({ kind: 'executor-stream-closed', connection: first });
    harness.take();
    harness.subscribe('E', {
      unacknowledged_tasks: [taskInfo({ id: 't', executor: customExecutor('E', 'x') })],
      unacknowledged_updates: [{ status: status('t', 1) }],
    });
    expect(harness.told()).toEqual(['TASK_RUNNING', 'TASK_DROPPED REASON_AGENT_RESTARTED']);
    expect(harness.events().map(({ type }) => type)).toEqual(['SUBSCRIBED', 'ACKNOWLEDGED']);
  });

  it('is shut down, then destroyed after its grace period', () => {
    const harness = launched();
    const containerId = harness.launched();
    harness.subscribe('E');
    harness.take();
    harness.fromMaster('shutdown-executor', { framework_id: { value: 'F' }, executor_id: { value: 'E' } });
    expect(harness.events()).toEqual([{ type: 'SHUTDOWN' }]);
    harness.advance(4_999);
    expect(harness.of('destroy-container')).toEqual([]);
    harness.advance(1);
    expect(harness.of('destroy-container')).toEqual([{ kind: 'destroy-container', containerId }]);
  });

  it('hears from its agent every half hour', () => {
    const harness = launched();
    harness.subscribe('E');
    harness.take();
    harness.advance(60 * 60_000);
    expect(harness.events()).toEqual([{ type: 'HEARTBEAT' }, { type: 'HEARTBEAT' }]);
  });
});

describe('calls of executors', () => {
  const reply = (harness: CoreHarness) => {
    const { status: code, text } = harness.of('reply').at(-1)!;
    return text === undefined ? [code] : [code, text];
  };

  it.each([
    ['G', 'E', [400, 'Framework cannot be found']],
    ['F', 'X', [400, 'Executor cannot be found']],
    ['F', 'E', [403, 'Executor is not subscribed']],
  ])('of framework %s, executor %s are answered with %o', (frameworkId, executorId, answer) => {
    const harness = launched();
    harness.call(
      { type: 'MESSAGE', executor_id: { value: executorId }, message: { data: new Uint8Array() } },
      frameworkId,
    );
    expect(reply(harness)).toEqual(answer);
  });

  it('are not taken on behalf of built-in executors', () => {
    const harness = new CoreHarness().register();
    harness.running('t');
    harness.subscribe('t');
    expect(reply(harness)).toEqual([403, 'Executor is built into the agent']);
    expect(harness.of('open-stream')).toEqual([]);
  });

  it('that only say that they are alive are always accepted', () => {
    const harness = launched();
    harness.call({ type: 'HEARTBEAT', executor_id: { value: 'nobody' } }, 'nobody');
    expect(reply(harness)).toEqual([202]);
  });

  it('of an unknown type get 501', () => {
    const harness = launched();
    harness.subscribe('E');
    harness.call({ type: 'UNKNOWN', executor_id: { value: 'E' } });
    expect(reply(harness)).toEqual([501]);
  });

  it('with data reach the scheduler through the master, or straight where it has a pid', () => {
    const harness = launched();
    harness.subscribe('E');
    harness.take();
    const data = new Uint8Array([1, 2, 3]);
    harness.call({ type: 'MESSAGE', executor_id: { value: 'E' }, message: { data } });
    harness.fromMaster('update-framework', { framework_id: { value: 'F' }, pid: 'scheduler-1@127.0.0.1:7000' });
    harness.call({ type: 'MESSAGE', executor_id: { value: 'E' }, message: { data } });
    expect(harness.sent(ExecutorToFrameworkMessage).map((message) => Buffer.from(message.data))).toEqual([
      Buffer.from(data),
      Buffer.from(data),
    ]);
    expect(harness.of('send').map(({ to }) => to)).toEqual(['master@127.0.0.1:5050', 'scheduler-1@127.0.0.1:7000']);
    expect(harness.metricsNow['slave/valid_framework_messages']).toBe(2);
  });

  it('with data are dropped while nobody could take it', () => {
    const harness = launched();
    harness.subscribe('E');
    harness.step({ kind: 'leader-detected', leader: undefined });
    harness.take();
    harness.call({ type: 'MESSAGE', executor_id: { value: 'E' }, message: { data: new Uint8Array() } });
    expect(harness.effects.map(({ kind }) => kind)).toEqual(['reply']);
    expect(harness.metricsNow['slave/invalid_framework_messages']).toBe(1);
  });
});
