/**
 * Obtains and runs foreign programs: they come from their registries through the ordinary clients into a cache, and
 * nothing of theirs is committed. Each is run with a deadline and ended with all it started.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at } from '../tools/repository/layout.mjs';
import { Unobtainable } from './findings.mjs';

const CACHE = at('conformance', '.cache');
const OBTAIN_LIMIT_MS = 8 * 60_000;
const OUTPUT_CHARACTERS = 400_000;

/** @typedef {{ code: number | undefined, output: string, stdout: string, timedOut: boolean }} Outcome */

/**
 * Runs a program to its end. Resolves with its exit code (undefined when it was ended at `limitMs`, by `signal` or by a
 * signal of the system) and with everything it printed.
 * @returns {Promise<Outcome>}
 */
export function runForeign(file, args, { cwd, env = {}, limitMs = 60_000, sawOutput, signal } = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, so that what it starts ends with it.
      detached: true,
    });
    let output = '';
    let stdout = '';
    let timedOut = false;
    const end = () => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch (error) {
        if (error.code !== 'ESRCH') throw error;
      }
    };
    const keep = (chunk) => {
      output = (output + chunk).slice(-OUTPUT_CHARACTERS);
      sawOutput?.(chunk);
    };
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      stdout = (stdout + chunk).slice(-OUTPUT_CHARACTERS);
      keep(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', keep);
    const timer = setTimeout(() => {
      timedOut = true;
      end();
    }, limitMs);
    signal?.addEventListener('abort', end);
    const settle = (code) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      end();
      resolve({ code, output, stdout, timedOut });
    };
    // Not started at all: the program is not there.
    child.on('error', (error) => {
      output = error.message;
      settle(undefined);
    });
    child.on('close', (code) => settle(code ?? undefined));
  });
}

/** Runs one step of obtaining something; says what failed and shows the end of why. */
export async function obtainStep(what, file, args, options = {}) {
  const { code, output, timedOut } = await runForeign(file, args, { limitMs: OBTAIN_LIMIT_MS, ...options });
  if (code === 0) return output;
  const why = timedOut ? 'it took too long' : output.trim().split('\n').slice(-3).join(' | ').slice(-400);
  throw new Unobtainable(`${what} cannot be had: ${why || `${file} exited with ${code}`}`);
}

/**
 * The cached directory `name`, filled by `fill(directory)` if what it is made from (`recipe`) changed or it is not
 * there. A half-filled one is filled again.
 */
export async function cached(name, recipe, fill) {
  const directory = join(CACHE, name);
  const stamp = join(directory, '.complete');
  const fingerprint = createHash('sha256').update(JSON.stringify(recipe)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) return directory;
  mkdirSync(directory, { recursive: true });
  console.log(`  -    fetching ${name} from its registry`);
  await fill(directory);
  writeFileSync(stamp, fingerprint);
  return directory;
}
