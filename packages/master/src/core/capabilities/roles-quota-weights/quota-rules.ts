/** What a quota must hold, by itself and against the cluster. Answers are the texts operators see, in the original's order. */
import { must } from '@mesolite/base';
import { ResourceQuantities, Resources, roleError } from '@mesolite/resources';
import type { QuotaConfig, QuotaRequest, ValueScalar } from '@mesolite/wire';
import type { MasterContext } from '../../context.ts';
import { MAX_ROLE_SETTINGS, MAX_ROLES_PER_CHANGE } from '../../options.ts';
import { quantityError } from '../../rules/framework-info.ts';
import { roleBreakdowns } from '../../state/role-breakdown.ts';
import { newNames, quotaOf } from '../../transitions/role-settings.ts';

/** Resources that one quota may name, as guarantees and as limits. */
export const MAX_QUOTA_RESOURCES = 100;
/** Names that all quotas together may bring while no agent has them, removed ones included, for as long as a master leads. */
export const MAX_NAMES_WITHOUT_AGENT = 1000;
const EXABYTE_IN_MEGABYTES = 1024 ** 4;
const TRILLION = 10 ** 12;

type Amounts = Readonly<Record<string, ValueScalar>>;

/** Whether the configuration makes sense anywhere. */
export function quotaConfigError(config: QuotaConfig): string | undefined {
  const { role, guarantees = {}, limits = {} } = config;
  const invalid = roleError(role);
  return (
    (invalid === undefined ? undefined : `Invalid 'QuotaConfig.role': ${invalid}`) ??
    tooManyResourcesError(guarantees, limits) ??
    named("Invalid 'QuotaConfig.guarantees'", tooLargeError(guarantees)) ??
    named("Invalid 'QuotaConfig.limits'", tooLargeError(limits)) ??
    amountError('guarantee', guarantees) ??
    amountError('limit', limits) ??
    (quotaOf(config).limits.allow(ResourceQuantities.fromMap(guarantees))
      ? undefined
      : `'QuotaConfig.guarantees' ${braced(guarantees)} is not contained within the 'QuotaConfig.limits' ${braced(limits)}`)
  );
}

function tooManyResourcesError(guarantees: Amounts, limits: Amounts): string | undefined {
  const most = Math.max(Object.keys(guarantees).length, Object.keys(limits).length);
  return most <= MAX_QUOTA_RESOURCES ? undefined : `Invalid 'QuotaConfig': more than ${MAX_QUOTA_RESOURCES} resources`;
}

function named(what: string, error: string | undefined): string | undefined {
  return error === undefined ? undefined : `${what}: ${error}`;
}

function braced(amounts: Amounts): string {
  const list = Object.entries(amounts).map(([name, { value }]) => `${name}: ${value}`);
  return list.length === 0 ? '{}' : `{ ${list.join(', ')} }`;
}

function tooLargeError(amounts: Amounts): string | undefined {
  for (const [name, { value }] of Object.entries(amounts)) {
    const [limit, words] =
      name === 'mem' || name === 'disk' ? [EXABYTE_IN_MEGABYTES, 'exabyte'] : [TRILLION, 'trillion'];
    if (value > limit)
      return `{'${name}': ${value}} is invalid: values greater than 1 ${words} (${limit}) are not supported`;
  }
  return undefined;
}

function amountError(what: 'guarantee' | 'limit', amounts: Amounts): string | undefined {
  for (const [name, { value }] of Object.entries(amounts)) {
    const wrong = quantityError(value);
    if (wrong !== undefined) return `Invalid ${what} configuration {'${name}': ${value}}: ${wrong}`;
  }
  return undefined;
}

/** Whether `configs`, together, may take effect now. `force` lets them overcommit the cluster. */
export function quotaUpdateError(
  context: MasterContext,
  configs: readonly QuotaConfig[],
  force: boolean,
): string | undefined {
  if (configs.length > MAX_ROLES_PER_CHANGE)
    return `Invalid QuotaConfig: 'quota_configs' has more than ${MAX_ROLES_PER_CHANGE} roles`;
  for (const config of configs) {
    const { role } = config;
    if (!isWhitelisted(context, role)) return `Invalid QuotaConfig: '${role}' is not on the roles whitelist`;
    if (role.includes('/')) return `Updating quota on nested role '${role}' is not supported yet`;
    const error = quotaConfigError(config);
    if (error !== undefined) return `Invalid QuotaConfig: ${error}`;
  }
  const bound = tooManyError(context, configs) ?? tooManyNamesError(context, configs);
  if (bound !== undefined) return `Invalid QuotaConfig: ${bound}`;
  if (force) return undefined;
  const breakdowns = roleBreakdowns(context.state, new Set(configs.map(({ role }) => role)));
  for (const config of configs) {
    const { limits } = quotaOf(config);
    const { consumed } = must(breakdowns.get(config.role), 'breakdown');
    if (!limits.allow(consumed))
      return (
        `Invalid QuotaConfig: Role '${config.role}' is already consuming '${consumed}'; this is more than the ` +
        `requested limits '${limits}' (use 'force' flag to bypass this check)`
      );
  }
  const { guarantees, capacity } = commitments(context, configs);
  if (capacity.contains(guarantees)) return undefined;
  return (
    `Invalid QuotaConfig: total quota guarantees '${guarantees}' exceed cluster capacity '${capacity}' ` +
    "(use 'force' flag to bypass this check)"
  );
}

