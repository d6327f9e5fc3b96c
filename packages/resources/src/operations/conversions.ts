/**
 * An operation on resources as a list of exchanges: what it takes away and what it puts there. Master, agent and
 * allocator apply the same list to their own view. Operations must have passed `upgradeOperation` and their rules.
 */
import { err, must, ok, type Result, toMillis } from '@mesolite/base';
import type { OfferOperation, Resource } from '@mesolite/wire';
import { type Exchange, Resources } from '../resources.ts';
import { formatResource } from '../text-form.ts';
import { withMillis, withoutVolume } from '../volumes.ts';

/** The exchanges of an operation, in order; an error for kinds that are none (launches, disks of providers). */
export function conversionsOf(operation: OfferOperation): Result<Exchange[]> {
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
          gone: true,
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
export function convert(held: Resources, conversions: readonly Exchange[]): Result<Resources> {
  const [only] = conversions;
  // One alone, which nearly all are, is not worth a table.
  if (only !== undefined && conversions.length === 1 && only.gone !== true)
    return held.contains(only.consumed)
      ? ok(held.minus(only.consumed).plus(only.converted))
      : err(missingText(held, only));
  const result = held.exchange(conversions);
  const failed = conversions[result.done];
  if (failed === undefined) return ok(result.held);
  if (!result.isLeft) return err(missingText(result.held, failed));
  const [volume] = failed.consumed.toProto();
  return err(
    `Persistent volume ${formatResource(must(volume, 'volume'))} cannot be removed due to additional shared copies`,
  );
}

function missingText(held: Resources, { consumed }: Exchange): string {
  return `${held} does not contain ${consumed}`;
}

function exchange(consumed: readonly Resource[], converted: readonly Resource[]): Exchange {
  return { consumed: Resources.from(consumed), converted: Resources.from(converted) };
}

function resized(volume: Resource | undefined, change: (volume: Resource) => Exchange): Result<Exchange[]> {
  if (volume === undefined) return err('Unknown operation');
  if (volume.provider_id !== undefined) return err('Operation not supported for resource provider');
  return ok([change(volume)]);
}

function millisOf(resource: Resource): number {
  return toMillis(resource.scalar?.value ?? 0);
}
