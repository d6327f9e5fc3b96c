/**
 * One task as the master remembers it: what reads and reconciliation need, and nothing of how it is run.
 * The launch description (command, data, uris) goes to the agent and is forgotten.
 */
import type { AgentId, ExecutorId, FrameworkId, TaskId } from '@mesolite/base';
import type { Resources } from '@mesolite/resources';
import {
  type ContainerInfo,
  type DiscoveryInfo,
  type HealthCheck,
  isTerminal,
  type KillPolicy,
  type Labels,
  type Task,
  type TaskState,
  type TaskStatus,
  type ValueScalar,
} from '@mesolite/wire';

export interface TaskRecord {
  readonly id: TaskId;
  readonly frameworkId: FrameworkId;
  readonly agentId: AgentId;
  /** Unset for tasks the agent runs by itself (command tasks). */
  readonly executorId: ExecutorId | undefined;
  readonly name: string;
  readonly resources: Resources;
  readonly labels: Labels | undefined;
  readonly discovery: DiscoveryInfo | undefined;
  readonly container: ContainerInfo | undefined;
  readonly healthCheck: HealthCheck | undefined;
  readonly killPolicy: KillPolicy | undefined;
  readonly user: string | undefined;
  readonly limits: Record<string, ValueScalar> | undefined;
  /** The newest state known, which may run ahead of the one the scheduler has seen. Changed by transitions only. */
  state: TaskState;
  /** One entry per change of state, oldest first, without `data`. Entries are never changed, only replaced. */
  statuses: TaskStatus[];
  /** State and uuid of the update last forwarded to the scheduler. */
  statusUpdateState: TaskState | undefined;
  statusUpdateUuid: Uint8Array | undefined;
  /** Resources have been given back: the state is terminal, or the agent is unreachable. */
  released: boolean;
}

/** A task in this state has given its resources back. */
export function holdsNothing(state: TaskState): boolean {
  return state === 'TASK_UNREACHABLE' || isTerminal(state);
}

/** The task in wire form. Shares immutable parts with the record. */
export function taskToProto(task: TaskRecord): Task {
  return {
    name: task.name,
    task_id: { value: task.id },
    framework_id: { value: task.frameworkId },
    executor_id: task.executorId === undefined ? undefined : { value: task.executorId },
    agent_id: { value: task.agentId },
    state: task.state,
    resources: task.resources.toProto(),
    statuses: [...task.statuses],
    status_update_state: task.statusUpdateState,
    status_update_uuid: task.statusUpdateUuid,
    labels: task.labels,
    discovery: task.discovery,
    container: task.container,
    health_check: task.healthCheck,
    kill_policy: task.killPolicy,
    user: task.user,
    limits: task.limits,
  };
}
