/**
 * What an agent must remember of its resources because no flag tells it: dynamic reservations and persistent volumes.
 * Resources of providers are remembered by those.
 */
import { err, ok, type Result } from '@mesolite/base';
import type { Resource } from '@mesolite/wire';
import { Resources } from './resources.ts';
import { formatResource } from './text-form.ts';
import { withoutVolume } from './volumes.ts';

/** Whether `resource` (post-refinement) is such. */
export function needsCheckpoint(resource: Resource): boolean {
  if (resource.provider_id !== undefined) return false;
  return resource.reservations?.at(-1)?.type === 'DYNAMIC' || resource.disk?.persistence !== undefined;
}

/** Those of `total` to write down. */
export function checkpointedPart(total: Resources): Resources {
  return total.filterKind(({ template }) => needsCheckpoint(template));
}

/**
 * The total of an agent that starts with `given` by its flags and has written down `checkpointed`: what was reserved
 * and turned into volumes before is so again. An error when the flags no longer give what is remembered.
 */
export function applyCheckpointed(given: Resources, checkpointed: Resources): Result<Resources> {
  let total = given;
  for (const resource of checkpointed.toProto()) {
    if (!needsCheckpoint(resource)) return err(`Unexpected checkpointed resources ${formatResource(resource)}`);
    const source = Resources.from([withoutVolume(withStaticOnly(resource))]);
    if (!total.contains(source)) return err(`Incompatible agent resources: ${total} does not contain ${source}`);
    total = total.minus(source).plus(Resources.from([resource]));
  }
  return ok(total);
}

/** Flags give free and statically reserved resources only. */
function withStaticOnly(resource: Resource): Resource {
  const { reservations, ...rest } = resource;
  const bottom = reservations?.[0];
  return bottom?.type === 'STATIC' ? { ...rest, reservations: [bottom] } : rest;
}
