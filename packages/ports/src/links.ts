/**
 * Message transport between processes by PID (`id@ip:port`), at most once, in order per sender and receiver
 * as long as the link holds. What breaks is told through `exited`, nothing is retried.
 */
export interface Links {
  /** Sends `body` (a serialized message called `name`, such as `mesos.internal.PingSlaveMessage`) from `from` to `to`. */
  send(from: string, to: string, name: string, body: Uint8Array): void;
  /** Keeps a persistent connection to `to`'s address; when it fails or closes, the process `from` gets `exited(to)` once. */
  link(from: string, to: string, options?: { readonly reconnect?: boolean }): void;
  /** Registers a local process under `id`. Its PID is `${id}@${address}`. */
  spawn(id: string, process: LinkedProcess): void;
  terminate(id: string): void;
  /** `ip:port` others reach this process by. */
  readonly address: string;
}

export interface LinkedProcess {
  /**
   * `connection` numbers what it came over, in the order in which connections were made; unset when it came over none. What
   * comes over an older one may have been sent long before: each connection is in order by itself, and nothing more.
   */
  message(from: string, name: string, body: Uint8Array, connection?: number): void;
  exited(pid: string): void;
}
