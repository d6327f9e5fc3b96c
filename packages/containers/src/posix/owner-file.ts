/**
 * The file `owner` in a container's state directory: which agent started it, and whether it may outlive that agent. It is
 * there before any process of the container, for whoever has to clean up after an agent that is gone.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ContainerOwner {
  /** The work directory of the agent. */
  readonly owner: string;
  /** It may outlive the agent. */
  readonly kept: boolean;
}

/** One line: `kept` or `bound`, and the owner. Shells read it too. */
export function writeOwner(stateDirectory: string, { owner, kept }: ContainerOwner): void {
  writeFileSync(join(stateDirectory, 'owner'), `${kept ? 'kept' : 'bound'} ${owner}\n`);
}

/** Nothing when nobody wrote it down. */
export function readOwner(stateDirectory: string): ContainerOwner | undefined {
  try {
    const match = /^(kept|bound) (.*)\n$/s.exec(readFileSync(join(stateDirectory, 'owner'), 'utf8'));
    return match === null ? undefined : { owner: match[2] ?? '', kept: match[1] === 'kept' };
  } catch {
    return undefined;
  }
}
