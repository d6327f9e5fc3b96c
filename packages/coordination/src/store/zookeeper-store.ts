/**
 * A store in a ZooKeeper ensemble, for masters that take turns. Its nodes hold many entries each, so that what ten thousand
 * agents need takes a few nodes of bounded size rather than ten thousand:
 *
 * - `head` says which snapshot counts and where the log goes on. Its version is the fence: every holder writes it once, and
 *   every change checks that it is still as that holder left it.
 * - `snapshot-<generation>-<part>` hold all entries as of that generation.
 * - `log-<number>` hold the changes since, one node a write. When they outgrow the snapshot, a new one is made.
 * - `part-<number>-<part>` hold a write that one node does not; its log node, which is made last, counts them.
 * - `tail` has the number of the last log node, so that a missing one is missed.
 *
 * The checksum of each node covers its name: nodes that changed places are as damaged as those whose bytes changed.
 *
 * Never: has an outcome unknown. A write whose answer was lost is looked up before it is tried again.
 */
import { err, ok, type Result } from '@mesolite/base';
import type { Clock, Log, Timers } from '@mesolite/ports';
import type { ZkError } from '../zookeeper/zk-error.ts';
import type { ZkChange, ZkSession } from '../zookeeper/zk-session.ts';
import { withChecksum, withoutChecksum } from './checked-bytes.ts';
import { applyChanges, assertKeys, decodeEntries, encodeEntries } from './entries.ts';
import type { Store, StoreChanges, StoreError } from './store.ts';
import { FORMAT, FORMER_FORMAT, formatHead, type Head, parseHead } from './store-head.ts';
import { cut, cutWrite, joinParts, partsOf } from './store-nodes.ts';

export interface ZooKeeperStoreOptions {
  readonly session: ZkSession;
  /** Of the store's own node; `<election path>-store` by convention. */
  readonly path: string;
  /** How long each node may take when it is opened, and when it is written, connections that come and go included. Milliseconds. */
  readonly fetchTimeoutMs: number;
  readonly storeTimeoutMs: number;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

const TAIL = 'tail';
/** In one write; more is refused. */
export const MAX_WRITE_BYTES = 32 * 1024 * 1024;
/** A snapshot is made anew when the log has more than this, and more than the snapshot. */
const MIN_LOG_BYTES = 512 * 1024;
const RETRY_MS = 100;

export class ZooKeeperStore implements Store {
  readonly #options: ZooKeeperStoreOptions;
  readonly #contents = new Map<string, Uint8Array>();
  #head: Head = { format: FORMAT, generation: 0, parts: 0, firstLog: 1 };
  /** Of the head, as this holder wrote it. Undefined: holds nothing. */
  #version: number | undefined;
  #nextLog = 1;
  /** Nodes of the writes since the snapshot. */
  #logNodes: string[] = [];
  #logBytes = 0;
  #snapshotBytes = 0;
  #limitMs: number;

  constructor(options: ZooKeeperStoreOptions) {
    this.#options = options;
    this.#limitMs = options.fetchTimeoutMs;
  }

