/** Keeps the newest `capacity` items; adding one more drops the oldest and returns it. Capacity 0 keeps nothing. */
export class RingBuffer<T> {
  readonly capacity: number;
  readonly #items: T[] = [];
  #next = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get size(): number {
    return this.#items.length;
  }

  push(item: T): T | undefined {
    if (this.capacity <= 0) return item;
    if (this.#items.length < this.capacity) {
      this.#items.push(item);
      return undefined;
    }
    const dropped = this.#items[this.#next];
    this.#items[this.#next] = item;
    this.#next = (this.#next + 1) % this.capacity;
    return dropped;
  }

  /** Forgets the items `predicate` holds for; the others keep their order. */
  remove(predicate: (item: T) => boolean): void {
    const kept = [...this].filter((item) => !predicate(item));
    if (kept.length === this.#items.length) return;
    this.#items.splice(0, this.#items.length, ...kept);
    this.#next = 0;
  }

  /** Oldest first. */
  *[Symbol.iterator](): Iterator<T> {
    for (let i = 0; i < this.#items.length; i++) yield this.#items[(this.#next + i) % this.#items.length]!;
  }
}
