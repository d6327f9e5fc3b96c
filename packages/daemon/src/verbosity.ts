/** The verbosity an operator may raise for a while. At level 1 and above each HTTP request is logged. */
import type { TimerHandle, Timers } from '@mesolite/ports';

export class Verbosity {
  readonly #timers: Timers;
  #level = 0;
  #revert: TimerHandle | undefined;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  get level(): number {
    return this.#level;
  }

  /** Falls back to 0 after `durationMs`; setting 0 ends it at once. */
  set(level: number, options: { readonly durationMs: number }): void {
    this.#revert?.cancel();
    this.#level = level;
    this.#revert =
      level === 0
        ? undefined
        : this.#timers.after(options.durationMs, () => {
            this.#level = 0;
          });
  }
}
