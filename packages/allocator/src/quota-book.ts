/**
 * Quota of top-level roles: what each has consumed, what it is still guaranteed, what it may still have, and how much of
 * the cluster must be held back so that guarantees can be kept (headroom). All kept up to date by what changes.
 *
 * Consumed is what is reserved for the role or below it, allocated or not, and what is held there of the unreserved,
 * non-revocable scalars. Never: knows frameworks or decides who gets what.
 *
 * Departs from Mesos: the headroom required falls whenever a guaranteed role gets something, in both stages of a cycle.
 * What is free counts unreserved, non-revocable scalars alone, so other resources held beyond what there is take nothing
 * from it.
 */
import { assert, fromMillis } from '@mesolite/base';
import { type Resources, topLevelRole } from '@mesolite/resources';
import { type Amounts, accumulate, add, countsForQuota, type ScalarNames, same } from './amounts.ts';

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
  /** Names of which something is missing to the guarantee, and those of which nothing more is allowed, as bits. */
  missingNames = 0;
  closedNames = 0;
  /** Something guaranteed has not been reached yet. */
  unmet = false;
  /** Clients in the role or below it. */
  users = 0;

  constructor(role: string) {
    this.role = role;
  }

  copy(): RoleQuota {
    const { quota, guarantees, limits, hasLimits, missingNames, closedNames, unmet, users } = this;
    const copy = new RoleQuota(this.role);
    accumulate(copy.consumed, this.consumed);
    return Object.assign(copy, { quota, guarantees, limits, hasLimits, missingNames, closedNames, unmet, users });
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

/** Names beyond this index have no bit in a set of names, which is an integer. */
const MAX_BITS = 31;

/** A set of names that is never asked, because it may lack some. */
export const UNKNOWN_NAMES = -1;

export class QuotaBook {
  /** Roles with a guarantee that is not reached. */
  unmetRoles = 0;
  /** Another number whenever some role may have got more room than before. */
  relief = 0;
  readonly #names: ScalarNames;
  readonly #roles = new Map<string, RoleQuota>();
  /** Has the roles that are not in the table. Only of books made by {@link ifBack}. */
  #base: QuotaBook | undefined;
  /** What nobody holds of all that counts for quota. */
  readonly #free: Amounts = [];
  /** Sum of what is missing to all guarantees. */
  readonly #required: Amounts = [];
  #heldBackNames: number | undefined;

  constructor(names: ScalarNames) {
    this.#names = names;
  }

  /** The record of the top-level role of `role`, for a client of it; to be released with the client. */
  join(role: string): RoleQuota {
    const record = this.#record(topLevelRole(role));
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

  /** The record of the top-level role of `role`, to look at; an empty one when there is none. */
  view(role: string): RoleQuota {
    const name = topLevelRole(role);
    return this.#roles.get(name) ?? this.#base?.view(name) ?? new RoleQuota(name);
  }

  /** Other books, as these would be if what is held under the roles came back. To look at: they do not last. */
  ifBack(held: Iterable<{ readonly role: string; readonly resources: Resources }>): QuotaBook {
    const book = new QuotaBook(this.#names);
    book.#base = this;
    book.unmetRoles = this.unmetRoles;
    accumulate(book.#free, this.#free);
    accumulate(book.#required, this.#required);
    for (const { role, resources } of held) {
      const name = topLevelRole(role);
      const record = book.#roles.get(name) ?? this.view(name).copy();
      book.#roles.set(name, record);
      book.hold(record, book.amountsOf(resources), -1);
    }
    return book;
  }

  consumedUnits(role: string): Map<string, number> {
    const units = new Map<string, number>();
    for (const [i, millis] of (this.#roles.get(role)?.consumed ?? []).entries())
      if (millis !== 0) units.set(this.#names.list[i]!, fromMillis(millis));
    return units;
  }

  /** Nothing given: no guarantee and no limit. */
  set(role: string, quota: Quota | undefined): void {
    assert(!role.includes('/'), `quota of '${role}', which is not a top-level role`);
    const record = this.#record(role);
    this.relief++;
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
    this.relief++;
    this.#heldBackNames = undefined;
    for (const [role, resources] of total.reservedByRole()) {
      const record = this.#record(topLevelRole(role));
      this.#consume(record, this.#names.amountsOf(resources), sign);
      this.#dropIfIdle(record);
    }
  }

  /** Amounts of what counts for quota are handed out or come back. */
  hold(record: RoleQuota, amounts: Amounts, sign: 1 | -1): void {
    accumulate(this.#free, amounts, sign === 1 ? -1 : 1);
    if (sign === -1) this.relief++;
    this.#heldBackNames = undefined;
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

  /** Roles whose guarantees are not reached, with the units that are missing; at most `listed`. */
  unmet(listed: number): { readonly role: string; readonly missing: ReadonlyMap<string, number> }[] {
    const unmet: { role: string; missing: Map<string, number> }[] = [];
    if (this.unmetRoles === 0) return unmet;
    for (const record of this.#records()) {
      if (!record.unmet) continue;
      if (unmet.length === listed) break;
      unmet.push({ role: record.role, missing: this.#units((index) => record.missing(index)) });
    }
    return unmet;
  }

  /** All that is set. */
  settings(): Map<string, Quota> {
    return new Map(
      [...this.#roles].flatMap(([role, { quota }]) => (quota === undefined ? [] : [[role, quota] as const])),
    );
  }

  /** Units of each limited name that `record` may still get. */
  leftUnits(record: RoleQuota): Map<string, number> {
    return this.#units((index) => record.allowed(index), true);
  }

  /** Units that are free in the cluster and not held back, by name. */
  surplusUnits(): Map<string, number> {
    return this.#units((index) => this.surplus(index), true);
  }

  #units(millis: (index: number) => number, zeros = false): Map<string, number> {
    const units = new Map<string, number>();
    for (const [index, name] of this.#names.list.entries()) {
      const amount = millis(index);
      if (Number.isFinite(amount) && (zeros || amount > 0)) units.set(name, fromMillis(amount));
    }
    return units;
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

  *#records(): Generator<RoleQuota> {
    if (this.#base === undefined) yield* this.#roles.values();
    else for (const record of this.#base.#records()) yield this.#roles.get(record.role) ?? record;
  }

  #record(role: string): RoleQuota {
    let record = this.#roles.get(role);
    if (record === undefined) {
      record = new RoleQuota(role);
      this.#roles.set(role, record);
    }
    return record;
  }

  /** Names of which nothing is left beyond what is held back, as bits. */
  get heldBackNames(): number {
    if (!this.holdsBack) return 0;
    if (this.#heldBackNames === undefined) {
      this.#heldBackNames = 0;
      for (let i = 0; i < Math.min(MAX_BITS, this.#names.list.length); i++)
        if (this.surplus(i) === 0) this.#heldBackNames |= 1 << i;
    }
    return this.#heldBackNames;
  }

  /** The names in `amounts` as bits. */
  namesIn(amounts: Amounts): number {
    if (amounts.length > MAX_BITS) return UNKNOWN_NAMES;
    let names = 0;
    for (let i = 0; i < amounts.length; i++) if (amounts[i]! > 0) names |= 1 << i;
    return names;
  }

  #dropIfIdle(record: RoleQuota): void {
    if (record.users === 0 && record.quota === undefined && same(record.consumed, [])) this.#roles.delete(record.role);
  }

  #consume(record: RoleQuota, amounts: Amounts, sign: 1 | -1): void {
    this.#require(record, -1);
    accumulate(record.consumed, amounts, sign);
    this.#require(record, 1);
    if (record.quota !== undefined) this.#measure(record);
  }

  #require(record: RoleQuota, sign: 1 | -1): void {
    for (let i = 0; i < record.guarantees.length; i++) add(this.#required, i, sign * record.missing(i));
  }

  #measure(record: RoleQuota): void {
    const { guarantees, limits } = record;
    let unmet = false;
    record.missingNames = 0;
    record.closedNames = 0;
    for (let i = 0; i < guarantees.length; i++) {
      if (record.missing(i) === 0) continue;
      unmet = true;
      if (i < MAX_BITS) record.missingNames |= 1 << i;
    }
    for (let i = 0; i < Math.min(MAX_BITS, limits.length); i++)
      if (record.allowed(i) === 0) record.closedNames |= 1 << i;
    this.#heldBackNames = undefined;
    if (unmet !== record.unmet) this.unmetRoles += unmet ? 1 : -1;
    record.unmet = unmet;
  }
}
