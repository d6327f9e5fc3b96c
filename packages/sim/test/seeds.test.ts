/** A few seeds of every scenario, and a short swarm; `npm run sim` has no end. */
import { describe, expect, it } from 'vitest';
import { HitCounts, type Scenario, scenarioNamed, simulate, smallScenarioNames } from '../src/index.ts';

const SWARM_SEEDS = 12;

function named(name: string): Scenario {
  const scenario = scenarioNamed(name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  return scenario;
}

function small(name: string): Scenario {
  return { ...named(name), agents: 3, tasksPerFramework: 12, stormMs: 40_000, meanFaultMs: 2000 };
}

describe.each(smallScenarioNames())('%s', (name) => {
  it('comes to rest with nothing found', { timeout: 120_000 }, () => {
    const outcome = simulate(small(name), 1);
    expect(outcome.violation === undefined ? 'nothing' : outcome.log.slice(-200).join('\n')).toBe('nothing');
    expect(outcome.launched).toBeGreaterThan(0);
  });
});

describe('a swarm', () => {
  it('finds nothing, and lets every kind of fault strike', { timeout: 240_000 }, () => {
    const scenario = named('swarm');
    const hits = new HitCounts();
    for (let seed = 1; seed <= SWARM_SEEDS; seed++) {
      const outcome = simulate(scenario, seed);
      expect(outcome.violation, `npm run sim -- --seeds 1 --seed ${seed}`).toBeUndefined();
      hits.add(outcome.hits);
    }
    const [faults = ''] = hits.lines().filter((line) => line.startsWith('fault: '));
    for (const kind of Object.keys(scenario.faults)) expect(faults).toContain(`${kind} `);
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
