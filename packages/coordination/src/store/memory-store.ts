/** A store for one process: for tests, the simulator and masters that are to remember nothing. */
import { err, ok, type Result } from '@mesolite/base';
import { applyChanges, assertKeys } from './entries.ts';
import type { Store, StoreChanges, StoreError } from './store.ts';

/** What outlives the holders. */
export class MemoryShelf {
  readonly contents = new Map<string, Uint8Array>();
  /** Who holds it now; counts up. */
  holder = 0;
}

export class MemoryStore implements Store {
  readonly #shelf: MemoryShelf;
  #holder: number | undefined;

  constructor(shelf: MemoryShelf = new MemoryShelf()) {
    this.#shelf = shelf;
  }

  async open(): Promise<Result<ReadonlyMap<string, Uint8Array>, StoreError>> {
    this.#holder = ++this.#shelf.holder;
    return ok(new Map(this.#shelf.contents));
  }

  async write(changes: StoreChanges): Promise<Result<void, StoreError>> {
    assertKeys(changes);
    if (this.#holder !== this.#shelf.holder)
      return err({ kind: 'fenced', text: 'somebody else has taken hold of the store' });
    applyChanges(this.#shelf.contents, changes);
    return ok(undefined);
  }

  async close(): Promise<void> {
    this.#holder = undefined;
  }
}
