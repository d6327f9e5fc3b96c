/**
 * Refusals of one agent: frameworks that do not want to be offered it again for a while, by the slot of the framework
 * and role. A refusal holds back what it contains; a larger offer passes.
 *
 * Reviving drops all refusals of a slot on all agents at once by giving the slot a new era; the dead ones are swept up
 * when somebody comes by. Never: reads a clock.
 */
import type { Resources } from '@mesolite/resources';

/** Of a framework in a role. Slots and eras are never used twice at the same time. */
export interface RefusalOwner {
  readonly slot: number;
  era: number;
  /** Refusals not yet swept up. */
  refusals: number;
}

interface Refusal {
  readonly owner: RefusalOwner;
  readonly era: number;
  /** Without allocation. */
  readonly refused: Resources;
  readonly untilMs: number;
  /** Batches done at the time: one more has to pass at least, however late it comes. */
  readonly batches: number;
}

/** Refusals kept for one framework, role and agent; the oldest gives way. */
const MAX_PER_OWNER = 32;

export class Refusals {
  readonly #bySlot: (Refusal[] | undefined)[] = [];

  /** Refuses until `untilMs` and until a batch has passed; `batches` are done by now. */
  add(owner: RefusalOwner, refused: Resources, untilMs: number, batches: number): void {
    while (this.#bySlot.length <= owner.slot) this.#bySlot.push(undefined);
    const refusal: Refusal = { owner, era: owner.era, refused, untilMs, batches };
    owner.refusals++;
    const there = this.#bySlot[owner.slot];
    if (there === undefined) {
      this.#bySlot[owner.slot] = [refusal];
      return;
    }
    // What a newer refusal holds back at least as long needs no refusal of its own.
    let kept = there.filter((old) => alive(old) && !(old.untilMs <= untilMs && refused.contains(old.refused)));
    if (kept.length >= MAX_PER_OWNER) kept = kept.slice(1);
    for (const old of there) if (!kept.includes(old)) forget(old);
    kept.push(refusal);
    this.#bySlot[owner.slot] = kept;
  }

  /** Whether `owner` has refused all of `offered` (without allocation) at a time when `batches` are done. */
  refuses(owner: RefusalOwner, offered: Resources, nowMs: number, batches: number): boolean {
    const there = this.#bySlot[owner.slot];
    if (there === undefined) return false;
    for (const refusal of there)
      if (alive(refusal) && !isOver(refusal, nowMs, batches) && refusal.refused.contains(offered)) return true;
    return false;
  }

  /** Drops what is over or dead. */
  sweep(nowMs: number, batches: number): void {
    for (const [slot, there] of this.#bySlot.entries()) {
      if (there === undefined) continue;
      const kept = there.filter((refusal) => alive(refusal) && !isOver(refusal, nowMs, batches));
      if (kept.length === there.length) continue;
      for (const refusal of there) if (!kept.includes(refusal)) forget(refusal);
      this.#bySlot[slot] = kept.length === 0 ? undefined : kept;
    }
  }

  clear(): void {
    for (const there of this.#bySlot) for (const refusal of there ?? []) forget(refusal);
    this.#bySlot.length = 0;
  }

  /** Calls `visit` with the owner of each refusal that is not dead. */
  forEachOwner(visit: (owner: RefusalOwner) => void): void {
    for (const there of this.#bySlot) for (const refusal of there ?? []) if (alive(refusal)) visit(refusal.owner);
  }
}

function alive(refusal: Refusal): boolean {
  return refusal.era === refusal.owner.era;
}

function isOver(refusal: Refusal, nowMs: number, batches: number): boolean {
  return nowMs >= refusal.untilMs && batches > refusal.batches;
}

/** A dead refusal was uncounted when its era ended. */
function forget(refusal: Refusal): void {
  if (alive(refusal)) refusal.owner.refusals--;
}
