/** When an agent will be out of service becomes known, changes, or is no matter any more. */
import type { MasterContext } from '../context.ts';
import type { AgentRecord } from '../state/agents.ts';
import { rescindInverseOffersOn } from './inverse-offers.ts';
import { rescindOffer } from './offers.ts';

/**
 * The schedule is another one. What was offered without that knowledge is offered again with it: offers of the agent end,
 * answers to its inverse offers are forgotten, even if nothing changes for it.
 */
export function learnAnew(context: MasterContext, agent: AgentRecord): void {
  const unavailability = context.state.maintenance.machine(agent.machine)?.unavailability;
  for (const offer of context.state.offers.withIds(agent.offers)) rescindOffer(context, offer);
  rescindInverseOffersOn(context, agent);
  agent.unavailability = unavailability;
  context.allocator.updateUnavailability(agent.id, unavailability);
}

/** An agent has just come: it may be on a machine with a schedule. */
export function learnUnavailability(context: MasterContext, agent: AgentRecord): void {
  const unavailability = context.state.maintenance.machine(agent.machine)?.unavailability;
  if (unavailability === undefined) return;
  agent.unavailability = unavailability;
  context.allocator.updateUnavailability(agent.id, unavailability);
}
