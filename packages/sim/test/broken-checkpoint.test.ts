/** Agents that tell of updates, and thank for them, before they are on disk: the simulation has to find it. */
import { expect, it, vi } from 'vitest';
import { scenarioNamed } from '../src/index.ts';
import { findAndShrink } from './find-and-shrink.ts';

vi.mock('@mesolite/agent/core', async (importOriginal) => {
  const original = await importOriginal<typeof import('@mesolite/agent/core')>();
  class Hasty extends original.AgentCore {
    override drain(): ReturnType<InstanceType<typeof original.AgentCore>['drain']> {
      const effects = super.drain();
      const late = effects.filter(({ kind }) => kind === 'append-file');
      return [...effects.filter(({ kind }) => kind !== 'append-file'), ...late];
    }
  }
  return { ...original, AgentCore: Hasty };
});

it('finds that an update is acknowledged before it is written, in one task on one agent', { timeout: 120_000 }, () => {
  const { outcome, scenario, faults } = findAndShrink({ scenario: scenarioNamed('swarm')!, seeds: 5, maxTries: 60 });
  expect(outcome.violation).toContain('before it is on disk');
  expect(scenario).toMatchObject({ agents: 1, frameworks: 1 });
  expect(scenario.tasksPerFramework).toBeLessThanOrEqual(2);
  expect(faults).toEqual([]);
});
