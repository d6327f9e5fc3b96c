/**
 * A POST whose answer is an endless sequence of RecordIO records. Has a connection of its own.
 *
 * Never: reconnects (its owner does), keeps a record longer than it takes to hand it over.
 */
import { err, ok, type Result } from '@mesolite/base';
import { RecordParser } from '@mesolite/wire';
import type { Client, Dispatcher } from 'undici';
import {
  type ApiAnswer,
  type ApiConnectionOptions,
  dispatchOptions,
  openClient,
  singleHeaders,
  transportError,
} from './api-connection.ts';
import { ApiError } from './api-error.ts';

/** Largest answer that is read as text when a stream is refused. */
const MAX_REFUSAL_BYTES = 64 * 1024;

export type OpenedStream =
  | { readonly kind: 'stream'; readonly stream: RecordStream }
  | { readonly kind: 'answer'; readonly answer: ApiAnswer };

export interface StreamRequest extends ApiConnectionOptions {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly signal?: AbortSignal;
}

/** A stream when the daemon answers 200, the whole answer otherwise (redirects, refusals). */
export async function openRecordStream(request: StreamRequest): Promise<Result<OpenedStream, ApiError>> {
  const client = openClient(request.origin, { ...request, pipelining: 1 });
  try {
    const response = await client.request({
      ...dispatchOptions({ method: 'POST', path: request.path, headers: request.headers, body: request.body }),
      bodyTimeout: 0,
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    const headers = singleHeaders(response.headers);
    if (response.statusCode === 200) {
      return ok({ kind: 'stream', stream: new RecordStream(client, response.body, headers) });
    }
    const body = await readAtMost(response.body, MAX_REFUSAL_BYTES);
    void client.destroy().catch(() => {});
    return ok({ kind: 'answer', answer: { status: response.statusCode, headers, body } });
  } catch (error) {
    void client.destroy().catch(() => {});
    return err(transportError(error, request.origin));
  }
}

export class RecordStream {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly #client: Client;
  readonly #body: Dispatcher.ResponseData['body'];
  #closed = false;

  constructor(
    client: Client,
    body: Dispatcher.ResponseData['body'],
    headers: Readonly<Record<string, string | undefined>>,
  ) {
    this.headers = headers;
    this.#client = client;
    this.#body = body;
  }

  /** Records in order, one turn of the loop per network chunk. Ends when the daemon closes; throws ApiError when the stream breaks. */
  async *batches(): AsyncGenerator<Buffer[], void> {
    const parser = new RecordParser();
    try {
      for await (const chunk of this.#body) yield parser.push(chunk as Buffer);
    } catch (error) {
      if (this.#closed) return;
      throw error instanceof ApiError ? error : new ApiError('lost', `the stream broke: ${(error as Error).message}`);
    } finally {
      this.close();
    }
    if (parser.truncated) throw new ApiError('lost', 'the stream ended within a record');
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#body.on('error', () => {});
    this.#body.destroy();
    void this.#client.destroy().catch(() => {});
  }
}

async function readAtMost(body: Dispatcher.ResponseData['body'], limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length >= limit) break;
  }
  return Buffer.concat(chunks).subarray(0, limit);
}
