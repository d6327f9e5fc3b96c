/**
 * HTTP requests that a core answers, each known to it by a number: one reply, or for a SUBSCRIBE an event stream in the
 * encoding the client asked for. A client that does not read its events is dropped at the stream's bound.
 */
import type { ServerResponse } from 'node:http';
import type { Log } from '@mesolite/ports';
import type { MessageType } from '@mesolite/wire';
import type { MediaType } from '../http/media-type.ts';
import { RecordStream } from '../http/record-stream.ts';
import { type HttpReply, TEXT } from '../http/reply.ts';

interface Subscriber {
  readonly response: ServerResponse;
  readonly mediaType: MediaType;
  stream: RecordStream | undefined;
}

export class Exchanges<E extends object> {
  readonly #eventType: MessageType<E>;
  readonly #log: Log;
  readonly #answers = new Map<number, (reply: HttpReply | undefined) => void>();
  readonly #subscribers = new Map<number, Subscriber>();
  #last = 0;

  constructor(eventType: MessageType<E>, log: Log) {
    this.#eventType = eventType;
    this.#log = log;
  }

  /** Calls `ask` with a fresh number and resolves with the reply to it. */
  demand(ask: (connection: number) => void): Promise<HttpReply> {
    const connection = ++this.#last;
    return new Promise((resolve) => {
      this.#answers.set(connection, (reply) => resolve(reply ?? { status: 500 }));
      ask(connection);
    });
  }

  /** As {@link demand}; resolves with nothing when the response has become a stream instead. */
  subscribe(
    client: { readonly response: ServerResponse; readonly mediaType: MediaType },
    ask: (connection: number) => void,
  ): Promise<HttpReply | undefined> {
    const connection = ++this.#last;
    this.#subscribers.set(connection, { ...client, stream: undefined });
    return new Promise((resolve) => {
      this.#answers.set(connection, resolve);
      ask(connection);
    });
  }

  /** Without a text the body is empty. */
  reply(connection: number, status: number, text: string | undefined): void {
    this.#subscribers.delete(connection);
    this.#answer(connection, text === undefined ? { status } : { status, body: text, contentType: TEXT });
  }

  /** `closed` is called once when the client has gone, unless {@link closeStream} came first. */
  openStream(connection: number, headers: Record<string, string>, closed: () => void): void {
    const subscriber = this.#subscribers.get(connection);
    if (subscriber === undefined) return;
    const peer = subscriber.response.socket;
    const address = `${peer?.remoteAddress}:${peer?.remotePort}`;
    const stream = new RecordStream(subscriber.response, {
      contentType: subscriber.mediaType,
      headers,
      dropped: (why) => this.#log.warning(`Dropped the event stream to ${address}, which does not read it: ${why}`),
    });
    subscriber.stream = stream;
    this.#answer(connection, undefined);
    stream.onClose(() => {
      if (this.#subscribers.delete(connection)) closed();
    });
  }

  send(connection: number, event: E): void {
    const subscriber = this.#subscribers.get(connection);
    if (subscriber?.stream === undefined) return;
    const type = this.#eventType;
    subscriber.stream.write(
      subscriber.mediaType === 'application/json' ? Buffer.from(type.toJson(event)) : type.encode(event),
    );
  }

  closeStream(connection: number): void {
    this.#subscribers.get(connection)?.stream?.close();
    this.#subscribers.delete(connection);
  }

  /** Ends every stream. */
  close(): void {
    for (const connection of [...this.#subscribers.keys()]) this.closeStream(connection);
  }

  #answer(connection: number, reply: HttpReply | undefined): void {
    const answer = this.#answers.get(connection);
    this.#answers.delete(connection);
    answer?.(reply);
  }
}
