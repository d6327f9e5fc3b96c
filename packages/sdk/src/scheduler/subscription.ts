/**
 * One subscription from SUBSCRIBE to the end of its stream: redirects, the stream id, the watch over heartbeats.
 *
 * Never: subscribes again (scheduler-client.ts does), interprets events other than the first.
 */
import { err, ok, type Result } from '@mesolite/base';
import type { Clock, TimerHandle, Timers } from '@mesolite/ports';
import { SchedulerCall, SchedulerEvent } from '@mesolite/wire';
import { ApiError } from '../http/api-error.ts';
import { redirectOrigin } from '../http/daemon-address.ts';
import { type Codec, decodeMessage, encodeMessage, mediaTypeOf } from '../http/message-codec.ts';
import { openRecordStream, type RecordStream } from '../http/record-stream.ts';

export const SCHEDULER_PATH = '/api/v1/scheduler';
const MAX_REDIRECTS = 5;
/** Until SUBSCRIBED tells the interval: how long the first event may take. */
const FIRST_EVENT_MS = 30_000;

export interface SubscriptionOptions {
  readonly codec: Codec;
  readonly headers: Readonly<Record<string, string>>;
  readonly missedHeartbeats: number;
  readonly clock: Clock;
  readonly timers: Timers;
}

/** Follows redirects from `origin` to the leader and opens the stream there. */
export async function subscribe(
  origin: string,
  call: SchedulerCall,
  options: SubscriptionOptions,
): Promise<Result<Subscription, ApiError>> {
  const body = encodeMessage(SchedulerCall, call, options.codec);
  if (!body.ok) return body;
  const mediaType = mediaTypeOf(options.codec);
  const headers = { ...options.headers, 'content-type': mediaType, accept: mediaType };
  let target = origin;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const opened = await openRecordStream({ origin: target, path: SCHEDULER_PATH, headers, body: body.value });
    if (!opened.ok) return opened;
    if (opened.value.kind === 'stream') return ok(new Subscription(target, opened.value.stream, options));
    const { status, headers: answerHeaders, body: text } = opened.value.answer;
    const leader = status === 307 ? redirectOrigin(answerHeaders['location'], target) : undefined;
    if (leader === undefined) {
      const words = text.toString().trim();
      return err(
        new ApiError('refused', `${target} refused to subscribe: ${words === '' ? `status ${status}` : words}`, status),
      );
    }
    target = leader;
  }
  return err(new ApiError('unreachable', `more than ${MAX_REDIRECTS} redirects, the last to ${target}`));
}

export class Subscription {
  /** The leader's origin. */
  readonly origin: string;
  readonly streamId: string | undefined;
  readonly #stream: RecordStream;
  readonly #options: SubscriptionOptions;
  #silenceMs = FIRST_EVENT_MS;
  #lastRecordMs: number;
  #watch: TimerHandle | undefined;
  #silent = false;

  constructor(origin: string, stream: RecordStream, options: SubscriptionOptions) {
    this.origin = origin;
    this.streamId = stream.headers['mesos-stream-id'];
    this.#stream = stream;
    this.#options = options;
    this.#lastRecordMs = options.clock.monotonicMs();
    this.#armWatch();
  }

  /** Hands every event to `deliver`, in order, until the stream ends; answers why it did. */
  async read(deliver: (event: SchedulerEvent) => void): Promise<string> {
    try {
      for await (const records of this.#stream.batches()) {
        this.#lastRecordMs = this.#options.clock.monotonicMs();
        for (const record of records) {
          const event = decodeMessage(SchedulerEvent, record, this.#options.codec);
          if (!event.ok) return event.error.message;
          this.#learnInterval(event.value);
          deliver(event.value);
        }
      }
    } catch (error) {
      return (error as Error).message;
    } finally {
      this.close();
    }
    return this.#silent ? `no heartbeat for ${Math.round(this.#silenceMs)} ms` : 'the master closed the stream';
  }

  close(): void {
    this.#watch?.cancel();
    this.#stream.close();
  }

  #learnInterval(event: SchedulerEvent): void {
    const seconds = event.subscribed?.heartbeat_interval_seconds;
    if (seconds === undefined || !(seconds > 0)) return;
    this.#silenceMs = seconds * 1000 * this.#options.missedHeartbeats;
    this.#watch?.cancel();
    this.#armWatch();
  }

  #armWatch(): void {
    const quietMs = this.#options.clock.monotonicMs() - this.#lastRecordMs;
    this.#watch = this.#options.timers.after(Math.max(1, this.#silenceMs - quietMs), () => {
      if (this.#options.clock.monotonicMs() - this.#lastRecordMs < this.#silenceMs) return this.#armWatch();
      this.#silent = true;
      this.#stream.close();
    });
  }
}
