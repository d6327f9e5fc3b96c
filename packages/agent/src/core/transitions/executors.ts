/** Executors from the launch of their container to the removal of their records. */
import {
  type ContainerId,
  type ExecutorId,
  type FrameworkId,
  formatDuration,
  must,
  type TaskId,
  uuidText,
} from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import type { ExecutorInfo, TaskGroupInfo, TaskInfo } from '@mesolite/wire';
import { ExitedExecutorMessage, isTerminal } from '@mesolite/wire';
import type { ContainerEnd } from '../inputs.ts';
import { metaPaths, virtualSandboxPath } from '../paths.ts';
import type { AgentState } from '../state/agent-state.ts';
import { type Executor, type ExecutorState, executorText, hasIncompleteTasks } from '../state/executor.ts';
import type { Framework } from '../state/framework.ts';
import { containerVolumes } from '../volumes.ts';
import { checkpointExecutor, checkpointSentinel } from './checkpoints.ts';
import { driveCommandExecutor } from './command-executors.ts';
import { executorEnvironment, shutdownGraceMs } from './executor-environment.ts';
import { enlistExecutor, executorRecord, showSandbox } from './executor-record.ts';
import { detachExecutor, sendToExecutor } from './executor-transport.ts';
import { removeFrameworkIfIdle } from './frameworks.ts';
import { discardPath, keepPath } from './garbage.ts';
import { sendTo } from './messages.ts';
import { reportTask } from './status-updates.ts';
import { abandonLaunchedTasks, launchQueuedTask, queuedGroupOf } from './tasks.ts';

/** The status of an executor whose end nobody saw, or that never was. */
const UNKNOWN_STATUS = -1;

/** Makes the record of an executor about to be launched. `commandTask` asks for the built-in command executor. */
export function addExecutor(
  state: AgentState,
  framework: Framework,
  info: ExecutorInfo,
  commandTask: TaskInfo | undefined,
): Executor {
  const containerId = uuidText(state.options.random.bytes(16)) as ContainerId;
  const executor = executorRecord(state, framework, { info, containerId, commandTask });
  enlistExecutor(state, framework, executor);
  keepPath(state, executor.paths.executor);
  if (executor.checkpoint) keepPath(state, metaPaths(state, executor).executor);
  showSandbox(state, executor);
  if (executor.checkpoint) checkpointExecutor(state, executor);
  return executor;
}

/** Starts the container of a new executor, with room for its first tasks, and the clock of its registration. */
export function launchExecutor(state: AgentState, executor: Executor, allocationRole: string | undefined): void {
  state.effect({
    kind: 'launch-container',
    containerId: executor.containerId,
    frameworkId: executor.frameworkId,
    executorId: executor.id,
    command: executor.commandTask?.command ?? executor.info.command ?? {},
    container: executor.info.container,
    sandbox: executor.directory,
    latestLink: executor.paths.latestRun,
    user: executor.user,
    environment: executorEnvironment(state, executor, allocationRole),
    resources: executor.allocated.toProto(),
    volumes: containerVolumes(state.options.workDirectory, executor.allocated),
    checkpoint: executor.checkpoint,
  });
  executor.registrationDeadline = state.deadlines.set(
    state.now.monotonicMs + state.options.executorRegistrationTimeoutMs,
    { kind: 'executor-unregistered', containerId: executor.containerId },
  );
}

export function setExecutorState(state: AgentState, executor: Executor, to: ExecutorState): void {
  state.counters.executorLeft(executor.state);
  state.counters.executorEntered(to);
  executor.state = to;
}

/** The executor is there: it registered, or, when built in, its command runs. */
export function executorStarted(state: AgentState, executor: Executor): void {
  executor.registrationDeadline = state.deadlines.cancel(executor.registrationDeadline);
  if (executor.state === 'REGISTERING') setExecutorState(state, executor, 'RUNNING');
}

/**
 * Hands every queued task to a subscribed executor: single ones first, then the groups, each whole but for tasks that
 * somebody has said meanwhile have ended.
 */
