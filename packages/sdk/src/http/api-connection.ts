/**
 * Requests to one daemon over one connection, answered in the order they were sent in. Up to `pipelining` requests are
 * on the wire at once, so that a burst of calls costs one round trip and never overtakes itself.
 *
 * Never: sends a request twice. When the connection breaks, whatever was not answered is reported as lost.
 */
import { err, ok, type Result } from '@mesolite/base';
import { Client, type Dispatcher } from 'undici';
import { ApiError } from './api-error.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

export interface ApiConnectionOptions {
  /** Requests on the wire at once. Default 32. */
  readonly pipelining?: number;
  /** Default 10 s. */
  readonly connectTimeoutMs?: number;
  /** Longest wait for the head of an answer. Default 30 s. */
  readonly answerTimeoutMs?: number;
}

const IDLE_CONNECTION_MS = 600_000;
const NOT_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

export class ApiConnection {
  /** Scheme, host and port, such as `http://127.0.0.1:5050`. */
  readonly origin: string;
  readonly #options: ApiConnectionOptions;
  #client: Client | undefined;
  #closed = false;

  constructor(origin: string, options: ApiConnectionOptions = {}) {
    this.origin = origin;
    this.#options = options;
  }

  /** The answer with its whole body, whatever its status. */
  async request(request: ApiRequest): Promise<Result<ApiAnswer, ApiError>> {
    if (this.#closed) return err(new ApiError('disconnected', `the connection to ${this.origin} is closed`));
    this.#client ??= openClient(this.origin, this.#options);
    const client = this.#client;
    try {
      const response = await client.request(dispatchOptions(request));
      const body = Buffer.from(await response.body.arrayBuffer());
      return ok({ status: response.statusCode, headers: singleHeaders(response.headers), body });
    } catch (error) {
      // The library would send what follows again on a new connection; calls must not take effect twice.
      if (this.#client === client) this.#client = undefined;
      void client.destroy().catch(() => {});
      return err(transportError(error, this.origin));
    }
  }

  /** Waits for the answers that are due, then closes. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#client?.close().catch(() => {});
  }

  /** Closes at once; what was not answered is lost. */
  destroy(): void {
    this.#closed = true;
    void this.#client?.destroy().catch(() => {});
  }
}

export function openClient(origin: string, options: ApiConnectionOptions): Client {
  return new Client(origin, {
    pipelining: options.pipelining ?? 32,
    connect: { timeout: options.connectTimeoutMs ?? 10_000 },
    headersTimeout: options.answerTimeoutMs ?? 30_000,
    bodyTimeout: options.answerTimeoutMs ?? 30_000,
    keepAliveTimeout: IDLE_CONNECTION_MS,
    keepAliveMaxTimeout: IDLE_CONNECTION_MS,
  });
}

export function dispatchOptions(request: ApiRequest): Dispatcher.RequestOptions {
  return {
    method: request.method,
    path: request.path,
    headers: request.headers ?? {},
    body: request.body ?? null,
    // Not a promise of ours: it is the word by which the library allows a POST to be pipelined.
    idempotent: true,
  };
}

export function singleHeaders(
  headers: Record<string, string | string[] | undefined>,
): Record<string, string | undefined> {
  const single: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(headers)) single[name] = Array.isArray(value) ? value[0] : value;
  return single;
}

export function transportError(error: unknown, origin: string): ApiError {
  const code = errorCode(error);
  const text = error instanceof Error && error.message !== '' ? error.message : code;
  if (NOT_CONNECTED.has(code)) return new ApiError('unreachable', `cannot connect to ${origin}: ${text}`);
  return new ApiError('lost', `the connection to ${origin} broke: ${text}`);
}

function errorCode(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return errorCode(error.errors[0]);
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : 'unknown error';
}
