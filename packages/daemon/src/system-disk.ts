/**
 * The real disk. A write is atomic for every reader: a temporary file beside the target, then a rename. With `strict` it is
 * durable too when the promise resolves (file and directory are flushed). Writes to one path apply in the order of the calls.
 */
import { randomBytes } from 'node:crypto';
import { appendFile as appendWithCallback } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Disk } from '@mesolite/ports';

export interface SystemDiskOptions {
  /** Flush each write to the medium before it counts. Default false: survives a crash of the process, not of the machine. */
  readonly strict?: boolean;
}

/** A third of the work that the one of `fs/promises` is: agents append for every update. */
const appendFile = promisify(appendWithCallback);

/** What a crash may leave behind; `list` does not show it. */
const TEMPORARY = /^\.[0-9a-f]{8}-\d+\.tmp$/;

export class SystemDisk implements Disk {
  readonly #strict: boolean;
  /** Tells our temporary files from those of an earlier process, which may have had our pid. */
  readonly #tag = randomBytes(4).toString('hex');
  readonly #tails = new Map<string, Promise<unknown>>();
  #sequence = 0;

  constructor(options: SystemDiskOptions = {}) {
    this.#strict = options.strict ?? false;
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(path);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  writeAtomic(path: string, data: Uint8Array): Promise<void> {
    return this.#replace(path, async (temporary) => {
      const file = await open(temporary, 'w', 0o644);
      try {
        await file.writeFile(data);
        if (this.#strict) await file.sync();
      } finally {
        await file.close();
      }
    });
  }

  append(path: string, data: Uint8Array): Promise<void> {
    return this.#inOrder(path, () =>
      this.#inDirectory(path, async () => {
        if (!this.#strict) return appendFile(path, data);
        const file = await open(path, 'a', 0o644);
        try {
          await file.writeFile(data);
          await file.datasync();
        } finally {
          await file.close();
        }
      }),
    );
  }

  async list(path: string): Promise<string[]> {
    try {
      return (await readdir(path)).filter((name) => !TEMPORARY.test(name)).sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  remove(path: string): Promise<void> {
    return this.#inOrder(path, () => rm(path, { recursive: true, force: true }));
  }

  /** With its parents. */
  async makeDirectory(path: string): Promise<void> {
    // Not `recursive`: that never comes back from below /proc.
    try {
      await mkdir(path);
    } catch (error) {
      if (await isDirectory(path)) return;
      if (!isMissing(error) || dirname(path) === path) throw error;
      await this.makeDirectory(dirname(path));
      await mkdir(path).catch(async (again: unknown) => {
        if (!(await isDirectory(path))) throw again;
      });
    }
  }

  symlink(target: string, path: string): Promise<void> {
    return this.#replace(path, (temporary) => symlink(target, temporary));
  }

  /** `make` builds the new version beside the old one, which it then replaces at once; a failure leaves the old one. */
  #replace(path: string, make: (temporary: string) => Promise<void>): Promise<void> {
    return this.#inOrder(path, async () => {
      const temporary = join(dirname(path), `.${this.#tag}-${this.#sequence++}.tmp`);
      try {
        await this.#inDirectory(path, () => make(temporary));
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => {});
        throw error;
      }
      if (this.#strict) await syncDirectory(dirname(path));
    });
  }

  /** Runs `write`; when the directory is missing, creates it and tries once more. */
  async #inDirectory(path: string, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      if (!isMissing(error)) throw error;
      await this.makeDirectory(dirname(path));
      await write();
    }
  }

  #inOrder(path: string, work: () => Promise<void>): Promise<void> {
    const before = this.#tails.get(path);
    const run = before === undefined ? work() : before.then(work, work);
    this.#tails.set(path, run);
    const forget = (): void => {
      if (this.#tails.get(path) === run) this.#tails.delete(path);
    };
    run.then(forget, forget);
    return run;
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
