/** Directories that will be removed when they are old enough or the disk is full enough, oldest first. */
import { BoundedMap } from '@mesolite/base';

/** Directories that may wait. One more makes the oldest go at once. */
export const MAX_GARBAGE = 100_000;

export interface Garbage {
  readonly path: string;
  /** Monotonic milliseconds. */
  readonly sinceMs: number;
  /** Virtual paths to withdraw when it goes. */
  readonly virtualPaths: readonly string[];
}

export class GarbageQueue {
  readonly #waiting = new BoundedMap<string, Garbage>(MAX_GARBAGE);

  get size(): number {
    return this.#waiting.size;
  }

  get oldest(): Garbage | undefined {
    return this.#waiting.values().next().value;
  }

  /** Answers what had to make room. */
  add(garbage: Garbage): Garbage | undefined {
    return this.#waiting.set(garbage.path, garbage);
  }

  forget(path: string): void {
    this.#waiting.delete(path);
  }

  /** Takes out everything that has waited since `beforeMs` or longer. */
  takeOlder(beforeMs: number): Garbage[] {
    const old: Garbage[] = [];
    for (const garbage of this.#waiting.values()) {
      if (garbage.sinceMs > beforeMs) break;
      old.push(garbage);
    }
    for (const { path } of old) this.#waiting.delete(path);
    return old;
  }
}
