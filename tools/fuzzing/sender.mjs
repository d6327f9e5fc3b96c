/**
 * Sends spoiled requests and collects first lines of answers. Two ways: a lane of requests one after the other on a kept
 * connection, renewed whenever the server closes it, and lone requests that end what they send, for broken framing.
 */
import { connect } from 'node:net';

/** A request that gets no answer for so long is given up; it counts as unanswered. */
const ANSWER_LIMIT_MS = 5_000;
/** Messages sent before their answers are waited for. */
const PIPELINED = 64;

/** The first line of the first complete answer in `text`, leaving out 100 Continue; undefined while there is none. */
function firstAnswer(bytes) {
  let at = 0;
  for (;;) {
    const headEnd = bytes.indexOf('\r\n\r\n', at, 'latin1');
    if (headEnd < 0) return undefined;
    const head = bytes.toString('latin1', at, headEnd);
    const start = head.slice(0, head.indexOf('\r\n') < 0 ? head.length : head.indexOf('\r\n'));
    if (/^HTTP\/1\.1 1\d\d/.test(start)) {
      at = headEnd + 4;
      continue;
    }
    const chunked = /\r\ntransfer-encoding: *chunked/i.test(head);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    const bodyAt = headEnd + 4;
    const end = chunked ? bytes.indexOf('0\r\n\r\n', bodyAt, 'latin1') : bodyAt + length;
    const whole = chunked ? end >= 0 : end <= bytes.length;
    return { start, body: bytes.subarray(bodyAt), whole, chunked };
  }
}

export class Lane {
  #port;
  #socket;
  #received = Buffer.alloc(0);
  #wake = () => undefined;

  constructor(port) {
    this.#port = port;
  }

  #open() {
    if (this.#socket !== undefined && !this.#socket.destroyed) return;
    this.#received = Buffer.alloc(0);
    const socket = connect({ host: '127.0.0.1', port: this.#port, noDelay: true });
    this.#socket = socket;
    socket.on('data', (bytes) => {
      if (socket !== this.#socket) return;
      this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
      this.#wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => this.#wake());
  }

  /** Resolves with `{ start, body }`, or with `start` undefined when the server closed or kept silent. */
  async exchange(bytes) {
    this.#open();
    const socket = this.#socket;
    socket.write(bytes);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      this.#wake();
    }, ANSWER_LIMIT_MS);
    try {
      for (;;) {
        const answer = firstAnswer(this.#received);
        // A stream that goes on for ever has been answered as soon as it begins.
        const streams = answer?.chunked && / 200 /.test(answer.start) && bytes.includes('/api/v1');
        if (answer?.whole || streams) {
          if (answer.chunked || / 413 | 431 | 400 /.test(answer.start)) socket.destroy();
          this.#received = Buffer.alloc(0);
          return answer;
        }
        if (timedOut || socket.destroyed) return { start: undefined, timedOut, body: Buffer.alloc(0) };
        await new Promise((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(timer);
      if (timedOut) socket.destroy();
    }
  }

  /** Sends libprocess messages many at a time; resolves with an answer's first line for each, as far as answered. */
  async pipeline(requests) {
    const starts = [];
    for (let at = 0; at < requests.length; at += PIPELINED) {
      const batch = requests.slice(at, at + PIPELINED);
      this.#open();
      const socket = this.#socket;
      socket.write(Buffer.concat(batch));
      const lines = () => this.#received.toString('latin1').match(/HTTP\/1\.1 \d{3} [^\r]*/g) ?? [];
      const deadline = setTimeout(() => socket.destroy(), ANSWER_LIMIT_MS);
      while (lines().length < batch.length && !socket.destroyed) {
        await new Promise((resolve) => {
          this.#wake = resolve;
        });
      }
      clearTimeout(deadline);
      const answers = lines();
      starts.push(...batch.map((_, i) => answers[i]));
      this.#received = Buffer.alloc(0);
    }
    return starts;
  }

  close() {
    this.#socket?.destroy();
  }
}

/** One request on a connection of its own, of which our side is closed after sending. */
export function lone(port, bytes) {
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    const socket = connect({ host: '127.0.0.1', port }, () => socket.end(bytes));
    const timer = setTimeout(() => socket.destroy(), ANSWER_LIMIT_MS);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length > 1_000_000) socket.destroy();
      const answer = firstAnswer(received);
      if (answer?.chunked) socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(firstAnswer(received) ?? { start: undefined, body: received });
    });
  });
}
