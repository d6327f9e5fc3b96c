/**
 * One item for each of some small numbers, in a few words of memory each: an open-addressed table, never more than half
 * full. There is one for each agent, and millions of items in all, which is why it is no Map.
 */

export interface Slotted {
  readonly slot: number;
}

const SMALLEST = 4;

export class SlotTable<T extends Slotted> {
  #places: (T | undefined)[] = [];
  #count = 0;

  get(slot: number): T | undefined {
    return this.#count === 0 ? undefined : this.#places[this.#placeOf(slot)];
  }

  /** In place of the item of the same slot. */
  set(item: T): void {
    if (this.#count * 2 >= this.#places.length) this.#grow();
    const place = this.#placeOf(item.slot);
    if (this.#places[place] === undefined) this.#count++;
    this.#places[place] = item;
  }

  delete(slot: number): void {
    if (this.#count === 0) return;
    const places = this.#places;
    const mask = places.length - 1;
    let hole = this.#placeOf(slot);
    if (places[hole] === undefined) return;
    this.#count--;
    // Whoever stands behind the hole only because his place was taken moves up.
    for (let i = (hole + 1) & mask; ; i = (i + 1) & mask) {
      const item = places[i];
      if (item === undefined) break;
      if (((i - this.#home(item.slot)) & mask) < ((i - hole) & mask)) continue;
      places[hole] = item;
      hole = i;
    }
    places[hole] = undefined;
  }

  /** A copy, in no order. */
  items(): T[] {
    return this.#places.filter((item) => item !== undefined);
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
    for (let item = places[i]; item !== undefined && item.slot !== slot; item = places[i]) i = (i + 1) & mask;
    return i;
  }

  #grow(): void {
    const items = this.items();
    this.#places = new Array<T | undefined>(Math.max(SMALLEST, this.#places.length * 2)).fill(undefined);
    for (const item of items) this.#places[this.#placeOf(item.slot)] = item;
  }
}
