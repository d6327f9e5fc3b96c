/** What the processes of a container use, in the protocol's words. Pure but for the page size, read once. */
import { readFileSync } from 'node:fs';
import { Resources } from '@mesolite/resources';
import type { Resource, ResourceStatistics } from '@mesolite/wire';
import type { ProcessStat } from './process-table.ts';

/** Linux tells times to user space in this unit on every architecture node runs on. */
const TICKS_PER_SECOND = 100;
const BYTES_PER_MEGABYTE = 1024 * 1024;
let bytesPerPage: number | undefined;

function pageBytes(): number {
  if (bytesPerPage === undefined) {
    const match = /KernelPageSize:\s+(\d+) kB/.exec(readFileSync('/proc/self/smaps', 'utf8'));
    bytesPerPage = match === null ? 4096 : Number(match[1]) * 1024;
  }
  return bytesPerPage;
}

/**
 * CPU times include those of children that ended, so they never fall while the container's first process lives.
 * Departs from Mesos: counts processes and threads, and says the memory's total, which the original's posix isolation leaves out.
 */
export function statisticsOf(
  processes: readonly ProcessStat[],
  options: { readonly wallMs: number; readonly resources: readonly Resource[] },
): ResourceStatistics {
  let userTicks = 0;
  let systemTicks = 0;
  let pages = 0;
  let threads = 0;
  for (const stat of processes) {
    userTicks += stat.userTicks;
    systemTicks += stat.systemTicks;
    pages += stat.residentPages;
    threads += stat.threads;
  }
  const memory = pages * pageBytes();
  return {
    timestamp: options.wallMs / 1000,
    processes: processes.length,
    threads,
    cpus_user_time_secs: userTicks / TICKS_PER_SECOND,
    cpus_system_time_secs: systemTicks / TICKS_PER_SECOND,
    mem_rss_bytes: memory,
    mem_total_bytes: memory,
    ...requested(options.resources),
  };
}

function requested(list: readonly Resource[]): Partial<ResourceStatistics> {
  const resources = Resources.from(list);
  const cpus = resources.scalar('cpus');
  const memory = Math.floor(resources.scalar('mem') * BYTES_PER_MEGABYTE);
  return {
    ...(cpus > 0 ? { cpus_soft_limit: cpus } : {}),
    ...(memory > 0 ? { mem_limit_bytes: memory, mem_soft_limit_bytes: memory } : {}),
  };
}
