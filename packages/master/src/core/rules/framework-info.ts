/**
 * What a FrameworkInfo says and must hold by itself: held against schedulers that subscribe and agents that report.
 * Answers are the texts that schedulers see.
 */
import { idError } from '@mesolite/base';
import { roleError } from '@mesolite/resources';
import type { FrameworkInfo, FrameworkInfoCapabilityType } from '@mesolite/wire';
import { MAX_ROLES_PER_FRAMEWORK } from '../options.ts';

export function capabilitiesOf(info: FrameworkInfo): ReadonlySet<FrameworkInfoCapabilityType> {
  return new Set((info.capabilities ?? []).flatMap(({ type }) => type ?? []));
}

/** Roles subscribed to: `roles` of those that know many, else `role`. */
export function rolesOf(info: FrameworkInfo): string[] {
  return capabilitiesOf(info).has('MULTI_ROLE') ? (info.roles ?? []) : [info.role ?? '*'];
}

/** Seconds whose nanoseconds fit a signed 64-bit integer. */
const MAX_DURATION_SECONDS = 2 ** 63 / 1e9;

export function frameworkInfoError(info: FrameworkInfo): string | undefined {
  return rolesError(info) ?? frameworkIdError(info) ?? offerFiltersError(info) ?? failoverTimeoutError(info);
}

function rolesError(info: FrameworkInfo): string | undefined {
  if (!capabilitiesOf(info).has('MULTI_ROLE')) {
    if ((info.roles ?? []).length > 0)
      return "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable";
    const error = roleError(info.role ?? '*');
    return error === undefined ? undefined : `'FrameworkInfo.role' is not a valid role: ${error}`;
  }
  if (info.role !== undefined) return "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable";
  const roles = info.roles ?? [];
  if (roles.length > MAX_ROLES_PER_FRAMEWORK)
    return `'FrameworkInfo.roles' contains ${roles.length} roles: at most ${MAX_ROLES_PER_FRAMEWORK} are taken`;
  const seen = new Set<string>();
  const duplicates = new Set<string>();
  for (const role of roles) (seen.has(role) ? duplicates : seen).add(role);
  if (duplicates.size > 0) return `'FrameworkInfo.roles' contains duplicate items: ${braced(duplicates)}`;
  for (const role of roles) {
    const error = roleError(role);
    if (error !== undefined) return `'FrameworkInfo.roles' contains invalid role: ${error}`;
  }
  return undefined;
}

function frameworkIdError(info: FrameworkInfo): string | undefined {
  const id = info.id?.value ?? '';
  return id === '' ? undefined : idError(id);
}

function offerFiltersError(info: FrameworkInfo): string | undefined {
  for (const { min_allocatable_resources: minimum } of Object.values(info.offer_filters ?? {}))
    for (const { quantities } of minimum?.quantities ?? []) {
      const entries = Object.entries(quantities ?? {});
      if (entries.length === 0) return 'Resource quantities must contain at least one quantity';
      for (const [name, { value }] of entries) {
        const error = quantityError(value);
        if (error !== undefined) return `Invalid resource quantity for '${name}': ${error}`;
      }
    }
  return undefined;
}

const SMALLEST_NORMAL = 2 ** -1022;

/** Of amounts that clients give by name. */
export function quantityError(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN not supported';
  if (!Number.isFinite(value)) return 'Infinite values not supported';
  if (value !== 0 && Math.abs(value) < SMALLEST_NORMAL) return 'Subnormal values not supported';
  return value < 0 ? 'Negative values not supported' : undefined;
}

function failoverTimeoutError(info: FrameworkInfo): string | undefined {
  const seconds = info.failover_timeout ?? 0;
  // Written so that NaN is refused too.
  if (Math.abs(seconds) < MAX_DURATION_SECONDS) return undefined;
  return `The framework failover_timeout (${seconds}) is invalid`;
}

/** A set in the words of the original's messages. */
export function braced(items: Iterable<string>): string {
  return `{ ${[...items].sort().join(', ')} }`;
}
