/**
 * All refusals of the cluster: what each says, and by an expiry wheel the time at which it ends. A refusal is a number
 * that leads into columns: there are millions of them, which as objects of their own would keep the garbage collector
 * busy for longer than a cycle may take.
 *
 * Reviving drops all refusals of a slot on all agents at once by giving the slot a new era; the wheel sweeps up the dead
 * ones. A refusal lasts until its time is over and a batch has passed. Never: reads a clock.
 */
import { Resources } from '@mesolite/resources';
import { Column } from './column.ts';
import { ExpiryWheel } from './expiry-wheel.ts';
import type { Refusals } from './refusals.ts';
import { NONE } from './slot-table.ts';

/** What one refusal says. */
export interface RefusalFacts {
  /** Without allocation. */
  readonly refused: Resources;
  /** At this time at the earliest it is over. */
  readonly untilMs: number;
}

export interface NewRefusal extends RefusalFacts {
  /** Slot of the agent that is not wanted. */
  readonly agent: number;
  /** Slot of the framework in a role that does not want it. */
  readonly slot: number;
  /** Batches done by now: one more has to pass at least, however late it comes. */
  readonly batches: number;
}

/** Not an era of anybody. */
const DROPPED = -1;

/** The wheel turns finer than batches come, so that few refusals are looked at too early. */
const TICKS_PER_BATCH = 8;

export class RefusalBook {
  /** Batches done. */
  batches = 0;
  readonly #wheel: ExpiryWheel;
  readonly #agents: Refusals[] = [];
  readonly #agent = Column.ofIntegers();
  readonly #slot = Column.ofIntegers();
  readonly #era = Column.ofIntegers();
  readonly #next = Column.ofIntegers();
  readonly #batches = Column.ofIntegers();
  readonly #untilMs = Column.ofNumbers();
  readonly #refused = Column.of(Resources.empty);
  /** Numbers ever used; those that are free again are a list. */
  #numbers = 0;
  #firstFree = NONE;
  /** By slot: the era, which goes on when the slot gets another owner, and refusals that are not dead. */
  readonly #eras: number[] = [];
  readonly #counts: number[] = [];

  constructor(allocationIntervalMs: number) {
    this.#wheel = new ExpiryWheel(allocationIntervalMs / TICKS_PER_BATCH);
  }

  /** `refusals` are those of the agent with this slot from now on. */
  keepFor(agent: number, refusals: Refusals): void {
    this.#agents[agent] = refusals;
  }

  /** Refusals of `slot` that are not dead. */
  countOf(slot: number): number {
    return this.#counts[slot] ?? 0;
  }

  /** All refusals of `slot` are void from now on. */
  voidAll(slot: number): void {
    this.#eras[slot] = this.#eraOf(slot) + 1;
    this.#wheel.noteDead(this.countOf(slot));
    this.#counts[slot] = 0;
  }

  add({ agent, slot, refused, untilMs, batches }: NewRefusal): number {
    const refusal = this.#freeNumber();
    this.#agent.set(refusal, agent);
    this.#slot.set(refusal, slot);
    this.#era.set(refusal, this.#eraOf(slot));
    this.#next.set(refusal, NONE);
    this.#batches.set(refusal, batches);
    this.#untilMs.set(refusal, untilMs);
    this.#refused.set(refusal, refused);
    this.#counts[slot] = this.countOf(slot) + 1;
    this.#wheel.add(untilMs, refusal);
    return refusal;
  }

  slotOf(refusal: number): number {
    return this.#slot.get(refusal);
  }

  refusedBy(refusal: number): Resources {
    return this.#refused.get(refusal);
  }

  untilMsOf(refusal: number): number {
    return this.#untilMs.get(refusal);
  }

  /** Refusals of the same slot and agent are a list. */
  nextOf(refusal: number): number {
    return this.#next.get(refusal);
  }

  setNext(refusal: number, next: number): void {
    this.#next.set(refusal, next);
  }

  isAlive(refusal: number): boolean {
    return this.#era.get(refusal) === this.#eraOf(this.slotOf(refusal));
  }

  /** Neither dead nor over. */
  holdsAt(refusal: number, nowMs: number): boolean {
    return this.isAlive(refusal) && !this.#isOver(refusal, nowMs);
  }

  #isOver(refusal: number, nowMs: number): boolean {
    return nowMs >= this.#untilMs.get(refusal) && this.batches > this.#batches.get(refusal);
  }

  /** Leaves it, which is in no list any more, to the wheel as a dead one. */
  drop(refusal: number): void {
    // One whose era is over was counted as dead then.
    if (this.isAlive(refusal)) {
      this.#uncount(refusal);
      this.#wheel.noteDead(1);
    }
    this.#era.set(refusal, DROPPED);
  }

  /** Sweeps up at most about `limit` refusals that are over or dead. */
  sweep(nowMs: number, limit: number): void {
    this.#wheel.sweep(nowMs, limit, (refusal, isDue) => {
      const alive = this.isAlive(refusal);
      if (alive && !(isDue && this.#isOver(refusal, nowMs))) return false;
      if (alive) this.#uncount(refusal);
      if (this.#era.get(refusal) !== DROPPED) this.#agents[this.#agent.get(refusal)]!.unlink(refusal);
      this.#refused.set(refusal, Resources.empty);
      this.#next.set(refusal, this.#firstFree);
      this.#firstFree = refusal;
      return true;
    });
  }

  #freeNumber(): number {
    if (this.#firstFree === NONE) return this.#numbers++;
    const free = this.#firstFree;
    this.#firstFree = this.#next.get(free);
    return free;
  }

  #uncount(refusal: number): void {
    const slot = this.slotOf(refusal);
    this.#counts[slot] = this.countOf(slot) - 1;
  }

  #eraOf(slot: number): number {
    return this.#eras[slot] ?? 0;
  }
}
