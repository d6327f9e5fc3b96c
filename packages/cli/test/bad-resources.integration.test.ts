/**
 * Resources that make no sense, are not there or not free, by whichever door they come: refused as Apache Mesos refuses
 * them, in words that name the mistake, and the cluster is to the byte what it was.
 */
import type { MasterCall, OfferOperation, Resource } from '@mesolite/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BAD_RESOURCE_FLAGS, BAD_RESOURCES, DYNAMIC, range, scalar, TOO_MANY, volume } from './bad-input.ts';
import { jsonText, PicturedCluster } from './pictured-cluster.ts';

let cluster: PicturedCluster;

beforeAll(async () => {
  cluster = await PicturedCluster.start();
});

afterAll(() => cluster?.stop());

describe.each(BAD_RESOURCES)('%s', (_, resource, says) => {
  const list = [resource];
  const at = () => ({ agent_id: cluster.agentId });

  it('is not what an operator can reserve, free, create, destroy or resize', () =>
    cluster.whileOffered(async () => {
      await cluster.refused(
        [
          ...(await cluster.ask({ type: 'RESERVE_RESOURCES', reserve_resources: { ...at(), resources: list } })),
          ...(await cluster.ask({ type: 'UNRESERVE_RESOURCES', unreserve_resources: { ...at(), resources: list } })),
          ...(await cluster.ask({ type: 'CREATE_VOLUMES', create_volumes: { ...at(), volumes: list } })),
          ...(await cluster.ask({ type: 'DESTROY_VOLUMES', destroy_volumes: { ...at(), volumes: list } })),
          await cluster.form('/reserve', { resources: list }),
          await cluster.form('/unreserve', { resources: list }),
          await cluster.form('/create-volumes', { volumes: list }),
          await cluster.form('/destroy-volumes', { volumes: list }),
        ],
        400,
        says,
      );
      const grow = { ...at(), volume: volume('idle', 50), addition: resource };
      const shrink = { ...at(), volume: resource, subtract: { value: 1 } };
      await cluster.refused(await cluster.ask({ type: 'GROW_VOLUME', grow_volume: grow }), 400, /./);
      await cluster.refused(await cluster.ask({ type: 'SHRINK_VOLUME', shrink_volume: shrink }), 400, /./);
    }));

  it('is not what a framework can reserve', async () => {
    expect(await cluster.accept(() => ({ type: 'RESERVE', reserve: { resources: [...list] } }))).toEqual({
      state: 'OPERATION_ERROR',
      message: expect.stringMatching(says) as string,
    });
    await cluster.unchanged();
  });

  it('is not what a task can have', async () => {
    expect(await cluster.accept(cluster.launch([scalar('cpus', 0.1), resource]))).toEqual({
      state: 'TASK_ERROR',
      message: expect.stringMatching(says) as string,
    });
    await cluster.unchanged();
  });
});

describe('more resources than an operation may name', () => {
  const volumes = Array.from({ length: TOO_MANY }, (_, i) => volume(`v${i}`, 1));
  const resources = Array.from({ length: TOO_MANY }, (_, i) => ({
    ...scalar('cpus', 0.001),
    reservations: [{ ...DYNAMIC[0]!, labels: { labels: [{ key: `k${i}` }] } }],
  }));

  it('are refused to an operator', () =>
    cluster.whileOffered(async () => {
      const at = { agent_id: cluster.agentId };
      await cluster.refused(
        [
          ...(await cluster.ask({ type: 'RESERVE_RESOURCES', reserve_resources: { ...at, resources } })),
          ...(await cluster.ask({ type: 'UNRESERVE_RESOURCES', unreserve_resources: { ...at, resources } })),
          ...(await cluster.ask({ type: 'CREATE_VOLUMES', create_volumes: { ...at, volumes } })),
          ...(await cluster.ask({ type: 'DESTROY_VOLUMES', destroy_volumes: { ...at, volumes } })),
          await cluster.form('/reserve', { resources }),
          await cluster.form('/unreserve', { resources }),
          await cluster.form('/create-volumes', { volumes }),
          await cluster.form('/destroy-volumes', { volumes }),
        ],
        400,
        /'(reserve\.|unreserve\.)?resources'.*more than 1000|'(create\.|destroy\.)?volumes'.*more than 1000/,
      );
    }));

  it.each<OfferOperation>([
    { type: 'RESERVE', reserve: { resources } },
    { type: 'CREATE', create: { volumes } },
    {
      type: 'LAUNCH',
      launch: { task_infos: [{ name: 't', task_id: { value: 't' }, agent_id: { value: 'a' }, resources }] },
    },
  ])('are refused to a framework: $type', async (operation) => {
    const answer = await cluster.asker.call({ type: 'ACCEPT', accept: { offer_ids: [], operations: [operation] } });
    await cluster.refused([answer], 400, /'accept\.operations': '[a-z.]+' has more than 1000 resources/);
  });
});

