/**
 * ACKNOWLEDGE: passed on to the agent, which then sends the task's next update. The acknowledgement of its last one
 * ends the task here.
 */
import type { AgentId, TaskId } from '@mesolite/base';
import { isTerminal, type SchedulerCallAcknowledge, StatusUpdateAcknowledgementMessage } from '@mesolite/wire';
import type { MasterContext } from '../../context.ts';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import type { TaskRecord } from '../../state/task.ts';
import { noticeDrained } from '../../transitions/agent-drain.ts';
import { removeTask } from '../../transitions/tasks.ts';

export function acknowledge(context: MasterContext, framework: FrameworkRecord, call: SchedulerCallAcknowledge): void {
  context.counters.add('statusUpdateAcknowledgementMessages');
  const agent = context.state.agents.registered.get(call.agent_id.value as AgentId);
  const task = agent?.tasks.get(framework.id)?.get(call.task_id.value as TaskId);
  // An update this master has not forwarded comes again from the agent: dropping the acknowledgement is safe.
  if (agent === undefined || !agent.connected || (task !== undefined && task.statusUpdateState === undefined)) {
    context.counters.add('invalidStatusUpdateAcknowledgements');
    context.options.log.warning(
      `Dropping acknowledgement of task ${call.task_id.value} of framework ${framework.id} for agent ${call.agent_id.value}`,
    );
    return;
  }
  if (task !== undefined && isLast(task, call.uuid)) removeTask(context, task, 'completed');
  context.outbox.send(agent.pid, StatusUpdateAcknowledgementMessage, {
    agent_id: call.agent_id,
    framework_id: { value: framework.id },
    task_id: call.task_id,
    uuid: call.uuid,
  });
  context.counters.add('validStatusUpdateAcknowledgements');
  noticeDrained(context, agent);
}

function isLast(task: TaskRecord, uuid: Uint8Array): boolean {
  const { statusUpdateState, statusUpdateUuid } = task;
  if (statusUpdateState === undefined || statusUpdateUuid === undefined) return false;
  return isTerminal(statusUpdateState) && task.released && Buffer.compare(statusUpdateUuid, uuid) === 0;
}
