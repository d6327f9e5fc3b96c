/** A master that takes an offer for valid that was used before: the simulation has to find it. */

import type { OfferRecord } from '@mesolite/master/core';
import { expect, it, vi } from 'vitest';
import { scenarioNamed } from '../src/index.ts';
import { findAndShrink } from './find-and-shrink.ts';

vi.mock('@mesolite/master/core', async (importOriginal) => {
  const original = await importOriginal<typeof import('@mesolite/master/core')>();
  class Generous extends original.MasterCore {
    readonly #used = new Map<string, OfferRecord>();

    override step(...[input, now]: Parameters<InstanceType<typeof original.MasterCore>['step']>): void {
      const ids = input.kind === 'call-scheduler' ? (input.call.accept?.offer_ids ?? []) : [];
      for (const { value } of ids) {
        const out = this.state.offers.get(value as OfferRecord['id']);
        const used = this.#used.get(value);
        if (out !== undefined) this.#used.set(value, out);
        else if (used !== undefined) this.#offerAgain(used);
      }
      super.step(input, now);
    }

    #offerAgain(offer: OfferRecord): void {
      const agent = this.state.agents.registered.get(offer.agentId);
      const framework = this.state.frameworks.registered.get(offer.frameworkId);
      if (agent === undefined || framework === undefined) return;
      this.state.offers.add(offer);
      agent.offers.add(offer.id);
      agent.offered = agent.offered.plus(offer.resources);
      framework.offers.add(offer.id);
    }
  }
  return { ...original, MasterCore: Generous };
});

it('finds that an offer is used twice, and with how little', { timeout: 120_000 }, () => {
  const { outcome, scenario } = findAndShrink({ scenario: scenarioNamed('swarm')!, seeds: 5, maxTries: 60 });
  expect(outcome.violation).toMatch(/given away|is made to run|holds|allocat|offer/);
  expect(scenario.agents).toBeLessThanOrEqual(3);
});
