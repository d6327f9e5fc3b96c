/** Guarantees, limits and headroom (kernel 6.1 and 6.4), reckoned anew from the books for each question. */
import { Resources } from '@mesolite/resources';
import type { Resource } from '@mesolite/wire';
import { addAll, type Books, isWithin, scalarMillis } from './books.ts';

type Allowance = (name: string) => number;

/** The role at the top of `role`'s branch: the only ones that can have quota (kernel 6.4). */
export function topLevel(role: string): string {
  return role.split('/')[0]!;
}

/** Kernel 6.1: scalars that are free of any reservation and not revocable are what quota is about. */
export function countsForQuota({ type, reservations, revocable }: Resource): boolean {
  return type === 'SCALAR' && (reservations ?? []).length === 0 && revocable === undefined;
}

/** Kernel 6.1: what is reserved within `role`, held or not, and what is held there of the unreserved; in thousandths. */
export function consumed(books: Books, role: string): ReadonlyMap<string, number> {
  return books.remember(`consumed ${role}`, () => {
    const sums = new Map<string, number>();
    for (const { total } of books.agents.values())
      addAll(sums, scalarMillis(total.filter((resource) => isWithin(reservedRole(resource) ?? '', role))));
    for (const holding of books.holdings)
      if (isWithin(holding.role, role)) addAll(sums, scalarMillis(holding.resources.filter(countsForQuota)));
    return sums;
  });
}

/** Kernel 6.1: what a top-level role lacks of its guarantees, in thousandths; empty when it has got them. */
export function unsatisfied(books: Books, role: string): ReadonlyMap<string, number> {
  const missing = new Map<string, number>();
  for (const [name, units] of Object.entries(books.quotas.get(role)?.guarantees ?? {})) {
    const millis = Math.round(units * 1000) - (consumed(books, role).get(name) ?? 0);
    if (millis > 0) missing.set(name, millis);
  }
  return missing;
}

/** Kernel 6.1: the sum of what top-level roles lack of their guarantees. */
export function requiredHeadroom(books: Books): ReadonlyMap<string, number> {
  return books.remember('required headroom', () => {
    const sums = new Map<string, number>();
    for (const role of books.quotas.keys()) addAll(sums, unsatisfied(books, role));
    return sums;
  });
}

/**
 * Kernel 6.1: total − allocated − unallocated reservations − unallocated revocable. What is unallocated is total −
 * allocated, of each; less than nothing where more is held than there is.
 */
export function availableHeadroom(books: Books): ReadonlyMap<string, number> {
  return books.remember('available headroom', () => {
    const sums = new Map<string, number>();
    for (const agent of books.agents.values()) {
      const here = books.holdings.filter(({ agentId }) => agentId === agent.id);
      const allocated = Resources.sum(here.map(({ resources }) => resources));
      addAll(sums, scalarMillis(agent.total));
      addAll(sums, scalarMillis(allocated), -1);
      for (const kind of [isReserved, isRevocable]) {
        addAll(sums, scalarMillis(agent.total.filter(kind)), -1);
        addAll(sums, scalarMillis(allocated.filter(kind)));
      }
    }
    return sums;
  });
}

/** Kernel 6.1: available − required, of every name, as long as something is required at all. */
export function headroomAllowance(books: Books): Allowance {
  const required = requiredHeadroom(books);
  const available = availableHeadroom(books);
  if (required.size === 0) return () => Number.POSITIVE_INFINITY;
  return (name) => (available.get(name) ?? 0) - (required.get(name) ?? 0);
}

/**
 * Kernel 6.1 and 6.4: what the limits of the role at the top leave. They count whatever roles below consume, so they bind
 * these too; the original asks only the role itself.
 */
export function limitAllowance(books: Books, role: string): Allowance {
  const top = topLevel(role);
  const limits = books.quotas.get(top)?.limits ?? {};
  return (name) =>
    Object.hasOwn(limits, name)
      ? Math.round(limits[name]! * 1000) - (consumed(books, top).get(name) ?? 0)
      : Number.POSITIVE_INFINITY;
}

/** Kernel 6.1, cutting: in their order, scalars down to what is left of the name; the indivisible whole or not at all. */
export function shrink(resources: Resources, allowance: Allowance): Resources {
  const left = new Map<string, number>();
  const kept: Resource[] = [];
  for (const resource of resources.toProto()) {
    const { name, scalar } = resource;
    const allowed = Math.max(0, left.get(name) ?? allowance(name));
    const millis = Math.round((scalar?.value ?? 0) * 1000);
    const granted = millis <= allowed ? millis : isIndivisible(resource) ? 0 : allowed;
    left.set(name, allowed - granted);
    if (granted > 0) kept.push({ ...resource, scalar: { value: granted / 1000 } });
  }
  return Resources.from(kept);
}

/** Kernel 5.5: MOUNT and BLOCK disks, RAW ones that have an id, and persistent volumes. */
function isIndivisible({ disk }: Resource): boolean {
  const type = disk?.source?.type;
  return (
    disk?.persistence !== undefined ||
    type === 'MOUNT' ||
    type === 'BLOCK' ||
    (type === 'RAW' && disk?.source?.id !== undefined)
  );
}

export function reservedRole({ reservations }: Resource): string | undefined {
  return reservations?.at(-1)?.role;
}

export function isReserved(resource: Resource): boolean {
  return reservedRole(resource) !== undefined;
}

export function isRevocable({ revocable }: Resource): boolean {
  return revocable !== undefined;
}
