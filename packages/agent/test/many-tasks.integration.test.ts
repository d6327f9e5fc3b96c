/** Five hundred tasks at once on one agent, a third of them killed at odd moments: each ends, exactly once. */
import { seededRandom } from '@mesolite/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRunning } from './agent-process.ts';
import { type AgentUnderTest, runningAgent } from './running-agent.ts';
import { commandTask, framework } from './tasks.ts';
import { until } from './until.ts';

const TASKS = 500;
const LIMIT_MS = 50_000;
const ENDS = /FINISHED|FAILED|KILLED|DROPPED/;

describe('many tasks at once', () => {
  let test: AgentUnderTest;
  beforeAll(async () => {
    test = await runningAgent('--logging_level=WARNING');
  });
  afterAll(() => test.stop());

  it('all end, each once, and leave nothing behind', async () => {
    const random = seededRandom(11);
    const commands = ['true', 'exit 4', 'sleep 0.05', 'sleep 600'];
    const killed: string[] = [];
    for (let n = 0; n < TASKS; n++) {
      const id = `t${n}`;
      const command = commands[n % commands.length]!;
      const info = framework({ id: { value: `F${n % 3}` }, checkpoint: n % 3 === 0 });
      test.master.run(info, { ...commandTask(id, command), resources: [] });
      if (command === 'sleep 600' || random.next() < 0.1) killed.push(id);
    }
    const ended = new Map<string, string>();
    // A machine busy enough acknowledges so late that an update is sent again, which is as it should be.
    const updates = new Set<string>();
    let next = 0;
    let read = 0;
    await until(
      'all ended',
      () => {
        // A kill may come before, while and after its task runs.
        for (let some = 0; some < 8 && next < killed.length; some++) {
          const id = killed[next++]!;
          test.master.kill(`F${Number(id.slice(1)) % 3}`, id);
        }
        for (; read < test.master.statuses.length; read++) {
          const { task_id, state, reason, uuid = new Uint8Array() } = test.master.statuses[read]!;
          const update = Buffer.from(uuid).toString('hex');
          if (update !== '' && updates.has(update)) continue;
          updates.add(update);
          // A kill that came after the end is answered, too, when its framework still has other tasks.
          if (!ENDS.test(state) || reason === 'REASON_EXECUTOR_TERMINATED') continue;
          expect(ended.get(task_id.value), `${task_id.value} ended again as ${state}, ${reason}`).toBe(undefined);
          ended.set(task_id.value, state);
        }
        return ended.size === TASKS;
      },
      LIMIT_MS,
    );
    for (let n = 0; n < TASKS; n++) {
      const state = ended.get(`t${n}`);
      if (n % 4 === 3) expect(state).toBe('TASK_KILLED');
      else if (!killed.includes(`t${n}`)) expect(state).toBe(n % 4 === 1 ? 'TASK_FAILED' : 'TASK_FINISHED');
    }
    const pids = test.master.statuses.map(({ container_status }) => container_status?.executor_pid ?? -1);
    await until('no process is left', () => !pids.some((pid) => pid > 0 && isRunning(pid)));
    const state = (await (await fetch(`${test.url}/state`)).json()) as { frameworks: unknown[] };
    expect(state.frameworks).toEqual([]);
  });
});
