/** Spoiled messages of a master and of drivers: dropped or refused, never a crash, and the tables stay whole. */
import { MetricsRegistry } from '@mesolite/daemon';
import { silentLog } from '@mesolite/ports';
import {
  AcknowledgeOperationStatusMessage,
  AgentReregisteredMessage,
  ApplyOperationMessage,
  CheckpointResourcesMessage,
  DrainAgentMessage,
  ExecutorToFrameworkMessage,
  FrameworkToExecutorMessage,
  KillTaskMessage,
  type MessageType,
  PingAgentMessage,
  ReconcileOperationsMessage,
  RegisterExecutorMessage,
  ReregisterExecutorMessage,
  RunTaskGroupMessage,
  RunTaskMessage,
  ShutdownExecutorMessage,
  ShutdownFrameworkMessage,
  type StatusUpdate,
  StatusUpdateAcknowledgementMessage,
  StatusUpdateMessage,
  type TaskState,
  UpdateFrameworkMessage,
  wireName,
} from '@mesolite/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AgentInput, EXECUTOR_MESSAGE_TYPES } from '../src/core/index.ts';
import { agentProcess } from '../src/host/master-messages.ts';
import { AGENT, CoreHarness, EXECUTOR, MASTER, taskInfo } from './core-harness.ts';
import {
  allocated,
  apply,
  CAPABILITIES,
  create,
  destroy,
  FLAGS,
  reservedCpus,
  reservedDisk,
  uuid,
  volume,
} from './operation-messages.ts';
import { customExecutor, framework } from './tasks.ts';

function process(submit: (input: AgentInput) => void) {
  const metrics = new MetricsRegistry();
  const process = agentProcess({ submit, metrics, log: silentLog });
  return { process, dropped: () => metrics.snapshot()['slave/dropped_messages'] };
}

function take<M extends object>(
  type: MessageType<M>,
  message: M,
): { inputs: AgentInput[]; dropped: number | undefined } {
  const inputs: AgentInput[] = [];
  const { process: receiver, dropped } = process((input) => inputs.push(input));
  receiver.message(MASTER, wireName(type), type.encode(message));
  return { inputs, dropped: dropped() };
}

