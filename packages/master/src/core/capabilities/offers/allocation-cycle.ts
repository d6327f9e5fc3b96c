/**
 * Turns what the allocator hands out into offers: one per framework, role and agent, all for a framework of one slice in
 * one event. The batch runs each interval over all agents; between batches only what an event has freed or brought.
 *
 * A turn hands out one slice of a cycle. The rest waits for a later turn, so that others get theirs in between: however
 * large the cluster, nobody waits long for a cycle. What is asked for meanwhile is done after it.
 */
import { type Allocation, SLICE_UNITS } from '@mesolite/allocator';
import type { AgentId, FrameworkId } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import type { Offer } from '@mesolite/wire';
import type { DeadlineHandler, Handler, MasterContext } from '../../context.ts';
import { ALLOCATION_GAP_MS } from '../../options.ts';
import { sendEvent } from '../../transitions/framework-events.ts';
import { offerMessage } from '../../transitions/offer-message.ts';
import { addOffer } from '../../transitions/offers.ts';
import { sendInverseOffers } from './inverse-offers.ts';

/** Offers of a slice that the log tells of one by one. */
const MOST_DESCRIBED = 10;

const LATENCY = 'allocator/mesos/allocation_run_latency';

/** The turn this is part of begins the batch, unless a cycle is under way: then it begins right after. */
export const batchDue: DeadlineHandler<'allocate'> = ({ now, options, state: { allocation, deadlines } }) => {
  // However short the interval, the rest of the master gets its turn.
  const intervalMs = Math.max(1, options.allocationIntervalMs);
  deadlines.set(now.monotonicMs + intervalMs, { kind: 'allocate' });
  allocation.batchWaits = true;
  allocation.askedMs ??= now.monotonicMs;
};

/** The turn this is part of ends with an allocation, if one is still asked for. */
export const allocationMayGoOn: DeadlineHandler<'allocate-again'> = ({ state: { allocation } }) => {
  allocation.gapWaits = false;
};

/** As {@link allocationMayGoOn}, for a cycle under way. */
export const turnCame: Handler<'turn-came'> = ({ state: { allocation } }) => {
  allocation.turnAsked = false;
};

/** Called once per turn, after all inputs: a burst of events costs one cycle, a storm of them one each few milliseconds. */
export function allocateInTurn(context: MasterContext): void {
  const { allocator, now, options } = context;
  const { allocation } = context.state;
  if (allocator.pending) allocation.askedMs ??= now.monotonicMs;
  if (allocation.turnAsked) return;
  if (allocator.cycling || begun(context))
    sendOffers(context, allocator.continueCycle(now.monotonicMs, options.allocationSliceUnits ?? SLICE_UNITS));
  else if (!allocation.inverseOffersWait) return;
  if (!allocator.cycling) allocation.inverseOffersWait = sendInverseOffers(context);
  if (!allocator.cycling && !allocation.inverseOffersWait && !allocation.batchWaits && !allocator.pending) return;
  allocation.turnAsked = true;
  context.outbox.push({ kind: 'continue-soon' });
}

/** Begins the cycle that is due, if any: the batch before what events ask for, since it does that too. */
function begun(context: MasterContext): boolean {
  const { allocator, now, state, options } = context;
  const { allocation } = state;
  if (allocation.batchWaits) {
    allocation.batchWaits = false;
    allocator.beginCycle('all');
  } else if (!allocator.pending) return false;
  else if (now.monotonicMs < allocation.nextMs) {
    if (!allocation.gapWaits) state.deadlines.set(allocation.nextMs, { kind: 'allocate-again' });
    allocation.gapWaits = true;
    return false;
  } else {
    allocation.nextMs = now.monotonicMs + ALLOCATION_GAP_MS;
    allocator.beginCycle('dirty');
  }
  options.metrics.timer(LATENCY).record(now.monotonicMs - (allocation.askedMs ?? now.monotonicMs));
  allocation.askedMs = undefined;
  return true;
}

function sendOffers(context: MasterContext, allocations: readonly Allocation[]): void {
  const byFramework = new Map<FrameworkId, Offer[]>();
  for (const { frameworkId, agentId, role, resources } of allocations) {
    const framework = context.state.frameworks.registered.get(frameworkId);
    const agent = context.state.agents.registered.get(agentId as AgentId);
    if (framework?.state !== 'active' || agent?.active !== true) {
      context.allocator.recover(frameworkId, agentId, resources, { nowMs: context.now.monotonicMs });
      continue;
    }
    const offer = offerMessage(framework, agent, addOffer(context, { agent, framework }, role, resources));
    const offers = byFramework.get(frameworkId);
    if (offers === undefined) byFramework.set(frameworkId, [offer]);
    else offers.push(offer);
  }
  for (const [frameworkId, offers] of byFramework) {
    const framework = context.state.frameworks.registered.get(frameworkId);
    if (framework === undefined) continue;
    const { log } = context.options;
    if (log.silent !== true)
      log.info(`Sending ${described(offers, allocations.length)} to framework ${frameworkId} (${framework.info.name})`);
    framework.counts.offers('sent', offers.length);
    sendEvent(context, framework, { type: 'OFFERS', offers: { offers } });
  }
}

/** Large cycles make thousands of offers: they are only counted, since describing one costs as much as making it. */
function described(offers: readonly Offer[], inSlice: number): string {
  const [offer] = offers;
  if (offer === undefined || offers.length > 1) return `${offers.length} offers`;
  if (inSlice > MOST_DESCRIBED) return 'an offer';
  return `an offer of ${Resources.from(offer.resources)} on agent ${offer.agent_id.value} (${offer.hostname})`;
}
