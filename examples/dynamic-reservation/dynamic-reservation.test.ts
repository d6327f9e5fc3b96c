import type { LocalCluster } from '@mesolite/cli';
import { MasterClient } from '@mesolite/sdk';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Example, startCluster } from '../testing/run-example.ts';

const SCRIPT = 'dynamic-reservation/dynamic-reservation.js';
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

/** How many of the agents have something dynamically reserved. */
async function reservingAgents(): Promise<number> {
  const answer = await master.getAgents();
  if (!answer.ok) throw answer.error;
  return (answer.value.agents ?? []).filter(({ total_resources: total }) =>
    (total ?? []).some(({ reservations }) => reservations?.at(-1)?.type === 'DYNAMIC'),
  ).length;
}

it('reserves, launches and frees on each agent', async () => {
  const example = new Example(SCRIPT, [cluster.master, '--agents=2']);
  expect(await example.ended, example.output).toBe(0);
  const steps = new Map<string, string[]>();
  for (const [, agent, step] of example.output.matchAll(/^(\S+-S\d+): (\w+)/gm))
    steps.set(agent!, [...(steps.get(agent!) ?? []), step!]);
  expect([...steps.values()]).toEqual(Array(2).fill(['reserving', 'launching', 'freeing']));
  expect(example.output.match(/TASK_FINISHED/g)).toHaveLength(2);
  expect(await reservingAgents()).toBe(0);
});

it('uses what an earlier run had reserved when it died', async () => {
  const first = new Example(SCRIPT, [cluster.master, '--agents=1', '--seconds=600']);
  try {
    await first.until(() => first.output.includes('TASK_RUNNING'));
  } finally {
    first.kill();
  }
  await first.ended;
  expect(await reservingAgents()).toBe(1);

  const second = new Example(SCRIPT, [cluster.master, '--agents=2']);
  expect(await second.ended, second.output).toBe(0);
  expect(second.output.match(/: reserving/g), second.output).toHaveLength(1);
  expect(second.output.match(/: launching/g)).toHaveLength(2);
  expect(await reservingAgents()).toBe(0);
});

it('refuses the role of everybody', async () => {
  const example = new Example(SCRIPT, ['--role=*']);
  expect(await example.ended).toBe(2);
  expect(example.output).toContain("--role: '*' is not a role other than *");
});
