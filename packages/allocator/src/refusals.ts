/**
 * The refusals of one agent: frameworks that do not want to be offered it for a while, in a role. A refusal holds back
 * what it contains; a larger offer passes. What each says, and when it ends, is in the book of all of them.
 */
import type { Resources } from '@mesolite/resources';
import type { RefusalBook, RefusalFacts } from './refusal-book.ts';
import { NONE, SlotTable } from './slot-table.ts';

/** Refusals kept for one framework, role and agent; the oldest gives way. */
const MAX_PER_OWNER = 32;

export class Refusals {
  readonly #book: RefusalBook;
  readonly #agent: number;
  /** The newest of each slot, which leads to the older ones. */
  readonly #bySlot: SlotTable;

  /** @param agent slot of the agent */
  constructor(book: RefusalBook, agent: number) {
    this.#book = book;
    this.#agent = agent;
    this.#bySlot = new SlotTable((refusal) => book.slotOf(refusal));
    book.keepFor(agent, this);
  }

  /** `slot` refuses until `untilMs` and until a batch has passed; `batches` are done by now. */
  add(slot: number, refused: Resources, untilMs: number, batches: number): void {
    const book = this.#book;
    let count = 0;
    let oldest = NONE;
    let next: number;
    for (let old = this.#bySlot.get(slot); old !== NONE; old = next) {
      next = book.nextOf(old);
      // What a newer refusal holds back at least as long needs no refusal of its own.
      const isNeedless = book.untilMsOf(old) <= untilMs && refused.contains(book.refusedBy(old));
      if (!book.isAlive(old) || isNeedless) this.#drop(old);
      else {
        count++;
        oldest = old;
      }
    }
    if (count >= MAX_PER_OWNER) this.#drop(oldest);
    const refusal = book.add({ agent: this.#agent, slot, refused, untilMs, batches });
    book.setNext(refusal, this.#bySlot.get(slot));
    this.#bySlot.set(refusal);
  }

  /** Whether `slot` has refused all of `offered` (without allocation). */
  refuses(slot: number, offered: Resources, nowMs: number): boolean {
    return this.#find(slot, offered, nowMs) !== NONE;
  }

  /** The refusal that holds back all of `offered` (without allocation). */
  refusalOf(slot: number, offered: Resources, nowMs: number): RefusalFacts | undefined {
    const refusal = this.#find(slot, offered, nowMs);
    if (refusal === NONE) return undefined;
    return { refused: this.#book.refusedBy(refusal), untilMs: this.#book.untilMsOf(refusal) };
  }

  clear(): void {
    for (const refusal of this.#all()) this.#drop(refusal);
  }

  /** Calls `visit` with the slot of each refusal that is not dead. */
  forEachSlot(visit: (slot: number) => void): void {
    for (const refusal of this.#all()) if (this.#book.isAlive(refusal)) visit(this.#book.slotOf(refusal));
  }

  /** Takes it out of the list it is in. */
  unlink(refusal: number): void {
    const book = this.#book;
    const slot = book.slotOf(refusal);
    const next = book.nextOf(refusal);
    const newest = this.#bySlot.get(slot);
    if (newest === refusal) {
      if (next === NONE) this.#bySlot.delete(slot);
      else this.#bySlot.set(next);
      return;
    }
    let before = newest;
    while (book.nextOf(before) !== refusal) before = book.nextOf(before);
    book.setNext(before, next);
  }

  #drop(refusal: number): void {
    this.unlink(refusal);
    this.#book.drop(refusal);
  }

  #find(slot: number, offered: Resources, nowMs: number): number {
    const book = this.#book;
    let refusal = this.#bySlot.get(slot);
    while (refusal !== NONE && !(book.holdsAt(refusal, nowMs) && book.refusedBy(refusal).contains(offered)))
      refusal = book.nextOf(refusal);
    return refusal;
  }

  /** A copy. */
  #all(): number[] {
    const all: number[] = [];
    for (const newest of this.#bySlot.items())
      for (let refusal = newest; refusal !== NONE; refusal = this.#book.nextOf(refusal)) all.push(refusal);
    return all;
  }
}
