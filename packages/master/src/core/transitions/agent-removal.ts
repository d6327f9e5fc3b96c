/** Removes an agent for good: first from the registry, then (when that is durable) from memory. */
import type { MasterContext } from '../context.ts';
import type { MasterCounterName } from '../master-counters.ts';
import type { AgentRecord } from '../state/agents.ts';
import type { Pending } from '../state/pending.ts';
import { removeAgent } from './agent-membership.ts';

/** Ignored while another change of the agent's membership is under way. */
export function askRemoval(
  context: MasterContext,
  agent: AgentRecord,
  why: { readonly cause: string; readonly counter?: MasterCounterName },
): void {
  const { agents, pending } = context.state;
  const { log } = context.options;
  if (agents.isLeaving(agent.id)) {
    log.warning(`Ignoring removal of agent ${agent.id}: it is leaving already`);
    return;
  }
  log.info(`Removing agent ${agent.id} at ${agent.pid}: ${why.cause}`);
  agents.removing.add(agent.id);
  context.outbox.push({
    kind: 'write-registry',
    pending: pending.add({ kind: 'remove-agent', agentId: agent.id, reason: why.cause, counter: why.counter }),
    operation: { kind: 'remove-agent', agentId: agent.id },
  });
}

export function agentRemovalWritten(context: MasterContext, written: Extract<Pending, { kind: 'remove-agent' }>): void {
  const { agents } = context.state;
  agents.removing.delete(written.agentId);
  const agent = agents.registered.get(written.agentId);
  if (agent === undefined) return;
  context.counters.add('agentRemovals');
  if (written.counter !== undefined) context.counters.add(written.counter);
  removeAgent(context, agent, {
    message: `Agent ${agent.info.hostname} removed: ${written.reason}`,
    reason: 'REASON_AGENT_REMOVED',
    state: 'TASK_LOST',
  });
  context.options.log.info(`Removed agent ${agent.id}: ${written.reason}`);
}
