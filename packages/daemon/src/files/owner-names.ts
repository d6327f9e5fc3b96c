/** Names of users and groups from the local databases; a number stays a number where there is no name. */
import { readFile, stat } from 'node:fs/promises';

interface Table {
  readonly mtimeMs: number;
  readonly names: ReadonlyMap<number, string>;
}

export class OwnerNames {
  readonly #tables = new Map<string, Table>();

  async user(uid: number): Promise<string> {
    return (await this.#table('/etc/passwd')).get(uid) ?? String(uid);
  }

  async group(gid: number): Promise<string> {
    return (await this.#table('/etc/group')).get(gid) ?? String(gid);
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
