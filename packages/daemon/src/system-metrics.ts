/** Figures of the machine and of this process's event loop. */
import { availableParallelism, freemem, loadavg, totalmem } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Metrics } from '@mesolite/ports';

export interface SystemStatistics {
  readonly cpus: number;
  readonly load1: number;
  readonly load5: number;
  readonly load15: number;
  readonly memoryTotalBytes: number;
  readonly memoryFreeBytes: number;
}

export function systemStatistics(): SystemStatistics {
  const [load1 = 0, load5 = 0, load15 = 0] = loadavg();
  return {
    cpus: availableParallelism(),
    load1,
    load5,
    load15,
    memoryTotalBytes: totalmem(),
    memoryFreeBytes: freemem(),
  };
}

/** How often the event loop is probed; delays shorter than this are not seen. */
const PROBE_MS = 10;

/**
 * Registers `system/*` and, ours, `process/event_loop_delay_ms` (longest block of the loop since the last reading) with
 * `process/resident_bytes`. Agent pings and ZooKeeper sessions depend on a loop that is never blocked for long.
 */
export function systemMetrics(metrics: Metrics): void {
  metrics.gauge('system/cpus_total', () => systemStatistics().cpus);
  metrics.gauge('system/load_1min', () => systemStatistics().load1);
  metrics.gauge('system/load_5min', () => systemStatistics().load5);
  metrics.gauge('system/load_15min', () => systemStatistics().load15);
  metrics.gauge('system/mem_total_bytes', () => systemStatistics().memoryTotalBytes);
  metrics.gauge('system/mem_free_bytes', () => systemStatistics().memoryFreeBytes);
  const delay = monitorEventLoopDelay({ resolution: PROBE_MS });
  delay.enable();
  metrics.gauge('process/event_loop_delay_ms', () => {
    const longest = Math.max(0, delay.max / 1e6 - PROBE_MS);
    delay.reset();
    return longest;
  });
  metrics.gauge('process/resident_bytes', () => process.memoryUsage.rss());
}
