/**
 * The library's client, with what it lacks. Nothing else touches its private parts; its version is pinned for their sake.
 *
 * - It never notices a server that is stopped but still connected: pings go out and nothing comes back. Each of them is
 *   answered, so that silence for two thirds of the session's time is a dead peer, whose socket is destroyed.
 * - It waits for ever for the first word of a server that takes the connection. Each gets the session's time divided by the
 *   number of servers, as for the connection itself: one round over all of them fits in a session.
 * - It keeps the bytes of a half received answer when a connection breaks, and reads the next connection's after them.
 * - An answer that it does not understand is thrown into the socket's callbacks, where nobody catches it.
 */
import type { Socket } from 'node:net';
import type { Clock } from '@mesolite/ports';
import { type Client, library } from './library.ts';

/** Longest wait before all servers are tried anew, in milliseconds. */
const RETRY_MS = 200;

export class MendedClient {
  readonly client: Client;
  readonly #clock: Clock;
  /** The last one over which something was heard. */
  #socket: Socket | undefined;
  /** One over which nothing was heard yet, and when it was first seen. */
  #unheard: { readonly socket: Socket; readonly sinceMs: number } | undefined;
  /** When something was last heard of any server. */
  heardMs: number;

  constructor(servers: string, sessionTimeoutMs: number, clock: Clock) {
    this.#clock = clock;
    this.heardMs = clock.monotonicMs();
    this.client = library.createClient(servers, { sessionTimeout: sessionTimeoutMs, spinDelay: RETRY_MS, retries: 0 });
    const manager = this.client.connectionManager;
    const read = manager.onSocketData.bind(manager);
    manager.onSocketData = (buffer) => {
      // Called with nothing when more of what came is still to be read.
      if (buffer.length > 0) this.heardMs = clock.monotonicMs();
      if (manager.socket !== this.#socket) {
        this.#socket = manager.socket;
        manager.pendingBuffer = null;
      }
      try {
        read(buffer);
      } catch {
        manager.socket?.destroy();
      }
    };
  }

  /** `ip:port` of the server at the other end, if there is one. */
  get server(): string | undefined {
    const { remoteAddress, remotePort } = this.client.connectionManager.socket ?? {};
    return remotePort === undefined ? undefined : `${remoteAddress}:${remotePort}`;
  }

  /** To be called several times within a session's time: breaks with a server that is silent. */
  breakWithSilentServer(): void {
    const { socket, servers } = this.client.connectionManager;
    if (socket === undefined || socket.destroyed) return;
    const nowMs = this.#clock.monotonicMs();
    const timeoutMs = this.client.getSessionTimeout();
    if (socket === this.#socket) {
      if (nowMs - this.heardMs >= (timeoutMs * 2) / 3) socket.destroy();
      return;
    }
    if (this.#unheard?.socket !== socket) this.#unheard = { socket, sinceMs: nowMs };
    else if (nowMs - this.#unheard.sinceMs >= timeoutMs / servers.length) socket.destroy();
  }

  /** Ends the session if there is a connection, and that in any case. */
  close(): void {
    this.client.close();
    this.client.connectionManager.socket?.destroySoon();
  }
}
