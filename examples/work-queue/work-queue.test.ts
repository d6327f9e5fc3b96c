import type { LocalCluster } from '@mesolite/cli';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Example, startCluster } from '../testing/run-example.ts';

let cluster: LocalCluster;

beforeAll(async () => {
  cluster = await startCluster();
});

afterAll(async () => {
  await cluster?.stop();
});

it('does all jobs with one executor process per agent', async () => {
  const queue = new Example('work-queue/scheduler.js', [`--master=${cluster.master}`, '--jobs=10']);
  expect(await queue.ended, queue.output).toBe(0);
  expect(queue.output).toMatch(/^17984 primes below 200000$/m);
  const processes = [...queue.output.matchAll(/\(process (\d+)\)/g)].map(([, pid]) => pid);
  expect(processes).toHaveLength(10);
  expect(new Set(processes).size).toBe(1);
});

it('does them again when the executor is killed meanwhile', async () => {
  const queue = new Example('work-queue/scheduler.js', [`--master=${cluster.master}`, '--jobs=60']);
  try {
    await queue.until(() => /\(process (\d+)\)/.test(queue.output));
    process.kill(Number(/\(process (\d+)\)/.exec(queue.output)?.[1]), 'SIGKILL');
    expect(await queue.ended, queue.output).toBe(0);
    expect(queue.output).toContain('once more');
    expect(queue.output).toMatch(/^\d+ primes below 1200000$/m);
  } finally {
    queue.kill();
  }
});
