/**
 * What executors of the old driver say: updates of tasks, acknowledged to whoever sent them, and data for their scheduler.
 *
 * Departs from Mesos: beyond the bound of unacknowledged updates those that end no task are dropped, as a driver cannot be
 * asked to come back later.
 */
import type { ExecutorId, FrameworkId, TaskId } from '@mesolite/base';
import { isTerminal, StatusUpdateAcknowledgementMessage, type TaskStatus } from '@mesolite/wire';
import type { InputOf } from '../../inputs.ts';
import type { AgentState } from '../../state/agent-state.ts';
import { executorText } from '../../state/executor.ts';
import { shutdownExecutor } from '../../transitions/executors.ts';
import { messageFramework } from '../../transitions/framework-data.ts';
import { sendTo } from '../../transitions/messages.ts';
import { takeUpdate } from '../../transitions/status-updates.ts';
import { isStreamFull } from '../../transitions/update-streams.ts';

export function updateStatus(state: AgentState, { from, message }: InputOf<'update-status'>): void {
  const { log } = state.options;
  const { update } = message;
  const frameworkId = update.framework_id.value as FrameworkId;
  const taskId = update.status.task_id.value as TaskId;
  const foreign = [update.agent_id, update.status.agent_id].find(
    (id) => id !== undefined && id.value !== state.agentId,
  );
  if (update.agent_id === undefined || foreign !== undefined) {
    log.warning(
      `Ignoring update ${update.status.state} of task ${taskId} of framework ${frameworkId}: it is of agent ` +
        `'${foreign?.value ?? ''}', and this one is ${state.agentId}`,
    );
    state.counters.invalidStatusUpdates.add();
    return;
  }
  const framework = state.frameworks.get(frameworkId);
  const executor = framework?.executorOfTask.get(taskId);
  if (executor !== undefined && update.status.state === 'TASK_STAGING') {
    log.error(`Received TASK_STAGING from executor ${executorText(executor)}, which is not allowed: shutting it down`);
    shutdownExecutor(state, executor);
    return;
  }
  const sender = message.pid === undefined || message.pid === '' ? from : message.pid;
  if (executor?.transport?.kind === 'pid' && executor.transport.pid !== sender) {
    log.warning(`Received an update of task ${taskId} from ${sender} in place of executor ${executorText(executor)}`);
  }
  // Drivers before 0.23 only name the update as a whole.
  const status: TaskStatus = {
    ...update.status,
    uuid: update.uuid,
    timestamp: update.status.timestamp ?? update.timestamp,
  };
  // The end of a task has room behind what waits; not where there is none for another task.
  const hasStream = state.streams.get(frameworkId, taskId) !== undefined;
  if (isStreamFull(state, frameworkId, status) && !(hasStream && isTerminal(status.state))) {
    log.error(`Dropping update ${status.state} of task ${taskId} of framework ${frameworkId}: too many wait before it`);
    state.counters.invalidStatusUpdates.add();
    return;
  }
  const executorId = update.executor_id?.value as ExecutorId | undefined;
  if (!takeUpdate(state, { frameworkId, executorId, status }, 'executor') || update.uuid === undefined) return;
  sendTo(state, sender, StatusUpdateAcknowledgementMessage, {
    agent_id: update.agent_id,
    framework_id: update.framework_id,
    task_id: status.task_id,
    uuid: update.uuid,
  });
}

export function messageFromExecutor(state: AgentState, { message }: InputOf<'message-framework'>): void {
  const framework = state.frameworks.get(message.framework_id.value as FrameworkId);
  messageFramework(state, framework, message.executor_id.value as ExecutorId, message.data);
}
