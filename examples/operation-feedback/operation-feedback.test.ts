import type { LocalCluster } from '@mesolite/cli';
import { MasterClient } from '@mesolite/sdk';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CuttableLink } from '../testing/cuttable-link.ts';
import { reservedNames } from '../testing/reserved-names.ts';
import { Example, startCluster } from '../testing/run-example.ts';

const SCRIPT = 'operation-feedback/operation-feedback.js';
let cluster: LocalCluster;
let master: MasterClient;

beforeAll(async () => {
  cluster = await startCluster({ agents: 2, resources: 'cpus:1;mem:256' });
  master = new MasterClient(cluster.master);
});

afterAll(async () => {
  await master?.close();
  await cluster?.stop();
});

async function openOperations(): Promise<number> {
  const answer = await master.getOperations();
  if (!answer.ok) throw answer.error;
  return (answer.value.operations ?? []).length;
}

async function metric(name: string): Promise<number> {
  const answer = await fetch(`http://${cluster.master}/metrics/snapshot`);
  return ((await answer.json()) as Record<string, number>)[name] ?? Number.NaN;
}

it('hears of the outcome of each operation and acknowledges it', async () => {
  const example = new Example(SCRIPT, [cluster.master, '--tasks=3']);
  expect(await example.ended, example.output).toBe(0);
  for (const name of ['job-1', 'job-2', 'job-3'])
    expect([...example.output.matchAll(new RegExp(`^${name} (.*) $`, 'gm'))].map(([, step]) => step)).toEqual([
      'reserving: OPERATION_FINISHED',
      'task: TASK_STARTING',
      'task: TASK_RUNNING',
      'unreserving: OPERATION_FINISHED',
    ]);
  expect(example.output.match(/TASK_FINISHED/g)).toHaveLength(3);
  expect(await reservedNames(master)).toEqual([]);
  // What has been acknowledged is forgotten.
  await example.until(async () => (await openOperations()) === 0);
});

it('asks about operations when it has lost the connection, and goes on', async () => {
  const link = await CuttableLink.to(cluster.master);
  const before = await metric('master/messages_reconcile_operations');
  const example = new Example(SCRIPT, [link.address, '--tasks=2', '--seconds=2']);
  try {
    await example.until(() => /^job-1 task: TASK_RUNNING/m.test(example.output));
    link.cut();
    expect(await example.ended, example.output).toBe(0);
    expect(example.output).toContain('subscribed again');
    expect(await metric('master/messages_reconcile_operations')).toBeGreaterThan(before);
    expect(await reservedNames(master)).toEqual([]);
  } finally {
    example.kill();
    await link.close();
  }
});

it('keeps the reservations of an earlier run, and removes them when asked to', async () => {
  const first = new Example(SCRIPT, [cluster.master, '--tasks=1', '--seconds=600']);
  try {
    await first.until(() => first.output.includes('TASK_RUNNING'));
    first.process.kill('SIGTERM');
    expect(await first.ended, first.output).toBe(1);
  } finally {
    first.kill();
  }
  const second = new Example(SCRIPT, [cluster.master, '--tasks=1']);
  expect(await second.ended, second.output).toBe(0);
  expect((await reservedNames(master)).sort()).toEqual(['cpus', 'mem']);

  const third = new Example(SCRIPT, [cluster.master, '--tasks=2', '--unknown-reservations=remove']);
  expect(await third.ended, third.output).toBe(0);
  expect(third.output).toContain('removing reservations that nobody knows: cpus, mem');
  expect(await reservedNames(master)).toEqual([]);
});
