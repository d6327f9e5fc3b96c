/**
 * Checksums of what is written below `meta/slaves`, in files named `checksums` of our own: one in each executor's
 * directory for all below it, one in each framework's and in the agent's. Other agents pass them over, and files without a
 * sum are good. A line is `LENGTH CRC PATH` for a whole file, written before it, so that after a crash the file is one of
 * those listed; or `OFFSET+LENGTH CRC PATH` for what was appended to one, written a moment later.
 *
 * Never: waits for the medium. After a crash of the machine sums may be behind what they are of, and count for nothing.
 */
import { dirname, join, relative } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Disk, Timers } from '@mesolite/ports';

const NAME = 'checksums';
/** Sums of appended records wait this long for others of the same file. */
const GATHER_MS = 250;

/** The file that holds the sums of `path`; nothing for what has none. */
export function checksumsPath(agentsRoot: string, path: string): string | undefined {
  const parts = relative(agentsRoot, path).split('/');
  if (parts[0] === '..' || parts[0] === '' || parts.length < 2) return undefined;
  if (parts[1] !== 'frameworks') return parts[1] === 'slave.info' ? join(agentsRoot, parts[0] ?? '', NAME) : undefined;
  const depth = parts[3] === 'executors' && parts.length > 5 ? 5 : 3;
  return parts.length > depth ? join(agentsRoot, ...parts.slice(0, depth), NAME) : undefined;
}

export class ChecksumWriter {
  readonly #root: string;
  readonly #disk: Disk;
  readonly #timers: Timers;
  readonly #waiting = new Map<string, { lines: string; written: Promise<void> | undefined }>();
  readonly #writing = new Set<Promise<void>>();
  #armed = false;
  #closed = false;

  /** `disk` need not be durable. */
  constructor(options: { readonly agentsRoot: string; readonly disk: Disk; readonly timers: Timers }) {
    this.#root = options.agentsRoot;
    this.#disk = options.disk;
    this.#timers = options.timers;
  }

  /** Resolves when the sum is written; the file may be written then. Those asked for in one turn are written as one. */
  whole(path: string, data: Uint8Array): Promise<void> {
    // What has records is summed up by record, also when its torn end was cut off.
    const file = path.endsWith('.updates') ? undefined : this.#add(path, `${data.length} ${hex(data)}`);
    if (file === undefined) return Promise.resolve();
    const entry = this.#waiting.get(file);
    if (entry === undefined) return Promise.resolve();
    entry.written ??= Promise.resolve().then(() => this.#write(file));
    return entry.written;
  }

  /** What is appended to a file at `offset`. */
  appended(path: string, offset: number, data: Uint8Array): void {
    this.#add(path, `${offset}+${data.length} ${hex(data)}`);
    if (this.#armed || this.#waiting.size === 0) return;
    this.#armed = true;
    this.#timers.after(GATHER_MS, () => {
      this.#armed = false;
      // One that cannot be written is missed by nobody.
      for (const file of [...this.#waiting.keys()]) this.#write(file).catch(() => {});
    });
  }

  /** Writes what still waits; what comes later has no sum. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const file of [...this.#waiting.keys()]) this.#write(file).catch(() => {});
    await Promise.allSettled(this.#writing);
  }

  #add(path: string, sum: string): string | undefined {
    const file = checksumsPath(this.#root, path);
    if (file === undefined || path.includes('\n') || this.#closed) return undefined;
    const line = `${sum} ${relative(dirname(file), path)}\n`;
    const entry = this.#waiting.get(file);
    if (entry === undefined) this.#waiting.set(file, { lines: line, written: undefined });
    else entry.lines += line;
    return file;
  }

  #write(file: string): Promise<void> {
    const entry = this.#waiting.get(file);
    if (entry === undefined) return Promise.resolve();
    this.#waiting.delete(file);
    const write = this.#disk.append(file, Buffer.from(entry.lines));
    this.#writing.add(write);
    const forget = (): boolean => this.#writing.delete(write);
    write.then(forget, forget);
    return write;
  }
}

interface Sums {
  readonly wholes: Set<string>;
  /** By offset; the newest counts. */
  readonly parts: Map<number, { readonly length: number; readonly crc: string }>;
}

export class ChecksumReader {
  readonly #root: string;
  readonly #read: (path: string) => Uint8Array | undefined;
  readonly #files = new Map<string, ReadonlyMap<string, Sums>>();

  /** `read` answers nothing for a file that is not there. */
  constructor(options: {
    readonly agentsRoot: string;
    readonly read: (path: string) => Uint8Array | undefined;
  }) {
    this.#root = options.agentsRoot;
    this.#read = options.read;
  }

  /** What is wrong with a file of these contents, or nothing. */
  error(path: string, data: Uint8Array): string | undefined {
    const file = checksumsPath(this.#root, path);
    if (file === undefined) return undefined;
    let all = this.#files.get(file);
    if (all === undefined) {
      all = this.#sumsIn(file);
      this.#files.set(file, all);
    }
    const sums = all.get(relative(dirname(file), path));
    if (sums === undefined || fits(sums, data)) return undefined;
    return `it does not fit its checksum in '${file}' (which can be removed if the file is to count as it is)`;
  }

  #sumsIn(file: string): ReadonlyMap<string, Sums> {
    const found = new Map<string, Sums>();
    const text = Buffer.from(this.#read(file) ?? []).toString('utf8');
    for (const line of text.split('\n')) {
      const match = /^(?:(\d+)\+)?(\d+) ([0-9a-f]{8}) (.+)$/.exec(line);
      if (match === null) continue;
      const [, offset, length, crc = '', path = ''] = match;
      const sums = found.get(path) ?? { wholes: new Set(), parts: new Map() };
      found.set(path, sums);
      if (offset === undefined) sums.wholes.add(`${length} ${crc}`);
      else sums.parts.set(Number(offset), { length: Number(length), crc });
    }
    return found;
  }
}

function fits({ wholes, parts }: Sums, data: Uint8Array): boolean {
  if (parts.size === 0) return wholes.size === 0 || wholes.has(`${data.length} ${hex(data)}`);
  for (const [offset, { length, crc }] of parts) {
    // A torn end is no fault, and what followed one is told by later sums.
    if (offset + length > data.length || straddles(parts, offset, length)) continue;
    if (hex(data.subarray(offset, offset + length)) !== crc) return false;
  }
  return true;
}

/** Another part begins within this one: it was torn, cut off and written over. */
function straddles(parts: Sums['parts'], offset: number, length: number): boolean {
  for (const other of parts.keys()) if (other > offset && other < offset + length) return true;
  return false;
}

function hex(data: Uint8Array): string {
  return crc32(data).toString(16).padStart(8, '0');
}
