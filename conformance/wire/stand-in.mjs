/**
 * One process of a recording, as sockets: a listening port that takes messages and accepts them as the original did, and
 * a connection to each port it sends to. It writes what it is given byte by byte and keeps what comes; what any of it
 * means is none of its business. Uses nothing of our own transport, so that both cannot be wrong in the same way.
 */
import { connect, createServer } from 'node:net';
import { parseHttpStream } from '../captured-traffic.mjs';

const ACCEPTED = 'HTTP/1.1 202 Accepted\r\nDate: Sat, 21 Nov 2026 01:25:32 GMT\r\nContent-Length: 0\r\n\r\n';

export class StandIn {
  /** Where it listens; kept when it returns. */
  port = 0;
  /** Messages it has sent that were answered, by status. */
  answers = new Map();
  /** Messages it has sent that were not answered yet. */
  awaited = 0;
  #take;
  #server;
  #incoming = new Set();
  #outgoing = new Map();

  /** @param {(message: import('../captured-traffic.d.mts').CapturedMessage) => void} take called with each message */
  constructor(take) {
    this.#take = take;
  }

  listen() {
    this.#server = createServer((socket) => this.#accept(socket));
    return new Promise((resolve, reject) => {
      this.#server.on('error', reject);
      this.#server.listen(this.port, '127.0.0.1', () => {
        this.port = this.#server.address().port;
        resolve();
      });
    });
  }

  #accept(socket) {
    this.#incoming.add(socket);
    let received = Buffer.alloc(0);
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      const complete = parseHttpStream(received).filter((message) => message.complete);
      received = received.subarray(complete.at(-1)?.end ?? 0);
      for (const message of complete) {
        if (!this.#incoming.has(socket)) return;
        socket.write(ACCEPTED);
        this.#take(message);
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => this.#incoming.delete(socket));
  }

  /** Sends one message over the connection to this port, which stays open. */
  send(port, head, body) {
    const chunk = body.length === 0 ? '' : `${body.length.toString(16)}\r\n`;
    const end = body.length === 0 ? '' : '\r\n0\r\n\r\n';
    const bytes = Buffer.concat([Buffer.from(`${head}\r\n\r\n${chunk}`), body, Buffer.from(end)]);
    this.awaited += 1;
    this.#connection(port).write(bytes);
  }

  #connection(port) {
    const known = this.#outgoing.get(port);
    if (known !== undefined) return known;
    const socket = connect({ host: '127.0.0.1', port });
    this.#outgoing.set(port, socket);
    let received = Buffer.alloc(0);
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      const complete = parseHttpStream(received).filter((message) => message.complete);
      received = received.subarray(complete.at(-1)?.end ?? 0);
      for (const { start } of complete) {
        const status = start.split(' ')[1];
        this.awaited -= 1;
        this.answers.set(status, (this.answers.get(status) ?? 0) + 1);
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#outgoing.delete(port);
      this.awaited = 0;
    });
    return socket;
  }

  /** Dies: every connection ends, nobody listens any more. May `listen` again afterwards. */
  async close() {
    const sockets = [...this.#incoming, ...this.#outgoing.values()];
    this.#incoming.clear();
    this.#outgoing.clear();
    for (const socket of sockets) socket.destroy();
    const server = this.#server;
    this.#server = undefined;
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }
}
