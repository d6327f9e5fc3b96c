/** Many short tasks at once through the SDK, on two agents: each ends as it should, and is heard of once at its end. */
import { userInfo } from 'node:os';
import { isTerminal, SchedulerClient, scalarOf, task } from '@mesolite/sdk';
import type { TaskInfo, TaskState } from '@mesolite/wire';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LocalCluster } from '../src/daemons/local-cluster.ts';

const TASKS = 500;
const CPUS = 0.1;

let cluster: LocalCluster;

beforeAll(async () => {
  const started = await LocalCluster.start({ agents: 2, resources: 'cpus:30;mem:30000;disk:1024' });
  if (!started.ok) throw new Error(started.error);
  cluster = started.value;
});

afterAll(async () => {
  await cluster?.stop();
});

it('runs 500 short tasks at once to their right ends', async () => {
  const ends = new Map<string, TaskState[]>();
  let next = 0;
  const scheduler = new SchedulerClient({
    master: cluster.master,
    framework: { name: 'many', user: userInfo().username },
  });
  scheduler.start({
    offers(offers) {
      for (const offer of offers) {
        const room = Math.floor(scalarOf(offer.resources, 'cpus') / CPUS);
        const tasks: TaskInfo[] = [];
        // Every tenth fails, on purpose.
        for (; tasks.length < room && next < TASKS; next++)
          tasks.push(task({ id: `t${next}`, command: next % 10 === 0 ? 'exit 1' : 'true', cpus: CPUS, mem: 16 }));
        if (tasks.length > 0) void scheduler.launch(offer, tasks, { refuse_seconds: 0 });
        else void scheduler.decline([offer]);
      }
    },
    update({ task_id: { value: id }, state }) {
      if (!isTerminal(state)) return;
      ends.set(id, [...(ends.get(id) ?? []), state]);
      if (ends.size === TASKS) void scheduler.close({ teardown: true });
    },
  });
  expect((await scheduler.ended).reason).toBe('torn-down');
  for (let i = 0; i < TASKS; i++)
    expect(new Set(ends.get(`t${i}`)), `t${i}`).toEqual(new Set([i % 10 === 0 ? 'TASK_FAILED' : 'TASK_FINISHED']));
});
