/** Agents that did not come back in time become unreachable: after a broken connection, and after a change of master. */
import { type AgentId, formatDuration } from '@mesolite/base';
import type { DeadlineHandler, MasterContext } from '../../context.ts';
import type { Pending } from '../../state/pending.ts';
import { removeAgent, tellAgentLost } from '../../transitions/agent-membership.ts';
import { giveUpAgent, keepAgent, markUnreachable } from '../../transitions/agent-pings.ts';

export const reregisterTimeout: DeadlineHandler<'agent-reregister-timeout'> = (context, { agentId, epoch }) => {
  const agent = context.state.agents.registered.get(agentId);
  if (agent === undefined || agent.connected || agent.epoch !== epoch) return;
  giveUpAgent(context, agentId, `agent did not reregister within ${timeout(context)} after disconnecting`);
};

/** Too many missing at once look like a fault of this master's network: it ends rather than give them all up. */
export const recoveredAgentsTimeout: DeadlineHandler<'recovered-agents-timeout'> = (context) => {
  const { agents } = context.state;
  const { recoveryAgentRemovalLimit: limit = 1, log } = context.options;
  if (agents.recovered.size > limit * agents.recoveredAtStart) {
    const text =
      `Post-recovery agent removal limit exceeded! After ${timeout(context)} there were ${agents.recovered.size} ` +
      `agents recovered from the registry that did not reregister; the configured limit is ${limit * 100}%`;
    log.error(text);
    context.outbox.push({ kind: 'exit', code: 1, text });
    return;
  }
  for (const agentId of [...agents.recovered.keys()])
    if (!agents.reregistering.has(agentId))
      giveUpAgent(context, agentId, `did not reregister within ${timeout(context)} after master failover`);
};

export const removalPermit: DeadlineHandler<'agent-removal-permit'> = (context) => {
  const { agents } = context.state;
  const next = agents.awaitingRemoval.entries().next().value;
  if (next === undefined) return;
  const [agentId, reason] = next;
  agents.awaitingRemoval.delete(agentId);
  if (isBackWithoutUs(context, agentId)) {
    context.counters.add('agentUnreachableCanceled');
    return;
  }
  markUnreachable(context, agentId, reason);
};

/** It answered or registered again while it waited. */
function isBackWithoutUs(context: MasterContext, agentId: AgentId): boolean {
  const agent = context.state.agents.registered.get(agentId);
  if (agent === undefined) return !context.state.agents.recovered.has(agentId);
  return agent.connected && agent.missedPings < context.options.maxAgentPingTimeouts;
}

export function agentUnreachable(
  context: MasterContext,
  written: Extract<Pending, { kind: 'mark-unreachable' }>,
): void {
  const { agents } = context.state;
  const { agentId, wallMs, reason } = written;
  agents.markingUnreachable.delete(agentId);
  keepAgent(context, agentId);
  context.counters.add('agentRemovals');
  context.counters.add('agentRemovalsUnhealthy');
  const agent = agents.registered.get(agentId);
  if (agent !== undefined) {
    removeAgent(context, agent, {
      message: reason,
      reason: 'REASON_AGENT_REMOVED',
      state: 'TASK_UNREACHABLE',
      unreachableWallMs: wallMs,
      operations: { state: 'OPERATION_UNREACHABLE', message: 'Agent was marked unreachable' },
    });
    return;
  }
  const wasRecovered = agents.recovered.delete(agentId);
  agents.setUnreachable(agentId, { wallMs, tasks: new Map() });
  if (!wasRecovered) return;
  context.counters.add('recoveryAgentRemovals');
  tellAgentLost(context, agentId);
}

function timeout(context: MasterContext): string {
  return formatDuration(context.options.agentReregisterTimeoutMs);
}
