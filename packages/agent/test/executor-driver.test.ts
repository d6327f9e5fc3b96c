/** Executors of the old driver, message by message. */

import type { ContainerId, ExecutorId, FrameworkId } from '@mesolite/base';
import {
  ExecutorRegisteredMessage,
  ExecutorReregisteredMessage,
  ExecutorToFrameworkMessage,
  FrameworkToExecutorMessage,
  KillTaskMessage,
  ReconnectExecutorMessage,
  RunTaskMessage,
  ShutdownExecutorMessage,
  StatusUpdateAcknowledgementMessage,
  type StatusUpdateMessage,
  type TaskState,
} from '@mesolite/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AGENT, CoreHarness, EXECUTOR, taskInfo } from './core-harness.ts';
import { customExecutor, framework } from './tasks.ts';
import { WrittenTree } from './written-tree.ts';

const IDS = { framework_id: { value: 'F' }, executor_id: { value: 'E' } };
const executor = customExecutor('E', 'x');

function launched(info = framework()): CoreHarness {
  const harness = new CoreHarness().register();
  harness.run({ id: 't', executor }, info);
  harness.step({ kind: 'container-launched', containerId: harness.launched(), pid: 1 });
  return harness;
}

/** With one task delivered; the effects of that are forgotten. */
function running(info = framework()): CoreHarness {
  const harness = launched(info);
  harness.fromExecutor('register-executor', IDS);
  harness.take();
  return harness;
}

function update(
  state: TaskState,
  uuid: number,
  more: Partial<StatusUpdateMessage['update']> = {},
): StatusUpdateMessage {
  return {
    update: {
      ...IDS,
      agent_id: { value: AGENT },
      timestamp: 1_767_225_600,
      uuid: new Uint8Array(16).fill(uuid),
      status: { task_id: { value: 't' }, state, agent_id: { value: AGENT } },
      ...more,
    },
    pid: EXECUTOR,
  };
}

/** Short names of what was sent to the executor. */
const words = (harness: CoreHarness, to = EXECUTOR) =>
  harness
    .of('send')
    .filter((effect) => effect.to === to)
    .map(({ name }) => name.split('.').at(-1));

