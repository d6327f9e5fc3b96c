/** For tests that break a core on purpose: the first seed that finds it, made small. */
import { expect } from 'vitest';
import { type Scenario, type Shrunk, shrink, simulate } from '../src/index.ts';

export interface Search {
  readonly scenario: Scenario;
  readonly seeds: number;
  readonly maxTries: number;
}

export function findAndShrink({ scenario, seeds, maxTries }: Search): Shrunk {
  for (let seed = 1; seed <= seeds; seed++) {
    const outcome = simulate(scenario, seed);
    if (outcome.violation === undefined) continue;
    const shrunk = shrink(scenario, outcome, { maxTries });
    const again = simulate(shrunk.scenario, seed, { onlyFaults: shrunk.faults });
    expect(again.violation, 'what is left can be played again').toBe(shrunk.outcome.violation);
    expect(again.hash).toBe(shrunk.outcome.hash);
    return shrunk;
  }
  return expect.fail(`${seeds} seeds found nothing`);
}
