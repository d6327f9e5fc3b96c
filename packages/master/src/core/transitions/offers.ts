/**
 * Offers in the tables, and the ways they end: taken (accepted: what it holds goes on to tasks or back), discarded
 * (given back in silence), rescinded (given back, and the framework is told).
 */
import { must } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import type { MasterContext } from '../context.ts';
import type { AgentRecord } from '../state/agents.ts';
import type { FrameworkRecord } from '../state/frameworks.ts';
import type { OfferRecord } from '../state/offers.ts';
import { sendEvent } from './framework-events.ts';

/** Offers that end in one turn of those that end together: a few milliseconds' worth. */
export const MOST_ENDED_AT_ONCE = 250;

/** The allocator has handed `resources` (allocated to `role`) out for this framework. */
export function addOffer(
  context: MasterContext,
  parties: { readonly agent: AgentRecord; readonly framework: FrameworkRecord },
  role: string,
  resources: Resources,
): OfferRecord {
  const { agent, framework } = parties;
  const offer: OfferRecord = {
    id: context.state.ids.offer(),
    frameworkId: framework.id,
    agentId: agent.id,
    role,
    resources,
    sentMonotonicMs: context.now.monotonicMs,
  };
  context.state.offers.add(offer);
  agent.offers.add(offer.id);
  agent.offered = agent.offered.plus(resources);
  framework.offers.add(offer.id);
  awaitTimeout(context);
  return offer;
}

/** Offers end in the order they were made: one deadline, that of the oldest, is enough for all. */
function awaitTimeout({ options, state, now }: MasterContext): void {
  const { offers, deadlines } = state;
  const { oldest } = offers;
  if (oldest === undefined || offers.timeoutMs !== undefined) return;
  const isVoid = oldest.sentMonotonicMs <= offers.voidUntilMs;
  if (!isVoid && options.offerTimeoutMs === undefined) return;
  offers.timeoutMs = isVoid ? now.monotonicMs : oldest.sentMonotonicMs + (options.offerTimeoutMs ?? 0);
  deadlines.set(offers.timeoutMs, { kind: 'offer-timeout' });
}

/** Rescinds what has been out for too long, or stands on what no longer holds: so many at once, the rest in later turns. */
export function endOldOffers(context: MasterContext): void {
  const { offers } = context.state;
  const { offerTimeoutMs = Number.POSITIVE_INFINITY } = context.options;
  offers.timeoutMs = undefined;
  let ended = 0;
  for (const offer of offers.values()) {
    const isVoid = offer.sentMonotonicMs <= offers.voidUntilMs;
    if (ended >= MOST_ENDED_AT_ONCE || (!isVoid && offer.sentMonotonicMs + offerTimeoutMs > context.now.monotonicMs))
      break;
    rescindOffer(context, offer);
    ended++;
  }
  awaitTimeout(context);
}

/** All offers that are out end, soon if not at once. */
export function voidOffers(context: MasterContext): void {
  context.state.offers.voidUntilMs = context.now.monotonicMs;
  endOldOffers(context);
}

/** Out of the tables. For the allocator its resources are still handed out: the caller says where they went. */
export function takeOffer(context: MasterContext, offer: OfferRecord): void {
  const agent = must(context.state.agents.registered.get(offer.agentId), `agent of offer ${offer.id}`);
  const framework = must(context.state.frameworks.registered.get(offer.frameworkId), `framework of offer ${offer.id}`);
  context.state.offers.remove(offer.id);
  agent.offers.delete(offer.id);
  agent.offered = agent.offered.minus(offer.resources);
  framework.offers.delete(offer.id);
}

export function discardOffer(context: MasterContext, offer: OfferRecord): void {
  takeOffer(context, offer);
  context.allocator.recover(offer.frameworkId, offer.agentId, offer.resources, { nowMs: context.now.monotonicMs });
}

/**
 * The framework gives back `resources` of an offer that is out of the tables. `refuseMs`: how long it does not want to see
 * the like again; 0: it does not mind.
 */
export function giveBack(
  { state, allocator, options, now }: MasterContext,
  { id: offerId, frameworkId, agentId, role }: OfferRecord,
  given: { readonly resources: Resources; readonly refuseMs: number; readonly by: 'DECLINE' | 'ACCEPT' },
): void {
  const { resources, refuseMs, by } = given;
  allocator.recover(frameworkId, agentId, resources, { nowMs: now.monotonicMs, refuseMs });
  if (refuseMs <= 0) return;
  const untilMs = now.monotonicMs + Math.max(refuseMs, options.allocationIntervalMs);
  state.declines.note(agentId, frameworkId, { offerId, role, by, wallMs: now.wallMs, refuseMs, untilMs });
}

export function rescindOffer(context: MasterContext, offer: OfferRecord): void {
  const framework = must(context.state.frameworks.registered.get(offer.frameworkId), `framework of offer ${offer.id}`);
  framework.counts.offers('rescinded', 1);
  sendEvent(context, framework, { type: 'RESCIND', rescind: { offer_id: { value: offer.id } } });
  discardOffer(context, offer);
}

/** What is destroyed cannot stay on offer: a shared volume may be offered to several frameworks at the same time. */
export function rescindOffersOfVolumes(context: MasterContext, agent: AgentRecord, volumes: Resources): void {
  // Of a shared one no more copies than one are looked for.
  const each = Resources.from(volumes.unallocate().toProto());
  for (const offer of context.state.offers.withIds(agent.offers))
    if (offer.resources.unallocate().containsSome(each)) rescindOffer(context, offer);
}
