/** Which offers stand against quota that has just been set. Decides only; whoever asks ends them. */
import { must } from '@mesolite/base';
import { ResourceQuantities, type Resources, topLevelRole } from '@mesolite/resources';
import type { QuotaConfig } from '@mesolite/wire';
import type { OfferRecord } from '../../state/offers.ts';
import { consumedByRole } from '../../state/role-breakdown.ts';
import type { MasterState } from '../../state/state.ts';
import { quotaOf } from '../../transitions/role-settings.ts';

/**
 * For each role: of its own offers those beyond its limits, then of those of others as many as its guarantees could need,
 * oldest first. The work is in proportion to roles and offers, however many of both there are.
 */
export function offersAgainstQuotas(state: MasterState, configs: readonly QuotaConfig[]): OfferRecord[] {
  if (state.offers.size === 0) return [];
  const consumed = consumedByRole(state);
  const kept = new Set(state.offers.values());
  const ended: OfferRecord[] = [];
  const end = (offer: OfferRecord): void => {
    kept.delete(offer);
    ended.push(offer);
  };
  const byRole = offersByRole(kept);
  for (const config of configs) {
    const { limits, guarantees } = quotaOf(config);
    // Those of an earlier role in the list may have cost this one some.
    const own = (byRole.get(config.role) ?? []).filter((offer) => kept.has(offer));
    const offered = ResourceQuantities.sum(own.map(({ resources }) => ResourceQuantities.of(resources)));
    let held = offered.plus(consumed.get(config.role) ?? ResourceQuantities.empty);
    for (const offer of own) {
      if (limits.allow(held)) break;
      held = held.minus(ResourceQuantities.of(offer.resources));
      end(offer);
    }
    for (const offer of kept) {
      if (held.contains(guarantees)) break;
      if (topLevelRole(offer.role) === config.role) continue;
      held = held.plus(ResourceQuantities.of(offer.resources));
      end(offer);
    }
  }
  return ended;
}

/** By the roles at the top. */
function offersByRole(offers: Iterable<OfferRecord>): Map<string, OfferRecord[]> {
  const byRole = new Map<string, OfferRecord[]>();
  for (const offer of offers) {
    const top = topLevelRole(offer.role);
    const own = byRole.get(top);
    if (own === undefined) byRole.set(top, [offer]);
    else own.push(offer);
  }
  return byRole;
}

/** All of as many agents as the role has active frameworks, and of more until what is guaranteed is free. */
export function offersAgainstGuarantee(state: MasterState, role: string, guarantee: Resources): OfferRecord[] {
  let wanted = 0;
  for (const framework of state.frameworks.registered.values())
    if (framework.state === 'active' && framework.roles.includes(role)) wanted++;
  const needed = ResourceQuantities.of(guarantee);
  const ended: OfferRecord[] = [];
  let free = ResourceQuantities.empty;
  let visited = 0;
  for (const agent of state.agents.registered.values()) {
    if (visited >= wanted && free.contains(needed)) break;
    if (!agent.active || agent.offers.size === 0) continue;
    visited++;
    for (const id of agent.offers) {
      const offer = must(state.offers.get(id), `offer ${id}`);
      free = free.plus(ResourceQuantities.of(plain(offer.resources)));
      ended.push(offer);
    }
  }
  return ended;
}

/** What a guarantee can be met with. */
function plain(resources: Resources): Resources {
  return resources.filterKind(
    ({ reservationRole, template: { disk, shared, revocable } }) =>
      reservationRole === undefined && disk === undefined && shared === undefined && revocable === undefined,
  );
}
