/**
 * Refusals: frameworks that do not want to be offered an agent for a while, in a role. A refusal holds back what it
 * contains; a larger offer passes. Each agent has its own, by the slot of the framework and role; an expiry wheel has
 * them all.
 *
 * Reviving drops all refusals of a slot on all agents at once by giving the slot a new era; the wheel sweeps up the dead
 * ones. A refusal lasts until its time is over and a batch has passed. Never: reads a clock.
 */
import type { Resources } from '@mesolite/resources';
import { ExpiryWheel } from './expiry-wheel.ts';
import { SlotTable } from './slot-table.ts';

/** Of a framework in a role. Slots and eras are never used twice at the same time. */
export interface RefusalOwner {
  readonly slot: number;
  era: number;
  /** Refusals that are not dead. */
  refusals: number;
}

/** What one refusal says. */
export interface RefusalFacts {
  /** Without allocation. */
  readonly refused: Resources;
  /** At this time at the earliest it is over. */
  readonly untilMs: number;
}

/** When refusals end. Shared by those that were made together, of which there are thousands. */
interface Term {
  readonly untilMs: number;
  /** Batches done at the time: one more has to pass at least, however late it comes. */
  readonly batches: number;
}

/** Not an era of anybody. */
const DROPPED = -1;

/** There are millions of them: six words, and nothing of its own besides. */
class Refusal implements RefusalFacts {
  readonly agent: Refusals;
  readonly owner: RefusalOwner;
  era: number;
  readonly refused: Resources;
  readonly term: Term;
  /** Refusals of the same slot and agent are a list. */
  next: Refusal | undefined;

  constructor(agent: Refusals, owner: RefusalOwner, refused: Resources, term: Term) {
    this.agent = agent;
    this.owner = owner;
    this.era = owner.era;
    this.refused = refused;
    this.term = term;
  }

  get slot(): number {
    return this.owner.slot;
  }

  get untilMs(): number {
    return this.term.untilMs;
  }

  get alive(): boolean {
    return this.era === this.owner.era;
  }

  get dropped(): boolean {
    return this.era === DROPPED;
  }

  drop(): void {
    this.era = DROPPED;
  }

  isOver(nowMs: number, batches: number): boolean {
    return nowMs >= this.term.untilMs && batches > this.term.batches;
  }
}

/** Refusals kept for one framework, role and agent; the oldest gives way. */
const MAX_PER_OWNER = 32;

/** The wheel turns finer than batches come, so that few refusals are looked at too early. */
const TICKS_PER_BATCH = 8;

/** All refusals of the cluster by the time at which they end. */
export class RefusalClock {
  readonly wheel: ExpiryWheel<Refusal>;
  /** Batches done. */
  batches = 0;
  #term: Term = { untilMs: 0, batches: 0 };

  constructor(allocationIntervalMs: number) {
    this.wheel = new ExpiryWheel(allocationIntervalMs / TICKS_PER_BATCH);
  }

  /** The same one as the last time when nothing is different. */
  term(untilMs: number, batches: number): Term {
    if (this.#term.untilMs !== untilMs || this.#term.batches !== batches) this.#term = { untilMs, batches };
    return this.#term;
  }

  /** All refusals of `owner` are void from now on. */
  voidAll(owner: RefusalOwner): void {
    owner.era++;
    this.wheel.noteDead(owner.refusals);
    owner.refusals = 0;
  }

  /** Sweeps up at most about `limit` refusals that are over or dead. */
  sweep(nowMs: number, limit: number): void {
    this.wheel.sweep(nowMs, limit, (refusal, isDue) => {
      if (refusal.alive && !(isDue && refusal.isOver(nowMs, this.batches))) return false;
      refusal.agent.remove(refusal);
      return true;
    });
  }
}

/** The refusals of one agent. */
export class Refusals {
  readonly #bySlot = new SlotTable<Refusal>();
  readonly #clock: RefusalClock;

  constructor(clock: RefusalClock) {
    this.#clock = clock;
  }

  /** Refuses until `untilMs` and until a batch has passed; `batches` are done by now. */
  add(owner: RefusalOwner, refused: Resources, untilMs: number, batches: number): void {
    let count = 0;
    let oldest: Refusal | undefined;
    for (let old = this.#bySlot.get(owner.slot); old !== undefined; old = old.next) {
      // What a newer refusal holds back at least as long needs no refusal of its own.
      if (!old.alive || (old.untilMs <= untilMs && refused.contains(old.refused))) this.#drop(old);
      else {
        count++;
        oldest = old;
      }
    }
    if (count >= MAX_PER_OWNER && oldest !== undefined) this.#drop(oldest);
    const refusal = new Refusal(this, owner, refused, this.#clock.term(untilMs, batches));
    refusal.next = this.#bySlot.get(owner.slot);
    this.#bySlot.set(refusal);
    owner.refusals++;
    this.#clock.wheel.add(untilMs, refusal);
  }

  /** Whether `owner` has refused all of `offered` (without allocation). */
  refuses(owner: RefusalOwner, offered: Resources, nowMs: number): boolean {
    return this.refusalOf(owner, offered, nowMs) !== undefined;
  }

  /** The refusal that holds back all of `offered` (without allocation). */
  refusalOf(owner: RefusalOwner, offered: Resources, nowMs: number): RefusalFacts | undefined {
    const { batches } = this.#clock;
    for (let refusal = this.#bySlot.get(owner.slot); refusal !== undefined; refusal = refusal.next)
      if (refusal.alive && !refusal.isOver(nowMs, batches) && refusal.refused.contains(offered)) return refusal;
    return undefined;
  }

  clear(): void {
    for (const head of this.#bySlot.items())
      for (let refusal: Refusal | undefined = head; refusal !== undefined; refusal = refusal.next) this.#drop(refusal);
  }

  /** Of one that the wheel lets go. */
  remove(refusal: Refusal): void {
    if (refusal.alive) refusal.owner.refusals--;
    this.#unlink(refusal);
  }

  /** Calls `visit` with the owner of each refusal that is not dead. */
  forEachOwner(visit: (owner: RefusalOwner) => void): void {
    for (const head of this.#bySlot.items())
      for (let refusal: Refusal | undefined = head; refusal !== undefined; refusal = refusal.next)
        if (refusal.alive) visit(refusal.owner);
  }

  /** Leaves it to the wheel as a dead one. One whose era is over was counted as dead then. */
  #drop(refusal: Refusal): void {
    if (!refusal.dropped && refusal.alive) {
      refusal.owner.refusals--;
      this.#clock.wheel.noteDead(1);
    }
    this.#unlink(refusal);
  }

  #unlink(refusal: Refusal): void {
    refusal.drop();
    const head = this.#bySlot.get(refusal.slot);
    if (head === refusal) {
      if (refusal.next === undefined) this.#bySlot.delete(refusal.slot);
      else this.#bySlot.set(refusal.next);
      return;
    }
    for (let before = head; before !== undefined; before = before.next)
      if (before.next === refusal) before.next = refusal.next;
  }
}
