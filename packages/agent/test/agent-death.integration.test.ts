/** What an agent process leaves behind when it dies, and what it takes along when it ends. */
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentProcess, end, isRunning } from './agent-process.ts';
import { MasterPeer } from './master-peer.ts';
import { agentFlags, freePort } from './running-agent.ts';
import { commandTask, framework } from './tasks.ts';
import { until } from './until.ts';

describe('an agent that is killed', () => {
  let directory: string;
  let master: MasterPeer;
  let port: number;
  let agents: ChildProcess[];
  /** Tasks that outlive their agent end when this file is there. */
  let gate: string;
  let supervisors: number[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'agent-'));
    master = await MasterPeer.start();
    port = await freePort();
    agents = [];
    gate = join(directory, 'gate');
    supervisors = [];
  });
  afterEach(async () => {
    await Promise.all(agents.map((agent) => end(agent, 'SIGKILL')));
    await writeFile(gate, '');
    await until('no task is left', () => !supervisors.some(isRunning));
    await master.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const start = async (): Promise<ChildProcess> => {
    const registrations = master.registered + master.reregistrations.length;
    const agent = await agentProcess([...agentFlags(directory, master.address, port), '--quiet']);
    agents.push(agent);
    await until('the agent registered', () => master.registered + master.reregistrations.length > registrations);
    return agent;
  };

  const untilGate = (): string => `while [ ! -e ${gate} ]; do sleep 0.05; done`;

  /** Starts a task and answers the pid of its supervisor. */
  const running = async (id: string, command: string, info = framework()): Promise<number> => {
    master.run(info, commandTask(id, command));
    await until(`${id} runs`, () => master.statesOf(id).includes('TASK_RUNNING'));
    const pid = master.statuses.find((status) => status.task_id.value === id)?.container_status?.executor_pid ?? -1;
    supervisors.push(pid);
    return pid;
  };

  it('leaves the tasks of frameworks that checkpoint to the next one, which ends the others', async () => {
    const agent = await start();
    const [plain, kept] = [
      await running('plain', untilGate()),
      await running('kept', `${untilGate()}; echo over; exit 8`, framework({ id: { value: 'G' }, checkpoint: true })),
    ];
    await end(agent, 'SIGKILL');
    expect(isRunning(kept)).toBe(true);
    await start();
    expect(master.reregistrations.at(-1)?.tasks?.map(({ task_id }) => task_id.value)).toEqual(['kept']);
    expect(isRunning(kept)).toBe(true);
    await until('the other one is gone', () => !isRunning(plain));

    master.run(framework(), commandTask('next', 'true'));
    await until('the new agent runs tasks', () => master.statesOf('next').includes('TASK_FINISHED'));
    await writeFile(gate, '');
    await until('its end is told', () => master.statesOf('kept').includes('TASK_FAILED'));
    expect(master.statuses.find(({ state }) => state === 'TASK_FAILED')?.message).toBe('Command exited with status 8');
    const stdout = 'work/slaves/M-S0/frameworks/G/executors/kept/runs/latest/stdout';
    expect(readFileSync(join(directory, stdout), 'utf8')).toBe('over\n');
    const states = join(directory, 'runtime/containers');
    await until('nothing is kept of them', () => readdirSync(states).length === 0);
  });

  it('takes only tasks without checkpoints along when it is ended in order', async () => {
    const agent = await start();
    const plain = await running('plain', untilGate());
    const kept = await running('kept', untilGate(), framework({ id: { value: 'G' }, checkpoint: true }));
    expect(await end(agent, 'SIGTERM')).toBe(0);
    await until('the plain one is gone', () => !isRunning(plain));
    expect(isRunning(kept)).toBe(true);
  });

  it('ends all tasks and says farewell on SIGUSR1', async () => {
    const agent = await start();
    const kept = await running('kept', untilGate(), framework({ id: { value: 'G' }, checkpoint: true }));
    expect(await end(agent, 'SIGUSR1')).toBe(0);
    expect(master.unregistered).toHaveLength(1);
    await until('the task is gone', () => !isRunning(kept));
  });
});
