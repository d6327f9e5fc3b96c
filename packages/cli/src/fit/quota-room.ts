/**
 * How much of what is not reserved quota leaves to a role: up to its limit, and without what must stay free so that
 * the other roles can have what they are guaranteed. Quota is that of the top-level role.
 */
import { toMillis } from '@mesolite/base';
import type { Resources } from '@mesolite/resources';
import type { Allowance } from '@mesolite/scheduling';

/** Units by name. */
type Quantities = Readonly<Record<string, number>>;

/** Of `/roles`, what is needed here. */
export interface RoleDocument {
  readonly name: string;
  /** `consumed` is what tasks hold and what is reserved, without what is only offered. */
  readonly quota?: { readonly guarantee?: Quantities; readonly limit?: Quantities; readonly consumed?: Quantities };
}

/** From the answer of `/roles`. */
export function readRoles(body: unknown): RoleDocument[] {
  return (body as { roles?: RoleDocument[] }).roles ?? [];
}

/** `free`: of all agents together, also of those that get no offers now. */
export function quotaRoom(roles: readonly RoleDocument[], role: string, free: Resources): Allowance[] {
  const [top = role] = role.split('/');
  const own = roles.find(({ name }) => name === top)?.quota;
  const room: Allowance[] = [];
  for (const [name, limit] of Object.entries(own?.limit ?? {})) {
    const millis = toMillis(limit) - toMillis(own?.consumed?.[name] ?? 0);
    room.push({ name, millis: Math.max(0, millis), reason: 'QuotaLimit' });
  }
  const counted = free.unreserved().nonRevocable().nonShared();
  for (const [name, promised] of promisedToOthers(roles, top)) {
    const there = counted.quantityMillis(name);
    // A role that lacks its own guarantee is no worse off than the others.
    const due = Math.max(0, toMillis(own?.guarantee?.[name] ?? 0) - toMillis(own?.consumed?.[name] ?? 0));
    room.push({ name, millis: Math.max(there - promised, Math.min(due, there)), reason: 'QuotaHeadroom' });
  }
  return room;
}

/** What is missing to the guarantees of the top-level roles but `top`, in thousandths by name. */
function promisedToOthers(roles: readonly RoleDocument[], top: string): Map<string, number> {
  const promised = new Map<string, number>();
  for (const { name: role, quota } of roles) {
    if (role === top || role.includes('/')) continue;
    for (const [name, guarantee] of Object.entries(quota?.guarantee ?? {})) {
      const missing = toMillis(guarantee) - toMillis(quota?.consumed?.[name] ?? 0);
      if (missing > 0) promised.set(name, (promised.get(name) ?? 0) + missing);
    }
  }
  return promised;
}
