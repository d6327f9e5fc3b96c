/**
 * A store in a directory of this machine, in LevelDB: the embedded default. Its lock is the fence: a second holder cannot
 * open it while the first one lives.
 *
 * LevelDB itself passes over damaged records in silence, whole blocks at a time. So each value carries a checksum; one record,
 * written with every change, numbers the writes and says how many entries there are and what their checksums add up to;
 * and a file of our own in the directory keeps the number of the last write. What is lost or altered is noticed, on a copy:
 * LevelDB opens a directory only when all of it can be read (see level-copy.ts).
 */
import { constants } from 'node:fs';
import { type FileHandle, open, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { err, ok, type Result } from '@mesolite/base';
import { ClassicLevel } from 'classic-level';
import { entryChecksum, withChecksum, withoutChecksum } from './checked-bytes.ts';
import { assertKeys } from './entries.ts';
import { copyLevel, fingerprint, removeCopy } from './level-copy.ts';
import type { Store, StoreChanges, StoreError } from './store.ts';

/** Not a path, so that no key of a caller can be the same. */
const SUMMARY_KEY = '\0summary';
const FORMAT = 1;

type Level = ClassicLevel<string, Uint8Array>;

/** Written in place and not synced: it survives the process, and after a power cut it is behind the store, never before. */
const SEQUENCE_FILE = 'mesolite.sequence';
const SEQUENCE_DIGITS = 16;

/** Checks that another process disturbed, after which it is said to be in use. */
const MOST_CHECKS = 3;

const START_ANEW = 'Put a copy of the directory in its place, or move it away to begin with an empty one';

/** Directories this process has open: locks keep out other processes only, and are gone when a second opener closes. */
const held = new Set<string>();

interface Summary {
  readonly format: number;
  /** Of the write it came with, from 1. */
  readonly sequence: number;
  readonly entries: number;
  /** Exclusive or of all entries' checksums. */
  readonly checksum: number;
}

/** All there is, before it is known whether it is right. */
interface Read {
  readonly contents: ReadonlyMap<string, Uint8Array>;
  readonly summary: Summary | undefined;
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
    this.#directory = resolve(directory);
  }

  async open(): Promise<Result<ReadonlyMap<string, Uint8Array>, StoreError>> {
    if (held.has(this.#directory)) return err(this.#inUse());
    held.add(this.#directory);
    const opened = await this.#open();
    if (!opened.ok) held.delete(this.#directory);
    return opened;
  }

  async #open(): Promise<Result<ReadonlyMap<string, Uint8Array>, StoreError>> {
    const checked = await this.#check();
    if (!checked.ok) return checked;
    const { contents, summary } = checked.value;
    const level = levelAt(this.#directory);
    try {
      await level.open();
      if (sequenceOf(await summaryOf(level)) !== sequenceOf(summary)) {
        await level.close();
        return err(this.#inUse());
      }
      // Opened for appending it could not be written in place; opened for writing it would be emptied.
      this.#sequenceFile = await open(join(this.#directory, SEQUENCE_FILE), constants.O_RDWR | constants.O_CREAT);
    } catch (error) {
      await level.close().catch(() => {});
      return err(this.#failure(error as Error));
    }
    this.#level = level;
    this.#sequence = sequenceOf(summary);
    return ok(contents);
  }

  /** Once more where somebody worked in the directory meanwhile: what was seen may never have been there at one time. */
  async #check(): Promise<Result<Read, StoreError>> {
    for (let checks = 1; checks <= MOST_CHECKS; checks++) {
      const before = await fingerprint(this.#directory);
      const checked = await this.#checkOnce();
      if (checked.ok || checked.error.kind === 'fenced') return checked;
      if (before === (await fingerprint(this.#directory))) return checked;
    }
    return err(this.#inUse());
  }

  async #checkOnce(): Promise<Result<Read, StoreError>> {
    const names = await this.#names();
    if (!names.ok) return names;
    const has = names.value.includes('CURRENT');
    const wrong = has ? undefined : wrongWithoutCurrent(names.value);
    if (wrong !== undefined) return err(this.#distrust(wrong));
    const read: Result<Read, StoreError> = has
      ? await this.#readCopy()
      : ok({ contents: new Map<string, Uint8Array>(), summary: undefined });
    if (!read.ok) return read;
    const distrust = this.#compare(read.value) ?? (await this.#compareSequence(read.value.summary));
    return distrust === undefined ? read : err(distrust);
  }

  async #names(): Promise<Result<readonly string[], StoreError>> {
    try {
      return ok(await readdir(this.#directory));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return ok([]);
      if (codeOf(error) === 'ENOTDIR') return err(this.#distrust('it is no directory'));
      return err(this.#failure(error as Error));
    }
  }

  async #readCopy(): Promise<Result<Read, StoreError>> {
    let copy: string;
    try {
      copy = await copyLevel(this.#directory);
    } catch (error) {
      // Of the two paths it names, the copy's is of no use.
      const message = (error as Error).message.replace(/ -> '.*'$/s, '');
      if (MISSING.has(codeOf(error) ?? '')) return err(this.#distrust(message));
      return err(this.#broken(`${message}. It is checked on a copy beside it, for which there must be room`));
    }
    const level = levelAt(copy);
    try {
      await level.open();
      return await this.#readAll(level);
    } catch (error) {
      const failure = this.#failure(error as Error, copy);
      return err(failure);
    } finally {
      await level.close().catch(() => {});
      await removeCopy(copy);
    }
  }

  async #readAll(level: Level): Promise<Result<Read, StoreError>> {
    const contents = new Map<string, Uint8Array>();
    let summary: Summary | undefined;
    for await (const [key, value] of level.iterator()) {
      const bytes = withoutChecksum(value);
      if (bytes === undefined) return err(this.#distrust(`the record '${key}' is damaged`));
      if (key === SUMMARY_KEY) summary = JSON.parse(Buffer.from(bytes).toString()) as Summary;
      else contents.set(key, Uint8Array.from(bytes));
    }
    return ok({ contents, summary });
  }

  /** Whether what is there is all there was. */
  #compare({ contents, summary }: Read): StoreError | undefined {
    this.#checksums.clear();
    this.#sum = 0;
    for (const [key, value] of contents) this.#note(key, value);
    if (summary === undefined)
      return contents.size > 0 ? this.#distrust('it was not written by this program') : undefined;
    if (summary.format !== FORMAT)
      return this.#distrust(`it is of format ${summary.format}, and this program knows format ${FORMAT}`);
    if (summary.entries !== contents.size || summary.checksum !== this.#sum)
      return this.#distrust(`it should have ${summary.entries} records, ${contents.size} are readable`);
    return undefined;
  }

  /** Whether it is as of the last write that was confirmed, as far as that is known. */
  async #compareSequence(summary: Summary | undefined): Promise<StoreError | undefined> {
    let text = '';
    try {
      text = await readFile(join(this.#directory, SEQUENCE_FILE), 'utf8');
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') return this.#failure(error as Error, undefined, SEQUENCE_FILE);
    }
    const last = sequenceOf(summary);
    const goOn = `To go on as of write number ${last}, remove ${SEQUENCE_FILE}`;
    if (text === '') return undefined;
    if (!/^\d+\n$/.test(text)) return this.#distrust(`${SEQUENCE_FILE} is damaged`, goOn);
    const confirmed = Number(text);
    if (confirmed <= last) return undefined;
    return this.#distrust(
      `its last write was number ${confirmed}, and number ${last} is the last readable`,
      `${START_ANEW}. ${goOn}: what was written since is lost then`,
    );
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
    if (level === undefined) return;
    await level.close();
    held.delete(this.#directory);
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

  #distrust(why: string, repair = START_ANEW): StoreError {
    return {
      kind: 'corrupt',
      text: `The store at ${this.#directory} cannot be trusted: ${why}. Nothing was changed. ${repair}`,
    };
  }

  #inUse(): StoreError {
    return { kind: 'fenced', text: `The store at ${this.#directory} is in use by another process` };
  }

  #broken(why: string): StoreError {
    return { kind: 'unavailable', text: `The store at ${this.#directory} does not work: ${why}` };
  }

  /** Whatever LevelDB says of a `copy` that could be made is about what is in it, unless it is about the disk. */
  #failure(error: Error, copy?: string, file?: string): StoreError {
    const { code, message } = (error.cause ?? error) as Error & { code?: string };
    if (code === 'LEVEL_LOCKED') return this.#inUse();
    const said =
      (file === undefined ? '' : `${file}: `) +
      (copy === undefined ? message : message.replaceAll(copy, this.#directory));
    const isContent = code === 'LEVEL_CORRUPTION' || error instanceof SyntaxError || copy !== undefined;
    return isContent && !ABOUT_THE_DISK.test(message) ? this.#distrust(said) : this.#broken(said);
  }
}

/** Of a file that should be there and be one. */
const MISSING = new Set(['ENOENT', 'EISDIR', 'ELOOP', 'ENOTDIR']);
const ABOUT_THE_DISK = /No space left|Disk quota|Too many open files|Permission denied|Read-only file system/;

function levelAt(directory: string): Level {
  return new ClassicLevel(directory, { keyEncoding: 'utf8', valueEncoding: 'view' });
}

async function summaryOf(level: Level): Promise<Summary | undefined> {
  const value = await level.get(SUMMARY_KEY);
  const bytes = value === undefined ? undefined : withoutChecksum(value);
  return bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString()) as Summary);
}

function sequenceOf(summary: Summary | undefined): number {
  return summary?.sequence ?? 0;
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** LevelDB would take a directory without CURRENT for a new one, and delete what is in it. */
function wrongWithoutCurrent(names: readonly string[]): string | undefined {
  const foreign = names.find(
    (name) => name !== SEQUENCE_FILE && !/^(LOCK|LOG(\.old)?|MANIFEST-\d+|\d+\.(ldb|log|dbtmp|sst))$/.test(name),
  );
  if (foreign !== undefined) return `${foreign} is no part of it: this is another program's directory`;
  const left = names.find((name) => /\.(ldb|log|sst)$/.test(name));
  return left === undefined ? undefined : `${left} is there, but the file CURRENT is missing`;
}
