/** What an agent offers of the machine when `--resources` does not say: pure arithmetic over facts given by the host. */
import { must } from '@mesolite/base';
import type { Resource } from '@mesolite/wire';

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** Facts about the machine. */
export interface MachineFacts {
  readonly cores: number;
  readonly memoryBytes: number;
  /** Size of the file system that holds the work directory. */
  readonly diskBytes: number;
  /** Sizes of the file systems of disks that are named without a size, by {@link diskRoot}. */
  readonly disks?: ReadonlyMap<string, number> | undefined;
}

/** The root that `--resources` gives a disk of its own, as it is written there. */
export function diskRoot({ disk }: Resource): string | undefined {
  const source = disk?.source;
  if (source?.type === 'PATH') return source.path?.root;
  return source?.type === 'MOUNT' ? source.mount?.root : undefined;
}

/** Whether `resource` is a disk of its own whose size is to be that of its file system. */
export function isSizeless(resource: Resource): boolean {
  return resource.type === 'SCALAR' && resource.scalar === undefined && diskRoot(resource) !== undefined;
}

/**
 * `given` (zero amounts included) and what it does not name of cpus, mem, disk and ports, reserved to `defaultRole`.
 * Disks without a size get one: a MOUNT disk all of its file system, a PATH disk what is left of it after the reserve.
 */
export function fillResources(listed: readonly Resource[], facts: MachineFacts, defaultRole: string): Resource[] {
  const given = listed.map((resource) => (isSizeless(resource) ? sized(resource, facts) : resource));
  const named = new Set(given.map((resource) => resource.name));
  const missing = defaultResources(facts).filter((resource) => !named.has(resource.name));
  if (defaultRole === '*') return [...given, ...missing];
  return [
    ...given,
    ...missing.map((resource) => ({ ...resource, reservations: [{ type: 'STATIC' as const, role: defaultRole }] })),
  ];
}

function sized(resource: Resource, { disks }: MachineFacts): Resource {
  const bytes = must(disks?.get(diskRoot(resource) ?? ''), 'size of a disk');
  const offered = resource.disk?.source?.type === 'MOUNT' ? bytes : withoutReserve(bytes);
  return { ...resource, scalar: { value: Math.floor(offered / MIB) } };
}

/** A file system that others use too is not offered whole: 5 GB stay, or half when it has less than 10 GB. */
function withoutReserve(bytes: number): number {
  return bytes >= 10 * GIB ? bytes - 5 * GIB : bytes / 2;
}

/** All cores; memory but 1 GB (half when under 2 GB); disk but 5 GB (half when under 10 GB); 1001 ports. */
export function defaultResources(facts: MachineFacts): Resource[] {
  const { memoryBytes, diskBytes } = facts;
  const memory = memoryBytes >= 2 * GIB ? memoryBytes - GIB : memoryBytes / 2;
  return [
    { name: 'cpus', type: 'SCALAR', scalar: { value: facts.cores } },
    { name: 'mem', type: 'SCALAR', scalar: { value: Math.floor(memory / MIB) } },
    { name: 'disk', type: 'SCALAR', scalar: { value: Math.floor(withoutReserve(diskBytes) / MIB) } },
    { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31000, end: 32000 }] } },
  ];
}
