/**
 * What a scheduler asks after it lost its stream: what became of the tasks (or operations) it knows, again and again with
 * growing waits until each was answered for (a master is silent about tasks of agents that may yet come back); and, once,
 * what the master knows that it does not.
 */
import type { TimerHandle, Timers } from '@mesolite/ports';

const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;
/** Named in one call, so that a call stays small. */
const BATCH = 1_000;

/** Remembers what has not ended. */
export interface Ledger<Item> {
  ask(): void;
  unanswered(): Item[];
}

export class Reconciliation<Item> {
  readonly #ledger: Ledger<Item>;
  readonly #timers: Timers;
  readonly #ask: (items: Item[]) => void;
  #timer: TimerHandle | undefined;

  /** `ask` with nothing in it asks for all. */
  constructor(ledger: Ledger<Item>, timers: Timers, ask: (items: Item[]) => void) {
    this.#ledger = ledger;
    this.#timers = timers;
    this.#ask = ask;
  }

  start(): void {
    this.#ledger.ask();
    this.#round(FIRST_WAIT_MS);
    this.#ask([]);
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #round(waitMs: number): void {
    const items = this.#ledger.unanswered();
    if (items.length === 0) return;
    for (let at = 0; at < items.length; at += BATCH) this.#ask(items.slice(at, at + BATCH));
    this.#timer = this.#timers.after(waitMs, () => this.#round(Math.min(LONGEST_WAIT_MS, waitMs * 2)));
  }
}
