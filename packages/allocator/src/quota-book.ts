/**
 * Quota of top-level roles: what each has consumed, what it is still guaranteed, what it may still have, and how much of
 * the cluster must be held back so that guarantees can be kept (headroom). All kept up to date by what changes.
 *
 * Consumed is what is reserved for the role or below it, allocated or not, and what is held there of the unreserved,
 * non-revocable scalars. Never: knows frameworks or decides who gets what.
 *
 * Departs from Mesos: the headroom required falls whenever a guaranteed role gets something, in both stages of a cycle.
 */
import { assert } from '@mesolite/base';
import { type Kind, type Resources, reservedByRole } from '@mesolite/resources';
import { type Amounts, accumulate, add, type ScalarNames, same } from './amounts.ts';

/** Units by name of a scalar. A name without a guarantee has none; a name without a limit has an infinite one. */
export interface Quota {
  readonly guarantees: Readonly<Record<string, number>>;
  readonly limits: Readonly<Record<string, number>>;
}

export class RoleQuota {
  readonly role: string;
  quota: Quota | undefined;
  guarantees: Amounts = [];
  limits: Amounts = [];
  readonly consumed: Amounts = [];
  hasLimits = false;
  /** Something guaranteed has not been reached yet. */
  unmet = false;
  /** Clients in the role or below it. */
  users = 0;

  constructor(role: string) {
    this.role = role;
  }

  /** Thousandths still missing to the guarantee. */
  missing(index: number): number {
    return Math.max(0, (this.guarantees[index] ?? 0) - (this.consumed[index] ?? 0));
  }

  /** Thousandths the role may still get. */
  allowed(index: number): number {
    return Math.max(0, (this.limits[index] ?? Number.POSITIVE_INFINITY) - (this.consumed[index] ?? 0));
  }
}

/** What quota is about: unreserved and not revocable. Of these, scalars. */
export function countsForQuota(kind: Kind): boolean {
  return kind.reservationRole === undefined && !kind.revocable;
}

export class QuotaBook {
  /** Roles with a guarantee that is not reached. */
  unmetRoles = 0;
  readonly #names: ScalarNames;
  readonly #roles = new Map<string, RoleQuota>();
  /** What nobody holds of all that counts for quota. */
  readonly #free: Amounts = [];
  /** Sum of what is missing to all guarantees. */
  readonly #required: Amounts = [];

  constructor(names: ScalarNames) {
    this.#names = names;
  }

  /** The record of the top-level role of `role`, for a client of it; to be released with the client. */
  join(role: string): RoleQuota {
    const record = this.#record(topLevel(role));
    record.users++;
    return record;
  }

  release(record: RoleQuota): void {
    record.users--;
    this.#dropIfIdle(record);
  }

  get(role: string): RoleQuota | undefined {
    return this.#roles.get(role);
  }

  /** Nothing given: no guarantee and no limit. */
  set(role: string, quota: Quota | undefined): void {
    assert(!role.includes('/'), `quota of '${role}', which is not a top-level role`);
    const record = this.#record(role);
    this.#require(record, -1);
    record.quota = quota;
    record.guarantees = this.#names.amountsOfUnits(quota?.guarantees ?? {}, 0);
    record.limits = this.#names.amountsOfUnits(quota?.limits ?? {}, Number.POSITIVE_INFINITY);
    record.hasLimits = record.limits.length > 0;
    this.#require(record, 1);
    this.#measure(record);
    this.#dropIfIdle(record);
  }

  /** An agent's resources come or go. */
  addTotal(total: Resources, sign: 1 | -1): void {
    accumulate(this.#free, this.amountsOf(total), sign);
    for (const [role, resources] of reservedByRole(total)) {
      const record = this.#record(topLevel(role));
      this.#consume(record, this.#names.amountsOf(resources), sign);
      this.#dropIfIdle(record);
    }
  }

  /** Amounts of what counts for quota are handed out or come back. */
  hold(record: RoleQuota, amounts: Amounts, sign: 1 | -1): void {
    accumulate(this.#free, amounts, sign === 1 ? -1 : 1);
    this.#consume(record, amounts, sign);
  }

  amountsOf(resources: Resources): Amounts {
    return this.#names.amountsOf(resources.filterKind(countsForQuota));
  }

  /** Some of what is free must be held back. */
  get holdsBack(): boolean {
    return this.unmetRoles > 0;
  }

  /** Thousandths that are free and not held back for a guarantee. */
  surplus(index: number): number {
    return Math.max(0, (this.#free[index] ?? 0) - (this.#required[index] ?? 0));
  }

  check(free: Amounts, consumed: ReadonlyMap<string, Amounts>): void {
    assert(same(this.#free, free), 'the free part of the cluster differs from the sum over agents');
    const required: Amounts = [];
    let unmet = 0;
    for (const record of this.#roles.values()) {
      assert(same(record.consumed, consumed.get(record.role) ?? []), `consumed quota of '${record.role}' is wrong`);
      for (let i = 0; i < record.guarantees.length; i++) add(required, i, record.missing(i));
      assert(record.unmet === record.guarantees.some((_, i) => record.missing(i) > 0), `'${record.role}' is unmet`);
      if (record.unmet) unmet++;
    }
    assert(same(this.#required, required) && this.unmetRoles === unmet, 'the required headroom is out of date');
    for (const [role, amounts] of consumed)
      assert(this.#roles.has(role) || same(amounts, []), `quota of role '${role}' is not counted`);
  }

  #record(role: string): RoleQuota {
    let record = this.#roles.get(role);
    if (record === undefined) {
      record = new RoleQuota(role);
      this.#roles.set(role, record);
    }
    return record;
  }

  #dropIfIdle(record: RoleQuota): void {
    if (record.users === 0 && record.quota === undefined && same(record.consumed, [])) this.#roles.delete(record.role);
  }

  #consume(record: RoleQuota, amounts: Amounts, sign: 1 | -1): void {
    if (record.guarantees.length === 0) {
      accumulate(record.consumed, amounts, sign);
      return;
    }
    this.#require(record, -1);
    accumulate(record.consumed, amounts, sign);
    this.#require(record, 1);
    this.#measure(record);
  }

  #require(record: RoleQuota, sign: 1 | -1): void {
    for (let i = 0; i < record.guarantees.length; i++) add(this.#required, i, sign * record.missing(i));
  }

  #measure(record: RoleQuota): void {
    let unmet = false;
    for (let i = 0; i < record.guarantees.length; i++) if (record.missing(i) > 0) unmet = true;
    if (unmet !== record.unmet) this.unmetRoles += unmet ? 1 : -1;
    record.unmet = unmet;
  }
}

function topLevel(role: string): string {
  const slash = role.indexOf('/');
  return slash < 0 ? role : role.slice(0, slash);
}