  async open(): Promise<Result<ReadonlyMap<string, Uint8Array>, StoreError>> {
    const { session, path } = this.#options;
    const made = await this.#persist(() => session.createPath(path));
    if (!made.ok) return err(made.error);
    const held = await this.#takeHold();
    if (!held.ok) return held;
    const loaded = await this.#load();
    if (!loaded.ok) this.#version = undefined;
    this.#limitMs = this.#options.storeTimeoutMs;
    return loaded.ok ? ok(new Map(this.#contents)) : loaded;
  }

  async write(changes: StoreChanges): Promise<Result<void, StoreError>> {
    assertKeys(changes);
    const bytes = encodeEntries(changes);
    if (bytes.length > MAX_WRITE_BYTES)
      return err({
        kind: 'too-large',
        text: `${bytes.length} bytes in one write; at most ${MAX_WRITE_BYTES} are taken`,
      });
    const { parts, last } = cutWrite(bytes);
    for (const [part, data] of parts.entries()) {
      const written = await this.#create(partNode(this.#nextLog, part), data);
      if (!written.ok) return written;
      this.#logNodes.push(partNode(this.#nextLog, part));
    }
    const committed = await this.#create(logNode(this.#nextLog), last, [this.#tailWrite(this.#nextLog)]);
    if (!committed.ok) return committed;
    this.#logNodes.push(logNode(this.#nextLog));
    this.#nextLog++;
    this.#logBytes += bytes.length;
    applyChanges(this.#contents, changes);
    if (this.#logBytes > Math.max(MIN_LOG_BYTES, this.#snapshotBytes)) return this.#compact();
    return ok(undefined);
  }

  async close(): Promise<void> {
    this.#version = undefined;
  }

  /** Writes the head, whatever it says, so that its version is ours alone. */
  async #takeHold(): Promise<Result<void, StoreError>> {
    const { session, path } = this.#options;
    const node = await this.#persist(() => session.read(`${path}/head`));
    if (!node.ok) return err(node.error);
    if (node.value === undefined) {
      const children = await this.#persist(() => session.children(path));
      if (!children.ok) return err(children.error);
      const [foreign] = children.value;
      if (foreign !== undefined) return this.#corrupt(foreign, 'is there, but no node `head`');
      const created = await this.#persist(() =>
        session.transact([
          { kind: 'create', path: `${path}/head`, data: formatHead(this.#head) },
          { kind: 'create', path: `${path}/${TAIL}`, data: tailData(0) },
        ]),
      );
      if (!created.ok && created.error.cause !== 'node-exists') return err(created.error);
    }
    // What it says may change until it is ours: the former holder may be making a snapshot.
    for (;;) {
      const now = await this.#persist(() => session.read(`${path}/head`));
      if (!now.ok) return err(now.error);
      if (now.value === undefined) return this.#corrupt('head', 'is gone');
      const head = parseHead(now.value.data);
      if (typeof head === 'string') return this.#corrupt('head', head);
      this.#head = head;
      const version = now.value.version === 0 ? undefined : now.value.version;
      const mine = await session.write(`${path}/head`, formatHead(head), version);
      if (mine.ok) {
        this.#version = mine.value;
        return ok(undefined);
      }
      if (mine.error.kind !== 'bad-version' && !isPassing(mine.error)) return err(unavailable(mine.error));
    }
  }

  async #load(): Promise<Result<void, StoreError>> {
    const { generation, parts, firstLog } = this.#head;
    this.#contents.clear();
    const snapshot = await this.#readNodes(count(parts, (part) => snapshotNode(generation, part)));
    if (!snapshot.ok) return snapshot;
    const entries = Buffer.concat(snapshot.value);
    if (!this.#apply(entries)) return this.#corrupt(snapshotNode(generation, 0), 'is damaged');
    this.#snapshotBytes = entries.length;
    for (this.#nextLog = firstLog; ; this.#nextLog++) {
      const written = await this.#readWrite(this.#nextLog);
      if (!written.ok) return written;
      if (written.value === undefined) break;
      if (!this.#apply(written.value)) return this.#corrupt(logNode(this.#nextLog), 'is damaged');
      this.#logBytes += written.value.length;
    }
    const checked = this.#head.format === FORMER_FORMAT ? ok(undefined) : await this.#checkTail();
    if (!checked.ok) return checked;
    const cleared = await this.#clearAway();
    if (!cleared.ok || this.#head.format === FORMAT) return cleared;
    const tailed = await this.#create(TAIL, tailText(this.#nextLog - 1));
    return tailed.ok ? this.#compact() : tailed;
  }

  /** A log that ends too early has lost a write that was confirmed. */
  async #checkTail(): Promise<Result<void, StoreError>> {
    const tail = await this.#readNode(TAIL);
    if (!tail.ok) return tail;
    if (tail.value === undefined) return this.#corrupt(TAIL, 'is missing');
    const last = Number(Buffer.from(tail.value).toString());
    if (last >= this.#nextLog) return this.#corrupt(logNode(this.#nextLog), 'is missing');
    return last === this.#nextLog - 1 ? ok(undefined) : this.#corrupt(TAIL, 'is of an earlier time than the log');
  }

  #tailWrite(number: number): ZkChange {
    return { kind: 'write', path: `${this.#options.path}/${TAIL}`, data: tailData(number) };
  }

  #apply(entries: Uint8Array): boolean {
    const changes = decodeEntries(entries);
    if (changes !== undefined) applyChanges(this.#contents, changes);
    return changes !== undefined;
  }

  /** What a holder left behind that died while it wrote or tidied up; unless it shows that something is lost. */
  async #clearAway(): Promise<Result<void, StoreError>> {
    const { session, path } = this.#options;
    const children = await this.#persist(() => session.children(path));
    if (!children.ok) return err(children.error);
    const { generation, parts } = this.#head;
    const current = new Set([
      'head',
      TAIL,
      ...count(parts, (part) => snapshotNode(generation, part)),
      ...this.#logNodes,
    ]);
    const left = children.value.filter((name) => !current.has(name));
    for (const name of left) {
      const number = /^(?:log-(\d+)|part-(\d+)-\d+)$/.exec(name);
      if (number === null && !/^snapshot-\d+-\d+$/.test(name)) return this.#corrupt(name, 'is none of its nodes');
      if (Number(number?.[1] ?? number?.[2] ?? 0) > this.#nextLog)
        return this.#corrupt(logNode(this.#nextLog), 'is missing');
    }
    for (const name of left) await this.#discard(name);
    return ok(undefined);
  }

  /** Of one number, as bytes of entries; nothing when there is none. */
  async #readWrite(number: number): Promise<Result<Uint8Array | undefined, StoreError>> {
    const last = await this.#readNode(logNode(number));
    if (!last.ok || last.value === undefined) return last;
    const parts = partsOf(last.value);
    const names = count(parts?.count ?? 0, (part) => partNode(number, part));
    this.#logNodes.push(...names, logNode(number));
    if (parts === undefined) return last;
    const read = await this.#readNodes(names);
    if (!read.ok) return read;
    const whole = joinParts(read.value, parts);
    return whole === undefined ? this.#corrupt(logNode(number), 'is of other parts than there are') : ok(whole);
  }

  /** Of each what is in it, without checksum. */
  async #readNodes(names: readonly string[]): Promise<Result<Uint8Array[], StoreError>> {
    const all: Uint8Array[] = [];
    for (const name of names) {
      const read = await this.#readNode(name);
      if (!read.ok) return read;
      if (read.value === undefined) return this.#corrupt(name, 'is missing');
      all.push(read.value);
    }
    return ok(all);
  }

  /** Nothing: no such node. */
  async #readNode(name: string): Promise<Result<Uint8Array | undefined, StoreError>> {
    const { session, path } = this.#options;
    const node = await this.#persist(() => session.read(`${path}/${name}`));
    if (!node.ok) return err(node.error);
    if (node.value === undefined) return ok(undefined);
    const bytes = withoutChecksum(node.value.data, this.#head.format === FORMER_FORMAT ? undefined : name);
    return bytes === undefined ? this.#corrupt(name, 'is damaged') : ok(bytes);
  }

  /** Everything there is into new nodes, then the head points to them, then the old ones go. */
  async #compact(): Promise<Result<void, StoreError>> {
    const { generation, parts } = this.#head;
    const nodes = cut(encodeEntries(this.#contents));
    for (const [part, data] of nodes.entries()) {
      const written = await this.#create(snapshotNode(generation + 1, part), data);
      if (!written.ok) return written;
    }
    const switched = await this.#writeHead({
      format: FORMAT,
      generation: generation + 1,
      parts: nodes.length,
      firstLog: this.#nextLog,
    });
    if (!switched.ok) return switched;
    const old = [...count(parts, (part) => snapshotNode(generation, part)), ...this.#logNodes];
    this.#snapshotBytes = nodes.reduce((sum, { length }) => sum + length, 0);
    this.#logBytes = 0;
    this.#logNodes = [];
    for (const name of old) await this.#discard(name);
    return ok(undefined);
  }

  /** A node that counts no more. That it stays does no harm: the next holder finds it. */
  async #discard(name: string): Promise<void> {
    const { session, path } = this.#options;
    const version = this.#version;
    if (version === undefined) return;
    // Another holder may have made a node of this name that does count.
    await session.transact([
      { kind: 'check', path: `${path}/head`, version },
      { kind: 'remove', path: `${path}/${name}` },
    ]);
  }

  async #writeHead(head: Head): Promise<Result<void, StoreError>> {
    const { session, path } = this.#options;
    const data = formatHead(head);
    const version = this.#version;
    const written = await this.#persist(async () => {
      const attempt = await session.write(`${path}/head`, data, version);
      if (attempt.ok || attempt.error.kind !== 'bad-version') return attempt;
      // Ours from an attempt whose answer was lost, unless somebody else wrote it since.
      const node = await session.read(`${path}/head`);
      const isOurs = node.ok && node.value?.version === (version ?? 0) + 1 && data.equals(node.value.data);
      return isOurs ? ok((version ?? 0) + 1) : attempt;
    });
    if (!written.ok) return err(this.#fencedOr(written.error));
    this.#version = written.value;
    this.#head = head;
    return ok(undefined);
  }

