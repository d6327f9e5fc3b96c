/**
 * Statuses a master makes up itself. They carry no uuid: schedulers must not acknowledge them, and nobody sends them
 * again.
 */
import { millisecondsToNanoseconds } from '@mesolite/base';
import type { TaskState, TaskStatus, TaskStatusReason } from '@mesolite/wire';
import type { MasterContext } from '../context.ts';
import type { FrameworkRecord } from '../state/frameworks.ts';
import type { TaskRecord } from '../state/task.ts';
import { sendUpdate } from './framework-events.ts';

export interface MasterStatusFields {
  readonly taskId: string;
  readonly agentId: string | undefined;
  readonly executorId?: string | undefined;
  readonly state: TaskState;
  readonly message: string;
  readonly reason: TaskStatusReason;
  /** When the agent was found unreachable. */
  readonly unreachableWallMs?: number | undefined;
}

export function masterStatus(context: MasterContext, fields: MasterStatusFields): TaskStatus {
  const { unreachableWallMs } = fields;
  return {
    task_id: { value: fields.taskId },
    state: fields.state,
    message: fields.message,
    source: 'SOURCE_MASTER',
    reason: fields.reason,
    agent_id: fields.agentId === undefined ? undefined : { value: fields.agentId },
    executor_id: fields.executorId === undefined ? undefined : { value: fields.executorId },
    timestamp: context.now.wallMs / 1000,
    unreachable_time:
      unreachableWallMs === undefined ? undefined : { nanoseconds: millisecondsToNanoseconds(unreachableWallMs) },
  };
}

/** A status about a task the master remembers, with what its last status said about health and container. */
export function knownTaskStatus(
  context: MasterContext,
  task: TaskRecord,
  fields: { readonly state: TaskState; readonly message: string; readonly reason: TaskStatusReason },
): TaskStatus {
  const last = task.statuses.at(-1);
  return {
    ...masterStatus(context, { ...fields, taskId: task.id, agentId: task.agentId, executorId: task.executorId }),
    healthy: last?.healthy,
    check_status: last?.check_status,
    container_status: last?.container_status,
  };
}

/** Tells a framework of a task that never came to be, or is not known; counts it when its state is terminal. */
export function refuseTask(context: MasterContext, framework: FrameworkRecord, fields: MasterStatusFields): void {
  context.counters.taskEnded(fields.state, 'SOURCE_MASTER', fields.reason);
  sendUpdate(context, framework, masterStatus(context, fields));
}

/** `aware` for frameworks that know partitions; for others the one state they know such things by. */
export function stateFor(framework: FrameworkRecord, aware: TaskState): TaskState {
  return framework.capabilities.has('PARTITION_AWARE') ? aware : 'TASK_LOST';
}
