/**
 * A collection of resources: immutable, canonical (nothing empty, what merges is merged), in the post-refinement
 * format, with amounts in exact thousandths. Order of entries is the order in which they were added.
 * Must never hold invalid resources: validate what comes from outside before `from`.
 * Departs from Mesos: sums are exact only up to 2^53 thousandths (nine million million units of one name).
 */
import { fromMillis } from '@mesolite/base';
import type { Resource, ResourceReservationInfo, ValueRange } from '@mesolite/wire';
import { Entry, entryOf } from './entry.ts';
import { EntryIndex, EntrySum, INDEXED_FROM } from './entry-index.ts';
import { EntryTable } from './entry-table.ts';
import { findEntries } from './find-entries.ts';
import type { Kind } from './kind.ts';
import { isStrictSubrole } from './roles.ts';
import { formatResource } from './text-form.ts';
import { entriesToV0Json } from './v0-object.ts';
import { resourceListError } from './validate.ts';
import { expandRanges, type FlatRanges, NO_RANGES, unionRanges } from './value-ranges.ts';
import { type SortedItems, unionItems } from './value-sets.ts';

/** What is taken away and what is put there instead. */
export interface Exchange {
  readonly consumed: Resources;
  readonly converted: Resources;
  /** Nothing more of what is taken may be left afterwards: no further copy of a shared volume. */
  readonly gone?: boolean;
}

export class Resources {
  /** `this`, because compiler 7.0 emits a class name here before it is bound. */
  static readonly empty: Resources = new this([]);

  readonly #entries: readonly Entry[];
  /** Made when it is first needed. */
  #index: EntryIndex | undefined;

  private constructor(entries: readonly Entry[], index?: EntryIndex) {
    this.#entries = entries;
    this.#index = index;
  }

  /** A collection of merged entries, without a copy. */
  private static wrap(entries: readonly Entry[]): Resources {
    return entries.length === 0 ? Resources.empty : new Resources(entries);
  }

  /** The resources of valid messages in either reservation format; amounts of nothing vanish. */
  static from(list: readonly Resource[] | undefined): Resources {
    if (list === undefined || list.length === 0) return Resources.empty;
    const sum = new EntrySum();
    for (const resource of list) {
      const entry = entryOf(resource);
      if (entry !== undefined) sum.add(entry);
    }
    return Resources.wrap(sum.entries);
  }

  /** Why `list` is invalid, in the words clients see (`Resource '…' is invalid: …`), or nothing. */
  static validate(list: readonly Resource[] | undefined): string | undefined {
    return resourceListError(list);
  }

