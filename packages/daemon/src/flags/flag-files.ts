/** The file system as the flag loader needs it: small text files and directory listings, read once at start. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface FlagFiles {
  /** Content, or undefined when there is no such file. Throws when it cannot be read. */
  read(path: string): string | undefined;
  /** Entries sorted by name; none when there is no such directory. */
  list(path: string): readonly { readonly name: string; readonly directory: boolean }[];
}

export const systemFlagFiles: FlagFiles = {
  read: (path) => {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
  list: (path) => {
    try {
      return readdirSync(path)
        .sort()
        .map((name) => ({
          name,
          directory: statSync(join(path, name), { throwIfNoEntry: false })?.isDirectory() ?? false,
        }));
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  },
};

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR';
}
