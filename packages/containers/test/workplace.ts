/** A place for real containers of a test: directories, specs, and waiting for what happens outside. Never a fixed sleep. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerId } from '@mesolite/base';
import type { CommandInfo } from '@mesolite/wire';
import type { ContainerSpec, RecoverableContainer } from '../src/index.ts';

export interface Workplace {
  readonly root: string;
  /** `command` as text is run by a shell. */
  spec(id: string, command: string | CommandInfo, more?: Partial<ContainerSpec>): ContainerSpec;
  known(id: string): RecoverableContainer;
  read(id: string, file: string): string;
  remove(): void;
}

export function workplace(): Workplace {
  const root = mkdtempSync(join(tmpdir(), 'mesolite-containers-'));
  const places = (id: string) => ({
    containerId: id as ContainerId,
    sandbox: join(root, 'sandboxes', id),
    stateDirectory: join(root, 'state', id),
    resources: [],
  });
  return {
    root,
    spec: (id, command, more = {}) => ({
      ...places(id),
      command: typeof command === 'string' ? { value: command } : command,
      env: {},
      checkpoint: true,
      ...more,
    }),
    known: places,
    read: (id, file) => readFileSync(join(places(id).sandbox, file), 'utf8'),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** The first answer of `look` that is neither undefined nor false. */
export async function until<T>(look: () => T | undefined | false, what: string, deadlineMs = 20_000): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const seen = look();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() > deadline) throw new Error(`Not within ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export function processExists(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
