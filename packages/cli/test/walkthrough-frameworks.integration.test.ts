/**
 * What the books take their readers through, on a live cluster: how offers go round between frameworks, what weights do
 * to shares, how frameworks refuse offers and ask for them again, and what is kept for a role. Each test reads as the
 * walk does.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AgentClient,
  createVolumes,
  MasterClient,
  readToEnd,
  reserve,
  reserved,
  reservedOf,
  resources,
  scalarOf,
  task,
  unreservedOf,
  volume,
  volumeIdOf,
} from '@mesolite/sdk';
import type { Offer, Resource } from '@mesolite/wire';
import { afterEach, describe, expect, it } from 'vitest';
import { LocalCluster } from '../src/daemons/local-cluster.ts';
import { Contenders, dominantlyFair } from './contenders.ts';
import { LiveFramework, type LiveOptions, until } from './live-framework.ts';

let cluster: LocalCluster | undefined;
let operator: MasterClient | undefined;

afterEach(async () => {
  await operator?.close();
  await cluster?.stop();
  cluster = undefined;
});

interface Setting {
  readonly agents?: number;
  readonly resources: string;
  readonly masterFlags?: readonly string[];
}

async function start({ masterFlags = [], ...setting }: Setting): Promise<MasterClient> {
  const started = await LocalCluster.start({
    ...setting,
    masterFlags: ['--allocation_interval=50ms', ...masterFlags],
    agentFlags: ['--registration_backoff_factor=1ms'],
  });
  if (!started.ok) throw new Error(started.error);
  cluster = started.value;
  operator = new MasterClient(cluster.master);
  return operator;
}

const subscribe = (name: string, options: LiveOptions = {}): Promise<LiveFramework> =>
  LiveFramework.subscribe(cluster!.master, name, options);

/** The one offer it gets, or holds already. */
async function offerTo(framework: LiveFramework): Promise<Offer> {
  await until('there is an offer', () => framework.offers.size > 0);
  expect(framework.offers.size).toBe(1);
  return [...framework.offers.values()][0]!;
}

const amounts = (list: readonly Resource[] | undefined): { cpus: number; mem: number } => ({
  cpus: scalarOf(list, 'cpus'),
  mem: scalarOf(list, 'mem'),
});

async function answered<T>(answer: Promise<{ ok: true; value: T } | { ok: false; error: Error }>): Promise<T> {
  const result = await answer;
  if (!result.ok) throw result.error;
  return result.value;
}

/** So many allocations have come by, over all agents. */
async function allocations(count: number): Promise<void> {
  const runs = async (): Promise<number> => {
    const metrics = (await answered(operator!.http.json('/metrics/snapshot'))) as Record<string, number>;
    return metrics['allocator/mesos/allocation_runs']!;
  };
  const before = await runs();
  await until(`${count} allocations have come by`, async () => (await runs()) >= before + count);
}

