/** Daemons that start answer "later" from the moment their port is bound, never that there is no such thing. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAgent } from '@mesolite/agent';
import { startMaster } from '@mesolite/master';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from './command-process.ts';

describe('a daemon that starts', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mesolite-starting-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it.each([
    ['master', startMaster, '/api/v1/scheduler', []],
    [
      'agent',
      startAgent,
      '/api/v1/executor',
      ['--master=127.0.0.1:1', '--resources=cpus:1;mem:64', '--no-switch_user'],
    ],
  ] as const)('is asked to wait for: %s', async (_name, start, path, more) => {
    const port = await freePort();
    const argv = [
      '--ip=127.0.0.1',
      `--port=${port}`,
      `--work_dir=${directory}`,
      `--config_root=${directory}`,
      '--quiet',
    ];
    const runtime = more.length > 0 ? [`--runtime_dir=${join(directory, 'run')}`] : [];
    let starting = true;
    const statuses = new Set<number>();
    const asking = (async () => {
      while (starting) {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body: 'x' }).catch(
          () => undefined,
        );
        if (answer !== undefined) statuses.add(answer.status);
        await answer?.arrayBuffer();
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const started = await start({ argv: [...argv, ...runtime, ...more], env: {}, stderr: () => {} });
    if (!started.ok) throw new Error(started.error.text);
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body: 'x' });
    starting = false;
    await asking;
    await started.value.stop();
    expect(statuses).toContain(503);
    expect(statuses).not.toContain(404);
    expect(answer.status).not.toBe(404);
  });
});
