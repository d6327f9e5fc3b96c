/**
 * A list that grows to millions of entries without ever moving one: it is made of chunks. Numbers lie in typed arrays,
 * where the garbage collector need not look at them. Reading what was never written is a mistake.
 */

interface Chunk<V> {
  [index: number]: V;
}

const CHUNK_BITS = 14;
const CHUNK_LENGTH = 1 << CHUNK_BITS;
const WITHIN = CHUNK_LENGTH - 1;

export class Column<V> {
  readonly #chunks: Chunk<V>[] = [];
  readonly #newChunk: () => Chunk<V>;

  private constructor(newChunk: () => Chunk<V>) {
    this.#newChunk = newChunk;
  }

  static ofIntegers(): Column<number> {
    return new Column<number>(() => new Int32Array(CHUNK_LENGTH));
  }

  static ofNumbers(): Column<number> {
    return new Column<number>(() => new Float64Array(CHUNK_LENGTH));
  }

  static of<V>(blank: V): Column<V> {
    return new Column<V>(() => new Array<V>(CHUNK_LENGTH).fill(blank));
  }

  get(index: number): V {
    return this.#chunks[index >>> CHUNK_BITS]![index & WITHIN]!;
  }

  /** `index` is at most one beyond the last. */
  set(index: number, value: V): void {
    const at = index >>> CHUNK_BITS;
    if (at === this.#chunks.length) this.#chunks.push(this.#newChunk());
    this.#chunks[at]![index & WITHIN] = value;
  }
}
