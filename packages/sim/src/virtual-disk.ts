/**
 * The disk of one simulated machine: files and links in memory, which outlive processes and reboots. It may be full, and a
 * crash may leave the last append torn.
 *
 * Never: takes time; whoever writes does.
 */
interface File {
  data: Buffer;
  /** Milliseconds of virtual time. */
  changedMs: number;
}

export class VirtualDisk {
  readonly #files = new Map<string, File>();
  readonly #links = new Map<string, string>();
  readonly #now: () => number;
  /** Every write fails, and removing does not. */
  full = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  get paths(): Iterable<string> {
    return this.#files.keys();
  }

  read(path: string): Buffer | undefined {
    return this.#files.get(path)?.data;
  }

  /** Milliseconds since anything at or below the path was changed; nothing when there is none. */
  ageOf(path: string): number | undefined {
    const file = this.#files.get(path);
    if (file !== undefined) return this.#now() - file.changedMs;
    let newestMs: number | undefined;
    for (const [name, { changedMs }] of this.#files)
      if (name.startsWith(`${path}/`)) newestMs = Math.max(newestMs ?? 0, changedMs);
    return newestMs === undefined ? undefined : this.#now() - newestMs;
  }

  /** False when the disk is full. */
  write(path: string, data: Uint8Array): boolean {
    if (this.full) return false;
    this.#files.set(path, { data: Buffer.from(data), changedMs: this.#now() });
    return true;
  }

  append(path: string, data: Uint8Array): boolean {
    if (this.full) return false;
    this.#files.set(path, {
      data: Buffer.concat([this.read(path) ?? Buffer.alloc(0), data]),
      changedMs: this.#now(),
    });
    return true;
  }

  symlink(path: string, target: string): boolean {
    if (this.full) return false;
    this.#links.set(path, target);
    return true;
  }

  linkAt(path: string): string | undefined {
    return this.#links.get(path);
  }

  /** A file, a link, or a tree. */
  remove(path: string): void {
    this.#files.delete(path);
    this.#links.delete(path);
    for (const names of [this.#files, this.#links])
      for (const name of [...names.keys()]) if (name.startsWith(`${path}/`)) names.delete(name);
  }

  /** Names in a directory. */
  list(path: string): string[] {
    const names = new Set<string>();
    for (const all of [this.#files, this.#links])
      for (const name of all.keys())
        if (name.startsWith(`${path}/`)) names.add(name.slice(path.length + 1).split('/', 1)[0] ?? '');
    return [...names].sort();
  }
}
