/**
 * The calls of one subscription: pipelined in order on one connection, bounded, each with the stream id.
 *
 * Never: repeats a call that may have taken effect and must not twice (ACCEPT); such a call is reported as lost.
 */
import { err, ok, type Result } from '@mesolite/base';
import { SchedulerCall, type SchedulerCallType } from '@mesolite/wire';
import { ApiConnection } from '../http/api-connection.ts';
import { ApiError } from '../http/api-error.ts';
import { type Codec, encodeMessage, mediaTypeOf } from '../http/message-codec.ts';

export const SCHEDULER_PATH = '/api/v1/scheduler';

/** Calls that mean the same when they arrive twice. */
const REPEATABLE: ReadonlySet<SchedulerCallType> = new Set<SchedulerCallType>([
  'ACCEPT_INVERSE_OFFERS',
  'ACKNOWLEDGE',
  'ACKNOWLEDGE_OPERATION_STATUS',
  'DECLINE',
  'DECLINE_INVERSE_OFFERS',
  'KILL',
  'RECONCILE',
  'RECONCILE_OPERATIONS',
  'REVIVE',
  'SUPPRESS',
  'SHUTDOWN',
  'TEARDOWN',
]);

export interface CallChannelOptions {
  readonly origin: string;
  readonly streamId: string | undefined;
  readonly codec: Codec;
  readonly headers: Readonly<Record<string, string>>;
  readonly maxInFlight: number;
}

export class CallChannel {
  readonly #connection: ApiConnection;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #options: CallChannelOptions;
  readonly #idle: (() => void)[] = [];
  #inFlight = 0;

  constructor(options: CallChannelOptions) {
    this.#options = options;
    this.#connection = new ApiConnection(options.origin);
    this.#headers = {
      ...options.headers,
      'content-type': mediaTypeOf(options.codec),
      ...(options.streamId === undefined ? {} : { 'mesos-stream-id': options.streamId }),
    };
  }

  async send(call: SchedulerCall): Promise<Result<void, ApiError>> {
    if (this.#inFlight >= this.#options.maxInFlight)
      return err(new ApiError('overloaded', `${this.#inFlight} calls wait for an answer already`));
    const body = encodeMessage(SchedulerCall, call, this.#options.codec);
    if (!body.ok) return body;
    this.#inFlight++;
    try {
      const request = { method: 'POST', path: SCHEDULER_PATH, headers: this.#headers, body: body.value } as const;
      let answer = await this.#connection.request(request);
      if (!answer.ok && answer.error.kind === 'lost' && call.type !== undefined && REPEATABLE.has(call.type))
        answer = await this.#connection.request(request);
      if (!answer.ok) return answer;
      const { status } = answer.value;
      if (status >= 200 && status < 300) return ok(undefined);
      const words = answer.value.body.toString().trim();
      return err(
        new ApiError('refused', `${call.type ?? 'call'} refused: ${words === '' ? `status ${status}` : words}`, status),
      );
    } finally {
      this.#inFlight--;
      if (this.#inFlight === 0) for (const wake of this.#idle.splice(0)) wake();
    }
  }

  /** Resolves when every call was answered. */
  settled(): Promise<void> {
    return this.#inFlight === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  destroy(): void {
    this.#connection.destroy();
  }
}
