/**
 * An entry is an amount of one kind: thousandths for scalars, flat ranges, sorted items, and for shared volumes how
 * many times it is held. Entries are immutable. The rules of merging, taking away and containing live here.
 */
import { fromMillis, toMillis } from '@mesolite/base';
import { type Resource, type ResourceReservationInfo, UNKNOWN } from '@mesolite/wire';
import { type Kind, kindOf, plainKind } from './kind.ts';
import { upgradeResource } from './reservation-format.ts';
import {
  containsRanges,
  countRanges,
  equalRanges,
  expandRanges,
  type FlatRanges,
  flattenRanges,
  NO_RANGES,
  subtractRanges,
  unionRanges,
} from './value-ranges.ts';
import {
  containsItems,
  equalItems,
  NO_ITEMS,
  type SortedItems,
  sortItems,
  subtractItems,
  unionItems,
} from './value-sets.ts';

export class Entry {
  readonly kind: Kind;
  /** Thousandths; 0 unless scalar. */
  readonly millis: number;
  readonly ranges: FlatRanges;
  readonly items: SortedItems;
  /** Holders of a shared volume; 1 for all others. */
  readonly count: number;

  constructor(kind: Kind, millis: number, ranges: FlatRanges, items: SortedItems, count: number) {
    this.kind = kind;
    this.millis = millis;
    this.ranges = ranges;
    this.items = items;
    this.count = count;
  }

  get isEmpty(): boolean {
    return this.count <= 0 || (this.millis <= 0 && this.ranges.length === 0 && this.items.length === 0);
  }

  withKind(kind: Kind): Entry {
    return kind === this.kind ? this : new Entry(kind, this.millis, this.ranges, this.items, this.count);
  }

  /** The same with another stack of reservations, bottom first. */
  withReservations(stack: readonly ResourceReservationInfo[]): Entry {
    if (stack.length === 0 && this.kind.reservationRole === undefined) return this;
    return this.withKind(this.kind.withReservations(stack));
  }

  sameAmount(other: Entry): boolean {
    return (
      this.millis === other.millis && equalRanges(this.ranges, other.ranges) && equalItems(this.items, other.items)
    );
  }

  /** Whether the two make one entry: equal kinds, not atomic; shared ones merge by count when fully equal. */
  mergesWith(other: Entry): boolean {
    if (!this.kind.equals(other.kind)) return false;
    return this.kind.shared ? this.sameAmount(other) : !this.kind.atomic;
  }

  /** Whether `other` may be taken from this: equal kinds; shared and atomic ones only when exactly equal. */
  yieldsTo(other: Entry): boolean {
    if (!this.kind.equals(other.kind)) return false;
    return !(this.kind.shared || this.kind.atomic) || this.sameAmount(other);
  }

  contains(other: Entry): boolean {
    if (!this.yieldsTo(other)) return false;
    if (this.kind.shared) return this.count >= other.count;
    return (
      this.millis >= other.millis && containsRanges(this.ranges, other.ranges) && containsItems(this.items, other.items)
    );
  }

  /** Only for entries that merge. */
  plus(other: Entry): Entry {
    if (this.kind.shared) return new Entry(this.kind, this.millis, this.ranges, this.items, this.count + other.count);
    return new Entry(
      this.kind,
      this.millis + other.millis,
      unionRanges(this.ranges, other.ranges),
      unionItems(this.items, other.items),
      1,
    );
  }

  /** Only for entries of which this yields to the other. May come out empty. */
  minus(other: Entry): Entry {
    if (this.kind.shared) return new Entry(this.kind, this.millis, this.ranges, this.items, this.count - other.count);
    return new Entry(
      this.kind,
      Math.max(0, this.millis - other.millis),
      subtractRanges(this.ranges, other.ranges),
      subtractItems(this.items, other.items),
      1,
    );
  }

  /** Thousandths of a scalar; of ranges and sets 1000 for each item. */
  quantityMillis(): number {
    if (this.kind.type === 'SCALAR') return this.millis;
    return 1000 * (this.kind.type === 'RANGES' ? countRanges(this.ranges) : this.items.length);
  }

  /** Post-refinement message. Shares the parts of its kind: readers must not change it. */
  toProto(): Resource {
    switch (this.kind.type) {
      case 'SCALAR':
        return { ...this.kind.template, scalar: { value: fromMillis(this.millis) } };
      case 'RANGES':
        return { ...this.kind.template, ranges: { range: expandRanges(this.ranges) } };
      default:
        return { ...this.kind.template, set: { item: [...this.items] } };
    }
  }
}

/** The entry of a valid message in either format; undefined when its amount is nothing. */
export function entryOf(given: Resource): Entry | undefined {
  const kind = kindOfMessage(given);
  let millis = 0;
  let ranges = NO_RANGES;
  let items = NO_ITEMS;
  if (given.type === 'SCALAR') millis = toMillis(given.scalar?.value ?? 0);
  else if (given.type === 'RANGES') ranges = flattenRanges(given.ranges?.range);
  else items = sortItems(given.set?.item);
  const entry = new Entry(kind, millis, ranges, items, 1);
  return entry.isEmpty ? undefined : entry;
}

function kindOfMessage(given: Resource): Kind {
  if (
    (given as { [UNKNOWN]?: unknown })[UNKNOWN] === undefined &&
    (given.role === undefined || given.role === '*') &&
    (given.reservations === undefined || given.reservations.length === 0) &&
    given.disk === undefined &&
    given.revocable === undefined &&
    given.shared === undefined &&
    given.provider_id === undefined
  ) {
    return plainKind(given.name, given.type, given.allocation_info?.role, given.allocation_info);
  }
  const { scalar: _1, ranges: _2, set: _3, role: _4, reservation: _5, ...template } = upgradeResource(given);
  for (const key of Object.keys(template) as (keyof typeof template)[])
    if (template[key] === undefined) delete template[key];
  return kindOf(template);
}
