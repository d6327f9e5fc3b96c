/**
 * Two frameworks of one role on one cluster: one knows refined reservations, the other one does not. Each is told of
 * reservations in the format it knows, may use either when it asks for something, and the one of old never sees what was
 * reserved twice. Real daemons, real sockets. As in Mesos, the format differs in offers alone: executors and operators get
 * the same, whatever framework a task belongs to.
 */
import { launchTasks, MasterClient, reserve, task, unreserve, volumeIdOf } from '@mesolite/sdk';
import type { OfferOperation, OperationStatus, Resource, Task } from '@mesolite/wire';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LocalCluster } from '../src/index.ts';
import { LiveFramework, until } from './live-framework.ts';

const ROLE = 'dev/web';
const LABELS = { labels: [{ key: 'for', value: 'tests' }] };

const amount = (name: string, value: number): Resource => ({ name, type: 'SCALAR', scalar: { value } });
const dynamic = { type: 'DYNAMIC' as const, role: ROLE, labels: LABELS };

/** Reserved for our role, in the format of today and in that of old. */
const today = (name: string, value: number): Resource => ({ ...amount(name, value), reservations: [dynamic] });
const ofOld = (name: string, value: number): Resource => ({
  ...amount(name, value),
  role: ROLE,
  reservation: { labels: LABELS },
});
/** Reserved by the agent's flags for the role above, and of that for ours. */
const refined = (name: string, value: number): Resource => ({
  ...amount(name, value),
  reservations: [{ type: 'STATIC', role: 'dev' }, dynamic],
});

