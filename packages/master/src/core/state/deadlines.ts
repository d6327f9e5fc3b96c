/**
 * What is to happen at a time. One heap for all of the master, so that the host needs one timer.
 * A deadline is never cancelled: whoever it wakes looks whether it still applies (epochs).
 */
import { type AgentId, type FrameworkId, Heap, type TaskId } from '@mesolite/base';
import type { SchedulerCallReconcileTask } from '@mesolite/wire';
import type { ConnectionId } from '../inputs.ts';
import type { SchedulerLink } from './frameworks.ts';

/** A reconciliation and how far it has come: all tasks known when it began, or those asked for. */
export type Reconciliation =
  | { readonly of: 'all'; readonly taskIds: readonly TaskId[]; readonly from: number }
  | { readonly of: 'asked'; readonly tasks: readonly SchedulerCallReconcileTask[]; readonly from: number };

export type Deadline =
  | { readonly kind: 'allocate' }
  /** An event asked for an allocation too soon after the last one. */
  | { readonly kind: 'allocate-again' }
  | { readonly kind: 'heartbeat'; readonly connection: ConnectionId }
  | {
      readonly kind: 'reconcile-more';
      readonly frameworkId: FrameworkId;
      /** Who asked. */
      readonly scheduler: SchedulerLink;
      readonly rest: Reconciliation;
    }
  | { readonly kind: 'ping-agent'; readonly observer: number }
  | { readonly kind: 'agent-reregister-timeout'; readonly agentId: AgentId; readonly epoch: number }
  | { readonly kind: 'recovered-agents-timeout' }
  /** The rate limit allows the next agent to be marked unreachable. */
  | { readonly kind: 'agent-removal-permit' }
  /** Schedulers that have not come since this master began are not expected at once any more. */
  | { readonly kind: 'absent-frameworks' }
  /** Agents lost long ago are to be forgotten. */
  | { readonly kind: 'prune-agents' }
  | { readonly kind: 'framework-failover-timeout'; readonly frameworkId: FrameworkId }
  /** The oldest offer may have been out for too long. */
  | { readonly kind: 'offer-timeout' }
  | { readonly kind: 'inverse-offer-timeout' }
  /** More of what operators asked for is to be done. */
  | { readonly kind: 'operator-work' }
  /** A rate limit lets the next message through. Without a principal: that of all who have none of their own. */
  | { readonly kind: 'message-permit'; readonly principal: string | undefined };

export type DeadlineKind = Deadline['kind'];
export type DeadlineOf<K extends DeadlineKind> = Extract<Deadline, { readonly kind: K }>;

interface Entry {
  readonly atMs: number;
  readonly sequence: number;
  readonly deadline: Deadline;
}

export class Deadlines {
  readonly #heap = new Heap<Entry>((a, b) => a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence));
  #sequence = 0;

  set(atMs: number, deadline: Deadline): void {
    this.#heap.push({ atMs, sequence: this.#sequence++, deadline });
  }

  get size(): number {
    return this.#heap.size;
  }

  get nextMs(): number | undefined {
    return this.#heap.peek()?.atMs;
  }

  /** Takes out what is due, in order. */
  takeAllDue(nowMs: number): Deadline[] {
    const due: Deadline[] = [];
    for (;;) {
      const next = this.#heap.peek();
      if (next === undefined || next.atMs > nowMs) return due;
      this.#heap.pop();
      due.push(next.deadline);
    }
  }
}
