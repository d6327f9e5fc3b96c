/** An agent stops to be offered, and is offered again: it is away, or an operator took it out of service. */
import type { MasterContext } from '../context.ts';
import type { AgentRecord } from '../state/agents.ts';
import { rescindInverseOffersOn } from './inverse-offers.ts';
import { rescindOffer } from './offers.ts';

/** Offers of it that are out end. What runs there goes on. */
export function deactivateAgent(context: MasterContext, agent: AgentRecord): void {
  context.state.agents.setActive(agent, false);
  context.allocator.setAgentActive(agent.id, false);
  for (const offer of context.state.offers.withIds(agent.offers)) rescindOffer(context, offer);
  rescindInverseOffersOn(context, agent);
}

/** Not while it is away, or out of service. */
export function activateAgent(context: MasterContext, agent: AgentRecord): void {
  const { agents } = context.state;
  if (!agent.connected || agent.active || agents.deactivated.has(agent.id)) return;
  agents.setActive(agent, true);
  context.allocator.setAgentActive(agent.id, true);
}
