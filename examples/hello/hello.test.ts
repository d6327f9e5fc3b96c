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

it('shows the states of its task and ends', async () => {
  for (const args of [[cluster.master], [`--master=${cluster.master}`]]) {
    const hello = new Example('hello/hello.js', args);
    expect(await hello.ended, hello.output).toBe(0);
    expect(hello.output).toBe('TASK_STARTING \nTASK_RUNNING \nTASK_FINISHED Command exited with status 0\n');
  }
});
