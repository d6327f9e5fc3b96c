/** How long to wait before trying again: exponential, with full jitter, never above `maxMs`. */
import type { Random } from '@mesolite/ports';

export interface BackoffOptions {
  /** Upper end of the first wait, in milliseconds. */
  readonly minMs: number;
  /** Upper end of any wait, in milliseconds. */
  readonly maxMs: number;
}

export class Backoff {
  readonly #options: BackoffOptions;
  readonly #random: Random;
  #attempt = 0;

  constructor(options: BackoffOptions, random: Random) {
    this.#options = options;
    this.#random = random;
  }

  nextMs(): number {
    const ceiling = Math.min(this.#options.maxMs, this.#options.minMs * 2 ** Math.min(this.#attempt++, 30));
    return this.#random.next() * ceiling;
  }

  reset(): void {
    this.#attempt = 0;
  }
}
