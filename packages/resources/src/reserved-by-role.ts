/** What of a total is reserved, for each reservation role. */
import { Resources } from './resources.ts';

/** Keyed by the role of the innermost reservation, in order of appearance. */
export function reservedByRole(total: Resources): Map<string, Resources> {
  const roles = new Map<string, Resources>();
  for (const resource of total.reserved().toProto()) {
    const role = resource.reservations?.at(-1)?.role ?? '*';
    roles.set(role, (roles.get(role) ?? Resources.empty).plus(Resources.from([resource])));
  }
  return roles;
}
