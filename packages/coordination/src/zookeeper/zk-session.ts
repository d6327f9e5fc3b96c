/**
 * A session with a ZooKeeper ensemble that is always either usable, waiting for a server, or plainly over. When it is over a
 * new one is begun by itself; whoever holds ephemeral nodes or watches hears of both.
 *
 * A session counts as lost when nothing was heard of any server for its timeout, by the local clock: no server need say so.
 * By then, or soon after, the ensemble has given it up as well.
 *
 * Never: retries an operation whose outcome is unknown. That is for those to decide who know what it meant.
 */
import { err, ok, type Result } from '@mesolite/base';
import type { Clock, Log, TimerHandle, Timers } from '@mesolite/ports';
import { type Acl, type ClientError, library, type Stat } from './library.ts';
import { MendedClient } from './mended-client.ts';
import { type ZkError, zkError } from './zk-error.ts';
import type { ZkUrl } from './zk-url.ts';

/**
 * `connected`: operations go through; after `fresh` in a new session, without nodes and watches of the former one.
 * `suspended`: no server; the session may go on. `lost`: it does not; a new one is being begun.
 * `refused`: the credentials are wrong; nothing more will happen.
 */
export type ZkEvent =
  | { readonly kind: 'connected'; readonly fresh: boolean }
  | { readonly kind: 'suspended' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'refused'; readonly text: string };

export type NodeMode = 'persistent' | 'ephemeral' | 'ephemeral-sequential';

export interface ZkNode {
  readonly data: Uint8Array;
  /** How often it was written since it was created. */
  readonly version: number;
  /** An ephemeral node of this very session. */
  readonly isOurs: boolean;
}

/** Versions start at 1 here: the library takes 0 for "any". Nodes that are checked are written once after creation. */
export type ZkChange =
  | { readonly kind: 'create'; readonly path: string; readonly data: Uint8Array }
  | { readonly kind: 'write'; readonly path: string; readonly data: Uint8Array; readonly version?: number }
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'check'; readonly path: string; readonly version: number };

export interface ZkSessionOptions {
  readonly url: Pick<ZkUrl, 'servers' | 'credentials'>;
  /** As asked for; the ensemble may grant another. Milliseconds. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

type Done<T> = (error: ClientError | null | undefined, value?: T) => void;

interface Waiting {
  start(): void;
  fail(error: ZkError): void;
}

/** Operations that may wait for a connection; more are refused at once. */
const MAX_WAITING = 10_000;
/** How often within the session's time the clock is looked at. */
const CHECKS_PER_TIMEOUT = 20;

export class ZkSession {
  readonly #options: ZkSessionOptions;
  readonly #acls: readonly Acl[];
  readonly #listeners = new Set<(event: ZkEvent) => void>();
  readonly #waiting = new Set<Waiting>();
  #mended: MendedClient;
  #connected = false;
  /** There has been a connection in this session. */
  #begun = false;
  #suspendedMs: number;
  #check: TimerHandle | undefined;
  #closed = false;

