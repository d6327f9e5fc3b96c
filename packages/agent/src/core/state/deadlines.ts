/**
 * Everything the agent waits for with a clock: one heap, so that a host needs one timer. Cancelled entries stay until
 * they surface or outnumber the live ones.
 *
 * Never: calls back. What fell due is data, told one at a time.
 */
import { type ContainerId, type FrameworkId, Heap, type TaskId } from '@mesolite/base';

export type Due =
  | { readonly kind: 'register' }
  | { readonly kind: 'authenticate' }
  | { readonly kind: 'authentication-overdue' }
  | { readonly kind: 'executors-not-back' }
  | { readonly kind: 'executor-silent'; readonly containerId: ContainerId }
  | { readonly kind: 'ping-missed' }
  | { readonly kind: 'executor-unregistered'; readonly containerId: ContainerId }
  | { readonly kind: 'executor-shutdown-overdue'; readonly containerId: ContainerId }
  | { readonly kind: 'executor-heartbeat'; readonly containerId: ContainerId }
  | { readonly kind: 'command-executor-woken'; readonly containerId: ContainerId }
  | { readonly kind: 'update-unacknowledged'; readonly frameworkId: FrameworkId; readonly taskId: TaskId }
  | { readonly kind: 'operation-unacknowledged'; readonly key: string }
  | { readonly kind: 'disk-watch' }
  | { readonly kind: 'garbage-due' };

export interface Deadline {
  /** Monotonic milliseconds. */
  readonly atMs: number;
  readonly sequence: number;
  readonly due: Due;
  live: boolean;
}

/** Below this many cancelled entries the heap is not worth rebuilding. */
const REBUILD_MIN = 1024;

function earlier(a: Deadline, b: Deadline): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence);
}

export class Deadlines {
  #heap = new Heap<Deadline>(earlier);
  #sequence = 0;
  #cancelled = 0;

  get size(): number {
    return this.#heap.size - this.#cancelled;
  }

  set(atMs: number, due: Due): Deadline {
    const deadline: Deadline = { atMs, sequence: this.#sequence++, due, live: true };
    this.#heap.push(deadline);
    return deadline;
  }

  cancel(deadline: Deadline | undefined): undefined {
    if (deadline?.live !== true) return undefined;
    deadline.live = false;
    this.#cancelled++;
    if (this.#cancelled > REBUILD_MIN && this.#cancelled * 2 > this.#heap.size) this.#rebuild();
    return undefined;
  }

  /** When the next one falls due. */
  get nextAtMs(): number | undefined {
    return this.#live()?.atMs;
  }

  /** Takes out the earliest one that is due at `nowMs`. */
  take(nowMs: number): Due | undefined {
    const next = this.#live();
    if (next === undefined || next.atMs > nowMs) return undefined;
    this.#heap.pop();
    next.live = false;
    return next.due;
  }

  #live(): Deadline | undefined {
    for (let next = this.#heap.peek(); next !== undefined; next = this.#heap.peek()) {
      if (next.live) return next;
      this.#heap.pop();
      this.#cancelled--;
    }
    return undefined;
  }

  #rebuild(): void {
    const old = this.#heap;
    this.#heap = new Heap<Deadline>(earlier);
    for (let next = old.pop(); next !== undefined; next = old.pop()) if (next.live) this.#heap.push(next);
    this.#cancelled = 0;
  }
}
