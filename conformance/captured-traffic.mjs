/**
 * Reads recorded traffic of the original: byte streams of TCP connections cut into HTTP messages, and `.http` files of
 * one exchange. Knows nothing of what the bodies mean. Used by tests of the codec and by the replays.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** The directory of captures, or undefined when this machine has none. */
export function capturesDirectory() {
  const directory = process.env['MESOLITE_CAPTURES'] ?? join(repository, '../shared/captures');
  return existsSync(directory) ? directory : undefined;
}

const HEAD_END = Buffer.from('\r\n\r\n');

function parseHead(text) {
  const [start, ...lines] = text.split('\r\n');
  const headers = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { start, headers };
}

function readChunks(bytes, from) {
  const chunks = [];
  const chunkEnds = [];
  let at = from;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at, 'latin1');
    if (lineEnd < 0) return { chunks, chunkEnds, end: bytes.length, complete: false };
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (Number.isNaN(size)) throw new Error(`no chunk size at byte ${at}`);
    at = lineEnd + 2;
    if (size === 0) {
      const trailer = bytes.indexOf('\r\n', at, 'latin1');
      return { chunks, chunkEnds, end: trailer < 0 ? bytes.length : trailer + 2, complete: true };
    }
    if (at + size > bytes.length) return { chunks, chunkEnds, end: bytes.length, complete: false };
    chunks.push(bytes.subarray(at, at + size));
    at += size + 2;
    chunkEnds.push(at);
  }
}

/**
 * Cuts one direction of a connection into HTTP messages. A last message that was cut off has `complete: false`.
 * Each has `start` (first line), `head` (as it was sent), `headers` (lower case), `body`, where in `bytes` it ends (`end`), and, when it was
 * chunked, `chunks` and where they end (`chunkEnds`).
 */
export function parseHttpStream(bytes) {
  const messages = [];
  let at = 0;
  while (at < bytes.length) {
    const headEnd = bytes.indexOf(HEAD_END, at);
    if (headEnd < 0) break;
    const head = bytes.toString('latin1', at, headEnd);
    const { start, headers } = parseHead(head);
    const bodyAt = headEnd + 4;
    let chunks;
    let chunkEnds;
    let end = bodyAt;
    let complete = true;
    if ((headers['transfer-encoding'] ?? '').toLowerCase().includes('chunked')) {
      ({ chunks, chunkEnds, end, complete } = readChunks(bytes, bodyAt));
    } else if (headers['content-length'] !== undefined) {
      end = bodyAt + Number(headers['content-length']);
      complete = end <= bytes.length;
      end = Math.min(end, bytes.length);
    } else if (start.startsWith('HTTP/') && headers['content-type'] !== undefined) {
      end = bytes.length;
    }
    const body = chunks === undefined ? bytes.subarray(bodyAt, end) : Buffer.concat(chunks);
    messages.push({ start, head, headers, body, chunks, chunkEnds, complete, end });
    at = end;
  }
  return messages;
}

/** All connections of one capture: `{ name, port, requests, responses }`, in the order in which they were opened. */
export function readFlows(directory) {
  if (!existsSync(directory)) return [];
  const flows = [];
  for (const file of readdirSync(directory).sort()) {
    if (!file.endsWith('.c2s.bin')) continue;
    const name = file.slice(0, -'.c2s.bin'.length);
    const answers = join(directory, `${name}.s2c.bin`);
    flows.push({
      name,
      port: Number(name.slice(name.lastIndexOf('-') + 1)),
      requests: parseHttpStream(readFileSync(join(directory, file))),
      responses: existsSync(answers) ? parseHttpStream(readFileSync(answers)) : [],
    });
  }
  return flows;
}

/**
 * When which bytes went which way, from the readable transcript beside a connection's bytes: for each direction a list
 * of `{ t, end }` (seconds; offset after the last byte), and who closed it when, in order.
 */
export function readTimes(transcriptPath) {
  const times = { c2s: [], s2c: [], closed: [] };
  const totals = { c2s: 0, s2c: 0 };
  const lines = readFileSync(transcriptPath, 'latin1').matchAll(
    /^### t=([\d.]+) (?:(CLIENT->SERVER|SERVER->CLIENT) (\d+) bytes|FIN by (client|server))$/gm,
  );
  for (const [, t, direction, size, by] of lines) {
    if (by !== undefined) {
      times.closed.push({ t: Number(t), by });
      continue;
    }
    const way = direction === 'CLIENT->SERVER' ? 'c2s' : 's2c';
    totals[way] += Number(size);
    times[way].push({ t: Number(t), end: totals[way] });
  }
  return times;
}

/** A `.http` file: `{ request, response }`; either may be undefined when the file holds no such message. */
export function readExchange(path) {
  const bytes = readFileSync(path);
  const at = bytes.indexOf('\n----- RESPONSE');
  const sent = at < 0 ? bytes : bytes.subarray(0, at);
  const got = at < 0 ? Buffer.alloc(0) : bytes.subarray(bytes.indexOf('\n', at + 1) + 1);
  return { request: parseHttpStream(sent)[0], response: parseHttpStream(got)[0] };
}
