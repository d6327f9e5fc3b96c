/**
 * How much of each name at most. What is not named is not limited; a limit of nothing is one. Immutable.
 * The opposite of quantities in what absence means, and kept apart from them for that.
 */
import { err, ok, type Result } from '@mesolite/base';
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
import type { ResourceQuantities } from './resource-quantities.ts';

export class ResourceLimits implements Iterable<Amount> {
  static readonly none: ResourceLimits = new this(NO_AMOUNTS);

  readonly #amounts: Amounts;

  private constructor(amounts: Amounts) {
    this.#amounts = amounts;
  }

  /** The limits of `cpus:1;mem:0`; no name may be limited twice. */
  static parse(text: string): Result<ResourceLimits> {
    const parsed = parseAmounts(text, 'limit');
    return parsed.ok ? ok(ResourceLimits.#wrap(sortAmounts(parsed.value))) : err(parsed.error);
  }

  /** Of a protocol map whose values are known to be finite and not negative. */
  static fromMap(map: Readonly<Record<string, ValueScalar>> | undefined): ResourceLimits {
    return ResourceLimits.#wrap(amountsOfMap(map));
  }

  static #wrap(amounts: Amounts): ResourceLimits {
    return amounts.length === 0 ? ResourceLimits.none : new ResourceLimits(amounts);
  }

  /** Whether nothing is limited. */
  get isEmpty(): boolean {
    return this.#amounts.length === 0;
  }

  /** Thousandths of `name` at most; nothing when it is not limited. */
  millis(name: string): number | undefined {
    return amountOf(this.#amounts, name);
  }

  /** Names and thousandths, sorted by name. */
  [Symbol.iterator](): Iterator<Amount> {
    return this.#amounts[Symbol.iterator]();
  }

  /** Whether `quantities` stay within these limits. */
  allow(quantities: ResourceQuantities): boolean {
    return this.#amounts.every(([name, millis]) => quantities.millis(name) <= millis);
  }

  /** Whether whatever `other` allows is allowed here. */
  contains(other: ResourceLimits): boolean {
    return this.#amounts.every(([name, millis]) => (other.millis(name) ?? Number.POSITIVE_INFINITY) <= millis);
  }

  equals(other: ResourceLimits): boolean {
    return this === other || equalAmounts(this.#amounts, other.#amounts);
  }

  /** What is left of the limits once `quantities` are used: never less than nothing; what is not limited stays so. */
  minus(quantities: ResourceQuantities): ResourceLimits {
    return ResourceLimits.#wrap(
      mergeAmounts(this.#amounts, [...quantities], (limit, used = 0) =>
        limit === undefined ? undefined : Math.max(0, limit - used),
      ),
    );
  }

  toMap(): Record<string, ValueScalar> {
    return mapOfAmounts(this.#amounts);
  }

  /** `cpus:1; mem:0`, or `{}`. */
  toString(): string {
    return formatAmounts(this.#amounts);
  }
}
