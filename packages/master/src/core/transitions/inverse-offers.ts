/**
 * Inverse offers in the tables, and the ways they end: answered (the answer is kept), discarded (in silence) or rescinded
 * (the framework is told). Another one is made at the next cycle that finds it is still owed.
 */
import { millisecondsToNanoseconds } from '@mesolite/base';
import type { InverseOffer, InverseOfferStatusStatus, Unavailability } from '@mesolite/wire';
import type { MasterContext } from '../context.ts';
import type { AgentRecord } from '../state/agents.ts';
import type { FrameworkRecord } from '../state/frameworks.ts';
import type { InverseOfferRecord } from '../state/inverse-offers.ts';
import { sendEvent } from './framework-events.ts';
import { agentUrl } from './offer-message.ts';
import { MOST_ENDED_AT_ONCE } from './offers.ts';

/** The allocator counts it as out already. */
export function addInverseOffer(
  context: MasterContext,
  parties: { readonly agent: AgentRecord; readonly framework: FrameworkRecord },
  unavailability: Unavailability,
): InverseOfferRecord {
  const { agent, framework } = parties;
  const offer: InverseOfferRecord = {
    id: context.state.ids.offer(),
    frameworkId: framework.id,
    agentId: agent.id,
    unavailability,
    sentMonotonicMs: context.now.monotonicMs,
  };
  context.state.inverseOffers.add(offer);
  awaitTimeout(context);
  return offer;
}

/** They end in the order they were made: one deadline, that of the oldest, is enough for all. */
function awaitTimeout({ options, state }: MasterContext): void {
  const { inverseOffers, deadlines } = state;
  const [oldest] = inverseOffers.values();
  if (options.offerTimeoutMs === undefined || inverseOffers.timeoutIsSet || oldest === undefined) return;
  inverseOffers.timeoutIsSet = true;
  deadlines.set(oldest.sentMonotonicMs + options.offerTimeoutMs, { kind: 'inverse-offer-timeout' });
}

/** Rescinds what has been out for too long: so many at once, the rest in later turns. */
export function endOldInverseOffers(context: MasterContext): void {
  const { inverseOffers } = context.state;
  const { offerTimeoutMs = Number.POSITIVE_INFINITY } = context.options;
  inverseOffers.timeoutIsSet = false;
  let ended = 0;
  for (const offer of inverseOffers.values()) {
    if (ended >= MOST_ENDED_AT_ONCE || offer.sentMonotonicMs + offerTimeoutMs > context.now.monotonicMs) break;
    rescindInverseOffer(context, offer);
    ended++;
  }
  awaitTimeout(context);
}

/** As its framework, and whoever reads the framework, sees it. It is about all of the agent: no resources are named. */
export function inverseOfferMessage(agent: AgentRecord, offer: InverseOfferRecord): InverseOffer {
  return {
    id: { value: offer.id },
    url: agentUrl(agent),
    framework_id: { value: offer.frameworkId },
    agent_id: { value: offer.agentId },
    unavailability: offer.unavailability,
  };
}

/** `refuseMs`: for how long the framework wants no other one for this agent. */
export function answerInverseOffer(
  context: MasterContext,
  offer: InverseOfferRecord,
  answer: { readonly status: InverseOfferStatusStatus; readonly refuseMs: number },
): void {
  context.state.inverseOffers.remove(offer);
  context.allocator.endInverseOffer(offer.frameworkId, offer.agentId, {
    status: {
      status: answer.status,
      framework_id: { value: offer.frameworkId },
      timestamp: { nanoseconds: millisecondsToNanoseconds(context.now.wallMs) },
    },
    nowMs: context.now.monotonicMs,
    refuseMs: answer.refuseMs,
  });
}

export function discardInverseOffer(context: MasterContext, offer: InverseOfferRecord): void {
  context.state.inverseOffers.remove(offer);
  context.allocator.endInverseOffer(offer.frameworkId, offer.agentId, { nowMs: context.now.monotonicMs });
}

export function rescindInverseOffer(context: MasterContext, offer: InverseOfferRecord): void {
  const framework = context.state.frameworks.registered.get(offer.frameworkId);
  if (framework !== undefined)
    sendEvent(context, framework, {
      type: 'RESCIND_INVERSE_OFFER',
      rescind_inverse_offer: { inverse_offer_id: { value: offer.id } },
    });
  discardInverseOffer(context, offer);
}

/** Those of an agent that gets no offers any more. */
export function rescindInverseOffersOn(context: MasterContext, agent: AgentRecord): void {
  for (const offer of context.state.inverseOffers.onAgent(agent.id)) rescindInverseOffer(context, offer);
}