describe('an executor of the old driver', () => {
  it('is linked, told who it is, and given its tasks', () => {
    const harness = launched(framework({ checkpoint: true }));
    harness.run({ id: 'u', executor });
    harness.take();
    harness.fromExecutor('register-executor', IDS);
    expect(harness.of('link')).toEqual([{ kind: 'link', to: EXECUTOR }]);
    expect(words(harness)).toEqual(['ExecutorRegisteredMessage', 'RunTaskMessage', 'RunTaskMessage']);
    expect(harness.sent(ExecutorRegisteredMessage)[0]).toMatchObject({
      executor_info: { executor_id: { value: 'E' } },
      framework_id: { value: 'F' },
      framework_info: { id: { value: 'F' } },
      agent_id: { value: AGENT },
      agent_info: { hostname: 'host', id: { value: AGENT }, checkpoint: true },
    });
    expect(harness.sent(RunTaskMessage)).toMatchObject([
      { framework: { id: { value: 'F' } }, task: { task_id: { value: 't' } }, pid: '@0.0.0.0:0' },
      { task: { task_id: { value: 'u' } } },
    ]);
    const written = harness.of('write-file').find(({ path }) => path.endsWith('/pids/libprocess.pid'));
    expect(Buffer.from(written?.data ?? []).toString()).toBe(EXECUTOR);
    expect(harness.of('update-container')).toHaveLength(1);
    harness.take();
    harness.advance(60_000);
    expect(harness.of('destroy-container')).toEqual([]);
    harness.run({ id: 'v', executor });
    expect(words(harness)).toEqual(['RunTaskMessage']);
  });

  it('hears that its updates are taken, and they go on as its own', () => {
    const harness = running();
    harness.fromExecutor('update-status', update('TASK_RUNNING', 1));
    expect(harness.updates()).toMatchObject([
      {
        executor_id: { value: 'E' },
        status: {
          state: 'TASK_RUNNING',
          source: 'SOURCE_EXECUTOR',
          timestamp: 1_767_225_600,
          executor_id: { value: 'E' },
          container_status: { network_infos: [{ ip_addresses: [{ ip_address: '127.0.0.1' }] }] },
        },
      },
    ]);
    expect(Buffer.from(harness.updates()[0]?.status.uuid ?? [])).toEqual(Buffer.alloc(16, 1));
    const acknowledged = { agent_id: { value: AGENT }, framework_id: { value: 'F' }, task_id: { value: 't' } };
    expect(harness.sent(StatusUpdateAcknowledgementMessage)).toMatchObject([acknowledged]);
    harness.take();
    // The same again changes nothing, but its sender may not have heard.
    harness.fromExecutor('update-status', update('TASK_RUNNING', 1));
    expect(harness.told()).toEqual([]);
    expect(harness.sent(StatusUpdateAcknowledgementMessage)).toMatchObject([acknowledged]);
  });

  it('is acknowledged only after its update is on disk', () => {
    const harness = running(framework({ checkpoint: true }));
    harness.fromExecutor('update-status', update('TASK_RUNNING', 1));
    expect(harness.effects.map(({ kind }) => kind)).toEqual(['append-file', 'send', 'send']);
    expect(words(harness)).toEqual(['StatusUpdateAcknowledgementMessage']);
  });

  it('may speak for tasks of another executor, and gets the acknowledgement itself', () => {
    const harness = running();
    const other = 'executor(2)@127.0.0.1:7002';
    harness.fromExecutor('update-status', { ...update('TASK_RUNNING', 1), pid: other }, other);
    expect(words(harness, other)).toEqual(['StatusUpdateAcknowledgementMessage']);
    // Without a pid in the message, whoever sent it is meant.
    harness.fromExecutor('update-status', { update: update('TASK_FAILED', 2).update }, other);
    expect(words(harness, other)).toHaveLength(2);
  });

  it.each([
    ['another agent', { agent_id: { value: 'other' } }],
    ['no agent', { agent_id: undefined }],
    [
      'a status of another agent',
      { status: { task_id: { value: 't' }, state: 'TASK_RUNNING', agent_id: { value: 'x' } } },
    ],
    ['an unknown framework', { framework_id: { value: 'G' } }],
    ['no uuid', { uuid: undefined }],
  ] as const)('is not heard with an update of %s', (_what, more) => {
    const harness = running();
    harness.fromExecutor('update-status', update('TASK_RUNNING', 1, more as object));
    expect(harness.effects).toEqual([]);
    expect(harness.metricsNow['slave/invalid_status_updates']).toBe(1);
  });

  it('is shut down when it says that a task is staging', () => {
    const harness = running();
    harness.fromExecutor('update-status', update('TASK_STAGING', 1));
    expect(words(harness)).toEqual(['ShutdownExecutorMessage']);
    harness.advance(5_000);
    expect(harness.of('destroy-container')).toHaveLength(1);
  });

  it('loses updates in the middle, but never an end, when nobody acknowledges', () => {
    const harness = running();
    for (let n = 0; n < 1_001; n++) {
      const uuid = Buffer.alloc(16);
      uuid.writeUInt32LE(n);
      harness.fromExecutor('update-status', update('TASK_RUNNING', 0, { uuid }));
    }
    expect(harness.sent(StatusUpdateAcknowledgementMessage)).toHaveLength(1_000);
    harness.take();
    harness.fromExecutor('update-status', update('TASK_FINISHED', 255));
    expect(words(harness)).toEqual(['StatusUpdateAcknowledgementMessage']);
  });

  it('is asked to kill', () => {
    const harness = running();
    const kill_policy = { grace_period: { nanoseconds: 2_000_000_000n } };
    harness.fromMaster('kill-task', { framework_id: { value: 'F' }, task_id: { value: 't' }, kill_policy });
    expect(harness.sent(KillTaskMessage)).toMatchObject([
      { framework_id: { value: 'F' }, task_id: { value: 't' }, kill_policy },
    ]);
  });

  it.each(['master@127.0.0.1:5050', 'scheduler-1@127.0.0.1:7000'])('gets data that came from %s', (from) => {
    const harness = running();
    harness.fromMaster('message-executor', { ...IDS, agent_id: { value: AGENT }, data: new Uint8Array([7]) }, from);
    expect(harness.sent(FrameworkToExecutorMessage)).toMatchObject([{ ...IDS, agent_id: { value: AGENT } }]);
    expect(words(harness)).toEqual(['FrameworkToExecutorMessage']);
  });

  it('reaches its scheduler through the master, or straight where that has a driver', () => {
    const harness = running();
    const message = { ...IDS, agent_id: { value: AGENT }, data: new Uint8Array([7]) };
    harness.fromExecutor('message-framework', message);
    harness.fromMaster('update-framework', { framework_id: { value: 'F' }, pid: 'scheduler-1@127.0.0.1:7000' });
    harness.fromExecutor('message-framework', message);
    expect(harness.sent(ExecutorToFrameworkMessage)).toMatchObject([IDS, IDS]);
    expect(harness.of('send').map(({ to }) => to)).toEqual(['master@127.0.0.1:5050', 'scheduler-1@127.0.0.1:7000']);
    harness.take();
    harness.fromExecutor('message-framework', { ...message, framework_id: { value: 'G' } });
    harness.step({ kind: 'leader-detected', leader: undefined });
    harness.fromExecutor('message-framework', message);
    expect(harness.of('send')).toEqual([]);
    expect(harness.metricsNow['slave/invalid_framework_messages']).toBe(2);
  });

  it('is shut down by a word without ids', () => {
    const harness = running();
    harness.fromMaster('shutdown-executor', IDS);
    expect(harness.sent(ShutdownExecutorMessage)).toEqual([{}]);
  });

  it('loses nothing when its link breaks: the end of its container tells', () => {
    const harness = running();
    harness.step({ kind: 'link-exited', pid: EXECUTOR });
    expect(harness.effects).toEqual([]);
    harness.run({ id: 'u', executor });
    expect(words(harness)).toEqual(['RunTaskMessage']);
  });

  it('gets no groups: their tasks end in an error', () => {
    const harness = new CoreHarness().register();
    const tasks = ['a', 'b'].map((id) => taskInfo({ id, executor }));
    harness.fromMaster('run-task-group', { framework: framework(), executor, task_group: { tasks } });
    harness.run({ id: 'single', executor });
    harness.take();
    harness.fromExecutor('register-executor', IDS);
    expect(words(harness)).toEqual(['ExecutorRegisteredMessage', 'RunTaskMessage']);
    expect(harness.told()).toEqual(['TASK_ERROR REASON_TASK_GROUP_INVALID', 'TASK_ERROR REASON_TASK_GROUP_INVALID']);
  });
});

