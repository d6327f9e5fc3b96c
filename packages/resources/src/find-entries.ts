/**
 * Finds an amount whatever it is reserved for: first what is reserved to the role that asks, then what is free, then
 * any. Of each it takes at most one entry that is too small by itself, as the original does.
 */
import type { Entry } from './entry.ts';

/** Entries of `held` that make up `target`, their reservations kept; nothing when they do not. */
export function findEntries(held: readonly Entry[], target: Entry): Entry[] | undefined {
  const found: Entry[] = [];
  let remaining = target.withReservations([]);
  const left = new Set(held);
  for (const fits of preferences(target.kind.reservationRole)) {
    for (const entry of [...left].filter(fits)) {
      const free = entry.withReservations([]);
      if (free.contains(remaining)) {
        found.push(remaining.withReservations(entry.kind.template.reservations ?? []));
        return found;
      }
      if (remaining.contains(free)) {
        found.push(entry);
        left.delete(entry);
        remaining = remaining.minus(free);
        break;
      }
    }
  }
  return undefined;
}

function preferences(role: string | undefined): ((entry: Entry) => boolean)[] {
  const free = (entry: Entry): boolean => entry.kind.reservationRole === undefined;
  const whichever = (): boolean => true;
  return role === undefined ? [free, whichever] : [(entry) => entry.kind.reservationRole === role, free, whichever];
}
