/**
 * What a starting agent finds in its work directory, step by step: resources, then who ran here before and what of it is
 * left. Each refusal says which file or setting is in the way, and the way out.
 */
import { type AgentId, err, ok, type Result } from '@mesolite/base';
import { latestAgentPath, metaPath } from '@mesolite/containers';
import type { Disk, Log } from '@mesolite/ports';
import { applyCheckpointed, Resources } from '@mesolite/resources';
import type { FormerSelf, InputOf } from '../../core/index.ts';
import { successor, troubleOf, wayOut } from '../former-agent.ts';
import { recoverOperations } from '../operation-files.ts';
import { type RememberedResources, recoverResources } from '../resource-files.ts';
import type { AgentIdentity, ReconfigurationPolicy } from './compatibility.ts';
import { formerAgentDirectories, type MetaTree, readMetaTree } from './meta-tree.ts';

export interface RecoveryOptions {
  readonly workDirectory: string;
  readonly disk: Disk;
  readonly log: Log;
  readonly strict: boolean;
  readonly policy: ReconfigurationPolicy;
  readonly bootId: string | undefined;
  readonly nowMs: number;
}

/** What is on disk. */
export interface Remains {
  readonly remembered: RememberedResources;
  readonly tree: MetaTree;
}

/** What of it this process goes on with. */
export interface Inheritance {
  readonly former: FormerSelf | undefined;
  readonly started: InputOf<'started'>;
}

/** `resources` are those of the flags. */
export async function findRemains(
  options: RecoveryOptions,
  resources: AgentIdentity['resources'],
): Promise<Result<Remains>> {
  const { workDirectory, disk, log } = options;
  const remembered = await recoverResources(workDirectory, disk, log);
  if (!remembered.ok) return failed(remembered.error);
  const checkpointed = remembered.value.resources;
  const given = Resources.from(resources);
  const compatible = applyCheckpointed(given, checkpointed);
  if (!compatible.ok) {
    return failed(
      `Checkpointed resources ${checkpointed} are incompatible with agent resources ${given}: ${compatible.error}`,
    );
  }
  const tree = await readMetaTree(options);
  if (!tree.ok) return failed(`${tree.error}\n${wayOut(latestOf(options), 'spoiled')}`);
  return ok({ remembered: remembered.value, tree: tree.value });
}

/** Decides who this process is. */
export async function takeOver(
  options: RecoveryOptions,
  { remembered, tree }: Remains,
  now: AgentIdentity,
): Promise<Result<Inheritance>> {
  const { workDirectory, disk, log, policy } = options;
  const former = successor(tree, now, policy, log);
  if (!former.ok) {
    const trouble = tree.former === undefined ? 'forbidden' : troubleOf(tree.former, now);
    return failed(`${former.error}\n${wayOut(latestOf(options), trouble)}`);
  }
  const abandoned = (agentId?: AgentId): Promise<readonly string[]> =>
    formerAgentDirectories(disk, workDirectory, agentId);
  if (former.value === undefined) {
    // Whoever starts next must not take up what this process left behind.
    if (tree.former !== undefined) await disk.remove(latestOf(options));
    return ok({ former: undefined, started: { kind: 'started', abandoned: await abandoned() } });
  }
  const { agentId } = former.value;
  const operations = await recoverOperations({ workDirectory, agentId }, remembered.operations, disk, log);
  if (!operations.ok) return failed(`${operations.error}\n${wayOut(latestOf(options), 'spoiled')}`);
  return ok({
    former: { ...operations.value, agentId },
    started: { kind: 'started', recovered: former.value, abandoned: await abandoned(agentId) },
  });
}

function latestOf({ workDirectory }: RecoveryOptions): string {
  return latestAgentPath(metaPath(workDirectory));
}

function failed(text: string): Result<never> {
  return err(`Failed to perform recovery: ${text}`);
}
