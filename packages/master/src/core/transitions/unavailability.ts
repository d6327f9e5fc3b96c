/** When an agent will be out of service becomes known, changes, or is no matter any more. */
import type { Unavailability } from '@mesolite/wire';
import type { MasterContext } from '../context.ts';
import type { AgentRecord } from '../state/agents.ts';
import { rescindInverseOffersOn } from './inverse-offers.ts';
import { offersOf, rescindOffer } from './offers.ts';

/**
 * What was offered without that knowledge is offered again with it: offers of the agent end, answers to its inverse
 * offers are forgotten.
 */
export function setUnavailability(
  context: MasterContext,
  agent: AgentRecord,
  unavailability: Unavailability | undefined,
): void {
  for (const offer of offersOf(context, agent.offers)) rescindOffer(context, offer);
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