describe('what is not there, or not free', () => {
  const much = [scalar('cpus', 800)];
  const strange = [scalar('antimatter', 1)];
  const mixed = [range('cpus', [1, 2])];

  it.each([
    ['more than there is', much],
    ['of a kind the agent does not have', strange],
    ['of a kind by another type', mixed],
  ])('is not reserved: %s', async (_, resources) => {
    const reserve = { agent_id: cluster.agentId, resources };
    await cluster.whileOffered(async () =>
      cluster.refused(
        [
          ...(await cluster.ask({ type: 'RESERVE_RESOURCES', reserve_resources: reserve })),
          await cluster.form('/reserve', { resources }),
          ...(await cluster.ask({ type: 'UNRESERVE_RESOURCES', unreserve_resources: reserve })),
          await cluster.form('/unreserve', { resources }),
        ],
        409,
        new RegExp(resources[0]!.name),
      ),
    );
    const { state, message } = await cluster.accept(() => ({ type: 'RESERVE', reserve: { resources } }));
    expect(state).toBe('OPERATION_ERROR');
    expect(message).toMatch(resources[0]!.name);
    await cluster.unchanged();
  });

  it('is no task launched with', async () => {
    for (const resources of [much, strange, mixed]) {
      const { state, message } = await cluster.accept(cluster.launch(resources));
      expect(state).toBe('TASK_ERROR');
      expect(message).toMatch(resources[0]!.name);
      await cluster.unchanged();
    }
  });

  it('is no volume destroyed that a task uses', async () => {
    const volumes = [volume('busy', 100)];
    const destroy = { agent_id: cluster.agentId, volumes };
    await cluster.refused(
      [
        ...(await cluster.ask({ type: 'DESTROY_VOLUMES', destroy_volumes: destroy })),
        await cluster.form('/destroy-volumes', { volumes }),
      ],
      400,
      /Persistent volumes in use/,
    );
    expect(await cluster.accept(() => ({ type: 'DESTROY', destroy: { volumes } }))).toEqual({
      state: 'OPERATION_ERROR',
      message: expect.stringMatching(/Persistent volumes in use/) as string,
    });
    await cluster.unchanged();
    await cluster.whileOffered(async () => {
      const shrink = { agent_id: cluster.agentId, volume: volume('busy', 100), subtract: { value: 1 } };
      await cluster.refused(await cluster.ask({ type: 'SHRINK_VOLUME', shrink_volume: shrink }), 409, /busy/);
      const unreserve = { agent_id: cluster.agentId, resources: [scalar('cpus', 2)] };
      await cluster.refused(
        await cluster.ask({ type: 'UNRESERVE_RESOURCES', unreserve_resources: unreserve }),
        409,
        /cpus/,
      );
    });
  });

  it('is no volume made twice, or of what is not reserved, or destroyed that is not there', () =>
    cluster.whileOffered(async () => {
      const call = (type: 'CREATE_VOLUMES' | 'DESTROY_VOLUMES', one: Resource): MasterCall => ({
        type,
        [type.toLowerCase()]: { agent_id: cluster.agentId, volumes: [one] },
      });
      const { reservations: _, ...unreserved } = volume('new', 1);
      await cluster.refused(await cluster.ask(call('CREATE_VOLUMES', volume('idle', 1))), 400, /'idle' is not unique/);
      await cluster.refused(await cluster.ask(call('CREATE_VOLUMES', unreserved)), 400, /unreserved/);
      await cluster.refused(await cluster.ask(call('CREATE_VOLUMES', volume('new', 100_000))), 409, /disk/);
      await cluster.refused(
        await cluster.ask(call('CREATE_VOLUMES', volume('a/b', 1))),
        400,
        /persistence ID.*slash|'a\/b'/i,
      );
      await cluster.refused(
        await cluster.ask(call('DESTROY_VOLUMES', volume('none', 1))),
        400,
        /Persistent volumes not found/,
      );
      await cluster.refused(
        await cluster.ask(call('DESTROY_VOLUMES', volume('idle', 49))),
        400,
        /Persistent volumes not found/,
      );
    }));

  it('is no operation on an agent nobody knows', async () => {
    const nobody = { agent_id: { value: 'nobody' }, resources: [scalar('cpus', 1)] };
    await cluster.refused(await cluster.ask({ type: 'RESERVE_RESOURCES', reserve_resources: nobody }), 400, /No agent/);
  });
});

