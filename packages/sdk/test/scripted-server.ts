/**
 * A daemon for tests that does what the test says: answers POSTs through `answer`, holds event streams open. Time is a fake
 * the test moves, so that silence and backoff need no waiting.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock, Random, Timers } from '@mesolite/ports';
import { frameRecord, type MessageType } from '@mesolite/wire';

export interface Received<Call> {
  readonly call: Call;
  readonly headers: IncomingMessage['headers'];
  readonly path: string;
  readonly connection: Socket;
}

const LIMIT_MS = 5_000;

/** Waits for a condition, with a deadline. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((wake) => setImmediate(wake));
  }
}

export class ScriptedServer<Call extends object, Event extends object> {
  readonly received: Received<Call>[] = [];
  /** Open streams, oldest first. */
  readonly streams: ServerResponse[] = [];
  /** What to do with a call; undefined: 202, and a stream for SUBSCRIBE. */
  answer: (received: Received<Call>, response: ServerResponse) => boolean | undefined = () => undefined;
  /** Status and headers of a stream. */
  streamHeaders: () => Record<string, string> = () => ({});
  origin = '';
  readonly #server: Server;
  readonly #callType: MessageType<Call>;
  readonly #eventType: MessageType<Event>;
  #sockets = new Set<Socket>();
  #json = false;

  constructor(callType: MessageType<Call>, eventType: MessageType<Event>) {
    this.#callType = callType;
    this.#eventType = eventType;
    this.#server = createServer((request, response) => void this.#handle(request, response));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    this.origin = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    return this;
  }

  /** Sends one event on the newest stream. */
  send(event: Event): void {
    const stream = this.streams.at(-1);
    if (stream === undefined) throw new Error('nobody is subscribed');
    stream.write(frameRecord(this.#json ? Buffer.from(this.#eventType.toJson(event)) : this.#eventType.encode(event)));
  }

  /** Bytes as they are. */
  sendRaw(bytes: Uint8Array): void {
    this.streams.at(-1)?.write(bytes);
  }

  /** Calls of one type, in order. */
  calls(type: string): Call[] {
    return this.received.map(({ call }) => call).filter((call) => (call as { type?: string }).type === type);
  }

  /** Breaks every connection. */
  drop(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.drop();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const json = request.headers['content-type'] === 'application/json';
    this.#json = json;
    const call = json ? this.#callType.fromJson(body.toString()) : this.#callType.decode(body);
    const received = { call, headers: request.headers, path: request.url ?? '', connection: request.socket };
    this.received.push(received);
    if (this.answer(received, response) === true) return;
    if ((call as { type?: string }).type !== 'SUBSCRIBE') {
      response.writeHead(202).end();
      return;
    }
    response.writeHead(200, { 'content-type': request.headers['content-type'], ...this.streamHeaders() });
    response.flushHeaders();
    this.streams.push(response);
  }
}

/** Time that stands still until moved. Timers fire in order of their time. */
export class ManualTime implements Clock, Timers {
  #nowMs = 1_000_000;
  #pending: { atMs: number; fire: () => void }[] = [];

  wallMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, fire: () => void): { cancel: () => void } {
    const timer = { atMs: this.#nowMs + delayMs, fire };
    this.#pending.push(timer);
    return {
      cancel: () => {
        this.#pending = this.#pending.filter((other) => other !== timer);
      },
    };
  }

  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const next = this.#pending.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.#pending = this.#pending.filter((timer) => timer !== next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.fire();
    }
    this.#nowMs = endMs;
  }

  /** Delays of what is pending, from now. */
  get pendingMs(): number[] {
    return this.#pending.map(({ atMs }) => atMs - this.#nowMs).sort((a, b) => a - b);
  }
}

/** Always the middle, and bytes that count up. */
export function evenRandom(): Random {
  let count = 0;
  return { next: () => 0.5, bytes: (length) => Uint8Array.from({ length }, () => count++ & 0xff) };
}
