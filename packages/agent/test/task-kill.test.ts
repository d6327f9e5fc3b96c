import { OVERDUE_GRACE_MS } from '@mesolite/executors';
import { describe, expect, it } from 'vitest';
import { AGENT, CoreHarness, taskInfo } from './core-harness.ts';
import { customExecutor, framework } from './tasks.ts';

function kill(harness: CoreHarness, taskId: string, graceNs?: bigint): void {
  harness.fromMaster('kill-task', {
    framework_id: { value: 'F' },
    task_id: { value: taskId },
    ...(graceNs === undefined ? {} : { kill_policy: { grace_period: { nanoseconds: graceNs } } }),
  });
}

describe('killing a command task', () => {
  it('asks first and forces after three seconds', () => {
    const harness = new CoreHarness().register();
    const containerId = harness.running('t');
    kill(harness, 't');
    expect(harness.of('signal-container')).toEqual([{ kind: 'signal-container', containerId, signal: 'SIGTERM' }]);
    harness.advance(2_999);
    expect(harness.of('signal-container')).toHaveLength(1);
    harness.advance(1);
    expect(harness.of('signal-container')[1]?.signal).toBe('SIGKILL');
    harness.step({ kind: 'container-ended', containerId, end: { status: 9 } });
    harness.acknowledgeAll();
    expect(harness.told()).toEqual(['TASK_KILLING', 'TASK_KILLED']);
  });

  it('grants the grace the kill asks for', () => {
    const harness = new CoreHarness().register();
    harness.running('t');
    kill(harness, 't', 500_000_000n);
    harness.advance(500);
    expect(harness.of('signal-container').map(({ signal }) => signal)).toEqual(['SIGTERM', 'SIGKILL']);
  });

  it('is done by the agent itself before the command runs', () => {
    const harness = new CoreHarness().register();
    harness.run({ id: 't' });
    const containerId = harness.launched();
    kill(harness, 't');
    expect(harness.updates()[0]?.status).toMatchObject({
      state: 'TASK_KILLED',
      reason: 'REASON_TASK_KILLED_DURING_LAUNCH',
      message: 'Killed before delivery to the executor',
      source: 'SOURCE_AGENT',
    });
    expect(harness.of('destroy-container')).toEqual([{ kind: 'destroy-container', containerId }]);
    harness.step({ kind: 'container-launched', containerId, pid: 1 });
    harness.step({ kind: 'container-ended', containerId, end: { status: 9 } });
    harness.acknowledgeAll();
    expect(harness.told()).toEqual(['TASK_KILLED REASON_TASK_KILLED_DURING_LAUNCH']);
    expect(harness.core.state.frameworks.size).toBe(0);
  });

  it('ends it after its max_completion_time as failed', () => {
    const harness = new CoreHarness().register();
    const containerId = harness.running('t', framework(), {
      max_completion_time: { nanoseconds: 2_000_000_000n },
    });
    harness.advance(1_999);
    expect(harness.of('signal-container')).toEqual([]);
    harness.advance(1 + OVERDUE_GRACE_MS);
    expect(harness.of('signal-container').map(({ signal }) => signal)).toEqual(['SIGTERM', 'SIGKILL']);
    harness.step({ kind: 'container-ended', containerId, end: { status: 9 } });
    expect(harness.told()).toEqual(['TASK_FAILED REASON_MAX_COMPLETION_TIME_REACHED']);
  });

  it('of an ended one does nothing', () => {
    const harness = new CoreHarness().register();
    const containerId = harness.running('t');
    harness.step({ kind: 'container-ended', containerId, end: { status: 0 } });
    harness.take();
    kill(harness, 't');
    expect(harness.effects).toEqual([]);
  });
});

describe('killing a task nobody has here', () => {
  it('is answered when its framework is here', () => {
    const harness = new CoreHarness().register();
    harness.running('t');
    kill(harness, 'u');
    expect(harness.updates()[0]?.status).toMatchObject({
      state: 'TASK_DROPPED',
      reason: 'REASON_EXECUTOR_TERMINATED',
      message: 'Cannot find executor',
    });
  });

  it('is ignored otherwise', () => {
    const harness = new CoreHarness().register();
    kill(harness, 'u');
    expect(harness.effects).toEqual([]);
  });
});

describe('killing a task of a custom executor', () => {
  it('is the executor’s work once the task is delivered', () => {
    const harness = new CoreHarness().register();
    harness.run({ id: 't', executor: customExecutor('E', 'x') });
    harness.subscribe('E');
    harness.take();
    kill(harness, 't', 1n);
    expect(harness.events()).toEqual([
      { type: 'KILL', kill: { task_id: { value: 't' }, kill_policy: { grace_period: { nanoseconds: 1n } } } },
    ]);
  });

  it('before it registered leaves it to be shut down when it does', () => {
    const harness = new CoreHarness().register();
    harness.run({ id: 't', executor: customExecutor('E', 'x') });
    kill(harness, 't');
    expect(harness.told()).toEqual(['TASK_KILLED REASON_TASK_KILLED_DURING_LAUNCH']);
    expect(harness.of('destroy-container')).toEqual([]);
    harness.acknowledgeAll();
    harness.take();
    harness.subscribe('E');
    expect(harness.events()).toEqual([{ type: 'SHUTDOWN' }]);
  });

  it('kills a queued group as a whole', () => {
    const harness = new CoreHarness().register();
    const executor = customExecutor('E', 'x');
    harness.fromMaster('run-task-group', {
      framework: framework(),
      executor,
      task_group: { tasks: ['a', 'b'].map((id) => taskInfo({ id, agent_id: { value: AGENT }, executor })) },
    });
    kill(harness, 'b');
    expect(harness.told()).toHaveLength(2);
    expect(harness.updates()[0]?.status.message).toBe(
      'A task within the task group was killed before delivery to the executor',
    );
  });
});
