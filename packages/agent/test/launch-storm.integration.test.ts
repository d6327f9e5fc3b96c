/**
 * An agent that is killed while it launches: of each task the next one knows whether it ever ran, and how it ended. No task
 * runs twice, none that ran is forgotten, none is told to have been dropped that ran.
 */
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@mesolite/base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentProcess, end, isRunning } from './agent-process.ts';
import { MasterPeer } from './master-peer.ts';
import { agentFlags, freePort } from './running-agent.ts';
import { commandTask, framework } from './tasks.ts';
import { until } from './until.ts';

const TASKS = 40;
const ROUNDS = Number(process.env['MESOLITE_STORM_ROUNDS'] ?? 3);
const KEPT = framework({ checkpoint: true });
const END = /FINISHED|FAILED|KILLED|LOST|GONE|DROPPED/;

describe('an agent that is killed while it launches', () => {
  let directory: string;
  let ran: string;
  let master: MasterPeer;
  let agents: ChildProcess[];
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'agent-'));
    ran = join(directory, 'ran');
    await mkdir(ran);
    master = await MasterPeer.start();
    agents = [];
  });
  afterEach(async () => {
    for (const agent of agents) await end(agent, 'SIGUSR1');
    await master.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const starts = (id: string): number =>
    existsSync(join(ran, id)) ? readFileSync(join(ran, id), 'utf8').split('\n').length - 1 : 0;
  /** Each end once, by its uuid. */
  const ends = (id: string): string[] => {
    const all = master.statuses.filter(({ task_id, state }) => task_id.value === id && END.test(state));
    return [...new Map(all.map(({ uuid, state }) => [Buffer.from(uuid ?? []).toString('hex'), state])).values()];
  };

  it(
    'leaves nothing in doubt',
    async () => {
      const random = seededRandom(5);
      const port = await freePort();
      const flags = [
        ...agentFlags(directory, master.address, port),
        '--quiet',
        '--executor_reregistration_timeout=200ms',
      ];
      const start = async (): Promise<ChildProcess> => {
        const before = master.introductions.length;
        const agent = await agentProcess(flags);
        agents.push(agent);
        await until('the agent registered', () => master.introductions.length > before);
        return agent;
      };
      let agent = await start();
      await until('it knows who it is', () => existsSync(join(directory, 'work/meta/slaves/latest/slave.info')));
      const ids: string[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const seen = master.statuses.length;
        for (let n = 0; n < TASKS; n++) {
          const id = `r${round}-${n}`;
          ids.push(id);
          const time = n % 2 === 0 ? '0' : '1';
          master.run(KEPT, {
            ...commandTask(id, `echo x >> ${ran}/${id}; sleep ${time}; exit ${n % 3}`),
            resources: [],
          });
        }
        const some = Math.floor(random.next() * TASKS * 2);
        await until('some are under way', () => master.statuses.length >= seen + some, 20_000);
        await end(agent, 'SIGKILL');
        agent = await start();
        const known = new Set(master.reregistrations.at(-1)?.tasks?.map(({ task_id }) => task_id.value));
        await until('all it knows have ended', () => [...known].every((id) => ends(id).length > 0), 30_000);
      }
      for (const id of ids) {
        const index = Number(id.split('-')[1]);
        const [state, ...more] = ends(id);
        expect([id, more]).toEqual([id, []]);
        if (state === undefined || state === 'TASK_DROPPED') expect([id, state, starts(id)]).toEqual([id, state, 0]);
        else expect([id, state, starts(id)]).toEqual([id, index % 3 === 0 ? 'TASK_FINISHED' : 'TASK_FAILED', 1]);
      }
      const pids = master.statuses.map(({ container_status }) => container_status?.executor_pid ?? -1);
      await until('no process is left', () => !pids.some((pid) => pid > 0 && isRunning(pid)));
    },
    30_000 * (ROUNDS + 1),
  );
});
