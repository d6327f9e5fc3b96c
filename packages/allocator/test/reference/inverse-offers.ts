/** Inverse offers: who is asked to leave an agent before its maintenance (kernel 6.2 and 6.5). */
import type { InverseOfferStatus, Unavailability } from '@mesolite/wire';
import type { Books } from './books.ts';
import type { Filters } from './filters.ts';

export interface InverseOffer {
  readonly frameworkId: string;
  readonly agentId: string;
}

export class InverseOffers {
  readonly #books: Books;
  readonly #filters: Filters;
  /** Agents with maintenance ahead that cycles came by since inverse offers were last asked for. */
  readonly #cameBy = new Set<string>();

  constructor(books: Books, filters: Filters) {
    this.#books = books;
    this.#filters = filters;
  }

  /** Kernel 6.2: with a new schedule, also with none, refusals are dropped, and what was answered to the old one. */
  schedule(agentId: string, unavailability: Unavailability | undefined): void {
    this.#filters.dropInverseOfAgent(agentId);
    this.#books.agents.get(agentId)!.maintenance = unavailability && {
      unavailability,
      outstanding: new Set(),
      statuses: new Map(),
    };
  }

  comeBy(agentId: string): void {
    if (this.#books.agents.get(agentId)?.maintenance !== undefined) this.#cameBy.add(agentId);
  }

  /** Kernel 6.5: to each active framework that holds something there, offered or in use; one at a time. */
  owed(nowMs: number): InverseOffer[] {
    const offers: InverseOffer[] = [];
    for (const agentId of this.#cameBy) {
      const outstanding = this.#books.agents.get(agentId)?.maintenance?.outstanding;
      if (outstanding === undefined) continue;
      for (const frameworkId of this.#holdersOn(agentId)) {
        if (this.#books.frameworks.get(frameworkId)?.active !== true || outstanding.has(frameworkId)) continue;
        if (this.#filters.isInverseRefused(frameworkId, agentId, nowMs)) continue;
        outstanding.add(frameworkId);
        offers.push({ frameworkId, agentId });
      }
    }
    this.#cameBy.clear();
    return offers;
  }

  /** Kernel 6.5: the answer to one that is out is kept; none when it ran out. The time of refusal counts in any case. */
  end(
    { frameworkId, agentId }: InverseOffer,
    status: InverseOfferStatus | undefined,
    nowMs: number,
    refuseMs: number,
  ): void {
    const maintenance = this.#books.agents.get(agentId)?.maintenance;
    if (maintenance === undefined || !this.#books.frameworks.has(frameworkId)) return;
    if (maintenance.outstanding.delete(frameworkId) && status !== undefined)
      maintenance.statuses.set(frameworkId, status);
    this.#filters.refuseInverse(frameworkId, agentId, nowMs, refuseMs);
  }

  forgetAgent(agentId: string): void {
    this.#cameBy.delete(agentId);
  }

  forgetFramework(frameworkId: string): void {
    for (const { maintenance } of this.#books.agents.values()) {
      maintenance?.outstanding.delete(frameworkId);
      maintenance?.statuses.delete(frameworkId);
    }
  }

  #holdersOn(agentId: string): Set<string> {
    const here = this.#books.holdings.filter((holding) => holding.agentId === agentId);
    return new Set(here.map(({ frameworkId }) => frameworkId));
  }
}
