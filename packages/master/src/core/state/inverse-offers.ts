/**
 * Inverse offers that are out: each asks one framework to leave one agent before it becomes unavailable. At most one for
 * each pair of them.
 *
 * Never: sends or talks to the allocator (transitions do).
 */
import { type AgentId, assert, type FrameworkId, type OfferId } from '@mesolite/base';
import type { Unavailability } from '@mesolite/wire';

export interface InverseOfferRecord {
  readonly id: OfferId;
  readonly frameworkId: FrameworkId;
  readonly agentId: AgentId;
  readonly unavailability: Unavailability;
  readonly sentMonotonicMs: number;
}

export class InverseOffers {
  /** In the order they were made. */
  readonly #offers = new Map<OfferId, InverseOfferRecord>();
  readonly #byAgent = new Map<AgentId, Map<FrameworkId, InverseOfferRecord>>();
  readonly #byFramework = new Map<FrameworkId, Set<InverseOfferRecord>>();
  /** A deadline is set for the oldest one. */
  timeoutIsSet = false;

  get size(): number {
    return this.#offers.size;
  }

  get(id: OfferId): InverseOfferRecord | undefined {
    return this.#offers.get(id);
  }

  /** Oldest first. */
  values(): IterableIterator<InverseOfferRecord> {
    return this.#offers.values();
  }

  /** A copy, so that they may be ended meanwhile. */
  onAgent(id: AgentId): InverseOfferRecord[] {
    return [...(this.#byAgent.get(id)?.values() ?? [])];
  }

  /** A copy, so that they may be ended meanwhile. */
  ofFramework(id: FrameworkId): InverseOfferRecord[] {
    return [...(this.#byFramework.get(id) ?? [])];
  }

  add(offer: InverseOfferRecord): void {
    const onAgent = this.#byAgent.get(offer.agentId) ?? new Map<FrameworkId, InverseOfferRecord>();
    assert(!onAgent.has(offer.frameworkId), `framework ${offer.frameworkId} has two inverse offers of one agent`);
    this.#offers.set(offer.id, offer);
    this.#byAgent.set(offer.agentId, onAgent.set(offer.frameworkId, offer));
    const ofFramework = this.#byFramework.get(offer.frameworkId) ?? new Set<InverseOfferRecord>();
    this.#byFramework.set(offer.frameworkId, ofFramework.add(offer));
  }

  remove(offer: InverseOfferRecord): void {
    assert(this.#offers.delete(offer.id), `inverse offer ${offer.id} is not out`);
    const onAgent = this.#byAgent.get(offer.agentId);
    onAgent?.delete(offer.frameworkId);
    if (onAgent?.size === 0) this.#byAgent.delete(offer.agentId);
    const ofFramework = this.#byFramework.get(offer.frameworkId);
    ofFramework?.delete(offer);
    if (ofFramework?.size === 0) this.#byFramework.delete(offer.frameworkId);
  }

  check(): void {
    let onAgents = 0;
    for (const offers of this.#byAgent.values()) onAgents += offers.size;
    let ofFrameworks = 0;
    for (const offers of this.#byFramework.values()) ofFrameworks += offers.size;
    assert(
      onAgents === this.#offers.size && ofFrameworks === this.#offers.size,
      'indexes of inverse offers differ in number',
    );
  }
}
