/**
 * The part of node-zookeeper-client 1.1.3 that is used, with types; private parts included, because of which the version is
 * pinned.
 */
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';

export interface ClientError extends Error {
  /** A number of ZooKeeper's, or not there at all. */
  readonly code?: number;
}
export interface Stat {
  readonly version: number;
  /** Session that an ephemeral node belongs to. */
  readonly ephemeralOwner: Buffer;
}
export interface Connection {
  socket?: Socket;
  readonly servers: readonly unknown[];
  pendingBuffer: Buffer | null;
  onSocketData(buffer: Buffer): void;
}
export interface Acl {
  readonly permission: number;
  readonly id: { readonly scheme: string; readonly id: string };
}
export interface Transaction {
  create(path: string, data: Buffer, acls: readonly Acl[], mode: number): Transaction;
  setData(path: string, data: Buffer, version: number): Transaction;
  check(path: string, version: number): Transaction;
  remove(path: string, version: number): Transaction;
  commit(done: (error: ClientError | null | undefined, results?: readonly { readonly path?: string }[]) => void): void;
}
export interface Client {
  readonly connectionManager: Connection;
  connect(): void;
  close(): void;
  on(event: 'state', listener: (state: { readonly name: string }) => void): void;
  addAuthInfo(scheme: string, auth: Buffer): void;
  getSessionId(): Buffer;
  /** Milliseconds, as agreed with the server. */
  getSessionTimeout(): number;
  create(
    path: string,
    data: Buffer,
    acls: readonly Acl[],
    mode: number,
    done: (error: ClientError | null, path?: string) => void,
  ): void;
  remove(path: string, version: number, done: (error: ClientError | null) => void): void;
  setData(path: string, data: Buffer, version: number, done: (error: ClientError | null, stat?: Stat) => void): void;
  getData(
    path: string,
    watcher: ((event: unknown) => void) | undefined,
    done: (error: ClientError | null, data?: Buffer, stat?: Stat) => void,
  ): void;
  exists(
    path: string,
    watcher: ((event: unknown) => void) | undefined,
    done: (error: ClientError | null, stat?: Stat | null) => void,
  ): void;
  getChildren(
    path: string,
    watcher: ((event: unknown) => void) | undefined,
    done: (error: ClientError | null, children?: readonly string[]) => void,
  ): void;
  transaction(): Transaction;
}
interface Library {
  createClient(
    servers: string,
    options: { readonly sessionTimeout: number; readonly spinDelay: number; readonly retries: number },
  ): Client;
  readonly CreateMode: {
    readonly PERSISTENT: number;
    readonly EPHEMERAL: number;
    readonly EPHEMERAL_SEQUENTIAL: number;
  };
  readonly ACL: { new (permission: number, id: Acl['id']): Acl; readonly OPEN_ACL_UNSAFE: readonly Acl[] };
  readonly Id: { new (scheme: string, id: string): Acl['id'] };
  readonly Permission: { readonly READ: number; readonly ALL: number };
  readonly Exception: Readonly<Record<string, number>>;
}

export const library: Library = createRequire(import.meta.url)('node-zookeeper-client') as Library;