/** All guarantees once `configs`, and what was asked for before, count; and what the cluster has. */
export function commitments(
  context: MasterContext,
  configs: readonly QuotaConfig[],
): { readonly guarantees: ResourceQuantities; readonly capacity: ResourceQuantities } {
  const { state } = context;
  const guarantees = new Map(
    [...state.roleSettings.askedQuotas].map(([role, quota]) => [role, quota.guarantees] as const),
  );
  for (const config of configs) guarantees.set(config.role, quotaOf(config).guarantees);
  return {
    guarantees: ResourceQuantities.sum(guarantees.values()),
    capacity: state.totalQuantities,
  };
}

function tooManyError({ state }: MasterContext, configs: readonly QuotaConfig[]): string | undefined {
  const { askedQuotas: quotas } = state.roleSettings;
  const roles = configs.filter(({ role }) => !quotas.has(role)).length + quotas.size;
  return roles <= MAX_ROLE_SETTINGS ? undefined : `More than ${MAX_ROLE_SETTINGS} roles would have quota`;
}

function tooManyNamesError(context: MasterContext, configs: readonly QuotaConfig[]): string | undefined {
  const names = newNames(context, configs);
  if (context.state.roleSettings.namesWithoutAgent.size + names.length <= MAX_NAMES_WITHOUT_AGENT) return undefined;
  const name = names[MAX_NAMES_WITHOUT_AGENT - context.state.roleSettings.namesWithoutAgent.size] ?? names[0]!;
  const config = configs.find(({ guarantees = {}, limits = {} }) => Object.hasOwn({ ...guarantees, ...limits }, name));
  const field = Object.hasOwn(config?.guarantees ?? {}, name) ? 'guarantees' : 'limits';
  return (
    `'QuotaConfig.${field}' of role '${config?.role}' names resource '${name}', which no agent has: quotas may not bring ` +
    `more than ${MAX_NAMES_WITHOUT_AGENT} such names, removed ones included`
  );
}

export function isWhitelisted({ options }: MasterContext, role: string): boolean {
  return options.roles === undefined || options.roles.has(role as never);
}

/** Whether the old form of quota, guarantees that are limits too, may be set on a role that has none. */
export function quotaRequestError(context: MasterContext, request: QuotaRequest): string | undefined {
  const failed = 'Failed to validate set quota request:';
  const guarantee = request.guarantee ?? [];
  const invalid = Resources.validate(guarantee);
  if (invalid !== undefined) return `${failed} QuotaInfo with invalid resource: ${invalid}`;
  const error = quotaInfoError(request);
  if (error !== undefined) return `${failed} ${error}`;
  const role = request.role ?? '';
  if (!isWhitelisted(context, role)) return `${failed} Unknown role '${role}'`;
  if (context.state.roleSettings.askedQuotas.has(role))
    return `${failed} Cannot set quota for role '${role}' which already has quota`;
  const parent = parentError(context, requestedConfig(request));
  if (parent !== undefined) return `${failed} ${parent}`;
  if (role.includes('/')) return `Setting quota on nested role '${role}' is not supported yet`;
  const config = requestedConfig(request);
  const wrong = quotaConfigError(config) ?? tooManyError(context, [config]) ?? tooManyNamesError(context, [config]);
  return wrong === undefined ? undefined : `${failed} ${wrong}`;
}

export function requestedConfig({ role = '', guarantee = [] }: QuotaRequest): QuotaConfig {
  const amounts = Object.fromEntries(guarantee.map(({ name, scalar }) => [name, scalar ?? { value: 0 }] as const));
  return { role, guarantees: amounts, limits: amounts };
}

function quotaInfoError({ role, guarantee = [] }: QuotaRequest): string | undefined {
  if (role === undefined) return 'QuotaInfo must specify a role';
  const invalid = roleError(role);
  if (invalid !== undefined) return `QuotaInfo with invalid role: ${invalid}`;
  if (guarantee.length === 0) return "QuotaInfo with empty 'guarantee'";
  const names = new Set<string>();
  for (const { name, type, reservations, reservation, role: owner, disk, revocable } of guarantee) {
    const reserved = (reservations?.length ?? 0) > 0 || reservation !== undefined || (owner ?? '*') !== '*';
    if (reserved) return 'QuotaInfo must not contain any ReservationInfo';
    if (disk !== undefined) return 'QuotaInfo must not contain DiskInfo';
    if (revocable !== undefined) return 'QuotaInfo must not contain RevocableInfo';
    if (type !== 'SCALAR') return 'QuotaInfo must not include non-scalar resources';
    if (names.has(name)) return `QuotaInfo contains duplicate resource name '${name}'`;
    names.add(name);
  }
  return undefined;
}

/** Guarantees of a nested role must fit into those of the roles above it. */
function parentError({ state }: MasterContext, config: QuotaConfig): string | undefined {
  const guarantees = ResourceQuantities.fromMap(config.guarantees);
  const slash = config.role.lastIndexOf('/');
  if (slash < 0) return undefined;
  const parent = config.role.slice(0, slash);
  const granted = state.roleSettings.askedQuotas.get(parent)?.guarantees ?? ResourceQuantities.empty;
  if (granted.contains(guarantees)) return undefined;
  return (
    `Invalid quota configuration. Parent role '${parent.slice(parent.lastIndexOf('/') + 1)}' with guarantees ` +
    `(${granted}) does not contain the sum of its children's guarantees (${guarantees})`
  );
}
