/**
 * Rules of CREATE_DISK and DESTROY_DISK, the operations of storage providers. Resources are in the post-refinement
 * format. Each answers the reason in the words clients of the original see, or nothing.
 */
import type { OfferOperationCreateDisk, OfferOperationDestroyDisk, Resource } from '@mesolite/wire';
import { requestedResourcesError } from '../resource-rules.ts';
import { formatResource } from '../text-form.ts';

export function createDiskError(create: OfferOperationCreateDisk): string | undefined {
  const { source } = create;
  const error = sourceError(source);
  if (error !== undefined) return error;
  if (source.disk?.source?.type !== 'RAW') return "'source' is not a RAW disk resource";
  if (create.target_type !== 'MOUNT' && create.target_type !== 'BLOCK')
    return "'target_type' is neither MOUNT or BLOCK";
  const hasProfile = source.disk.source.profile !== undefined;
  const hasTarget = create.target_profile !== undefined;
  if (hasProfile && hasTarget) return "'target_profile' must not be set when 'source' has a profile";
  if (!hasProfile && !hasTarget) return "'target_profile' must be set when 'source' has no profile";
  return undefined;
}

export function destroyDiskError({ source }: OfferOperationDestroyDisk): string | undefined {
  const error = sourceError(source);
  if (error !== undefined) return error;
  const disk = source.disk?.source;
  if (disk?.type !== 'MOUNT' && disk?.type !== 'BLOCK' && disk?.type !== 'RAW')
    return "'source' is neither a MOUNT, BLOCK or RAW disk resource";
  if (disk.id === undefined) return "'source' is not backed by a CSI volume";
  if (source.disk?.persistence === undefined) return undefined;
  return (
    `A disk resource containing a persistent volume ${formatResource(source)} cannot be destroyed directly. Please ` +
    'destroy the persistent volume first then destroy the disk resource'
  );
}

function sourceError(source: Resource): string | undefined {
  const error = requestedResourcesError([source]);
  if (error !== undefined) return `Invalid resource: ${error}`;
  return source.provider_id === undefined ? "'source' is not managed by a resource provider" : undefined;
}
