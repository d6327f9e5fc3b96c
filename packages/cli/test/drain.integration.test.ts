/** An agent is drained while its master is replaced: real daemons in this process, real tasks, some of which do not want to end. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { startAgent } from '@mesolite/agent';
import type { RunningDaemon } from '@mesolite/daemon';
import { startMaster } from '@mesolite/master';
import { MasterClient, resources, SchedulerClient, task } from '@mesolite/sdk';
import type { Offer, TaskStatus } from '@mesolite/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from './command-process.ts';
import { until } from './live-framework.ts';

const GRACE_SECONDS = 3;
/** Ends of tasks are seen, written and told after that. */
const MARGIN_MS = 3000;
const TASKS = 8;

describe('a drain', () => {
  let directory: string;
  /** In the order in which they are to end. */
  let open: (() => unknown)[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mesolite-drain-'));
    open = [];
  });
  afterEach(async () => {
    for (const close of open.reverse()) await close();
    await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  const common = (name: string): string[] => [
    '--ip=127.0.0.1',
    '--hostname=127.0.0.1',
    `--work_dir=${join(directory, name)}`,
    `--config_root=${join(directory, 'none')}`,
    '--quiet',
  ];
  const daemon = async <D extends { stop(): Promise<void> }>(
    started: Promise<{ ok: true; value: D } | { ok: false; error: { text: string } }>,
  ): Promise<D> => {
    const result = await started;
    if (!result.ok) throw new Error(result.error.text);
    open.push(() => result.value.stop());
    return result.value;
  };
  const master = (port: number): Promise<RunningDaemon> =>
    daemon(startMaster({ argv: [...common('master'), `--port=${port}`, '--allocation_interval=20ms'], env: {} }));

  it('empties the agent in time, and goes on under the next master', async () => {
    const port = await freePort();
    const first = await master(port);
    await daemon(
      startAgent({
        argv: [
          ...common('agent'),
          `--runtime_dir=${join(directory, 'run')}`,
          `--master=127.0.0.1:${port}`,
          '--port=0',
          '--registration_backoff_factor=1ms',
          '--resources=cpus:4;mem:1024;disk:1000;ports:[31000-31009]',
          '--no-switch_user',
        ],
        env: {},
      }),
    );
    const statuses: TaskStatus[] = [];
    const offers: Offer[] = [];
    const scheduler = new SchedulerClient({
      master: `127.0.0.1:${port}`,
      framework: {
        user: userInfo().username,
        name: 'tenant',
        roles: ['*'],
        checkpoint: true,
        failover_timeout: 600,
        capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }, { type: 'PARTITION_AWARE' }],
      },
    });
    scheduler.start({ offers: (more) => void offers.push(...more), update: (status) => void statuses.push(status) });
    open.push(() => scheduler.close());
    await until('an offer', () => offers.length > 0);
    const stubborn = (id: string): boolean => Number(id.slice(1)) % 2 === 0;
    const tasks = Array.from({ length: TASKS }, (_, i) => ({
      ...task({
        id: `t${i}`,
        command: stubborn(`t${i}`) ? "trap '' TERM; while :; do sleep 0.1; done" : 'exec sleep 1000',
      }),
      kill_policy: { grace_period: { nanoseconds: 600_000_000_000n } },
      resources: resources({ cpus: 0.1, mem: 32 }),
    }));
    expect(await scheduler.launch(offers[0]!, tasks, { refuse_seconds: 0 })).toMatchObject({ ok: true });
    // The agent's own word, not what a master says when the scheduler asks.
    const ended = (): TaskStatus[] =>
      statuses.filter(({ state, uuid }) => state === 'TASK_KILLED' && uuid !== undefined);
    await until('all tasks run', () => statuses.filter(({ state }) => state === 'TASK_RUNNING').length === TASKS);

    const operator = new MasterClient(`127.0.0.1:${port}`);
    open.push(() => operator.close());
    const agent = async () => {
      const answer = await operator.getAgents();
      return answer.ok ? answer.value.agents?.[0] : undefined;
    };
    const agentId = (await agent())!.agent_info.id!.value;
    const begunMs = performance.now();
    expect((await operator.drainAgent(agentId, { maxGraceSeconds: GRACE_SECONDS })).ok).toBe(true);
    await until('some tasks have ended', () => ended().length > 0);
    expect(ended().every(({ task_id }) => !stubborn(task_id.value))).toBe(true);
    offers.length = 0;
    await first.stop();
    await master(port);
    await until('the agent is back', async () => (await agent())?.drain_info !== undefined);
    expect(await agent()).toMatchObject({ active: false, deactivated: true, drain_info: { state: 'DRAINING' } });
    await until('all tasks have ended', () => new Set(ended().map(({ task_id }) => task_id.value)).size === TASKS);
    expect(performance.now() - begunMs).toBeLessThan(GRACE_SECONDS * 1000 + MARGIN_MS);
    expect(new Set(ended().map(({ reason }) => reason))).toEqual(new Set(['REASON_AGENT_DRAINING']));
    await until('the drain is over', async () => (await agent())?.drain_info?.state === 'DRAINED');
    expect(offers).toEqual([]);
    expect((await operator.reactivateAgent(agentId)).ok).toBe(true);
    await until('an offer', () => offers.length > 0);
  });
});
