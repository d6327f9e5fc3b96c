/**
 * An agent that is killed with -9 and started again goes on with what it ran. `MESOLITE_FAILOVER_TASKS` says how many command
 * tasks that is; there is a custom executor for each twenty, by turns one over HTTP and one with the old driver.
 */
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FrameworkToExecutorMessage } from '@mesolite/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentProcess, end, ending, isRunning } from './agent-process.ts';
import { MasterPeer } from './master-peer.ts';
import { agentFlags, freePort } from './running-agent.ts';
import { commandTask, customExecutor, framework } from './tasks.ts';
import { until } from './until.ts';

const COMMANDS = Number(process.env['MESOLITE_FAILOVER_TASKS'] ?? 100);
const EXECUTORS = Math.max(1, Math.floor(COMMANDS / 20));
const EXECUTOR = fileURLToPath(new URL('executor-program.mjs', import.meta.url));
const DRIVER = fileURLToPath(new URL('driver-executor.mjs', import.meta.url));
const KEPT = framework({ checkpoint: true });

describe('an agent that is killed and started again', () => {
  let directory: string;
  let gates: string;
  let master: MasterPeer;
  let port: number;
  let agents: ChildProcess[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'agent-'));
    gates = join(directory, 'gates');
    await mkdir(gates);
    master = await MasterPeer.start();
    port = await freePort();
    agents = [];
  });
  afterEach(async () => {
    await Promise.all(agents.map((agent) => end(agent, 'SIGUSR1')));
    await until('no task is left', () => !pids().some(isRunning), 30_000);
    await master.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const pids = (): number[] => master.statuses.flatMap(({ container_status }) => container_status?.executor_pid ?? []);
  const start = async (...flags: string[]): Promise<ChildProcess> => {
    const before = master.registrations.length + master.reregistrations.length;
    const agent = await agentProcess([...agentFlags(directory, master.address, port), '--quiet', ...flags]);
    agents.push(agent);
    await until('the agent registered', () => master.registrations.length + master.reregistrations.length > before);
    return agent;
  };
  /** A command that ends as told when its gate opens. */
  const gated = (id: string, then: string): string => `while [ ! -e ${gates}/${id} ]; do sleep 0.05; done; ${then}`;
  const open = (id: string, text = ''): Promise<void> => writeFile(join(gates, id), text);
  /** Ends the task of an executor with the old driver. */
  const finish = (id: string): void =>
    master.send(FrameworkToExecutorMessage, {
      agent_id: { value: master.agentId },
      framework_id: { value: 'F' },
      executor_id: { value: id },
      data: Buffer.from(`finish ${id}`),
    });
  const runs = (id: string): Promise<void> =>
    until(`${id} runs`, () => master.statesOf(id).includes('TASK_RUNNING'), 30_000);
  const ended = (id: string): Promise<void> =>
    until(
      `${id} ended`,
      () => master.statesOf(id).some((state) => /FINISHED|FAILED|KILLED|LOST|GONE/.test(state)),
      30_000,
    );

  /** States of a task, each update once: what was not known to be acknowledged is told again. */
  const told = (id: string): string[] => {
    const updates = master.statuses.filter(({ task_id }) => task_id.value === id);
    return [...new Map(updates.map(({ uuid, state }) => [Buffer.from(uuid ?? []).toString('hex'), state])).values()];
  };

  it('has all tasks again, and the true ends of those that ended meanwhile', async () => {
    const first = await start();
    const commands = Array.from({ length: COMMANDS }, (_, n) => `c${n}`);
    for (const [n, id] of commands.entries()) {
      master.run(KEPT, {
        ...commandTask(id, gated(id, n % 4 === 1 ? 'kill -SEGV $$' : `exit ${n % 4}`)),
        resources: [],
      });
    }
    const custom = Array.from({ length: EXECUTORS }, (_, n) => `e${n}`);
    for (const [n, id] of custom.entries()) {
      const program = n % 2 === 0 ? `${EXECUTOR} ${gates}` : DRIVER;
      const executor = customExecutor(id, `exec ${process.execPath} ${program}`);
      master.run(KEPT, { name: id, task_id: { value: id }, executor, resources: [] });
    }
    for (const id of [...commands, ...custom]) await runs(id);
    await end(first, 'SIGKILL');

    const meanwhile = commands.filter((_, n) => n % 2 === 0);
    for (const id of meanwhile) await open(id);
    await until('they are gone', () => pids().filter((pid) => !isRunning(pid)).length >= meanwhile.length, 30_000);
    await start();

    const message = master.reregistrations.at(-1);
    expect(message?.agent.id?.value).toBe(master.agentId);
    expect(message?.tasks?.map(({ task_id }) => task_id.value).sort()).toEqual([...commands, ...custom].sort());
    expect(message?.executor_infos?.map(({ executor_id }) => executor_id.value).sort()).toEqual([...custom].sort());
    for (const id of meanwhile) await ended(id);
    for (const id of commands) await open(id);
    for (const [n, id] of custom.entries()) {
      if (n % 2 === 0) await open(id, 'TASK_FINISHED');
      else finish(id);
    }
    for (const id of [...commands, ...custom]) await ended(id);
    const last = new Map(master.statuses.map((status) => [status.task_id.value, status]));
    const words = [
      'Command exited with status 0',
      'Command terminated with signal Segmentation fault',
      'Command exited with status 2',
      'Command exited with status 3',
    ];
    for (const [n, id] of commands.entries()) {
      expect([id, last.get(id)?.state, last.get(id)?.message]).toEqual([
        id,
        n % 4 === 0 ? 'TASK_FINISHED' : 'TASK_FAILED',
        expect.stringContaining(words[n % 4] ?? ''),
      ]);
    }
    for (const id of custom) expect([id, told(id)]).toEqual([id, ['TASK_RUNNING', 'TASK_FINISHED']]);
    const ends = master.statuses.filter(({ state }) => /FINISHED|FAILED/.test(state));
    expect(new Set(ends.map(({ task_id }) => task_id.value)).size).toBe(COMMANDS + EXECUTORS);
    expect(new Set(ends.map(({ uuid }) => Buffer.from(uuid ?? []).toString('hex'))).size).toBe(COMMANDS + EXECUTORS);
  });

  it('ends what the former one left when it is to clean up, and the next one is another agent', async () => {
    const first = await start();
    master.run(KEPT, commandTask('t', 'sleep 1000'));
    await runs('t');
    await end(first, 'SIGKILL');
    const flags = [...agentFlags(directory, master.address, port), '--quiet', '--recover=cleanup'];
    const cleaner = await agentProcess(flags);
    agents.push(cleaner);
    expect(await ending(cleaner)).toBe(0);
    await until('the task is gone', () => !pids().some(isRunning));
    await start();
    expect(master.registrations.filter(({ agent }) => agent.id !== undefined)).toEqual([]);
    expect(master.reregistrations).toEqual([]);
  });

  it('does not start when its configuration has lost something, and the tasks live on until it is mended', async () => {
    const first = await start();
    master.run(KEPT, commandTask('t', gated('t', 'exit 7')));
    await runs('t');
    await end(first, 'SIGKILL');
    const flags = agentFlags(directory, master.address, port);
    const less = flags.map((flag) => (flag.startsWith('--resources') ? '--resources=cpus:1;mem:64' : flag));
    await expect(agentProcess([...less, '--quiet', '--reconfiguration_policy=additive'])).rejects.toThrow(
      'ended with 1',
    );
    expect(pids().every(isRunning)).toBe(true);
    const more = ['--attributes=rack:a', '--reconfiguration_policy=additive'];
    await start(...more);
    const [message] = master.reregistrations;
    expect(message?.agent.attributes).toMatchObject([{ name: 'rack' }]);
    expect(message?.tasks?.map(({ task_id }) => task_id.value)).toEqual(['t']);
    await open('t');
    await ended('t');
    expect(master.statuses.at(-1)?.message).toBe('Command exited with status 7');
    // What was added is there for good.
    await end(agents.at(-1)!, 'SIGKILL');
    await start('--attributes=rack:a');
  });

  it('takes nothing for running after a reboot, and remains the same agent', async () => {
    const first = await start();
    master.run(KEPT, commandTask('lost', 'sleep 1000'));
    master.run(KEPT, commandTask('done', 'exit 3'));
    await runs('lost');
    await ended('done');
    await end(first, 'SIGKILL');
    for (const pid of pids().filter(isRunning)) process.kill(-pid, 'SIGKILL');
    await writeFile(join(directory, 'work/meta/boot_id'), 'another');
    await start();
    await ended('lost');
    expect(master.registered).toBe(1);
    const lost = master.statuses.findLast(({ task_id }) => task_id.value === 'lost');
    expect(lost).toMatchObject({ state: 'TASK_FAILED', message: 'Abnormal executor termination: unknown container' });
    master.run(KEPT, commandTask('next', 'true'));
    await ended('next');
  });

  it('says which file is spoiled and how to go on, and goes on without it when it is told so', async () => {
    const first = await start();
    master.run(KEPT, commandTask('t', gated('t', 'true')));
    await runs('t');
    await end(first, 'SIGKILL');
    const path = join(directory, 'work/meta/slaves/M-S0/frameworks/F/executors/t/executor.info');
    await writeFile(path, 'spoiled');
    await expect(agentProcess([...agentFlags(directory, master.address, port), '--quiet'])).rejects.toThrow(
      'ended with 1',
    );
    const agent = await start('--no-strict');
    expect(master.reregistrations.at(-1)?.tasks ?? []).toEqual([]);
    const metrics = (await (await fetch(`http://127.0.0.1:${port}/metrics/snapshot`)).json()) as Record<string, number>;
    expect(metrics['slave/recovery_errors']).toBe(1);
    await until('what nobody knows any more is ended', () => !pids().some(isRunning));
    expect(isRunning(agent.pid ?? -1)).toBe(true);
  });

  it('comes back to its port when any will do', async () => {
    port = 0;
    const first = await start();
    const before = master.agentPid;
    await until('it knows who it is', () => existsSync(join(directory, 'work/meta/slaves/latest/slave.info')));
    await end(first, 'SIGKILL');
    await start();
    expect(master.agentPid).toBe(before);
  });
});
