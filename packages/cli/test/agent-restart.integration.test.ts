/** An agent is restarted: master and framework find it as it was. Real daemons in this process. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningAgent, startAgent } from '@mesolite/agent';
import { startMaster } from '@mesolite/master';
import {
  createVolumes,
  isTerminal,
  MasterClient,
  reserve,
  SchedulerClient,
  scalarOf,
  task,
  volume,
} from '@mesolite/sdk';
import type { Offer, OperationStatus, TaskStatus } from '@mesolite/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const LIMIT_MS = 20_000;

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((wake) => setTimeout(wake, 10));
  }
}

const hasCpus = (offer: Offer): boolean => scalarOf(offer.resources, 'cpus') >= 0.1;

describe('a restarted agent', () => {
  let directory: string;
  /** In the order in which they are to end. */
  let open: (() => unknown)[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mesolite-restart-'));
    open = [];
  });
  afterEach(async () => {
    for (const close of open.reverse()) await close();
    await rm(directory, { recursive: true, force: true });
  });

  const common = (name: string): string[] => [
    '--ip=127.0.0.1',
    '--hostname=127.0.0.1',
    `--work_dir=${join(directory, name)}`,
    `--config_root=${join(directory, 'none')}`,
    '--quiet',
  ];
  const daemon = async <D extends { stop(): Promise<void> }>(
    started: Promise<{ ok: true; value: D } | { ok: false; error: { text: string } }>,
  ): Promise<D> => {
    const result = await started;
    if (!result.ok) throw new Error(result.error.text);
    open.push(() => result.value.stop());
    return result.value;
  };
  const agent = (master: number, port: number): Promise<RunningAgent> =>
    daemon(
      startAgent({
        argv: [
          ...common('agent'),
          `--runtime_dir=${join(directory, 'run')}`,
          `--master=127.0.0.1:${master}`,
          `--port=${port}`,
          '--registration_backoff_factor=1ms',
          '--resources=cpus:2;mem:1024;disk:1000;ports:[31000-31009]',
          '--no-switch_user',
        ],
        env: {},
      }),
    );

  it('keeps its id, its volume, and the outcomes that its framework did not acknowledge', async () => {
    const master = await daemon(
      startMaster({ argv: [...common('master'), '--port=0', '--allocation_interval=20ms'], env: {} }),
    );
    const operator = new MasterClient(`127.0.0.1:${master.port}`);
    open.push(() => operator.close());
    const first = await agent(master.port, 0);

    const offers: Offer[] = [];
    const ends: OperationStatus[] = [];
    const finished: string[] = [];
    const scheduler = new SchedulerClient({
      master: `127.0.0.1:${master.port}`,
      framework: {
        user: 'root',
        name: 'keeper',
        roles: ['db'],
        principal: 'keeper',
        checkpoint: true,
        capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }],
      },
      explicitAcknowledgements: true,
    });
    open.push(() => scheduler.close({ teardown: true }));
    scheduler.start({
      offers: (list) => void offers.push(...list),
      rescind: (id) => void offers.splice(0, offers.length, ...offers.filter((offer) => offer.id.value !== id)),
      update: (status) => {
        void scheduler.acknowledge(status);
        if (isTerminal(status.state)) finished.push(`${status.task_id.value} ${status.state}`);
      },
      updateOperationStatus: (status) => void ends.push(status),
    });
    const run = async (id: string): Promise<void> => {
      await until('there is an offer with processors', () => offers.some((offer) => hasCpus(offer)));
      const [offer] = offers.splice(offers.findIndex(hasCpus), 1);
      await scheduler.launch(offer!, [task({ id, command: 'true', cpus: 0.1, mem: 32 })], { refuse_seconds: 0 });
      await until(`${id} has finished`, () => finished.includes(`${id} TASK_FINISHED`));
    };
    await until('there is an offer', () => offers.length > 0);
    const [offer] = offers.splice(0);
    const data = volume({
      id: 'data',
      size: 100,
      containerPath: 'data',
      reservation: { role: 'db', principal: 'keeper' },
    });
    const held = { ...data, allocation_info: { role: 'db' } };
    const { disk: _, ...plain } = held;
    await scheduler.accept([offer!], [reserve([plain], { id: 'r' }), createVolumes([held], { id: 'c' })], {
      refuse_seconds: 0,
    });
    await until('both are done', () => ends.length === 2);
    expect(ends.map(({ state }) => state)).toEqual(['OPERATION_FINISHED', 'OPERATION_FINISHED']);
    await scheduler.acknowledgeOperationStatus(ends.find(({ operation_id }) => operation_id?.value === 'r')!);
    const records = join(directory, 'agent/meta/slaves', offer!.agent_id.value, 'operations');
    await until('one is acknowledged', async () => (await readdir(records)).length === 1);

    // A task that has run leaves records, but nothing to recover.
    await run('before');
    const executors = join(records, '../frameworks', scheduler.frameworkId!, 'executors');
    const sentinel = join(executors, 'before/runs/latest/executor.sentinel');
    await until('its end is on record', () => existsSync(sentinel));

    const uuid = ends.find(({ operation_id }) => operation_id?.value === 'c')?.uuid?.value;
    await first.stop();
    ends.splice(0);
    offers.splice(0);
    await agent(master.port, first.port);
    await until('the outcome is told again', () => ends.length > 0);
    expect(ends[0]).toMatchObject({ operation_id: { value: 'c' }, state: 'OPERATION_FINISHED' });
    expect(Buffer.compare(ends[0]?.uuid?.value ?? Buffer.alloc(0), uuid ?? Buffer.alloc(1))).toBe(0);
    await until('the volume is offered', () =>
      offers.some(({ resources }) => resources?.some(({ disk }) => disk?.persistence?.id === 'data') === true),
    );
    expect(offers.map(({ agent_id }) => agent_id.value)).toEqual(offers.map(() => offer!.agent_id.value));
    const agents = await operator.getAgents();
    expect(agents.ok && agents.value.agents?.length).toBe(1);

    await scheduler.acknowledgeOperationStatus(ends[0]!);
    await until('nothing is left to acknowledge', async () => (await readdir(records)).length === 0);
    await run('after');
    const operations = await operator.getOperations();
    expect(operations.ok && (operations.value.operations ?? [])).toEqual([]);
  });

  it('goes on with the tasks of a framework that checkpoints', async () => {
    const master = await daemon(
      startMaster({ argv: [...common('master'), '--port=0', '--allocation_interval=20ms'], env: {} }),
    );
    const first = await agent(master.port, 0);
    const offers: Offer[] = [];
    const statuses: TaskStatus[] = [];
    const scheduler = new SchedulerClient({
      master: `127.0.0.1:${master.port}`,
      framework: {
        user: 'root',
        name: 'keeper',
        roles: ['*'],
        checkpoint: true,
        capabilities: [{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }],
      },
    });
    open.push(() => scheduler.close({ teardown: true }));
    scheduler.start({
      offers: (list) => void offers.push(...list),
      update: (status) => void statuses.push(status),
    });
    await until('there is an offer', () => offers.length > 0);
    const told = (id: string): string[] =>
      statuses.filter(({ task_id }) => task_id.value === id).map(({ state }) => state);
    const gate = (id: string): string => join(directory, id);
    const gated = (id: string, code: number) =>
      task({
        id,
        name: id,
        cpus: 0.1,
        mem: 32,
        command: `while [ ! -e ${gate(id)} ]; do sleep 0.05; done; exit ${code}`,
      });
    await scheduler.launch(offers[0]!, [gated('soon', 3), gated('late', 0)]);
    await until('both run', () => ['soon', 'late'].every((id) => told(id).includes('TASK_RUNNING')));
    await first.stop();
    await writeFile(gate('soon'), '');
    await agent(master.port, first.port);
    await until('the end of the one is told', () => told('soon').includes('TASK_FAILED'));
    expect(statuses.at(-1)?.message).toBe('Command exited with status 3');
    await writeFile(gate('late'), '');
    await until('the other goes on to its end', () => told('late').includes('TASK_FINISHED'));
    expect([...told('soon'), ...told('late')].filter((state) => /LOST|UNREACHABLE|GONE|DROPPED/.test(state))).toEqual(
      [],
    );
  });
});
