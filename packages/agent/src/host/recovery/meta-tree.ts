/**
 * Reads back everything an earlier agent process left in the meta tree of a work directory. Who it was, what it ran, and
 * how far the updates of its tasks had come; which of it still runs is for the containerizer to say.
 *
 * Never: decides whether this process may go on as that agent (see former-agent.ts). Changes nothing but the torn end of a
 * record, which it cuts off.
 */
import { readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type AgentId, type FrameworkId, ok, type Result } from '@mesolite/base';
import { agentPath, LATEST, latestAgentPath, metaFiles, metaPath } from '@mesolite/containers';
import type { Disk, Log } from '@mesolite/ports';
import { Resources } from '@mesolite/resources';
import { AgentInfoV0, DrainConfig, FrameworkInfo } from '@mesolite/wire';
import type { RecoveredAgent, RecoveredExecutor, RecoveredFramework, RecoveredGarbage } from '../../core/index.ts';
import { ageOf, readExecutor } from './executor-records.ts';
import { SpoiledFiles } from './spoiled-files.ts';

/** An agent that ran in this work directory. */
export interface FormerTree extends RecoveredAgent {
  /** As it last registered. */
  readonly info: AgentInfoV0;
}

export interface MetaTree {
  readonly rebooted: boolean;
  /** Nothing when no agent ever registered from here, or what it was is not on disk. */
  readonly former: FormerTree | undefined;
}

export interface ReadOptions {
  readonly workDirectory: string;
  readonly disk: Disk;
  readonly log: Log;
  /** Spoiled files end the recovery. */
  readonly strict: boolean;
  /** Of the running machine, where it tells one. */
  readonly bootId: string | undefined;
  /** The wall clock. */
  readonly nowMs: number;
}

/** The error names the file. */
export async function readMetaTree(options: ReadOptions): Promise<Result<MetaTree>> {
  const meta = metaPath(options.workDirectory);
  const rebooted = await hasRebooted(options, meta);
  const files = new SpoiledFiles({ ...options, rebooted });
  const agentId = await latestAgent(meta);
  if (agentId === undefined) return ok({ rebooted, former: undefined });
  const directory = agentPath(meta, agentId);
  const info = files.message(metaFiles.agentInfo(directory), 'agent info', AgentInfoV0, ({ id, resources }) =>
    id?.value !== agentId
      ? `it is of agent '${id?.value ?? ''}', its directory of '${agentId}'`
      : Resources.validate(resources),
  );
  if (!info.ok) return info;
  if (info.value === undefined) return ok({ rebooted, former: undefined });
  const drainPath = metaFiles.drainConfig(directory);
  const isDraining = files.has(drainPath);
  const draining = isDraining ? files.message(drainPath, 'drain configuration', DrainConfig) : ok(undefined);
  if (!draining.ok) return draining;
  const names = await files.list(join(directory, 'frameworks'));
  if (!names.ok) return names;
  const reader = new FrameworkReader(files, { ...options, rebooted, agentId });
  const frameworks: RecoveredFramework[] = [];
  for (const name of names.value) {
    const framework = await reader.read(name);
    if (!framework.ok) return framework;
    if (framework.value !== undefined) frameworks.push(framework.value);
  }
  const garbage = reader.garbage.sort((a, b) => b.ageMs - a.ageMs);
  const left = { agentId, info: info.value, frameworks, draining: draining.value, garbage, rebooted };
  return ok({ rebooted, former: { ...left, errors: files.count } });
}

/** The agent the link points at, if its directory is there. */
async function latestAgent(meta: string): Promise<AgentId | undefined> {
  try {
    const agentId = basename(await readlink(latestAgentPath(meta))) as AgentId;
    return ageOf(agentPath(meta, agentId), 0) === undefined ? undefined : agentId;
  } catch {
    return undefined;
  }
}

async function hasRebooted({ disk, log, bootId }: ReadOptions, meta: string): Promise<boolean> {
  try {
    const data = await disk.read(metaFiles.bootId(meta));
    if (data === undefined || bootId === undefined) return false;
    const rebooted = Buffer.from(data).toString('utf8').trim() !== bootId;
    if (rebooted) log.info('The machine was started anew since the last agent ran');
    return rebooted;
  } catch (error) {
    log.warning(`Failed to read '${metaFiles.bootId(meta)}': ${(error as Error).message}`);
    return false;
  }
}

class FrameworkReader {
  readonly garbage: RecoveredGarbage[] = [];
  readonly #files: SpoiledFiles;
  readonly #options: ReadOptions & { readonly rebooted: boolean; readonly agentId: AgentId };

  constructor(files: SpoiledFiles, options: ReadOptions & { readonly rebooted: boolean; readonly agentId: AgentId }) {
    this.#files = files;
    this.#options = options;
  }

  async read(name: string): Promise<Result<RecoveredFramework | undefined>> {
    const files = this.#files;
    const directory = join(agentPath(metaPath(this.#options.workDirectory), this.#options.agentId), 'frameworks', name);
    const info = files.message(metaFiles.frameworkInfo(directory), 'framework info', FrameworkInfo, ({ id }) =>
      id === undefined || id.value === name ? undefined : `it is of framework '${id.value}'`,
    );
    if (!info.ok) return info;
    const pid = info.value && files.text(metaFiles.frameworkPid(directory), 'the pid of the framework');
    if (pid?.ok === false) return pid;
    if (info.value === undefined || pid?.value === undefined) {
      await this.#discard('frameworks', name);
      return ok(undefined);
    }
    const executors = await this.#executors(name, directory);
    if (!executors.ok) return executors;
    if (executors.value.length === 0) {
      await this.#discard('frameworks', name);
      return ok(undefined);
    }
    return ok({
      id: name as FrameworkId,
      // Agents of old did not write the id down.
      info: { ...info.value, id: { value: name } },
      pid: pid.value.startsWith('@') ? undefined : pid.value,
      executors: executors.value,
    });
  }

  async #executors(framework: string, directory: string): Promise<Result<readonly RecoveredExecutor[]>> {
    const names = await this.#files.list(join(directory, 'executors'));
    if (!names.ok) return names;
    const found = await Promise.all(
      names.value.map((name) => readExecutor(this.#files, join(directory, 'executors', name), this.#options)),
    );
    const executors: RecoveredExecutor[] = [];
    for (const [index, one] of found.entries()) {
      if (!one.ok) return one;
      const name = names.value[index] ?? '';
      if (one.value.executor === undefined) await this.#discard('frameworks', framework, 'executors', name);
      else executors.push(one.value.executor);
      for (const run of one.value.olderRuns)
        await this.#discard('frameworks', framework, 'executors', name, 'runs', run);
    }
    return ok(executors);
  }

  /** A directory below the agent's, of sandboxes and of records. */
  async #discard(...names: readonly string[]): Promise<void> {
    const { workDirectory, agentId, nowMs } = this.#options;
    for (const root of [workDirectory, metaPath(workDirectory)]) {
      const path = join(agentPath(root, agentId), ...names);
      const ageMs = ageOf(path, nowMs);
      if (ageMs !== undefined) this.garbage.push({ path, ageMs });
    }
  }
}

/** Directories of agents that ran here before; those of agent `agentId` are not among them. */
export async function formerAgentDirectories(
  disk: Disk,
  workDirectory: string,
  agentId: AgentId | undefined,
): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const root of [workDirectory, metaPath(workDirectory)]) {
    for (const name of await disk.list(join(root, 'slaves'))) {
      if (name !== LATEST && name !== agentId) paths.push(agentPath(root, name));
    }
  }
  return paths;
}
