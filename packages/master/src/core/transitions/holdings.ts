/**
 * Books what tasks and executors hold, in every place that sums it: the agent, the framework, the cluster.
 *
 * Never: decides whether something may be held.
 */
import type { AgentId, FrameworkId } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import type { MasterContext } from '../context.ts';
import type { AgentRecord } from '../state/agents.ts';
import type { FrameworkRecord } from '../state/frameworks.ts';

function add<K extends AgentId | FrameworkId>(sums: Map<K, Resources>, key: K, resources: Resources): void {
  const before = sums.get(key);
  sums.set(key, before === undefined ? resources : before.plus(resources));
}

function subtract<K extends AgentId | FrameworkId>(sums: Map<K, Resources>, key: K, resources: Resources): void {
  const left = (sums.get(key) ?? Resources.empty).minus(resources);
  if (left.isEmpty) sums.delete(key);
  else sums.set(key, left);
}

/** The allocator has to know already: from the offer, or from adding the agent. */
export function hold(
  context: MasterContext,
  agent: AgentRecord,
  framework: FrameworkRecord,
  resources: Resources,
): void {
  if (resources.isEmpty) return;
  add(agent.used, framework.id, resources);
  add(framework.used, agent.id, resources);
  framework.totalUsed = framework.totalUsed.plus(resources);
  context.state.usedResources = context.state.usedResources.plus(resources.unallocate());
}

/** Gives back to the allocator too, which asks for no cycle because of it. */
export function release(
  context: MasterContext,
  agent: AgentRecord,
  framework: FrameworkRecord,
  resources: Resources,
): void {
  if (resources.isEmpty) return;
  subtract(agent.used, framework.id, resources);
  subtract(framework.used, agent.id, resources);
  framework.totalUsed = framework.totalUsed.minus(resources);
  context.state.usedResources = context.state.usedResources.minus(resources.unallocate());
  context.allocator.recover(framework.id, agent.id, resources, context.now.monotonicMs);
}
