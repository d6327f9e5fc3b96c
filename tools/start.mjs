#!/usr/bin/env node
/**
 * `npm start`: from a bare clone to a one-machine cluster that has run its first task. Installs and builds what is
 * stale, then runs `mesolite local --demo` with the arguments it was given, until Ctrl-C.
 */
import './repository/node-version.mjs';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './repository/install.mjs';
import { at } from './repository/layout.mjs';

const COMMAND = at('packages', 'cli', 'bin', 'mesolite.mjs');
/** A cluster that does not end by itself within this time is ended. */
const GRACE_MS = 30_000;
/** How often to look whether npm, when it started us, is still there. */
const PARENT_CHECK_MS = 1_000;
/** npm passes a terminal's Ctrl-C on to us a second time; only a later one is a second Ctrl-C. */
const SAME_PRESS_MS = 1_000;

/** Resolves with the exit code. Its own process group keeps a terminal's Ctrl-C from reaching it twice. */
function runCluster(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [COMMAND, 'local', '--demo', ...args], { stdio: 'inherit', detached: true });
    let lastSignalAt;
    const stop = (signal) => {
      const now = performance.now();
      if (lastSignalAt !== undefined && now - lastSignalAt < SAME_PRESS_MS) return;
      if (lastSignalAt === undefined) {
        setTimeout(() => {
          console.error(`The cluster did not stop within ${GRACE_MS / 1000} s; ending it.`);
          child.kill('SIGKILL');
        }, GRACE_MS).unref();
      }
      lastSignalAt = now;
      child.kill(signal);
    };
    process.on('SIGINT', () => stop('SIGINT'));
    process.on('SIGTERM', () => stop('SIGTERM'));
    process.on('SIGHUP', () => stop('SIGTERM'));
    if (process.env['npm_lifecycle_event'] === 'start') onceOrphaned(() => stop('SIGTERM'));
    child.on('error', (error) => {
      console.error(`Cannot start the cluster: ${error.message}`);
      resolve(1);
    });
    child.on('close', (code, signal) => {
      if (signal !== null) resolve(lastSignalAt !== undefined && signal !== 'SIGKILL' ? 0 : 1);
      else resolve(code);
    });
  });
}

/** An npm that is killed outright tells nobody; its cluster must not outlive it. */
function onceOrphaned(then) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    then();
  }, PARENT_CHECK_MS);
  timer.unref();
}

if (!(await ensureInstalled()) || !(await ensureBuilt())) {
  process.exitCode = 1;
} else if (!existsSync(COMMAND)) {
  console.error('packages/cli/bin/mesolite.mjs is missing: the clone is incomplete.');
  process.exitCode = 1;
} else {
  process.exitCode = await runCluster(process.argv.slice(2));
}
