/**
 * Single requests to a daemon whose leader may move: tries the addresses in turn, follows redirects, remembers who answered.
 *
 * Never: repeats a request that may have taken effect, except reads.
 */
import { err, ok, type Result } from '@mesolite/base';
import type { MessageType } from '@mesolite/wire';
import { type ApiAnswer, ApiConnection, type ApiRequest } from '../http/api-connection.ts';
import { ApiError } from '../http/api-error.ts';
import { authorizationHeader, type Credentials } from '../http/credentials.ts';
import { AddressBook, type DaemonAddress, redirectOrigin } from '../http/daemon-address.ts';
import { MAX_REDIRECTS } from '../http/event-subscription.ts';
import { type Codec, decodeMessage, encodeMessage, mediaTypeOf } from '../http/message-codec.ts';

const OPERATOR_PATH = '/api/v1';
/** How many addresses of a list are tried when nobody answers. */
const MAX_ADDRESSES = 10;

export interface OperatorOptions extends Credentials {
  /** Default `protobuf`. */
  readonly codec?: Codec;
  /** Longest wait for an answer, in milliseconds. Default 30 s. */
  readonly timeoutMs?: number;
}

/** One call type with its answer type. */
export interface OperatorMessages<Call extends object, Response extends object> {
  readonly call: MessageType<Call>;
  readonly response: MessageType<Response>;
}

export class DaemonHttp {
  readonly options: OperatorOptions;
  readonly #addresses: AddressBook;
  readonly #tries: number;
  #connection: ApiConnection | undefined;

  constructor(address: DaemonAddress, defaultPort: number, options: OperatorOptions) {
    this.options = options;
    this.#addresses = new AddressBook(address, defaultPort);
    const list = typeof address === 'string' ? address.split(',') : address;
    this.#tries = typeof list === 'function' ? 1 : Math.min(MAX_ADDRESSES, list.length);
  }

  /** The origin that answers at the moment, asking a daemon if none is known yet. */
  async origin(): Promise<Result<string, ApiError>> {
    if (this.#connection === undefined) {
      const probe = await this.request({ method: 'GET', path: '/redirect' });
      if (!probe.ok && probe.error.kind !== 'refused') return probe;
    }
    return this.#connection === undefined
      ? err(new ApiError('unreachable', 'no daemon answers'))
      : ok(this.#connection.origin);
  }

  /** The answer, whatever its status, of the daemon that redirects led to. */
  async request(request: ApiRequest): Promise<Result<ApiAnswer, ApiError>> {
    const headers = { ...authorizationHeader(this.options), ...request.headers };
    let failure = new ApiError('unreachable', 'no address is known');
    for (let turn = 0; turn < this.#tries; turn++) {
      const connection = await this.#connect();
      if (!connection.ok) return connection;
      const answer = await this.#follow(connection.value, { ...request, headers });
      if (answer.ok) return answer;
      failure = answer.error;
      this.#connection?.destroy();
      this.#connection = undefined;
      if (failure.kind !== 'unreachable' && request.method !== 'GET') break;
    }
    return err(failure);
  }

  /** POST to `/api/v1`; undefined where the daemon answers without a body. */
  async call<Call extends object, Response extends object>(
    types: OperatorMessages<Call, Response>,
    call: Call,
  ): Promise<Result<Response | undefined, ApiError>> {
    const codec = this.options.codec ?? 'protobuf';
    const body = encodeMessage(types.call, call, codec);
    if (!body.ok) return body;
    const mediaType = mediaTypeOf(codec);
    const headers = { 'content-type': mediaType, accept: mediaType };
    const answer = await this.request({ method: 'POST', path: OPERATOR_PATH, headers, body: body.value });
    if (!answer.ok) return answer;
    if (answer.value.status >= 300) return err(refusal(OPERATOR_PATH, answer.value));
    return answer.value.body.length === 0 ? ok(undefined) : decodeMessage(types.response, answer.value.body, codec);
  }

  /** A document of one of the older endpoints, such as `/state`. Its shape is the caller's business. */
  async json(path: string): Promise<Result<unknown, ApiError>> {
    const answer = await this.request({ method: 'GET', path });
    if (!answer.ok) return answer;
    if (answer.value.status !== 200) return err(refusal(path, answer.value));
    try {
      return ok(JSON.parse(answer.value.body.toString()));
    } catch (error) {
      return err(new ApiError('malformed', `${path}: ${(error as Error).message}`));
    }
  }

  /** Closes the connection; the next request opens another. */
  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.close();
  }

  async #connect(): Promise<Result<ApiConnection, ApiError>> {
    if (this.#connection !== undefined) return ok(this.#connection);
    const origin = await this.#addresses.next().catch((error: Error) => err(error.message));
    if (!origin.ok) return err(new ApiError('invalid', origin.error));
    this.#connection = this.#open(origin.value);
    return ok(this.#connection);
  }

  async #follow(first: ApiConnection, request: ApiRequest): Promise<Result<ApiAnswer, ApiError>> {
    let connection = first;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const answer = await connection.request(request);
      if (!answer.ok || answer.value.status !== 307) return answer;
      const leader = redirectOrigin(answer.value.headers['location'], connection.origin);
      // `/redirect` sends even the leader's own clients on, to itself.
      if (leader === undefined || leader === connection.origin) return answer;
      const leading = this.#open(leader);
      if (this.#connection === connection) this.#connection = leading;
      await connection.close();
      connection = leading;
    }
    return err(new ApiError('unreachable', `more than ${MAX_REDIRECTS} redirects, the last to ${connection.origin}`));
  }

  #open(origin: string): ApiConnection {
    return new ApiConnection(origin, { answerTimeoutMs: this.options.timeoutMs ?? 30_000, pipelining: 1 });
  }
}

export function refusal(what: string, answer: ApiAnswer): ApiError {
  const words = answer.body.toString().trim();
  return new ApiError('refused', `${what}: ${words === '' ? `status ${answer.status}` : words}`, answer.status);
}
