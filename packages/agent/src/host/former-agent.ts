/**
 * What an earlier agent process left in the same work directory, and whether this process may go on as that agent.
 *
 * Departs from Mesos: executors are not recovered yet, so an agent with executors left registers as a new one, leaves
 * them alone, and the master takes their tasks for lost. So does one whose flags or port have changed: the original
 * refuses to start there unless the machine rebooted.
 */
import { readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type AgentId, ok, type Result } from '@mesolite/base';
import { latestAgentPath, metaFiles, metaPath, runFiles } from '@mesolite/containers';
import type { Disk, Log } from '@mesolite/ports';
import { Resources } from '@mesolite/resources';
import { AgentInfoV0, Attribute, DomainInfo, type Operation, type Resource, WireError } from '@mesolite/wire';
import type { FormerSelf, RecoveredOperations } from '../core/index.ts';
import { recoverOperations } from './operation-files.ts';
import { readRecords } from './record-file.ts';

export interface FormerAgent {
  readonly agentId: AgentId;
  /** Runs of executors whose end was not recorded. */
  readonly openRuns: number;
  /** As it last registered; nothing when that cannot be read. */
  readonly info: AgentInfoV0 | undefined;
  readonly operations: Result<RecoveredOperations>;
}

/** What an agent must not change to remain the same one. */
export interface AgentIdentity {
  readonly hostname: string;
  readonly port: number;
  readonly resources: readonly Resource[];
  readonly attributes: readonly Attribute[];
  readonly domain?: DomainInfo | undefined;
}

/** Nothing when no agent ever registered from here. `remembered` are operations found with the remembered resources. */
export async function formerAgent(
  workDirectory: string,
  remembered: readonly Operation[],
  disk: Disk,
  log: Log,
): Promise<FormerAgent | undefined> {
  let directory: string;
  try {
    directory = await readlink(latestAgentPath(metaPath(workDirectory)));
  } catch {
    return undefined;
  }
  let openRuns = 0;
  for (const framework of await disk.list(join(directory, 'frameworks'))) {
    const executors = join(directory, 'frameworks', framework, 'executors');
    for (const executor of await disk.list(executors)) {
      const run = join(executors, executor, 'runs', 'latest');
      if ((await disk.list(run)).includes(basename(runFiles.executorSentinel(run)))) continue;
      openRuns++;
    }
  }
  const agentId = basename(directory) as AgentId;
  return {
    agentId,
    openRuns,
    info: await readInfo(disk, metaFiles.agentInfo(directory)),
    operations: await recoverOperations({ workDirectory, agentId }, remembered, disk, log),
  };
}

/**
 * What this process takes over to go on as the former agent; nothing when it is to be a new one, as the log then says.
 * An error when the records of its operations are spoiled.
 */
export function formerSelf(
  former: FormerAgent | undefined,
  now: AgentIdentity,
  log: Log,
): Result<FormerSelf | undefined> {
  if (former === undefined) return ok(undefined);
  const { agentId, operations } = former;
  const obstacle = successionObstacle(former, now);
  if (obstacle === undefined) return operations.ok ? ok({ ...operations.value, agentId }) : operations;
  log.warning(
    `Agent ${agentId} ran in this work directory before; this process registers as a new agent, and the master settles ` +
      `what operations the former had under way. ${obstacle}`,
  );
  return ok(undefined);
}

/** Why this process cannot go on as the former agent, or nothing. */
export function successionObstacle({ info, openRuns, agentId }: FormerAgent, now: AgentIdentity): string | undefined {
  if (openRuns > 0)
    return (
      `Recovery of executors is not built yet, and ${openRuns} of its executors have not ended as far as their records ` +
      'tell; they are left alone'
    );
  if (info === undefined || info.id?.value !== agentId)
    return "What it told of itself cannot be read in its 'slave.info'";
  if (info.hostname !== now.hostname) return `Its hostname was ${info.hostname} and is ${now.hostname}`;
  if (info.port !== now.port) return `Its port was ${info.port} and is ${now.port}`;
  const [before, after] = [Resources.from(info.resources), Resources.from(now.resources)];
  if (!before.equals(after)) return `Its resources were ${before} and are ${after}`;
  const [was, is] = [attributesText(info.attributes ?? []), attributesText(now.attributes)];
  if (was !== is) return `Its attributes were ${was} and are ${is}`;
  const [from, to] = [domainText(info.domain), domainText(now.domain)];
  return from === to ? undefined : `Its domain was ${from} and is ${to}`;
}

function domainText(domain: DomainInfo | undefined): string {
  return domain === undefined ? 'none' : DomainInfo.toJson(domain);
}

function attributesText(attributes: readonly Attribute[]): string {
  return `[${attributes
    .map((attribute) => Attribute.toJson(attribute))
    .sort()
    .join(',')}]`;
}

async function readInfo(disk: Disk, path: string): Promise<AgentInfoV0 | undefined> {
  const record = (await readRecords(disk, path))?.records[0];
  if (record === undefined) return undefined;
  try {
    const info = AgentInfoV0.decode(record);
    return Resources.validate(info.resources) === undefined ? info : undefined;
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
