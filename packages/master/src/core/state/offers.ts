/** Offers that are out. Each belongs to one framework, one agent and one role. */
import { type AgentId, assert, type FrameworkId, type OfferId } from '@mesolite/base';
import type { Resources } from '@mesolite/resources';

export interface OfferRecord {
  readonly id: OfferId;
  readonly frameworkId: FrameworkId;
  readonly agentId: AgentId;
  readonly role: string;
  /** Allocated to `role`. */
  readonly resources: Resources;
  readonly sentMonotonicMs: number;
}

export class Offers {
  /** In the order they were made. */
  readonly #offers = new Map<OfferId, OfferRecord>();
  /** When the deadline of the oldest one is, if one is set; earlier ones do not count any more. */
  timeoutMs: number | undefined;
  /** Offers made until then stand on something that no longer holds: they are to end, whatever their age. */
  voidUntilMs = Number.NEGATIVE_INFINITY;

  get size(): number {
    return this.#offers.size;
  }

  get oldest(): OfferRecord | undefined {
    return this.#offers.values().next().value;
  }

  get(id: OfferId): OfferRecord | undefined {
    return this.#offers.get(id);
  }

  /** Those that are out; a copy, so that they may be ended meanwhile. */
  withIds(ids: Iterable<OfferId>): OfferRecord[] {
    return [...ids].flatMap((id) => this.#offers.get(id) ?? []);
  }

  add(offer: OfferRecord): void {
    assert(!this.#offers.has(offer.id), `offer ${offer.id} added twice`);
    this.#offers.set(offer.id, offer);
  }

  remove(id: OfferId): void {
    assert(this.#offers.delete(id), `offer ${id} is not out`);
  }

  /** Oldest first. */
  values(): IterableIterator<OfferRecord> {
    return this.#offers.values();
  }
}
