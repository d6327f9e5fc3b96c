/**
 * One message as the bytes of an HTTP request, equal to what the original writes, header order included:
 * a body goes out as a single chunk, an empty one as no body at all (and no Content-Length).
 *
 * Departs from Mesos: `%`, `?` and `#` in a receiver's id are percent-encoded, since receivers decode; the original
 * writes them bare, and its messages to such ids get lost.
 */
import type { Pid } from './pid.ts';

/** What would end the path, or be taken for an escape. */
const ESCAPED = /[%?#]/g;

/** What follows the body of a message that has one. */
const TRAILER = '\r\n0\r\n\r\n';

/** The part before the body. Callers see to it that all parts are printable ASCII. */
export function encodeHead(from: string, to: Pid, name: string, bodyBytes: number): string {
  const path = to.id === '' ? `/${name}` : `/${to.id.replace(ESCAPED, encodeURIComponent)}/${name}`;
  const head = `POST ${path} HTTP/1.1\r\nUser-Agent: libprocess/${from}\r\nLibprocess-From: ${from}\r\nConnection: Keep-Alive\r\nHost: ${to.ip}:${to.port}\r\n`;
  return bodyBytes === 0 ? `${head}\r\n` : `${head}Transfer-Encoding: chunked\r\n\r\n${bodyBytes.toString(16)}\r\n`;
}

/** A message waiting to be written. */
export interface Outgoing {
  readonly head: string;
  readonly body: Uint8Array;
}

/** Bytes the message takes on the wire. */
export function wireBytes(message: Outgoing): number {
  const bodyBytes = message.body.length;
  return message.head.length + (bodyBytes === 0 ? 0 : bodyBytes + TRAILER.length);
}

/** All messages, one after the other, in one buffer of their own. */
export function encodeAll(messages: readonly Outgoing[]): Buffer {
  let length = 0;
  for (const message of messages) length += wireBytes(message);
  const buffer = Buffer.allocUnsafe(length);
  let offset = 0;
  for (const { head, body } of messages) {
    offset += buffer.write(head, offset, 'latin1');
    if (body.length === 0) continue;
    buffer.set(body, offset);
    offset += body.length;
    offset += buffer.write(TRAILER, offset, 'latin1');
  }
  return buffer;
}