describe('resources that make sense, but not for that', () => {
  const ofFlags: Resource = { ...scalar('cpus', 1), reservations: [{ type: 'STATIC', role: 'dev' }] };
  const { reservations: _, ...nobodys } = scalar('cpus', 1);
  const disk = (more: Resource['disk']): Resource => ({ ...scalar('disk', 1), disk: more });
  const mode = { mode: 'RW' as const, container_path: 'data' };

  it.each<[what: string, one: Resource, says: RegExp]>([
    ['reserved by flags', ofFlags, /cpus.*is not dynamically reserved/],
    ['reserved for nobody', nobodys, /cpus.*is not dynamically reserved/],
    ['half a GPU', scalar('gpus', 0.5), /'gpus'.*unsigned integer/],
    ['what can be revoked', { ...scalar('cpus', 1), revocable: {} }, /cpus.*cannot be created from revocable/],
  ])('are not reserved or freed: %s', async (_what, one, says) => {
    const resources = [one];
    const operation = { agent_id: cluster.agentId, resources };
    await cluster.refused(
      [
        ...(await cluster.ask({ type: 'RESERVE_RESOURCES', reserve_resources: operation })),
        ...(await cluster.ask({ type: 'UNRESERVE_RESOURCES', unreserve_resources: operation })),
        await cluster.form('/reserve', { resources }),
        await cluster.form('/unreserve', { resources }),
      ],
      400,
      says,
    );
    const { state, message } = await cluster.accept(() => ({ type: 'RESERVE', reserve: { resources } }));
    expect(state).toBe('OPERATION_ERROR');
    expect(message).toMatch(says);
    await cluster.unchanged();
  });

  it.each<[what: string, one: Resource, says: RegExp]>([
    ['no disk', scalar('cpus', 1), /cpus.*does not have DiskInfo/],
    ['disk that is no volume', scalar('disk', 1), /disk.*does not have DiskInfo/],
    ['a volume mounted nowhere', disk({ persistence: { id: 'v' } }), /'volume' to be set/],
    ['a volume of the host', disk({ persistence: { id: 'v' }, volume: { ...mode, host_path: '/' } }), /'host_path'/],
    ['a volume to read', disk({ persistence: { id: 'v' }, volume: { ...mode, mode: 'RO' } }), /Read-only/],
    ['a volume with nothing in it', disk({}), /DiskInfo is set but empty/],
    ['a volume without an id', disk({ persistence: { id: '' }, volume: mode }), /persistence ID/],
    ['a volume whose id is a way', disk({ persistence: { id: '../v' }, volume: mode }), /persistence ID/],
  ])('are not made a volume, or destroyed as one: %s', async (_what, one, says) => {
    const volumes = [one];
    const operation = { agent_id: cluster.agentId, volumes };
    await cluster.refused(
      [
        ...(await cluster.ask({ type: 'CREATE_VOLUMES', create_volumes: operation })),
        ...(await cluster.ask({ type: 'DESTROY_VOLUMES', destroy_volumes: operation })),
        await cluster.form('/create-volumes', { volumes }),
        await cluster.form('/destroy-volumes', { volumes }),
      ],
      400,
      says,
    );
    const { state, message } = await cluster.accept(() => ({ type: 'CREATE', create: { volumes } }));
    expect(state).toBe('OPERATION_ERROR');
    expect(message).toMatch(says);
    await cluster.unchanged();
  });

  it('are no volume of another size', () =>
    cluster.whileOffered(async () => {
      const [at, idle] = [cluster.agentId, volume('idle', 50)];
      const grow = (addition: Resource) =>
        cluster.ask({ type: 'GROW_VOLUME', grow_volume: { agent_id: at, volume: idle, addition } });
      const shrink = (value: number) =>
        cluster.ask({ type: 'SHRINK_VOLUME', shrink_volume: { agent_id: at, volume: idle, subtract: { value } } });
      await cluster.refused(await grow(scalar('disk', 0)), 400, /'GrowVolume.addition'.*greater than zero/);
      await cluster.refused(await grow(scalar('mem', 1)), 400, /Incompatible resources.*'GrowVolume.addition'/);
      await cluster.refused(await grow(scalar('disk', 100_000)), 409, /does not contain/);
      for (const amount of [0, -1])
        await cluster.refused(await shrink(amount), 400, /'ShrinkVolume.subtract'.*than zero/);
      await cluster.refused(await shrink(50), 400, /'ShrinkVolume.subtract'.*smaller than the size/);
      await cluster.refused(
        await shrink(Number.POSITIVE_INFINITY),
        400,
        /'ShrinkVolume.subtract'.*smaller than the size/,
      );
      await cluster.refused(await shrink(Number.NaN), 400, /subtract/);
    }));

  it('are no update of what they were not', () =>
    cluster.whileOffered(async () => {
      const [source, resources] = [
        [scalar('cpus', 1)],
        [{ ...scalar('cpus', 2), reservations: [{ type: 'DYNAMIC', role: 'ops' }] }],
      ];
      const reserve = { agent_id: cluster.agentId, source, resources: resources as Resource[] };
      await cluster.refused(
        [
          ...(await cluster.ask({ type: 'RESERVE_RESOURCES', reserve_resources: reserve })),
          await cluster.form('/reserve', { source, resources: reserve.resources }),
        ],
        400,
        /identical resource quantities/,
      );
    }));
});

