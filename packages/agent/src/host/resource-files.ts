/**
 * What the agent remembers of its resources, on disk: the original's two files with their targets, and the directories
 * of volumes. A change is done step by step, each on disk before the next, so that after a crash either nothing of it
 * happened or the next start finishes it.
 *
 * Departs from Mesos: what counts is written anew beside its target rather than renamed from it, and the targets removed
 * last, so no crash leaves half of the pair; a first change that was cut short is finished as well. A change whose volumes
 * cannot be made is withdrawn, where the original tries again at each start and each time ends.
 */
import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '@mesolite/base';
import { metaFiles, metaPath } from '@mesolite/containers';
import type { Disk, Log } from '@mesolite/ports';
import { Resources, toPostRefinement } from '@mesolite/resources';
import { type Operation, Resource, ResourceState, WireError } from '@mesolite/wire';
import { type CommitResources, type VolumeChanges, volumeChanges, volumesPlaceError } from '../core/index.ts';
import { readRecords } from './record-file.ts';

export interface RememberedResources {
  readonly resources: Resources;
  /** Whose outcome nobody had acknowledged, of whichever agent wrote them down. */
  readonly operations: readonly Operation[];
}

const NOTHING: RememberedResources = { resources: Resources.empty, operations: [] };

interface Place {
  readonly disk: Disk;
  readonly workDirectory: string;
}

type Change = Pick<CommitResources, 'files' | 'volumes' | 'discard'>;

/** A volume cannot be made; nothing of the change is left for the next start to finish. */
class WithdrawnChange extends Error {}

/** Rejects when a step fails: those after it have not begun. */
export async function commitResources(disk: Disk, { files, volumes, discard }: Change): Promise<void> {
  for (const { target, data } of files) await disk.writeAtomic(target, data);
  try {
    for (const path of volumes.create) await disk.makeDirectory(path);
  } catch (error) {
    await withdraw(disk, { files, volumes }, error as Error);
  }
  await removeVolumes(volumes);
  for (const { path, data } of files) await disk.writeAtomic(path, data);
  for (const { target } of [...files].reverse()) await disk.remove(target);
  for (const path of discard) await disk.remove(path);
}

/** Until a volume is removed, all is as it was once the targets are gone: nobody has been told of the change. */
async function withdraw(disk: Disk, { files, volumes }: Omit<Change, 'discard'>, why: Error): Promise<never> {
  try {
    // The last one alone makes the next start finish the change.
    for (const { target } of files) await disk.remove(target);
  } catch {
    throw why;
  }
  // Those that were made are empty; whatever is not stays.
  for (const path of volumes.create) await rmdir(path).catch(() => {});
  throw new WithdrawnChange(`The directory of a volume cannot be made: ${why.message}; the change was withdrawn`);
}

async function removeVolumes({ remove }: VolumeChanges): Promise<void> {
  for (const { path, keepRoot } of remove) {
    const gone = keepRoot ? await entriesOf(path) : [path];
    for (const one of gone) await rm(one, { recursive: true, force: true });
  }
}

/** Of a disk that is no longer there, none. */
async function entriesOf(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).map((name) => join(path, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** What an earlier process remembered; finishes a change it had begun. The error says which file is wrong, and how. */
export async function recoverResources(
  workDirectory: string,
  disk: Disk,
  log: Log,
): Promise<Result<RememberedResources>> {
  const meta = metaPath(workDirectory);
  const [statePath, plainPath] = [metaFiles.resourceState(meta), metaFiles.resources(meta)];
  const [stateTarget, plainTarget] = [metaFiles.resourceStateTarget(meta), metaFiles.resourcesTarget(meta)];
  const place = { disk, workDirectory };
  const state = await readState(place, statePath);
  if (!state.ok) return state;
  const committed = state.value === undefined ? await readPlain(place, plainPath) : state;
  if (!committed.ok) return committed;
  const before = committed.value ?? NOTHING;
  let target = await readState(place, stateTarget);
  // Agents that know of no operations leave only this one.
  if (target.ok && target.value === undefined && state.value === undefined)
    target = await readPlain(place, plainTarget);
  if (!target.ok) return target;
  if (target.value === undefined) return ok(before);
  const after = target.value;
  log.info(`Finishing the change of checkpointed resources from ${before.resources} to ${after.resources}`);
  const volumes = volumeChanges(workDirectory, before.resources, after.resources);
  const [stateData, plainData] = [await disk.read(stateTarget), await disk.read(plainTarget)];
  const files = [
    ...(plainData === undefined ? [] : [{ path: plainPath, target: plainTarget, data: plainData }]),
    ...(stateData === undefined ? [] : [{ path: statePath, target: stateTarget, data: stateData }]),
  ];
  try {
    await commitResources(disk, { files, volumes, discard: [] });
  } catch (error) {
    if (error instanceof WithdrawnChange) {
      log.error(`Giving up the change of checkpointed resources from ${before.resources}: ${error.message}`);
      return ok(before);
    }
    return err(
      `Target checkpointed resources ${after.resources} failed to sync from current checkpointed resources ` +
        `${before.resources}: ${(error as Error).message}`,
    );
  }
  return ok(after);
}

async function readState(place: Place, path: string): Promise<Result<RememberedResources | undefined>> {
  return read(place, path, 'resource and operations', (records) => ResourceState.decode(records[0] ?? Buffer.alloc(0)));
}

async function readPlain(place: Place, path: string): Promise<Result<RememberedResources | undefined>> {
  return read(place, path, 'resources', (records) => ({ resources: records.map((record) => Resource.decode(record)) }));
}

/** Nothing when there is no such file. */
async function read(
  { disk, workDirectory }: Place,
  path: string,
  what: string,
  decode: (records: readonly Buffer[]) => ResourceState,
): Promise<Result<RememberedResources | undefined>> {
  const file = await readRecords(disk, path);
  if (file === undefined) return ok(undefined);
  const wrong = (why: string): Result<never> => err(`Failed to read ${what} file '${path}': ${why}`);
  if (file.torn) return wrong('a record is cut short');
  try {
    const state = decode(file.records);
    const list = toPostRefinement(state.resources);
    const resources = Resources.from(list);
    const error = Resources.validate(list) ?? volumesPlaceError(workDirectory, resources);
    return error === undefined ? ok({ resources, operations: state.operations ?? [] }) : wrong(error);
  } catch (error) {
    if (error instanceof WireError) return wrong(error.message);
    throw error;
  }
}
