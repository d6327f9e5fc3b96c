/**
 * Where things lie in this repository. Plain Node without dependencies: it must run before anything is installed.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Directories that hold nothing written by hand. */
const NOT_SOURCE = new Set(['node_modules', 'dist', '.git', 'coverage', '.cache', '.mesolite', '.vitest']);

/** Absolute path of something in the repository. */
export function at(...parts) {
  return join(root, ...parts);
}

/** Paths of all files under `directory`, relative to `base` and with forward slashes, sorted; build output left out. */
export function filesUnder(directory, base = root) {
  if (!existsSync(directory)) return [];
  const found = [];
  const visit = (path) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isDirectory()) {
        if (!NOT_SOURCE.has(entry.name)) visit(join(path, entry.name));
      } else if (entry.isFile() && !entry.name.endsWith('.tsbuildinfo')) {
        found.push(relative(base, join(path, entry.name)).split(sep).join('/'));
      }
    }
  };
  if (statSync(directory).isDirectory()) visit(directory);
  return found.sort();
}

/** Names of the directories in packages/ that are packages. */
export function packageDirectories() {
  return readdirSync(at('packages'))
    .filter((name) => existsSync(at('packages', name, 'package.json')))
    .sort();
}