  /** A node that is only made while the head is as we left it, and with it all the `others`. */
  async #create(name: string, bytes: Buffer, others: readonly ZkChange[] = []): Promise<Result<void, StoreError>> {
    const { session, path } = this.#options;
    const version = this.#version;
    if (version === undefined) return err({ kind: 'fenced', text: `The store at ${path} is not held` });
    const data = withChecksum(bytes, name);
    const changes: ZkChange[] = [
      { kind: 'check', path: `${path}/head`, version },
      { kind: 'create', path: `${path}/${name}`, data },
      ...others,
    ];
    const created = await this.#persist(async () => {
      const attempt = await session.transact(changes);
      if (attempt.ok || attempt.error.kind !== 'node-exists') return attempt;
      const node = await session.read(`${path}/${name}`);
      if (!node.ok) return node;
      // An earlier attempt's, or left by a snapshot that was given up, which says the same or is replaced.
      if (node.value !== undefined && data.equals(node.value.data)) return ok(undefined);
      return session.transact([
        { kind: 'check', path: `${path}/head`, version },
        { kind: 'write', path: `${path}/${name}`, data },
        ...others,
      ]);
    });
    return created.ok ? ok(undefined) : err(this.#fencedOr(created.error));
  }

  #fencedOr(error: StoreError & { readonly cause: ZkError['kind'] }): StoreError {
    if (error.cause !== 'bad-version' && error.cause !== 'no-node') return { kind: error.kind, text: error.text };
    this.#version = undefined;
    return { kind: 'fenced', text: `Somebody else has taken hold of the store at ${this.#options.path}` };
  }

  /** Tries until there is an answer that stands, or the time is over. */
  async #persist<T>(
    attempt: () => Promise<Result<T, ZkError>>,
  ): Promise<Result<T, StoreError & { readonly cause: ZkError['kind'] }>> {
    const { clock, timers } = this.#options;
    const deadlineMs = clock.monotonicMs() + this.#limitMs;
    for (;;) {
      const result = await attempt();
      if (result.ok) return result;
      if (!isPassing(result.error) || clock.monotonicMs() >= deadlineMs)
        return err({ ...unavailable(result.error), cause: result.error.kind });
      await new Promise<void>((resolve) => timers.after(RETRY_MS, resolve));
    }
  }

  #corrupt(name: string, why: string): Result<never, StoreError> {
    const { path } = this.#options;
    return err({
      kind: 'corrupt',
      text: `The store at ${path} in ZooKeeper cannot be trusted: ${path}/${name} ${why}. Nothing was changed. Restore the node, or remove ${path} with all below it to begin with an empty store`,
    });
  }
}

function isPassing({ kind }: ZkError): boolean {
  return kind === 'unknown-outcome' || kind === 'session-lost';
}

function unavailable({ text }: ZkError): StoreError {
  return { kind: 'unavailable', text: `ZooKeeper: ${text}` };
}

function snapshotNode(generation: number, part: number): string {
  return `snapshot-${generation}-${part}`;
}

function logNode(number: number): string {
  return `log-${String(number).padStart(10, '0')}`;
}

function partNode(number: number, part: number): string {
  return `part-${String(number).padStart(10, '0')}-${part}`;
}

function tailText(number: number): Buffer {
  return Buffer.from(String(number));
}

function tailData(number: number): Buffer {
  return withChecksum(tailText(number), TAIL);
}

function count<T>(length: number, make: (index: number) => T): T[] {
  return Array.from({ length }, (_, index) => make(index));
}
