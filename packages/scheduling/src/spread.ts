/**
 * How the instances of one service are spread over places, and whether one more at some place would keep its
 * constraints. Counts by value of each field that a constraint names, so that asking costs no walk over the instances.
 * The owner adds live instances of the current configuration only: older ones must not be counted, or a service whose
 * hosts are all taken could never be upgraded.
 */
import { assert } from '@mesolite/base';
import type { Constraint } from './constraint.ts';
import { decimalText, fieldOf, type Place } from './place.ts';

/** How many instances have each value of a field; those that have none are not in it. */
type Tally = Map<string, number>;

export class Spread {
  readonly #constraints: readonly Constraint[];
  readonly #tallies = new Map<string, Tally>();
  #size = 0;

  constructor(constraints: readonly Constraint[], instances: Iterable<Place> = []) {
    this.#constraints = constraints;
    for (const { field } of constraints) this.#tallies.set(field, new Map());
    for (const place of instances) this.add(place);
  }

  /** Instances counted. */
  get size(): number {
    return this.#size;
  }

  add(place: Place): void {
    this.#change(place, 1);
  }

  /** Only for what was added. */
  remove(place: Place): void {
    this.#change(place, -1);
  }

  /** The first constraint that one more instance at `place` would break, in the order given. */
  unmet(place: Place): Constraint | undefined {
    return this.#constraints.find((constraint) => !this.#holds(constraint, place));
  }

  #change(place: Place, by: 1 | -1): void {
    this.#size += by;
    for (const [field, tally] of this.#tallies) {
      const value = fieldOf(place, field);
      if (value === undefined) continue;
      const count = (tally.get(value) ?? 0) + by;
      assert(count >= 0, `no instance was added whose ${field} is ${value}`);
      if (count === 0) tally.delete(value);
      else tally.set(value, count);
    }
  }

  /** A place that lacks the field keeps UNLIKE and nothing else. */
  #holds(constraint: Constraint, place: Place): boolean {
    const value = fieldOf(place, constraint.field);
    if (value === undefined) return constraint.operator === 'UNLIKE';
    const tally = this.#tallies.get(constraint.field)!;
    switch (constraint.operator) {
      case 'UNIQUE':
        return !tally.has(value);
      case 'MAX_PER':
        return (tally.get(value) ?? 0) < constraint.limit;
      case 'CLUSTER':
        return (constraint.value === undefined || constraint.value === value) && (tally.get(value) ?? 0) === this.#size;
      case 'GROUP_BY':
        return isNextGroup(tally, value, constraint.groups);
      case 'LIKE':
        return constraint.pattern.matches(value);
      case 'UNLIKE':
        return !constraint.pattern.matches(value);
      case 'IS':
        return value === constraint.value || isSameNumber(place, constraint.field, value, constraint.value);
    }
  }
}

/** A new group always; a used one when enough groups are in use and none has fewer instances. */
function isNextGroup(tally: Tally, value: string, groups: number): boolean {
  const count = tally.get(value);
  if (count === undefined) return true;
  if (tally.size < groups) return false;
  for (const other of tally.values()) if (other < count) return false;
  return true;
}

/** Numeric attributes are compared as they are written: 8 is 8.0. */
function isSameNumber(place: Place, field: string, value: string, wanted: string): boolean {
  const numeric = place.attributes.find(({ name }) => name === field)?.type === 'SCALAR';
  return numeric && /^-?\d+(\.\d+)?$/.test(wanted) && decimalText(Number(wanted)) === value;
}