describe('an executor that is not expected is told to shut down', () => {
  const refused = (harness: CoreHarness, ids = IDS) => {
    harness.take();
    harness.fromExecutor('register-executor', ids, 'executor(9)@127.0.0.1:9');
    expect(harness.of('link')).toEqual([]);
    expect(harness.of('send').map(({ to, name }) => [to, name.split('.').at(-1)])).toEqual([
      ['executor(9)@127.0.0.1:9', 'ShutdownExecutorMessage'],
    ]);
    harness.take();
    harness.fromExecutor('reregister-executor', ids, 'executor(9)@127.0.0.1:9');
    expect(words(harness, 'executor(9)@127.0.0.1:9')).toEqual(['ShutdownExecutorMessage']);
  };

  it('where its framework is unknown, or it is itself', () => {
    const harness = launched();
    refused(harness, { ...IDS, framework_id: { value: 'G' } });
    refused(harness, { ...IDS, executor_id: { value: 'X' } });
  });

  it('where it is here already, or being ended', () => {
    const harness = running();
    refused(harness);
    harness.fromMaster('shutdown-executor', IDS);
    refused(harness);
  });

  it('where its framework or the agent ends', () => {
    const harness = launched();
    harness.fromMaster('shutdown-framework', { framework_id: { value: 'F' } });
    refused(harness);
    const other = launched();
    other.step({ kind: 'unregister' });
    refused(other);
  });

  it('where it is built in', () => {
    const harness = new CoreHarness().register();
    harness.run({ id: 't' });
    refused(harness, { ...IDS, executor_id: { value: 't' } });
  });

  it('where all its tasks were killed before', () => {
    const harness = launched();
    harness.fromMaster('kill-task', { framework_id: { value: 'F' }, task_id: { value: 't' } });
    harness.take();
    harness.fromExecutor('register-executor', IDS);
    expect(words(harness)).toEqual(['ShutdownExecutorMessage']);
    harness.advance(5_000);
    expect(harness.of('destroy-container')).toHaveLength(1);
  });
});

