/**
 * Disks of their own that `--resources` names: PATH directories are made, MOUNT points must be mounted.
 * Departs from Mesos: a relative root is below the work directory here too, where its volumes will be.
 */
import { mkdir, readFile, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { err, ok, type Result } from '@mesolite/base';
import { formatResource } from '@mesolite/resources';
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