  constructor(options: ZkSessionOptions) {
    this.#options = options;
    const { ACL, Id, Permission } = library;
    this.#acls =
      options.url.credentials === undefined
        ? ACL.OPEN_ACL_UNSAFE
        : [
            new ACL(Permission.READ, new Id('world', 'anyone')),
            // "auth" stands for whoever creates the node.
            new ACL(Permission.ALL, new Id('auth', '')),
          ];
    this.#suspendedMs = options.clock.monotonicMs();
    this.#mended = this.#begin();
    this.#scheduleCheck();
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** `ip:port` of the server that the session is with; nothing while there is none. */
  get server(): string | undefined {
    return this.#connected ? this.#mended.server : undefined;
  }

  /** Of the session, as granted; as asked for before there was a connection. */
  get timeoutMs(): number {
    return this.#mended.client.getSessionTimeout();
  }

  /** Tells what happens from now on, and first that there is a connection where there is one. Answers how to stop. */
  watch(listener: (event: ZkEvent) => void): () => void {
    this.#listeners.add(listener);
    if (this.#connected) listener({ kind: 'connected', fresh: true });
    return () => this.#listeners.delete(listener);
  }

  /** Answers the path, which has a number at its end when the mode is sequential. */
  create(path: string, data: Uint8Array, mode: NodeMode): Promise<Result<string, ZkError>> {
    const { CreateMode } = library;
    const number = {
      persistent: CreateMode.PERSISTENT,
      ephemeral: CreateMode.EPHEMERAL,
      'ephemeral-sequential': CreateMode.EPHEMERAL_SEQUENTIAL,
    }[mode];
    return this.#do<string>(`create ${path}`, (client, done) =>
      client.create(path, Buffer.from(data), this.#acls, number, done),
    );
  }

  /** Creates what is missing on the way to `path`, and that too, without data. */
  async createPath(path: string): Promise<Result<void, ZkError>> {
    let current = '';
    for (const part of path.split('/').slice(1)) {
      current += `/${part}`;
      const created = await this.create(current, new Uint8Array(0), 'persistent');
      // Parents may belong to somebody else: what counts is that the last one is there.
      if (!created.ok && created.error.kind !== 'node-exists') {
        const there = await this.read(current);
        if (!there.ok || there.value === undefined) return created;
      }
    }
    return ok(undefined);
  }

  /** Nothing when there is no such node; then `changed` is called when there is one, else when it changes or goes. */
  async read(path: string, changed?: () => void): Promise<Result<ZkNode | undefined, ZkError>> {
    const read = await this.#do<ZkNode>(`read ${path}`, (client, done) =>
      client.getData(path, changed, (error, data, stat) => {
        if (error || stat === undefined) return done(error);
        const isOurs = stat.ephemeralOwner.equals(client.getSessionId());
        done(undefined, { data: data ?? Buffer.alloc(0), version: stat.version, isOurs });
      }),
    );
    if (read.ok || read.error.kind !== 'no-node') return read;
    if (changed === undefined) return ok(undefined);
    const there = await this.#do<Stat | null>(`look for ${path}`, (client, done) => client.exists(path, changed, done));
    if (!there.ok) return there;
    return there.value === null || there.value === undefined ? ok(undefined) : this.read(path, changed);
  }

  /** Names of the children. `changed` is called once when there are others. */
  children(path: string, changed?: () => void): Promise<Result<readonly string[], ZkError>> {
    return this.#do(`list ${path}`, (client, done) => client.getChildren(path, changed, done));
  }

  /** Answers the new version. Without a version: whatever is there. */
  async write(path: string, data: Uint8Array, version?: number): Promise<Result<number, ZkError>> {
    const written = await this.#do<Stat>(`write ${path}`, (client, done) =>
      client.setData(path, Buffer.from(data), checked(version), done),
    );
    return written.ok ? ok(written.value.version) : written;
  }

  /** That there was no such node is no error. */
  async remove(path: string): Promise<Result<void, ZkError>> {
    const removed = await this.#do<void>(`remove ${path}`, (client, done) => client.remove(path, -1, done));
    return removed.ok || removed.error.kind === 'no-node' ? ok(undefined) : removed;
  }

  /** All of it or nothing. */
  transact(changes: readonly ZkChange[]): Promise<Result<unknown, ZkError>> {
    return this.#do<unknown>('commit a transaction', (client, done) => {
      const transaction = client.transaction();
      for (const change of changes) {
        if (change.kind === 'create')
          transaction.create(change.path, Buffer.from(change.data), this.#acls, library.CreateMode.PERSISTENT);
        else if (change.kind === 'write')
          transaction.setData(change.path, Buffer.from(change.data), checked(change.version));
        else if (change.kind === 'remove') transaction.remove(change.path, -1);
        else transaction.check(change.path, checked(change.version));
      }
      transaction.commit(done);
    });
  }

