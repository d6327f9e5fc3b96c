/** An agent that takes whatever arrives, however old: the simulation has to find it. */
import { expect, it, vi } from 'vitest';
import { NO_FAULTS, scenarioNamed } from '../src/index.ts';
import { findAndShrink } from './find-and-shrink.ts';

vi.mock('@mesolite/agent/core', async (importOriginal) => {
  const original = await importOriginal<typeof import('@mesolite/agent/core')>();
  class Credulous extends original.AgentCore {
    override step(...[input, now]: Parameters<InstanceType<typeof original.AgentCore>['step']>): void {
      super.step('from' in input ? ({ ...input, connection: undefined } as typeof input) : input, now);
    }
  }
  return { ...original, AgentCore: Credulous };
});

it('finds that a task runs that was called lost, its launch having come late over a healed link', {
  timeout: 120_000,
}, () => {
  const swarm = scenarioNamed('swarm')!;
  const faults = { ...NO_FAULTS, lateData: 1 };
  const scenario = { ...swarm, masters: 1, agents: 3, frameworks: 3, faults, swarm: false, meanFaultMs: 2000 };
  const shrunk = findAndShrink({ scenario, seeds: 40, maxTries: 60 });
  expect(shrunk.outcome.violation).toMatch(/has ended as TASK_(DROPPED|LOST) and is said to be/);
  expect(shrunk.faults.length).toBeLessThanOrEqual(3);
});
