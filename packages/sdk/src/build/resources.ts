/** Resources as a task asks for them, and what an offer holds of them. For exact arithmetic see @mesolite/resources. */
import type { Resource } from '@mesolite/wire';

export interface ResourceNeeds {
  /** Shares of a core; to the thousandth. */
  readonly cpus?: number;
  /** MiB. */
  readonly mem?: number;
  /** MiB. */
  readonly disk?: number;
  readonly gpus?: number;
  /** Both ends included, such as `[[31000, 31000]]`. */
  readonly ports?: readonly (readonly [begin: number, end: number])[];
}

/** `{cpus: 0.1, mem: 32}` as messages. Amounts of 0 are left out. */
export function resources(needs: ResourceNeeds): Resource[] {
  const list: Resource[] = [];
  for (const name of ['cpus', 'mem', 'disk', 'gpus'] as const) {
    const value = needs[name];
    if (value !== undefined && value > 0) list.push({ name, type: 'SCALAR', scalar: { value } });
  }
  if (needs.ports !== undefined && needs.ports.length > 0) {
    const range = needs.ports.map(([begin, end]) => ({ begin, end }));
    list.push({ name: 'ports', type: 'RANGES', ranges: { range } });
  }
  return list;
}

/** Sum of a scalar over all entries, in its own unit; 0 when there is none. */
export function scalarOf(list: readonly Resource[] | undefined, name: string): number {
  let thousandths = 0;
  for (const resource of list ?? [])
    if (resource.name === name) thousandths += Math.round((resource.scalar?.value ?? 0) * 1000);
  return thousandths / 1000;
}

/** The first `count` ports of an offer, or undefined if it holds fewer. */
export function portsOf(list: readonly Resource[] | undefined, count: number): number[] | undefined {
  const ports: number[] = [];
  for (const resource of list ?? []) {
    if (resource.name !== 'ports') continue;
    for (const { begin, end } of resource.ranges?.range ?? [])
      for (let port = begin; port <= end && ports.length < count; port++) ports.push(port);
  }
  return ports.length === count ? ports : undefined;
}

/** True when the scalars of `needs` fit into `list`, whatever role each entry is for. */
export function fits(list: readonly Resource[] | undefined, needs: ResourceNeeds): boolean {
  const scalars = (['cpus', 'mem', 'disk', 'gpus'] as const).every(
    (name) => scalarOf(list, name) >= (needs[name] ?? 0),
  );
  return scalars && (needs.ports ?? []).every(([begin, end]) => holdsPorts(list, begin, end));
}

function holdsPorts(list: readonly Resource[] | undefined, begin: number, end: number): boolean {
  return (list ?? []).some(
    (resource) =>
      resource.name === 'ports' &&
      (resource.ranges?.range ?? []).some((range) => range.begin <= begin && end <= range.end),
  );
}
