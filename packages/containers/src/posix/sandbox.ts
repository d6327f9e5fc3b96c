/**
 * Makes a container's directories: the sandbox, which belongs to the task's user, and the state directory, which does
 * not. Removes nothing.
 *
 * Descriptors of `stdout` and `stderr` are opened once, before anything foreign lies in the sandbox, and never by name
 * again: an agent that runs as root would follow a link somebody put there.
 */
import { chmodSync, chownSync, closeSync, constants, fchownSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { err, ok, type Result } from '@mesolite/base';
import { makeRoomForRecords } from './exit-record.ts';
import type { Identity } from './identity.ts';
import { type ContainerOwner, writeOwner } from './owner-file.ts';

/** Open descriptors; whoever gets them closes them. */
export interface SandboxFiles {
  readonly stdout: number;
  readonly stderr: number;
}

export interface SandboxOptions {
  readonly sandbox: string;
  readonly stateDirectory: string;
  readonly owner?: ContainerOwner | undefined;
  /** Undefined: everything stays the agent's own. */
  readonly identity: Identity | undefined;
}

const APPEND = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW;

/** The error is for the framework to read. */
export function makeSandbox(options: SandboxOptions): Result<SandboxFiles> {
  const { sandbox, stateDirectory, identity } = options;
  let stdout: number | undefined;
  try {
    mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
    makeRoomForRecords(stateDirectory);
    if (options.owner !== undefined) writeOwner(stateDirectory, options.owner);
    // Only the sandbox itself is closed to others: a user must get through what lies above it.
    mkdirSync(dirname(sandbox), { recursive: true });
    mkdirSync(sandbox, { recursive: true });
    chmodSync(sandbox, 0o750);
    stdout = openSync(join(sandbox, 'stdout'), APPEND, 0o644);
    const stderr = openSync(join(sandbox, 'stderr'), APPEND, 0o644);
    if (identity !== undefined) {
      fchownSync(stdout, identity.uid, identity.gid);
      fchownSync(stderr, identity.uid, identity.gid);
      chownSync(sandbox, identity.uid, identity.gid);
    }
    return ok({ stdout, stderr });
  } catch (error) {
    if (stdout !== undefined) closeSync(stdout);
    return err(`Failed to create executor directory '${sandbox}': ${error instanceof Error ? error.message : error}`);
  }
}

export function closeFiles(files: SandboxFiles): void {
  closeSync(files.stdout);
  closeSync(files.stderr);
}
