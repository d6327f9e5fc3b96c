/** What an operator sets by our client, in both codecs, and what the cluster says of it then. A real master and a real agent. */
import { MasterClient, resources, SchedulerClient, scalarOf } from '@mesolite/sdk';
import type { OperationStatus, Resource } from '@mesolite/wire';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { LocalCluster } from '../src/index.ts';

const LIMIT_MS = 20_000;

const reservation = (role: string) => ({ type: 'DYNAMIC' as const, role });
const reserved = (role: string, needs: Parameters<typeof resources>[0]): Resource[] =>
  resources(needs).map((one) => ({ ...one, reservations: [reservation(role)] }));
const volume = (id: string, role: string, megabytes: number): Resource => ({
  ...reserved(role, { disk: megabytes })[0]!,
  disk: { persistence: { id }, volume: { mode: 'RW', container_path: 'data' } },
});

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await new Promise((wake) => setTimeout(wake, 10));
  }
}

describe.each(['protobuf', 'json'] as const)('an operator who speaks %s', (codec) => {
  let cluster: LocalCluster;
  let client: MasterClient;
  let agentId: string;

  beforeAll(async () => {
    const started = await LocalCluster.start({
      resources: 'cpus:8;mem:8192;disk:20480;ports:[31000-32000]',
      masterFlags: ['--allocation_interval=20ms'],
      agentFlags: ['--registration_backoff_factor=1ms', '--no-switch_user'],
    });
    if (!started.ok) throw new Error(started.error);
    cluster = started.value;
    client = new MasterClient(cluster.master, { codec });
    agentId = (await agent()).agent_info.id?.value ?? '';
  });

  afterAll(async () => {
    await client?.close();
    await cluster?.stop();
  });

  /** What the one agent has, as the master tells it. */
  async function agent() {
    const agents = await client.getAgents();
    if (!agents.ok) throw agents.error;
    return agents.value.agents![0]!;
  }

  async function total(of: (resource: Resource) => boolean): Promise<Resource[]> {
    return ((await agent()).total_resources ?? []).filter(of);
  }

  const roleOf = (resource: Resource): string => resource.reservations?.at(-1)?.role ?? '*';
  const volumes = () => total((resource) => resource.disk?.persistence !== undefined);
  const volumeSizes = async (): Promise<Record<string, number | undefined>> =>
    Object.fromEntries((await volumes()).map(({ disk, scalar }) => [disk?.persistence?.id, scalar?.value]));

  const accepted = { ok: true, value: undefined };

  it('sets weights and reads them', async () => {
    expect(await client.getWeights()).toEqual({ ok: true, value: {} });
    expect(
      await client.updateWeights([
        { role: 'dev', weight: 2.5 },
        { role: 'web/api', weight: 0.5 },
      ]),
    ).toEqual(accepted);
    expect(await client.updateWeights([{ role: 'dev', weight: 3 }])).toEqual(accepted);
    const weights = await client.getWeights();
    expect(weights.ok && weights.value.weight_infos?.map(({ role, weight }) => [role, weight]).sort()).toEqual([
      ['dev', 3],
      ['web/api', 0.5],
    ]);
    const roles = await client.getRoles();
    expect(roles.ok && roles.value.roles).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'dev', weight: 3 })]),
    );
    expect(await client.updateWeights([{ role: 'dev', weight: 0 }])).toMatchObject({
      ok: false,
      error: { kind: 'refused', status: 400 },
    });
  });

  it('sets, changes and removes quota', async () => {
    const limits = { cpus: { value: 4 }, mem: { value: 2048.5 } };
    const guarantees = { cpus: { value: 2 } };
    expect(
      await client.updateQuota([
        { role: 'dev', guarantees, limits },
        { role: 'ops', limits: { cpus: { value: 1 } } },
      ]),
    ).toEqual(accepted);
    const quota = await client.getQuota();
    const configs = quota.ok ? quota.value.configs : undefined;
    expect(configs?.find(({ role }) => role === 'dev')).toEqual({ role: 'dev', guarantees, limits });
    expect(configs?.find(({ role }) => role === 'ops')).toEqual({ role: 'ops', limits: { cpus: { value: 1 } } });

    const large = { role: 'dev', guarantees: { cpus: { value: 800 } }, limits: { cpus: { value: 800 } } };
    expect(await client.updateQuota([large])).toMatchObject({ ok: false, error: { status: 400 } });
    expect(await client.updateQuota([large], { force: true })).toEqual(accepted);

    const request = { role: 'old', guarantee: resources({ cpus: 1, mem: 512 }) };
    expect(await client.setQuota({ ...request })).toMatchObject({ ok: false, error: { status: 409 } });
    expect(await client.setQuota({ ...request, force: true })).toEqual(accepted);
    const both = { cpus: { value: 1 }, mem: { value: 512 } };
    const read = await client.getQuota();
    expect(read.ok && read.value.configs?.find(({ role }) => role === 'old')).toEqual({
      role: 'old',
      guarantees: both,
      limits: both,
    });
    expect(read.ok && scalarOf(read.value.infos?.find(({ role }) => role === 'old')?.guarantee, 'mem')).toBe(512);

    for (const role of ['old', 'ops']) expect(await client.removeQuota(role)).toEqual(accepted);
    expect(await client.updateQuota([{ role: 'dev' }])).toEqual(accepted);
    expect(await client.getQuota()).toEqual({ ok: true, value: {} });
    expect(await client.removeQuota('old')).toMatchObject({ ok: false, error: { status: 400 } });
  });

  it('reserves, refines and frees resources', async () => {
    expect(await client.reserveResources(agentId, reserved('dev', { cpus: 2, ports: [[31000, 31009]] }))).toEqual(
      accepted,
    );
    const mine = await total((resource) => roleOf(resource) === 'dev');
    expect(scalarOf(mine, 'cpus')).toBe(2);
    expect(mine.find(({ name }) => name === 'ports')?.ranges?.range).toEqual([{ begin: 31000, end: 31009 }]);

    // What is reserved for one role goes to another without having been free in between.
    const source = reserved('dev', { cpus: 1 });
    expect(await client.reserveResources(agentId, reserved('ops', { cpus: 1 }), source)).toEqual(accepted);
    expect(scalarOf(await total((resource) => roleOf(resource) === 'ops'), 'cpus')).toBe(1);
    expect(scalarOf(await total((resource) => roleOf(resource) === 'dev'), 'cpus')).toBe(1);

    const roles = await client.getRoles();
    expect(roles.ok && roles.value.roles?.map(({ name }) => name)).toEqual(expect.arrayContaining(['dev', 'ops']));

    expect(await client.unreserveResources(agentId, reserved('ops', { cpus: 2 }))).toMatchObject({
      ok: false,
      error: { status: 409 },
    });
    expect(await client.unreserveResources(agentId, reserved('ops', { cpus: 1 }))).toEqual(accepted);
    expect(await client.unreserveResources(agentId, reserved('dev', { cpus: 1, ports: [[31000, 31009]] }))).toEqual(
      accepted,
    );
    expect(await total((resource) => roleOf(resource) !== '*')).toEqual([]);
  });

  it('creates, grows, shrinks and destroys volumes', async () => {
    expect(await client.reserveResources(agentId, reserved('web', { disk: 500 }))).toEqual(accepted);
    expect(await client.createVolumes(agentId, [volume('a', 'web', 100), volume('b', 'web', 50)])).toEqual(accepted);
    expect(await volumeSizes()).toEqual({ a: 100, b: 50 });
    expect(await client.growVolume(agentId, volume('a', 'web', 100), reserved('web', { disk: 28 })[0]!)).toEqual(
      accepted,
    );
    await until('the volume has grown', async () => (await volumeSizes())['a'] === 128);
    expect(await client.shrinkVolume(agentId, volume('a', 'web', 128), 64)).toEqual(accepted);
    await until('the volume has shrunk', async () => (await volumeSizes())['a'] === 64);
    expect(await client.destroyVolumes(agentId, [volume('a', 'web', 128)])).toMatchObject({
      ok: false,
      error: { status: 400 },
    });
    expect(await client.destroyVolumes(agentId, [volume('a', 'web', 64), volume('b', 'web', 50)])).toEqual(accepted);
    expect(await volumes()).toEqual([]);
    expect(await client.unreserveResources(agentId, reserved('web', { disk: 500 }))).toEqual(accepted);
  });

  it('sees an operation until its framework has acknowledged the end', async () => {
    await until('earlier operations are over', async () => {
      const operations = await client.getOperations();
      return operations.ok && (operations.value.operations ?? []).length === 0;
    });
    const ends: OperationStatus[] = [];
    const scheduler = new SchedulerClient({
      master: cluster.master,
      framework: {
        user: 'root',
        name: 'reserver',
        roles: ['dev'],
        principal: 'reserver',
        capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }],
      },
      codec,
      explicitAcknowledgements: true,
    });
    onTestFinished(() => void scheduler.close());
    let asked = false;
    scheduler.start({
      offers: (offers) => {
        if (asked) return void scheduler.decline(offers);
        asked = true;
        const part = reserved('dev', { cpus: 1 }).map((one) => ({
          ...one,
          reservations: [{ ...reservation('dev'), principal: 'reserver' }],
          allocation_info: { role: 'dev' },
        }));
        void scheduler.accept(offers.slice(0, 1), [
          { type: 'RESERVE', id: { value: 'r1' }, reserve: { resources: part } },
        ]);
      },
      updateOperationStatus: (status) => void ends.push(status),
    });
    await until('the operation has ended', () => ends.length > 0);
    expect(ends[0]).toMatchObject({ operation_id: { value: 'r1' }, state: 'OPERATION_FINISHED' });
    const operations = await client.getOperations();
    expect(operations.ok && operations.value.operations).toMatchObject([
      {
        framework_id: { value: scheduler.frameworkId },
        agent_id: { value: agentId },
        info: { id: { value: 'r1' }, type: 'RESERVE' },
        latest_status: { state: 'OPERATION_FINISHED' },
      },
    ]);
    expect(await scheduler.acknowledgeOperationStatus(ends[0]!)).toMatchObject({ ok: true });
    await until('the operation is forgotten', async () => {
      const left = await client.getOperations();
      return left.ok && (left.value.operations ?? []).length === 0;
    });
    await scheduler.close({ teardown: true });
  });
});
