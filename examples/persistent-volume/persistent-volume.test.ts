import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalCluster } from '@mesolite/cli';
import { MasterClient } from '@mesolite/sdk';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reservedNames } from '../testing/reserved-names.ts';
import { Example, startCluster } from '../testing/run-example.ts';

const SCRIPT = 'persistent-volume/persistent-volume.js';
let cluster: LocalCluster;
let master: MasterClient;

beforeAll(async () => {
  cluster = await startCluster({ agents: 2, resources: 'cpus:0.5;mem:256;disk:64' });
  master = new MasterClient(cluster.master);
});

afterAll(async () => {
  await master?.close();
  await cluster?.stop();
});

/** The volumes' directories, by their ids. */
function volumes(): string[] {
  return ['agent-1', 'agent-2'].flatMap((agent) => {
    const files = readdirSync(join(cluster.workDirectory, agent), { recursive: true, encoding: 'utf8' });
    return files.flatMap((file) => /^volumes\/roles\/[^/]+\/([^/]+)$/.exec(file)?.[1] ?? []);
  });
}

it('runs all tasks of all shards on their volumes, and leaves nothing behind', async () => {
  const example = new Example(SCRIPT, [cluster.master, '--shards=2', '--shared-shards=2', '--tasks-per-shard=3']);
  expect(await example.ended, example.output).toBe(0);
  expect(example.output).toContain('12 of 12 tasks have finished');
  expect(example.output.match(/TASK_FINISHED/g), example.output).toHaveLength(12);
  expect(example.output).not.toMatch(/TASK_(FAILED|ERROR|LOST)/);
  expect(await reservedNames(master)).toEqual([]);
  // The master has told the agents; now they do it.
  await example.until(() => volumes().length === 0);
});

it('removes what an earlier run left behind', async () => {
  const first = new Example(SCRIPT, [cluster.master, '--shards=1', '--shared-shards=1', '--tasks-per-shard=1000']);
  try {
    await first.until(() => /^shard-1-task-2\S* TASK_FINISHED/m.test(first.output));
  } finally {
    first.kill();
  }
  await first.ended;
  expect(volumes()).toContain('shard-1');

  const second = new Example(SCRIPT, [cluster.master, '--shards=1', '--shared-shards=1', '--tasks-per-shard=2']);
  expect(await second.ended, second.output).toBe(0);
  expect(second.output).toMatch(/^removing what is left of an earlier run: .*shard-1/m);
  expect(second.output).toContain('4 of 4 tasks have finished');
  expect(await reservedNames(master)).toEqual([]);
  await second.until(() => volumes().length === 0);
});

it('finds the data again when an agent is restarted meanwhile', async () => {
  const lone = await startCluster({ resources: 'cpus:0.5;mem:256;disk:64' });
  const example = new Example(SCRIPT, [lone.master, '--shards=1', '--shared-shards=1', '--tasks-per-shard=6']);
  try {
    for (const name of ['shard-1', 'shared-shard-1'])
      await example.until(() => new RegExp(`^${name}-task-2\\S* TASK_FINISHED`, 'm').test(example.output));
    await lone.stopAgent(lone.agents[0]!);
    // With the same work directory, so with the volumes; maybe under another id.
    expect(await lone.addAgent()).toMatchObject({ ok: true });
    expect(await example.ended, example.output).toBe(0);
    expect(example.output).toContain('12 of 12 tasks have finished');
    // Each would have failed had it missed the marks of those before it.
    expect(example.output).not.toContain('TASK_FAILED');
  } finally {
    example.kill();
    await lone.stop();
  }
});
