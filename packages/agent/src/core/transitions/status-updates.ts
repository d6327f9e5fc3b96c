/**
 * What happens to a task becomes a status update: completed with what only the agent knows, applied to the task's
 * record, put into the task's stream.
 */
import { type ExecutorId, type FrameworkId, type TaskId, uuidBytes } from '@mesolite/base';
import {
  type ContainerStatus,
  isTerminal,
  type TaskState,
  type TaskStatus,
  type TaskStatusReason,
} from '@mesolite/wire';
import { metaPaths, runFiles } from '../paths.ts';
import type { AgentState } from '../state/agent-state.ts';
import { type Executor, executorText } from '../state/executor.ts';
import { type Framework, hasCapability } from '../state/framework.ts';
import { updateContainer } from './container-resources.ts';
import { withDrainReason } from './draining.ts';
import { updateTaskState } from './tasks.ts';
import { enqueueUpdate, isKnownUpdate } from './update-streams.ts';

/** Who says what happened: the agent itself, or an executor (built-in ones included). */
export type UpdateOrigin = 'agent' | 'executor';

export interface UpdateOf {
  readonly frameworkId: FrameworkId;
  readonly executorId?: ExecutorId | undefined;
  readonly status: TaskStatus;
}

/** What an update of the agent's own making says. */
export interface AgentStatus {
  readonly state: TaskState;
  readonly message: string;
  readonly reason: TaskStatusReason;
  readonly limitation?: TaskStatus['limitation'] | undefined;
}

/** The state that tells a framework, by what it understands, that a task never ran. */
export function droppedState(framework: Pick<Framework, 'info'>): TaskState {
  return hasCapability(framework.info, 'PARTITION_AWARE') ? 'TASK_DROPPED' : 'TASK_LOST';
}

export function freshUuid(state: AgentState): Uint8Array {
  return uuidBytes(state.options.random.bytes(16));
}

/** An update the agent makes itself, for a task with or without an executor. */
export function reportTask(
  state: AgentState,
  framework: Framework,
  task: { readonly taskId: TaskId; readonly executorId?: ExecutorId | undefined },
  status: AgentStatus,
): void {
  takeUpdate(
    state,
    {
      frameworkId: framework.id,
      executorId: task.executorId,
      status: {
        task_id: { value: task.taskId },
        state: status.state,
        message: status.message,
        reason: status.reason,
        timestamp: state.now.wallMs / 1000,
        uuid: freshUuid(state),
        ...(status.limitation === undefined ? {} : { limitation: status.limitation }),
      },
    },
    'agent',
  );
}

/**
 * Takes an update in. Repeated ones, and those of frameworks that are unknown or going, change nothing. False when whoever
 * sent it has no acknowledgement to expect.
 */
export function takeUpdate(state: AgentState, of: UpdateOf, origin: UpdateOrigin): boolean {
  const { log } = state.options;
  const { frameworkId, status: given } = of;
  const taskId = given.task_id.value as TaskId;
  const uuid = given.uuid;
  const framework = state.frameworks.get(frameworkId);
  if (framework === undefined || framework.terminating || uuid === undefined) {
    const why =
      uuid === undefined ? 'without uuid' : framework === undefined ? 'unknown framework' : 'terminating framework';
    log.warning(`Ignoring update ${given.state} of task ${taskId} of framework ${frameworkId}: ${why}`);
    state.counters.invalidStatusUpdates.add();
    return false;
  }
  state.counters.validStatusUpdates.add();
  if (isKnownUpdate(state, frameworkId, taskId, uuid)) return true;
  const executor = framework.executorOfTask.get(taskId);
  const status: TaskStatus = {
    ...withDrainReason(state, framework, given),
    source: origin === 'agent' ? 'SOURCE_AGENT' : 'SOURCE_EXECUTOR',
    uuid,
    ...(state.agentId === undefined ? {} : { agent_id: { value: state.agentId } }),
    ...(of.executorId === undefined ? {} : { executor_id: { value: of.executorId } }),
  };
  if (executor !== undefined && origin === 'executor') {
    status.container_status = containerStatus(state, executor, given.container_status);
  }
  if (executor === undefined) {
    log.warning(
      `No executor has task ${taskId} of framework ${frameworkId}: its update ${status.state} is forwarded all the same`,
    );
  } else {
    const refused = updateTaskState(state, executor, status);
    if (refused !== undefined) {
      log.error(
        `Failed to update state of task '${taskId}' of ${executorText(executor)} to ${status.state}: ${refused}`,
      );
      return true;
    }
    // What the task held is free for others by the time anybody hears of its end.
    if (isTerminal(status.state)) updateContainer(state, executor);
  }
  forwardUpdate(state, frameworkId, of.executorId, status, executor);
  return true;
}

/** Puts a finished status into its stream without touching any record. */
export function forwardUpdate(
  state: AgentState,
  frameworkId: FrameworkId,
  executorId: ExecutorId | undefined,
  status: TaskStatus,
  executor?: Executor,
): void {
  const path =
    executor?.checkpoint === true
      ? runFiles.taskUpdates(metaPaths(state, executor).run, status.task_id.value)
      : undefined;
  enqueueUpdate(
    state,
    {
      framework_id: { value: frameworkId },
      ...(executorId === undefined ? {} : { executor_id: { value: executorId } }),
      ...(state.agentId === undefined ? {} : { agent_id: { value: state.agentId } }),
      status,
      timestamp: status.timestamp ?? state.now.wallMs / 1000,
      uuid: status.uuid,
    },
    path,
  );
}

/** What an executor said of its container, and what it cannot know. */
function containerStatus(state: AgentState, executor: Executor, given: ContainerStatus | undefined): ContainerStatus {
  const networks = given?.network_infos ?? [];
  return {
    ...given,
    container_id: given?.container_id ?? { value: executor.containerId },
    network_infos: networks.length > 0 ? networks : [{ ip_addresses: [{ ip_address: state.options.ip }] }],
    ...(executor.pid === undefined ? {} : { executor_pid: executor.pid }),
  };
}
