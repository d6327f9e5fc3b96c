/**
 * How much of each name, whatever its kind: thousandths of scalars, a thousand for each item of ranges and sets. What
 * is not named is nothing; nothing is never held. Immutable. What guarantees, thresholds and headroom are counted in.
 */
import { err, fromMillis, ok, type Result } from '@mesolite/base';
import type { ValueScalar } from '@mesolite/wire';
import {
  type Amount,
  type Amounts,
  amountOf,
  amountsOfMap,
  equalAmounts,
  formatAmounts,
  mapOfAmounts,
  mergeAmounts,
  NO_AMOUNTS,
  parseAmounts,
  sortAmounts,
} from './amounts.ts';
import type { Resources } from './resources.ts';

export class ResourceQuantities implements Iterable<Amount> {
  static readonly empty: ResourceQuantities = new this(NO_AMOUNTS);

  readonly #amounts: Amounts;

  private constructor(amounts: Amounts) {
    this.#amounts = amounts;
  }

  /** The quantities of `cpus:1;mem:512`: repeated names add up, nothing vanishes. */
  static parse(text: string): Result<ResourceQuantities> {
    const parsed = parseAmounts(text, 'quantity');
    return parsed.ok ? ok(ResourceQuantities.#adding(parsed.value)) : err(parsed.error);
  }

  /** Of a protocol map whose values are known to be finite and not negative. */
  static fromMap(map: Readonly<Record<string, ValueScalar>> | undefined): ResourceQuantities {
    return ResourceQuantities.#adding(amountsOfMap(map));
  }

  /** Of everything in `resources`; shared volumes once, whatever their count. */
  static of(resources: Resources): ResourceQuantities {
    return ResourceQuantities.#adding(resources.names().map((name) => [name, resources.quantityMillis(name)] as const));
  }

  /** Of the scalars in `resources` only. */
  static ofScalars(resources: Resources): ResourceQuantities {
    const amounts: Amount[] = [];
    resources.forEachScalar((name, millis) => amounts.push([name, millis]));
    return ResourceQuantities.#adding(amounts);
  }

  static sum(all: Iterable<ResourceQuantities>): ResourceQuantities {
    let total = ResourceQuantities.empty;
    for (const quantities of all) total = total.plus(quantities);
    return total;
  }

  static #adding(amounts: Iterable<Amount>): ResourceQuantities {
    const sums = new Map<string, number>();
    for (const [name, millis] of amounts) sums.set(name, (sums.get(name) ?? 0) + millis);
    return ResourceQuantities.#wrap(sortAmounts([...sums].filter(([, millis]) => millis > 0)));
  }

  static #wrap(amounts: Amounts): ResourceQuantities {
    return amounts.length === 0 ? ResourceQuantities.empty : new ResourceQuantities(amounts);
  }

  get isEmpty(): boolean {
    return this.#amounts.length === 0;
  }

  /** Thousandths of `name`; 0 when it is not there. */
  millis(name: string): number {
    return amountOf(this.#amounts, name) ?? 0;
  }

  /** Units of `name`; 0 when it is not there. */
  quantity(name: string): number {
    return fromMillis(this.millis(name));
  }

  /** Names and thousandths, sorted by name. */
  [Symbol.iterator](): Iterator<Amount> {
    return this.#amounts[Symbol.iterator]();
  }

  contains(other: ResourceQuantities): boolean {
    return other.#amounts.every(([name, millis]) => this.millis(name) >= millis);
  }

  equals(other: ResourceQuantities): boolean {
    return this === other || equalAmounts(this.#amounts, other.#amounts);
  }

  plus(other: ResourceQuantities): ResourceQuantities {
    return ResourceQuantities.#wrap(mergeAmounts(this.#amounts, other.#amounts, (a = 0, b = 0) => a + b));
  }

  /** Taking more than there is leaves nothing. */
  minus(other: ResourceQuantities): ResourceQuantities {
    return ResourceQuantities.#wrap(
      mergeAmounts(this.#amounts, other.#amounts, (a = 0, b = 0) => (a > b ? a - b : undefined)),
    );
  }

  toMap(): Record<string, ValueScalar> {
    return mapOfAmounts(this.#amounts);
  }

  /** `cpus:1; mem:512`, or `{}`. */
  toString(): string {
    return formatAmounts(this.#amounts);
  }
}
