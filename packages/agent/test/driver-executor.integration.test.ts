/** Executors of the old driver as processes, under an agent of its own process, which is killed. Needs a build. */
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FrameworkToExecutorMessage } from '@mesolite/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentProcess, end, isRunning } from './agent-process.ts';
import { MasterPeer } from './master-peer.ts';
import { agentFlags, freePort } from './running-agent.ts';
import { customExecutor, framework } from './tasks.ts';
import { until } from './until.ts';

const PROGRAM = fileURLToPath(new URL('driver-executor.mjs', import.meta.url));
const executor = customExecutor('E', `exec ${process.execPath} ${PROGRAM}`);

describe('an executor of the old driver', () => {
  let directory: string;
  let master: MasterPeer;
  let port: number;
  let agents: ChildProcess[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'agent-'));
    master = await MasterPeer.start();
    port = await freePort();
    agents = [];
  });
  afterEach(async () => {
    await Promise.all(agents.map((agent) => end(agent, 'SIGUSR1')));
    await until('no executor is left', () => !pids().some(isRunning), 30_000);
    await master.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const pids = (): number[] => master.statuses.flatMap(({ container_status }) => container_status?.executor_pid ?? []);
  const start = async (): Promise<ChildProcess> => {
    const before = master.registered + master.reregistrations.length;
    const agent = await agentProcess([...agentFlags(directory, master.address, port), '--quiet']);
    agents.push(agent);
    await until('the agent registered', () => master.registered + master.reregistrations.length > before);
    return agent;
  };
  const run = (id: string, info = framework()): void =>
    master.run(info, { name: id, task_id: { value: id }, executor, resources: [] });
  const say = (text: string): void =>
    master.send(FrameworkToExecutorMessage, {
      agent_id: { value: master.agentId },
      framework_id: { value: 'F' },
      executor_id: { value: 'E' },
      data: Buffer.from(text),
    });
  const is = (id: string, state: string): Promise<void> =>
    until(`${id} is ${state}`, () => master.statesOf(id).at(-1) === state, 30_000);
  const heard = (): string[] => master.messages.map(({ data }) => Buffer.from(data).toString());

  it('runs its tasks, hears and is heard, kills, and is shut down', async () => {
    await start();
    run('a');
    await is('a', 'TASK_RUNNING');
    run('b');
    await is('b', 'TASK_RUNNING');
    master.kill('F', 'a');
    await is('a', 'TASK_KILLED');
    say('hello');
    await until('it answered', () => heard().length > 0);
    expect(heard()).toEqual(['hello']);
    say('environment');
    await until('it told its variables', () => heard().length > 1);
    const environment = JSON.parse(heard()[1] ?? '') as Record<string, string>;
    expect(environment).toMatchObject({
      LIBPROCESS_IP: '127.0.0.1',
      LIBPROCESS_PORT: '0',
      MESOS_AGENT_ENDPOINT: `127.0.0.1:${port}`,
      MESOS_CHECKPOINT: '0',
      MESOS_EXECUTOR_ID: 'E',
      MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: '5secs',
      MESOS_FRAMEWORK_ID: 'F',
      'MESOS_SLAVE_ID': master.agentId,
      'MESOS_SLAVE_PID': `slave(1)@127.0.0.1:${port}`,
    });
    expect(environment['MESOS_DIRECTORY']).toContain('/executors/E/runs/');
    say('finish b');
    await is('b', 'TASK_FINISHED');
    master.shutdownExecutor('F', 'E');
    await until('it ended', () => master.exitedExecutors.length > 0);
    expect(master.exitedExecutors).toMatchObject([{ executor_id: { value: 'E' }, status: 0 }]);
  });

  it('takes its tasks with it when it dies', async () => {
    await start();
    run('a');
    await is('a', 'TASK_RUNNING');
    say('die');
    await is('a', 'TASK_FAILED');
    expect(master.statuses.at(-1)).toMatchObject({
      source: 'SOURCE_AGENT',
      reason: 'REASON_EXECUTOR_TERMINATED',
      message: 'Executor terminated',
    });
    expect(master.exitedExecutors).toMatchObject([{ status: 3 << 8 }]);
  });

  it('outlives its agent where the framework checkpoints, and is called back by the next', async () => {
    const first = await start();
    run('a', framework({ checkpoint: true }));
    run('b', framework({ checkpoint: true }));
    await is('b', 'TASK_RUNNING');
    await end(first, 'SIGKILL');
    await start();
    const [again] = master.reregistrations;
    expect(again?.executor_infos?.map(({ executor_id }) => executor_id.value)).toEqual(['E']);
    expect(again?.tasks?.map(({ task_id, state }) => [task_id.value, state]).sort()).toEqual([
      ['a', 'TASK_RUNNING'],
      ['b', 'TASK_RUNNING'],
    ]);
    say('finish a');
    await is('a', 'TASK_FINISHED');
    master.kill('F', 'b');
    await is('b', 'TASK_KILLED');
    expect(new Set(pids()).size).toBe(1);
  });

  it('ends itself with its agent where the framework does not checkpoint', async () => {
    const first = await start();
    run('a');
    await is('a', 'TASK_RUNNING');
    await end(first, 'SIGKILL');
    await until('it is gone', () => !pids().some(isRunning));
  });
});
