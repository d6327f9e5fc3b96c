/**
 * What ends at a time, small numbers, in one bucket per tick: adding costs nothing, and letting go costs what ends rather
 * than what is there. Items may die before their time; when more of them are dead than alive, the whole wheel is gone
 * through, a part at a time. Never: reads a clock, or keeps the order of items within a tick.
 */
import { Heap } from '@mesolite/base';
import { Column } from './column.ts';
import { NONE } from './slot-table.ts';

/** Fewer dead items than this are left lying. */
const TOLERATED_DEAD = 1024;

/** Asked of an item whether it may be forgotten. */
type LetGo = (item: number, isDue: boolean) => boolean;

export class ExpiryWheel {
  readonly #tickMs: number;
  /** First items of the buckets; each item leads to the next one of its bucket. */
  readonly #firsts = new Map<number, number>();
  readonly #next = Column.ofIntegers();
  readonly #ticks = new Heap<number>((a, b) => a < b);
  #size = 0;
  #dead = 0;
  /** Buckets still to be gone through for dead items, and the item of the last of them that was looked at last. */
  #toClean: number[] = [];
  #cleaned = NONE;

  constructor(tickMs: number) {
    this.#tickMs = Math.max(1, tickMs);
  }

  /** How many items there are, dead ones too. */
  get size(): number {
    return this.#size;
  }

  /** `item` is not in the wheel, and at most one beyond the greatest that ever was. */
  add(untilMs: number, item: number): void {
    this.#put(Math.floor(untilMs / this.#tickMs), item);
  }

  /** So many more items are dead. */
  noteDead(count: number): void {
    this.#dead += count;
  }

  /**
   * Asks `letGo` of items whose tick has come (`isDue`) and, when many are dead, of others; those for which it answers
   * true are forgotten and may be added again at once. Looks at about `limit` items.
   */
  sweep(nowMs: number, limit: number, letGo: LetGo): void {
    const left = this.#expire(Math.floor(nowMs / this.#tickMs), limit, letGo);
    if (this.#toClean.length === 0 && this.#dead > TOLERATED_DEAD && this.#dead * 2 > this.#size) {
      this.#toClean = [...this.#firsts.keys()];
      this.#cleaned = NONE;
      this.#dead = 0;
    }
    this.#clean(left, letGo);
  }

  #put(tick: number, item: number): void {
    const first = this.#firsts.get(tick);
    this.#size++;
    this.#next.set(item, first ?? NONE);
    this.#firsts.set(tick, item);
    if (first === undefined) this.#ticks.push(tick);
  }

  #expire(nowTick: number, limit: number, letGo: LetGo): number {
    let left = limit;
    const tooEarly: number[] = [];
    for (let tick = this.#ticks.peek(); tick !== undefined && tick <= nowTick && left > 0; tick = this.#ticks.peek()) {
      let item = this.#firsts.get(tick) ?? NONE;
      // Cleaning must not go on from an item that is gone.
      if (this.#toClean.at(-1) === tick) this.#cleaned = NONE;
      for (; item !== NONE && left > 0; left--) {
        const next = this.#next.get(item);
        this.#size--;
        if (!letGo(item, true)) tooEarly.push(item);
        item = next;
      }
      if (item !== NONE) {
        this.#firsts.set(tick, item);
        break;
      }
      this.#firsts.delete(tick);
      this.#ticks.pop();
    }
    // Over later in this tick, or not only a matter of time.
    for (const item of tooEarly) this.#put(nowTick, item);
    return left;
  }

  #clean(limit: number, letGo: LetGo): void {
    let left = limit;
    for (let tick = this.#toClean.at(-1); tick !== undefined && left > 0; tick = this.#toClean.at(-1)) {
      let item = this.#cleaned === NONE ? (this.#firsts.get(tick) ?? NONE) : this.#next.get(this.#cleaned);
      for (; item !== NONE && left > 0; left--) {
        const next = this.#next.get(item);
        if (letGo(item, false)) this.#forget(tick, next);
        else this.#cleaned = item;
        item = next;
      }
      if (item !== NONE) return;
      this.#toClean.pop();
      this.#cleaned = NONE;
    }
  }

  /** Of the item behind the one that was looked at last; `next` is the one behind it. */
  #forget(tick: number, next: number): void {
    this.#size--;
    if (this.#cleaned === NONE) this.#firsts.set(tick, next);
    else this.#next.set(this.#cleaned, next);
  }
}
