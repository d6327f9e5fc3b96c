/**
 * Rules on resources that a framework asks for (tasks, executors, volumes), beyond each making sense by itself.
 * Each answers the reason in the words clients of the original see, or nothing; callers put their own words in front.
 */
import { idError } from '@mesolite/base';
import type { Resource } from '@mesolite/wire';
import { upgradeResource } from './reservation-format.ts';
import { Resources } from './resources.ts';
import { formatResource } from './text-form.ts';
import { resourceListError } from './validate.ts';

/** What every list of requested resources must hold: valid each, whole GPUs, sensible disks and reservations. */
export function requestedResourcesError(list: readonly Resource[] | undefined): string | undefined {
  const invalid = resourceListError(list);
  if (invalid !== undefined) return `Invalid resources: ${invalid}`;
  const gpus = Resources.from(list).scalarMillis('gpus');
  if (gpus % 1000 !== 0) return "Invalid 'gpus' resource: The 'gpus' resource must be an unsigned integer";
  for (const given of list ?? []) {
    const resource = upgradeResource(given);
    const disk = diskRuleError(resource);
    if (disk !== undefined) return `Invalid DiskInfo: ${disk}`;
  }
  for (const given of list ?? []) {
    const resource = upgradeResource(given);
    if (resource.reservations?.at(-1)?.type === 'DYNAMIC' && resource.revocable !== undefined)
      return (
        `Invalid ReservationInfo: Dynamically reserved resource ${formatResource(resource)} cannot be created from ` +
        'revocable resources'
      );
  }
  return undefined;
}

function diskRuleError(resource: Resource): string | undefined {
  const disk = resource.disk;
  if (disk === undefined) return undefined;
  if (disk.persistence !== undefined) {
    if (resource.revocable !== undefined) return 'Persistent volumes cannot be created from revocable resources';
    if ((resource.reservations ?? []).length === 0)
      return 'Persistent volumes cannot be created from unreserved resources';
    if (disk.volume === undefined) return "Expecting 'volume' to be set for persistent volume";
    if (disk.volume.host_path !== undefined) return "Expecting 'host_path' to be unset for persistent volume";
    const error = idError(disk.persistence.id);
    return error === undefined ? undefined : `Invalid persistence ID for persistent volume: ${error}`;
  }
  if (disk.volume !== undefined) return 'Non-persistent volume not supported';
  return disk.source === undefined ? 'DiskInfo is set but empty' : undefined;
}

/** Persistence ids are unique per role on an agent. */
export function uniquePersistenceIdError(resources: Resources): string | undefined {
  const seen = new Set<string>();
  for (const volume of resources.persistentVolumes().toProto()) {
    const id = volume.disk?.persistence?.id ?? '';
    const key = JSON.stringify([volume.reservations?.at(-1)?.role ?? '', id]);
    if (seen.has(key)) return `Persistence ID '${id}' is not unique`;
    seen.add(key);
  }
  return undefined;
}

/** Revocable and other resources of one name never go together. */
export function revocableMixError(resources: Resources): string | undefined {
  const revocable = new Set(resources.revocable().names());
  for (const name of resources.nonRevocable().names())
    if (revocable.has(name)) return `Cannot use both revocable and non-revocable '${name}' at the same time`;
  return undefined;
}

/** All must be allocated, and to one role. */
export function allocatedToSingleRoleError(resources: Resources): string | undefined {
  const roles = [...resources.byRole().keys()];
  if (roles.includes('')) return 'The resources are not allocated to a role';
  if (roles.length <= 1) return undefined;
  return (
    `The resources have multiple allocation roles ('${roles[1]}' and '${roles[0]}') but only one allocation role ` +
    'is allowed'
  );
}

/** What CREATE and DESTROY take: persistent volumes that can be written. */
export function persistentVolumesError(list: readonly Resource[]): string | undefined {
  for (const volume of list) {
    if (volume.disk === undefined) return `Resource ${formatResource(volume)} does not have DiskInfo`;
    if (volume.disk.persistence === undefined) return "'persistence' is not set in DiskInfo";
    if (volume.disk.volume === undefined) return "Expecting 'volume' to be set for persistent volume";
    if (volume.disk.volume.mode === 'RO') return 'Read-only persistent volume not supported';
  }
  return undefined;
}

/** All from one resource provider, or all from the agent itself. */
export function singleProviderError(list: readonly Resource[]): string | undefined {
  const providers = new Set(list.map((resource) => resource.provider_id?.value));
  if (providers.size === 1) return undefined;
  if (providers.has(undefined)) return 'Some resources have a resource provider and some do not';
  return `The resources have multiple resource providers: ${[...providers].join(', ')}`;
}

/** Whether some port or set item is in more than one of `all`: their sum then holds fewer items than they do. */
export function overlaps(all: readonly Resources[]): boolean {
  const sum = Resources.sum(all);
  return sum
    .names()
    .some((name) => all.reduce((total, one) => total + one.quantityMillis(name), 0) !== sum.quantityMillis(name));
}
