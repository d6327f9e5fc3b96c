/** Seeds of every scenario, small enough for each test run; `npm run sim` has no end. */
import { describe, expect, it } from 'vitest';
import { type Scenario, scenarioNamed, scenarioNames, simulate } from '../src/index.ts';

const SEEDS = [1, 2];

function small(name: string): Scenario {
  const scenario = scenarioNamed(name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  return { ...scenario, agents: 3, tasksPerFramework: 12, stormMs: 40_000, meanFaultMs: 2000 };
}

describe.each(scenarioNames())('%s', (name) => {
  it.each(SEEDS)('seed %i comes to rest with nothing found', { timeout: 120_000 }, (seed) => {
    const outcome = simulate(small(name), seed);
    expect(outcome.violation === undefined ? 'nothing' : outcome.log.slice(-200).join('\n')).toBe('nothing');
    expect(outcome.launched).toBeGreaterThan(0);
  });
});

describe('a seed', () => {
  it('does the same, line for line, each time', { timeout: 120_000 }, () => {
    const [first, again] = [simulate(small('storm'), 12), simulate(small('storm'), 12)];
    expect(again.hash).toBe(first.hash);
    expect(again.log).toEqual(first.log);
    expect(again.events).toBe(first.events);
    expect(simulate(small('storm'), 13).hash).not.toBe(first.hash);
  });
});
