/**
 * What a scheduler asks after it lost its stream: what became of the tasks it knows, again and again with growing waits
 * until each was answered for or the rounds are used up; then, once, what the master knows that it does not.
 */
import type { TimerHandle, Timers } from '@mesolite/ports';
import type { SchedulerCallReconcile } from '@mesolite/wire';
import type { TaskLedger } from './task-ledger.ts';

const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;
const MAX_ROUNDS = 12;
/** Tasks named in one call, so that a call stays small. */
const BATCH = 1_000;

export class Reconciliation {
  readonly #ledger: TaskLedger;
  readonly #timers: Timers;
  readonly #ask: (reconcile: SchedulerCallReconcile) => void;
  #timer: TimerHandle | undefined;

  constructor(ledger: TaskLedger, timers: Timers, ask: (reconcile: SchedulerCallReconcile) => void) {
    this.#ledger = ledger;
    this.#timers = timers;
    this.#ask = ask;
  }

  start(): void {
    this.#ledger.ask();
    this.#round(0);
    this.#ask({});
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #round(round: number): void {
    const tasks = this.#ledger.unanswered();
    if (tasks.length === 0 || round >= MAX_ROUNDS) return;
    for (let at = 0; at < tasks.length; at += BATCH) this.#ask({ tasks: tasks.slice(at, at + BATCH) });
    const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** round);
    this.#timer = this.#timers.after(waitMs, () => this.#round(round + 1));
  }
}