describe('1. an offer, and what becomes of it', () => {
  it('an agent of 4 cpus and 4 GB: framework 1 takes two tasks, framework 2 is offered the rest', async () => {
    const master = await start({ resources: 'cpus:4;mem:4096;disk:0' });

    // The agent tells the master what it has; the master offers all of it to framework 1.
    const first = await subscribe('framework-1');
    const offer = await offerTo(first);
    expect(amounts(offer.resources)).toEqual({ cpus: 4, mem: 4096 });

    // Framework 1 answers with two tasks, and does not want the rest.
    const tasks = [
      task({ id: 'task-1', command: 'exec sleep 1000', cpus: 2, mem: 1024 }),
      task({ id: 'task-2', command: 'exec sleep 1000', cpus: 1, mem: 2048 }),
    ];
    await first.launch(offer, tasks, 3600);
    await first.untilAll('TASK_RUNNING', 2);

    // What is left is offered to framework 2.
    const second = await subscribe('framework-2');
    const rest = await offerTo(second);
    expect(amounts(rest.resources)).toEqual({ cpus: 1, mem: 1024 });
    expect(first.offers.size).toBe(0);

    // The v1 API shows it, by agent and by framework.
    const { agents: [agent] = [] } = await answered(master.getAgents());
    expect(amounts(agent?.total_resources)).toEqual({ cpus: 4, mem: 4096 });
    expect(amounts(agent?.allocated_resources)).toEqual({ cpus: 3, mem: 3072 });
    expect(amounts(agent?.offered_resources)).toEqual({ cpus: 1, mem: 1024 });
    const { frameworks = [] } = await answered(master.getFrameworks());
    const shown = frameworks.map((one) => [
      one.framework_info.name,
      amounts(one.allocated_resources),
      amounts(one.offered_resources),
    ]);
    expect(shown).toContainEqual(['framework-1', { cpus: 3, mem: 3072 }, { cpus: 0, mem: 0 }]);
    expect(shown).toContainEqual(['framework-2', { cpus: 0, mem: 0 }, { cpus: 1, mem: 1024 }]);

    // So do the older endpoints, which the page reads.
    const state = (await answered(master.http.json('/state'))) as { readonly 'slaves': readonly object[] };
    expect(state['slaves']).toMatchObject([
      { resources: { cpus: 4, mem: 4096 }, used_resources: { cpus: 3, mem: 3072 }, offered_resources: { cpus: 1 } },
    ]);

    // And the master's log tells the story.
    const log = readFileSync(join(cluster!.logDirectory, 'mesos-master.INFO'), 'utf8');
    const told = [
      `Sending an offer of .*cpus.*:4.* to framework ${first.id} \\(framework-1\\)`,
      `Launching task-1, task-2 of framework ${first.id} \\(framework-1\\) on agent .* with .*cpus.*:3`,
      `Sending an offer of .*cpus.*:1.* to framework ${second.id} \\(framework-2\\)`,
    ];
    expect(log).toMatch(new RegExp(told.join('[^]*')));
  });
});

describe('2. weights', () => {
  it('prod 30, QA 20, dev 10 hold 50 %, 33.3 % and 16.7 %; when prod falls to 10: 25 %, 50 %, 25 %', async () => {
    const total = { cpus: 12, mem: 1536 };
    const want = { cpus: 1, mem: 128 };
    const prod = { role: 'prod', weight: 30, ...want };
    const others = [
      { role: 'QA', weight: 20, ...want },
      { role: 'dev', weight: 10, ...want },
    ];
    const master = await start({
      agents: 2,
      resources: 'cpus:6;mem:768;disk:0',
      masterFlags: ['--weights=prod=30,QA=20,dev=10'],
    });
    const share = (percent: number): object => ({ cpus: percent, mem: percent });
    const contenders = await Contenders.start(cluster!.master, master, [prod, ...others]);
    await contenders.turnOver();
    expect(contenders.counts).toEqual(dominantlyFair(total, [prod, ...others]));
    expect(await contenders.shares()).toEqual({ prod: share(50), QA: share(33.3), dev: share(16.7) });

    await answered(master.updateWeights([{ role: 'prod', weight: 10 }]));
    await contenders.turnOver();
    expect(contenders.counts).toEqual(dominantlyFair(total, [{ ...prod, weight: 10 }, ...others]));
    expect(await contenders.shares()).toEqual({ prod: share(25), QA: share(50), dev: share(25) });
    await contenders.stop();
  });
});

