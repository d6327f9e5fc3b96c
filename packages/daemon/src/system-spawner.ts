/** Starts real processes, each the leader of a session of its own, with stdout and stderr appended to files. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { ExitStatus, SpawnCommand, SpawnedProcess, Spawner } from '@mesolite/ports';

export const systemSpawner: Spawner = {
  spawn(command: SpawnCommand): SpawnedProcess {
    const stdout = openSync(command.stdout, 'a', 0o644);
    let stderr: number;
    try {
      stderr = openSync(command.stderr, 'a', 0o644);
    } catch (error) {
      closeSync(stdout);
      throw error;
    }
    try {
      const child = spawn(command.file, [...command.args], {
        cwd: command.cwd,
        env: { ...command.env },
        detached: true,
        stdio: ['ignore', stdout, stderr],
        ...(command.uid === undefined ? {} : { uid: command.uid }),
        ...(command.gid === undefined ? {} : { gid: command.gid }),
      });
      const exit = new Promise<ExitStatus>((resolve, reject) => {
        child.on('error', reject);
        child.on('exit', (code, signal) => resolve(signal === null ? { code: code ?? 0 } : { signal }));
      });
      // A caller that only wants the pid must not be killed by an unhandled rejection.
      exit.catch(() => {});
      return { pid: child.pid ?? -1, exit };
    } finally {
      closeSync(stdout);
      closeSync(stderr);
    }
  },
};