  /** Ends the session: its ephemeral nodes go. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#check?.cancel();
    this.#listeners.clear();
    this.#connected = false;
    this.#mended.close();
    this.#failWaiting('the session was closed');
  }

  #begin(): MendedClient {
    const { url, timeoutMs, clock } = this.#options;
    const mended = new MendedClient(url.servers, timeoutMs, clock);
    const { credentials } = url;
    if (credentials !== undefined)
      mended.client.addAuthInfo('digest', Buffer.from(`${credentials.user}:${credentials.password}`));
    mended.client.on('state', ({ name }) => {
      if (this.#mended === mended && !this.#closed) this.#stateChanged(name);
    });
    mended.client.connect();
    return mended;
  }

  #stateChanged(name: string): void {
    const { log, clock, url } = this.#options;
    switch (name) {
      case 'SYNC_CONNECTED': {
        const fresh = !this.#begun;
        this.#begun = true;
        this.#connected = true;
        log.info(`${fresh ? 'Connected' : 'Reconnected'} to ZooKeeper at ${url.servers}`);
        for (const waiting of [...this.#waiting]) waiting.start();
        this.#tell({ kind: 'connected', fresh });
        return;
      }
      case 'EXPIRED':
        this.#lose('the ensemble says that it is over');
        return;
      case 'AUTH_FAILED':
        log.error(`ZooKeeper at ${url.servers} refuses the credentials`);
        this.#tell({ kind: 'refused', text: 'ZooKeeper refuses the credentials' });
        this.close();
        return;
      default:
        if (!this.#connected) return;
        this.#connected = false;
        this.#suspendedMs = clock.monotonicMs();
        log.warning(`Lost the connection to ZooKeeper at ${url.servers}`);
        this.#tell({ kind: 'suspended' });
    }
  }

  #lose(why: string): void {
    const { log, clock } = this.#options;
    const hadBegun = this.#begun;
    this.#connected = false;
    this.#begun = false;
    this.#suspendedMs = clock.monotonicMs();
    const former = this.#mended;
    // A new client, even if there never was a connection: it asks anew where the servers are.
    this.#mended = this.#begin();
    former.close();
    if (!hadBegun) return;
    log.warning(`The ZooKeeper session is lost: ${why}`);
    this.#failWaiting('the session is lost');
    this.#tell({ kind: 'lost' });
  }

  #scheduleCheck(): void {
    const { timers, timeoutMs } = this.#options;
    this.#check = timers.after(timeoutMs / CHECKS_PER_TIMEOUT, () => {
      if (this.#closed) return;
      this.#mended.breakWithSilentServer();
      if (!this.#connected) {
        const since = this.#begun ? this.#mended.heardMs : this.#suspendedMs;
        if (this.#options.clock.monotonicMs() - since >= this.timeoutMs)
          this.#lose('no server was heard of for its time');
      }
      this.#scheduleCheck();
    });
  }

  #tell(event: ZkEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  #failWaiting(why: string): void {
    for (const waiting of [...this.#waiting]) waiting.fail({ kind: 'session-lost', text: why });
  }

  /** Begins the operation once there is a connection; gives up when it has taken a session's time. */
  #do<T>(what: string, operate: (client: MendedClient['client'], done: Done<T>) => void): Promise<Result<T, ZkError>> {
    if (this.#closed) return Promise.resolve(err({ kind: 'session-lost', text: `${what}: the session was closed` }));
    if (this.#waiting.size >= MAX_WAITING)
      return Promise.resolve(err({ kind: 'refused', text: `${what}: too many operations wait for ZooKeeper` }));
    return new Promise((resolve) => {
      let started = false;
      const finish = (result: Result<T, ZkError>): void => {
        if (!this.#waiting.delete(waiting)) return;
        deadline.cancel();
        resolve(result);
      };
      const waiting: Waiting = {
        start: () => {
          if (started) return;
          started = true;
          operate(this.#mended.client, (error, value) => finish(error ? err(zkError(error, what)) : ok(value as T)));
        },
        fail: (error) => finish(err({ ...error, text: `${what}: ${error.text}` })),
      };
      const deadline = this.#options.timers.after(this.timeoutMs, () =>
        waiting.fail({ kind: 'unknown-outcome', text: 'ZooKeeper did not answer in time' }),
      );
      this.#waiting.add(waiting);
      if (this.#connected) waiting.start();
    });
  }
}

function checked(version: number | undefined): number {
  if (version === 0) throw new RangeError('versions of ZooKeeper nodes that are checked begin at 1');
  return version ?? -1;
}
