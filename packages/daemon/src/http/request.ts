/** A request as handlers see it: path already decoded and stripped, body read on demand and bounded. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

export interface HttpRequest {
  readonly method: string;
  /** Decoded; a known process id as first component is stripped; no query, no trailing slash. The root is `/`. */
  readonly path: string;
  /** As the client sent it, query included. */
  readonly target: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly raw: IncomingMessage;
  /** The whole body, inflated when sent with gzip. Rejects with HttpError 413 above the limit (default: the server's). */
  body(limitBytes?: number): Promise<Buffer>;
}
