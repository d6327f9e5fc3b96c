/**
 * Where persistent volumes are: on the disk of the agent, on a disk of their own, in sandboxes. Touches no disk.
 */
import { idError } from '@mesolite/base';
import { type ContainerVolume, volumePath } from '@mesolite/containers';
import { diskRoot, formatResource, type Resources, roleError } from '@mesolite/resources';
import type { Resource } from '@mesolite/wire';

/** Longest path that Linux takes, in bytes; its limit of 4096 counts a zero at the end. */
export const MAX_PATH_BYTES = 4095;

/** Why there can be no directory for `volume` (post-refinement), or nothing. */
export function volumeError(workDirectory: string, volume: Resource): string | undefined {
  const named = `Persistent volume '${formatResource(volume)}'`;
  const role = volume.reservations?.at(-1)?.role;
  if (role === undefined) return `${named} is not reserved`;
  const error = roleError(role) ?? idError(volume.disk?.persistence?.id ?? '');
  if (error !== undefined) return `${named}: ${error}`;
  const source = volume.disk?.source;
  if (source !== undefined && diskRoot(volume) === undefined)
    return `${named}: disks of type ${source.type} are not supported by this agent`;
  if (Buffer.byteLength(volumeDirectory(workDirectory, volume)) > MAX_PATH_BYTES)
    return `${named}: its path is longer than ${MAX_PATH_BYTES} bytes`;
  return undefined;
}

/** The first {@link volumeError} of all volumes. */
export function volumesPlaceError(workDirectory: string, resources: Resources): string | undefined {
  for (const volume of resources.persistentVolumes().toProto()) {
    const error = volumeError(workDirectory, volume);
    if (error !== undefined) return error;
  }
  return undefined;
}

/** The directory of a volume without {@link volumeError}. */
export function volumeDirectory(workDirectory: string, volume: Resource): string {
  const root = diskRoot(volume);
  const base = root === undefined ? workDirectory : root.startsWith('/') ? root : `${workDirectory}/${root}`;
  // A mounted disk is one volume as a whole.
  if (volume.disk?.source?.type === 'MOUNT') return base;
  const role = volume.reservations?.at(-1)?.role ?? '';
  return volumePath(base, { role, persistenceId: volume.disk?.persistence?.id ?? '' });
}

/** A directory to remove, or to empty when it is the root of a disk. */
export interface DeletedVolume {
  readonly path: string;
  readonly keepRoot: boolean;
}

/** What has to be made and removed so that the directories are those of `after`. */
export interface VolumeChanges {
  readonly create: readonly string[];
  readonly remove: readonly DeletedVolume[];
}

export function volumeChanges(workDirectory: string, before: Resources, after: Resources): VolumeChanges {
  const [old, wanted] = [byPath(workDirectory, before), byPath(workDirectory, after)];
  return {
    create: [...wanted.keys()].filter((path) => !old.has(path)),
    remove: [...old]
      .filter(([path]) => !wanted.has(path))
      .map(([path, volume]) => ({ path, keepRoot: volume.disk?.source?.type === 'MOUNT' })),
  };
}

/** What a container that holds `resources` finds in its sandbox. */
export function containerVolumes(workDirectory: string, resources: Resources): ContainerVolume[] {
  return resources
    .persistentVolumes()
    .toProto()
    .map((volume) => ({
      source: volumeDirectory(workDirectory, volume),
      containerPath: volume.disk?.volume?.container_path ?? '',
    }));
}

/** Why a volume cannot be given to a task as it asks, or nothing. */
export function mountError(volume: Resource): string | undefined {
  const { persistence, volume: mount } = volume.disk ?? {};
  if (persistence === undefined) return undefined;
  const named = `persistent volume '${persistence.id}'`;
  if (mount?.mode === 'RO') {
    return `Read-only ${named} is not supported: a link in the sandbox cannot keep its task from writing`;
  }
  const path = mount?.container_path ?? '';
  if (path !== '' && path !== '.' && path !== '..' && !/[/\0]/.test(path)) return undefined;
  return `Container path '${path}' of ${named} is not supported: it must be a single name in the sandbox`;
}

function byPath(workDirectory: string, resources: Resources): Map<string, Resource> {
  const volumes = resources.persistentVolumes().toProto();
  return new Map(volumes.map((volume) => [volumeDirectory(workDirectory, volume), volume]));
}
