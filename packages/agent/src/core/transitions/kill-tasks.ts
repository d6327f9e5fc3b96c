/** How a task is killed: one that was not delivered yet here, the others by their executor. */
import type { TaskId } from '@mesolite/base';
import type { KillPolicy } from '@mesolite/wire';
import type { AgentState } from '../state/agent-state.ts';
import { type Executor, executorText } from '../state/executor.ts';
import type { Framework } from '../state/framework.ts';
import { driveCommandExecutor } from './command-executors.ts';
import { sendToExecutor } from './executor-transport.ts';
import { shutdownExecutor } from './executors.ts';
import { reportTask } from './status-updates.ts';
import { queuedGroupOf, taskIdOf } from './tasks.ts';

/** Kills a queued or launched task of the executor. Its executor's own end comes before that. */
export function killTaskOf(
  state: AgentState,
  framework: Framework,
  executor: Executor,
  taskId: TaskId,
  killPolicy: KillPolicy | undefined,
): void {
  if (executor.state === 'TERMINATING' || executor.state === 'TERMINATED') {
    state.options.log.warning(
      `Ignoring the kill of task ${taskId}: executor ${executorText(executor)} is ${executor.state}`,
    );
  } else if (executor.queuedTasks.has(taskId)) killQueuedTask(state, framework, executor, taskId);
  else deliverKill(state, executor, taskId, killPolicy);
}

/** A group dies whole. An executor that will never get a task has no reason to live. */
function killQueuedTask(state: AgentState, framework: Framework, executor: Executor, taskId: TaskId): void {
  const group = queuedGroupOf(executor, taskId);
  const ids = group === undefined ? [taskId] : (group.tasks ?? []).map(taskIdOf);
  const message =
    group === undefined
      ? 'Killed before delivery to the executor'
      : 'A task within the task group was killed before delivery to the executor';
  for (const id of ids) {
    reportTask(
      state,
      framework,
      { taskId: id, executorId: executor.id },
      { state: 'TASK_KILLED', message, reason: 'REASON_TASK_KILLED_DURING_LAUNCH' },
    );
  }
  if (executor.everSentTask || executor.queuedTasks.size > 0) return;
  // A custom executor that did not register yet is told when it does, as it may have tasks by then.
  if (executor.builtIn !== undefined || executor.state === 'RUNNING') shutdownExecutor(state, executor);
}

function deliverKill(state: AgentState, executor: Executor, taskId: TaskId, killPolicy: KillPolicy | undefined): void {
  if (executor.builtIn !== undefined) {
    driveCommandExecutor(state, executor, { kind: 'kill', ...(killPolicy === undefined ? {} : { killPolicy }) });
    return;
  }
  sendToExecutor(state, executor, {
    type: 'KILL',
    kill: { task_id: { value: taskId }, ...(killPolicy === undefined ? {} : { kill_policy: killPolicy }) },
  });
}
