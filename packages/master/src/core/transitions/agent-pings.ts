/**
 * Health checks: a ping each `agent_ping_timeout`, from a process of its own per agent (the answer comes back to it),
 * and what to do about an agent that has to be given up, now or when the rate limit allows.
 */
import type { AgentId } from '@mesolite/base';
import { PingAgentMessage } from '@mesolite/wire';
import type { MasterContext } from '../context.ts';
import { MAX_PENDING } from '../options.ts';
import type { AgentRecord } from '../state/agents.ts';

/** The id of the process that pings agent number `observer`. */
export function observerProcess(observer: number): string {
  return `slave-observer(${observer})`;
}

/** Sends a ping and asks to be woken when its answer is due. */
export function pingAgent(context: MasterContext, agent: AgentRecord): void {
  agent.pongReceived = false;
  context.outbox.send(agent.pid, PingAgentMessage, { connected: agent.connected }, observerProcess(agent.observer));
  context.state.deadlines.set(context.now.monotonicMs + context.options.agentPingTimeoutMs, {
    kind: 'ping-agent',
    observer: agent.observer,
  });
}

/** Marks an agent unreachable, at once or in its turn under the rate limit. A pong or a return calls it off. */
export function giveUpAgent(context: MasterContext, agentId: AgentId, reason: string): void {
  const { agents, deadlines } = context.state;
  if (agents.awaitingRemoval.has(agentId) || agents.markingUnreachable.has(agentId)) return;
  context.counters.add('agentUnreachableScheduled');
  const limit = context.options.agentRemovalRateLimit;
  if (limit === undefined) {
    markUnreachable(context, agentId, reason);
    return;
  }
  context.options.log.info(`Agent ${agentId} waits to be marked unreachable: ${reason}`);
  agents.awaitingRemoval.set(agentId, reason);
  const gapMs = limit.periodMs / limit.permits;
  const atMs = Math.max(context.now.monotonicMs, agents.nextRemovalMs);
  agents.nextRemovalMs = atMs + gapMs;
  deadlines.set(atMs, { kind: 'agent-removal-permit' });
}

/** An agent that waited to be given up shows that it lives. */
export function keepAgent(context: MasterContext, agentId: AgentId): void {
  if (context.state.agents.awaitingRemoval.delete(agentId)) context.counters.add('agentUnreachableCanceled');
}

/** Asks the registry; the rest follows when it has answered. Nothing happens when another change is under way. */
export function markUnreachable(context: MasterContext, agentId: AgentId, reason: string): void {
  const { agents, pending } = context.state;
  const known = agents.registered.has(agentId) || agents.recovered.has(agentId);
  const busy = agents.reregistering.has(agentId) || agents.isLeaving(agentId);
  if (!known || busy || pending.size >= MAX_PENDING) {
    context.counters.add('agentUnreachableCanceled');
    context.options.log.info(`Agent ${agentId} is not marked unreachable: ${known ? 'it is changing' : 'it is gone'}`);
    return;
  }
  context.counters.add('agentUnreachableCompleted');
  context.options.log.warning(`Marking agent ${agentId} unreachable: ${reason}`);
  agents.markingUnreachable.add(agentId);
  const { wallMs } = context.now;
  context.outbox.push({
    kind: 'write-registry',
    pending: pending.add({ kind: 'mark-unreachable', agentId, wallMs, reason }),
    operation: { kind: 'mark-agent-unreachable', agentId, wallMs },
  });
}
