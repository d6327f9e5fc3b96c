/**
 * What each role holds, with the roles below it, added up from the tables. A role is known when a framework is subscribed
 * to it, when something is held by it or reserved for it, when it has a weight or a quota, and when one below it is known.
 *
 * Departs from Mesos: against a quota a shared volume counts once, however many hold it, and what can be revoked does not
 * count, both as in the allocator; the original counts a volume once for each framework here, and once there.
 */
import type { FrameworkId } from '@mesolite/base';
import { ResourceQuantities, Resources } from '@mesolite/resources';
import type { MasterState } from './state.ts';
import { offeredTo, usedBy } from './sums.ts';

export interface RoleBreakdown {
  /** Subscribed to the role itself. */
  readonly frameworks: readonly FrameworkId[];
  readonly allocated: ResourceQuantities;
  readonly offered: ResourceQuantities;
  readonly reserved: ResourceQuantities;
  /** What counts against its quota: what is allocated for good, and what is reserved and not allocated. */
  readonly consumed: ResourceQuantities;
}

type Part = 'allocated' | 'offered' | 'reserved' | 'consumed';

class Sums {
  readonly frameworks: FrameworkId[] = [];
  allocated = ResourceQuantities.empty;
  offered = ResourceQuantities.empty;
  reserved = ResourceQuantities.empty;
  consumed = ResourceQuantities.empty;
}

const NOTHING: RoleBreakdown = new Sums();

/** All known roles, sorted; with a whitelist those of it and above, and no others. */
export function roleBreakdowns(
  state: MasterState,
  whitelist: ReadonlySet<string> | undefined,
): Map<string, RoleBreakdown> {
  const roles = new Map<string, Sums>();
  const of = (role: string): Sums => {
    const known = roles.get(role) ?? new Sums();
    roles.set(role, known);
    return known;
  };
  const add = (role: string, part: Part, quantities: ResourceQuantities): void => {
    for (const one of withAncestors(role)) of(one)[part] = of(one)[part].plus(quantities);
  };
  for (const framework of state.frameworks.registered.values()) {
    for (const role of framework.roles) {
      add(role, 'allocated', ResourceQuantities.empty);
      of(role).frameworks.push(framework.id);
    }
    for (const [role, held] of usedBy(framework).byRole()) add(role, 'allocated', ResourceQuantities.of(held));
    for (const [role, held] of offeredTo(framework, state.offers).byRole())
      add(role, 'offered', ResourceQuantities.of(held));
  }
  for (const agent of state.agents.registered.values())
    for (const [role, resources] of agent.total.reservedByRole())
      add(role, 'reserved', ResourceQuantities.of(resources));
  for (const [role, quantities] of consumedByRole(state)) of(role).consumed = quantities;
  for (const role of state.roleSettings.weights.keys()) add(role, 'allocated', ResourceQuantities.empty);
  for (const role of state.roleSettings.quotas.keys()) add(role, 'allocated', ResourceQuantities.empty);
  const names = whitelist === undefined ? [...roles.keys()] : [...new Set([...whitelist].flatMap(withAncestors))];
  return new Map(names.sort().map((name) => [name, roles.get(name) ?? NOTHING] as const));
}

/** What counts against the quota of each role of which something does. */
export function consumedByRole(state: MasterState): Map<string, ResourceQuantities> {
  const roles = new Map<string, ResourceQuantities>();
  const addTo = (role: string, quantities: ResourceQuantities): void =>
    void roles.set(role, (roles.get(role) ?? ResourceQuantities.empty).plus(quantities));
  const add = (role: string, quantities: ResourceQuantities): void => {
    for (const one of withAncestors(role)) addTo(one, quantities);
  };
  for (const agent of state.agents.registered.values()) {
    if (agent.used.size === 0) {
      for (const [role, resources] of agent.total.reservedByRole()) add(role, ResourceQuantities.of(resources));
      continue;
    }
    const held = Resources.sum(agent.used.values());
    const firm = held.nonRevocable();
    for (const [role, resources] of firm.nonShared().byRole()) add(role, ResourceQuantities.of(resources));
    for (const [role, volumes] of volumesBelow(firm.shared())) addTo(role, ResourceQuantities.of(volumes));
    const used = held.unallocate().reservedByRole();
    for (const [role, resources] of agent.total.reservedByRole())
      add(role, ResourceQuantities.of(resources).minus(ResourceQuantities.of(used.get(role) ?? Resources.empty)));
  }
  return roles;
}

/** By each role that holds shared volumes of an agent, itself or below it, those; each once. */
function volumesBelow(shared: Resources): Map<string, Resources> {
  const below = new Map<string, Resources>();
  for (const [role, volumes] of shared.byRole())
    for (const one of withAncestors(role))
      below.set(one, (below.get(one) ?? Resources.empty).plus(volumes.unallocate()));
  return below;
}

/** `a/b/c`: itself, `a/b`, `a`. */
function withAncestors(role: string): string[] {
  const list = [role];
  for (let slash = role.lastIndexOf('/'); slash > 0; slash = role.lastIndexOf('/', slash - 1))
    list.push(role.slice(0, slash));
  return list;
}
