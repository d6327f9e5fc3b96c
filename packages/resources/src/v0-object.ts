/** Resources as the object that v0 endpoints show: amounts by name, kinds summed up. */
import { fromMillis } from '@mesolite/base';
import type { Entry } from './entry.ts';
import { type FlatRanges, formatRanges, NO_RANGES, unionRanges } from './value-ranges.ts';
import { formatItems, NO_ITEMS, type SortedItems, unionItems } from './value-sets.ts';

/** cpus, gpus, mem and disk always there; revocable ones apart by a suffix. */
export function entriesToV0Json(entries: readonly Entry[]): Record<string, number | string> {
  const scalars = new Map<string, number>([
    ['cpus', 0],
    ['gpus', 0],
    ['mem', 0],
    ['disk', 0],
  ]);
  const ranges = new Map<string, FlatRanges>();
  const sets = new Map<string, SortedItems>();
  for (const { kind, millis, ranges: flat, items } of entries) {
    const name = kind.revocable ? `${kind.name}_revocable` : kind.name;
    if (kind.type === 'SCALAR') scalars.set(name, (scalars.get(name) ?? 0) + millis);
    else if (kind.type === 'RANGES') ranges.set(name, unionRanges(ranges.get(name) ?? NO_RANGES, flat));
    else sets.set(name, unionItems(sets.get(name) ?? NO_ITEMS, items));
  }
  return Object.fromEntries([
    ...[...scalars].map(([name, millis]) => [name, fromMillis(millis)] as const),
    ...[...ranges].map(([name, flat]) => [name, formatRanges(flat)] as const),
    ...[...sets].map(([name, items]) => [name, formatItems(items)] as const),
  ]);
}
