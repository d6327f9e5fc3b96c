/** What `check()` is worth: whatever is spoiled in the tables, or known to the allocator otherwise, is found. */
import type { FrameworkId } from '@mesolite/base';
import { ResourceQuantities, Resources } from '@mesolite/resources';
import { describe, expect, it } from 'vitest';
import type { AgentRecord } from '../src/core/state/agents.ts';
import type { FrameworkRecord } from '../src/core/state/frameworks.ts';
import type { OfferRecord } from '../src/core/state/offers.ts';
import type { MasterState } from '../src/core/state/state.ts';
import { CoreHarness, frameworkInfo, scalar, task } from './core-harness.ts';

interface Tables {
  readonly state: MasterState;
  readonly agent: AgentRecord;
  readonly framework: FrameworkRecord;
  readonly offer: OfferRecord;
}

const MORE = Resources.from([scalar('cpus', 1)]);

/** An agent with a task of a framework, and the rest of it on offer to another. */
function tables(): { harness: CoreHarness } & Tables {
  const harness = new CoreHarness().start();
  const { id } = harness.addAgent();
  const worker = harness.subscribe(frameworkInfo({ roles: ['dev'] }));
  const [first] = harness.offers(worker);
  harness.launch(worker, first!, [task('t', id)]);
  harness.step({ kind: 'update-weights', connection: 1_000_000, weights: [{ role: 'dev', weight: 2 }] });
  const configs = [{ role: 'dev', limits: { cpus: { value: 100 } } }];
  harness.step({ kind: 'update-quota', connection: 1_000_001, configs, force: true });
  expect(harness.offers(worker)).toHaveLength(1);
  const { state } = harness.core;
  const framework = state.frameworks.registered.get(worker.id as FrameworkId)!;
  return { harness, state, agent: state.agents.registered.get(id)!, framework, offer: state.offers.oldest! };
}

describe('the check of the core', () => {
  it('finds nothing where nothing is wrong', () => {
    const { harness } = tables();
    harness.core.check();
  });

  it.each<[string, (tables: Tables) => void, RegExp]>([
    ['where a framework uses something', ({ framework }) => framework.used.clear(), /used of agent .* by framework/],
    [
      'what is offered of an agent',
      ({ agent }) => {
        agent.offered = Resources.empty;
      },
      /offered of agent/,
    ],
    ['an offer of an agent that is not out', ({ agent }) => void agent.offers.add('O9' as never), /has offer O9/],
    ['an offer of a framework that is not out', ({ framework }) => void framework.offers.add('O9' as never), /not out/],
    [
      'what a task holds',
      ({ agent, framework }) =>
        void agent.used.set(framework.id, Resources.from([scalar('cpus', 0.05)]).allocate('dev')),
      /used by framework .* on agent/,
    ],
    [
      'the sum of all agents',
      ({ state }) => {
        state.totalQuantities = state.totalQuantities.plus(ResourceQuantities.of(MORE));
      },
      /of the cluster/,
    ],
    [
      'the sum of all that is in use',
      ({ state }) => {
        state.usedQuantities = ResourceQuantities.empty;
      },
      /in use/,
    ],
    [
      'the total of an agent, as the allocator has it',
      ({ state, agent }) => {
        agent.total = agent.total.plus(MORE);
        state.totalQuantities = state.totalQuantities.plus(ResourceQuantities.of(MORE));
      },
      /for the allocator/,
    ],
    [
      'a weight',
      ({ state }) => void state.roleSettings.weights.set('dev', 3),
      /role 'dev' has another weight for the allocator/,
    ],
    [
      'a weight that was forgotten',
      ({ state }) => void state.roleSettings.weights.delete('dev'),
      /role 'dev' has another weight for the allocator/,
    ],
    [
      'quota that was forgotten',
      ({ state }) => void state.roleSettings.quotas.delete('dev'),
      /role 'dev' has another quota/,
    ],
    [
      'an offer of which only the allocator knows',
      ({ state, agent, framework, offer }) => {
        state.offers.remove(offer.id);
        agent.offers.delete(offer.id);
        agent.offered = agent.offered.minus(offer.resources);
        framework.offers.delete(offer.id);
      },
      /framework .* holds .* of agent .*, for the allocator/,
    ],
    [
      'an agent that is not offered, as the allocator has it',
      ({ state, agent }) => state.agents.setActive(agent, false),
      /is active=false, other than for the allocator/,
    ],
  ])('finds %s', (_, spoil, text) => {
    const { harness, ...rest } = tables();
    spoil(rest);
    expect(() => harness.core.check()).toThrow(text);
  });
});
