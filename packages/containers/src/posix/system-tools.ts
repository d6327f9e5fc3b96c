/**
 * Where this machine keeps the few programs a container is started with. Looked up once; must never search a task's PATH.
 */
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

const DIRECTORIES = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin'];

/** Absolute paths. Undefined: not on this machine. */
export interface SystemTools {
  /** The shell supervisors run in: dash where there is one, for its size. */
  readonly supervisorShell: string;
  /** A shell that can choose `argv[0]` of what it executes. */
  readonly bash: string | undefined;
  readonly setsid: string | undefined;
  readonly setpriv: string | undefined;
  readonly env: string | undefined;
  readonly id: string | undefined;
}

let found: SystemTools | undefined;

export function systemTools(): SystemTools {
  found ??= {
    supervisorShell: findTool('dash') ?? '/bin/sh',
    bash: findTool('bash'),
    setsid: findTool('setsid'),
    setpriv: findTool('setpriv'),
    env: findTool('env'),
    id: findTool('id'),
  };
  return found;
}

function findTool(name: string): string | undefined {
  return DIRECTORIES.map((directory) => join(directory, name)).find(isExecutable);
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
