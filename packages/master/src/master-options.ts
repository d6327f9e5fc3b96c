/** From flags to what a master core is made of. */
import type { MinAllocatable, Sorter } from '@mesolite/allocator';
import { err, fromMillis, ok, parseDuration, type Result, type Role } from '@mesolite/base';
import type { Flags } from '@mesolite/daemon';
import { parseThresholds, roleError } from '@mesolite/resources';
import type { MasterOptions } from './core/index.ts';
import { MAX_ROLE_SETTINGS } from './core/options.ts';
import { parseRateLimits } from './rate-limit-options.ts';

export type MasterLimits = Omit<MasterOptions, 'info' | 'log' | 'metrics' | 'random'>;

/** The error names the flag and what is wrong with it. */
export function masterLimits(flags: Flags): Result<MasterLimits> {
  const minimum = flags.text('min_allocatable_resources') ?? '';
  const minAllocatable = parseMinAllocatable(minimum);
  if (!minAllocatable.ok) return err(`Error parsing --min_allocatable_resources '${minimum}': ${minAllocatable.error}`);
  const removals = parseRateLimit(flags.text('agent_removal_rate_limit'));
  if (!removals.ok) return err(`Invalid agent_removal_rate_limit: ${removals.error}`);
  const removalLimit = parsePercentage(flags.text('recovery_agent_removal_limit') ?? '100%');
  if (!removalLimit.ok) return err(`Invalid value for --recovery_agent_removal_limit: ${removalLimit.error}`);
  const roles = flags.text('roles');
  const known = roles === undefined ? undefined : new Set([...names(roles), '*'] as Role[]);
  const weights = parseWeights(flags.text('weights'), known);
  if (!weights.ok) return weights;
  const rateLimits = parseRateLimits(flags.text('rate_limits'));
  if (!rateLimits.ok) return err(`--rate_limits: ${rateLimits.error}`);
  return ok({
    rateLimits: rateLimits.value,
    agentRemovalRateLimit: removals.value,
    recoveryAgentRemovalLimit: removalLimit.value,
    allocationIntervalMs: flags.durationMs('allocation_interval')!,
    minAllocatable: minAllocatable.value,
    fairSharingExcludedResourceNames: names(flags.text('fair_sharing_excluded_resource_names')),
    filterGpuResources: flags.bool('filter_gpu_resources'),
    agentPingTimeoutMs: flags.durationMs('agent_ping_timeout')!,
    maxAgentPingTimeouts: flags.integer('max_agent_ping_timeouts'),
    agentReregisterTimeoutMs: flags.durationMs('agent_reregister_timeout')!,
    offerTimeoutMs: flags.durationMs('offer_timeout'),
    maxCompletedFrameworks: flags.integer('max_completed_frameworks'),
    maxCompletedTasksPerFramework: flags.integer('max_completed_tasks_per_framework'),
    maxUnreachableTasksPerFramework: flags.integer('max_unreachable_tasks_per_framework'),
    publishPerFrameworkMetrics: flags.bool('publish_per_framework_metrics'),
    rootSubmissions: flags.bool('root_submissions'),
    registryGcIntervalMs: flags.durationMs('registry_gc_interval'),
    registryMaxAgentAgeMs: flags.durationMs('registry_max_agent_age'),
    registryMaxAgentCount: flags.integer('registry_max_agent_count'),
    durableFrameworks: flags.bool('durable_frameworks'),
    roleSorter: flags.text('role_sorter') as Sorter,
    frameworkSorter: flags.text('framework_sorter') as Sorter,
    weights: weights.value,
    agentRecoveryFactor: flags.number('allocator_agent_recovery_factor'),
    recoveryTimeoutMs: flags.durationMs('allocator_recovery_timeout'),
    patternLimits: {
      maxMemoryBytes: flags.bytes('offer_constraints_re2_max_mem')!,
      maxProgramSize: flags.integer('offer_constraints_re2_max_program_size'),
    },
    requireAgentDomain: flags.bool('require_agent_domain'),
    roles: known,
  });
}

function names(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** `role=weight,role=weight`. Of a role named twice the last weight counts. */
export function parseWeights(
  text: string | undefined,
  known: ReadonlySet<Role> | undefined,
): Result<ReadonlyMap<string, number> | undefined> {
  if (text === undefined) return ok(undefined);
  const weights = new Map<string, number>();
  for (const token of names(text)) {
    const refused = (reason: string): Result<never> => err(`Invalid weight: '${token}'. ${reason}`);
    const [role = '', amount = '', ...rest] = token.split('=').filter((part) => part !== '');
    if (amount === '' || rest.length > 0) return refused("--weights should be of the form 'role=weight,role=weight'");
    if (roleError(role) !== undefined || known?.has(role as Role) === false)
      return refused(`${role} is not a valid role`);
    const weight = amount.trim() === '' ? Number.NaN : Number(amount);
    if (!(weight > 0)) return refused('Weights must be positive');
    if (!Number.isFinite(weight)) return refused('Weights must be finite');
    weights.set(role, weight);
  }
  if (weights.size > MAX_ROLE_SETTINGS)
    return err(`--weights: more than ${MAX_ROLE_SETTINGS} roles would have a weight`);
  return ok(weights);
}

/** `1/10mins`: so many per time. Nothing for no limit. */
export function parseRateLimit(text: string | undefined): Result<MasterLimits['agentRemovalRateLimit']> {
  if (text === undefined) return ok(undefined);
  const [count, duration, ...rest] = text.split('/');
  const permits = Number(count);
  if (duration === undefined || rest.length > 0 || !Number.isInteger(permits) || permits < 1)
    return err(`'${text}' must be <number of agents>/<duration>, like 1/10mins`);
  const period = parseDuration(duration);
  if (!period.ok) return period;
  return period.value > 0 ? ok({ permits, periodMs: period.value }) : err(`'${text}' must name a time above zero`);
}

/** `50%` as a share from 0 to 1. */
export function parsePercentage(text: string): Result<number> {
  const match = /^(\d+(?:\.\d+)?)%$/.exec(text);
  const percentage = Number(match?.[1]);
  return percentage <= 100 ? ok(percentage / 100) : err(`'${text}' must be a percentage from 0% to 100%`);
}

/** Names, in `--min_allocatable_resources`, of resources that agents do not have by themselves: they may be misspelt. */
export function unusualNames(thresholds: MinAllocatable): string[] {
  const names = new Set(thresholds.flatMap((amounts) => Object.keys(amounts)));
  return [...names].filter((name) => !['cpus', 'mem', 'disk', 'ports', 'gpus'].includes(name));
}

export function parseMinAllocatable(text: string): Result<MinAllocatable> {
  const parsed = parseThresholds(text);
  if (!parsed.ok) return parsed;
  const units = ([name, millis]: readonly [string, number]) => [name, fromMillis(millis)] as const;
  return ok(parsed.value.map((quantities) => Object.fromEntries([...quantities].map(units))));
}
