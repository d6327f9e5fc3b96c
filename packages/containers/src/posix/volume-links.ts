/**
 * Persistent volumes in a sandbox: a symbolic link for each, so the data stays where it is when the sandbox goes. A
 * volume belongs to whoever owns the sandbox that uses it, unless another container uses it at the same time.
 * Must never touch what is inside a volume.
 *
 * Departs from Mesos: a container path that a link in the sandbox cannot be is refused; the original starts the task
 * without its volume.
 */
import { chownSync, lstatSync, readlinkSync, statSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '@mesolite/base';
import type { ContainerVolume } from '../containerizer.ts';

export interface VolumeChange {
  readonly before: readonly ContainerVolume[];
  readonly after: readonly ContainerVolume[];
  /** Whether another container has the volume in its sandbox. */
  readonly usedElsewhere: (source: string) => boolean;
}

/** Removes the links no longer wanted and makes those that are new. The error is for the framework to read. */
export function linkVolumes(sandbox: string, change: VolumeChange): Result<undefined> {
  const { before, after, usedElsewhere } = change;
  for (const volume of before) {
    if (after.some((wanted) => isSame(wanted, volume))) continue;
    const link = join(sandbox, volume.containerPath);
    try {
      unlinkSync(link);
    } catch (error) {
      // Its task may have removed it.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        return err(`Failed to remove the symlink for the unneeded persistent volume at '${link}': ${text(error)}`);
    }
  }
  for (const volume of after) {
    const wrong = linkVolume(sandbox, volume, usedElsewhere(volume.source));
    if (wrong !== undefined) return err(wrong);
  }
  return ok(undefined);
}

function linkVolume(sandbox: string, { source, containerPath }: ContainerVolume, shared: boolean): string | undefined {
  if (containerPath === '' || containerPath === '.' || containerPath === '..' || /[/\0]/.test(containerPath))
    return `Container path '${containerPath}' of the persistent volume at '${source}' must be a single name in the sandbox`;
  const link = join(sandbox, containerPath);
  try {
    const existing = lstatSync(link, { throwIfNoEntry: false });
    if (existing !== undefined) {
      // A link from before a restart of the agent, or of a task just like this one.
      if (existing.isSymbolicLink() && readlinkSync(link) === source) return undefined;
      return `Failed to link the persistent volume at '${source}': '${link}' exists already`;
    }
    const owner = statSync(sandbox);
    const volume = statSync(source);
    const foreign = owner.uid !== volume.uid || owner.gid !== volume.gid;
    // Root may do as it likes in a volume of somebody else's.
    if (owner.uid !== 0 && foreign && !shared) chownSync(source, owner.uid, owner.gid);
    symlinkSync(source, link);
    return undefined;
  } catch (error) {
    return `Failed to link the persistent volume at '${source}' to '${link}': ${text(error)}`;
  }
}

function isSame(a: ContainerVolume, b: ContainerVolume): boolean {
  return a.source === b.source && a.containerPath === b.containerPath;
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
