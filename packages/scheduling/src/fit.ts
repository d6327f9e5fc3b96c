/**
 * How many instances would fit into offers now, where, and what is left. They go to the offers in turn, one to each that
 * takes it. A forecast: it promises nothing, since others are offered the same agents.
 */
import { toMillis } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import type { Offer, Resource } from '@mesolite/wire';
import type { Demand, Reason } from './demand.ts';
import { type MatchOptions, type MatchResult, matchOffer } from './match-offer.ts';
import { type Place, placeOf } from './place.ts';
import { Spread } from './spread.ts';

export interface FitRequest {
  readonly demand: Demand;
  readonly offers: readonly Offer[];
  /** No more than these are placed. */
  readonly instances: number;
  /** Where instances of the same service run already. */
  readonly running?: Iterable<Place>;
  /** How much of what is not reserved all instances together may take, where quota says so. */
  readonly allowances?: readonly Allowance[];
  readonly options: MatchOptions;
}

/** Of one scalar, and which rule of quota sets it. */
export interface Allowance {
  readonly name: string;
  readonly millis: number;
  readonly reason: QuotaReason;
}

/** The limit of the role; or what is kept free so that other roles can have what they are guaranteed. */
export type QuotaReason = 'QuotaLimit' | 'QuotaHeadroom';

/** Of offers that are alike in it. */
export interface Refusal {
  readonly reason: Reason | QuotaReason;
  /** Behind UnfulfilledConstraint, as written. */
  readonly constraint?: string;
  /** Behind a reason of quota. */
  readonly resource?: string;
  readonly offers: number;
}

export interface Fit {
  /** How many went to each offer, by its index; those with none are there too. */
  readonly counts: readonly number[];
  readonly placed: number;
  /** What of each offer is left. */
  readonly left: readonly Resources[];
  /** Of the offers that took no further instance, why; empty when all instances were placed. */
  readonly refusals: readonly Refusal[];
}

export function fit({ demand, offers, instances, running = [], allowances = [], options }: FitRequest): Fit {
  const room = allowances.map((allowance) => ({ ...allowance }));
  const spread = new Spread(demand.constraints, running);
  const counts = offers.map(() => 0);
  const left = offers.map((offer) => Resources.from(offer.resources));
  let placed = 0;
  // What an offer or quota has too little of, it will not have more of. But a place may open to a constraint when others
  // have filled up, so go round until a round has placed nothing.
  let open = offers.map((_, i) => i);
  for (let before = -1; before < placed && placed < instances; ) {
    before = placed;
    open = open.filter((i) => {
      if (placed === instances) return true;
      const match = matchOffer(demand, offers[i]!, spread, options, left[i]!);
      if (!match.matched) return match.reasons.every((reason) => reason === 'UnfulfilledConstraint');
      if (exceeded(room, match.resources) !== undefined) return false;
      for (const allowance of room) allowance.millis -= unreservedMillis(match.resources, allowance.name);
      left[i] = left[i]!.minus(Resources.from(match.resources));
      spread.add(placeOf(offers[i]!));
      counts[i]!++;
      placed++;
      return true;
    });
  }
  if (placed === instances) return { counts, placed, left, refusals: [] };
  const refusals = new Map<string, { refusal: Omit<Refusal, 'offers'>; offers: number }>();
  offers.forEach((offer, i) => {
    const refusal = refusalOf(matchOffer(demand, offer, spread, options, left[i]!), room);
    if (refusal === undefined) return;
    const key = `${refusal.reason} ${refusal.constraint ?? refusal.resource ?? ''}`;
    const known = refusals.get(key) ?? { refusal, offers: 0 };
    refusals.set(key, known);
    known.offers++;
  });
  const told = [...refusals.values()].map(({ refusal, offers: count }) => ({ ...refusal, offers: count }));
  return { counts, placed, left, refusals: told.sort((a, b) => b.offers - a.offers) };
}

function refusalOf(match: MatchResult, room: readonly Allowance[]): Omit<Refusal, 'offers'> | undefined {
  if (match.matched) {
    const allowance = exceeded(room, match.resources);
    return allowance === undefined ? undefined : { reason: allowance.reason, resource: allowance.name };
  }
  const reason = match.reasons[0]!;
  return match.constraint === undefined ? { reason } : { reason, constraint: match.constraint };
}

function exceeded(room: readonly Allowance[], taken: readonly Resource[]): Allowance | undefined {
  return room.find(({ name, millis }) => unreservedMillis(taken, name) > millis);
}

function unreservedMillis(taken: readonly Resource[], wanted: string): number {
  let millis = 0;
  for (const { name, reservations = [], scalar } of taken)
    if (name === wanted && reservations.length === 0) millis += toMillis(scalar?.value ?? 0);
  return millis;
}
