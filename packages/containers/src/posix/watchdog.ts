/**
 * One process beside the agent that learns of its end by a pipe that closes, however it dies, and then ends what may not
 * outlive it: containers of frameworks without checkpoints at once, others when no agent has come for as long as their
 * owner file says. First SIGTERM, SIGKILL after the grace period. It goes when nothing is left, or when the watchdog of a
 * new agent on the same work directory has taken its place.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '@mesolite/base';
import type { Log } from '@mesolite/ports';
import { containerStatePath } from '../sandbox-paths.ts';
import { systemTools } from './system-tools.ts';
import { WATCHDOG } from './watchdog-script.ts';

export interface WatchdogOptions {
  readonly runtimeDirectory: string;
  /** As in the owner files: the agent's work directory. */
  readonly owner: string;
  /** From SIGTERM to SIGKILL, in milliseconds. */
  readonly graceMs: number;
  readonly log: Log;
}

export interface Watchdog {
  /**
   * The agent ends in order: what lives on counts its time from now. With nothing left it goes as well, which is waited
   * for on demand.
   */
  release(options: { readonly wait: boolean }): Promise<void>;
}

/** For it to take the place of an earlier one. */
const START_LIMIT_MS = 10_000;
/** For it to go. */
const END_LIMIT_MS = 5_000;
/** Characters of what one says that does not start. */
const MOST_SAID = 1_000;
/** Until one that is gone is replaced. */
const REPLACE_MS = 1_000;

/** Resolves once it watches; an earlier one of the same work directory does nothing any more. It is replaced if it ends. */
export async function startWatchdog(options: WatchdogOptions): Promise<Result<Watchdog>> {
  const directory = join(options.runtimeDirectory, 'watchdogs');
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    return err(`Failed to start the watchdog: ${(error as Error).message}`);
  }
  const holder = join(directory, createHash('sha256').update(options.owner).digest('hex').slice(0, 32));
  let released = false;
  let current: ChildProcess | undefined;
  const start = async (): Promise<Result<undefined>> => {
    const started = await begin(options, holder);
    if (!started.ok) return started;
    current = started.value;
    if (released) current.stdin?.end('done\n');
    current.once('exit', () => {
      if (released) return;
      options.log.warning('The watchdog is gone: starting another');
      replace();
    });
    return ok(undefined);
  };
  const replace = (): void => {
    setTimeout(() => {
      if (released) return;
      void start().then((started) => {
        if (started.ok) return;
        options.log.error(started.error);
        replace();
      });
    }, REPLACE_MS).unref();
  };
  const started = await start();
  if (!started.ok) return started;
  return ok({
    release: ({ wait }) => {
      released = true;
      const child = current;
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
      child.stdin?.end('done\n');
      if (!wait) return Promise.resolve();
      child.ref();
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, END_LIMIT_MS);
        child.once('exit', () => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
  });
}

function begin({ runtimeDirectory, owner, graceMs }: WatchdogOptions, holder: string): Promise<Result<ChildProcess>> {
  const containers = containerStatePath(runtimeDirectory, '');
  const child = spawn(
    systemTools().supervisorShell,
    ['-c', WATCHDOG, 'mesolite-watchdog', containers, owner, `${Math.ceil(graceMs / 1000)}`, holder],
    {
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      cwd: '/',
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
    },
  );
  // Of what keeps it from starting; from then on it says nothing.
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(0, MOST_SAID);
  });
  return new Promise((resolve) => {
    const give = (result: Result<ChildProcess>): void => {
      clearTimeout(timer);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      give(err('The watchdog does not start'));
    }, START_LIMIT_MS);
    child.stdin.on('error', () => {});
    child.once('error', (error) => give(err(`Failed to start the watchdog: ${error.message}`)));
    child.once('close', () => give(err(`The watchdog ended at once${said === '' ? '' : `: ${said.trim()}`}`)));
    child.stdout.once('data', () => {
      child.unref();
      (child.stdin as unknown as { unref?: () => void }).unref?.();
      give(ok(child));
    });
  });
}
