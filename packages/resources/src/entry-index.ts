/**
 * Where the entries of a collection stand, by their kind: what keeps sums over thousands of kinds (reservations with
 * labels, volumes of a whole cluster) from looking at every entry for each. Small collections are looked through.
 *
 * Must never hold on to an entry: positions only, so that collections which differ in amounts alone share one index.
 */
import type { Entry } from './entry.ts';

/** From here on an index pays for itself. */
export const INDEXED_FROM = 16;

export class EntryIndex {
  /** One position for a kind that merges, all of them in order for one that may stand several times. */
  readonly #positions = new Map<string, number | number[]>();

  static of(entries: readonly Entry[]): EntryIndex {
    const index = new EntryIndex();
    for (let i = 0; i < entries.length; i++) index.add(entries[i]!, i);
    return index;
  }

  add({ kind }: Entry, position: number): void {
    const known = this.#positions.get(kind.key);
    if (known === undefined) this.#positions.set(kind.key, position);
    else if (typeof known === 'number') this.#positions.set(kind.key, [known, position]);
    else known.push(position);
  }

  /** The first position of an entry of the kind of `like` that `fits`, or -1. */
  find({ kind }: Entry, fits: (position: number) => boolean): number {
    const known = this.#positions.get(kind.key);
    if (known === undefined) return -1;
    if (typeof known === 'number') return fits(known) ? known : -1;
    for (const position of known) if (fits(position)) return position;
    return -1;
  }
}

/** Adds entries up: what merges is merged, the rest stands in the order in which it came. */
export class EntrySum {
  readonly entries: Entry[] = [];
  #index: EntryIndex | undefined;

  add(entry: Entry): void {
    const { entries } = this;
    const at = this.#find(entry);
    if (at >= 0) {
      entries[at] = entries[at]!.plus(entry);
      return;
    }
    const position = entries.push(entry) - 1;
    if (this.#index !== undefined) this.#index.add(entry, position);
    else if (entries.length >= INDEXED_FROM) this.#index = EntryIndex.of(entries);
  }

  #find(entry: Entry): number {
    const { entries } = this;
    if (entry.kind.standsAlone) return -1;
    if (this.#index !== undefined) return this.#index.find(entry, (at) => entries[at]!.mergesWith(entry));
    for (let i = 0; i < entries.length; i++) if (entries[i]!.mergesWith(entry)) return i;
    return -1;
  }
}
