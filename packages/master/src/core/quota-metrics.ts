/**
 * Quota of each role that has one, under the original's metric names: what is guaranteed, allowed, consumed and handed out.
 *
 * Departs from Mesos: what roles without quota consume is not told.
 */
import type { Allocator } from '@mesolite/allocator';
import type { Metrics } from '@mesolite/ports';
import type { RoleSettings } from './state/role-settings.ts';

export class QuotaMetrics {
  readonly #metrics: Metrics;
  readonly #allocator: Allocator;
  readonly #settings: RoleSettings;
  readonly #roles = new Set<string>();
  #changes = 0;

  constructor(metrics: Metrics, allocator: Allocator, settings: RoleSettings) {
    this.#metrics = metrics;
    this.#allocator = allocator;
    this.#settings = settings;
  }

  /** To be called now and then; costs nothing while quota is as it was. */
  refresh(): void {
    const { quotas, quotaChanges } = this.#settings;
    if (quotaChanges === this.#changes) return;
    this.#changes = quotaChanges;
    for (const role of this.#roles) {
      if (quotas.has(role)) continue;
      this.#metrics.remove(prefixOf(role));
      this.#roles.delete(role);
    }
    for (const role of quotas.keys()) {
      if (this.#roles.has(role)) continue;
      this.#roles.add(role);
      this.#metrics.family(prefixOf(role), () => this.#read(role));
    }
  }

  #read(role: string): readonly (readonly [string, number])[] {
    const { guarantees, limits } = this.#allocator.quota(role) ?? { guarantees: {}, limits: {} };
    const consumed = this.#allocator.consumedQuota(role);
    const figures: [string, number][] = [];
    for (const name of new Set([...Object.keys(guarantees), ...Object.keys(limits)])) {
      figures.push([`${name}/offered_or_allocated`, this.#allocator.held(role, name)]);
      figures.push([`${name}/consumed`, consumed.get(name) ?? 0]);
      if (guarantees[name] !== undefined) figures.push([`${name}/guarantee`, guarantees[name]]);
      if (limits[name] !== undefined) figures.push([`${name}/limit`, limits[name]]);
    }
    return figures.sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

/** Only top-level roles have quota, so that none of these begins as another. */
function prefixOf(role: string): string {
  return `allocator/mesos/quota/roles/${role}/resources/`;
}
