/** Roles, weights and quota as operators see them, in v0 bodies and v1 messages. Pure reads of the tables. */
import type { ResourceQuantities } from '@mesolite/resources';
import type {
  LegacyJson,
  MasterResponseGetRoles,
  MasterResponseGetWeights,
  QuotaStatus,
  Resource,
  ValueScalar,
  WeightInfo,
} from '@mesolite/wire';
import { type RoleBreakdown, roleBreakdowns } from '../../state/role-breakdown.ts';
import type { MasterState } from '../../state/state.ts';

type Whitelist = ReadonlySet<string> | undefined;

/** Nothing beside these is known to be a scalar. */
const SHOWN_SCALARS = ['cpus', 'disk', 'gpus', 'mem'];

export function rolesBody(state: MasterState, whitelist?: Whitelist): LegacyJson {
  return { 'roles': [...roleBreakdowns(state, whitelist)].map(([name, role]) => roleJson(state, name, role)) };
}

function roleJson(state: MasterState, name: string, role: RoleBreakdown): LegacyJson {
  const quota = state.roleSettings.quotas.get(name);
  return {
    'name': name,
    'weight': weightOf(state, name),
    'quota': {
      'role': name,
      'guarantee': plain(quota?.guarantees.toMap()),
      'limit': plain(quota?.limits.toMap()),
      'consumed': plain(role.consumed.toMap()),
    },
    'resources': plain(role.allocated.plus(role.offered).toMap()),
    'allocated': plain(role.allocated.toMap()),
    'offered': plain(role.offered.toMap()),
    'reserved': plain(role.reserved.toMap()),
    'frameworks': role.frameworks,
  };
}

function plain(map: Readonly<Record<string, ValueScalar>> | undefined): Record<string, number> {
  return Object.fromEntries(Object.entries(map ?? {}).map(([name, { value }]) => [name, value]));
}

function weightOf(state: MasterState, role: string): number {
  return state.roleSettings.weights.get(role) ?? 1;
}

export function getRoles(state: MasterState, whitelist?: Whitelist): MasterResponseGetRoles {
  return {
    roles: [...roleBreakdowns(state, whitelist)].map(([name, { frameworks, allocated, offered }]) => ({
      name,
      weight: weightOf(state, name),
      frameworks: frameworks.map((value) => ({ value })),
      resources: scalarList(allocated.plus(offered), (known) => SHOWN_SCALARS.includes(known)),
    })),
  };
}

function scalarList(quantities: ResourceQuantities, shown: (name: string) => boolean): Resource[] {
  return Object.entries(quantities.toMap())
    .filter(([name]) => shown(name))
    .map(([name, scalar]) => ({ name, type: 'SCALAR', scalar }));
}

export function weightInfos(state: MasterState): WeightInfo[] {
  return [...state.roleSettings.weights].map(([role, weight]) => ({ role, weight }));
}

/** Nothing when no role has a weight. */
export function getWeights(state: MasterState): MasterResponseGetWeights | undefined {
  const weights = weightInfos(state);
  return weights.length === 0 ? undefined : { weight_infos: weights };
}

/** Each quota in the old form and the new one. */
export function quotaStatus(state: MasterState): QuotaStatus {
  const quotas = [...state.roleSettings.quotas];
  return {
    infos: quotas.map(([role, { guarantees }]) => ({ role, guarantee: scalarList(guarantees, () => true) })),
    configs: quotas.map(([role, { guarantees, limits }]) => ({
      role,
      guarantees: guarantees.toMap(),
      limits: limits.toMap(),
    })),
  };
}