describe.each([
  ['/reserve', 'resources'],
  ['/unreserve', 'resources'],
  ['/create-volumes', 'volumes'],
  ['/destroy-volumes', 'volumes'],
])('a form for %s', (path, field) => {
  const send = (fields: Record<string, string>) =>
    cluster.send('POST', path, new URLSearchParams(fields).toString(), 'application/x-www-form-urlencoded');

  it('names an agent and what is meant', async () => {
    await cluster.refused([await send({ [field]: '[]' })], 400, /'slaveId'/);
    await cluster.refused([await send({ 'slaveId': cluster.agentId.value })], 400, new RegExp(`'${field}'`));
    await cluster.refused([await send({ 'slaveId': 'nobody', [field]: '[]' })], 400, /No agent found/);
    await cluster.refused([await cluster.send('GET', path, '')], 405, /POST/);
  });

  it.each(['', 'x', '{', '{}', '[1]', '[{"name":"cpus"}]'])('holds a JSON array of resources, not %j', async (text) => {
    const answer = await send({ 'slaveId': cluster.agentId.value, [field]: text });
    await cluster.refused([answer], 400, new RegExp(`'${field}' query parameter`));
  });
});

describe('values of an unknown kind', () => {
  it.each([
    ['type', { name: 'cpus', type: 'MAGIC', scalar: { value: 1 } }],
    ['value', { name: 'cpus', type: 'SCALAR', scalar: { value: 'much' } }],
    ['begin', { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: -1, end: 5 }] } }],
    ['end', { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 1, end: 'last' }] } }],
    ['name', { type: 'SCALAR', scalar: { value: 1 } }],
  ])('are refused by name: %s', async (field, resource) => {
    const resources = JSON.stringify([resource]);
    const call = `{"type":"RESERVE_RESOURCES","reserve_resources":{"agent_id":{"value":"x"},"resources":${resources}}}`;
    const body = new URLSearchParams({ 'slaveId': cluster.agentId.value, resources }).toString();
    const guarantee = `{"role":"new","guarantee":${resources}}`;
    await cluster.refused(
      [
        await cluster.send('POST', '/api/v1', call),
        await cluster.send('POST', '/reserve', body, 'application/x-www-form-urlencoded'),
        await cluster.send('POST', '/quota', guarantee),
      ],
      400,
      new RegExp(field),
    );
  });
});

describe('an agent does not start with', () => {
  it.each(BAD_RESOURCE_FLAGS)('--resources=%s', async (text, says) => {
    expect(await cluster.refusal('agent', `--resources=${text}`)).toMatch(says);
  });

  it.each(BAD_RESOURCES)('resources that are %s', async (what, resource, says) => {
    const { reservations: given, ...rest } = resource;
    // Reserved by flags, unless the reservation is the mistake.
    const one = given === DYNAMIC ? { ...rest, reservations: [{ ...DYNAMIC[0]!, type: 'STATIC' }] } : resource;
    const text = await cluster.refusal('agent', `--resources=${jsonText([one])}`);
    // Flags name the rule; which resource it was is told where there are several.
    expect([what, text]).toEqual([what, expect.stringMatching(new RegExp(says.source.replace(/^\w+\.\*/, '')))]);
  });
});
