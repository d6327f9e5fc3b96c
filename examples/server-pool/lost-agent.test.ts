import type { LocalCluster } from '@mesolite/cli';
import { MasterClient } from '@mesolite/sdk';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Example, startCluster } from '../testing/run-example.ts';

let cluster: LocalCluster;

beforeAll(async () => {
  cluster = await startCluster({
    resources: 'cpus:0.2;mem:128;ports:[31000-31099]',
  });
  const added = await cluster.addAgent(['--resources=cpus:0.2;mem:128;ports:[32000-32099]']);
  if (!added.ok) throw new Error(added.error);
});

afterAll(async () => {
  await cluster?.stop();
});

it('replaces servers on the other agent when theirs is lost', async () => {
  const pool = new Example('server-pool/server-pool.js', [`--master=${cluster.master}`, '--instances=2']);
  const master = new MasterClient(cluster.master);
  const urls = (state: string): string[] =>
    [...pool.output.matchAll(new RegExp(`^server-\\d+ (\\S+) ${state}`, 'gm'))].map(([, url]) => url ?? '');
  try {
    await pool.until(() => urls('TASK_RUNNING').length === 2);
    const agents = await master.getAgents();
    const tasks = await master.getTasks();
    if (!agents.ok || !tasks.ok) throw new Error('the master does not answer');
    const hostOf = tasks.value.tasks?.[0]?.agent_id.value;
    const onIt = (tasks.value.tasks ?? []).filter(({ agent_id: id }) => id.value === hostOf).length;
    const pid = agents.value.agents?.find(({ agent_info: info }) => info.id?.value === hostOf)?.pid ?? '';
    const before = urls('TASK_RUNNING');

    await cluster.stopAgent(pid.split('@')[1] ?? '');
    await pool.until(() => urls('TASK_LOST').length === onIt && urls('TASK_RUNNING').length === 2 + onIt);
    expect(before).toEqual(expect.arrayContaining(urls('TASK_LOST')));
    // The framework does not checkpoint: what it ran there ends with the agent.
    for (const url of urls('TASK_LOST'))
      await pool.until(() =>
        fetch(url).then(
          () => false,
          () => true,
        ),
      );

    pool.process.kill('SIGTERM');
    expect(await pool.ended, pool.output).toBe(0);
  } finally {
    pool.kill();
    await master.close();
  }
});
