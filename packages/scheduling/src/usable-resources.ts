/**
 * Of an offer, what a plain instance may take: not revocable, no volumes, no disks of their own, for roles it accepts.
 * Reserved resources stand before free ones.
 */
import { fromMillis, toMillis } from '@mesolite/base';
import type { Resource } from '@mesolite/wire';

/** The part of `offered` for `roles`, what is reserved first. Messages are post-refinement. */
export function usableResources(offered: readonly Resource[], roles: readonly string[]): Resource[] {
  const usable = offered.filter(
    (resource) =>
      resource.revocable === undefined &&
      resource.shared === undefined &&
      resource.disk === undefined &&
      resource.provider_id === undefined &&
      roles.includes(roleOf(resource)),
  );
  const reserved = (resource: Resource): boolean => roleOf(resource) !== '*';
  return [...usable.filter(reserved), ...usable.filter((resource) => !reserved(resource))];
}

/** `millis` of scalar `name`, from as many of `usable` as it needs; nothing when there is not that much. */
export function takeScalar(usable: readonly Resource[], name: string, millis: number): Resource[] | undefined {
  const taken: Resource[] = [];
  let missing = millis;
  for (const resource of usable) {
    if (missing <= 0) break;
    if (resource.name !== name || resource.type !== 'SCALAR') continue;
    const part = Math.min(missing, toMillis(resource.scalar?.value ?? 0));
    if (part <= 0) continue;
    taken.push({ ...resource, scalar: { value: fromMillis(part) } });
    missing -= part;
  }
  return missing <= 0 ? taken : undefined;
}

function roleOf(resource: Resource): string {
  return resource.reservations?.at(-1)?.role ?? '*';
}
