/**
 * The file of `--whitelist`: hostnames, one a line, read again and again; what is new in it is told.
 *
 * Departs from Mesos: without the file nobody is offered, where the original goes on with what it read last, or with
 * everybody. A file that is there and cannot be read changes nothing, as in the original, but at the start nobody is offered.
 */
import type { Disk, Log, TimerHandle, Timers } from '@mesolite/ports';

/** Between two reads. */
const WATCH_INTERVAL_MS = 5000;
/** A larger file counts as one that cannot be read. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;
/** Everybody, as a value of the flag or a line of the file. */
const ALL = '*';

export type Hostnames = readonly string[] | undefined;

export interface WhitelistFileOptions {
  /** Unset: everybody may be offered, and nothing is watched. */
  readonly path: string | undefined;
  readonly disk: Pick<Disk, 'read'>;
  readonly timers: Timers;
  readonly log: Log;
  /** Called when the list is another one than before; at first all are allowed. */
  readonly changed: (hostnames: Hostnames) => void;
}

export class WhitelistFile {
  readonly #options: WhitelistFileOptions;
  /** What was told last. */
  #known: Hostnames;
  #hasRead = false;
  #timer: TimerHandle | undefined;
  #closed = false;

  constructor(options: WhitelistFileOptions) {
    this.#options = options;
  }

  /** Resolves when the file has been read for the first time. */
  async start(): Promise<void> {
    const { path, log } = this.#options;
    if (path === ALL) log.warning("--whitelist='*' is the same as no --whitelist, and deprecated: leave it out");
    if (path === undefined || path === ALL) return;
    await this.#watch(path);
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  async #watch(path: string): Promise<void> {
    const { disk, log, timers } = this.#options;
    try {
      const bytes = await disk.read(path);
      if (this.#closed) return;
      if ((bytes?.length ?? 0) > MAX_FILE_BYTES) throw new Error(`it is larger than ${MAX_FILE_BYTES} bytes`);
      const read = bytes === undefined ? [] : hostnamesIn(Buffer.from(bytes).toString('utf8'));
      if (bytes === undefined && this.#known?.length !== 0) log.warning(`There is no whitelist file ${path}`);
      this.#tell(read);
    } catch (error) {
      log.error(`Error reading whitelist file ${path}: ${(error as Error).message}. Retrying`);
      if (!this.#hasRead && !this.#closed) this.#tell([]);
    }
    if (!this.#closed) this.#timer = timers.after(WATCH_INTERVAL_MS, () => void this.#watch(path));
  }

  #tell(hostnames: Hostnames): void {
    this.#hasRead = true;
    if (same(hostnames, this.#known)) return;
    this.#known = hostnames;
    this.#options.changed(hostnames);
  }
}

/** Sorted, each once. */
export function hostnamesIn(text: string): Hostnames {
  const lines = text.split('\n').map((line) => line.trim());
  if (lines.includes(ALL)) return undefined;
  return [...new Set(lines.filter((line) => line !== ''))].sort();
}

function same(a: Hostnames, b: Hostnames): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((hostname, i) => hostname === b[i]);
}
