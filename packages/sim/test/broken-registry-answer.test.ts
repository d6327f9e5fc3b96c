/** Masters that go on before what they wrote is durable: the simulation has to find it. */
import { expect, it, vi } from 'vitest';
import { scenarioNamed } from '../src/index.ts';
import { findAndShrink } from './find-and-shrink.ts';

vi.mock('@mesolite/master/core', async (importOriginal) => {
  const original = await importOriginal<typeof import('@mesolite/master/core')>();
  class Hasty extends original.MasterCore {
    #now = { wallMs: 0, monotonicMs: 0 };

    override step(...[input, now]: Parameters<InstanceType<typeof original.MasterCore>['step']>): void {
      this.#now = now;
      // It has not waited for it.
      if (input.kind !== 'registry-written') super.step(input, now);
    }

    override drain(): ReturnType<InstanceType<typeof original.MasterCore>['drain']> {
      const effects = super.drain();
      for (const effect of effects)
        if (effect.kind === 'write-registry')
          super.step({ kind: 'registry-written', pending: effect.pending }, this.#now);
      return effects.some(({ kind }) => kind === 'write-registry') ? [...effects, ...this.drain()] : effects;
    }
  }
  return { ...original, MasterCore: Hasty };
});

it('finds that an agent is told it is registered too early, with one agent and no fault', { timeout: 120_000 }, () => {
  const { outcome, scenario, faults } = findAndShrink({ scenario: scenarioNamed('swarm')!, seeds: 5, maxTries: 60 });
  expect(outcome.violation).toContain('which is nothing in the registry');
  expect(scenario).toMatchObject({ masters: 1, agents: 1, frameworks: 1, tasksPerFramework: 1 });
  expect(faults).toEqual([]);
});
