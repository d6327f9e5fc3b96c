/**
 * Two masters that stand for election in a real ZooKeeper, an agent and commands that find the leader there, and an executor
 * of the old driver, which outlives the leader. Needs a build.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startAgent } from '@mesolite/agent';
import { ZooKeeperEnsemble, zookeeperObstacle } from '@mesolite/coordination/testing';
import type { RunningDaemon } from '@mesolite/daemon';
import { startMaster } from '@mesolite/master';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../src/command-line.ts';
import { LiveFramework, until } from './live-framework.ts';
import { recordedTerminal } from './recorded-terminal.ts';

const DRIVER = fileURLToPath(new URL('../../agent/test/driver-executor.mjs', import.meta.url));
const obstacle = zookeeperObstacle();
if (obstacle !== undefined) console.log(`skipped: a cluster that finds its leader through ZooKeeper: ${obstacle}`);

describe.skipIf(obstacle !== undefined)('a cluster that finds its leader through ZooKeeper', () => {
  let directory: string;
  let ensemble: ZooKeeperEnsemble;
  /** In the order in which they are to end. */
  let open: (() => unknown)[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mesolite-zk-'));
    ensemble = await ZooKeeperEnsemble.start(1);
    open = [];
  });
  afterEach(async () => {
    for (const close of open.reverse()) await close();
    await ensemble.end();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  });

  const common = (name: string): string[] => [
    '--ip=127.0.0.1',
    '--port=0',
    '--hostname=127.0.0.1',
    `--work_dir=${join(directory, name)}`,
    `--config_root=${join(directory, 'none')}`,
    '--zk_session_timeout=2secs',
    '--quiet',
  ];
  const zk = (): string => `zk://${ensemble.servers}/mesos`;
  const daemon = async <D extends { stop(): Promise<void> }>(
    started: Promise<{ ok: true; value: D } | { ok: false; error: { text: string } }>,
  ): Promise<D> => {
    const result = await started;
    if (!result.ok) throw new Error(result.error.text);
    open.push(() => result.value.stop());
    return result.value;
  };
  const master = (name: string): Promise<RunningDaemon> =>
    daemon(startMaster({ argv: [...common(name), `--zk=${zk()}`, '--allocation_interval=20ms'], env: {} }));
  const agent = (): Promise<RunningDaemon> =>
    daemon(
      startAgent({
        argv: [
          ...common('agent'),
          `--runtime_dir=${join(directory, 'run')}`,
          `--master=${zk()}`,
          '--registration_backoff_factor=1ms',
          '--resources=cpus:2;mem:1024;disk:1000;ports:[31000-31009]',
          '--no-switch_user',
        ],
        env: {},
      }),
    );
  const mesolite = async (...argv: string[]) => {
    const terminal = recordedTerminal();
    return { code: await run(argv, terminal), out: terminal.out(), err: terminal.err() };
  };
  const leads = async ({ port }: RunningDaemon): Promise<boolean> =>
    (await fetch(`http://127.0.0.1:${port}/state`, { redirect: 'manual' }).catch(() => undefined))?.status === 200;

  it('keeps what runs when the leader goes: commands, agent, executor and drain find the next', async () => {
    const first = await master('first');
    await until('the first leads', () => leads(first));
    const second = await master('second');
    await agent();

    const framework = await LiveFramework.subscribe(
      [`127.0.0.1:${first.port}`, `127.0.0.1:${second.port}`],
      'drivers',
      {
        capabilities: ['MULTI_ROLE', 'PARTITION_AWARE'],
        failoverTimeoutSeconds: 600,
      },
    );
    const { client: scheduler, statuses } = framework;
    open.push(() => scheduler.close({ teardown: true }));
    await until('something is offered', () => framework.offers.size > 0);
    const [offer] = framework.offers.values();
    const executor = {
      type: 'CUSTOM' as const,
      executor_id: { value: 'E' },
      command: { value: `exec ${process.execPath} ${DRIVER}` },
    };
    const launched = await scheduler.launch(
      offer!,
      ['a', 'b'].map((id) => ({
        name: id,
        task_id: { value: id },
        agent_id: offer!.agent_id,
        executor,
        resources: [
          { name: 'cpus', type: 'SCALAR' as const, scalar: { value: 0.1 }, allocation_info: { role: '*' } },
          { name: 'mem', type: 'SCALAR' as const, scalar: { value: 32 }, allocation_info: { role: '*' } },
        ],
      })),
    );
    expect(launched.ok).toBe(true);
    const stateOf = (id: string): string | undefined =>
      statuses.filter(({ task_id }) => task_id.value === id).at(-1)?.state;
    await until('both run', () => stateOf('a') === 'TASK_RUNNING' && stateOf('b') === 'TASK_RUNNING');
    const listed = await mesolite('ps', `--master=${zk()}`);
    expect(listed).toMatchObject({ code: 0, out: expect.stringContaining(' RUNNING ') });

    await first.stop();
    await until('the second leads', () => leads(second));
    const agents = async (): Promise<{ active: boolean }[]> => {
      const answer = await fetch(`http://127.0.0.1:${second.port}/slaves`);
      return ((await answer.json()) as Record<'slaves', { active: boolean }[]>)['slaves'];
    };
    await until('the agent is back', async () => (await agents()).some(({ active }) => active));
    await until('the framework is back', () => scheduler.connected);
    const told = await mesolite('ps', `--master=${zk()}`);
    expect(told).toMatchObject({ code: 0, out: expect.stringContaining(' RUNNING ') });
    await scheduler.message('E', offer!.agent_id.value, Buffer.from('finish a'));
    await until('the executor hears', () => stateOf('a') === 'TASK_FINISHED');

    const drained = await fetch(`http://127.0.0.1:${second.port}/api/v1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ type: 'DRAIN_AGENT', drain_agent: { agent_id: offer!.agent_id } }),
    });
    expect([drained.status, await drained.text()]).toEqual([200, '']);
    await until('b is killed', () => stateOf('b') === 'TASK_KILLED');
    expect(statuses.at(-1)).toMatchObject({ reason: 'REASON_AGENT_DRAINING' });
  });

  it('runs a command and tells its end', async () => {
    const only = await master('first');
    await until('it leads', () => leads(only));
    await agent();
    const { code, out } = await mesolite('execute', `--master=${zk()}`, '--command=echo done', '--name=t');
    expect([code, out]).toEqual([0, expect.stringContaining('done')]);
  });

  it('says when nobody leads', async () => {
    const { code, err } = await mesolite('ps', `--master=zk://user:word@${ensemble.servers}/nobody`);
    expect(code).toBe(1);
    expect(err).toContain(`no leading master was found at zk://${ensemble.servers}/nobody within 10 s`);
  });
});