export function deliverQueuedTasks(state: AgentState, executor: Executor): void {
  if (executor.queuedTasks.size === 0) return;
  const groups = [...executor.queuedGroups];
  const single = [...executor.queuedTasks].filter(([id]) => queuedGroupOf(executor, id) === undefined);
  for (const [id, task] of single) {
    launchQueuedTask(executor, id);
    sendToExecutor(state, executor, { type: 'LAUNCH', launch: { task } });
  }
  for (const group of groups) {
    const task_group = {
      ...group,
      tasks: (group.tasks ?? []).filter(({ task_id }) => executor.queuedTasks.has(task_id.value as TaskId)),
    };
    if (executor.transport?.kind === 'pid') {
      refuseGroup(state, executor, task_group);
      continue;
    }
    for (const task of task_group.tasks) launchQueuedTask(executor, task.task_id.value as TaskId);
    sendToExecutor(state, executor, { type: 'LAUNCH_GROUP', launch_group: { task_group } });
  }
}

/** Drivers have no word for groups; the original would leave these tasks in TASK_STAGING for ever. */
function refuseGroup(state: AgentState, executor: Executor, group: TaskGroupInfo): void {
  const framework = must(state.frameworks.get(executor.frameworkId), 'framework of an executor');
  for (const { task_id } of group.tasks ?? []) {
    reportTask(
      state,
      framework,
      { taskId: task_id.value as TaskId, executorId: executor.id },
      {
        state: 'TASK_ERROR',
        reason: 'REASON_TASK_GROUP_INVALID',
        message: 'Executors that use the executor driver take no task groups',
      },
    );
  }
}

/** Asks an executor to end its tasks and itself; what is left after the grace period is destroyed. */
export function shutdownExecutor(state: AgentState, executor: Executor): void {
  if (executor.state !== 'REGISTERING' && executor.state !== 'RUNNING') return;
  state.options.log.info(`Shutting down executor ${executorText(executor)}`);
  setExecutorState(state, executor, 'TERMINATING');
  executor.registrationDeadline = state.deadlines.cancel(executor.registrationDeadline);
  if (executor.builtIn === undefined) sendToExecutor(state, executor, { type: 'SHUTDOWN' });
  else if (executor.builtIn.running) driveCommandExecutor(state, executor, { kind: 'shutdown' });
  else state.effect({ kind: 'destroy-container', containerId: executor.containerId });
  executor.shutdownDeadline = state.deadlines.set(
    state.now.monotonicMs + Math.max(0, shutdownGraceMs(state, executor.info)),
    { kind: 'executor-shutdown-overdue', containerId: executor.containerId },
  );
}

/** Ends an executor by force; `why` goes into the updates of its tasks. */
export function destroyExecutor(state: AgentState, executor: Executor, why?: ContainerEnd): void {
  if (executor.state === 'TERMINATED') return;
  if (executor.state !== 'TERMINATING') setExecutorState(state, executor, 'TERMINATING');
  executor.registrationDeadline = state.deadlines.cancel(executor.registrationDeadline);
  executor.pendingTermination ??= why;
  state.effect({ kind: 'destroy-container', containerId: executor.containerId });
}

export function registrationOverdue(state: AgentState, executor: Executor): void {
  if (executor.state !== 'REGISTERING') return;
  const within = formatDuration(state.options.executorRegistrationTimeoutMs);
  state.options.log.info(`Terminating executor ${executorText(executor)}: it did not register within ${within}`);
  destroyExecutor(state, executor, {
    state: 'TASK_FAILED',
    reason: 'REASON_EXECUTOR_REGISTRATION_TIMEOUT',
    message: `Executor did not register within ${within}`,
  });
}