describe('frameworks that know refined reservations and such that do not', () => {
  let cluster: LocalCluster;
  let operator: MasterClient;
  let agentId: string;
  let modern: LiveFramework;
  let old: LiveFramework;
  const ends: OperationStatus[] = [];

  beforeAll(async () => {
    const started = await LocalCluster.start({
      resources: 'cpus(dev):2;mem(dev):256;cpus:2;mem:512;disk:100',
      masterFlags: ['--allocation_interval=20ms'],
      agentFlags: ['--registration_backoff_factor=1ms', '--no-switch_user'],
    });
    if (!started.ok) throw new Error(started.error);
    cluster = started.value;
    operator = new MasterClient(cluster.master);
    const agents = await operator.getAgents();
    agentId = (agents.ok && agents.value.agents?.[0]?.agent_info.id?.value) || '';
    const onOperation = (status: OperationStatus): void => void ends.push(status);
    const roles = [ROLE];
    modern = await LiveFramework.subscribe(cluster.master, 'modern', { roles, onOperation });
    old = await LiveFramework.subscribe(cluster.master, 'old', { roles, onOperation, capabilities: ['MULTI_ROLE'] });
  });
  afterAll(async () => {
    await Promise.all([modern?.close(), old?.close()]);
    await operator?.close();
    await cluster?.stop();
  });
  beforeEach(() => {
    ends.length = 0;
  });

  /** All that `framework` is offered, once that is so many cpus; the other one wants nothing meanwhile. */
  async function offeredTo(framework: LiveFramework, cpus: number): Promise<Resource[]> {
    const other = framework === old ? modern : old;
    await other.suppress();
    await other.decline();
    await framework.decline();
    await framework.client.revive();
    await until(`${cpus} cpus are offered`, () => framework.offered('cpus') === cpus);
    return [...framework.offers.values()].flatMap(({ resources }) => resources ?? []);
  }

  /** Uses all that `framework` holds, and waits until the outcome of each operation with an id is known. */
  async function perform(framework: LiveFramework, operations: readonly OfferOperation[]): Promise<void> {
    const offers = [...framework.offers.values()];
    framework.offers.clear();
    ends.length = 0;
    const answer = await framework.client.accept(offers, operations, { refuse_seconds: 0 });
    expect(answer.ok).toBe(true);
    const expected = operations.flatMap(({ id }) => (id === undefined ? [] : [[id.value, 'OPERATION_FINISHED']]));
    await until('the operations are done', () => ends.length >= expected.length);
    expect(ends.map(({ operation_id: id, state }) => [id?.value, state])).toEqual(expected);
  }

  /** Cpus only, without allocation; the more is said of their reservation, the later. */
  function cpus(list: readonly Resource[]): Partial<Resource>[] {
    const order = (one: Resource): number => JSON.stringify([one.role, one.reservation, one.reservations]).length;
    return list
      .filter(({ name }) => name === 'cpus')
      .map(({ allocation_info: _, ...rest }) => rest)
      .sort((a, b) => order(a) - order(b));
  }

  async function tasks(): Promise<Task[]> {
    const answer = await operator.getTasks();
    if (!answer.ok) throw answer.error;
    return answer.value.tasks ?? [];
  }

  async function totals(): Promise<readonly Resource[]> {
    const answer = await operator.getAgents();
    if (!answer.ok) throw answer.error;
    return answer.value.agents?.[0]?.total_resources ?? [];
  }

  it('see static reservations, each in its format', async () => {
    expect(cpus(await offeredTo(modern, 4))).toEqual([
      amount('cpus', 2),
      { ...amount('cpus', 2), reservations: [{ type: 'STATIC', role: 'dev' }] },
    ]);
    expect(cpus(await offeredTo(old, 4))).toEqual([
      { ...amount('cpus', 2), role: '*' },
      { ...amount('cpus', 2), role: 'dev' },
    ]);
  });

  it('see dynamic ones, each in its format, with their labels', async () => {
    expect(await operator.reserveResources(agentId, [today('cpus', 1)])).toMatchObject({ ok: true });
    const free = { type: 'STATIC', role: 'dev' } as const;
    expect(cpus(await offeredTo(modern, 4))).toEqual([
      amount('cpus', 1),
      { ...amount('cpus', 2), reservations: [free] },
      today('cpus', 1),
    ]);
    expect(cpus(await offeredTo(old, 4))).toEqual([
      { ...amount('cpus', 1), role: '*' },
      { ...amount('cpus', 2), role: 'dev' },
      ofOld('cpus', 1),
    ]);
    expect(await operator.unreserveResources(agentId, [ofOld('cpus', 1)])).toMatchObject({ ok: true });
  });

  it('of which only one sees what was reserved twice', async () => {
    await offeredTo(modern, 4);
    await perform(modern, [reserve([refined('cpus', 0.5)], { id: 'refine' })]);
    expect(cpus(await offeredTo(modern, 4))).toContainEqual(refined('cpus', 0.5));
    const seen = cpus(await offeredTo(old, 3.5));
    expect(seen).toEqual([
      { ...amount('cpus', 2), role: '*' },
      { ...amount('cpus', 1.5), role: 'dev' },
    ]);
    // Not even what it reserved so itself, which nobody keeps it from, as in Mesos.
    await perform(old, [reserve([refined('cpus', 1)], { id: 'refine more' })]);
    expect(cpus(await offeredTo(old, 2.5))).toEqual([
      { ...amount('cpus', 2), role: '*' },
      { ...amount('cpus', 0.5), role: 'dev' },
    ]);
    expect(cpus(await offeredTo(modern, 4))).toContainEqual(refined('cpus', 1.5));
    await perform(modern, [unreserve([refined('cpus', 1.5)], { id: 'back' })]);
    expect(cpus(await offeredTo(old, 4))).toContainEqual({ ...amount('cpus', 2), role: 'dev' });
  });

  it.each([
    ['of today', today],
    ['of old', ofOld],
  ])('may ask in the format %s', async (_, form) => {
    for (const framework of [modern, old]) {
      await offeredTo(framework, 4);
      await perform(framework, [reserve([form('cpus', 1), form('disk', 10)], { id: 'r' })]);
      const mine = framework === modern ? today : ofOld;
      expect(cpus(await offeredTo(framework, 4))).toContainEqual(mine('cpus', 1));
      const disk = { persistence: { id: 'v' }, volume: { mode: 'RW' as const, container_path: 'data' } };
      const held = { ...form('disk', 10), disk };
      const command = 'touch data/file && exec sleep 1000';
      const resources = [form('cpus', 1), amount('mem', 32), held];
      await perform(framework, [
        { type: 'CREATE', id: { value: 'c' }, create: { volumes: [held] } },
        launchTasks([task({ id: 't', command, resources })].map((one) => ({ ...one, agent_id: { value: agentId } }))),
      ]);
      await until('the task runs', () => framework.states.get('t') === 'TASK_RUNNING');

      // As tasks are shown there is one format, whatever the framework asked with; of agents operators are told both.
      const [shown] = await tasks();
      const ours = (name: string): Resource | undefined => shown?.resources?.find((resource) => resource.name === name);
      expect(ours('cpus')).toEqual({ ...today('cpus', 1), allocation_info: { role: ROLE } });
      expect(ours('disk')).toEqual({ ...today('disk', 10), disk, allocation_info: { role: ROLE } });
      const both = { ...today('cpus', 1), role: ROLE, reservation: { labels: LABELS } };
      expect(await totals()).toContainEqual(expect.objectContaining(both));

      await framework.client.kill({ taskId: 't' });
      await until('the task is gone', async () => (await tasks()).length === 0);
      const list = await offeredTo(framework, 4);
      const volume = list.find((resource) => volumeIdOf(resource) === 'v');
      expect(volume).toMatchObject(framework === modern ? { reservations: [dynamic] } : { role: ROLE });
      await perform(framework, [
        { type: 'DESTROY', id: { value: 'd' }, destroy: { volumes: [held] } },
        unreserve([form('cpus', 1), form('disk', 10)], { id: 'u' }),
      ]);
    }
  });
});
