/**
 * Offers end without being accepted: declined by the framework, or out for too long.
 *
 * Departs from Mesos: by default offers do not stay out for ever (`--offer_timeout`, 5 minutes).
 */
import type { OfferId } from '@mesolite/base';
import type { SchedulerCallDecline } from '@mesolite/wire';
import type { DeadlineHandler, MasterContext } from '../../context.ts';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import { endOldOffers, giveBack, takeOffer } from '../../transitions/offers.ts';
import { refuseMs } from '../../transitions/refuse-duration.ts';

/** Departs from Mesos: offers of other frameworks are left alone; the original lets anybody decline them. */
export function decline(context: MasterContext, framework: FrameworkRecord, call: SchedulerCallDecline): void {
  context.counters.add('declineOffersMessages');
  const forMs = refuseMs(call.filters);
  for (const { value } of call.offer_ids ?? []) {
    const offer = context.state.offers.get(value as OfferId);
    if (offer?.frameworkId !== framework.id) continue;
    takeOffer(context, offer);
    framework.counts.offers('declined', 1);
    giveBack(context, offer, { resources: offer.resources, refuseMs: forMs, by: 'DECLINE' });
  }
}

export const offerTimeout: DeadlineHandler<'offer-timeout'> = (context) => {
  const { timeoutMs = Number.POSITIVE_INFINITY } = context.state.offers;
  if (context.now.monotonicMs >= timeoutMs) endOldOffers(context);
};
