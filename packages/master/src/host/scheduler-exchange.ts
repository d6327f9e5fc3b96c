/**
 * One SUBSCRIBE request and the event stream it may become. Events are encoded the way the client asked for; a client that
 * does not read them is dropped at the stream's bound.
 */
import type { ServerResponse } from 'node:http';
import { type MediaType, RecordStream } from '@mesolite/daemon';
import { SchedulerEvent } from '@mesolite/wire';

export class SchedulerExchange {
  readonly #response: ServerResponse;
  readonly #mediaType: MediaType;
  #stream: RecordStream | undefined;
  /** Called when the response has become a stream. */
  onOpen: () => void = () => {};

  constructor(response: ServerResponse, mediaType: MediaType) {
    this.#response = response;
    this.#mediaType = mediaType;
  }

  open(streamId: string, closed: () => void): void {
    const stream = new RecordStream(this.#response, {
      contentType: this.#mediaType,
      headers: { 'Mesos-Stream-Id': streamId },
    });
    this.#stream = stream;
    this.onOpen();
    stream.onClose(closed);
  }

  send(event: SchedulerEvent): void {
    if (this.#stream === undefined) return;
    const record =
      this.#mediaType === 'application/json' ? Buffer.from(SchedulerEvent.toJson(event)) : SchedulerEvent.encode(event);
    this.#stream.write(record);
  }

  close(): void {
    this.#stream?.close();
  }
}