describe('3. refusing, asking again, and keeping for oneself', () => {
  it('a declined offer goes to others, and comes back when its time is over or by REVIVE', async () => {
    await start({ resources: 'cpus:2;mem:1024;disk:0' });
    const first = await subscribe('first');
    await offerTo(first);

    // Declined for an hour, it is offered to somebody else, and to nobody when he does not want it either.
    await first.decline(3600);
    const second = await subscribe('second');
    await offerTo(second);
    await second.decline(3600);
    await allocations(4);
    expect([first.offers.size, second.offers.size]).toEqual([0, 0]);

    // Who asks gets it again at once.
    await answered(second.client.revive());
    expect(amounts((await offerTo(second)).resources)).toEqual({ cpus: 2, mem: 1024 });

    // A refusal of a fifth of a second ends by itself.
    await second.decline(0.2);
    await offerTo(second);
    expect(first.offers.size).toBe(0);

    // A task ends, and more is there than was refused: that is a new offer.
    const offer = await offerTo(second);
    await second.launch(offer, [task({ id: 'brief', command: 'exec sleep 1000', cpus: 1, mem: 512 })], 3600);
    await second.untilAll('TASK_RUNNING', 1);
    expect(second.offers.size).toBe(0);
    await answered(second.client.kill({ taskId: 'brief' }));
    expect(amounts((await offerTo(second)).resources)).toEqual({ cpus: 2, mem: 1024 });
  });

  it('who has suppressed offers gets none, however often they go round, until he revives', async () => {
    await start({ resources: 'cpus:2;mem:1024;disk:0' });
    const framework = await subscribe('framework');
    await offerTo(framework);
    await framework.suppress();
    await framework.decline();
    await allocations(4);
    expect(framework.offers.size).toBe(0);
    await answered(framework.client.revive());
    await offerTo(framework);
  });

  it('what is reserved for a role is offered to that role alone, and its volume is there for the next task', async () => {
    const master = await start({ resources: 'cpus:2;mem:1024;disk:512' });
    const database = await subscribe('database', { roles: ['db'] });

    // It keeps a cpu, half of the memory and some disk for its role, and makes a volume of the disk.
    const wholeOffer = await offerTo(database);
    expect(unreservedOf(wholeOffer.resources)).toEqual(wholeOffer.resources);
    const kept = reserved(resources({ cpus: 1, mem: 512, disk: 256 }), { role: 'db' });
    const data = volume({ id: 'data', size: 256, containerPath: 'data', reservation: { role: 'db' } });
    database.offers.delete(wholeOffer.id.value);
    await answered(database.client.accept([wholeOffer], [reserve(kept), createVolumes([data])], { refuse_seconds: 0 }));

    // From now on it is offered all of that, and the rest too; nobody else is offered more than the rest.
    const withVolume = async (): Promise<Offer> => {
      const find = (): Offer | undefined =>
        [...database.offers.values()].find((one) => one.resources?.some((part) => volumeIdOf(part) === 'data'));
      await until('the volume is offered', () => find() !== undefined);
      return find()!;
    };
    const offer = await withVolume();
    expect(amounts(offer.resources)).toEqual({ cpus: 2, mem: 1024 });
    expect(amounts(reservedOf(offer.resources, { role: 'db' }))).toEqual({ cpus: 1, mem: 512 });
    const other = await subscribe('other', { roles: ['web'] });
    await database.decline(3600);
    const rest = await offerTo(other);
    expect(amounts(rest.resources)).toEqual({ cpus: 1, mem: 512 });
    expect(reservedOf(rest.resources, { role: 'db' })).toEqual([]);
    await other.close();
    await answered(database.client.revive());

    // The database writes into its volume, is killed, and finds what it wrote when it starts again.
    const run = async (id: string): Promise<void> => {
      const command = `echo ${id} >> data/log; cat data/log; exec sleep 1000`;
      const [cpus, mem] = kept;
      await database.launch(await withVolume(), [{ ...task({ id, command }), resources: [cpus!, mem!, data] }]);
      await until(`${id} runs`, () => database.states.get(id) === 'TASK_RUNNING');
    };
    await run('first');
    await until('it has written', async () => (await output('first')) === 'first\n');
    await answered(database.client.kill({ taskId: 'first' }));
    await until('it has ended', () => database.states.get('first') === 'TASK_KILLED');
    await run('second');
    await until('it has read and written', async () => (await output('second')) === 'first\nsecond\n');

    // The master tells for whom it is kept.
    const { roles } = (await answered(master.http.json('/roles'))) as { readonly roles: readonly object[] };
    expect(roles).toContainEqual(expect.objectContaining({ name: 'db', reserved: { cpus: 1, disk: 256, mem: 512 } }));
  });

  /** What the task has written to its standard output. */
  async function output(taskId: string): Promise<string> {
    const agent = new AgentClient(cluster!.agents[0]!);
    const state = (await answered(agent.http.json('/state'))) as AgentState;
    const executor = state.frameworks.flatMap(({ executors }) => executors).find(({ id }) => id === taskId);
    const chunks: Buffer[] = [];
    if (executor !== undefined)
      for await (const chunk of readToEnd(agent, `${executor.directory}/stdout`))
        if (chunk.ok) chunks.push(Buffer.from(chunk.value));
    await agent.close();
    return Buffer.concat(chunks).toString();
  }
});

interface AgentState {
  readonly frameworks: readonly {
    readonly executors: readonly { readonly id: string; readonly directory: string }[];
  }[];
}
