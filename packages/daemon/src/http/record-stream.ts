/**
 * An event stream: RecordIO over a chunked response, one record a chunk, because some clients take a chunk for a record.
 * Owns the response from construction on. Memory for a slow reader is bounded: at the bound, or when the peer takes
 * nothing for a stated time, the connection is cut and the client has to subscribe again.
 */
import type { ServerResponse } from 'node:http';
import { frameRecord } from '@mesolite/wire';
import type { MediaType } from './media-type.ts';

export interface RecordStreamOptions {
  readonly contentType: MediaType;
  readonly headers?: Record<string, string>;
  /**
   * Bytes that may wait for the peer, default 16 MiB. The first record is not counted: it may be a snapshot of any size,
   * which had to be in memory anyway.
   */
  readonly maxBufferedBytes?: number;
  /** How long the peer may take nothing of what waits, default 30 s. */
  readonly stalledMs?: number;
  /** Told why, when the peer is dropped for not reading. */
  readonly dropped?: (why: string) => void;
}

const DEFAULT_MAX_BUFFERED_BYTES = 16 * 1024 * 1024;
const DEFAULT_STALLED_MS = 30_000;
/** After close() the peer has this long to take the rest. */
const CLOSE_MS = 5_000;

export class RecordStream {
  readonly #response: ServerResponse;
  readonly #maxBufferedBytes: number;
  readonly #stalledMs: number;
  readonly #dropped: ((why: string) => void) | undefined;
  readonly #listeners: (() => void)[] = [];
  #open = true;
  #firstRecordBytes: number | undefined;
  #watch: NodeJS.Timeout | undefined;

  constructor(response: ServerResponse, options: RecordStreamOptions) {
    this.#response = response;
    this.#maxBufferedBytes = options.maxBufferedBytes ?? DEFAULT_MAX_BUFFERED_BYTES;
    this.#stalledMs = options.stalledMs ?? DEFAULT_STALLED_MS;
    this.#dropped = options.dropped;
    response.on('close', () => this.#closed());
    if (response.destroyed || response.closed) {
      this.#open = false;
      return;
    }
    response.writeHead(200, { ...options.headers, 'Content-Type': options.contentType });
    response.flushHeaders();
  }

  get open(): boolean {
    return this.#open;
  }

  /** Bytes handed in that the peer has not taken. */
  get bufferedBytes(): number {
    return this.#response.writableLength;
  }

  /** Sends one record. False when the stream is closed, or just was because too much waits. */
  write(record: Uint8Array): boolean {
    if (!this.#open) return false;
    const frame = frameRecord(record);
    if (this.#firstRecordBytes === undefined) {
      this.#firstRecordBytes = frame.length;
    } else if (this.bufferedBytes + frame.length > this.#maxBufferedBytes + this.#firstRecordBytes) {
      this.#cut(`${this.bufferedBytes} bytes wait to be read`);
      return false;
    }
    // One write is one chunk as long as the response itself is not corked; node corks the socket for us.
    if (!this.#response.write(frame)) this.#watchForProgress();
    return true;
  }

  /** Ends the stream after what was written. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#response.end();
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#response.destroy(), CLOSE_MS);
    this.#watch.unref();
  }

  /** Calls `listener` once when the connection has ended, whoever ended it; at once when it has already. */
  onClose(listener: () => void): void {
    if (this.#response.closed) listener();
    else this.#listeners.push(listener);
  }

  #cut(why: string): void {
    this.#open = false;
    this.#dropped?.(why);
    this.#response.destroy();
  }

  #watchForProgress(): void {
    if (this.#watch !== undefined) return;
    const taken = this.#taken();
    this.#watch = setTimeout(() => {
      this.#watch = undefined;
      if (!this.#open || !this.#response.writableNeedDrain) return;
      if (this.#taken() === taken) this.#cut(`nothing was read for ${this.#stalledMs / 1000} s`);
      else this.#watchForProgress();
    }, this.#stalledMs);
    this.#watch.unref();
  }

  #taken(): number {
    const socket = this.#response.socket;
    return socket === null ? 0 : socket.bytesWritten - socket.writableLength;
  }

  #closed(): void {
    this.#open = false;
    clearTimeout(this.#watch);
    for (const listener of this.#listeners.splice(0)) listener();
  }
}