  /** The sum of all; cheaper than adding one by one. */
  static sum(all: Iterable<Resources>): Resources {
    const sum = new EntrySum();
    for (const resources of all) for (const entry of resources.#entries) sum.add(entry);
    return Resources.wrap(sum.entries);
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** How many entries of distinct kind (or atomic units) there are. */
  get size(): number {
    return this.#entries.length;
  }

  /** Post-refinement messages; a shared volume appears once. They share parts with others: never change them. */
  toProto(): Resource[] {
    return this.#entries.map((entry) => entry.toProto());
  }

  plus(other: Resources): Resources {
    if (other.isEmpty) return this;
    if (this.isEmpty) return other;
    const entries = this.#entries.slice();
    const isLookedUp = this.#isLookedUpBy(other);
    for (const added of other.#entries) {
      // Those of the other do not merge with each other, so what was here before is all there is to look through.
      const at = added.kind.standsAlone
        ? -1
        : isLookedUp
          ? this.#find(added, (entry) => entry.mergesWith(added))
          : mergePosition(this.#entries, added);
      if (at < 0) entries.push(added);
      else entries[at] = entries[at]!.plus(added);
    }
    return new Resources(entries, entries.length === this.#entries.length ? this.#index : undefined);
  }

  /** What is left without `other`; taking more than there is leaves nothing. Ask `contains` before, where it matters. */
  minus(other: Resources): Resources {
    if (other.isEmpty || this.isEmpty) return this;
    if (other === this) return Resources.empty;
    const entries: (Entry | undefined)[] = this.#entries.slice();
    let gone = 0;
    const isLookedUp = this.#isLookedUpBy(other);
    for (const taken of other.#entries) {
      const at = isLookedUp
        ? this.#find(taken, (_entry, i) => entries[i]?.yieldsTo(taken) === true)
        : yieldPosition(entries, taken);
      if (at < 0) continue;
      const left = entries[at]!.minus(taken);
      if (left.isEmpty) gone++;
      entries[at] = left.isEmpty ? undefined : left;
    }
    if (gone === 0) return new Resources(entries as Entry[], this.#index);
    return Resources.wrap(entries.filter((entry) => entry !== undefined));
  }

  /**
   * Whether `other` could be taken from this: atomic units need equal units of their own.
   * Departs from Mesos: of two equal disks each needs one; the original lets one stand for both unless they are volumes.
   */
  contains(other: Resources): boolean {
    if (this === other) return true;
    let used: Set<number> | undefined;
    const isLookedUp = this.#isLookedUpBy(other);
    for (const wanted of other.#entries) {
      const at = isLookedUp
        ? this.#find(wanted, (entry, i) => entry.contains(wanted) && used?.has(i) !== true)
        : containPosition(this.#entries, wanted, used);
      if (at < 0) return false;
      if (wanted.kind.atomic) {
        used ??= new Set();
        used.add(at);
      }
    }
    return true;
  }

  equals(other: Resources): boolean {
    return this.#entries.length === other.#entries.length && this.contains(other) && other.contains(this);
  }

  /** Whether some entry of `other`, by itself, could be taken from this. */
  containsSome(other: Resources): boolean {
    return other.#entries.some((wanted) => this.#holds(wanted, other));
  }

  /** Whether each entry of `other`, by itself, could be taken from this: two may be the same unit. */
  containsEach(other: Resources): boolean {
    return other.#entries.every((wanted) => this.#holds(wanted, other));
  }

  #holds(wanted: Entry, other: Resources): boolean {
    if (this.#isLookedUpBy(other)) return this.#find(wanted, (entry) => entry.contains(wanted)) >= 0;
    return containPosition(this.#entries, wanted, undefined) >= 0;
  }

  /**
   * What is there after all of `exchanges` in order, or before the first that takes what is not there or leaves some of
   * what has to be gone. As `minus` and `plus` for each, but each costs no more than it changes.
   */
  exchange(exchanges: readonly Exchange[]): {
    readonly held: Resources;
    readonly done: number;
    readonly isLeft: boolean;
  } {
    const table = new EntryTable(this.#entries);
    let done = 0;
    let isLeft = false;
    for (const { consumed, converted, gone } of exchanges) {
      if (!table.contains(consumed.#entries)) break;
      table.take(consumed.#entries);
      table.put(converted.#entries);
      isLeft = gone === true && table.contains(consumed.#entries);
      if (isLeft) break;
      done++;
    }
    return { held: Resources.wrap(table.entries()), done, isLeft };
  }

  /**
   * What here makes up `targets`, whatever it is reserved for (first what is reserved to the role of a target, then
   * what is free, then any); nothing when a target is not there. Each target is looked for by itself.
   */
  find(targets: Resources): Resources | undefined {
    const all = new EntrySum();
    for (const target of targets.#entries) {
      const found = findEntries(this.#entries, target);
      if (found === undefined) return undefined;
      for (const entry of found) all.add(entry);
    }
    return Resources.wrap(all.entries);
  }

  /** How often a resource is held: of shared ones the count, of others 1 when exactly that is an entry, else 0. */
  count(resource: Resource): number {
    const wanted = entryOf(resource);
    if (wanted === undefined) return 0;
    const held = this.#entries.find((entry) => entry.kind.equals(wanted.kind) && entry.sameAmount(wanted));
    return held?.count ?? 0;
  }

  /** The same, allocated to `role` (replacing any allocation). */
  allocate(role: string): Resources {
    return this.#map((kind) => kind.allocatedTo(role));
  }

  unallocate(): Resources {
    return this.#map((kind) => kind.unallocated());
  }

  /** By the role they are allocated to; what is not allocated stands under the empty name. */
  byRole(): ReadonlyMap<string, Resources> {
    const groups = new Map<string, Entry[]>();
    for (const entry of this.#entries) {
      const role = entry.kind.allocationRole ?? '';
      const group = groups.get(role);
      if (group === undefined) groups.set(role, [entry]);
      else group.push(entry);
    }
    const result = new Map<string, Resources>();
    for (const [role, entries] of groups)
      result.set(role, entries.length === this.#entries.length ? this : new Resources(entries));
    return result;
  }

  /** Units of scalar `name`, over all kinds; 0 when there are none. */
  scalar(name: string): number {
    return fromMillis(this.scalarMillis(name));
  }

  scalarMillis(name: string): number {
    let millis = 0;
    for (const entry of this.#entries) if (entry.kind.name === name) millis += entry.millis;
    return millis;
  }

  /** The ranges of `name` over all kinds, sorted and coalesced. */
  ranges(name: string): ValueRange[] {
    let flat: FlatRanges = NO_RANGES;
    for (const entry of this.#entries) if (entry.kind.name === name) flat = unionRanges(flat, entry.ranges);
    return expandRanges(flat);
  }

  /** The items of set `name` over all kinds, sorted. */
  items(name: string): string[] {
    let items: SortedItems = [];
    for (const entry of this.#entries) if (entry.kind.name === name) items = unionItems(items, entry.items);
    return [...items];
  }

  /** Thousandths of scalars, a thousand for each item of ranges and sets: what thresholds are compared with. */
  quantityMillis(name: string): number {
    let millis = 0;
    for (const entry of this.#entries) if (entry.kind.name === name) millis += entry.quantityMillis();
    return millis;
  }

  /** Calls `visit` for each scalar entry, in order; shared volumes once, whatever their count. */
  forEachScalar(visit: (name: string, millis: number, kind: Kind) => void): void {
    for (const entry of this.#entries)
      if (entry.kind.type === 'SCALAR') visit(entry.kind.name, entry.millis, entry.kind);
  }

  names(): string[] {
    return [...new Set(this.#entries.map((entry) => entry.kind.name))];
  }

  filter(predicate: (resource: Resource) => boolean): Resources {
    return this.#where((entry) => predicate(entry.toProto()));
  }

  /** Entries by what they are rather than how much: the cheap filter. */
  filterKind(predicate: (kind: Kind) => boolean): Resources {
    return this.#where((entry) => predicate(entry.kind));
  }

  /** Whether some kind answers true. */
  someKind(predicate: (kind: Kind) => boolean): boolean {
    return this.#entries.some((entry) => predicate(entry.kind));
  }

  /** Reserved ones: all, or those whose topmost reservation is `role`'s. */
  reserved(role?: string): Resources {
    return this.filterKind(({ reservationRole }) =>
      role === undefined ? reservationRole !== undefined : reservationRole === role,
    );
  }

  unreserved(): Resources {
    return this.filterKind((kind) => kind.reservationRole === undefined);
  }

  /** Unreserved ones and those reserved to `role` or above it. */
  allocatableTo(role: string): Resources {
    return this.filterKind((kind) => kind.allocatableTo(role));
  }

  /** Those allocated to `role` or below it. */
  allocatedToSubtree(role: string): Resources {
    return this.filterKind(({ allocationRole }) => allocationRole !== undefined && isWithin(allocationRole, role));
  }

  /** Those whose topmost reservation is `role`'s or of one below it. */
  reservedToSubtree(role: string): Resources {
    return this.filterKind(({ reservationRole }) => reservationRole !== undefined && isWithin(reservationRole, role));
  }

  /** What is reserved, by the role of the innermost reservation, in order of appearance. */
  reservedByRole(): Map<string, Resources> {
    const byRole = new Map<string, Entry[]>();
    for (const entry of this.#entries) {
      const role = entry.kind.reservationRole;
      if (role === undefined) continue;
      const entries = byRole.get(role);
      if (entries === undefined) byRole.set(role, [entry]);
      else entries.push(entry);
    }
    return new Map([...byRole].map(([role, entries]) => [role, Resources.wrap(entries)]));
  }

  scalars(): Resources {
    return this.filterKind((kind) => kind.type === 'SCALAR');
  }

  revocable(): Resources {
    return this.filterKind((kind) => kind.revocable);
  }

  nonRevocable(): Resources {
    return this.filterKind((kind) => !kind.revocable);
  }

  shared(): Resources {
    return this.filterKind((kind) => kind.shared);
  }

  nonShared(): Resources {
    return this.filterKind((kind) => !kind.shared);
  }

  persistentVolumes(): Resources {
    return this.filterKind((kind) => kind.persistent);
  }

  /**
   * What fits `allowanceMillis` by name (Infinity: all of it) of the scalars that `counts` names; the rest stays whole.
   * Entries that stand first are served first, and what cannot be divided comes whole or not at all.
   */
  cutTo(counts: (kind: Kind) => boolean, allowanceMillis: (name: string) => number): Resources {
    const left = new Map<string, number>();
    const kept: Entry[] = [];
    let cut = false;
    for (const entry of this.#entries) {
      const { kind, millis } = entry;
      if (kind.type !== 'SCALAR' || !counts(kind)) {
        kept.push(entry);
        continue;
      }
      const allowed = Math.max(0, left.get(kind.name) ?? allowanceMillis(kind.name));
      const granted = millis <= allowed ? millis : kind.atomic ? 0 : allowed;
      left.set(kind.name, allowed - granted);
      if (granted === millis) {
        kept.push(entry);
        continue;
      }
      cut = true;
      if (granted > 0) kept.push(new Entry(kind, granted, entry.ranges, entry.items, entry.count));
    }
    return cut ? Resources.wrap(kept) : this;
  }

  /** The same without any reservation. */
  toUnreserved(): Resources {
    return this.#map((kind) => (kind.reservationRole === undefined ? kind : kind.withReservations([])));
  }

  /** The same with one more reservation on top; the caller has checked that it refines what is there. */
  pushReservation(reservation: ResourceReservationInfo): Resources {
    return this.#map((kind) => kind.withReservations([...(kind.template.reservations ?? []), reservation]));
  }

  /** The same without the topmost reservation. */
  popReservation(): Resources {
    return this.#map((kind) => kind.withReservations((kind.template.reservations ?? []).slice(0, -1)));
  }

  /** The object of v0 endpoints: cpus, gpus, mem and disk always there; revocable ones apart by a suffix. */
  toV0Json(): Record<string, number | string> {
    return entriesToV0Json(this.#entries);
  }

  /** `cpus(allocated: web):1.5; ports:[31000-32000]`, shared volumes with their count at the end, or `{}`. */
  toString(): string {
    if (this.isEmpty) return '{}';
    return this.#entries.map(formatEntry).join('; ');
  }

  #where(predicate: (entry: Entry) => boolean): Resources {
    const kept = this.#entries.filter(predicate);
    return kept.length === this.#entries.length ? this : Resources.wrap(kept);
  }

  /** Kinds that become equal merge. */
  #map(change: (kind: Kind) => Kind): Resources {
    let changed = false;
    const sum = new EntrySum();
    for (const entry of this.#entries) {
      const moved = entry.withKind(change(entry.kind));
      if (moved !== entry) changed = true;
      sum.add(moved);
    }
    return changed ? new Resources(sum.entries) : this;
  }

  /** Whether an index is there, or pays for itself: making one costs more than looking at all entries a few times. */
  #isLookedUpBy({ size }: Resources): boolean {
    return this.#index !== undefined || (size >= LOOKUPS_FOR_INDEX && this.#entries.length >= INDEXED_FROM);
  }

  /** Position of the first entry of the kind of `like` that `fits`, or -1. */
  #find(like: Entry, fits: (entry: Entry, position: number) => boolean): number {
    const entries = this.#entries;
    this.#index ??= EntryIndex.of(entries);
    return this.#index.find(like, (at) => fits(entries[at]!, at));
  }
}

/** Lookups in a large collection for which an index is made. */
const LOOKUPS_FOR_INDEX = 16;

// Small collections, which nearly all are, are looked through by plain loops: no function is made for the few steps.

function mergePosition(entries: readonly Entry[], added: Entry): number {
  for (let i = 0; i < entries.length; i++) if (entries[i]!.mergesWith(added)) return i;
  return -1;
}

function yieldPosition(entries: readonly (Entry | undefined)[], taken: Entry): number {
  for (let i = 0; i < entries.length; i++) if (entries[i]?.yieldsTo(taken)) return i;
  return -1;
}

function containPosition(entries: readonly Entry[], wanted: Entry, used: ReadonlySet<number> | undefined): number {
  for (let i = 0; i < entries.length; i++) if (entries[i]!.contains(wanted) && !used?.has(i)) return i;
  return -1;
}

function formatEntry(entry: Entry): string {
  const text = formatResource(entry.toProto());
  return entry.kind.shared ? `${text}<${entry.count}>` : text;
}

function isWithin(role: string, root: string): boolean {
  return role === root || isStrictSubrole(role, root);
}
