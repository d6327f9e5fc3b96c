/** From flags to what a master core is made of. */
import { err, ok, type Result, type Role } from '@mesolite/base';
import type { Flags } from '@mesolite/daemon';
import { parseResources, Resources } from '@mesolite/resources';
import type { MasterOptions, MinAllocatable } from './core/index.ts';

export type MasterLimits = Omit<MasterOptions, 'info' | 'log' | 'metrics' | 'random'>;

/** The error names the flag and what is wrong with it. */
export function masterLimits(flags: Flags): Result<MasterLimits> {
  const minAllocatable = parseMinAllocatable(flags.text('min_allocatable_resources') ?? '');
  if (!minAllocatable.ok) return err(`--min_allocatable_resources: ${minAllocatable.error}`);
  const roles = flags.text('roles');
  return ok({
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
    rootSubmissions: flags.bool('root_submissions'),
    ...(roles === undefined ? {} : { roles: new Set([...names(roles), '*'] as Role[]) }),
  });
}

function names(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** `cpus:0.01|mem:32`: sets divided by `|`, quantities of a set by `;`. */
export function parseMinAllocatable(text: string): Result<MinAllocatable> {
  const sets: Record<string, number>[] = [];
  for (const part of text.split('|')) {
    if (part.trim() === '') continue;
    const parsed = parseResources(part, '*');
    if (!parsed.ok) return parsed;
    const resources = Resources.from(parsed.value);
    sets.push(Object.fromEntries(resources.names().map((name) => [name, resources.scalar(name)])));
  }
  return ok(sets);
}
