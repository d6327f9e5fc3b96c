/**
 * Inverse offers end: answered by the framework, or out for too long. An answer binds nobody: operators read it before
 * they take the machine down.
 *
 * Departs from Mesos: inverse offers of other frameworks are left alone; the original lets anybody answer them.
 */
import type { OfferId } from '@mesolite/base';
import type { Filters, InverseOfferStatusStatus, OfferID } from '@mesolite/wire';
import type { DeadlineHandler, MasterContext } from '../../context.ts';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import { answerInverseOffer, endOldInverseOffers } from '../../transitions/inverse-offers.ts';
import { refuseMs } from '../../transitions/refuse-duration.ts';

interface InverseOfferAnswer {
  readonly inverse_offer_ids?: readonly OfferID[] | undefined;
  readonly filters?: Filters | undefined;
}

/** An accepted one is not made again for the time of the filters either, 5 s if none are given. */
export function answerInverseOffers(
  context: MasterContext,
  framework: FrameworkRecord,
  status: InverseOfferStatusStatus,
  { inverse_offer_ids: ids = [], filters }: InverseOfferAnswer,
): void {
  const answer = { status, refuseMs: refuseMs(filters) };
  for (const { value } of ids) {
    const offer = context.state.inverseOffers.get(value as OfferId);
    if (offer?.frameworkId === framework.id) answerInverseOffer(context, offer, answer);
    else
      context.options.log.warning(
        `Ignoring ${status} of inverse offer ${value} from framework ${framework.id}: it is no longer valid`,
      );
  }
}

export const inverseOfferTimeout: DeadlineHandler<'inverse-offer-timeout'> = (context) => endOldInverseOffers(context);
