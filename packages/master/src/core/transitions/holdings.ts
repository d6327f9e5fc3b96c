/**
 * Books what tasks and executors hold, in every place that sums it: the agent, the framework, the cluster.
 *
 * Never: decides whether something may be held.
 */
import type { AgentId, FrameworkId } from '@mesolite/base';
import { ResourceQuantities, Resources } from '@mesolite/resources';
import type { MasterContext } from '../context.ts';
import type { AgentRecord } from '../state/agents.ts';
import type { FrameworkRecord } from '../state/frameworks.ts';
import { firmQuantities } from '../state/sums.ts';

function add<K extends AgentId | FrameworkId>(sums: Map<K, Resources>, key: K, resources: Resources): void {
  const before = sums.get(key);
  sums.set(key, before === undefined ? resources : before.plus(resources));
}

function subtract<K extends AgentId | FrameworkId>(sums: Map<K, Resources>, key: K, resources: Resources): void {
  const left = (sums.get(key) ?? Resources.empty).minus(resources);
  if (left.isEmpty) sums.delete(key);
  else sums.set(key, left);
}

/** Of the shared volumes that are held on the agent, each once; nothing unless `changing` has to do with some. */
function sharedQuantities({ used }: AgentRecord, changing: Resources): ResourceQuantities {
  if (!changing.someKind(({ shared }) => shared)) return ResourceQuantities.empty;
  return firmQuantities(Resources.sum([...used.values()].map((held) => held.shared())).unallocate());
}

/** The allocator has to know already: from the offer, or from adding the agent. */
export function hold(
  context: MasterContext,
  agent: AgentRecord,
  framework: FrameworkRecord,
  resources: Resources,
): void {
  if (resources.isEmpty) return;
  const { state } = context;
  const sharedBefore = sharedQuantities(agent, resources);
  add(agent.used, framework.id, resources);
  add(framework.used, agent.id, resources);
  state.usedQuantities = state.usedQuantities
    .plus(firmQuantities(resources.nonShared()))
    .minus(sharedBefore)
    .plus(sharedQuantities(agent, resources));
}

/** Gives back to the allocator too, which asks for no cycle because of it. */
export function release(
  context: MasterContext,
  agent: AgentRecord,
  framework: FrameworkRecord,
  resources: Resources,
): void {
  if (resources.isEmpty) return;
  const { state } = context;
  const sharedBefore = sharedQuantities(agent, resources);
  subtract(agent.used, framework.id, resources);
  subtract(framework.used, agent.id, resources);
  state.usedQuantities = state.usedQuantities
    .minus(firmQuantities(resources.nonShared()))
    .minus(sharedBefore)
    .plus(sharedQuantities(agent, resources));
  context.allocator.recover(framework.id, agent.id, resources, { nowMs: context.now.monotonicMs });
}
