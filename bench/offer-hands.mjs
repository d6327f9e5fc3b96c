/**
 * Offers in hand, by agent. What finished tasks give back is offered in small pieces beside the large rest, so offers of
 * one agent are used together.
 */

export class OfferHands {
  /** Agents take turns: a map keeps the order in which they came into hand. */
  #hands = new Map();
  #cpus;
  #mem;

  /** @param {{ cpus: number, mem: number }} taskSize what one task takes */
  constructor({ cpus, mem }) {
    this.#cpus = cpus;
    this.#mem = mem;
  }

  /** How many tasks fit an offer. */
  #roomOf(offer) {
    const quantity = (name) => offer.resources?.find((resource) => resource.name === name)?.scalar.value ?? 0;
    return Math.floor(Math.min(quantity('cpus') / this.#cpus, quantity('mem') / this.#mem) + 1e-6);
  }

  take(offer) {
    const hand = this.#hands.get(offer.agent_id.value) ?? { agentId: offer.agent_id, offers: [], room: 0 };
    hand.offers.push(offer);
    hand.room += this.#roomOf(offer);
    this.#hands.set(offer.agent_id.value, hand);
  }

  /** The offer was rescinded. */
  lose(offerId) {
    for (const hand of this.#hands.values()) {
      const offer = hand.offers.find(({ id }) => id.value === offerId);
      if (offer === undefined) continue;
      hand.offers = hand.offers.filter((other) => other !== offer);
      hand.room -= this.#roomOf(offer);
    }
  }

  /** All offers of the next agent with room for so many tasks: `{ agentId, offers }`; undefined when there is none. */
  play(tasks) {
    for (const [key, hand] of this.#hands) {
      if (hand.room < tasks) continue;
      this.#hands.delete(key);
      return hand;
    }
    return undefined;
  }
}
