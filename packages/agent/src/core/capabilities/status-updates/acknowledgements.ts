/** Acknowledgements of schedulers: they move a task's stream on, and in the end let the task's record go. */
import type { FrameworkId, TaskId } from '@mesolite/base';
import type { InputOf } from '../../inputs.ts';
import type { AgentState } from '../../state/agent-state.ts';
import { removeExecutorIfDone } from '../../transitions/executors.ts';
import { removeFrameworkIfIdle } from '../../transitions/frameworks.ts';
import { completeTask } from '../../transitions/tasks.ts';
import { acknowledgeUpdate } from '../../transitions/update-streams.ts';

export function updateAcknowledged(state: AgentState, { message }: InputOf<'status-update-acknowledged'>): void {
  const frameworkId = message.framework_id.value as FrameworkId;
  const taskId = message.task_id.value as TaskId;
  const outcome = acknowledgeUpdate(state, frameworkId, taskId, message.uuid);
  if (outcome === 'ignored') return;
  const framework = state.frameworks.get(frameworkId);
  if (framework === undefined) return;
  const executor = framework.executorOfTask.get(taskId);
  if (executor !== undefined) {
    if (outcome === 'terminated' && executor.terminatedTasks.has(taskId)) completeTask(framework, executor, taskId);
    removeExecutorIfDone(state, framework, executor);
  }
  removeFrameworkIfIdle(state, framework);
}
