import type { LocalCluster } from '@mesolite/cli';
import { MasterClient } from '@mesolite/sdk';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Example, startCluster } from '../testing/run-example.ts';

let cluster: LocalCluster;

beforeAll(async () => {
  cluster = await startCluster();
});

afterAll(async () => {
  await cluster?.stop();
});

/** The body, or undefined while nobody answers. */
async function get(url: string): Promise<string | undefined> {
  const response = await fetch(url).catch(() => undefined);
  return response?.text();
}

it('keeps the number of servers, replaces one that died, ends all of them', async () => {
  const pool = new Example('server-pool/server-pool.js', [`--master=${cluster.master}`, '--instances=2']);
  const master = new MasterClient(cluster.master);
  try {
    const running = (id: string): boolean => new RegExp(`^${id} .* TASK_RUNNING`, 'm').test(pool.output);
    await pool.until(() => running('server-1') && running('server-2'));
    const url = /^server-1 (\S+) TASK_RUNNING/m.exec(pool.output)![1]!;
    await pool.until(async () => (await get(url)) === 'server-1 says hello\n');

    // Ends the server from within, as a crash would.
    const end = await get(`${url}end`);
    expect(end === undefined || end.includes('says hello')).toBe(true);
    await pool.until(() => /^server-1 .* TASK_(FAILED|FINISHED)/m.test(pool.output) && running('server-3'));

    pool.process.kill('SIGTERM');
    expect(await pool.ended, pool.output).toBe(0);
    await pool.until(async () => {
      const tasks = await master.getTasks();
      return tasks.ok && (tasks.value.tasks ?? []).length === 0;
    });
  } finally {
    pool.kill();
    await master.close();
  }
});
