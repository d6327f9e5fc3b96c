/**
 * The three ways a Resource message tells its reservations.
 * Post-refinement (ours inside): a stack in `reservations`, bottom first; `role` and `reservation` unset.
 * Pre-refinement: `role` (default `*`), and `reservation` when dynamic; at most one reservation can be told.
 * Endpoint: the stack, and the old fields beside it where they can tell the same.
 */
import { assert, err, ok, type Result } from '@mesolite/base';
import type { Resource, ResourceReservationInfo } from '@mesolite/wire';

/** `resource` in the post-refinement format; the same object when it is already. */
export function upgradeResource(resource: Resource): Resource {
  if (resource.role === undefined && resource.reservation === undefined && resource.reservations?.length !== 0)
    return resource;
  const { role, reservation, reservations, ...rest } = resource;
  if (reservations !== undefined && reservations.length > 0) return { ...rest, reservations };
  if (role === undefined || role === '*') return rest;
  const only: ResourceReservationInfo =
    reservation === undefined ? { type: 'STATIC', role } : { ...reservation, type: 'DYNAMIC', role };
  return { ...rest, reservations: [only] };
}

export function toPostRefinement(list: readonly Resource[] | undefined): Resource[] {
  return (list ?? []).map(upgradeResource);
}

/** Whether some resource (of either format) has more than one reservation, which the old format cannot tell. */
export function hasRefinedReservation(list: readonly Resource[] | undefined): boolean {
  return (list ?? []).some((resource) => (resource.reservations?.length ?? 0) > 1);
}

/** The old format, for peers that do not know refined reservations. The caller withholds refined ones: meeting one is a bug. */
export function toPreRefinement(list: readonly Resource[] | undefined): Resource[] {
  return (list ?? []).map((resource) => {
    const upgraded = upgradeResource(resource);
    if (upgraded.reservations === undefined) return { ...upgraded, role: '*' };
    const { reservations, ...rest } = upgraded;
    assert((reservations?.length ?? 0) <= 1, `refined reservation of '${resource.name}' has no pre-refinement form`);
    return { ...rest, ...oldFields(reservations) };
  });
}

/** The format of a peer with such capabilities, or the original's reason why it cannot be told these. */
export function toFormatOf(
  capabilities: ReadonlySet<string>,
  list: readonly Resource[] | undefined,
): Result<Resource[]> {
  if (capabilities.has('RESERVATION_REFINEMENT')) return ok(toPostRefinement(list));
  if (hasRefinedReservation(list)) return err('Cannot downgrade resources containing refined reservations');
  return ok(toPreRefinement(list));
}

/** The form the operator endpoints show. */
export function toEndpointFormat(list: readonly Resource[] | undefined): Resource[] {
  return (list ?? []).map((given) => {
    const resource = upgradeResource(given);
    return { ...resource, ...oldFields(resource.reservations) };
  });
}

function oldFields(stack: readonly ResourceReservationInfo[] | undefined): Pick<Resource, 'role' | 'reservation'> {
  if (stack === undefined || stack.length === 0) return { role: '*' };
  if (stack.length > 1) return {};
  const { type, role, ...reservation } = stack[0]!;
  return type === 'DYNAMIC' ? { role, reservation } : { role };
}
