/**
 * Follows a growing file of an agent by asking again and again: quickly while something comes, more slowly while not.
 *
 * Never: skips bytes, or asks faster than every `MIN_PAUSE_MS`.
 */
import { type ApiError, type FileSource, readToEnd } from '@mesolite/sdk';

const MIN_PAUSE_MS = 50;
const MAX_PAUSE_MS = 500;

export interface FollowOptions {
  readonly files: FileSource;
  /** Answers where the file is; asked again until it does. */
  readonly path: () => Promise<string | undefined>;
  readonly offset?: number;
  readonly data: (bytes: Uint8Array) => void;
}

export class FileFollower {
  readonly #options: FollowOptions;
  readonly #done: Promise<ApiError | undefined>;
  #offset: number;
  #path: string | undefined;
  #last = false;
  #stopped = false;
  #wake: (() => void) | undefined;

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#offset = options.offset ?? 0;
    this.#done = this.#run();
  }

  /** Reads what is there now, then stops. Answers why that failed, if it did. */
  finish(): Promise<ApiError | undefined> {
    this.#last = true;
    this.#wake?.();
    return this.#done;
  }

  /** Stops at once. */
  stop(): void {
    this.#stopped = true;
    this.#wake?.();
  }

  async #run(): Promise<ApiError | undefined> {
    let pauseMs = MIN_PAUSE_MS;
    let failure: ApiError | undefined;
    while (!this.#stopped) {
      // Asked before reading: what is written until `finish` was called is read by this round.
      const last = this.#last;
      const before = this.#offset;
      failure = await this.#readOn();
      if (last) return failure;
      pauseMs = this.#offset > before ? MIN_PAUSE_MS : Math.min(MAX_PAUSE_MS, pauseMs * 1.5);
      if (!this.#last && !this.#stopped) await this.#pause(pauseMs);
    }
    return failure;
  }

  async #readOn(): Promise<ApiError | undefined> {
    this.#path ??= await this.#options.path();
    if (this.#path === undefined) return undefined;
    for await (const chunk of readToEnd(this.#options.files, this.#path, this.#offset)) {
      if (!chunk.ok) return chunk.error;
      if (this.#stopped) return undefined;
      this.#offset += chunk.value.length;
      this.#options.data(chunk.value);
    }
    return undefined;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
