/**
 * The registry as a host keeps it: in memory as a whole, and in a store entry by entry. Operations that arrive while a write
 * is under way are written together by the next one.
 *
 * Never: tells that an operation is durable before it is, or writes after a write that failed: what is in the store then
 * is no longer known.
 */
import { err, ok, type Result } from '@mesolite/base';
import type { Store, StoreError } from '@mesolite/coordination';
import type { Metrics, Timer } from '@mesolite/ports';
import type { MasterInfo, Registry } from '@mesolite/wire';
import { type RecoveredRegistry, RegistryContents, type RegistryEntry, type RegistryOperation } from '../core/index.ts';
import { capabilityOf, recoveredRegistry, registryMessage, storedEntry, storedMaster } from './registry-entries.ts';

type Written = (error: string | undefined) => void;

/** What goes together in one write at most, in bytes: some stores take no more than a mebibyte. */
const MOST_BYTES_AT_ONCE = 512 * 1024;

type Change = readonly [key: string, value: Uint8Array | undefined];

interface Waiting {
  readonly changes: readonly Change[];
  readonly written: Written;
}

export class RegistryStore {
  readonly #store: Store;
  readonly #contents = new RegistryContents();
  readonly #fetchMs: Timer;
  readonly #storeMs: Timer;
  /** Bytes by key, and of all. */
  readonly #sizes = new Map<string, number>();
  #bytes = 0;
  #info: MasterInfo | undefined;
  readonly #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #failure: string | undefined;

  constructor({ store, metrics }: { readonly store: Store; readonly metrics: Metrics }) {
    this.#store = store;
    this.#fetchMs = metrics.timer('registrar/state_fetch_ms');
    this.#storeMs = metrics.timer('registrar/state_store_ms');
    metrics.gauge('registrar/queued_operations', () => this.#waiting.length);
    metrics.gauge('registrar/registry_size_bytes', () => this.#bytes);
  }

  /** Takes hold of the store and reads what an earlier master left. The error tells what cannot be trusted, and why. */
  async recover(): Promise<Result<RecoveredRegistry>> {
    const startedMs = performance.now();
    const opened = await this.#store.open();
    if (!opened.ok) return err(opened.error.text);
    this.#fetchMs.record(performance.now() - startedMs);
    for (const change of opened.value) this.#measure(change);
    const registry = recoveredRegistry(opened.value);
    if (!registry.ok) {
      await this.#store.close();
      return err(`The registry cannot be used: ${registry.error}. Nothing was changed`);
    }
    this.#contents.load(registry.value);
    return ok(this.#contents.read());
  }

  /** Records who leads. Answers why it cannot be. */
  lead(info: MasterInfo): Promise<string | undefined> {
    this.#info = info;
    return new Promise((resolve) => this.#write([storedMaster(info)], resolve));
  }

  /** Calls back once the operation is durable, or will never be. */
  apply(operation: RegistryOperation, written: Written): void {
    this.#write(this.#contents.apply(operation).flatMap(changesOf), written);
  }

  /** All of it in the original's form, durable or about to be: for people who look. */
  toProto(): Registry {
    return registryMessage(this.#contents.read(), this.#info);
  }

  /** Lets go of the store once nothing is being written any more. */
  async close(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
    await this.#store.close();
  }

  #write(changes: readonly Change[], written: Written): void {
    this.#waiting.push({ changes, written });
    this.#writing ??= this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    // Whatever else this turn asks for is written along.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const { changes, served } = this.#take();
      const startedMs = performance.now();
      if (this.#failure === undefined && changes.size > 0) {
        const written = await this.#store.write(changes);
        if (!written.ok) this.#failure = failureText(written.error);
        for (const change of changes) this.#measure(change);
      }
      this.#storeMs.record(performance.now() - startedMs);
      for (const tell of served) tell(this.#failure);
    }
    this.#writing = undefined;
  }

  #measure([key, value]: Change): void {
    this.#bytes += (value?.length ?? 0) - (this.#sizes.get(key) ?? 0);
    if (value === undefined) this.#sizes.delete(key);
    else this.#sizes.set(key, value.length);
  }

  /** As many as go together, in order; one in any case. */
  #take(): { readonly changes: ReadonlyMap<string, Uint8Array | undefined>; readonly served: readonly Written[] } {
    const changes = new Map<string, Uint8Array | undefined>();
    const served: Written[] = [];
    let bytes = 0;
    let count = 0;
    for (const { changes: more, written } of this.#waiting) {
      const size = more.reduce((sum, [key, value]) => sum + key.length + (value?.length ?? 0), 0);
      if (count > 0 && bytes + size > MOST_BYTES_AT_ONCE) break;
      for (const [key, value] of more) changes.set(key, value);
      served.push(written);
      bytes += size;
      count++;
    }
    this.#waiting.splice(0, count);
    return { changes, served };
  }
}

function changesOf(entry: RegistryEntry): Change[] {
  const capability = capabilityOf(entry);
  return capability === undefined ? [storedEntry(entry)] : [storedEntry(entry), capability];
}

function failureText({ kind, text }: StoreError): string {
  return kind === 'fenced' ? `${text}: another master leads` : text;
}
