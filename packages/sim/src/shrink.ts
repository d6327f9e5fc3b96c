/**
 * Makes a history in which something is found smaller, as long as something is found: fewer faults, agents, frameworks,
 * tasks and masters, a shorter storm. What is left is easier to read, and can be played again.
 *
 * Never: insists on the same words. A smaller history may be stopped by another checker for the same reason.
 */
import { type Outcome, type Scenario, simulate } from './simulate.ts';

export interface Shrunk {
  readonly scenario: Scenario;
  readonly seed: number;
  /** Places in the plan of faults. */
  readonly faults: readonly number[];
  readonly outcome: Outcome;
  /** Histories played on the way. */
  readonly tries: number;
}

export interface ShrinkOptions {
  /** Histories played at most. */
  readonly maxTries: number;
  /** Asked before each. */
  readonly mayGoOn?: (() => boolean) | undefined;
}

type Size = 'agents' | 'frameworks' | 'tasksPerFramework' | 'masters' | 'stormMs';

const SIZES: readonly Size[] = ['agents', 'frameworks', 'tasksPerFramework', 'stormMs', 'masters'];
const SMALLEST: Readonly<Record<Size, number>> = {
  agents: 1,
  frameworks: 1,
  tasksPerFramework: 1,
  masters: 1,
  stormMs: 2000,
};

/** `found`: what playing `scenario` with its seed came to. */
export function shrink(scenario: Scenario, found: Outcome, options: ShrinkOptions): Shrunk {
  const shrinking = new Shrinking(scenario, found, options);
  let before: number;
  shrinking.dropAllFaults();
  do {
    before = shrinking.weight;
    for (const size of SIZES) shrinking.lower(size);
    shrinking.dropFaults();
  } while (shrinking.weight < before && shrinking.mayGoOn);
  return shrinking.result;
}

class Shrinking {
  readonly #options: ShrinkOptions;
  #scenario: Scenario;
  #faults: readonly number[];
  #outcome: Outcome;
  #tries = 0;

  constructor(scenario: Scenario, found: Outcome, options: ShrinkOptions) {
    this.#options = options;
    this.#scenario = scenario;
    this.#outcome = found;
    // Those planned for later have not struck.
    this.#faults = Array.from({ length: found.faults }, (_one, index) => index);
  }

  get result(): Shrunk {
    const { seed } = this.#outcome;
    return { scenario: this.#scenario, seed, faults: this.#faults, outcome: this.#outcome, tries: this.#tries };
  }

  get weight(): number {
    return this.#faults.length + SIZES.reduce((sum, size) => sum + this.#scenario[size], 0);
  }

  get mayGoOn(): boolean {
    return this.#tries < this.#options.maxTries && (this.#options.mayGoOn?.() ?? true);
  }

  dropAllFaults(): void {
    if (this.#faults.length > 0) this.#try(this.#scenario, []);
  }

  /** Halves of them, quarters and so on. */
  dropFaults(): void {
    for (let chunk = Math.ceil(this.#faults.length / 2); chunk >= 1 && this.mayGoOn; chunk = Math.floor(chunk / 2))
      for (let at = 0; at < this.#faults.length && this.mayGoOn; ) {
        const fewer = this.#faults.filter((_one, index) => index < at || index >= at + chunk);
        if (!this.#try(this.#scenario, fewer)) at += chunk;
      }
  }

  /** To the least, then less and less far. */
  lower(size: Size): void {
    const least = SMALLEST[size];
    for (let by = this.#scenario[size] - least; by >= 1 && this.mayGoOn; by = Math.floor(by / 2)) {
      const smaller = this.#scenario[size] - by;
      if (smaller >= least) this.#try({ ...this.#scenario, [size]: smaller }, this.#faults);
      if (size === 'stormMs' && by < 1000) return;
    }
  }

  /** True when something is found in it: it is the new smallest. */
  #try(scenario: Scenario, faults: readonly number[]): boolean {
    this.#tries++;
    const outcome = simulate(scenario, this.#outcome.seed, { onlyFaults: faults });
    if (outcome.violation === undefined) return false;
    this.#scenario = scenario;
    this.#faults = faults;
    this.#outcome = outcome;
    return true;
  }
}
