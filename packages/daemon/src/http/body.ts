/**
 * Reads a request body whole, within bounds: bytes as received, bytes after inflating, time without progress, and the
 * memory that all bodies being received may take together.
 */
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { formatByteSize } from '@mesolite/base';
import { HttpError, RequestAborted } from './http-error.ts';

/** Bodies above this many bytes are refused with 413 unless a handler says otherwise. */
export const DEFAULT_BODY_LIMIT_BYTES = 64 * 1024 * 1024;

/** A client that sends nothing for this long in the middle of a body gets 408. */
const BODY_IDLE_MS = 60_000;

/** After a refusal the rest of a body is read and dropped within these bounds, so that the client can see the answer. */
const LINGER_MS = 5_000;
const LINGER_BYTES = 64 * 1024 * 1024;

const inflate = promisify(gunzip);

/** Bytes held by half-received bodies of one server; a request that would pass `capacity` is refused with 503. */
export class BodyBudget {
  readonly capacity: number;
  #held = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get held(): number {
    return this.#held;
  }

  take(bytes: number): boolean {
    if (this.#held + bytes > this.capacity) return false;
    this.#held += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#held -= bytes;
  }
}

/** Rejects with HttpError 400, 408, 413, 415 or 503, or RequestAborted when the client went away. */
export async function readBody(request: IncomingMessage, limitBytes: number, budget: BodyBudget): Promise<Buffer> {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? '';
  const received = await receive(request, limitBytes, budget);
  if (encoding === '' || encoding === 'identity') return received;
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    throw new HttpError(415, `Expecting 'Content-Encoding' of gzip or identity, but received '${encoding}'`);
  }
  if (received.length === 0) return received;
  try {
    return await inflate(received, { maxOutputLength: limitBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limitBytes);
    throw new HttpError(400, `Failed to decompress the request body: ${(error as Error).message}`);
  }
}

function receive(request: IncomingMessage, limitBytes: number, budget: BodyBudget): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limitBytes) {
    dropRest(request);
    return Promise.reject(tooLarge(limitBytes));
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (): void => {
      clearTimeout(idle);
      budget.release(bytes);
      request.off('data', onData);
      request.off('end', onEnd);
      request.off('close', onClose);
    };
    const refuse = (error: HttpError): void => {
      settle();
      dropRest(request);
      reject(error);
    };
    const onData = (chunk: Buffer): void => {
      if (bytes + chunk.length > limitBytes) {
        refuse(tooLarge(limitBytes));
      } else if (budget.take(chunk.length)) {
        bytes += chunk.length;
        chunks.push(chunk);
        idle.refresh();
      } else {
        refuse(new HttpError(503, 'Too many request bodies are being received at once'));
      }
    };
    const onEnd = (): void => {
      settle();
      // Always a copy: a small body must not pin the receive buffer it is a slice of.
      resolve(Buffer.concat(chunks, bytes));
    };
    const onClose = (): void => {
      settle();
      reject(new RequestAborted('the client closed the connection before the end of the request body'));
    };
    const idle = setTimeout(
      () => refuse(new HttpError(408, `Nothing of the request body arrived for ${BODY_IDLE_MS / 1000} seconds`)),
      BODY_IDLE_MS,
    );
    idle.unref();
    if (request.readableEnded) return onEnd();
    if (request.destroyed) return onClose();
    request.on('data', onData);
    request.on('end', onEnd);
    request.on('close', onClose);
  });
}

/** Reads and forgets what is still coming; past the bounds cuts the connection. */
function dropRest(request: IncomingMessage): void {
  let left = LINGER_BYTES;
  const cut = setTimeout(() => request.destroy(), LINGER_MS);
  cut.unref();
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) request.destroy();
  });
  const done = (): void => clearTimeout(cut);
  request.on('end', done);
  request.on('close', done);
  request.resume();
}

function tooLarge(limitBytes: number): HttpError {
  return new HttpError(413, `Request body is larger than the limit of ${formatByteSize(limitBytes)}`);
}
