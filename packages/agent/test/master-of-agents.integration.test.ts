/** Which master an agent finds, and how it proves to it who it is: over real sockets, and a real ZooKeeper. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JSON_LABEL, ZkContender, ZkSession } from '@mesolite/coordination';
import { ZooKeeperEnsemble, zookeeperObstacle } from '@mesolite/coordination/testing';
import { systemClock, systemTimers } from '@mesolite/daemon';
import { silentLog } from '@mesolite/ports';
import { MasterInfo } from '@mesolite/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningAgent, startAgent } from '../src/index.ts';
import { MasterPeer } from './master-peer.ts';
import { agentFlags } from './running-agent.ts';
import { commandTask, framework } from './tasks.ts';
import { until } from './until.ts';

const obstacle = zookeeperObstacle();
if (obstacle !== undefined) console.log(`skipped: agents that find their master through ZooKeeper: ${obstacle}`);

let directory: string;
let masters: MasterPeer[];
let open: (() => unknown)[];
const log: string[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'agent-'));
  masters = await Promise.all([MasterPeer.start(), MasterPeer.start()]);
  open = [];
  log.length = 0;
});
afterEach(async () => {
  for (const close of open.reverse()) await close();
  for (const master of masters) await master.stop();
  await rm(directory, { recursive: true, force: true });
});

async function agentOf(master: string, ...flags: string[]): Promise<RunningAgent> {
  const started = await startAgent({
    argv: [...agentFlags(directory, master), ...flags],
    env: {},
    stderr: (line) => log.push(line),
  });
  if (!started.ok) throw new Error(started.error.text);
  open.push(() => started.value.stop());
  return started.value;
}

describe('an agent with a credential', () => {
  const credential = async (secret: string): Promise<string> => {
    const path = join(directory, 'credential');
    await writeFile(path, JSON.stringify({ principal: 'agent', secret }), { mode: 0o600 });
    return `--credential=${path}`;
  };

  it('is authenticated before it registers, and again by the next master at the same place', async () => {
    const [master] = masters;
    master!.secrets = new Map([['agent', 'sesame']]);
    const agent = await agentOf(master!.address, await credential('sesame'));
    // What it says once it heard that it is registered.
    await until('it is registered', () => master!.names.some((name) => name.endsWith('UpdateSlaveMessage')));
    expect(master!.authenticated).toEqual(new Map([[agent.pid, 'agent']]));
    const words = master!.names.map((name) => name.split('.').at(-1));
    expect(words.slice(0, 2)).toEqual(['AuthenticateMessage', 'RegisterSlaveMessage']);

    const { port } = master!;
    await master!.stop();
    const next = await MasterPeer.start(port);
    masters[0] = next;
    next.secrets = new Map([['agent', 'sesame']]);
    await until('it registered again', () => next.reregistrations.length > 0, 30_000);
    expect(next.names[0]).toContain('AuthenticateMessage');
  });

  it('ends when its secret is wrong', async () => {
    const [master] = masters;
    master!.secrets = new Map([['agent', 'sesame']]);
    const agent = await agentOf(master!.address, await credential('wrong'));
    expect(await agent.stopped).toBe(1);
    expect(log.some((line) => line.includes(`Master master@${master!.address} refused authentication`))).toBe(true);
    expect(master!.registered).toBe(0);
  });

  it('goes on trying while the master does not answer', async () => {
    const [master] = masters;
    await agentOf(
      master!.address,
      await credential('sesame'),
      '--authentication_timeout_min=50ms',
      '--authentication_backoff_factor=10ms',
    );
    const asked = (): number => master!.names.filter((name) => name.endsWith('AuthenticateMessage')).length;
    await until('it asked three times', () => asked() >= 3);
    master!.secrets = new Map([['agent', 'sesame']]);
    await until('it registered', () => master!.registered > 0);
  });
});

it('an agent finds its master by a file', async () => {
  const [master] = masters;
  await writeFile(join(directory, 'master'), `${master!.address}\n`);
  await agentOf(`file://${join(directory, 'master')}`);
  await until('it registered', () => master!.registered > 0);
});

it('an agent waits for a name that nobody knows yet', async () => {
  const agent = await agentOf('no-such-host.invalid:5050');
  await until('it says so', () => log.some((line) => line.includes("Failed to resolve 'no-such-host.invalid'")));
  await agent.stop();
});

describe.skipIf(obstacle !== undefined)('an agent that finds its master through ZooKeeper', () => {
  let ensemble: ZooKeeperEnsemble;
  beforeEach(async () => {
    ensemble = await ZooKeeperEnsemble.start(1);
  });
  afterEach(() => ensemble.end());

  /** Lets a master stand for election; resolves when it does, with how it steps down. */
  async function elect(master: MasterPeer): Promise<() => Promise<void>> {
    const info: MasterInfo = {
      id: master.address,
      ip: 16_777_343,
      port: master.port,
      pid: `master@${master.address}`,
      hostname: 'localhost',
      address: { ip: '127.0.0.1', port: master.port, hostname: 'localhost' },
    };
    const session = new ZkSession({
      url: { servers: ensemble.servers, credentials: undefined },
      timeoutMs: 2_000,
      clock: systemClock,
      timers: systemTimers,
      log: silentLog,
    });
    let stands = false;
    const contender = new ZkContender({
      session,
      path: '/mesos',
      label: JSON_LABEL,
      data: Buffer.from(MasterInfo.toJson(info)),
      timers: systemTimers,
      log: silentLog,
      joined: () => {
        stands = true;
      },
      lost: () => {},
      refused: () => {},
    });
    open.push(() => session.close());
    await until('the master stands', () => stands);
    return () => contender.withdraw();
  }

  it('follows a change of leader with what it runs, and waits while nobody leads', async () => {
    const [first, second] = masters as [MasterPeer, MasterPeer];
    const stepDown = await elect(first);
    const agent = await agentOf(`zk://${ensemble.servers}/mesos`, '--zk_session_timeout=2secs');
    await until('it registered', () => first.registered > 0);
    first.run(framework(), commandTask('t', 'sleep 1000'));
    await until('t runs', () => first.statesOf('t').includes('TASK_RUNNING'));

    await stepDown();
    await until('nobody leads', () => log.some((line) => line.includes('Lost leading master')));
    // Nothing goes to the old one any more: the end of the task waits for the next.
    first.acknowledges = false;
    first.kill('F', 't');
    await until('the old one is not heeded', () =>
      log.some((line) => line.includes("Ignoring 'kill-task'") && line.includes('expected master is none')),
    );
    await elect(second);
    await until('it registered with the next', () => second.reregistrations.length > 0);
    expect(second.reregistrations[0]?.tasks?.map(({ task_id, state }) => [task_id.value, state])).toEqual([
      ['t', 'TASK_RUNNING'],
    ]);
    second.kill('F', 't');
    await until('t is killed', () => second.statesOf('t').includes('TASK_KILLED'));
    const state = (await (await fetch(`http://127.0.0.1:${agent.port}/state`)).json()) as Record<string, unknown>;
    expect(state['master_hostname']).toBe('localhost');
  });
});
