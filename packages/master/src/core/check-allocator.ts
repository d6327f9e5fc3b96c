/**
 * Whether the allocator knows what the tables say, and nothing else: agents, what tasks, executors and offers hold there,
 * weights and quota. Scans everything: for tests and simulation.
 */
import type { AllocatorBooks, Quota } from '@mesolite/allocator';
import { assert, type FrameworkId } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import type { AgentRecord } from './state/agents.ts';
import type { MasterState } from './state/state.ts';
import { allocatorQuota } from './transitions/role-settings.ts';

/** Throws AssertionError when they differ. */
export function checkAllocator(state: MasterState, books: AllocatorBooks): void {
  const { registered } = state.agents;
  for (const agent of registered.values()) {
    const book = books.agents.get(agent.id);
    assert(book !== undefined, `agent ${agent.id} is unknown to the allocator`);
    assert(book.active === agent.active, `agent ${agent.id} is active=${agent.active}, other than for the allocator`);
    if (!book.total.equals(agent.total))
      assert(false, `agent ${agent.id} has ${agent.total}, for the allocator ${book.total}`);
    const holdings = holdingsOn(state, agent);
    for (const id of new Set([...holdings.keys(), ...book.held.keys()])) {
      const [held = Resources.empty, known = Resources.empty] = [holdings.get(id), book.held.get(id)];
      if (!held.equals(known))
        assert(false, `framework ${id} holds ${held} of agent ${agent.id}, for the allocator ${known}`);
    }
  }
  assert(books.agents.size === registered.size, 'the allocator knows an agent that is not registered');
  checkRoles(state, books);
}

/** What is in use or on offer, by framework. */
function holdingsOn(state: MasterState, agent: AgentRecord): ReadonlyMap<FrameworkId, Resources> {
  if (agent.offers.size === 0) return agent.used;
  const holdings = new Map(agent.used);
  for (const id of agent.offers) {
    const offer = state.offers.get(id);
    if (offer === undefined) continue;
    holdings.set(offer.frameworkId, (holdings.get(offer.frameworkId) ?? Resources.empty).plus(offer.resources));
  }
  return holdings;
}

function checkRoles({ roleSettings }: MasterState, { weights, quotas }: AllocatorBooks): void {
  const weighted = new Map([...roleSettings.weights].filter(([, weight]) => weight !== 1));
  for (const role of new Set([...weighted.keys(), ...weights.keys()]))
    assert(weighted.get(role) === weights.get(role), `role '${role}' has another weight for the allocator`);
  for (const role of new Set([...roleSettings.quotas.keys(), ...quotas.keys()])) {
    const quota = roleSettings.quotas.get(role);
    const expected = quota === undefined ? '' : quotaText(allocatorQuota(quota));
    const known = quotas.get(role);
    assert(expected === (known === undefined ? '' : quotaText(known)), `role '${role}' has another quota`);
  }
}

function quotaText({ guarantees, limits }: Quota): string {
  return JSON.stringify([guarantees, limits].map((amounts) => Object.entries(amounts).sort()));
}
