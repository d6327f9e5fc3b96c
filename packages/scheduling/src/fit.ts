/**
 * How many instances would fit into offers now, where, and what is left. They go to the offers in turn, one to each that
 * takes it. A forecast: it promises nothing, since others are offered the same agents.
 */
import { Resources } from '@mesolite/resources';
import type { Offer } from '@mesolite/wire';
import type { Demand, Reason } from './demand.ts';
import { type MatchOptions, matchOffer } from './match-offer.ts';
import { type Place, placeOf } from './place.ts';
import { Spread } from './spread.ts';

export interface FitRequest {
  readonly demand: Demand;
  readonly offers: readonly Offer[];
  /** No more than these are placed. */
  readonly instances: number;
  /** Where instances of the same service run already. */
  readonly running?: Iterable<Place>;
  readonly options: MatchOptions;
}

export interface Fit {
  /** How many went to each offer, by its index; those with none are there too. */
  readonly counts: readonly number[];
  readonly placed: number;
  /** What of each offer is left. */
  readonly left: readonly Resources[];
  /** Of the offers that took no further instance, why; empty when all instances were placed. */
  readonly refusals: readonly { readonly reason: Reason; readonly constraint?: string; readonly offers: number }[];
}

export function fit({ demand, offers, instances, running = [], options }: FitRequest): Fit {
  const spread = new Spread(demand.constraints, running);
  const counts = offers.map(() => 0);
  const left = offers.map((offer) => Resources.from(offer.resources));
  let placed = 0;
  // A place may open to a constraint when others have filled up, so go round until a round has placed nothing.
  for (let progress = true; progress && placed < instances; ) {
    progress = false;
    for (let i = 0; i < offers.length && placed < instances; i++) {
      const match = matchOffer(demand, offers[i]!, spread, options, left[i]!);
      if (!match.matched) continue;
      left[i] = left[i]!.minus(Resources.from(match.resources));
      spread.add(placeOf(offers[i]!));
      counts[i]!++;
      placed++;
      progress = true;
    }
  }
  if (placed === instances) return { counts, placed, left, refusals: [] };
  const refusals = new Map<string, { reason: Reason; constraint?: string; offers: number }>();
  offers.forEach((offer, i) => {
    const match = matchOffer(demand, offer, spread, options, left[i]!);
    if (match.matched) return;
    const [reason] = match.reasons;
    const key = `${reason} ${match.constraint ?? ''}`;
    const known = refusals.get(key);
    if (known !== undefined) known.offers++;
    else if (match.constraint === undefined) refusals.set(key, { reason: reason!, offers: 1 });
    else refusals.set(key, { reason: reason!, constraint: match.constraint, offers: 1 });
  });
  return { counts, placed, left, refusals: [...refusals.values()].sort((a, b) => b.offers - a.offers) };
}
