/**
 * Disks of their own that `--resources` names: PATH directories are made, MOUNT points must be mounted. What is named
 * without a size is measured.
 * Departs from Mesos: a relative root is below the work directory here too, where its volumes will be.
 */
import { mkdir, readFile, realpath, statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import { err, ok, type Result } from '@mesolite/base';
import { diskRoot, formatResource, isSizeless } from '@mesolite/resources';
import type { Resource } from '@mesolite/wire';

const MOUNTS = '/proc/mounts';

/** The error is for the operator. */
export async function prepareDisks(workDirectory: string, resources: readonly Resource[]): Promise<Result<undefined>> {
  for (const resource of resources) {
    const source = resource.disk?.source;
    if (source?.type === 'PATH') {
      const root = resolve(workDirectory, source.path?.root ?? '');
      try {
        await mkdir(root, { recursive: true });
      } catch (error) {
        return err(`Failed to create DiskInfo path directory '${root}': ${(error as Error).message}`);
      }
    } else if (source?.type === 'MOUNT') {
      const wrong = await mountPointError(resource, resolve(workDirectory, source.mount?.root ?? ''));
      if (wrong !== undefined) return err(wrong);
    }
  }
  return ok(undefined);
}

/** Bytes of the file systems of those that are named without a size, by root as written in the flag. */
export async function measureDisks(
  workDirectory: string,
  resources: readonly Resource[],
): Promise<Result<ReadonlyMap<string, number>>> {
  const sizes = new Map<string, number>();
  for (const resource of resources) {
    if (!isSizeless(resource)) continue;
    const root = diskRoot(resource) ?? '';
    const bytes = await fileSystemBytes(resolve(workDirectory, root));
    if (!bytes.ok) return err(`Failed to determine the size of disk '${formatResource(resource)}': ${bytes.error}`);
    sizes.set(root, bytes.value);
  }
  return ok(sizes);
}

/** Of the file system that holds `path`. */
export async function fileSystemBytes(path: string): Promise<Result<number>> {
  try {
    const { blocks, bsize } = await statfs(path);
    return blocks > 0 ? ok(blocks * bsize) : err(`the file system of '${path}' tells none`);
  } catch (error) {
    return err((error as Error).message);
  }
}

async function mountPointError(resource: Resource, root: string): Promise<string | undefined> {
  let real: string;
  try {
    real = await realpath(root);
  } catch (error) {
    return (
      `Failed to determine \`realpath\` for DiskInfo mount in resource '${formatResource(resource)}' with path ` +
      `'${root}': ${(error as Error).message}`
    );
  }
  const mounted = (await readFile(MOUNTS, 'utf8')).split('\n').map((line) => unescaped(line.split(' ')[1] ?? ''));
  return mounted.includes(real) ? undefined : `Failed to find mount '${real}' in ${MOUNTS}`;
}

/** Blanks and backslashes are written as octal numbers there. */
function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
