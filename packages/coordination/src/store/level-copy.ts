/**
 * A copy of a LevelDB directory, to be opened before the original is: LevelDB repairs as it opens, passes over what it cannot
 * read, and deletes the files that held it. Tables are never written again once they are there and are linked, not copied;
 * what remains is a log of some MB at most. The lock is the original's own: whoever opens the copy holds the original.
 *
 * Never: writes into the original. A copy whose process has died is removed by the next one.
 */
import { constants } from 'node:fs';
import { copyFile, link, mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** Files that hold something; the others are made anew. */
const HOLDS = /^(CURRENT|MANIFEST-\d+|\d+\.(log|ldb|sst))$/;
const IS_TABLE = /\.(ldb|sst)$/;

/** Rejects with what the file system says of the original or the copy; nothing is left then. Answers where the copy is. */
export async function copyLevel(directory: string): Promise<string> {
  await removeStaleCopies(directory);
  const copy = await mkdtemp(`${resolve(directory)}.copy-${process.pid}-`);
  try {
    for (const name of await readdir(directory)) {
      const from = resolve(directory, name);
      // Locks hold for the file, whatever name it was opened by.
      if (name === 'LOCK') await symlink(from, join(copy, name));
      else if (HOLDS.test(name)) await copyOne(from, join(copy, name));
    }
    return copy;
  } catch (error) {
    await removeCopy(copy);
    throw error;
  }
}

export async function removeCopy(copy: string): Promise<void> {
  await rm(copy, { recursive: true, force: true }).catch(() => {});
}

/** What of a directory changes when somebody works in it. */
export async function fingerprint(directory: string): Promise<string> {
  const names = (await readdir(directory).catch(() => [])).sort();
  const files = names.map(async (name) => {
    const { ino, size, mtimeMs } = (await stat(join(directory, name)).catch(() => undefined)) ?? {};
    return [name, ino, size, mtimeMs].join(' ');
  });
  return (await Promise.all(files)).join('\n');
}

async function copyOne(from: string, to: string): Promise<void> {
  if (IS_TABLE.test(from)) {
    try {
      return await link(from, to);
    } catch {
      // Not every file system has links, and what cannot be copied either says why.
    }
  }
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
}

async function removeStaleCopies(directory: string): Promise<void> {
  const parent = dirname(resolve(directory));
  const prefix = `${basename(directory)}.copy-`;
  for (const name of await readdir(parent)) {
    const pid = name.startsWith(prefix) ? /^(\d+)-\w{6}$/.exec(name.slice(prefix.length))?.[1] : undefined;
    if (pid !== undefined && (Number(pid) === process.pid || !isAlive(Number(pid))))
      await removeCopy(join(parent, name));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
