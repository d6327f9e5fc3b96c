/**
 * One SUBSCRIBE request of an executor and the event stream it may become. An executor that does not read its events is
 * dropped at the stream's bound and has to subscribe again.
 */
import type { ServerResponse } from 'node:http';
import { type MediaType, RecordStream } from '@mesolite/daemon';
import { ExecutorEvent } from '@mesolite/wire';

export class ExecutorExchange {
  readonly #response: ServerResponse;
  readonly #mediaType: MediaType;
  #stream: RecordStream | undefined;
  /** Called when the response has become a stream. */
  onOpen: () => void = () => {};

  constructor(response: ServerResponse, mediaType: MediaType) {
    this.#response = response;
    this.#mediaType = mediaType;
  }

  open(closed: () => void): void {
    const stream = new RecordStream(this.#response, { contentType: this.#mediaType });
    this.#stream = stream;
    this.onOpen();
    stream.onClose(closed);
  }

  send(event: ExecutorEvent): void {
    if (this.#stream === undefined) return;
    const record =
      this.#mediaType === 'application/json' ? Buffer.from(ExecutorEvent.toJson(event)) : ExecutorEvent.encode(event);
    this.#stream.write(record);
  }

  close(): void {
    this.#stream?.close();
  }
}
