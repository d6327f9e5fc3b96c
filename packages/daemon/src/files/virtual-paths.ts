/**
 * Maps virtual paths to files and guards the border: whatever a request names is resolved through all links first, and
 * only what then lies inside the attached tree is opened. The check is repeated on the opened file, so that a task that
 * swaps a directory for a link in between gains nothing.
 *
 * Departs from Mesos: `..` and links that lead out of the attached tree are answered like unknown files (404), which
 * tells a prober nothing; the leading slash of a virtual path is optional.
 */
import { constants } from 'node:fs';
import { type FileHandle, open, readlink, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { err, ok, type Result } from '@mesolite/base';

export type ResolveError = { readonly kind: 'not-found' } | { readonly kind: 'invalid'; readonly text: string };

/** A file inside an attached tree; `root` and `path` have no links left in them. */
export interface Resolved {
  readonly root: string;
  readonly path: string;
}

const NOT_FOUND: ResolveError = { kind: 'not-found' };

export class VirtualPaths {
  /** By virtual path without leading and trailing slash. */
  readonly #attached = new Map<string, { readonly virtual: string; readonly real: string }>();

  /** Shows the file or tree at `real` under `virtual`; replaces what was there. It need not exist yet. */
  attach(real: string, virtual: string): void {
    this.#attached.set(canonical(virtual).join('/'), { virtual: virtual.replace(/(.)\/+$/, '$1'), real });
  }

  detach(virtual: string): void {
    this.#attached.delete(canonical(virtual).join('/'));
  }

  /** Virtual path to real path as attached, for debugging. */
  entries(): Record<string, string> {
    return Object.fromEntries([...this.#attached.values()].map(({ virtual, real }) => [virtual, real]).sort());
  }

  /** The longest attached prefix decides, as in the original. */
  async resolve(virtual: string): Promise<Result<Resolved, ResolveError>> {
    const components = canonical(virtual);
    if (virtual.includes('\0') || components.includes('..')) return err(NOT_FOUND);
    for (let length = components.length; length >= 0; length--) {
      const attached = this.#attached.get(components.slice(0, length).join('/'));
      if (attached !== undefined) return this.#inside(attached.real, components.slice(length));
    }
    return err(NOT_FOUND);
  }

  async #inside(real: string, suffix: readonly string[]): Promise<Result<Resolved, ResolveError>> {
    try {
      const root = await realpath(real);
      if (suffix.length === 0) return ok({ root, path: root });
      if (!(await stat(root)).isDirectory()) return err(NOT_FOUND);
      const path = await realpath(join(root, ...suffix));
      return contains(root, path) ? ok({ root, path }) : err(NOT_FOUND);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT' || code === 'ENOTDIR') return err(NOT_FOUND);
      return err({ kind: 'invalid', text: `Failed to determine canonical path: ${code ?? (error as Error).message}` });
    }
  }
}

export function contains(root: string, path: string): boolean {
  return path === root || root === sep || path.startsWith(root + sep);
}

/**
 * Opens a resolved regular file for reading. Undefined when it is gone, no regular file, or no longer inside its root.
 * Never blocks on a pipe.
 */
export async function openInside(resolved: Resolved): Promise<FileHandle | undefined> {
  let file: FileHandle;
  try {
    file = await open(resolved.path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' || code === 'ENXIO') return undefined;
    throw error;
  }
  try {
    const inside = (await file.stat()).isFile() && (await stillInside(file, resolved.root));
    if (inside) return file;
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return undefined;
}

/** Where /proc tells the path of an open file, it must (still) be in the tree. */
async function stillInside(file: FileHandle, root: string): Promise<boolean> {
  try {
    const path = await readlink(`/proc/self/fd/${file.fd}`);
    return contains(root, path.replace(/ \(deleted\)$/, ''));
  } catch {
    return true;
  }
}

function canonical(virtual: string): string[] {
  return virtual.split('/').filter((component) => component !== '' && component !== '.');
}
