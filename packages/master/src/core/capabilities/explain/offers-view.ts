/** Who holds offers, how much and for how long: what to look at when others get none. A pure read. */
import { ok, type Result } from '@mesolite/base';
import { ResourceQuantities, type Resources } from '@mesolite/resources';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import type { OfferRecord } from '../../state/offers.ts';
import type { MasterState } from '../../state/state.ts';
import { offeredTo } from '../../state/sums.ts';
import type { Now } from '../../time.ts';
import { offerRow } from './answer-rows.ts';
import { ageSeconds, wallOf } from './describe.ts';
import type { OffersQuery } from './explain-query.ts';
import { findFramework, type QueryRefusal } from './find-framework.ts';

/** Frameworks that are summed up in one answer: those that hold most. */
export const MAX_HOLDERS = 100;

/** Offers oldest first, then what each framework holds, who holds most of the cluster and for longest first. */
export function offersBody(
  state: MasterState,
  now: Now,
  { framework: name, offset, limit }: OffersQuery,
): Result<Record<string, unknown>, QueryRefusal> {
  const framework = name === undefined ? undefined : findFramework(state, name);
  if (framework?.ok === false) return framework;
  const only = framework?.value;
  const holders = (only === undefined ? [...state.frameworks.registered.values()] : [only])
    .flatMap((one) => holderOf(state, one) ?? [])
    .sort((a, b) => b.share - a.share || a.oldest.sentMonotonicMs - b.oldest.sentMonotonicMs);
  return ok({
    'at': now.wallMs / 1000,
    'total': only?.offers.size ?? state.offers.size,
    'offset': offset,
    'limit': limit,
    'offers': page(state, only, offset, limit).map((offer) => offerRow(state, now, offer)),
    'frameworks_total': holders.length,
    'frameworks': holders.slice(0, MAX_HOLDERS).map(({ holder, offered, share, oldest }) => ({
      'framework_id': holder.id,
      'framework': holder.info.name,
      'offers': holder.offers.size,
      'resources': offered.toV0Json(),
      'share': share,
      'oldest_since': wallOf(oldest.sentMonotonicMs, now) / 1000,
      'oldest_age_seconds': ageSeconds(oldest.sentMonotonicMs, now),
    })),
  });
}

/** Both tables have offers in the order they were made: only the page is looked at. */
function page(state: MasterState, only: FrameworkRecord | undefined, offset: number, limit: number): OfferRecord[] {
  const offers: OfferRecord[] = [];
  let skip = offset;
  for (const item of only?.offers ?? state.offers.values()) {
    if (offers.length >= limit) break;
    if (skip-- > 0) continue;
    const offer = typeof item === 'string' ? state.offers.get(item) : item;
    if (offer !== undefined) offers.push(offer);
  }
  return offers;
}

function holderOf(state: MasterState, holder: FrameworkRecord) {
  const [first] = holder.offers;
  const oldest = first === undefined ? undefined : state.offers.get(first);
  if (oldest === undefined) return undefined;
  const offered = offeredTo(holder, state.offers);
  return { holder, oldest, offered, share: dominantPart(offered, state.totalQuantities) };
}

/** The largest part of any scalar of the cluster. */
function dominantPart(resources: Resources, cluster: ResourceQuantities): number {
  let part = 0;
  for (const [name, millis] of ResourceQuantities.ofScalars(resources)) {
    const all = cluster.millis(name);
    if (all > 0) part = Math.max(part, millis / all);
  }
  return part;
}
