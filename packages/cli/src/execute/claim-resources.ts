/**
 * Finds what a task needs among what an offer holds: first what is reserved to the framework's role, then what is free.
 * Or says what is short, and by how much.
 *
 * Never: takes persistent volumes, shared or revocable resources unasked; a task that wants those names them whole.
 */
import { err, fromMillis, ok, type Result, toMillis } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import type { Resource, ValueRange } from '@mesolite/wire';

/** One resource of which an offer has too little. */
export interface Shortage {
  readonly name: string;
  /** As a person would write it: `4`, `[31000-31001]`. */
  readonly needed: string;
  readonly offered: string;
}

/** The entries to name in the task, taken from `offered`, or everything that is short. */
export function claimResources(
  offered: readonly Resource[],
  needs: readonly Resource[],
): Result<Resource[], Shortage[]> {
  const held = Resources.from(offered).unallocate();
  const special = Resources.from(needs.filter((need) => !isPlain(need) || isReserved(need)));
  if (!held.contains(special))
    return err([{ name: special.names().join(', '), needed: special.toString(), offered: held.toString() }]);
  const pool = held.minus(special).toProto().filter(isPlain);
  pool.sort((a, b) => Number(isReserved(b)) - Number(isReserved(a)));
  const claimed = special.toProto();
  const short: Shortage[] = [];
  for (const need of needs) {
    if (!isPlain(need) || isReserved(need)) continue;
    const entries = pool.filter((entry) => entry.name === need.name && entry.type === need.type);
    const taken = need.type === 'SCALAR' ? takeScalar(entries, need) : takeWhole(entries, need);
    if (taken === undefined) short.push({ name: need.name, needed: amount([need]), offered: amount(entries) });
    else claimed.push(...taken);
  }
  return short.length === 0 ? ok(claimed) : err(short);
}

function isPlain(resource: Resource): boolean {
  return resource.revocable === undefined && resource.shared === undefined && resource.disk === undefined;
}

function isReserved(resource: Resource): boolean {
  return (resource.reservations ?? []).length > 0 || (resource.role !== undefined && resource.role !== '*');
}

function takeScalar(entries: readonly Resource[], need: Resource): Resource[] | undefined {
  let missing = toMillis(need.scalar?.value ?? 0);
  const taken: Resource[] = [];
  for (const entry of entries) {
    if (missing <= 0) break;
    const millis = Math.min(missing, toMillis(entry.scalar?.value ?? 0));
    missing -= millis;
    taken.push({ ...entry, scalar: { value: fromMillis(millis) } });
  }
  return missing > 0 ? undefined : taken;
}

/** Ranges and sets come from one entry: to spread them over several is rare enough to be written by hand. */
function takeWhole(entries: readonly Resource[], need: Resource): Resource[] | undefined {
  const from = entries.find((entry) => (need.type === 'RANGES' ? holdsRanges(entry, need) : holdsItems(entry, need)));
  return from === undefined ? undefined : [{ ...from, ranges: need.ranges, set: need.set }];
}

function holdsRanges(entry: Resource, need: Resource): boolean {
  const held = entry.ranges?.range ?? [];
  return (need.ranges?.range ?? []).every(({ begin, end }) =>
    held.some((range) => range.begin <= begin && end <= range.end),
  );
}

function holdsItems(entry: Resource, need: Resource): boolean {
  const held = new Set(entry.set?.item ?? []);
  return (need.set?.item ?? []).every((item) => held.has(item));
}

function amount(entries: readonly Resource[]): string {
  const type = entries[0]?.type;
  if (type === undefined) return 'none';
  if (type === 'SCALAR')
    return String(fromMillis(entries.reduce((sum, { scalar }) => sum + toMillis(scalar?.value ?? 0), 0)));
  const range = ({ begin, end }: ValueRange): string => (begin === end ? `${begin}` : `${begin}-${end}`);
  if (type === 'RANGES')
    return `[${entries
      .flatMap(({ ranges }) => ranges?.range ?? [])
      .map(range)
      .join(', ')}]`;
  return `{${entries.flatMap(({ set }) => set?.item ?? []).join(', ')}}`;
}
