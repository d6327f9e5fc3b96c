/**
 * Amounts of scalars as short arrays: thousandths by the index of their name. The form in which shares, quota and
 * headroom are reckoned. What an array lacks is 0. Integers, so sums never drift.
 */
import { toMillis } from '@mesolite/base';
import type { Kind, Resources } from '@mesolite/resources';

export type Amounts = number[];

/** Names of scalars and their indexes; a name keeps its index for ever. */
export class ScalarNames {
  readonly list: string[] = [];
  readonly #indexes = new Map<string, number>();

  index(name: string): number {
    const known = this.#indexes.get(name);
    if (known !== undefined) return known;
    const index = this.list.push(name) - 1;
    this.#indexes.set(name, index);
    return index;
  }

  /** Of all scalars in `resources`; shared volumes once. */
  amountsOf(resources: Resources): Amounts {
    const amounts: Amounts = [];
    resources.forEachScalar((name, millis) => add(amounts, this.index(name), millis));
    return amounts;
  }

  /** Of a record of units; names without an entry get `missing`. */
  amountsOfUnits(units: Readonly<Record<string, number>>, missing: number): Amounts {
    const amounts: Amounts = [];
    for (const [name, value] of Object.entries(units)) {
      const index = this.index(name);
      while (amounts.length <= index) amounts.push(missing);
      amounts[index] = toMillis(value);
    }
    return amounts;
  }
}

/** What some resources weigh. Not to be changed. */
export interface Reckoning {
  /** All scalars, shared volumes once. */
  readonly all: Amounts;
  /** Those that count for quota; the same object when all do. */
  readonly counted: Amounts;
  readonly hasShared: boolean;
}

/** What quota is about: unreserved and not revocable. Of these, scalars. */
export function countsForQuota(kind: Kind): boolean {
  return kind.reservationRole === undefined && !kind.revocable;
}

export function reckon(resources: Resources, names: ScalarNames): Reckoning {
  const all: Amounts = [];
  let others = false;
  let hasShared = false;
  resources.forEachScalar((name, millis, kind) => {
    add(all, names.index(name), millis);
    if (!countsForQuota(kind)) others = true;
    if (kind.shared) hasShared = true;
  });
  if (!others) return { all, counted: all, hasShared };
  return { all, counted: names.amountsOf(resources.filterKind(countsForQuota)), hasShared };
}

export function add(into: Amounts, index: number, millis: number): void {
  while (into.length <= index) into.push(0);
  into[index] = into[index]! + millis;
}

export function accumulate(into: Amounts, amounts: Amounts, sign: 1 | -1 = 1): void {
  for (let i = 0; i < amounts.length; i++) add(into, i, sign * amounts[i]!);
}

export function same(a: Amounts, b: Amounts): boolean {
  for (let i = 0; i < Math.max(a.length, b.length); i++) if ((a[i] ?? 0) !== (b[i] ?? 0)) return false;
  return true;
}
