/**
 * The file `owner` in a container's state directory: which agent started it, and how long it may outlive that agent. It is
 * there before any process of the container, for whoever has to clean up after an agent that is gone.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ContainerOwner {
  /** The work directory of the agent. */
  readonly owner: string;
  /** Milliseconds, counted in whole seconds; 0: not at all. */
  readonly outlivesMs: number;
}

/** One line: the seconds, and the owner. The watchdog's shell reads it. */
export function writeOwner(stateDirectory: string, { owner, outlivesMs }: ContainerOwner): void {
  writeFileSync(join(stateDirectory, 'owner'), `${Math.ceil(outlivesMs / 1000)} ${owner}\n`);
}

/** Nothing when nobody wrote it down. */
export function readOwner(stateDirectory: string): ContainerOwner | undefined {
  try {
    const match = /^(\d+) (.*)\n$/s.exec(readFileSync(join(stateDirectory, 'owner'), 'utf8'));
    return match === null ? undefined : { owner: match[2] ?? '', outlivesMs: Number(match[1]) * 1000 };
  } catch {
    return undefined;
  }
}
