/** KillTask of the master. */
import type { FrameworkId, TaskId } from '@mesolite/base';
import type { InputOf } from '../../inputs.ts';
import type { AgentState } from '../../state/agent-state.ts';
import { killTaskOf } from '../../transitions/kill-tasks.ts';
import { droppedState, reportTask } from '../../transitions/status-updates.ts';

export function killTask(state: AgentState, { message }: InputOf<'kill-task'>): void {
  const { log } = state.options;
  const frameworkId = message.framework_id.value as FrameworkId;
  const taskId = message.task_id.value as TaskId;
  log.info(`Asked to kill task ${taskId} of framework ${frameworkId}`);
  const framework = state.frameworks.get(frameworkId);
  if (framework === undefined || framework.terminating || state.phase === 'TERMINATING') {
    log.warning(`Ignoring the kill of task ${taskId}: framework ${frameworkId} is not running here`);
    return;
  }
  const executor = framework.executorOfTask.get(taskId);
  if (executor === undefined) {
    reportTask(
      state,
      framework,
      { taskId },
      { state: droppedState(framework), message: 'Cannot find executor', reason: 'REASON_EXECUTOR_TERMINATED' },
    );
  } else killTaskOf(state, framework, executor, taskId, message.kill_policy);
}