describe('an executor that outlived its agent', () => {
  let tree: WrittenTree;
  let containerId: ContainerId;
  beforeEach(() => {
    tree = new WrittenTree();
    const first = tree.registered();
    for (const id of ['t', 'u']) first.run({ id, executor }, framework({ checkpoint: true }));
    containerId = first.launched();
    first.step({ kind: 'container-launched', containerId, pid: 77 });
    first.fromExecutor('register-executor', IDS);
    first.take();
  });
  afterEach(() => tree.remove());
  /** The next agent, which found the container. */
  const next = async (): Promise<CoreHarness> => {
    const harness = await tree.next();
    harness.step({ kind: 'containers-recovered', running: [{ containerId, pid: 77 }] });
    return harness;
  };

  it('is asked by its pid, tells what nobody acknowledged, and goes on', async () => {
    const harness = await next();
    expect(harness.of('link')).toEqual([{ kind: 'link', to: EXECUTOR }]);
    expect(harness.sent(ReconnectExecutorMessage)).toEqual([{ agent_id: { value: AGENT } }]);
    expect(words(harness)).toEqual(['ReconnectExecutorMessage']);
    harness.take();
    const moved = 'executor(1)@127.0.0.1:7009';
    harness.fromExecutor(
      'reregister-executor',
      { ...IDS, tasks: [taskInfo({ id: 't', executor })], updates: [update('TASK_RUNNING', 1).update] },
      moved,
    );
    expect(words(harness, moved)).toEqual(['ExecutorReregisteredMessage', 'StatusUpdateAcknowledgementMessage']);
    expect(harness.sent(ExecutorReregisteredMessage)).toMatchObject([
      { agent_id: { value: AGENT }, agent_info: { id: { value: AGENT }, checkpoint: true } },
    ]);
    const tasks = harness.core.state.frameworks.get('F' as FrameworkId)?.executors.get('E' as ExecutorId);
    expect(tasks?.state).toBe('RUNNING');
    expect([...(tasks?.launchedTasks.values() ?? [])].map(({ state }) => state)).toEqual(['TASK_RUNNING']);
    // The other task never arrived.
    expect([...(tasks?.terminatedTasks.values() ?? [])].map(({ state }) => state)).toEqual(['TASK_DROPPED']);
    const written = harness.of('write-file').find(({ path }) => path.endsWith('/pids/libprocess.pid'));
    expect(Buffer.from(written?.data ?? []).toString()).toBe(moved);
    harness.advance(2_000);
    expect(harness.of('destroy-container')).toEqual([]);
  });

  it('is called again where the agent is told to, and may answer each time', async () => {
    const harness = await tree.next({ executorReconnectIntervalMs: 500 });
    harness.step({ kind: 'containers-recovered', running: [{ containerId, pid: 77 }] });
    harness.advance(1_200);
    expect(words(harness)).toEqual(Array.from({ length: 3 }, () => 'ReconnectExecutorMessage'));
    harness.take();
    const again = { ...IDS, tasks: ['t', 'u'].map((id) => taskInfo({ id, executor })) };
    harness.fromExecutor('reregister-executor', again);
    harness.fromExecutor('reregister-executor', again);
    expect(words(harness)).toEqual(['ExecutorReregisteredMessage']);
    harness.advance(10_000);
    expect(words(harness)).toEqual(['ExecutorReregisteredMessage']);
    expect(harness.of('destroy-container')).toEqual([]);
  });

  it('is ended when it does not come back', async () => {
    const harness = await next();
    harness.advance(2_000);
    expect(harness.of('destroy-container')).toEqual([{ kind: 'destroy-container', containerId }]);
  });

  it('is told to shut down when it registers as if for the first time', async () => {
    const harness = await next();
    harness.take();
    harness.fromExecutor('register-executor', IDS);
    expect(words(harness)).toEqual(['ShutdownExecutorMessage']);
  });
});
