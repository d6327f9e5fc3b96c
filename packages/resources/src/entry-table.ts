/**
 * Entries that are taken away and put back in place, many times in a row: each change costs what it changes, not a copy of
 * all. Same rules and same order as of collections. Short-lived; never holds what does not merge as one.
 */
import type { Entry } from './entry.ts';
import { EntryIndex } from './entry-index.ts';

export class EntryTable {
  /** Nothing where an entry has gone. */
  readonly #entries: (Entry | undefined)[];
  readonly #index: EntryIndex;

  constructor(entries: readonly Entry[]) {
    this.#entries = [...entries];
    this.#index = EntryIndex.of(entries);
  }

  /** Whether all of it could be taken: atomic units need equal units of their own. */
  contains(all: readonly Entry[]): boolean {
    const used = new Set<number>();
    for (const wanted of all) {
      const at = this.#find(wanted, (entry, i) => entry.contains(wanted) && !used.has(i));
      if (at < 0) return false;
      if (wanted.kind.atomic) used.add(at);
    }
    return true;
  }

  take(all: readonly Entry[]): void {
    for (const taken of all) {
      const at = this.#find(taken, (entry) => entry.yieldsTo(taken));
      if (at < 0) continue;
      const left = this.#entries[at]!.minus(taken);
      this.#entries[at] = left.isEmpty ? undefined : left;
    }
  }

  put(all: readonly Entry[]): void {
    for (const added of all) {
      const at = added.kind.standsAlone ? -1 : this.#find(added, (entry) => entry.mergesWith(added));
      if (at >= 0) this.#entries[at] = this.#entries[at]!.plus(added);
      else this.#index.add(added, this.#entries.push(added) - 1);
    }
  }

  entries(): Entry[] {
    return this.#entries.filter((entry) => entry !== undefined);
  }

  #find(like: Entry, fits: (entry: Entry, position: number) => boolean): number {
    return this.#index.find(like, (at) => {
      const entry = this.#entries[at];
      return entry !== undefined && fits(entry, at);
    });
  }
}
