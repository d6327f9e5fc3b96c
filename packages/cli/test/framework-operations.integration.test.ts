/**
 * A framework of the SDK works on the resources of a real agent, in both codecs: each operation with an id, each outcome
 * heard of, acknowledged, and asked about.
 */
import {
  createVolumes,
  destroyVolumes,
  growVolume,
  launchTasks,
  MasterClient,
  reserve,
  reserved,
  reservedOf,
  resources,
  SchedulerClient,
  scalarOf,
  shrinkVolume,
  task,
  unreserve,
  volume,
} from '@mesolite/sdk';
import type { Offer, OfferOperation, OperationStatus, TaskStatus } from '@mesolite/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from '../src/index.ts';
import { until } from './live-framework.ts';

const OURS = { role: 'keepers', principal: 'keeper', labels: { kept: 'yes' } };
const disk = (size: number) => reserved(resources({ disk: size }), OURS)[0]!;
const kept = (size: number) => volume({ id: 'v', size, containerPath: 'data', reservation: OURS });
const shared = volume({ id: 's', size: 10, containerPath: 'data', reservation: OURS, shared: true });

describe.each(['protobuf', 'json'] as const)('operations of a framework in %s', (codec) => {
  let cluster: LocalCluster;
  let operator: MasterClient;
  let scheduler: SchedulerClient;
  const offers = new Map<string, Offer>();
  const outcomes: OperationStatus[] = [];
  const updates: TaskStatus[] = [];

  beforeAll(async () => {
    const started = await LocalCluster.start({
      resources: 'cpus:2;mem:256;disk:100',
      masterFlags: ['--allocation_interval=20ms'],
      agentFlags: ['--registration_backoff_factor=1ms', '--no-switch_user'],
    });
    if (!started.ok) throw new Error(started.error);
    cluster = started.value;
    operator = new MasterClient(cluster.master);
    scheduler = new SchedulerClient({
      master: cluster.master,
      codec,
      framework: {
        user: '',
        name: 'keeper',
        principal: OURS.principal,
        roles: [OURS.role],
        capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }, { type: 'SHARED_RESOURCES' }],
      },
    }).start({
      offers: (list) => list.forEach((offer) => void offers.set(offer.id.value, offer)),
      rescind: (id) => void offers.delete(id),
      update: (status) => void updates.push(status),
      updateOperationStatus: (status) => void outcomes.push(status),
    });
  });
  afterAll(async () => {
    await scheduler?.close({ teardown: true });
    await operator?.close();
    await cluster?.stop();
  });

  const held = () => [...offers.values()].flatMap(({ resources: list }) => list ?? []);

  /** Uses one offer, of `mem` MiB. Of several parts of an agent each would have a copy of a shared volume. */
  async function accept(mem: number, ...operations: OfferOperation[]): Promise<void> {
    const whole = (): Offer | undefined => [...offers.values()].find((one) => scalarOf(one.resources, 'mem') === mem);
    await until(`${mem} MiB are offered`, async () => {
      if (whole() !== undefined) return true;
      const parts = [...offers.values()];
      offers.clear();
      if (parts.length > 0) await scheduler.decline(parts, 0);
      return false;
    });
    const used = whole()!;
    offers.clear();
    expect(await scheduler.accept([used], operations, { refuse_seconds: 0 })).toMatchObject({ ok: true });
  }

  async function outcome(id: string): Promise<OperationStatus> {
    const find = () => outcomes.find((status) => status.operation_id?.value === id);
    await until(`the outcome of ${id} is known`, () => find() !== undefined);
    return find()!;
  }

  async function openOperations(): Promise<(string | undefined)[]> {
    const answer = await operator.getOperations();
    if (!answer.ok) throw answer.error;
    return (answer.value.operations ?? []).map(({ info }) => info.id?.value);
  }

  it('make, resize and remove a volume, and are forgotten when acknowledged', async () => {
    await accept(256, reserve([disk(50)], { id: 'reserve' }), createVolumes([kept(20)], { id: 'create' }));
    await accept(256, growVolume(kept(20), disk(10), { id: 'grow' }));
    await accept(256, shrinkVolume(kept(30), 5, { id: 'shrink' }));
    await until('the volume is offered', () => reservedOf(held(), OURS).length === 2);
    const sizes = reservedOf(held(), OURS).map((one) => [one.disk?.persistence?.id, one.scalar?.value]);
    expect(sizes).toEqual(
      expect.arrayContaining([
        ['v', 25],
        [undefined, 25],
      ]),
    );
    await accept(256, destroyVolumes([kept(25)], { id: 'destroy' }), unreserve([disk(50)], { id: 'unreserve' }));
    for (const id of ['reserve', 'create', 'grow', 'shrink', 'destroy', 'unreserve'])
      expect(await outcome(id)).toMatchObject({ state: 'OPERATION_FINISHED', uuid: { value: expect.anything() } });
    await until('all are forgotten', async () => (await openOperations()).length === 0);
  });

  it('that cannot be are told with the reason, and the others go on', async () => {
    await accept(
      256,
      reserve([disk(1000)], { id: 'too much' }),
      reserve(reserved(resources({ disk: 1 }), { ...OURS, role: 'others' }), { id: 'not ours' }),
      destroyVolumes([kept(1)], { id: 'not there' }),
      reserve([disk(1)], { id: 'well' }),
    );
    expect(await outcome('well')).toMatchObject({ state: 'OPERATION_FINISHED' });
    for (const [id, words] of [
      ['too much', 'does not contain disk'],
      ['not ours', "with role 'others'"],
      ['not there', 'Persistent volumes not found'],
    ] as const) {
      const status = await outcome(id);
      expect(status).toMatchObject({ state: 'OPERATION_ERROR', message: expect.stringContaining(words) });
      // Made up by the master, which remembers nothing of it: not to be acknowledged.
      expect(status.uuid).toBeUndefined();
    }
    await accept(256, unreserve([disk(1)]));
  });

  it('are asked about: what nobody knows is unknown', async () => {
    await scheduler.reconcileOperations([{ operation_id: { value: 'never heard of' } }]);
    expect(await outcome('never heard of')).toMatchObject({ state: 'OPERATION_UNKNOWN' });
  });

  it('make a volume that two tasks of one call use together', async () => {
    const resourcesOfTask = [...resources({ cpus: 0.1, mem: 32 }), shared];
    const wait = (mine: string, other: string): string =>
      `touch data/${mine}; until test -e data/${other}; do sleep 0.02; done`;
    await accept(
      256,
      reserve([disk(10)]),
      createVolumes([shared]),
      launchTasks([
        task({ id: 'a', command: wait('a', 'b'), resources: resourcesOfTask }),
        task({ id: 'b', command: wait('b', 'a'), resources: resourcesOfTask }),
      ]),
    );
    for (const id of ['a', 'b'])
      await until(`${id} has ended`, () =>
        updates.some(({ task_id: one, state }) => one.value === id && state === 'TASK_FINISHED'),
      );
    await accept(256, destroyVolumes([shared], { id: 'last' }), unreserve([disk(10)]));
    expect(await outcome('last')).toMatchObject({ state: 'OPERATION_FINISHED' });
  });
});
