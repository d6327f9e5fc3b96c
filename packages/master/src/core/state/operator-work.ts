/**
 * What follows from demands of operators that count already, where it is about many offers or agents: done part by part, in
 * the order in which it was asked for.
 *
 * Never: does any of it (transitions do).
 */
import type { ConnectionId } from '../inputs.ts';
import type { AgentRecord } from './agents.ts';
import type { OfferRecord } from './offers.ts';

export type OperatorWork =
  | { readonly kind: 'rescind-offer'; readonly offer: OfferRecord }
  /** When the machine of the agent will be out of service is another time, or not planned any more. */
  | { readonly kind: 'tell-unavailability'; readonly agent: AgentRecord }
  | { readonly kind: 'shut-down-agent'; readonly agent: AgentRecord }
  /** All that was asked for over this connection is done. */
  | { readonly kind: 'answer'; readonly connection: ConnectionId };

export class OperatorWorkQueue {
  #parts: OperatorWork[] = [];
  #done = 0;
  /** A later turn goes on with it. */
  turnAsked = false;

  get size(): number {
    return this.#parts.length - this.#done;
  }

  /** They still go by an earlier schedule. */
  untoldAgents(): Set<AgentRecord> {
    const agents = new Set<AgentRecord>();
    for (const part of this.#parts.slice(this.#done)) if (part.kind === 'tell-unavailability') agents.add(part.agent);
    return agents;
  }

  add(parts: readonly OperatorWork[]): void {
    this.#parts = this.#done === 0 ? this.#parts.concat(parts) : this.#parts.slice(this.#done).concat(parts);
    this.#done = 0;
  }

  next(): OperatorWork | undefined {
    const part = this.#parts[this.#done];
    if (part === undefined) {
      this.#parts = [];
      this.#done = 0;
    } else this.#done++;
    return part;
  }
}
