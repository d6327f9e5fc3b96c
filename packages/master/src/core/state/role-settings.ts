/**
 * Weights and quota of roles, as the registry has them; and quota as it will be when all that waits for the registry is
 * written.
 *
 * Never: asks the registry or tells the allocator (transitions do), or lets anything count that was not durable first.
 */
import { assert } from '@mesolite/base';
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
  /** Names that quota brought when no agent had them. The allocator keeps a name for ever, so they are kept, too. */
  readonly namesWithoutAgent = new Set<string>();
  /** Another number whenever some quota has changed. */
  quotaChanges = 0;
  /** Set while quota waits for the registry. */
  #asked: Map<string, RoleQuota> | undefined;
  #waiting = 0;

  /** What the registry was asked for last: new demands have to fit this, because writes keep their order. */
  get askedQuotas(): ReadonlyMap<string, RoleQuota> {
    return this.#asked ?? this.quotas;
  }

  /** Nothing for a role: it is to have no quota. */
  askQuotas(changes: ReadonlyMap<string, RoleQuota | undefined>): void {
    this.#asked ??= new Map(this.quotas);
    for (const [role, quota] of changes)
      if (quota === undefined) this.#asked.delete(role);
      else this.#asked.set(role, quota);
    this.#waiting++;
  }

  /** Changes are written in the order in which they were asked for; this one counts in {@link quotas} now. */
  quotasWritten(): void {
    this.#waiting--;
    if (this.#waiting === 0) this.#asked = undefined;
  }

  check(): void {
    assert(this.#waiting >= 0, 'more quota was written than asked for');
    assert((this.#asked !== undefined) === this.#waiting > 0, 'quota is asked for iff some waits for the registry');
  }
}
