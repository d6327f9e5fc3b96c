/**
 * What an earlier agent process left in the same work directory. Nothing of it is touched: its tasks may still run.
 *
 * Departs from Mesos: recovery is not built yet, so a restarted agent registers as a new one, and the master takes the
 * tasks of the former for lost. Those that may live on do, until they end by themselves.
 */
import { readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { latestAgentPath, metaPath, runFiles } from '@mesolite/containers';
import type { Disk } from '@mesolite/ports';

export interface FormerAgent {
  readonly agentId: string;
  /** Runs of executors whose end was not recorded. */
  readonly openRuns: number;
}

/** Nothing when no agent ever registered from here. */
export async function formerAgent(workDirectory: string, disk: Disk): Promise<FormerAgent | undefined> {
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
  return { agentId: basename(directory), openRuns };
}
