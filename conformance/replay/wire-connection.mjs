/**
 * A plain TCP connection that sends bytes and keeps what comes back, cut into HTTP messages on demand: so that chunks
 * are seen as they were sent. For a few exchanges, not for load.
 */
import { connect } from 'node:net';
import { parseHttpStream } from '../captured-traffic.mjs';

export class WireConnection {
  closed = false;
  #socket;
  #received = Buffer.alloc(0);
  #cut;

  constructor(port) {
    this.#socket = connect({ host: '127.0.0.1', port });
    this.#socket.on('data', (bytes) => {
      this.#received = Buffer.concat([this.#received, bytes]);
      this.#cut = undefined;
    });
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => {
      this.closed = true;
    });
  }

  send(startLine, headers, body) {
    const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    this.#socket.write(Buffer.concat([Buffer.from(`${startLine}\r\n${head.join('')}\r\n`), body]));
  }

  /** What has come so far; the last one may be incomplete. */
  responses() {
    this.#cut ??= parseHttpStream(this.#received);
    return this.#cut;
  }

  close() {
    this.#socket.destroy();
  }
}
