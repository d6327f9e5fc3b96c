/**
 * One number for each of some small numbers, its slot, in a few bytes of memory each: an open-addressed table, never
 * more than half full. What slot a number belongs to is known elsewhere. There is one table for each agent, with
 * millions of numbers in all, which is why it is no Map.
 */

/** Nothing has this number. */
export const NONE = -1;

const SMALLEST = 4;

export class SlotTable {
  readonly #slotOf: (item: number) => number;
  /** Items one up, so that a place without any is 0. */
  #places = new Int32Array(0);
  #count = 0;

  constructor(slotOf: (item: number) => number) {
    this.#slotOf = slotOf;
  }

  /** {@link NONE} when there is none. */
  get(slot: number): number {
    return this.#count === 0 ? NONE : this.#places[this.#placeOf(slot)]! - 1;
  }

  /** In place of the item of the same slot. */
  set(item: number): void {
    if (this.#count * 2 >= this.#places.length) this.#grow();
    const place = this.#placeOf(this.#slotOf(item));
    if (this.#places[place] === 0) this.#count++;
    this.#places[place] = item + 1;
  }

  delete(slot: number): void {
    if (this.#count === 0) return;
    const places = this.#places;
    const mask = places.length - 1;
    let hole = this.#placeOf(slot);
    if (places[hole] === 0) return;
    this.#count--;
    // Whoever stands behind the hole only because his place was taken moves up.
    for (let i = (hole + 1) & mask; places[i] !== 0; i = (i + 1) & mask) {
      const home = this.#home(this.#slotOf(places[i]! - 1));
      if (((i - home) & mask) < ((i - hole) & mask)) continue;
      places[hole] = places[i]!;
      hole = i;
    }
    places[hole] = 0;
  }

  /** A copy, in no order. */
  items(): number[] {
    return Array.from(this.#places.filter((place) => place !== 0)).map((place) => place - 1);
  }

  #home(slot: number): number {
    // Neighbouring slots lie apart, so that full stretches stay short.
    return (Math.imul(slot, 0x9e3779b1) >>> 8) & (this.#places.length - 1);
  }

  /** Where the slot is, or would be. */
  #placeOf(slot: number): number {
    const places = this.#places;
    const mask = places.length - 1;
    let i = this.#home(slot);
    while (places[i] !== 0 && this.#slotOf(places[i]! - 1) !== slot) i = (i + 1) & mask;
    return i;
  }

  #grow(): void {
    const items = this.items();
    this.#places = new Int32Array(Math.max(SMALLEST, this.#places.length * 2));
    for (const item of items) this.#places[this.#placeOf(this.#slotOf(item))] = item + 1;
  }
}
