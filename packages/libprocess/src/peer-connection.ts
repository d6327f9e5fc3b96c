/**
 * One outgoing socket to one address. Owns the queue in front of it, its bound, and the socket's end; knows no
 * processes and no links. All messages of one turn of the event loop leave in one write. Answers are read and
 * thrown away: nothing in them matters to a sender.
 */
import { connect, type Socket } from 'node:net';
import { encodeAll, type Outgoing, wireBytes } from './message-encoding.ts';

export interface PeerConnectionOptions {
  readonly host: string;
  readonly port: number;
  /** Bytes that may wait for the peer. One more breaks the connection. */
  readonly queueLimitBytes: number;
  /** The connection failed, was closed by the peer or overflowed. Told once, never after `abandon` or `finish`. */
  readonly broken: (reason: string) => void;
  /** Nothing waits any more; all that was sent is with the operating system. */
  readonly drained: () => void;
}

/** Upper bound of one write, so that a long queue does not become one long copy. */
const WRITE_BYTES = 1 << 20;
/** How long a finished socket may wait for the peer to close its side. */
const LINGER_MS = 10_000;
/** Everything that peers answer goes here and is never looked at; shared by all sockets. */
const ignored = Buffer.allocUnsafe(64 * 1024);

export class PeerConnection {
  readonly #options: PeerConnectionOptions;
  readonly #socket: Socket;
  /** False until connected, true until over. */
  #open = false;
  #over = false;
  #queue: Outgoing[] = [];
  #queuedBytes = 0;
  #writing = false;
  #flushScheduled = false;

  constructor(options: PeerConnectionOptions) {
    this.#options = options;
    this.#socket = connect({
      host: options.host,
      port: options.port,
      family: 4,
      noDelay: true,
      autoSelectFamily: false,
      onread: { buffer: ignored, callback: () => true },
    });
    this.#socket.on('connect', () => {
      this.#open = true;
      this.#scheduleFlush();
    });
    this.#socket.on('end', () => this.#break('closed by the peer'));
    this.#socket.on('error', (error) => this.#break(error.message));
    this.#socket.on('close', () => this.#break('closed'));
  }

  /** Bytes that are not yet with the operating system. */
  get waitingBytes(): number {
    return this.#queuedBytes + this.#socket.writableLength;
  }

  /** Queues a message. `body` must not change before the next turn. False when the bound was hit, which breaks the connection. */
  send(message: Outgoing): boolean {
    if (this.#over) return false;
    const bytes = wireBytes(message);
    if (this.waitingBytes + bytes > this.#options.queueLimitBytes) {
      this.#break(`more than ${this.#options.queueLimitBytes} bytes were waiting`);
      return false;
    }
    this.#queue.push(message);
    this.#queuedBytes += bytes;
    if (this.#open) this.#scheduleFlush();
    return true;
  }

  /** Takes what was never given to the socket, for a connection that replaces this one. */
  takeQueue(): Outgoing[] {
    const queue = this.#queue;
    this.#queue = [];
    this.#queuedBytes = 0;
    return queue;
  }

  /** Writes what waits, closes in good order and resolves when the socket is gone; gives up after `lingerMs`. */
  finish(lingerMs: number = LINGER_MS): Promise<void> {
    const socket = this.#socket;
    if (socket.destroyed) return Promise.resolve();
    if (!this.#over && this.#open) this.#writeAll();
    const closable = this.#open;
    this.#over = true;
    return new Promise((resolve) => {
      socket.once('close', () => resolve());
      if (!closable) {
        socket.destroy();
        return;
      }
      socket.once('end', () => socket.destroy());
      socket.setTimeout(lingerMs, () => socket.destroy());
      socket.end();
    });
  }

  /** Drops the socket and all that waits, also with the operating system: it would come beside what the next socket brings. */
  abandon(): void {
    this.#over = true;
    this.#queue = [];
    this.#queuedBytes = 0;
    if (this.#open) this.#socket.resetAndDestroy();
    else this.#socket.destroy();
  }

  #break(reason: string): void {
    if (this.#over) return;
    this.abandon();
    this.#options.broken(reason);
  }

  #scheduleFlush(): void {
    if (this.#flushScheduled || this.#writing) return;
    this.#flushScheduled = true;
    setImmediate(() => {
      this.#flushScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#over || this.#writing) return;
    if (this.#queue.length === 0) {
      this.#options.drained();
      return;
    }
    this.#writing = true;
    this.#socket.write(encodeAll(this.#takeBatch()), () => {
      this.#writing = false;
      this.#flush();
    });
  }

  #takeBatch(): Outgoing[] {
    let bytes = 0;
    let count = 0;
    for (const message of this.#queue) {
      const size = wireBytes(message);
      if (count > 0 && bytes + size > WRITE_BYTES) break;
      bytes += size;
      count += 1;
    }
    const batch = count === this.#queue.length ? this.#queue : this.#queue.slice(0, count);
    this.#queue = count === this.#queue.length ? [] : this.#queue.slice(count);
    this.#queuedBytes -= bytes;
    return batch;
  }

  #writeAll(): void {
    while (this.#queue.length > 0) this.#socket.write(encodeAll(this.#takeBatch()));
  }
}
