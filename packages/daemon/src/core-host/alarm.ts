/**
 * The one timer a core needs: it wants to be woken at or after a time, and may change its mind any number of times. The
 * timer behind it is moved only to an earlier time; one that fires before the latest wish looks again.
 */
import type { Clock, TimerHandle, Timers } from '@mesolite/ports';

export interface AlarmOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Called at or after the time asked for, which is forgotten by then. */
  readonly ring: () => void;
}

export class Alarm {
  readonly #options: AlarmOptions;
  #timer: TimerHandle | undefined;
  #timerDueMs = Number.POSITIVE_INFINITY;
  #wishMs = Number.POSITIVE_INFINITY;

  constructor(options: AlarmOptions) {
    this.#options = options;
  }

  /** Replaces the earlier wish. Monotonic milliseconds; unset: no wish. */
  set(monotonicMs: number | undefined): void {
    this.#wishMs = monotonicMs ?? Number.POSITIVE_INFINITY;
    if (this.#wishMs >= this.#timerDueMs) return;
    this.#timer?.cancel();
    this.#arm();
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#timerDueMs = Number.POSITIVE_INFINITY;
    this.#wishMs = Number.POSITIVE_INFINITY;
  }

  #arm(): void {
    const { clock, timers } = this.#options;
    this.#timerDueMs = this.#wishMs;
    this.#timer = timers.after(Math.max(0, this.#wishMs - clock.monotonicMs()), () => this.#fired());
  }

  #fired(): void {
    const { clock, ring } = this.#options;
    this.#timerDueMs = Number.POSITIVE_INFINITY;
    if (this.#wishMs === Number.POSITIVE_INFINITY) return;
    if (this.#wishMs > clock.monotonicMs()) {
      this.#arm();
      return;
    }
    this.#wishMs = Number.POSITIVE_INFINITY;
    ring();
  }
}
