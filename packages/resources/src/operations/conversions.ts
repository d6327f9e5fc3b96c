/**
 * An operation on resources as a list of exchanges: what it takes away and what it puts there. Master, agent and
 * allocator apply the same list to their own view. Operations must have passed `upgradeOperation` and their rules.
 */
import { err, ok, type Result, toMillis } from '@mesolite/base';
import type { OfferOperation, Resource } from '@mesolite/wire';
import { Resources } from '../resources.ts';
import { formatResource } from '../text-form.ts';
import { withMillis, withoutVolume } from '../volumes.ts';

/** One exchange. */
export interface ResourceConversion {
  readonly consumed: Resources;
  readonly converted: Resources;
  /** A volume of which no further copy may be left afterwards. */
  readonly gone?: Resource;
}

/** The exchanges of an operation, in order; an error for kinds that are none (launches, disks of providers). */
export function conversionsOf(operation: OfferOperation): Result<ResourceConversion[]> {
  switch (operation.type) {
    case 'RESERVE': {
      const converted = Resources.from(operation.reserve?.resources);
      const source = operation.reserve?.source ?? [];
      return ok([{ consumed: source.length > 0 ? Resources.from(source) : converted.popReservation(), converted }]);
    }
    case 'UNRESERVE':
      return ok(
        (operation.unreserve?.resources ?? []).map((resource) => {
          const consumed = Resources.from([resource]);
          return { consumed, converted: consumed.popReservation() };
        }),
      );
    case 'CREATE':
      return ok((operation.create?.volumes ?? []).map((volume) => exchange([withoutVolume(volume)], [volume])));
    case 'DESTROY':
      return ok(
        (operation.destroy?.volumes ?? []).map((volume) => ({
          ...exchange([volume], [withoutVolume(volume)]),
          gone: volume,
        })),
      );
    case 'GROW_VOLUME':
      return resized(operation.grow_volume?.volume, (volume) => {
        const { addition } = operation.grow_volume!;
        return exchange([volume, addition], [withMillis(volume, millisOf(volume) + millisOf(addition))]);
      });
    case 'SHRINK_VOLUME':
      return resized(operation.shrink_volume?.volume, (volume) => {
        const freed = toMillis(operation.shrink_volume!.subtract.value);
        const rest = withMillis(volume, millisOf(volume) - freed);
        return exchange([volume], [rest, withMillis(withoutVolume(volume), freed)]);
      });
    case undefined:
    case 'UNKNOWN':
      return err('Unknown operation');
    default:
      return err('Operation not supported');
  }
}

/** What the operation takes, all exchanges together; of CREATE_DISK and DESTROY_DISK their source. */
export function consumedBy(operation: OfferOperation): Result<Resources> {
  if (operation.type === 'CREATE_DISK' || operation.type === 'DESTROY_DISK') {
    const { source } = operation.create_disk ?? operation.destroy_disk ?? {};
    return source === undefined ? err('Unsupported operation') : ok(Resources.from([source]));
  }
  const conversions = conversionsOf(operation);
  if (!conversions.ok) return conversions;
  return ok(Resources.sum(conversions.value.map(({ consumed }) => consumed)));
}

/** Whether the outcome is known at once, so that a master may apply it to its view before the agent has. */
export function isSpeculative(operation: OfferOperation): boolean {
  switch (operation.type) {
    case 'RESERVE':
    case 'UNRESERVE':
    case 'CREATE':
    case 'DESTROY':
    case 'GROW_VOLUME':
    case 'SHRINK_VOLUME':
      return true;
    default:
      return false;
  }
}

/** All exchanges in order, or the first reason why one cannot be: then nothing is exchanged. */
export function convert(held: Resources, conversions: readonly ResourceConversion[]): Result<Resources> {
  let result = held;
  for (const { consumed, converted, gone } of conversions) {
    if (!result.contains(consumed)) return err(`${result} does not contain ${consumed}`);
    result = result.minus(consumed).plus(converted);
    if (gone !== undefined && result.contains(Resources.from([gone])))
      return err(`Persistent volume ${formatResource(gone)} cannot be removed due to additional shared copies`);
  }
  return ok(result);
}

function exchange(consumed: readonly Resource[], converted: readonly Resource[]): ResourceConversion {
  return { consumed: Resources.from(consumed), converted: Resources.from(converted) };
}

function resized(
  volume: Resource | undefined,
  change: (volume: Resource) => ResourceConversion,
): Result<ResourceConversion[]> {
  if (volume === undefined) return err('Unknown operation');
  if (volume.provider_id !== undefined) return err('Operation not supported for resource provider');
  return ok([change(volume)]);
}

function millisOf(resource: Resource): number {
  return toMillis(resource.scalar?.value ?? 0);
}
