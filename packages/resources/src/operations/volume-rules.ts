/**
 * Rules of CREATE, DESTROY, GROW_VOLUME and SHRINK_VOLUME. Resources are in the post-refinement format. Each answers
 * the reason in the words clients of the original see, or nothing.
 */
import { toMillis } from '@mesolite/base';
import type {
  OfferOperationCreate,
  OfferOperationDestroy,
  OfferOperationGrowVolume,
  OfferOperationShrinkVolume,
  Resource,
} from '@mesolite/wire';
import {
  allocatedToSingleRoleError,
  persistentVolumesError,
  requestedResourcesError,
  singleProviderError,
  uniquePersistenceIdError,
} from '../resource-rules.ts';
import { Resources } from '../resources.ts';
import { formatResource } from '../text-form.ts';
import { resourceError } from '../validate.ts';
import { withoutVolume } from '../volumes.ts';
import { type AgentCapabilities, type Asker, agentLacksError } from './asker.ts';

/** `checkpointed` is what the agent remembers: its volumes' ids are taken. */
export function createError(
  create: OfferOperationCreate,
  asker: Asker,
  agent: { readonly checkpointed: Resources; readonly capabilities: AgentCapabilities },
): string | undefined {
  const volumes = create.volumes ?? [];
  const error = volumeListError(volumes) ?? uniquePersistenceIdError(agent.checkpointed.plus(Resources.from(volumes)));
  if (error !== undefined) return error;
  for (const volume of volumes) {
    const wrong =
      sharingError(volume, asker) ??
      agentLacksError(volume, agent.capabilities, { what: 'Volume', done: 'created' }) ??
      (asker.principal === undefined ? undefined : principalError(volume, asker.principal));
    if (wrong !== undefined) return wrong;
  }
  if (asker.framework === undefined) return undefined;
  const roles = allocatedToSingleRoleError(Resources.from(volumes));
  return roles === undefined ? undefined : `Invalid volume resources: ${roles}`;
}

function volumeListError(volumes: readonly Resource[]): string | undefined {
  const invalid = requestedResourcesError(volumes) ?? singleProviderError(volumes);
  if (invalid !== undefined) return `Invalid resources: ${invalid}`;
  const other = persistentVolumesError(volumes);
  return other === undefined ? undefined : `Not a persistent volume: ${other}`;
}

function sharingError(volume: Resource, { framework }: Asker): string | undefined {
  if (volume.shared === undefined || framework === undefined) return undefined;
  if (framework.capabilities.has('SHARED_RESOURCES')) return undefined;
  return (
    `Create volume operation for '${formatResource(volume)}' has been attempted by framework '${framework.id}' with ` +
    'no SHARED_RESOURCES capability'
  );
}

function principalError(volume: Resource, principal: string): string | undefined {
  const owner = volume.disk?.persistence?.principal;
  if (owner === undefined)
    return (
      `Create volume operation attempted by principal '${principal}', but there is a volume in the operation with no ` +
      "principal set in 'disk.persistence'"
    );
  if (owner === principal) return undefined;
  return (
    `Create volume operation attempted by authenticated principal '${principal}', which does not match a volume in ` +
    `the operation with principal '${owner}' set in 'disk.persistence'`
  );
}

/** `used` is what tasks and executors hold or are about to; volumes are compared whoever they are allocated to. */
export function destroyError(
  destroy: OfferOperationDestroy,
  agent: { readonly checkpointed: Resources; readonly used: Iterable<Resources> },
): string | undefined {
  const volumes = Resources.from(destroy.volumes).unallocate();
  const list = volumes.toProto();
  const error = volumeListError(list);
  if (error !== undefined) return error;
  // Of a shared one no more copies than one are looked for.
  const each = Resources.from(list);
  if (!agent.checkpointed.containsEach(each.filterKind(({ template }) => template.provider_id === undefined)))
    return 'Persistent volumes not found';
  for (const used of agent.used) if (used.unallocate().containsSome(each)) return 'Persistent volumes in use';
  return undefined;
}

export function growVolumeError(
  { volume, addition }: OfferOperationGrowVolume,
  capabilities: AgentCapabilities,
): string | undefined {
  const invalidVolume = resourceError(volume);
  if (invalidVolume !== undefined) return `Invalid resource in the 'GrowVolume.volume' field: ${invalidVolume}`;
  const invalidAddition = resourceError(addition);
  if (invalidAddition !== undefined) return `Invalid resource in the 'GrowVolume.addition' field: ${invalidAddition}`;
  if (toMillis(addition.scalar?.value ?? 0) <= 0)
    return "The size of 'GrowVolume.addition' field must be greater than zero";
  if (volume.provider_id !== undefined) return 'Growing a volume from a resource provider is not supported';
  const other = persistentVolumesError([volume]);
  if (other !== undefined) return `Invalid persistent volume in the 'GrowVolume.volume' field: ${other}`;
  if (volume.shared !== undefined) return 'Growing a shared persistent volume is not supported';
  if (Resources.from([withoutVolume(volume), addition]).size !== 1)
    return "Incompatible resources in the 'GrowVolume.volume' and 'GrowVolume.addition' fields";
  return resizeError(volume, capabilities, 'grown');
}

export function shrinkVolumeError(
  { volume, subtract }: OfferOperationShrinkVolume,
  capabilities: AgentCapabilities,
): string | undefined {
  const invalid = resourceError(volume);
  if (invalid !== undefined) return `Invalid resource in the 'ShrinkVolume.volume' field: ${invalid}`;
  const millis = toMillis(subtract.value);
  // Written so that NaN is refused too.
  if (!(millis > 0)) return "Value of 'ShrinkVolume.subtract' must be greater than zero";
  if (toMillis(volume.scalar?.value ?? 0) <= millis)
    return "Value of 'ShrinkVolume.subtract' must be smaller than the size of 'ShrinkVolume.volume'";
  if (volume.provider_id !== undefined) return 'Shrinking a volume from a resource provider is not supported';
  if (volume.disk?.source?.type === 'MOUNT') return 'Shrinking a volume on a MOUNT disk is not supported';
  const other = persistentVolumesError([volume]);
  if (other !== undefined) return `Invalid persistent volume in the 'ShrinkVolume.volume' field: ${other}`;
  if (volume.shared !== undefined) return 'Shrinking a shared persistent volume is not supported';
  return resizeError(volume, capabilities, 'shrunk');
}

function resizeError(volume: Resource, capabilities: AgentCapabilities, done: 'grown' | 'shrunk'): string | undefined {
  if (capabilities.has('RESIZE_VOLUME')) return undefined;
  return `Volume ${formatResource(volume)} cannot be ${done} on an agent without RESIZE_VOLUME capability`;
}
