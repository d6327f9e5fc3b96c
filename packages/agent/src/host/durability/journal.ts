/**
 * Group commit for what is appended to many files: one journal takes the records of all of them and is flushed once for
 * all that wait, while the files themselves stay in the page cache. After a crash of the machine the journal tells what
 * they lack. When it has grown, the files are flushed and a new one is begun.
 */
import { type FileHandle, open, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Log } from '@mesolite/ports';

/** From this size on the files are flushed and the journal begun anew. */
const ROTATE_BYTES = 16 * 1024 * 1024;
const HEADER_BYTES = 20;
const NAME = /^journal\.(\d+)$/;

interface Waiting {
  readonly entry: Buffer;
  readonly path: string;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

export class Journal {
  readonly #directory: string;
  #number: number;
  #file: FileHandle | undefined;
  #bytes = 0;
  #waiting: Waiting[] = [];
  #busy = false;
  /** Files with records in this journal that may not be on the medium. */
  #touched = new Set<string>();

  private constructor(directory: string, number: number) {
    this.#directory = directory;
    this.#number = number;
  }

  /** Puts into files what journals of an earlier process tell and they lack, then begins a new one. Rejects for an operator. */
  static async begin(directory: string, log: Log): Promise<Journal> {
    const numbers = await journals(directory);
    for (const number of numbers) {
      const path = journalPath(directory, number);
      const restored = await replay(path).catch(({ message }: Error) => {
        throw new Error(`Failed to restore what '${path}' holds: ${message}. To go on without it, move it away`);
      });
      if (restored > 0) log.warning(`Restored ${restored} records from '${path}'`);
      await rm(path, { force: true });
    }
    return new Journal(directory, (numbers.at(-1) ?? 0) + 1);
  }

  /** Resolves when it is certain that `data` is at `offset` of the file, to which it was written before. */
  add(path: string, offset: number, data: Uint8Array): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ entry: entryOf(path, offset, data), path, done, failed });
      if (this.#busy) return;
      this.#busy = true;
      queueMicrotask(() => void this.#flush());
    });
  }

  /** When nothing waits any more. */
  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  /** Those that wait while one flush is under way make the next. */
  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        if (this.#bytes > ROTATE_BYTES) await this.#rotate();
        this.#file ??= await open(journalPath(this.#directory, this.#number), 'a', 0o600);
        const data = Buffer.concat(batch.map(({ entry }) => entry));
        await this.#file.appendFile(data);
        await this.#file.datasync();
        this.#bytes += data.length;
        for (const { path, done } of batch) {
          this.#touched.add(path);
          done();
        }
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    this.#busy = false;
  }

  async #rotate(): Promise<void> {
    const old = this.#number;
    const touched = [...this.#touched];
    this.#touched = new Set();
    await this.#file?.close();
    this.#file = undefined;
    this.#number++;
    this.#bytes = 0;
    for (const path of touched) await flushFile(path);
    await rm(journalPath(this.#directory, old), { force: true });
  }
}

function journalPath(directory: string, number: number): string {
  return join(directory, `journal.${number}`);
}

async function journals(directory: string): Promise<number[]> {
  const names = await readdir(directory).catch(() => []);
  const numbers = names.map((name) => NAME.exec(name)?.[1]).filter((number) => number !== undefined);
  return numbers.map(Number).sort((a, b) => a - b);
}

/** Length of the rest, its checksum, offset, length of the path; path and data. */
function entryOf(path: string, offset: number, data: Uint8Array): Buffer {
  const name = Buffer.from(path);
  const entry = Buffer.alloc(HEADER_BYTES + name.length + data.length);
  entry.writeUInt32LE(entry.length - 8, 0);
  entry.writeDoubleLE(offset, 8);
  entry.writeUInt32LE(name.length, 16);
  name.copy(entry, HEADER_BYTES);
  entry.set(data, HEADER_BYTES + name.length);
  entry.writeUInt32LE(crc32(entry.subarray(8)), 4);
  return entry;
}

/** Answers how many records were missing. What is behind a torn or spoiled entry was never promised. */
async function replay(path: string): Promise<number> {
  const file = await open(path, 'r');
  const all = await file.readFile().finally(() => file.close());
  const touched = new Set<string>();
  let restored = 0;
  for (let at = 0; at + HEADER_BYTES <= all.length; ) {
    const end = at + 8 + all.readUInt32LE(at);
    const rest = all.subarray(at + 8, end);
    if (end > all.length || rest.length < HEADER_BYTES - 8 || crc32(rest) !== all.readUInt32LE(at + 4)) break;
    const names = HEADER_BYTES - 8 + rest.readUInt32LE(8);
    const name = rest.subarray(HEADER_BYTES - 8, names).toString();
    touched.add(name);
    if (await restore(name, rest.readDoubleLE(0), rest.subarray(names))) restored++;
    at = end;
  }
  for (const name of touched) await flushFile(name);
  return restored;
}

/** Of files whose directory is gone nothing is needed any more. */
async function restore(path: string, offset: number, data: Uint8Array): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(path, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const created = await open(path, 'wx+', 0o644).catch(() => undefined);
    if (created === undefined) return false;
    file = created;
  }
  try {
    const { size } = await file.stat();
    if (size < offset) return false;
    // A crash may leave a file long enough, with nothing written in it yet.
    if (size >= offset + data.length && !(await isBlank(file, offset, data.length))) return false;
    await file.write(data, 0, data.length, offset);
    return true;
  } finally {
    await file.close();
  }
}

async function isBlank(file: FileHandle, offset: number, length: number): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
  return bytesRead === length && buffer.every((byte) => byte === 0);
}

async function flushFile(path: string): Promise<void> {
  for (const one of [path, dirname(path)]) {
    try {
      const file = await open(one, 'r');
      await file.datasync().finally(() => file.close());
    } catch (error) {
      // Removed meanwhile, with all that was in it.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}
