/** A master that takes an agent back that is gone for ever: the simulation has to find it. */
import { expect, it, vi } from 'vitest';
import { NO_FAULTS, scenarioNamed } from '../src/index.ts';
import { findAndShrink } from './find-and-shrink.ts';

vi.mock('@mesolite/master/core', async (importOriginal) => {
  const original = await importOriginal<typeof import('@mesolite/master/core')>();
  class Forgiving extends original.MasterCore {
    override step(...[input, now]: Parameters<InstanceType<typeof original.MasterCore>['step']>): void {
      if (input.kind === 'reregister-agent') {
        const id = input.message.agent.id?.value as Parameters<typeof this.state.agents.gone.delete>[0];
        // As one that was only lost.
        if (this.state.agents.gone.delete(id)) this.state.agents.unreachable.set(id, { wallMs: 0, tasks: new Map() });
      }
      super.step(input, now);
    }
  }
  return { ...original, MasterCore: Forgiving };
});

it('finds that an agent is back that was said to be gone, with a few faults', { timeout: 120_000 }, () => {
  const swarm = scenarioNamed('swarm')!;
  const faults = { ...NO_FAULTS, operateAgent: 6, crashAgent: 4, partition: 2 };
  const scenario = { ...swarm, agents: 4, frameworks: 1, faults, swarm: false, meanFaultMs: 800, stormMs: 30_000 };
  const shrunk = findAndShrink({ scenario, seeds: 10, maxTries: 60 });
  expect(shrunk.outcome.violation).toContain('is gone for ever');
  expect(shrunk.faults.length).toBeLessThanOrEqual(4);
});
