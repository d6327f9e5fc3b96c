/** Weights and quota of roles take effect: in the table and in the allocator. What they say must be durable before. */
import type { Quota } from '@mesolite/allocator';
import { ResourceLimits, ResourceQuantities } from '@mesolite/resources';
import type { QuotaConfig, ValueScalar, WeightInfo } from '@mesolite/wire';
import type { MasterContext } from '../context.ts';
import type { RoleQuota } from '../state/role-settings.ts';

/** Of a valid configuration. */
export function quotaOf(config: QuotaConfig): RoleQuota {
  return { guarantees: ResourceQuantities.fromMap(config.guarantees), limits: ResourceLimits.fromMap(config.limits) };
}

/** Neither guarantees nor limits: the role has no quota. */
export function isNoQuota({ guarantees, limits }: RoleQuota): boolean {
  return guarantees.isEmpty && limits.isEmpty;
}

export function allocatorQuota({ guarantees, limits }: RoleQuota): Quota {
  return { guarantees: units(guarantees.toMap()), limits: units(limits.toMap()) };
}

function units(map: Readonly<Record<string, ValueScalar>>): Record<string, number> {
  return Object.fromEntries(Object.entries(map).map(([name, { value }]) => [name, value]));
}

/** Names of resources in guarantees and limits that no agent has now and no quota had before. */
export function newNames({ state }: MasterContext, configs: readonly QuotaConfig[]): string[] {
  const { namesWithoutAgent } = state.roleSettings;
  const names = configs.flatMap(({ guarantees = {}, limits = {} }) => Object.keys({ ...guarantees, ...limits }));
  return [...new Set(names)].filter((name) => state.totalQuantities.millis(name) === 0 && !namesWithoutAgent.has(name));
}

/** What the registry is asked to write: those who come next have to reckon with it. */
export function askQuotas(context: MasterContext, configs: readonly QuotaConfig[]): void {
  const { state } = context;
  for (const name of newNames(context, configs)) state.roleSettings.namesWithoutAgent.add(name);
  const changes = configs.map((config) => [config.role, quotaOf(config)] as const);
  state.roleSettings.askQuotas(new Map(changes.map(([role, quota]) => [role, isNoQuota(quota) ? undefined : quota])));
}

/** What has been asked for is written. */
export function quotasWritten(context: MasterContext, configs: readonly QuotaConfig[]): void {
  setQuotas(context, configs);
  context.state.roleSettings.quotasWritten();
}

export function setQuotas(context: MasterContext, configs: readonly QuotaConfig[]): void {
  const { quotas } = context.state.roleSettings;
  context.state.roleSettings.quotaChanges++;
  for (const name of newNames(context, configs)) context.state.roleSettings.namesWithoutAgent.add(name);
  for (const config of configs) {
    const quota = quotaOf(config);
    if (isNoQuota(quota)) {
      quotas.delete(config.role);
      context.allocator.updateQuota(config.role, undefined);
    } else {
      quotas.set(config.role, quota);
      context.allocator.updateQuota(config.role, allocatorQuota(quota));
    }
  }
}

export function setWeights(context: MasterContext, weights: readonly WeightInfo[]): void {
  const byRole = new Map(weights.map(({ role = '*', weight }) => [role, weight] as const));
  for (const [role, weight] of byRole) context.state.roleSettings.weights.set(role, weight);
  context.allocator.updateWeights(byRole);
}
