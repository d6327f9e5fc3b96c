/**
 * What ends at a time, in one bucket per tick: adding costs nothing, and letting go costs what ends rather than what is
 * there. Items may die before their time; when more of them are dead than alive, the whole wheel is gone through, a part
 * at a time. Never: reads a clock, or keeps the order of items within a tick.
 */
import { Heap } from '@mesolite/base';

/** Fewer dead items than this are left lying. */
const TOLERATED_DEAD = 1024;

export class ExpiryWheel<T> {
  readonly #tickMs: number;
  readonly #buckets = new Map<number, T[]>();
  readonly #ticks = new Heap<number>((a, b) => a < b);
  #size = 0;
  #dead = 0;
  /** Buckets still to be gone through for dead items, and how far the last of them has been. */
  #toClean: number[] = [];
  #cleaned = 0;

  constructor(tickMs: number) {
    this.#tickMs = Math.max(1, tickMs);
  }

  /** How many items there are, dead ones too. */
  get size(): number {
    return this.#size;
  }

  add(untilMs: number, item: T): void {
    this.#put(Math.floor(untilMs / this.#tickMs), item);
  }

  /** So many more items are dead. */
  noteDead(count: number): void {
    this.#dead += count;
  }

  /**
   * Asks `letGo` of items whose tick has come (`isDue`) and, when many are dead, of others; those for which it answers
   * true are forgotten. Looks at about `limit` items.
   */
  sweep(nowMs: number, limit: number, letGo: (item: T, isDue: boolean) => boolean): void {
    const left = this.#expire(Math.floor(nowMs / this.#tickMs), limit, letGo);
    if (this.#toClean.length === 0 && this.#dead > TOLERATED_DEAD && this.#dead * 2 > this.#size) {
      this.#toClean = [...this.#buckets.keys()];
      this.#cleaned = 0;
      this.#dead = 0;
    }
    this.#clean(left, letGo);
  }

  #put(tick: number, item: T): void {
    const bucket = this.#buckets.get(tick);
    this.#size++;
    if (bucket !== undefined) {
      bucket.push(item);
      return;
    }
    this.#buckets.set(tick, [item]);
    this.#ticks.push(tick);
  }

  #expire(nowTick: number, limit: number, letGo: (item: T, isDue: boolean) => boolean): number {
    let left = limit;
    const tooEarly: T[] = [];
    for (let tick = this.#ticks.peek(); tick !== undefined && tick <= nowTick && left > 0; tick = this.#ticks.peek()) {
      const bucket = this.#buckets.get(tick) ?? [];
      for (let item = bucket.pop(); item !== undefined; item = left > 0 ? bucket.pop() : undefined) {
        left--;
        this.#size--;
        if (!letGo(item, true)) tooEarly.push(item);
      }
      if (bucket.length > 0) break;
      this.#buckets.delete(tick);
      this.#ticks.pop();
    }
    // Over later in this tick, or not only a matter of time.
    for (const item of tooEarly) this.#put(nowTick, item);
    return left;
  }

  #clean(limit: number, letGo: (item: T, isDue: boolean) => boolean): void {
    let left = limit;
    for (let tick = this.#toClean.at(-1); tick !== undefined && left > 0; tick = this.#toClean.at(-1)) {
      const bucket = this.#buckets.get(tick) ?? [];
      for (; this.#cleaned < bucket.length && left > 0; left--) {
        if (!letGo(bucket[this.#cleaned]!, false)) {
          this.#cleaned++;
          continue;
        }
        this.#size--;
        const last = bucket.pop()!;
        if (this.#cleaned < bucket.length) bucket[this.#cleaned] = last;
      }
      if (this.#cleaned < bucket.length) return;
      this.#toClean.pop();
      this.#cleaned = 0;
    }
  }
}
