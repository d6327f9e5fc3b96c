/**
 * Cuts a byte stream into HTTP messages at the speed a load generator needs: only the first line, the length or the
 * chunks, nothing else is looked at. For peers that behave.
 */

const HEAD_END = Buffer.from('\r\n\r\n');
const LINE_END = Buffer.from('\r\n');

export class HttpReader {
  #pending = Buffer.alloc(0);
  #onMessage;
  #onChunk;
  #onEnd;
  /** In the middle of a chunked body: its chunks so far, or true when they go to `onChunk` one by one. */
  #chunks;
  #start = '';

  /**
   * @param {(start: string, body: Buffer) => void} onMessage told each message's first line and body
   * @param {(chunk: Buffer) => void} [onChunk] told each chunk of chunked bodies instead, as it comes
   * @param {() => void} [onEnd] told when such a body has ended
   */
  constructor(onMessage, onChunk, onEnd = () => undefined) {
    this.#onMessage = onMessage;
    this.#onChunk = onChunk;
    this.#onEnd = onEnd;
  }

  push(bytes) {
    const buffer = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    let at = 0;
    for (;;) {
      const next = this.#chunks === undefined ? this.#head(buffer, at) : this.#chunk(buffer, at);
      if (next < 0) break;
      at = next;
    }
    this.#pending = buffer.subarray(at);
  }

  /** Reads a head, and its body unless that is chunked. Answers where the next thing begins, or -1: not all there yet. */
  #head(buffer, at) {
    const headEnd = buffer.indexOf(HEAD_END, at);
    if (headEnd < 0) return -1;
    const head = buffer.toString('latin1', at, headEnd);
    const start = head.slice(0, head.indexOf('\r\n'));
    const bodyAt = headEnd + 4;
    if (/\r\ntransfer-encoding: *chunked/i.test(head)) {
      this.#start = start;
      this.#chunks = [];
      return bodyAt;
    }
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    if (bodyAt + length > buffer.length) return -1;
    this.#onMessage(start, buffer.subarray(bodyAt, bodyAt + length));
    return bodyAt + length;
  }

  #chunk(buffer, at) {
    const lineEnd = buffer.indexOf(LINE_END, at);
    if (lineEnd < 0) return -1;
    const size = Number.parseInt(buffer.toString('latin1', at, lineEnd), 16);
    const end = lineEnd + 2 + size + 2;
    if (end > buffer.length) return -1;
    if (size === 0) {
      const chunks = this.#chunks;
      this.#chunks = undefined;
      if (this.#onChunk !== undefined) this.#onEnd();
      else this.#onMessage(this.#start, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
      return end;
    }
    const chunk = buffer.subarray(lineEnd + 2, lineEnd + 2 + size);
    if (this.#onChunk !== undefined) this.#onChunk(chunk);
    else this.#chunks.push(chunk);
    return end;
  }
}

const ACCEPTED = 'HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n';

/**
 * Takes what comes over a connection and accepts it all.
 * @param {import('node:net').Socket} socket
 * @param {(start: string, body: Buffer) => void} receive told each message's first line and body
 * @param {() => import('node:net').Socket | undefined} [reply] answers the connection that is held back while messages that
 *   came together are received, so that what is sent over it meanwhile goes together, too
 */
export function acceptMessages(socket, receive, reply = () => undefined) {
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  let answers = 0;
  const reader = new HttpReader((start, body) => {
    answers += 1;
    receive(start, body);
  });
  socket.on('data', (bytes) => {
    answers = 0;
    reply()?.cork();
    reader.push(bytes);
    reply()?.uncork();
    if (answers > 0) socket.write(ACCEPTED.repeat(answers));
  });
}
