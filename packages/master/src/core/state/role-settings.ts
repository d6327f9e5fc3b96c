/**
 * Weights and quota of roles, as the registry has them.
 *
 * Never: asks the registry or tells the allocator (transitions do), or holds what was not durable first.
 */
import type { ResourceLimits, ResourceQuantities } from '@mesolite/resources';

export interface RoleQuota {
  readonly guarantees: ResourceQuantities;
  /** Whatever is guaranteed is within them. */
  readonly limits: ResourceLimits;
}

export class RoleSettings {
  /** Above 0. A role without one weighs 1. */
  readonly weights = new Map<string, number>();
  /** Of top-level roles that have any guarantee or limit. */
  readonly quotas = new Map<string, RoleQuota>();
  /** Another number whenever some quota has changed. */
  quotaChanges = 0;
}