/** The container is gone, or never came. What its tasks did not tell themselves is told for them. */
export function executorTerminated(
  state: AgentState,
  framework: Framework,
  executor: Executor,
  end: ContainerEnd,
): void {
  if (executor.state === 'TERMINATED') return;
  const toldWhy = end.state !== undefined || end.reason !== undefined || executor.pendingTermination !== undefined;
  if (executor.builtIn?.running === true && !toldWhy) {
    driveCommandExecutor(state, executor, { kind: 'exited', status: end.status });
  }
  setExecutorState(state, executor, 'TERMINATED');
  state.counters.executorsTerminated.add();
  for (const deadline of ['registrationDeadline', 'shutdownDeadline', 'heartbeatDeadline', 'wakeDeadline'] as const) {
    executor[deadline] = state.deadlines.cancel(executor[deadline]);
  }
  if (framework.terminating) abandonLaunchedTasks(state, executor);
  else reportEnd(state, framework, executor, end);
  if (executor.builtIn === undefined)
    sendExitedExecutor(state, framework.id, executor.id, end.status ?? UNKNOWN_STATUS);
  removeExecutorIfDone(state, framework, executor);
  removeFrameworkIfIdle(state, framework);
}

/**
 * Tells the master that an executor is no more, or that it will never be. In order with registrations: whichever overtook
 * the other would have the master take this for the end of the executor's next run, or the executor for one that runs.
 */
export function sendExitedExecutor(
  state: AgentState,
  frameworkId: FrameworkId,
  executorId: ExecutorId,
  status: number = UNKNOWN_STATUS,
): void {
  if (state.agentId === undefined || state.leader === undefined) return;
  sendTo(state, state.leader.pid, ExitedExecutorMessage, {
    agent_id: { value: state.agentId },
    framework_id: { value: frameworkId },
    executor_id: { value: executorId },
    status,
  });
}

/** Removes the record of a terminated executor once every end of its tasks is acknowledged, or nobody will. */
export function removeExecutorIfDone(state: AgentState, framework: Framework, executor: Executor): void {
  if (executor.state !== 'TERMINATED' || framework.executors.get(executor.id) !== executor) return;
  if (hasIncompleteTasks(executor) && !framework.terminating && state.phase !== 'TERMINATING') return;
  state.options.log.info(`Cleaning up executor ${executorText(executor)}`);
  state.counters.executorLeft('TERMINATED');
  framework.executors.delete(executor.id);
  for (const id of executor.terminatedTasks.keys()) framework.executorOfTask.delete(id);
  state.executorOfContainer.delete(executor.containerId);
  detachExecutor(state, executor);
  state.used = state.used.minus(executor.allocated);
  executor.allocated = Resources.from(executor.info.resources);
  framework.completedExecutors.push(executor);
  discardDirectories(state, executor);
  state.effect({ kind: 'forget-container', containerId: executor.containerId });
}

function discardDirectories(state: AgentState, executor: Executor): void {
  const work = executor.paths;
  discardPath(state, work.run, [work.run]);
  const virtual = virtualSandboxPath({ frameworkId: executor.frameworkId, executorId: executor.id });
  discardPath(state, work.executor, [work.latestRun, virtual]);
  if (!executor.checkpoint) return;
  checkpointSentinel(state, executor);
  const meta = metaPaths(state, executor);
  discardPath(state, meta.run);
  discardPath(state, meta.executor);
}

function reportEnd(state: AgentState, framework: Framework, executor: Executor, end: ContainerEnd): void {
  const pending = executor.pendingTermination;
  const messages = [pending?.message, end.message].filter((text) => text !== undefined && text !== '');
  const status = {
    state: end.state ?? pending?.state ?? 'TASK_FAILED',
    reason: end.reason ?? pending?.reason ?? 'REASON_EXECUTOR_TERMINATED',
    message: messages.length === 0 ? 'Executor terminated' : messages.join('; '),
    limitation: end.limitation,
  } as const;
  const unfinished = [
    ...[...executor.launchedTasks.values()].filter((task) => !isTerminal(task.state)).map((task) => task.task_id),
    ...[...executor.queuedTasks.values()].map((task) => task.task_id),
  ];
  for (const { value } of unfinished) {
    reportTask(state, framework, { taskId: value as TaskId, executorId: executor.id }, status);
  }
}
