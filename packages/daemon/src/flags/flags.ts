/** The flags of a running program: typed reads by name. Asking for an unknown flag or a wrong type is a bug and asserts. */
import { assert } from '@mesolite/base';
import { type FlagSpec, type FlagType, type FlagValue, formatFlagValue, parseFlagValue } from './flag-spec.ts';

export interface GivenFlag {
  readonly value: FlagValue;
  /** The name it was given by, which may be an alias. */
  readonly as: string;
}

export class Flags {
  readonly #specs: ReadonlyMap<string, FlagSpec>;
  readonly #given: ReadonlyMap<string, GivenFlag>;

  constructor(specs: readonly FlagSpec[], given: ReadonlyMap<string, GivenFlag>) {
    this.#specs = new Map(specs.map((spec) => [spec.name, spec]));
    this.#given = given;
  }

  /** Whether the operator set it, by whatever source. */
  given(name: string): boolean {
    this.#spec(name);
    return this.#given.has(name);
  }

  /** Text of any flag, as `/flags` shows it; undefined when unset and without default. */
  text(name: string): string | undefined {
    const value = this.#value(name);
    return value === undefined ? undefined : formatFlagValue(this.#spec(name).type, value);
  }

  /** Like {@link text} where the catalog or a check guarantees a value. */
  required(name: string): string {
    const text = this.text(name);
    assert(text !== undefined, `flag ${name} has no value`);
    return text;
  }

  /** False when unset. */
  bool(name: string): boolean {
    return (this.#typed(name, ['boolean']) as boolean | undefined) ?? false;
  }

  integer(name: string): number {
    return this.number(name);
  }

  /** A flag of type integer or number that has a value. */
  number(name: string): number {
    const value = this.#typed(name, ['integer', 'number']);
    assert(value !== undefined, `flag ${name} has no value`);
    return value as number;
  }

  durationMs(name: string): number | undefined {
    return this.#typed(name, ['duration']) as number | undefined;
  }

  bytes(name: string): number | undefined {
    return this.#typed(name, ['bytes']) as number | undefined;
  }

  /**
   * Every flag that has a value, under the name it was given by, sorted: what `/flags` shows. Defaults of flags that only
   * special builds of the original know are left out, as in its usual build.
   */
  effective(): Record<string, string> {
    const result: [string, string][] = [];
    for (const spec of this.#specs.values()) {
      if (spec.build !== undefined && !this.#given.has(spec.name)) continue;
      const value = this.#value(spec.name);
      if (value !== undefined)
        result.push([this.#given.get(spec.name)?.as ?? spec.name, formatFlagValue(spec.type, value)]);
    }
    return Object.fromEntries(result.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  }

  #value(name: string): FlagValue | undefined {
    const spec = this.#spec(name);
    const given = this.#given.get(name);
    if (given !== undefined) return given.value;
    if (spec.default === undefined) return undefined;
    const parsed = parseFlagValue(spec.type, spec.default);
    assert(parsed.ok, `default of flag ${name} must parse`);
    return parsed.value;
  }

  #typed(name: string, types: readonly FlagType[]): FlagValue | undefined {
    assert(types.includes(this.#spec(name).type), `flag ${name} is of type ${this.#spec(name).type}`);
    return this.#value(name);
  }

  #spec(name: string): FlagSpec {
    const spec = this.#specs.get(name);
    assert(spec !== undefined, `no flag ${name} in the catalog`);
    return spec;
  }
}
