/**
 * The rules that stand between an agent and a framework in a role: what a cycle asks before it hands anything out, and
 * what is told of them to who asks why nothing came. In one place, so that both always agree.
 */
import type { Kind, Resources } from '@mesolite/resources';
import type { AgentRow } from './agent-row.ts';
import type { AllocatorOptions } from './allocator.ts';
import { type Amounts, countsForQuota, type ScalarNames } from './amounts.ts';
import type { Framework } from './client.ts';
import type { QuotaBook, RoleQuota } from './quota-book.ts';

export interface QuotaBooks {
  readonly quotas: Pick<QuotaBook, 'holdsBack' | 'surplus'>;
  readonly names: ScalarNames;
}

export function knowsRole(agent: AgentRow, role: string): boolean {
  return agent.options.capabilities.has('HIERARCHICAL_ROLE') || !role.includes('/');
}

/** Why the framework may not have the agent, whatever is free there. */
export type Unreceivable = 'gpus-withheld' | 'other-region' | 'no-multi-role';

export function unreceivable(
  framework: Framework,
  agent: AgentRow,
  { filterGpuResources, region: home }: AllocatorOptions,
): Unreceivable | undefined {
  if (agent.hasGpus && filterGpuResources !== false && !framework.knowsGpus) return 'gpus-withheld';
  const { region } = agent.options;
  if (region !== undefined && region !== home && !framework.knowsRegions) return 'other-region';
  if (framework.hasManyRoles && !agent.takesManyRoles) return 'no-multi-role';
  return undefined;
}

/** What quota lets a role have once guarantees are served. */
export function withinQuota(books: QuotaBooks, resources: Resources, quota: RoleQuota): Resources {
  if (!quota.hasLimits && !books.quotas.holdsBack) return resources;
  return withinHeadroom(books, withinLimits(books, resources, quota));
}

/** What is missing to the guarantee, if anything is there of it; with it all that quota does not count, and of the rest what may be. */
export function guaranteedPart(books: QuotaBooks, resources: Resources, quota: RoleQuota): Resources {
  const counted = resources.filterKind(isCounted);
  const granted = counted.cutTo(isCounted, (name) => quota.missing(books.names.index(name)));
  if (granted.isEmpty) return granted;
  const extra = counted.minus(granted);
  const before = books.names.amountsOf(granted);
  const more = withinHeadroom(books, withinLimits(books, extra, quota, before));
  return resources.minus(extra.minus(more));
}

/** `before`: what the role is going to get anyway. */
export function withinLimits(
  { names }: QuotaBooks,
  resources: Resources,
  quota: RoleQuota,
  before: Amounts = [],
): Resources {
  if (!quota.hasLimits) return resources;
  return resources.cutTo(isCounted, (name) => {
    const index = names.index(name);
    return quota.allowed(index) - (before[index] ?? 0);
  });
}

function withinHeadroom({ quotas, names }: QuotaBooks, resources: Resources): Resources {
  if (!quotas.holdsBack) return resources;
  return resources.cutTo(isCounted, (name) => quotas.surplus(names.index(name)));
}

function isCounted(kind: Kind): boolean {
  return kind.type === 'SCALAR' && countsForQuota(kind);
}
