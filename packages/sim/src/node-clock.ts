/**
 * The clock of one simulated machine: its wall clock may be put forward or back, and its monotonic clock may run a little
 * faster or slower than the world. Timers of cores are asked for in its time and fire in the world's.
 */
import type { Clock } from '@mesolite/ports';
import type { World } from './world.ts';

/** More than what sums of times may be wrong by. */
const ROUNDING_MS = 0.001;

export class NodeClock implements Clock {
  readonly #world: World;
  #jumpedMs = 0;
  /** Milliseconds of this clock in one of the world's. */
  #rate = 1;
  /** Both clocks at the last change of the rate. */
  #worldMs = 0;
  #ownMs = 0;

  constructor(world: World) {
    this.#world = world;
  }

  wallMs(): number {
    return this.#world.wallMs() + this.#jumpedMs;
  }

  monotonicMs(): number {
    return this.#ownMs + (this.#world.nowMs - this.#worldMs) * this.#rate;
  }

  now(): { readonly wallMs: number; readonly monotonicMs: number } {
    return { wallMs: this.wallMs(), monotonicMs: this.monotonicMs() };
  }

  /** Milliseconds of the world until this clock shows `monotonicMs`; never so few that, by rounding, it would not. */
  worldMsUntil(monotonicMs: number): number {
    const worldMs = (monotonicMs - this.monotonicMs()) / this.#rate;
    return worldMs <= 0 ? 0 : worldMs + ROUNDING_MS;
  }

  jumpWall(byMs: number): void {
    this.#jumpedMs += byMs;
  }

  drift(rate: number): void {
    this.#ownMs = this.monotonicMs();
    this.#worldMs = this.#world.nowMs;
    this.#rate = rate;
  }
}
