/**
 * How long cycles of the allocator keep the event loop, as `allocator/mesos/allocation_run`: all turns of a cycle together,
 * what came between them left out. Here because cores have no clock.
 */
import type { Metrics, Timer } from '@mesolite/ports';
import type { MasterCore } from '../core/index.ts';

export class AllocationStopwatch {
  readonly #core: MasterCore;
  readonly #timer: Timer;
  #runs = 0;
  #spentMs = 0;

  constructor(core: MasterCore, metrics: Metrics) {
    this.#core = core;
    this.#timer = metrics.timer('allocator/mesos/allocation_run');
  }

  /** A turn of the core has taken so long. */
  note(tookMs: number): void {
    const { runs, underWay } = this.#core.allocation;
    if (runs !== this.#runs || underWay) this.#spentMs += tookMs;
    if (runs === this.#runs) return;
    this.#runs = runs;
    this.#timer.record(this.#spentMs);
    this.#spentMs = 0;
  }
}
