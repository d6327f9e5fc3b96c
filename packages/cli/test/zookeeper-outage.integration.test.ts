/**
 * ZooKeeper is killed under a running cluster, stays away for longer than sessions last and comes back, with its data or with
 * nothing. Whoever ends meanwhile is started again, as the supervisor of a machine does.
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAgent } from '@mesolite/agent';
import { ZooKeeperEnsemble, zookeeperObstacle } from '@mesolite/coordination/testing';
import { startMaster } from '@mesolite/master';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LiveFramework, until } from './live-framework.ts';

const SESSION_MS = 1000;
const obstacle = zookeeperObstacle();
if (obstacle !== undefined) console.log(`skipped: a cluster that outlives its ZooKeeper: ${obstacle}`);

interface Master {
  readonly port: number;
  /** How often it ended and was started again. */
  restarts: number;
}

describe.skipIf(obstacle !== undefined)('a cluster that outlives its ZooKeeper', () => {
  let directory: string;
  let ensemble: ZooKeeperEnsemble;
  /** In the order in which they are to end. */
  let open: (() => unknown)[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mesolite-outage-'));
    ensemble = await ZooKeeperEnsemble.start(1);
    open = [];
  });
  afterEach(async () => {
    for (const close of open.reverse()) await close();
    await ensemble.end();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  });

  const common = (name: string, port = 0): string[] => [
    '--ip=127.0.0.1',
    `--port=${port}`,
    '--hostname=127.0.0.1',
    `--work_dir=${join(directory, name)}`,
    `--config_root=${join(directory, 'none')}`,
    `--zk_session_timeout=${SESSION_MS}ms`,
    '--quiet',
  ];
  const zk = (): string => `zk://${ensemble.servers}/mesos`;

  async function master(name: string): Promise<Master> {
    let ended = false;
    const start = async (port?: number) => {
      const argv = [...common(name, port), `--zk=${zk()}`, '--allocation_interval=20ms'];
      const started = await startMaster({ argv, env: {} });
      if (!started.ok) throw new Error(started.error.text);
      return started.value;
    };
    let running = await start();
    const supervised: Master = { port: running.port, restarts: 0 };
    const supervising = (async () => {
      for (;;) {
        await running.stopped;
        if (ended) return;
        supervised.restarts++;
        running = await start(supervised.port);
      }
    })();
    open.push(async () => {
      ended = true;
      await running.stop();
      await supervising;
    });
    return supervised;
  }

  async function agent(name: string): Promise<void> {
    const argv = [
      ...common(name),
      `--runtime_dir=${join(directory, `${name}-run`)}`,
      `--master=${zk()}`,
      '--registration_backoff_factor=1ms',
      '--resources=cpus:2;mem:1024;disk:1000;ports:[31000-31009]',
      '--no-switch_user',
    ];
    const started = await startAgent({ argv, env: {} });
    if (!started.ok) throw new Error(started.error.text);
    open.push(() => started.value.stop());
  }

  /** Nothing from who does not lead. */
  async function read<T>({ port }: Master, path: string): Promise<T | undefined> {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual' }).catch(() => undefined);
    return answer?.status === 200 ? ((await answer.json()) as T) : undefined;
  }

  async function leaderOf(masters: readonly Master[]): Promise<Master | undefined> {
    for (const one of masters) if ((await read(one, '/state')) !== undefined) return one;
    return undefined;
  }

  async function activeAgents(masters: readonly Master[]): Promise<string[]> {
    const leader = await leaderOf(masters);
    const listed = leader && (await read<Record<'slaves', { id: string; active: boolean }[]>>(leader, '/slaves'));
    return (listed?.['slaves'] ?? []).filter(({ active }) => active).map(({ id }) => id);
  }

  function isAlive(pid: number): boolean {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }

  it.each([
    ['with its data', false],
    ['with nothing', true],
  ])('keeps its task while ZooKeeper is away, and knows it when that is back %s', async (_, isEmpty) => {
    const masters = [await master('first'), await master('second')];
    await until('a master leads', async () => (await leaderOf(masters)) !== undefined);
    await agent('agent');
    const framework = await LiveFramework.subscribe(
      masters.map(({ port }) => `127.0.0.1:${port}`),
      'patient',
      {
        capabilities: ['MULTI_ROLE', 'PARTITION_AWARE'],
        failoverTimeoutSeconds: 600,
      },
    );
    const { client: scheduler, statuses } = framework;
    open.push(() => scheduler.close({ teardown: true }));
    await until('something is offered', () => framework.offers.size > 0);
    const [offer] = framework.offers.values();
    const pidFile = join(directory, 'pid');
    const launched = await scheduler.launch(offer!, [
      {
        name: 't',
        task_id: { value: 't' },
        agent_id: offer!.agent_id,
        command: { value: `echo $$ > ${pidFile}; exec sleep 600` },
        resources: [
          { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 }, allocation_info: { role: '*' } },
          { name: 'mem', type: 'SCALAR', scalar: { value: 32 }, allocation_info: { role: '*' } },
        ],
      },
    ]);
    expect(launched.ok).toBe(true);
    await until('it runs', () => statuses.at(-1)?.state === 'TASK_RUNNING' && existsSync(pidFile));
    const pid = Number(readFileSync(pidFile, 'utf8'));

    await ensemble.kill(0);
    const killed = performance.now();
    await until('nobody leads any more, and the leader was started again', async () => {
      return (await leaderOf(masters)) === undefined && masters.some(({ restarts }) => restarts > 0);
    });
    await agent('newcomer');
    await until('every session is over', () => performance.now() - killed > 3 * SESSION_MS);
    expect(isAlive(pid)).toBe(true);

    if (isEmpty) await ensemble.forget(0);
    ensemble.startServer(0);
    await until('both agents are registered', async () => (await activeAgents(masters)).length === 2);
    expect(await activeAgents(masters)).toContain(offer!.agent_id.value);
    await until('the framework is back', () => scheduler.connected);
    const leader = (await leaderOf(masters))!;
    const listed = await read<{ tasks: { id: string; state: string }[] }>(leader, '/tasks');
    expect(listed?.tasks).toMatchObject([{ id: 't', state: 'TASK_RUNNING' }]);
    expect(isAlive(pid)).toBe(true);
    // What else was said of it, if anything, is that it could not be reached and then that it runs.
    expect(statuses.filter(({ state }) => /FINISHED|FAILED|KILLED|LOST|GONE|ERROR/.test(state))).toEqual([]);

    expect((await scheduler.kill({ taskId: 't', agentId: offer!.agent_id.value })).ok).toBe(true);
    await until('it is told to have ended', () => statuses.at(-1)?.state === 'TASK_KILLED');
    await until('its process is gone', () => !isAlive(pid));
  });
});
