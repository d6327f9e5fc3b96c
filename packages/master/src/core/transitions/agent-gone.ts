/**
 * An agent is gone for ever, by word of an operator or at the end of a drain: first in the registry, then (when that is
 * durable) here. Its tasks and operations are over, whatever the agent would say; should it come back, it is told to end.
 *
 * Departs from Mesos: an agent that was only known from the registry is not awaited any more; tasks of frameworks that do
 * not know partitions are completed, not unreachable, so that their ids are free.
 */
import type { AgentId } from '@mesolite/base';
import { ShutdownMessage, type TaskStatusReason } from '@mesolite/wire';
import type { MasterContext } from '../context.ts';
import type { ConnectionId } from '../inputs.ts';
import type { FrameworkRecord } from '../state/frameworks.ts';
import type { Pending } from '../state/pending.ts';
import type { TaskRecord } from '../state/task.ts';
import { removeAgent } from './agent-membership.ts';
import { keepAgent } from './agent-pings.ts';
import { sendUpdate } from './framework-events.ts';
import { masterStatus, stateFor } from './master-status.ts';
import { applyStatus, removeTask } from './tasks.ts';

export const GONE_MESSAGE = 'Agent has been marked gone';

/** The agent must be known, and no other change of whether it is there be under way. */
export function askGone(context: MasterContext, agentId: AgentId, connection?: ConnectionId): void {
  const { agents, pending } = context.state;
  const { wallMs } = context.now;
  agents.markingGone.add(agentId);
  context.outbox.push({
    kind: 'write-registry',
    pending: pending.add({ kind: 'mark-gone', agentId, wallMs, connection }),
    operation: { kind: 'mark-agent-gone', agentId, wallMs },
  });
}

export function agentGone(context: MasterContext, written: Extract<Pending, { kind: 'mark-gone' }>): void {
  const { agents } = context.state;
  const { agentId, wallMs, connection } = written;
  agents.markingGone.delete(agentId);
  keepAgent(context, agentId);
  const agent = agents.registered.get(agentId);
  if (agent !== undefined) {
    context.outbox.send(agent.pid, ShutdownMessage, { message: GONE_MESSAGE });
    removeAgent(context, agent, {
      message: GONE_MESSAGE,
      reason: 'REASON_AGENT_REMOVED',
      state: 'TASK_GONE_BY_OPERATOR',
      awareReason: 'REASON_AGENT_REMOVED_BY_OPERATOR',
      operations: { state: 'OPERATION_GONE_BY_OPERATOR', message: GONE_MESSAGE },
    });
  }
  endUnreachableTasks(context, agentId);
  agents.unreachable.delete(agentId);
  agents.recovered.delete(agentId);
  agents.deactivated.delete(agentId);
  agents.gone.set(agentId, { wallMs });
  context.options.log.info(`Marked agent ${agentId} gone`);
  if (connection !== undefined) context.outbox.reply(connection, 200);
}

function endUnreachableTasks(context: MasterContext, agentId: AgentId): void {
  for (const [frameworkId, ids] of context.state.agents.unreachable.get(agentId)?.tasks ?? []) {
    const framework = context.state.frameworks.registered.get(frameworkId);
    for (const id of framework === undefined ? [] : ids) {
      const task = framework?.unreachableTasks.get(id);
      // Another agent may have run a task of that name since.
      if (framework !== undefined && task?.agentId === agentId) endTask(context, framework, task);
    }
  }
}

function endTask(context: MasterContext, framework: FrameworkRecord, task: TaskRecord): void {
  const status = masterStatus(context, {
    taskId: task.id,
    agentId: task.agentId,
    executorId: task.executorId,
    state: stateFor(framework, 'TASK_GONE_BY_OPERATOR'),
    message: GONE_MESSAGE,
    reason: goneReason(framework),
  });
  applyStatus(context, task, status);
  framework.unreachableTasks.delete(task.id);
  removeTask(context, task, 'completed');
  sendUpdate(context, framework, status);
}

function goneReason(framework: FrameworkRecord): TaskStatusReason {
  return framework.capabilities.has('PARTITION_AWARE') ? 'REASON_AGENT_REMOVED_BY_OPERATOR' : 'REASON_AGENT_REMOVED';
}
