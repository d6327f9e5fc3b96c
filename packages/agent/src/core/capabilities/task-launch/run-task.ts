/**
 * RunTask and RunTaskGroup of the master: from the message to a queued task and, where there is none yet, a launching
 * executor. A launch that breaks a rule costs its tasks TASK_DROPPED (TASK_LOST for frameworks that do not know better).
 *
 * Departs from Mesos: nothing waits between arrival and queueing, so a task is never "pending"; a task id that is in use
 * here is refused instead of mixed up.
 */
import type { TaskId } from '@mesolite/base';
import type { InputOf } from '../../inputs.ts';
import type { AgentState } from '../../state/agent-state.ts';
import type { Executor } from '../../state/executor.ts';
import type { Framework } from '../../state/framework.ts';
import { checkpointTask } from '../../transitions/checkpoints.ts';
import { updateContainer } from '../../transitions/container-resources.ts';
import {
  addExecutor,
  deliverQueuedTasks,
  executorTerminated,
  launchExecutor,
  sendExitedExecutor,
  shutdownExecutor,
} from '../../transitions/executors.ts';
import { addFramework, removeFrameworkIfIdle } from '../../transitions/frameworks.ts';
import { frameworkPid } from '../../transitions/messages.ts';
import { droppedState, reportTask } from '../../transitions/status-updates.ts';
import { createTask, enqueueGroup, enqueueTask } from '../../transitions/tasks.ts';
import { admitLaunch, type Refusal } from './admit-launch.ts';
import { containerObstacle } from './container-obstacle.ts';
import { type Launch, launchOfGroup, launchOfTask } from './launch.ts';

export function runTask(state: AgentState, input: InputOf<'run-task'>): void {
  run(state, launchOfTask(input, frameworkPid(input.message.pid)));
}

export function runTaskGroup(state: AgentState, input: InputOf<'run-task-group'>): void {
  run(state, launchOfGroup(input));
}

function run(state: AgentState, launch: Launch): void {
  const { log } = state.options;
  const ids = launch.tasks.map((task) => task.task_id.value).join(', ');
  const stray = launch.tasks.find((task) => task.agent_id.value !== state.agentId);
  if (stray !== undefined || launch.tasks.length === 0) {
    log.warning(
      `Ignoring launch of [${ids}] of framework ${launch.frameworkId}: it is not meant for agent ${state.agentId}`,
    );
    return;
  }
  // Departs from Mesos, which launches while disconnected: the registration under way does not tell of such a task, and a
  // master that gave this agent up would call it gone while it runs. Not launched, it is known to the master only.
  if (!state.registered) {
    log.warning(`Ignoring launch of [${ids}] of framework ${launch.frameworkId}: the agent is ${state.phase}`);
    return;
  }
  log.info(`Got assigned [${ids}] of framework ${launch.frameworkId}`);
  const framework =
    state.frameworks.get(launch.frameworkId) ?? addFramework(state, launch.framework, launch.frameworkPid);
  if (framework.terminating) {
    log.warning(`Ignoring launch of [${ids}]: framework ${launch.frameworkId} is terminating`);
    if (launch.launchExecutor === true) sendExitedExecutor(state, launch.frameworkId, launch.executorId);
    return;
  }
  const present = framework.executors.get(launch.executorId);
  const refusal = admitLaunch(state, launch, framework, present);
  if (refusal !== undefined) {
    refuse(state, launch, framework, present, refusal);
    return;
  }
  const executor = present ?? addExecutor(state, framework, launch.executor, launch.commandTask);
  enqueue(state, launch, framework, executor);
  if (present === undefined) startExecutor(state, launch, framework, executor);
  else if (executor.state === 'RUNNING') {
    updateContainer(state, executor);
    deliverQueuedTasks(state, executor);
  }
}

function enqueue(state: AgentState, launch: Launch, framework: Framework, executor: Executor): void {
  if (executor.checkpoint) {
    for (const task of launch.tasks) checkpointTask(state, executor, createTask(task, 'TASK_STAGING', framework.id));
  }
  if (launch.group !== undefined) enqueueGroup(state, framework, executor, launch.group);
  else for (const task of launch.tasks) enqueueTask(state, framework, executor, task);
}

function startExecutor(state: AgentState, launch: Launch, framework: Framework, executor: Executor): void {
  const obstacle = containerObstacle(launch.executor);
  if (obstacle === undefined) {
    launchExecutor(state, executor, launch.commandTask?.resources?.[0]?.allocation_info?.role);
    return;
  }
  state.counters.containerLaunchErrors.add();
  executorTerminated(state, framework, executor, obstacle);
}

function refuse(
  state: AgentState,
  launch: Launch,
  framework: Framework,
  executor: Executor | undefined,
  refusal: Refusal,
): void {
  state.options.log.warning(`Refusing a launch of framework ${framework.id}: ${refusal.message}`);
  const dropped = droppedState(framework);
  for (const task of launch.tasks) {
    const taskId = task.task_id.value as TaskId;
    if (!framework.executorOfTask.has(taskId)) {
      const executorId = refusal.reason === 'REASON_GC_ERROR' ? undefined : launch.executorId;
      reportTask(state, framework, { taskId, executorId }, { state: dropped, ...refusal });
    }
  }
  if (launch.launchExecutor === true && launch.commandTask === undefined) {
    // The master counts with an executor that it must forget now; one that is there beside its knowledge has to go.
    if (executor === undefined || executor.state === 'TERMINATED') {
      sendExitedExecutor(state, launch.frameworkId, launch.executorId);
    } else shutdownExecutor(state, executor);
  }
  removeFrameworkIfIdle(state, framework);
}
