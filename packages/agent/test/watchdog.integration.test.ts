/** What ends when an agent is killed and none comes back, and what does not when one does. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentProcess, end, isRunning } from './agent-process.ts';
import { MasterPeer } from './master-peer.ts';
import { agentFlags, freePort } from './running-agent.ts';
import { commandTask, framework } from './tasks.ts';
import { until } from './until.ts';

const KEPT = framework({ id: { value: 'G' }, checkpoint: true });

describe('when an agent is killed', () => {
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
    for (const agent of agents) await end(agent, 'SIGKILL');
    await until('no task is left', () => !pids().some(isRunning), 30_000);
    await until('no watchdog is left', () => !watchdogs().some(isRunning), 30_000);
    await master.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const pids = (): number[] => master.statuses.flatMap(({ container_status }) => container_status?.executor_pid ?? []);
  const watchdogs = (): number[] => {
    const holders = join(directory, 'runtime/watchdogs');
    return readdirSync(holders).map((name) => Number(readFileSync(join(holders, name), 'utf8')));
  };
  const start = async (recoveryTimeout = '2secs'): Promise<ChildProcess> => {
    const before = master.registered + master.reregistrations.length;
    const flags = [`--recovery_timeout=${recoveryTimeout}`, '--executor_shutdown_grace_period=1secs', '--quiet'];
    const agent = await agentProcess([...agentFlags(directory, master.address, port), ...flags]);
    agents.push(agent);
    await until('the agent registered', () => master.registered + master.reregistrations.length > before);
    return agent;
  };
  /** Answers the pid of the task's supervisor. */
  const running = async (id: string, command: string, info = framework()): Promise<number> => {
    master.run(info, commandTask(id, command));
    await until(`${id} runs`, () => master.statesOf(id).includes('TASK_RUNNING'));
    return master.statuses.find(({ task_id }) => task_id.value === id)?.container_status?.executor_pid ?? -1;
  };

  it('tasks of frameworks without checkpoints end at once, the others when no agent came in time', async () => {
    const agent = await start();
    const told = join(directory, 'told');
    const tasks = {
      plain: await running('plain', 'sleep 1000'),
      polite: await running('polite', `trap 'echo bye > ${told}; exit 0' TERM; while :; do sleep 0.05; done`),
      stubborn: await running('stubborn', `trap '' TERM; while :; do sleep 0.05; done`),
      hidden: await running('hidden', `setsid sh -c 'sleep 1000; true' & exec env -i sleep 1000`),
      kept: await running('kept', 'sleep 1000', KEPT),
    };
    const others = [tasks.plain, tasks.polite, tasks.stubborn, tasks.hidden];
    const killedAt = performance.now();
    await end(agent, 'SIGKILL');
    await until('the others ended', () => !others.some(isRunning));
    expect(existsSync(told)).toBe(true);
    await until('the kept one ended, too', () => !isRunning(tasks.kept));
    expect(performance.now() - killedAt).toBeGreaterThan(1_900);
    // Their supervisors wrote down how it went.
    const states = join(directory, 'runtime/containers');
    const ends = readdirSync(states).map((id) =>
      readFileSync(join(states, id, 'status'), 'utf8')
        .trim()
        .split('\n')
        .at(-1),
    );
    expect(ends.sort()).toEqual(['end 0', 'end 137', 'end 143', 'end 143', 'end 143']);

    await start();
    expect(master.reregistrations.at(-1)?.agent.id?.value).toBe(master.agentId);
    await until('its end is told', () => master.statesOf('kept').includes('TASK_FAILED'));
    expect(master.statuses.at(-1)?.message).toBe('Command terminated with signal Terminated');
  });

  it('a new agent in time keeps them alive, and has a watchdog of its own', async () => {
    const first = await start('10secs');
    const kept = await running('kept', 'sleep 1000', KEPT);
    const [before] = watchdogs();
    await end(first, 'SIGKILL');
    const second = await start('10secs');
    const [after] = watchdogs();
    expect(after).not.toBe(before);
    await until('the old watchdog went', () => !isRunning(before ?? -1));
    expect(isRunning(kept)).toBe(true);
    await end(second, 'SIGKILL');
    await until('without an agent it ends', () => !isRunning(kept), 40_000);
    await until('and the watchdog with it', () => !isRunning(after ?? -1));
  });

  it('a watchdog that was killed is replaced', async () => {
    const agent = await start();
    const kept = await running('kept', 'sleep 1000', KEPT);
    const [before = -1] = watchdogs();
    process.kill(before, 'SIGKILL');
    await until('there is another one', () => {
      const [after = -1] = watchdogs();
      return after !== before && isRunning(after);
    });
    await end(agent, 'SIGKILL');
    await until('which does the same', () => !isRunning(kept));
  });
});
