/** What a handler answers, and how it goes on the wire: length, gzip above a kibibyte, plain text for refusals. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzip } from 'node:zlib';
import { HttpError } from './http-error.ts';
import { acceptsEncoding } from './media-type.ts';
import type { HttpRequest } from './request.ts';

export interface HttpReply {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
  readonly contentType?: string;
}

export const TEXT = 'text/plain; charset=utf-8';

/** Replies at least this long are compressed for clients that ask for it. */
const GZIP_FROM_BYTES = 1024;

/** A callback name we are ready to echo into a script; anything else would let a link run code in our origin. */
const JSONP_CALLBACK = /^[\w$.]{1,128}$/;

/** Status 200 with `body` (JSON text), wrapped into a call when the request has a `jsonp` parameter. Throws HttpError 400. */
export function jsonReply(request: Pick<HttpRequest, 'query'>, body: string): HttpReply {
  const callback = request.query.get('jsonp');
  if (callback === null || callback === '') return { status: 200, body, contentType: 'application/json' };
  if (!JSONP_CALLBACK.test(callback)) {
    throw new HttpError(
      400,
      "Expecting 'jsonp' to be a function name of letters, digits, '_', '$' and '.', at most 128 characters.\n",
    );
  }
  return { status: 200, body: `${callback}(${body})`, contentType: 'text/javascript' };
}

export function textReply(status: number, text: string, headers?: Record<string, string>): HttpReply {
  return { status, body: text, contentType: TEXT, ...(headers === undefined ? {} : { headers }) };
}

export function notFound(): HttpReply {
  return textReply(404, '404 Not Found.');
}

export function notYet(): HttpReply {
  return textReply(503, 'The daemon is starting.', { 'retry-after': '1' });
}

export function methodNotAllowed(allowed: readonly string[], received: string): HttpReply {
  const list = allowed.map((method) => `'${method}'`).join(', ');
  return textReply(405, `405 Method Not Allowed. Expecting one of { ${list} }, but received '${received}'.`, {
    Allow: allowed.join(', '),
  });
}

/** Writes `reply` and ends the response. Resolves once handed to the socket; a response already closed is left alone. */
export async function sendReply(request: IncomingMessage, response: ServerResponse, reply: HttpReply): Promise<void> {
  let body = reply.body === undefined ? Buffer.alloc(0) : asBuffer(reply.body);
  const headers: Record<string, string | number> = { ...reply.headers };
  if (reply.contentType !== undefined) headers['Content-Type'] = reply.contentType;
  const compress =
    body.length >= GZIP_FROM_BYTES &&
    headers['Content-Encoding'] === undefined &&
    acceptsEncoding(request.headers['accept-encoding'] as string | undefined, 'gzip');
  if (compress) {
    body = await compressed(body);
    headers['Content-Encoding'] = 'gzip';
  }
  if (response.destroyed || response.headersSent) return;
  headers['Content-Length'] = body.length;
  response.writeHead(reply.status, headers);
  response.end(body);
}

function asBuffer(body: string | Uint8Array): Buffer {
  if (typeof body === 'string') return Buffer.from(body);
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}

function compressed(body: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    gzip(body, { level: 1 }, (error, result) => (error === null ? resolve(result) : reject(error)));
  });
}
