/**
 * Incoming messages: tells them from ordinary requests, collects their bodies and hands them on in the order in
 * which their connection brought them. Never calls a receiver before the whole body is there, never answers
 * anything a sender would have to read.
 *
 * Departs from Mesos: a body has a limit (413, and the connection ends), and so have all bodies on their way together
 * (503, the same); a sender that is no PID gets 500 instead of being delivered as nobody.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { err, ok, type Result } from '@mesolite/base';
import { parsePid } from './pid.ts';

/** Who gets what, from whom. */
export interface Envelope {
  readonly from: string;
  /** Id of the local receiver, percent-decoded. */
  readonly to: string;
  readonly name: string;
}

export interface MessageIntakeOptions {
  readonly bodyLimitBytes: number;
  /** For the bodies of all connections together, as long as they are incomplete. */
  readonly bodiesLimitBytes: number;
  /** Refuses messages whose sender names another IP than the one they come from. */
  readonly requirePeerAddressIpMatch: boolean;
  /** False when there is no such receiver. */
  readonly deliver: (envelope: Envelope, body: Uint8Array, socket: Socket) => boolean;
}

interface Arrival {
  readonly response: ServerResponse;
  readonly envelope: Envelope | undefined;
  /** What to answer instead of delivering. */
  readonly refusal: { readonly status: number; readonly text: string } | undefined;
  body: Uint8Array | undefined;
}

/** What one connection brings. */
interface Sequence {
  /** Begun and not yet delivered. Bodies come one after the other, so only the last can be incomplete. */
  readonly arrivals: Arrival[];
  /** A message was turned away halfway: what follows it must not overtake it, so nothing does. */
  ended: boolean;
}

const ACCEPTED = { 'Content-Length': '0' };
const USER_AGENT = 'libprocess/';
const NOTHING = Buffer.alloc(0);

/** A libprocess message is a POST that says who sent it, in either of two headers. */
export function isMessage(request: IncomingMessage): boolean {
  if (request.method !== 'POST') return false;
  const headers = request.headers;
  return headers['libprocess-from'] !== undefined || headers['user-agent']?.startsWith(USER_AGENT) === true;
}

/** Reads sender, receiver and name. The error is the text of a 500. */
export function readEnvelope(request: IncomingMessage): Result<Envelope> {
  const stated = request.headers['libprocess-from'];
  const from = (typeof stated === 'string' ? stated : request.headers['user-agent']?.slice(USER_AGENT.length))?.trim();
  if (from === undefined || !parsePid(from).ok) return err('Failed to determine sender from request headers');
  const target = request.url ?? '';
  const query = target.indexOf('?');
  const path = query < 0 ? target : target.slice(0, query);
  if (!path.startsWith('/')) return err("Request URL path must start with '/'");
  const slash = path.indexOf('/', 1);
  const id = slash < 0 ? path.slice(1) : path.slice(1, slash);
  const name = slash < 0 ? '' : path.slice(slash + 1);
  if (!id.includes('%')) return ok({ from, to: id, name });
  try {
    return ok({ from, to: decodeURIComponent(id), name });
  } catch {
    return err(`Failed to decode URL path: malformed escape in '${id}'`);
  }
}

export class MessageIntake {
  readonly #options: MessageIntakeOptions;
  readonly #sequences = new WeakMap<Socket, Sequence>();
  /** Bytes of bodies that have begun to arrive and are incomplete. */
  #incompleteBytes = 0;

  constructor(options: MessageIntakeOptions) {
    this.#options = options;
  }

  /** Takes the request if it is a message. */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    if (!isMessage(request)) return false;
    const envelope = readEnvelope(request);
    const refusal = envelope.ok ? this.#refusal(envelope.value, request) : { status: 500, text: envelope.error };
    const arrival: Arrival = { response, envelope: envelope.ok ? envelope.value : undefined, refusal, body: undefined };
    let sequence = this.#sequences.get(request.socket);
    if (sequence === undefined) {
      sequence = { arrivals: [], ended: false };
      this.#sequences.set(request.socket, sequence);
    }
    if (sequence.ended) return true;
    sequence.arrivals.push(arrival);
    this.#collect(request, arrival, sequence);
    return true;
  }

  #refusal(envelope: Envelope, request: IncomingMessage): Arrival['refusal'] {
    if (!this.#options.requirePeerAddressIpMatch) return undefined;
    const remote = (request.socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '');
    const pid = parsePid(envelope.from);
    if (pid.ok && pid.value.ip === remote) return undefined;
    const text = `UPID IP address validation failed: Message from ${envelope.from} was sent from IP ${remote}`;
    return { status: 400, text };
  }

  #collect(request: IncomingMessage, arrival: Arrival, sequence: Sequence): void {
    let first: Uint8Array | undefined;
    let more: Uint8Array[] | undefined;
    let size = 0;
    const release = (): void => {
      this.#incompleteBytes -= size;
      size = 0;
    };
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      this.#incompleteBytes += chunk.length;
      const refusal = this.#tooLarge(size);
      if (refusal !== undefined) {
        release();
        refuseBody(request, arrival, sequence, refusal);
        return;
      }
      // A refused body is counted and forgotten.
      if (arrival.refusal !== undefined) return;
      if (first === undefined) first = chunk;
      else if (more === undefined) more = [first, chunk];
      else more.push(chunk);
    });
    request.on('end', () => {
      if (arrival.body !== undefined) return;
      arrival.body = more === undefined ? (first ?? NOTHING) : Buffer.concat(more, size);
      release();
      this.#deliverComplete(sequence.arrivals, request.socket);
    });
    // A connection that breaks inside a body takes that message with it; node:http reports it here.
    request.on('error', () => {
      release();
      remove(arrival, sequence);
    });
  }

  #tooLarge(bytes: number): Arrival['refusal'] {
    const { bodyLimitBytes, bodiesLimitBytes } = this.#options;
    if (bytes > bodyLimitBytes) return { status: 413, text: `Message body is larger than ${bodyLimitBytes} bytes` };
    if (this.#incompleteBytes <= bodiesLimitBytes) return undefined;
    return { status: 503, text: `More than ${bodiesLimitBytes} bytes of messages are on their way` };
  }

  #deliverComplete(queue: Arrival[], socket: Socket): void {
    for (let head = queue[0]; head?.body !== undefined; head = queue[0]) {
      queue.shift();
      const { envelope, refusal, response, body } = head;
      if (refusal !== undefined || envelope === undefined) {
        answer(response, refusal?.status ?? 500, refusal?.text ?? '');
      } else if (this.#options.deliver(envelope, body, socket)) {
        response.writeHead(202, ACCEPTED).end();
      } else {
        answer(response, 404, '');
      }
    }
  }
}

/** Answers at once, ahead of the body's end, and ends the connection: the rest of the body is not wanted. */
function refuseBody(
  request: IncomingMessage,
  arrival: Arrival,
  sequence: Sequence,
  refusal: { readonly status: number; readonly text: string },
): void {
  remove(arrival, sequence);
  sequence.ended = true;
  arrival.body = NOTHING;
  request.removeAllListeners('data');
  arrival.response.on('finish', () => request.socket.destroySoon());
  answer(arrival.response, refusal.status, refusal.text, { Connection: 'close' });
}

function remove(arrival: Arrival, { arrivals }: Sequence): void {
  const index = arrivals.indexOf(arrival);
  if (index >= 0) arrivals.splice(index, 1);
}

function answer(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...headers, 'Content-Length': String(Buffer.byteLength(text)) }).end(text);
}