describe('a message', () => {
  it('becomes an input', () => {
    expect(take(PingAgentMessage, { connected: true }).inputs).toEqual([
      { kind: 'ping-received', from: MASTER, message: { connected: true } },
    ]);
  });

  it.each(['..', '.', 'a/b', 'a\\b', 'a\nb', 'x'.repeat(256)])('is dropped when an id is %j', (id) => {
    for (const message of [
      { framework: framework({ id: { value: id } }), task: taskInfo({ id: 't' }) },
      { framework: framework(), task: taskInfo({ id }) },
      { framework: framework(), task: taskInfo({ id: 't', executor: customExecutor(id, 'x') }) },
      { framework: framework({ id: undefined }), task: taskInfo({ id: 't' }) },
    ]) {
      expect(take(RunTaskMessage, message)).toEqual({ inputs: [], dropped: 1 });
    }
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('is dropped when it carries %f cpus', (value) => {
    const wrong = [{ name: 'cpus', type: 'SCALAR' as const, scalar: { value } }];
    const task = taskInfo({ id: 't', resources: wrong });
    expect(take(RunTaskMessage, { framework: framework(), task })).toEqual({ inputs: [], dropped: 1 });
  });

  it.each([0, 15, 17])('is dropped when the uuid of its operation has %i bytes', (length) => {
    const short = { value: new Uint8Array(length) };
    const operation = { ...apply(1, create(volume('v'))), operation_uuid: short };
    expect(take(ApplyOperationMessage, operation)).toEqual({ inputs: [], dropped: 1 });
    const acknowledgement = { operation_uuid: uuid(1), status_uuid: short };
    expect(take(AcknowledgeOperationStatusMessage, acknowledgement)).toEqual({ inputs: [], dropped: 1 });
    expect(take(ReconcileOperationsMessage, { operations: [{ operation_uuid: short }] }).dropped).toBe(1);
  });

  it('is dropped when a task has nothing to run', () => {
    const task = { ...taskInfo({ id: 't' }), command: undefined };
    expect(take(RunTaskMessage, { framework: framework(), task })).toEqual({ inputs: [], dropped: 1 });
  });

  it('is dropped when no agent takes it', () => {
    const inputs: AgentInput[] = [];
    const { process: receiver, dropped } = process((input) => inputs.push(input));
    receiver.message(MASTER, 'mesos.internal.RegisterSlaveMessage', new Uint8Array());
    receiver.message(MASTER, 'mesos.internal.PingSlaveMessage', new Uint8Array([255]));
    expect([inputs, dropped()]).toEqual([[], 2]);
  });
});

describe('thousands of spoiled messages', () => {
  const executor = customExecutor('E', 'x');
  const ids = { framework_id: { value: 'F' } };
  const seeds: readonly (readonly [string, Buffer])[] = [
    seed(RunTaskMessage, { framework: framework(), task: taskInfo({ id: 'new' }) }),
    seed(RunTaskMessage, { framework: framework(), task: taskInfo({ id: 'more', executor }), launch_executor: true }),
    seed(RunTaskGroupMessage, {
      framework: framework({ checkpoint: true }),
      executor,
      task_group: { tasks: [taskInfo({ id: 'a', executor }), taskInfo({ id: 'b', executor })] },
    }),
    seed(KillTaskMessage, { ...ids, task_id: { value: 't' }, kill_policy: { grace_period: { nanoseconds: 5n } } }),
    ...[
      create(volume('v')),
      destroy(volume('v')),
      { type: 'RESERVE' as const, reserve: { resources: [allocated(reservedCpus(2), 'web')] } },
      { type: 'SHRINK_VOLUME' as const, shrink_volume: { volume: volume('v'), subtract: { value: 30 } } },
      { type: 'GROW_VOLUME' as const, grow_volume: { volume: volume('v', 70), addition: reservedDisk(30) } },
    ].map((operation, index) => seed(ApplyOperationMessage, apply(index, operation))),
    seed(CheckpointResourcesMessage, { resources: [volume('v')] }),
    seed(AcknowledgeOperationStatusMessage, { operation_uuid: uuid(1), status_uuid: uuid(2) }),
    seed(ReconcileOperationsMessage, {
      ...ids,
      operations: [{ operation_uuid: uuid(1) }, { operation_uuid: uuid(9) }],
    }),
    seed(ShutdownExecutorMessage, { ...ids, executor_id: { value: 'E' } }),
    seed(ShutdownFrameworkMessage, ids),
    seed(DrainAgentMessage, { config: { max_grace_period: { nanoseconds: 5n }, mark_gone: true } }),
    seed(RegisterExecutorMessage, { ...ids, executor_id: { value: 'E' } }),
    seed(ReregisterExecutorMessage, {
      ...ids,
      executor_id: { value: 'E' },
      tasks: [taskInfo({ id: 'more', executor })],
      updates: [update('more', 'TASK_RUNNING', 1)],
    }),
    seed(StatusUpdateMessage, { update: update('more', 'TASK_RUNNING', 2), pid: EXECUTOR }),
    seed(StatusUpdateMessage, { update: update('a', 'TASK_FINISHED', 3), pid: EXECUTOR }),
    seed(ExecutorToFrameworkMessage, {
      ...ids,
      agent_id: { value: AGENT },
      executor_id: { value: 'E' },
      data: new Uint8Array(3),
    }),
    seed(UpdateFrameworkMessage, { ...ids, pid: '', framework_info: framework() }),
    seed(StatusUpdateAcknowledgementMessage, {
      ...ids,
      agent_id: { value: AGENT },
      task_id: { value: 't' },
      uuid: new Uint8Array(16),
    }),
    seed(FrameworkToExecutorMessage, {
      ...ids,
      agent_id: { value: AGENT },
      executor_id: { value: 'E' },
      data: new Uint8Array(3),
    }),
    seed(AgentReregisteredMessage, {
      agent_id: { value: AGENT },
      reconciliations: [{ ...ids, statuses: [{ task_id: { value: 'x' }, state: 'TASK_RUNNING' }] }],
    }),
  ];

  it('leave the agent as it should be', () => {
    const flips = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 });
    const script = fc.array(fc.tuple(fc.nat({ max: seeds.length - 1 }), flips, fc.nat({ max: 30_000 })), {
      minLength: 50,
      maxLength: 50,
    });
    fc.assert(
      fc.property(script, (messages) => {
        const harness = new CoreHarness({ capabilities: CAPABILITIES, resources: FLAGS }).register();
        harness.running('t');
        const { process: receiver } = process((input) => harness.step(input));
        for (const [index, changes, waitMs] of messages) {
          const [name, clean] = seeds[index]!;
          const body = Buffer.from(clean);
          for (const [at, value] of changes) body[at % body.length] = value;
          receiver.message(DRIVERS.has(name) ? EXECUTOR : MASTER, name, body);
          for (const { containerId } of harness.of('launch-container')) {
            harness.step({ kind: 'container-launched', containerId, pid: 1 });
          }
          // Now over HTTP, now by its driver.
          if (waitMs % 2 === 0) harness.subscribe('E');
          for (const { containerId } of harness.of('destroy-container')) {
            harness.step({ kind: 'container-ended', containerId, end: { status: 9 } });
          }
          harness.take();
          harness.fromMaster('ping-received', { connected: true });
          harness.advance(waitMs);
        }
      }),
      // A task of a group that waits for its executor is said to have ended.
      {
        numRuns: 50,
        examples: [
          [
            [
              [2, [], 7617],
              [18, [], 1],
              [0, [], 0],
            ],
          ],
        ],
      },
    );
  });
});

const DRIVERS = new Set(Object.values<MessageType<object>>(EXECUTOR_MESSAGE_TYPES).map(wireName));

function update(id: string, state: TaskState, number: number): StatusUpdate {
  return {
    framework_id: { value: 'F' },
    executor_id: { value: 'E' },
    agent_id: { value: AGENT },
    status: { task_id: { value: id }, state, agent_id: { value: AGENT } },
    timestamp: 1,
    uuid: uuid(number).value,
  };
}

function seed<M extends object>(type: MessageType<M>, message: M): readonly [string, Buffer] {
  return [wireName(type), type.encode(message)];
}
