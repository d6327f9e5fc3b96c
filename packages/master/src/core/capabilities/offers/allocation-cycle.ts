/**
 * Turns what the allocator hands out into offers: one per framework, role and agent, all for a framework in one event.
 * The batch runs each interval over all agents; between batches only what an event has freed or brought, once a turn.
 */
import type { Allocation } from '@mesolite/allocator';
import type { AgentId, FrameworkId } from '@mesolite/base';
import type { Offer } from '@mesolite/wire';
import type { DeadlineHandler, MasterContext } from '../../context.ts';
import { ALLOCATION_GAP_MS } from '../../options.ts';
import { sendEvent } from '../../transitions/framework-events.ts';
import { offerMessage } from '../../transitions/offer-message.ts';
import { addOffer } from '../../transitions/offers.ts';

export const batchDue: DeadlineHandler<'allocate'> = (context) => {
  const { monotonicMs } = context.now;
  // However short the interval, the rest of the master gets its turn.
  const intervalMs = Math.max(1, context.options.allocationIntervalMs);
  context.state.deadlines.set(monotonicMs + intervalMs, { kind: 'allocate' });
  sendOffers(context, context.allocator.allocate(monotonicMs, 'all'));
};

/** Called once per turn, after all inputs: a burst of events costs one cycle, a storm of them one each few milliseconds. */
export function allocateIfAsked(context: MasterContext): void {
  const { state, now, allocator } = context;
  if (!allocator.pending) return;
  if (now.monotonicMs < state.nextAllocationMs) {
    if (state.allocationWaits) return;
    state.allocationWaits = true;
    state.deadlines.set(state.nextAllocationMs, { kind: 'allocate-again' });
    return;
  }
  state.nextAllocationMs = now.monotonicMs + ALLOCATION_GAP_MS;
  sendOffers(context, allocator.allocate(now.monotonicMs, 'dirty'));
}

/** The turn this is part of ends with an allocation, if one is still asked for. */
export const allocationMayGoOn: DeadlineHandler<'allocate-again'> = (context) => {
  context.state.allocationWaits = false;
};

function sendOffers(context: MasterContext, allocations: readonly Allocation[]): void {
  const byFramework = new Map<FrameworkId, Offer[]>();
  for (const { frameworkId, agentId, role, resources } of allocations) {
    const framework = context.state.frameworks.registered.get(frameworkId);
    const agent = context.state.agents.registered.get(agentId as AgentId);
    if (framework?.state !== 'active' || agent?.active !== true) {
      context.allocator.recover(frameworkId, agentId, resources, context.now.monotonicMs);
      continue;
    }
    const offer = offerMessage(framework, agent, addOffer(context, { agent, framework }, role, resources));
    const offers = byFramework.get(frameworkId);
    if (offers === undefined) byFramework.set(frameworkId, [offer]);
    else offers.push(offer);
  }
  for (const [frameworkId, offers] of byFramework) {
    const framework = context.state.frameworks.registered.get(frameworkId);
    if (framework !== undefined) sendEvent(context, framework, { type: 'OFFERS', offers: { offers } });
  }
}
