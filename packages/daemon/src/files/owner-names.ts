/** Names of users and groups from the local databases; a number stays a number where there is no name. */
import { readFile, stat } from 'node:fs/promises';

interface Table {
  readonly mtimeMs: number;
  readonly names: ReadonlyMap<number, string>;
}

export class OwnerNames {
  readonly #tables = new Map<string, Table>();

  /** The names as they are now; the databases are read again only when they changed. */
  async current(): Promise<{ user(uid: number): string; group(gid: number): string }> {
    const users = await this.#table('/etc/passwd');
    const groups = await this.#table('/etc/group');
    return {
      user: (uid) => users.get(uid) ?? String(uid),
      group: (gid) => groups.get(gid) ?? String(gid),
    };
  }

  async #table(path: string): Promise<ReadonlyMap<number, string>> {
    try {
      const { mtimeMs } = await stat(path);
      const known = this.#tables.get(path);
      if (known?.mtimeMs === mtimeMs) return known.names;
      const names = new Map<number, string>();
      for (const line of (await readFile(path, 'utf8')).split('\n')) {
        const [name, , id] = line.split(':');
        if (name !== undefined && id !== undefined && /^\d+$/.test(id) && !names.has(Number(id)))
          names.set(Number(id), name);
      }
      this.#tables.set(path, { mtimeMs, names });
      return names;
    } catch {
      return new Map();
    }
  }
}
