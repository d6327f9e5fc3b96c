/**
 * What agents and frameworks hold in all, added up when it is asked for. Only quantities by name are kept for the whole
 * cluster: sums of resources grow with its volumes and disks, which never merge, and each change would go through all.
 */
import { ResourceQuantities, Resources } from '@mesolite/resources';
import type { AgentRecord } from './agents.ts';
import type { FrameworkRecord } from './frameworks.ts';
import type { Offers } from './offers.ts';

/** What counts in the gauges of the cluster and against its capacity: scalars that nobody may take back. */
export function firmQuantities(resources: Resources): ResourceQuantities {
  return ResourceQuantities.ofScalars(resources.nonRevocable());
}

/** Of what is held on an agent; a shared volume once, however many hold it. */
export function usedQuantitiesOn({ used }: AgentRecord): ResourceQuantities {
  return firmQuantities(Resources.sum(used.values()).unallocate());
}

/** What tasks and executors of a framework hold. */
export function usedBy({ used }: FrameworkRecord): Resources {
  return Resources.sum(used.values());
}

/** What is out in offers to a framework. */
export function offeredTo({ offers: ids }: FrameworkRecord, offers: Offers): Resources {
  return Resources.sum([...ids].map((id) => offers.get(id)?.resources ?? Resources.empty));
}
