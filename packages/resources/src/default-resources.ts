/** What an agent offers of the machine when `--resources` does not say: pure arithmetic over facts given by the host. */
import type { Resource } from '@mesolite/wire';

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** Facts about the machine. */
export interface MachineFacts {
  readonly cores: number;
  readonly memoryBytes: number;
  /** Size of the file system that holds the work directory. */
  readonly diskBytes: number;
}

/** `given` (zero amounts included) and what it does not name of cpus, mem, disk and ports, reserved to `defaultRole`. */
export function fillResources(given: readonly Resource[], facts: MachineFacts, defaultRole: string): Resource[] {
  const named = new Set(given.map((resource) => resource.name));
  const missing = defaultResources(facts).filter((resource) => !named.has(resource.name));
  if (defaultRole === '*') return [...given, ...missing];
  return [
    ...given,
    ...missing.map((resource) => ({ ...resource, reservations: [{ type: 'STATIC' as const, role: defaultRole }] })),
  ];
}

/** All cores; memory but 1 GB (half when under 2 GB); disk but 5 GB (half when under 10 GB); 1001 ports. */
export function defaultResources(facts: MachineFacts): Resource[] {
  const { memoryBytes, diskBytes } = facts;
  const memory = memoryBytes >= 2 * GIB ? memoryBytes - GIB : memoryBytes / 2;
  const disk = diskBytes >= 10 * GIB ? diskBytes - 5 * GIB : diskBytes / 2;
  return [
    { name: 'cpus', type: 'SCALAR', scalar: { value: facts.cores } },
    { name: 'mem', type: 'SCALAR', scalar: { value: Math.floor(memory / MIB) } },
    { name: 'disk', type: 'SCALAR', scalar: { value: Math.floor(disk / MIB) } },
    { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31000, end: 32000 }] } },
  ];
}
