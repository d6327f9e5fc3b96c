/** A volume's data outlives its task and its agent, and ends with DESTROY. Real agents, real tasks, a scripted master. */
import type { ChildProcess } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OfferOperation } from '@mesolite/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startAgent } from '../src/index.ts';
import { agentProcess, end } from './agent-process.ts';
import { MasterPeer } from './master-peer.ts';
import { allocated, create, destroy, volume } from './operation-messages.ts';
import { agentFlags } from './running-agent.ts';
import { commandTask, framework, resources } from './tasks.ts';
import { until } from './until.ts';

describe('a persistent volume', () => {
  let directory: string;
  let master: MasterPeer;
  let agents: ChildProcess[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'agent-'));
    master = await MasterPeer.start();
    agents = [];
  });
  afterEach(async () => {
    await Promise.all(agents.map((agent) => end(agent, 'SIGKILL')));
    await master.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const flags = (disk: string): string[] => [
    ...agentFlags(directory, master.address).filter((flag) => !flag.startsWith('--resources=')),
    `--resources=cpus:8;mem:8192;${disk};ports:[31000-32000]`,
  ];

  const start = async (): Promise<ChildProcess> => {
    const before = master.introductions.length;
    const agent = await agentProcess([...flags('disk(web/api):1000;disk:500'), '--quiet']);
    agents.push(agent);
    await until('the agent registered', () => master.introductions.length > before);
    return agent;
  };

  const apply = async (operation: OfferOperation): Promise<void> => {
    const number = master.apply(operation);
    await until(`${operation.type} is done`, () => master.operations.has(number));
    expect(master.operations.get(number)).toEqual(['OPERATION_FINISHED', undefined]);
  };

  /** Runs a task with the volume to its end. */
  const task = async (id: string, command: string): Promise<void> => {
    master.run(framework(), {
      ...commandTask(id, command),
      resources: [...resources(0.1, 32), allocated(volume('v'))],
    });
    await until(`${id} ended`, () => master.statesOf(id).some((state) => /FINISHED|FAILED|DROPPED/.test(state)));
    expect([id, master.statesOf(id).at(-1)]).toEqual([id, 'TASK_FINISHED']);
  };

  const remembered = (): (string | undefined)[] =>
    (master.introductions.at(-1)?.checkpointed_resources ?? []).map(({ disk }) => disk?.persistence?.id);

  it('keeps its data through the end of its task and of its agent, until it is destroyed', async () => {
    const agent = await start();
    expect(remembered()).toEqual([]);
    const path = join(directory, 'work/volumes/roles/web api/v');
    await apply(create(volume('v')));
    expect(statSync(path).isDirectory()).toBe(true);

    await task('writer', 'echo precious > data/file && test -L data');
    expect(readFileSync(join(path, 'file'), 'utf8')).toBe('precious\n');
    await end(agent, 'SIGKILL');

    const next = await start();
    expect(remembered()).toEqual(['v']);
    expect(readFileSync(join(path, 'file'), 'utf8')).toBe('precious\n');
    await task('reader', 'grep -q precious data/file && echo more >> data/file');
    expect(readFileSync(join(path, 'file'), 'utf8')).toBe('precious\nmore\n');

    await apply(destroy(volume('v')));
    expect(existsSync(path)).toBe(false);
    // The acknowledgement is written down too.
    const files = 'resources.info resources_and_operations.state';
    const remembering = (): string => readdirSync(join(directory, 'work/meta/resources')).sort().join(' ');
    await until('nothing is half done', () => remembering() === files);
    await end(next, 'SIGKILL');
    await start();
    expect(remembered()).toEqual([]);
  });

  it('that is shared serves several tasks at a time, and goes only after the last of them', async () => {
    await start();
    const shared = volume('v', 100, { shared: {} });
    await apply(create(shared));
    const run = (id: string, command: string): void =>
      master.run(framework(), { ...commandTask(id, command), resources: [...resources(0.1, 32), allocated(shared)] });
    const ended = (id: string) => until(`${id} ended`, () => master.statesOf(id).at(-1) === 'TASK_FINISHED');

    run('listener', 'until test -e data/word; do sleep 0.05; done; until test -e data/end; do sleep 0.05; done');
    run('speaker', 'echo precious > data/word');
    await ended('speaker');
    expect(master.statesOf('listener')).not.toContain('TASK_FAILED');
    const path = join(directory, 'work/volumes/roles/web api/v');
    const introduced = master.introductions.length;
    const tooEarly = master.apply(destroy(shared));
    await until('DESTROY is answered', () => master.operations.has(tooEarly));
    expect(master.operations.get(tooEarly)).toEqual([
      'OPERATION_ERROR',
      expect.stringContaining("Persistent volume 'v' is in use by a running executor"),
    ]);
    expect(readFileSync(join(path, 'word'), 'utf8')).toBe('precious\n');

    // It registers anew to tell the master what there still is, and launches nothing until that is answered.
    await until('the agent came back', () => master.introductions.length > introduced);
    run('ender', 'touch data/end');
    await ended('listener');
    await ended('ender');
    await apply(destroy(shared));
    expect(existsSync(path)).toBe(false);
  });

  it('has its outcomes told again by the next process of the agent, until somebody acknowledges them', async () => {
    // The port belongs to what makes an agent the same one.
    const first = await startAgent({ argv: flags('disk(web/api):1000'), env: {}, stderr: () => {} });
    if (!first.ok) throw new Error(first.error.text);
    const { port } = first.value;
    await until('the agent registered', () => master.registered === 1);
    master.acknowledges = false;
    await apply(create(volume('v')));
    await first.value.stop();
    const records = join(directory, 'work/meta/slaves/M-S0/operations');
    expect(readdirSync(records)).toHaveLength(1);
    master.operations.clear();

    const onPort = flags('disk(web/api):1000').map((flag) => (flag === '--port=0' ? `--port=${port}` : flag));
    const again = async (): Promise<ChildProcess> => {
      const seen = master.reregistrations.length;
      const agent = await agentProcess([...onPort, '--quiet']);
      agents.push(agent);
      await until('the agent came back', () => master.reregistrations.length > seen);
      return agent;
    };
    const second = await again();
    expect([master.registered, master.reregistrations.at(-1)?.agent.id]).toEqual([1, { value: 'M-S0' }]);
    await until('the outcome is told again', () => master.operations.size === 1);
    expect(master.operations.get(1)).toEqual(['OPERATION_FINISHED', undefined]);
    await end(second, 'SIGKILL');
    master.operations.clear();

    // A record that a crash tore is cut off.
    const file = join(records, readdirSync(records)[0]!, 'operation.updates');
    const whole = readFileSync(file);
    appendFileSync(file, whole.subarray(0, 7));
    master.acknowledges = true;
    await again();
    await until('the outcome is told again', () => master.operations.size === 1);
    await until('nothing is left of it', () => readdirSync(records).length === 0);
    expect(readdirSync(join(directory, 'work/volumes/roles/web api'))).toEqual(['v']);
    await task('reader', 'test -d data');
  });

  it('keeps an agent from starting with flags that have no room for it', async () => {
    const agent = await start();
    await apply(create(volume('v')));
    await end(agent, 'SIGTERM');
    const refused = await startAgent({ argv: flags('disk(web/api):50'), env: {}, stderr: () => {} });
    const text = refused.ok ? '' : refused.error.text;
    expect(text).toContain('Failed to perform recovery: Checkpointed resources disk(reservations: [(STATIC,web/api)]');
    expect(text).toContain('are incompatible with agent resources');
    expect(existsSync(join(directory, 'work/volumes/roles/web api/v'))).toBe(true);
  });

  it('is shown by the agent to its operators', async () => {
    const started = await startAgent({ argv: flags('disk(web/api):1000'), env: {}, stderr: () => {} });
    if (!started.ok) throw new Error(started.error.text);
    try {
      await until('the agent registered', () => master.registered > 0);
      await apply(create(volume('v')));
      const answer = await fetch(`http://127.0.0.1:${started.value.port}/state`);
      const state = (await answer.json()) as Record<string, Record<string, unknown>>;
      expect(state['capabilities']).toEqual(expect.arrayContaining(['RESIZE_VOLUME', 'AGENT_OPERATION_FEEDBACK']));
      expect(state['reserved_resources']).toEqual({ 'web/api': { cpus: 0, disk: 1000, gpus: 0, mem: 0 } });
      const held = state['reserved_resources_full']?.['web/api'] as { disk?: { persistence: object } }[];
      expect(held.map(({ disk }) => disk?.persistence)).toEqual(expect.arrayContaining([{ id: 'v' }]));
      expect(state['unreserved_resources']).toMatchObject({ cpus: 8, disk: 0 });
    } finally {
      await started.value.stop();
    }
  });
});
