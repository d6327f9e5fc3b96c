/** Runs one program to its end, by default with our own output. Leaves nothing running when its time is over. */
import { spawn } from 'node:child_process';
import { root } from './layout.mjs';

/** How long output may still come after the program's end, from what it left behind. */
const LAST_OUTPUT_MS = 2_000;

/**
 * Resolves with the exit code; an end by signal counts as 1, a program that cannot be started as 127.
 * With `aside` all it prints goes to our standard error. After `limitMs` the program and all it started are killed; what it leaves behind at its end is killed too.
 * `sawOutput` is shown everything the program prints. `cwd` is the repository unless given.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, limitMs?: number, quiet?: boolean, aside?: boolean, sawOutput?: (chunk: Uint8Array | string) => void }} [options]
 * @returns {Promise<number>}
 */
export function runCommand(
  file,
  args,
  { cwd = root, env = {}, limitMs, quiet = false, aside = false, sawOutput } = {},
) {
  return new Promise((resolve) => {
    const output = quiet ? 'ignore' : aside ? 2 : sawOutput ? 'pipe' : 'inherit';
    const child = spawn(file, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', output, output],
      detached: true,
    });
    for (const name of /** @type {const} */ (['stdout', 'stderr'])) {
      child[name]?.on('data', (chunk) => {
        process[name].write(chunk);
        sawOutput?.(chunk);
      });
    }
    const killAll = (signal) => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal);
      } catch (error) {
        if (error.code !== 'ESRCH') throw error;
      }
    };
    const timer =
      limitMs === undefined
        ? undefined
        : setTimeout(() => {
            const message = `${file} took longer than ${limitMs / 1000} s and was ended.`;
            console.error(message);
            sawOutput?.(`${message}\n`);
            killAll('SIGKILL');
          }, limitMs);
    process.on('SIGINT', killAll);
    process.on('SIGTERM', killAll);
    const settle = (code) => {
      clearTimeout(timer);
      process.off('SIGINT', killAll);
      process.off('SIGTERM', killAll);
      resolve(code);
    };
    child.on('error', (error) => {
      console.error(`Cannot run ${file}: ${error.message}`);
      settle(127);
    });
    child.on('exit', (code) => {
      killAll('SIGKILL');
      // One that left our process group may hold the pipes for ever.
      const giveUp = setTimeout(() => settle(code ?? 1), LAST_OUTPUT_MS);
      child.on('close', () => {
        clearTimeout(giveUp);
        settle(code ?? 1);
      });
    });
  });
}

/** Runs npm, the one we were started by if we were; what it prints goes to the standard error. */
export function runNpm(args) {
  const npm = process.env['npm_execpath'];
  return npm?.endsWith('.js')
    ? runCommand(process.execPath, [npm, ...args], { aside: true })
    : runCommand('npm', args, { aside: true });
}
