/**
 * Whom to end so that what stays is spread evenly. Of the operators only GROUP_BY has a say: the others hold for any
 * part of what they held for.
 * Departs from Marathon: of groups of 1, 3 and 3 it takes one of a larger group, though they differ as much as before;
 * the original has no opinion then and may end the only one of its group.
 */
import type { Constraint } from './constraint.ts';
import { fieldOf, type Place } from './place.ts';

/** How many of the instances that stay are in each group; groups that have lost all are still there. */
interface Groups<T> {
  readonly groupOf: ReadonlyMap<T, string | undefined>;
  readonly sizes: Map<string | undefined, number>;
  /** Before anyone was chosen. */
  readonly differenceAtFirst: number;
}

/**
 * No more than `count` of `instances`, those that stand first preferred; fewer, or none, where constraints have no
 * opinion or no further one could go without making things worse. The caller chooses the rest as it likes.
 */
export function selectVictims<T>(
  constraints: readonly Constraint[],
  instances: readonly T[],
  placeOf: (instance: T) => Place,
  count: number,
): T[] {
  if (count >= instances.length) return [...instances];
  const groupings = constraints
    .filter(({ operator }) => operator === 'GROUP_BY')
    .map(({ field }) => groupsOf(instances, (instance) => fieldOf(placeOf(instance), field)));
  if (groupings.length === 0) return [];
  const victims: T[] = [];
  const staying = new Set(instances);
  while (victims.length < count) {
    const next = firstOf(candidates(groupings, staying), (one) =>
      groupings.every((groups) => bearsLossOf(groups, one)),
    );
    if (next === undefined) break;
    for (const { groupOf, sizes } of groupings) sizes.set(groupOf.get(next), sizes.get(groupOf.get(next))! - 1);
    staying.delete(next);
    victims.push(next);
  }
  return victims;
}

function groupsOf<T>(instances: readonly T[], nameOf: (instance: T) => string | undefined): Groups<T> {
  const groupOf = new Map(instances.map((instance) => [instance, nameOf(instance)]));
  const sizes = new Map<string | undefined, number>();
  for (const group of groupOf.values()) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  return { groupOf, sizes, differenceAtFirst: difference(sizes.values()) };
}

function difference(sizes: Iterable<number>): number {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (const size of sizes) {
    least = Math.min(least, size);
    most = Math.max(most, size);
  }
  return most - least;
}

/** Of the most uneven grouping those in its largest groups, of the next likewise, and then everyone. */
function* candidates<T>(groupings: readonly Groups<T>[], staying: ReadonlySet<T>): Generator<T> {
  const uneven = groupings
    .map(({ groupOf, sizes }) => ({ groupOf, sizes, difference: difference(sizes.values()) }))
    .filter((groups) => groups.difference > 0)
    .sort((a, b) => b.difference - a.difference);
  for (const { groupOf, sizes } of uneven) {
    const largest = [...sizes.values()].reduce((a, b) => Math.max(a, b), 0);
    for (const instance of staying) if (sizes.get(groupOf.get(instance)) === largest) yield instance;
  }
  yield* staying;
}

/** Whether without `instance` the groups differ by one at most, or by less than at first, or by no more than now. */
function bearsLossOf<T>({ groupOf, sizes, differenceAtFirst }: Groups<T>, instance: T): boolean {
  const group = groupOf.get(instance);
  const after = difference([...sizes].map(([name, size]) => (name === group ? size - 1 : size)));
  return after <= 1 || after < differenceAtFirst || after <= difference(sizes.values());
}

function firstOf<T>(all: Iterable<T>, holds: (one: T) => boolean): T | undefined {
  for (const one of all) if (holds(one)) return one;
  return undefined;
}
