/**
 * What becomes of a file of the meta tree that cannot be read: with `--strict` the agent does not start, without it the
 * file is passed over, counted and told in the log. Files that are missing or empty are no fault: a crash leaves them so.
 *
 * Never: changes a file.
 */
import { existsSync, readFileSync } from 'node:fs';
import { err, ok, type Result } from '@mesolite/base';
import type { Disk, Log } from '@mesolite/ports';
import { type MessageType, WireError } from '@mesolite/wire';
import { agentsRoot } from '../durability/agent-disk.ts';
import { ChecksumReader } from '../durability/checksums.ts';
import { parseRecords } from '../record-file.ts';

export class SpoiledFiles {
  readonly disk: Disk;
  readonly log: Log;
  readonly #strict: boolean;
  readonly #checksums: ChecksumReader;
  readonly #trustsChecksums: boolean;
  #count = 0;

  /** After a reboot checksums may be older than what they are of. */
  constructor(options: {
    readonly disk: Disk;
    readonly log: Log;
    readonly strict: boolean;
    readonly workDirectory: string;
    readonly rebooted: boolean;
  }) {
    this.disk = options.disk;
    this.log = options.log;
    this.#strict = options.strict;
    this.#checksums = new ChecksumReader({
      agentsRoot: agentsRoot(options.workDirectory),
      read: (path) => this.#readable(path),
    });
    this.#trustsChecksums = !options.rebooted;
  }

  /** Those passed over. */
  get count(): number {
    return this.#count;
  }

  /** An error when nothing may be passed over. */
  passOver(text: string): Result<undefined> {
    if (this.#strict) return err(text);
    this.log.warning(`${text}; going on without it`);
    this.#count++;
    return ok(undefined);
  }

  /** The one message of a file; nothing when there is none that can be used. */
  message<M extends object>(
    path: string,
    what: string,
    type: MessageType<M>,
    wrong: (message: M) => string | undefined = () => undefined,
  ): Result<M | undefined> {
    const failed = (why: string): Result<undefined> => this.passOver(`Failed to read ${what} from '${path}': ${why}`);
    try {
      const data = this.read(path);
      const file = data === undefined ? undefined : parseRecords(data);
      const record = file?.records[0];
      if (data === undefined || file === undefined || (record === undefined && !file.torn)) {
        this.log.warning(`Failed to find ${what}: '${path}' is ${file === undefined ? 'missing' : 'empty'}`);
        return ok(undefined);
      }
      if (record === undefined) return failed('it is cut short');
      const message = type.decode(record);
      const error = wrong(message) ?? this.checksumError(path, data);
      return error === undefined ? ok(message) : failed(error);
    } catch (error) {
      return failed(reason(error));
    }
  }

  /** The text of a file; nothing when it is missing or empty. */
  text(path: string, what: string): Result<string | undefined> {
    try {
      const text = this.read(path)?.toString('utf8').trim() ?? '';
      return ok(text === '' ? undefined : text);
    } catch (error) {
      return this.passOver(`Failed to read ${what} from '${path}': ${reason(error)}`);
    }
  }

  /** What is wrong with a file by its checksum, or nothing. */
  checksumError(path: string, data: Uint8Array): string | undefined {
    const error = this.#checksums.error(path, data);
    if (error === undefined || this.#trustsChecksums) return error;
    this.log.warning(`'${path}': ${error}; it was written right before the machine ended`);
    return undefined;
  }

  /** Whether there is such a file. */
  has(path: string): boolean {
    return existsSync(path);
  }

  /**
   * Nothing when there is no such file. At once, for thousands of small files are read while nothing else is to be done.
   * Throws what the system says of a file that cannot be read.
   */
  read(path: string): Buffer | undefined {
    try {
      return readFileSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  #readable(path: string): Buffer | undefined {
    try {
      return this.read(path);
    } catch {
      return undefined;
    }
  }

  /** Names in a directory; none when it is missing. */
  async list(path: string): Promise<Result<readonly string[]>> {
    try {
      return ok(await this.disk.list(path));
    } catch (error) {
      const passed = this.passOver(`Failed to list '${path}': ${reason(error)}`);
      return passed.ok ? ok([]) : passed;
    }
  }
}

export function reason(error: unknown): string {
  if (error instanceof WireError || error instanceof Error) return error.message;
  return String(error);
}
