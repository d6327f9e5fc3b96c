/** Runs one program to its end with our own input and output. Leaves nothing running when its time is over. */
import { spawn } from 'node:child_process';
import { root } from './layout.mjs';

/**
 * Resolves with the exit code; an end by signal counts as 1, a program that cannot be started as 127.
 * After `limitMs` the program and all it started are killed. `sawOutput` is shown everything the program prints.
 */
export function runCommand(file, args, { env = {}, limitMs, quiet = false, sawOutput } = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', sawOutput ? 'pipe' : quiet ? 'ignore' : 'inherit', sawOutput ? 'pipe' : 'inherit'],
      detached: true,
    });
    child.stdout?.on('data', (chunk) => {
      process.stdout.write(chunk);
      sawOutput(chunk);
    });
    child.stderr?.on('data', (chunk) => {
      process.stderr.write(chunk);
      sawOutput(chunk);
    });
    const killAll = (signal) => {
      try {
        process.kill(-child.pid, signal);
      } catch (error) {
        if (error.code !== 'ESRCH') throw error;
      }
    };
    const interrupted = (signal) => killAll(signal);
    const timer =
      limitMs === undefined
        ? undefined
        : setTimeout(() => {
            console.error(`${file} took longer than ${limitMs / 1000} s and was ended.`);
            killAll('SIGKILL');
          }, limitMs);
    process.on('SIGINT', interrupted);
    process.on('SIGTERM', interrupted);
    const settle = (code) => {
      clearTimeout(timer);
      process.off('SIGINT', interrupted);
      process.off('SIGTERM', interrupted);
      resolve(code);
    };
    child.on('error', (error) => {
      console.error(`Cannot run ${file}: ${error.message}`);
      settle(127);
    });
    child.on('close', (code) => settle(code ?? 1));
  });
}

/** Runs npm, the one we were started by if we were. */
export function runNpm(args) {
  const npm = process.env.npm_execpath;
  return npm?.endsWith('.js') ? runCommand(process.execPath, [npm, ...args]) : runCommand('npm', args);
}
