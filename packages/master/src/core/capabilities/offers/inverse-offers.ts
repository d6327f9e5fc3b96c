/** Turns what the allocator owes into inverse offers: all for a framework in one event, after the offers of the cycle. */
import type { FrameworkId } from '@mesolite/base';
import type { InverseOffer } from '@mesolite/wire';
import type { MasterContext } from '../../context.ts';
import { sendEvent } from '../../transitions/framework-events.ts';
import { addInverseOffer, inverseOfferMessage } from '../../transitions/inverse-offers.ts';

/** Inverse offers that are made in one turn: a few milliseconds' worth. */
const MOST_MADE_AT_ONCE = 250;

/** Called when a cycle is over. Answers whether there may be more of them, for a later turn. */
export function sendInverseOffers(context: MasterContext): boolean {
  const { agents, frameworks } = context.state;
  const { monotonicMs } = context.now;
  const byFramework = new Map<FrameworkId, InverseOffer[]>();
  const owed = context.allocator.inverseOffers(monotonicMs, MOST_MADE_AT_ONCE);
  for (const { frameworkId, agentId, unavailability } of owed) {
    const framework = frameworks.registered.get(frameworkId);
    const agent = agents.registered.get(agentId);
    if (framework?.state !== 'active' || agent?.active !== true) {
      // Owed still: asked for again when both are back.
      context.allocator.endInverseOffer(frameworkId, agentId, { nowMs: monotonicMs });
      continue;
    }
    const offer = inverseOfferMessage(agent, addInverseOffer(context, { agent, framework }, unavailability));
    const offers = byFramework.get(frameworkId);
    if (offers === undefined) byFramework.set(frameworkId, [offer]);
    else offers.push(offer);
  }
  for (const [frameworkId, offers] of byFramework) {
    const framework = frameworks.registered.get(frameworkId);
    if (framework !== undefined)
      sendEvent(context, framework, { type: 'INVERSE_OFFERS', inverse_offers: { inverse_offers: offers } });
  }
  return owed.length === MOST_MADE_AT_ONCE;
}
