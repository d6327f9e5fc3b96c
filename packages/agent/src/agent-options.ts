/** From flags and the machine to what an agent core is made of. */
import { readFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { err, ok, type Result } from '@mesolite/base';
import { type Flags, MESOLITE_VERSION, parseDomain } from '@mesolite/daemon';
import {
  fillResources,
  type MachineFacts,
  parseAgentResources,
  parseAttributes,
  Resources,
  roleError,
} from '@mesolite/resources';
import type { AgentInfoCapabilityType, Resource } from '@mesolite/wire';
import type { AgentOptions, AuthenticationTimes } from './core/index.ts';
import { fileSystemBytes, measureDisks, prepareDisks } from './host/disks.ts';

export type AgentLimits = Omit<AgentOptions, 'pid' | 'ip' | 'port' | 'hostname' | 'log' | 'metrics' | 'random'>;

/** What this agent does of what the original announces; masters withhold the rest. */
const CAPABILITIES: readonly AgentInfoCapabilityType[] = [
  'MULTI_ROLE',
  'HIERARCHICAL_ROLE',
  'RESERVATION_REFINEMENT',
  'RESOURCE_PROVIDER',
  'RESIZE_VOLUME',
  'AGENT_OPERATION_FEEDBACK',
  'AGENT_DRAINING',
  'TASK_RESOURCE_LIMITS',
];

const BOOT_ID = '/proc/sys/kernel/random/boot_id';

/** The work directory must exist; disks of their own are made ready. The error names the flag and what is wrong with it. */
export async function agentLimits(
  flags: Flags,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Result<AgentLimits>> {
  const workDirectory = resolve(flags.required('work_dir'));
  const listed = listedResources(flags);
  if (!listed.ok) return listed;
  const prepared = await prepareDisks(workDirectory, listed.value);
  if (!prepared.ok) return prepared;
  const facts = await machineFacts(workDirectory, listed.value);
  if (!facts.ok) return facts;
  const resources = agentResources(flags, facts.value);
  if (!resources.ok) return resources;
  const attributes = parseAttributes(flags.text('attributes') ?? '');
  if (!attributes.ok) return err(`--attributes: ${attributes.error}`);
  const domain = parseDomain(flags.text('domain'));
  if (!domain.ok) return err(`--domain: ${domain.error}`);
  return ok({
    resources: resources.value,
    attributes: attributes.value,
    domain: domain.value,
    capabilities: CAPABILITIES,
    workDirectory,
    version: MESOLITE_VERSION,
    bootId: await bootId(),
    authentication: authenticationTimes(flags),
    registrationBackoffMs: flags.durationMs('registration_backoff_factor')!,
    executorRegistrationTimeoutMs: flags.durationMs('executor_registration_timeout')!,
    executorReregistrationTimeoutMs: flags.durationMs('executor_reregistration_timeout')!,
    executorReconnectIntervalMs: flags.durationMs('executor_reregistration_retry_interval'),
    executorShutdownGracePeriodMs: flags.durationMs('executor_shutdown_grace_period')!,
    recoveryTimeoutMs: flags.durationMs('recovery_timeout')!,
    recover: flags.required('recover') === 'cleanup' ? 'cleanup' : 'reconnect',
    gcDelayMs: flags.durationMs('gc_delay')!,
    gcDiskHeadroom: flags.number('gc_disk_headroom'),
    diskWatchIntervalMs: flags.durationMs('disk_watch_interval')!,
    maxCompletedExecutorsPerFramework: flags.integer('max_completed_executors_per_framework'),
    switchUser: flags.bool('switch_user'),
    httpCommandExecutor: flags.bool('http_command_executor'),
    executorEnvironment: executorEnvironment(flags, env),
  });
}

/**
 * `--resources`, with what the machine has where the flag is silent. Resources of amount zero are not offered; GPUs are
 * what the flag says, as by an agent of the original without the isolator that looks for them.
 */
export function agentResources(flags: Flags, facts: MachineFacts): Result<Resource[]> {
  const listed = listedResources(flags);
  if (!listed.ok) return listed;
  const filled = fillResources(listed.value, facts, flags.required('default_role'));
  const invalid = Resources.validate(filled);
  return invalid === undefined ? ok(Resources.from(filled).toProto()) : err(`--resources: ${invalid}`);
}

/** What `--resources` says by itself. */
function listedResources(flags: Flags): Result<Resource[]> {
  const role = flags.required('default_role');
  const wrong = roleError(role);
  if (wrong !== undefined) return err(`--default_role: ${wrong}`);
  const text = flags.text('resources') ?? '';
  const listed = parseAgentResources(text, role);
  if (listed.ok) return listed;
  const hint = text.startsWith('/') ? `. The contents of a file are given as file://${text}` : '';
  return err(`--resources: ${listed.error}${hint}`);
}

async function machineFacts(workDirectory: string, listed: readonly Resource[]): Promise<Result<MachineFacts>> {
  const disk = await fileSystemBytes(workDirectory);
  if (!disk.ok) return err(`--work_dir: ${disk.error}`);
  const disks = await measureDisks(workDirectory, listed);
  if (!disks.ok) return disks;
  // A machine that does not tell its processors has one.
  const cores = Math.max(1, cpus().length);
  return ok({ cores, memoryBytes: totalmem(), diskBytes: disk.value, disks: disks.value });
}

/** Nothing to prove without a credential. */
function authenticationTimes(flags: Flags): AuthenticationTimes | undefined {
  if (flags.text('credential') === undefined) return undefined;
  return {
    backoffMs: flags.durationMs('authentication_backoff_factor')!,
    timeoutMinMs: flags.durationMs('authentication_timeout_min')!,
    timeoutMaxMs: flags.durationMs('authentication_timeout_max')!,
  };
}

/** Executors inherit nothing but this. */
function executorEnvironment(
  flags: Flags,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const ip = env['LIBPROCESS_IP'] ?? flags.text('ip');
  const given = flags.text('executor_environment_variables');
  return {
    ...(ip === undefined ? {} : { LIBPROCESS_IP: ip }),
    ...(given === undefined ? {} : (JSON.parse(given) as Record<string, string>)),
  };
}

async function bootId(): Promise<string | undefined> {
  try {
    return (await readFile(BOOT_ID, 'utf8')).trim();
  } catch {
    return undefined;
  }
}
