/**
 * What is kept beside tasks, executors and offers because it is asked for often: sums by agent and framework, and
 * quantities of the cluster. Reckons them anew. Scans everything: for tests and simulation.
 */
import { type AgentId, assert, type FrameworkId, type OfferId } from '@mesolite/base';
import { ResourceQuantities, Resources } from '@mesolite/resources';
import type { AgentRecord, ExecutorRecord } from './agents.ts';
import type { FrameworkRecord } from './frameworks.ts';
import type { MasterState } from './state.ts';
import { firmQuantities, usedQuantitiesOn } from './sums.ts';

/** Throws AssertionError when one is wrong. */
export function checkSums(state: MasterState): void {
  const { agents, frameworks } = state;
  for (const agent of agents.registered.values()) checkAgent(state, agent);
  for (const framework of frameworks.registered.values()) checkFramework(state, framework);
  const all = [...agents.registered.values()];
  sameQuantities(
    'of the cluster',
    state.totalQuantities,
    all.map(({ total }) => firmQuantities(total)),
  );
  sameQuantities('in use', state.usedQuantities, all.map(usedQuantitiesOn));
}

function checkAgent(state: MasterState, agent: AgentRecord): void {
  const { id, offers, offered, used, tasks, executors } = agent;
  for (const offerId of offers)
    assert(state.offers.get(offerId)?.agentId === id, `agent ${id} has offer ${offerId}, which is not out`);
  if (offers.size > 0 || !offered.isEmpty)
    same(`offered of agent ${id}`, offered, Resources.sum([...offers].map((one) => offerOf(state, one))));
  for (const framework of new Set<FrameworkId>([...used.keys(), ...tasks.keys(), ...executors.keys()])) {
    const live = [...(tasks.get(framework)?.values() ?? [])].filter(({ released }) => !released);
    const held = Resources.sum([...live, ...executorsOf(executors, framework)].map(({ resources }) => resources));
    same(`used by framework ${framework} on agent ${id}`, used.get(framework) ?? Resources.empty, held);
    const known = state.frameworks.registered.get(framework)?.used.get(id) ?? Resources.empty;
    same(`used of agent ${id} by framework ${framework}`, known, held);
  }
}

function executorsOf(
  executors: ReadonlyMap<FrameworkId, ReadonlyMap<string, ExecutorRecord>>,
  framework: FrameworkId,
): readonly ExecutorRecord[] {
  return [...(executors.get(framework)?.values() ?? [])];
}

function checkFramework(state: MasterState, { id, offers, used }: FrameworkRecord): void {
  for (const offerId of offers)
    assert(state.offers.get(offerId)?.frameworkId === id, `framework ${id} has offer ${offerId}, which is not out`);
  for (const agentId of used.keys())
    assert(
      agentHolds(state, agentId, id),
      `framework ${id} uses something of agent ${agentId}, which knows nothing of it`,
    );
}

function agentHolds({ agents }: MasterState, agentId: AgentId, id: FrameworkId): boolean {
  return agents.registered.get(agentId)?.used.has(id) === true;
}

function offerOf({ offers }: MasterState, id: OfferId): Resources {
  return offers.get(id)?.resources ?? Resources.empty;
}

/** Texts are made only when they are needed: this runs after every step of a simulation. */
function same(what: string, kept: Resources, reckoned: Resources): void {
  if (!kept.equals(reckoned)) assert(false, `resources ${what}: ${kept} are kept, but they are ${reckoned}`);
}

function sameQuantities(what: string, kept: ResourceQuantities, reckoned: readonly ResourceQuantities[]): void {
  const sum = ResourceQuantities.sum(reckoned);
  if (!kept.equals(sum)) assert(false, `resources ${what}: ${kept} are kept, but they are ${sum}`);
}
