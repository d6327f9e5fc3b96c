/**
 * The two files a supervisor leaves in a container's state directory: `supervisor`, its line of /proc/PID/stat, and
 * `status`, how the command ended. Makes room for them before the supervisor is started, full of spaces, so that a disk
 * that fills up later takes neither; reads and parses them. What is said in them is the shell's alone.
 *
 * `status` ends with a line `end N`, N being the shell's number: the exit status, or 128 + signal. Lines before it are
 * what the shell said of a signal (`Killed`, `Segmentation fault (core dumped)`); none of them means N is an exit status.
 * Shells say nothing of SIGINT and SIGPIPE, so those two read as exits with 130 and 141. What is left of the room follows;
 * it holds no end of a line, so a record that was torn is none.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExitOutcome } from '../wait-status.ts';
import { parseStat } from './process-table.ts';

/** A process that cannot be mistaken for a later one of the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from boot to its start. */
  readonly startTicks: number;
}

/** Longer than any line of /proc/PID/stat and than all a shell says of one signal; less than a block of any file system. */
const ROOM = ' '.repeat(1024);

/** Throws what the file system says. A file system that writes copies (btrfs) may still have no room for them later. */
export function makeRoomForRecords(stateDirectory: string): void {
  for (const name of ['supervisor', 'status']) writeFileSync(join(stateDirectory, name), ROOM, { mode: 0o600 });
}

/** Undefined while the command runs, and when nobody wrote down its end. */
export function readExitRecord(stateDirectory: string): ExitOutcome | undefined {
  return parseExitRecord(readText(join(stateDirectory, 'status')) ?? '');
}

export function parseExitRecord(text: string): ExitOutcome | undefined {
  const match = /^([\s\S]*\n)?end (\d{1,3})\n *$/.exec(text);
  if (match === null) return undefined;
  const said = match[1] ?? '';
  const code = Number(match[2]);
  if (said.trim() === '' || code <= 128) return { kind: 'exited', code };
  return { kind: 'signaled', signal: code - 128, coreDumped: said.includes('core dumped') };
}

export function readSupervisor(stateDirectory: string): ProcessIdentity | undefined {
  const stat = parseStat(readText(join(stateDirectory, 'supervisor')) ?? '');
  return stat === undefined ? undefined : { pid: stat.pid, startTicks: stat.startTicks };
}

/** Whether that very process is there and not a zombie. */
export function isAlive(identity: ProcessIdentity): boolean {
  const stat = parseStat(readText(`/proc/${identity.pid}/stat`) ?? '');
  return stat !== undefined && stat.startTicks === identity.startTicks && stat.state !== 'Z' && stat.state !== 'X';
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
