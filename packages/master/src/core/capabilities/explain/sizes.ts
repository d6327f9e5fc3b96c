/** How much a task wants, and what is missing for it. Amounts in thousandths by name; a port counts as one. */
import { fromMillis } from '@mesolite/base';
import type { Resources } from '@mesolite/resources';

export type Size = ReadonlyMap<string, number>;

const NOTHING: Size = new Map();

/** What a plain task can take: nothing that may be revoked, no volumes and no disks of their own. */
export function usable(resources: Resources): Resources {
  return resources.filterKind((kind) => !kind.revocable && !kind.shared && kind.template.disk === undefined);
}

/** What `resources` lack of `wanted`; empty when it fits. */
export function shortage(wanted: Size, resources: Resources): Size {
  let missing: Map<string, number> | undefined;
  for (const [name, millis] of wanted) {
    const there = resources.quantityMillis(name);
    if (there >= millis) continue;
    missing ??= new Map();
    missing.set(name, millis - there);
  }
  return missing ?? NOTHING;
}

/** The smaller, the nearer to fitting: missing parts of what is wanted, added up. */
export function distance(missing: Size, wanted: Size): number {
  let sum = 0;
  for (const [name, millis] of missing) sum += millis / (wanted.get(name) ?? millis);
  return sum;
}

export function unitsOf(size: Size): Record<string, number> {
  return Object.fromEntries([...size].map(([name, millis]) => [name, fromMillis(millis)]));
}

/** `cpus 2, mem 512`, or `nothing`. */
export function sizeText(units: Iterable<readonly [string, number]>): string {
  const parts = [...units].map(([name, value]) => `${name} ${value}`);
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}

/** The same of resources, those of `size` if it is given, else all scalars. */
export function resourcesText(resources: Resources, size?: Size): string {
  const names = size === undefined || size.size === 0 ? SHOWN : [...size.keys()];
  return sizeText(
    names.flatMap((name) => {
      const millis = resources.quantityMillis(name);
      return millis > 0 || (size?.has(name) ?? false) ? [[name, fromMillis(millis)] as const] : [];
    }),
  );
}

const SHOWN = ['cpus', 'gpus', 'mem', 'disk'];
