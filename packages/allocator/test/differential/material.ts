/** What random clusters are made of: resources of every sort, frameworks of every capability, constraints. */
import type { RandomStream } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import type {
  AgentInfoCapabilityType,
  Attribute,
  FrameworkInfoCapabilityType,
  Resource,
  ResourceReservationInfo,
  SchedulerAttributeConstraint,
  SchedulerOfferConstraints,
} from '@mesolite/wire';
import type { AgentFacts, FrameworkFacts } from '../reference/reference-allocator.ts';

export const ROLES = ['*', 'a', 'a/x', 'a/x/p', 'a/y', 'b', 'b/z', 'c/z'];
export const TOP_LEVEL = ['*', 'a', 'b', 'c'];
export const HOSTNAMES = ['host0', 'host1', 'host2'];

const AGENT_CAPABILITIES: readonly AgentInfoCapabilityType[] = [
  'MULTI_ROLE',
  'HIERARCHICAL_ROLE',
  'RESERVATION_REFINEMENT',
];
const FRAMEWORK_CAPABILITIES: readonly FrameworkInfoCapabilityType[] = [
  'GPU_RESOURCES',
  'REGION_AWARE',
  'REVOCABLE_RESOURCES',
  'SHARED_RESOURCES',
  'RESERVATION_REFINEMENT',
];

export function chance(random: RandomStream, oneIn: number): boolean {
  return random.below(oneIn) === 0;
}

export function pick<T>(random: RandomStream, items: Iterable<T>): T | undefined {
  const all = [...items];
  return all[random.below(Math.max(1, all.length))];
}

export function some<T>(random: RandomStream, items: Iterable<T>): T[] {
  return [...items].filter(() => chance(random, 2));
}

export function scalar(name: string, value: number, more: Partial<Resource> = {}): Resource {
  return { name, type: 'SCALAR', scalar: { value }, ...more };
}

function reservedTo(...roles: readonly string[]): { reservations: ResourceReservationInfo[] } {
  return { reservations: roles.map((role, i) => ({ type: i === 0 ? 'STATIC' : 'DYNAMIC', role })) };
}

export function randomTotal(random: RandomStream): Resources {
  const list = [
    scalar('cpus', pick(random, [0.009, 0.5, 1, 1.5, 2.007, 4, 8])!),
    scalar('mem', pick(random, [16, 64, 100, 400, 1000])!),
  ];
  const rare: readonly (() => Resource)[] = [
    () => scalar('disk', pick(random, [40, 100])!),
    () => scalar('disk', 50, { disk: { source: { type: 'PATH', path: { root: '/p' } } } }),
    () => scalar('disk', 60, { disk: { source: { type: 'MOUNT', mount: { root: '/m' } } } }),
    () => scalar('disk', 30, { disk: { source: { type: 'MOUNT', mount: { root: '/n' } } } }),
    () => ({ name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 1, end: 5 }] } }),
    () => ({ name: 'zones', type: 'SET', set: { item: ['u', 'v'] } }),
    () => scalar('gpus', 2),
    () => scalar('bandwidth', 7),
    () => scalar('cpus', 1, reservedTo(pick(random, ['a', 'b', 'a/x'])!)),
    () => scalar('mem', 40, reservedTo('c')),
    () => scalar('disk', 20, reservedTo('a', 'a/x')),
    () => scalar('cpus', 2, reservedTo('a', 'a/x', 'a/x/p')),
    () => scalar('cpus', pick(random, [1, 3])!, { revocable: {} }),
    () => scalar('mem', 200, { revocable: {} }),
    () => volume(`v${random.below(2)}`, pick(random, ['a', 'b'])!, chance(random, 2)),
    () => volume('s', pick(random, ['a', 'b'])!, true),
  ];
  if (chance(random, 3)) return Resources.from(list);
  for (const make of rare) if (chance(random, 5)) list.push(make());
  return Resources.from(list);
}

export function volume(id: string, role: string, shared: boolean): Resource {
  const disk = { persistence: { id, principal: 'p' }, volume: { container_path: 'v', mode: 'RW' as const } };
  return scalar('disk', 10, { ...reservedTo(role), disk, ...(shared ? { shared: {} } : {}) });
}

export function randomAgentFacts(random: RandomStream): AgentFacts {
  const region = pick(random, [undefined, undefined, 'here', 'there']);
  return {
    hostname: pick(random, HOSTNAMES)!,
    capabilities: new Set(AGENT_CAPABILITIES.filter(() => !chance(random, 8))),
    attributes: some(random, ATTRIBUTES),
    region,
    zone: region && pick(random, ['z1', 'z2']),
  };
}

const ATTRIBUTES: readonly Attribute[] = [
  { name: 'rack', type: 'TEXT', text: { value: 'r1' } },
  { name: 'rack', type: 'TEXT', text: { value: 'r20' } },
  { name: 'gen', type: 'SCALAR', scalar: { value: 2 } },
];

export function randomFrameworkFacts(random: RandomStream): FrameworkFacts {
  const multi = !chance(random, 6);
  const roles = multi ? some(random, ROLES) : [pick(random, ROLES)!];
  const capabilities = new Set<FrameworkInfoCapabilityType>(some(random, FRAMEWORK_CAPABILITIES));
  if (multi) capabilities.add('MULTI_ROLE');
  const overridden = roles.filter(() => chance(random, 6));
  const constrained = roles.filter(() => chance(random, 6));
  return {
    roles,
    suppressedRoles: roles.filter(() => chance(random, 6)),
    capabilities,
    minAllocatable:
      overridden.length === 0 ? undefined : new Map(overridden.map((role) => [role, pick(random, THRESHOLDS)!])),
    constraints: constrained.length === 0 ? undefined : randomConstraints(random, constrained),
  };
}

export const THRESHOLDS: readonly (readonly Readonly<Record<string, number>>[])[] = [
  [],
  [{ cpus: 0.01 }, { mem: 32 }],
  [{ cpus: 2.007, mem: 64 }],
  [{ ports: 3 }, { disk: 10 }],
  [{ zones: 2, cpus: 1 }],
];

function randomConstraints(random: RandomStream, roles: readonly string[]): SchedulerOfferConstraints {
  const groups = () =>
    Array.from({ length: 1 + random.below(2) }, () => ({
      attribute_constraints: Array.from({ length: 1 + random.below(2) }, () => randomConstraint(random)),
    }));
  return { role_constraints: Object.fromEntries(roles.map((role) => [role, { groups: groups() }])) };
}

function randomConstraint(random: RandomStream): SchedulerAttributeConstraint {
  const value = pick(random, ['r1', 'r20', 'host0', 'here', 'z1'])!;
  const regex = pick(random, ['r[0-9]', 'r.*', 'host[01]', 'here|z2', '2'])!;
  return {
    selector: pick(random, [
      { attribute_name: 'rack' },
      { attribute_name: 'gen' },
      { pseudoattribute_type: 'HOSTNAME' as const },
      { pseudoattribute_type: 'REGION' as const },
      { pseudoattribute_type: 'ZONE' as const },
    ])!,
    predicate: pick(random, [
      { exists: {} },
      { not_exists: {} },
      { text_equals: { value } },
      { text_not_equals: { value } },
      { text_matches: { regex } },
      { text_not_matches: { regex } },
    ])!,
  };
}
