/**
 * A store in a directory of this machine, in LevelDB: the embedded default. Its lock is the fence: a second holder cannot
 * open it while the first one lives.
 *
 * LevelDB itself passes over damaged records in silence, whole blocks at a time. So each value carries a checksum; one record,
 * written with every change, numbers the writes and says how many entries there are and what their checksums add up to;
 * and a file of our own in the directory keeps the number of the last write. What is lost or altered is noticed.
 */
import { constants } from 'node:fs';
import { access, type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '@mesolite/base';
import { ClassicLevel } from 'classic-level';
import { entryChecksum, withChecksum, withoutChecksum } from './checked-bytes.ts';
import { assertKeys } from './entries.ts';
import type { Store, StoreChanges, StoreError } from './store.ts';

/** Not a path, so that no key of a caller can be the same. */
const SUMMARY_KEY = '\0summary';
const FORMAT = 1;

type Level = ClassicLevel<string, Uint8Array>;

/** Written in place and not synced: it survives the process, and after a power cut it is behind the store, never before. */
const SEQUENCE_FILE = 'mesolite.sequence';
const SEQUENCE_DIGITS = 16;

interface Summary {
  readonly format: number;
  /** Of the write it came with, from 1. */
  readonly sequence: number;
  readonly entries: number;
  /** Exclusive or of all entries' checksums. */
  readonly checksum: number;
}

export class LevelStore implements Store {
  readonly #directory: string;
  #level: Level | undefined;
  /** Checksum of each entry, so that the sum can follow changes. */
  readonly #checksums = new Map<string, number>();
  #sum = 0;
  #sequence = 0;
  #sequenceFile: FileHandle | undefined;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async open(): Promise<Result<ReadonlyMap<string, Uint8Array>, StoreError>> {
    const foreign = await foreignFile(this.#directory);
    if (foreign !== undefined)
      return err(this.#distrust(`${foreign} is no part of it: this is another program's directory`));
    const level: Level = new ClassicLevel(this.#directory, { keyEncoding: 'utf8', valueEncoding: 'view' });
    const contents = new Map<string, Uint8Array>();
    let summary: Summary | undefined;
    try {
      await level.open();
      for await (const [key, value] of level.iterator()) {
        const bytes = withoutChecksum(value);
        if (bytes === undefined) return await this.#refuse(level, `the record '${key}' is damaged`);
        if (key === SUMMARY_KEY) summary = JSON.parse(Buffer.from(bytes).toString()) as Summary;
        else contents.set(key, Uint8Array.from(bytes));
      }
    } catch (error) {
      await level.close().catch(() => {});
      return err(this.#failure(error as Error));
    }
    for (const [key, value] of contents) this.#note(key, value);
    if (summary === undefined && contents.size > 0) return this.#refuse(level, 'it was not written by this program');
    if (summary !== undefined && summary.format !== FORMAT)
      return this.#refuse(level, `it is of format ${summary.format}, and this program knows format ${FORMAT}`);
    this.#sequence = summary?.sequence ?? 0;
    let confirmed: number;
    try {
      confirmed = await this.#openSequence();
    } catch (error) {
      await level.close().catch(() => {});
      return err(this.#failure(error as Error));
    }
    if (!(confirmed <= this.#sequence))
      return this.#refuse(
        level,
        `its last write was number ${confirmed}, and number ${this.#sequence} is the last readable`,
      );
    if (summary !== undefined && (summary.entries !== contents.size || summary.checksum !== this.#sum))
      return this.#refuse(level, `it should have ${summary.entries} records, ${contents.size} are readable`);
    this.#level = level;
    return ok(contents);
  }

  async write(changes: StoreChanges): Promise<Result<void, StoreError>> {
    assertKeys(changes);
    if (this.#level === undefined) return err({ kind: 'fenced', text: `${this.#directory} is not open` });
    for (const [key, value] of changes) this.#note(key, value);
    const summary: Summary = {
      format: FORMAT,
      sequence: this.#sequence + 1,
      entries: this.#checksums.size,
      checksum: this.#sum,
    };
    try {
      const batch = this.#level.batch();
      for (const [key, value] of changes)
        if (value === undefined) batch.del(key);
        else batch.put(key, withChecksum(value));
      batch.put(SUMMARY_KEY, withChecksum(Buffer.from(JSON.stringify(summary))));
      await batch.write({ sync: true });
      this.#sequence++;
      await this.#writeSequence();
      return ok(undefined);
    } catch (error) {
      // Half a write may be in the sums: nothing more is written by this holder.
      await this.close().catch(() => {});
      return err(this.#failure(error as Error));
    }
  }

  async close(): Promise<void> {
    const level = this.#level;
    this.#level = undefined;
    await this.#sequenceFile?.close();
    this.#sequenceFile = undefined;
    await level?.close();
  }

  /** Number of the last write that was confirmed, as far as is known; NaN when the file is none of ours. */
  async #openSequence(): Promise<number> {
    // Opened for appending it could not be written in place; opened for writing it would be emptied.
    this.#sequenceFile = await open(join(this.#directory, SEQUENCE_FILE), constants.O_RDWR | constants.O_CREAT);
    const text = await this.#sequenceFile.readFile('utf8');
    return text === '' ? 0 : /^\d+\n$/.test(text) ? Number(text) : Number.NaN;
  }

  async #writeSequence(): Promise<void> {
    await this.#sequenceFile?.write(`${String(this.#sequence).padStart(SEQUENCE_DIGITS, '0')}\n`, 0);
  }

  /** Brings the sum up to date. */
  #note(key: string, value: Uint8Array | undefined): void {
    this.#sum = (this.#sum ^ (this.#checksums.get(key) ?? 0)) >>> 0;
    if (value === undefined) {
      this.#checksums.delete(key);
      return;
    }
    const checksum = entryChecksum(key, value);
    this.#checksums.set(key, checksum);
    this.#sum = (this.#sum ^ checksum) >>> 0;
  }

  async #refuse(level: Level, why: string): Promise<Result<never, StoreError>> {
    await this.#sequenceFile?.close();
    this.#sequenceFile = undefined;
    await level.close();
    return err(this.#distrust(why));
  }

  #distrust(why: string): StoreError {
    return {
      kind: 'corrupt',
      text: `The store at ${this.#directory} cannot be trusted: ${why}. Nothing was changed. Put a copy of the directory in its place, or move it away to begin with an empty one`,
    };
  }

  #failure(error: Error): StoreError {
    const { code, message } = (error.cause ?? error) as Error & { code?: string };
    if (code === 'LEVEL_LOCKED')
      return { kind: 'fenced', text: `The store at ${this.#directory} is in use by another process` };
    if (code === 'LEVEL_CORRUPTION' || error instanceof SyntaxError) return this.#distrust(message);
    return { kind: 'unavailable', text: `The store at ${this.#directory} does not work: ${message}` };
  }
}

/** A file that LevelDB would not have made, in a directory that has none of those it always makes. */
async function foreignFile(directory: string): Promise<string | undefined> {
  try {
    await access(join(directory, 'CURRENT'));
    return undefined;
  } catch {
    const names = await readdir(directory).catch(() => []);
    return names.find(
      (name) => name !== SEQUENCE_FILE && !/^(LOCK|LOG(\.old)?|MANIFEST-\d+|\d+\.(ldb|log|dbtmp|sst))$/.test(name),
    );
  }
}
