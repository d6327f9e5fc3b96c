/** What an agent process leaves behind when it dies, and what it takes along when it ends. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentProcess, end, isRunning } from './agent-process.ts';
import { MasterPeer } from './master-peer.ts';
import { agentFlags } from './running-agent.ts';
import { commandTask, framework } from './tasks.ts';
import { until } from './until.ts';

describe('an agent that is killed', () => {
  let directory: string;
  let master: MasterPeer;
  let agents: ChildProcess[];
  /** Tasks that outlive their agent end when this file is there. */
  let gate: string;
  let supervisors: number[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'agent-'));
    master = await MasterPeer.start();
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
    const registrations = master.registered;
    const agent = await agentProcess([...agentFlags(directory, master.address), '--quiet']);
    agents.push(agent);
    await until('the agent registered', () => master.registered > registrations);
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

  /** What supervisors wrote about the ends of their commands. */
  const exitStatuses = (): string[] => {
    const containers = join(directory, 'runtime/containers');
    return readdirSync(containers)
      .map((id) => join(containers, id, 'status'))
      .filter((path) => existsSync(path))
      .map((path) => readFileSync(path, 'utf8').trim())
      .sort();
  };

  it('leaves its tasks running, through the start of another agent, with their exit status on disk', async () => {
    const agent = await start();
    const command = `${untilGate()}; echo over; exit`;
    const pids = [
      await running('plain', `${command} 7`),
      await running('kept', `${command} 8`, framework({ id: { value: 'G' }, checkpoint: true })),
    ];
    await end(agent, 'SIGKILL');
    expect(pids.map(isRunning)).toEqual([true, true]);
    await start();
    expect(master.registrations.at(-1)?.agent.id).toBeUndefined();
    expect(pids.map(isRunning)).toEqual([true, true]);
    expect(exitStatuses()).toEqual([]);

    master.run(framework(), commandTask('next', 'true'));
    await until('the new agent runs tasks', () => master.statesOf('next').includes('TASK_FINISHED'));
    master.run(framework(), commandTask('opener', `touch ${gate}`));
    await until('their ends are on disk', () => exitStatuses().includes('end 7') && exitStatuses().includes('end 8'));
    await until('they are gone', () => !pids.some(isRunning));
    const outputs = ['F', 'G'].map((id, index) =>
      readFileSync(
        join(directory, `work/slaves/M-S0/frameworks/${id}/executors/${['plain', 'kept'][index]}/runs/latest/stdout`),
        'utf8',
      ),
    );
    expect(outputs).toEqual(['over\n', 'over\n']);
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
