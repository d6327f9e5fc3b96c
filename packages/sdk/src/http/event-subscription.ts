/**
 * One subscription to a daemon's events, from SUBSCRIBE to the end of its stream: redirects, the watch over heartbeats.
 *
 * Never: subscribes again (its owner does), interprets events.
 */
import { err, ok, type Result } from '@mesolite/base';
import type { Clock, TimerHandle, Timers } from '@mesolite/ports';
import type { MessageType } from '@mesolite/wire';
import { ApiError } from './api-error.ts';
import { redirectOrigin } from './daemon-address.ts';
import { type Codec, decodeMessage, mediaTypeOf } from './message-codec.ts';
import { openRecordStream, type RecordStream } from './record-stream.ts';

export const MAX_REDIRECTS = 5;
/** How long the first event may take, which tells the interval of heartbeats. */
const FIRST_EVENT_MS = 30_000;

export interface SubscribeOptions<Event extends object> {
  /** Where to ask first, such as `http://127.0.0.1:5050`. */
  readonly origin: string;
  readonly path: string;
  /** The SUBSCRIBE call in `codec`. */
  readonly body: Uint8Array;
  readonly codec: Codec;
  readonly headers: Readonly<Record<string, string>>;
  readonly eventType: MessageType<Event>;
  /** Longest silence once `event` was received, in milliseconds; undefined leaves it as it is. */
  readonly silenceAfter: (event: Event) => number | undefined;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly signal: AbortSignal;
}

/** Follows redirects from the origin to the leader and opens the stream there. */
export async function subscribe<Event extends object>(
  options: SubscribeOptions<Event>,
): Promise<Result<EventSubscription<Event>, ApiError>> {
  const { path, body, signal } = options;
  const mediaType = mediaTypeOf(options.codec);
  const headers = { ...options.headers, 'content-type': mediaType, accept: mediaType };
  let target = options.origin;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const opened = await openRecordStream({ origin: target, path, headers, body, signal });
    if (!opened.ok) return opened;
    if (opened.value.kind === 'stream') return ok(new EventSubscription(target, opened.value.stream, options));
    const { status, headers: answerHeaders, body: text } = opened.value.answer;
    const leader = status === 307 ? redirectOrigin(answerHeaders['location'], target) : undefined;
    if (leader === undefined) {
      const words = text.toString().trim();
      const message = `${target} refused to subscribe: ${words === '' ? `status ${status}` : words}`;
      return err(new ApiError('refused', message, status));
    }
    target = leader;
  }
  return err(new ApiError('unreachable', `more than ${MAX_REDIRECTS} redirects, the last to ${target}`));
}

export class EventSubscription<Event extends object> {
  /** The origin that answered: the leader's. */
  readonly origin: string;
  /** What calls must carry in `Mesos-Stream-Id`, where the API wants it. */
  readonly streamId: string | undefined;
  readonly #stream: RecordStream;
  readonly #options: SubscribeOptions<Event>;
  #silenceMs = FIRST_EVENT_MS;
  #lastRecordMs: number;
  #watch: TimerHandle | undefined;
  #silent = false;

  constructor(origin: string, stream: RecordStream, options: SubscribeOptions<Event>) {
    this.origin = origin;
    this.streamId = stream.headers['mesos-stream-id'];
    this.#stream = stream;
    this.#options = options;
    this.#lastRecordMs = options.clock.monotonicMs();
    this.#armWatch();
  }

  /** Hands every event to `deliver`, in order, until the stream ends; answers why it did. */
  async read(deliver: (event: Event) => void): Promise<string> {
    try {
      for await (const records of this.#stream.batches()) {
        this.#lastRecordMs = this.#options.clock.monotonicMs();
        for (const record of records) {
          const event = decodeMessage(this.#options.eventType, record, this.#options.codec);
          if (!event.ok) return event.error.message;
          this.#learnSilence(event.value);
          deliver(event.value);
        }
      }
    } catch (error) {
      return (error as Error).message;
    } finally {
      this.close();
    }
    return this.#silent
      ? `no heartbeat for ${Math.round(this.#silenceMs)} ms`
      : `${this.#options.origin} closed the stream`;
  }

  close(): void {
    this.#watch?.cancel();
    this.#stream.close();
  }

  #learnSilence(event: Event): void {
    const silenceMs = this.#options.silenceAfter(event);
    if (silenceMs === undefined || silenceMs === this.#silenceMs) return;
    this.#silenceMs = silenceMs;
    this.#watch?.cancel();
    this.#armWatch();
  }

  #armWatch(): void {
    if (this.#silenceMs === Number.POSITIVE_INFINITY) return;
    const quietMs = this.#options.clock.monotonicMs() - this.#lastRecordMs;
    this.#watch = this.#options.timers.after(Math.max(1, this.#silenceMs - quietMs), () => {
      if (this.#options.clock.monotonicMs() - this.#lastRecordMs < this.#silenceMs) {
        this.#armWatch();
        return;
      }
      this.#silent = true;
      this.#stream.close();
    });
  }
}
