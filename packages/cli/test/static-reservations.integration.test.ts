/**
 * Reservations that an agent has by its flags, seen by frameworks and operators through the whole stack: real daemons,
 * real sockets. In both forms of `--resources`.
 */
import { isTerminal, MasterClient, SchedulerClient, task, unreserve } from '@mesolite/sdk';
import type { FrameworkInfoCapabilityType, Offer, OperationStatus, Resource, TaskStatus } from '@mesolite/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from '../src/index.ts';

const LIMIT_MS = 20_000;

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((wake) => setTimeout(wake, 10));
  }
}

const TEXT =
  'cpus(prod):2;cpus:3;mem(prod):1024;mem(*):2048;disk:0;ports(prod):[31000-31009];ports(*):[31010-31019];licences:4';
const inStack = (role: string): object => ({ reservations: [{ type: 'STATIC', role }] });
const JSON_LIST = JSON.stringify([
  { name: 'cpus', type: 'SCALAR', scalar: { value: 2 }, ...inStack('prod') },
  { name: 'cpus', type: 'SCALAR', scalar: { value: 3 } },
  // The format from before refinement, and both at once.
  { name: 'mem', type: 'SCALAR', scalar: { value: 1024 }, role: 'prod' },
  { name: 'mem', type: 'SCALAR', scalar: { value: 2048 }, role: '*' },
  { name: 'disk', type: 'SCALAR', scalar: { value: 0 } },
  {
    name: 'ports',
    type: 'RANGES',
    ranges: { range: [{ begin: 31000, end: 31009 }] },
    role: 'prod',
    ...inStack('prod'),
  },
  { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31010, end: 31019 }] }, role: '*' },
  { name: 'licences', type: 'SCALAR', scalar: { value: 4 } },
]);

/** A framework that keeps what it is offered. */
class Holder {
  readonly offers = new Map<string, Offer>();
  readonly updates: TaskStatus[] = [];
  readonly ends: OperationStatus[] = [];
  readonly client: SchedulerClient;

  constructor(master: string, role: string, capabilities: readonly FrameworkInfoCapabilityType[]) {
    this.client = new SchedulerClient({
      master,
      framework: { user: 'root', name: role, roles: [role], capabilities: capabilities.map((type) => ({ type })) },
    });
    this.client.start({
      offers: (offers) => {
        for (const offer of offers) this.offers.set(offer.id.value, offer);
      },
      rescind: (id) => void this.offers.delete(id),
      update: (status) => void this.updates.push(status),
      updateOperationStatus: (status) => void this.ends.push(status),
    });
  }

  get resources(): Resource[] {
    return [...this.offers.values()].flatMap((offer) => offer.resources ?? []);
  }

  /** Names of what it holds in the first format, with the reservation, in order. */
  get names(): string[] {
    return this.resources.map(({ name, reservations }) => `${name}:${reservations?.at(-1)?.role ?? '*'}`).sort();
  }

  close(): Promise<void> {
    return this.client.close({ teardown: true });
  }
}

describe.each([
  ['text', TEXT],
  ['JSON', JSON_LIST],
])('resources that the flags of an agent reserve, as %s', (_form, resources) => {
  let cluster: LocalCluster;
  let client: MasterClient;

  beforeAll(async () => {
    const started = await LocalCluster.start({
      resources,
      masterFlags: ['--allocation_interval=20ms'],
      agentFlags: ['--registration_backoff_factor=1ms', '--no-switch_user', '--default_role=dev'],
    });
    if (!started.ok) throw new Error(started.error);
    cluster = started.value;
    client = new MasterClient(cluster.master);
  });
  afterAll(async () => {
    await client?.close();
    await cluster?.stop();
  });

  const read = async (address: string, path: string): Promise<Record<string, unknown>> =>
    (await fetch(`http://${address}${path}`)).json() as Promise<Record<string, unknown>>;

  /** The one agent as the master's state tells it. */
  const agentInState = async (): Promise<Record<string, unknown> | undefined> =>
    ((await read(cluster.master, '/state'))['slaves'] as Record<string, unknown>[])[0];

  const agentId = async (): Promise<string> => {
    const agents = await client.getAgents();
    return (agents.ok ? agents.value.agents?.[0]?.agent_info.id?.value : undefined) ?? '';
  };

  it('are shown by master and agent, apart from the rest', async () => {
    const shown = {
      reserved_resources: {
        prod: { cpus: 2, mem: 1024, disk: 0, gpus: 0, ports: '[31000-31009]' },
        dev: { cpus: 3, mem: 0, disk: 0, gpus: 0, licences: 4 },
      },
      unreserved_resources: { cpus: 0, mem: 2048, disk: 0, gpus: 0, ports: '[31010-31019]' },
    };
    expect(await agentInState()).toMatchObject({
      ...shown,
      resources: { cpus: 5, mem: 3072, ports: '[31000-31019]' },
    });
    const agent = await read(cluster.agents[0]!, '/state');
    expect(agent).toMatchObject(shown);
    // Endpoints tell both formats.
    const full = agent['reserved_resources_full'] as Record<string, object[]>;
    expect(full['prod']?.[0]).toMatchObject({ role: 'prod', reservations: [{ type: 'STATIC', role: 'prod' }] });
  });

  it('go to frameworks of their role, in the format each knows', async () => {
    const prod = new Holder(cluster.master, 'prod', ['MULTI_ROLE', 'RESERVATION_REFINEMENT']);
    const dev = new Holder(cluster.master, 'dev', ['MULTI_ROLE']);
    try {
      const roles = ({ resources: held }: Holder): unknown[] => [
        ...new Set(held.map(({ role, reservations }) => role ?? reservations?.[0]?.role ?? '*')),
      ];
      await until('both have what is theirs', () => roles(prod).includes('prod') && roles(dev).includes('dev'));
      // What is free goes to either, what is reserved to one.
      const together = await untilAll(prod, dev);
      expect(together).toEqual(['cpus', 'cpus', 'licences', 'mem', 'mem', 'ports', 'ports']);
      expect(prod.resources.every(({ role }) => role === undefined)).toBe(true);
      expect(dev.resources.every(({ reservations }) => reservations === undefined)).toBe(true);
      const own = prod.resources.filter(({ reservations }) => reservations !== undefined);
      expect(own.map(({ name, reservations }) => [name, reservations])).toEqual(
        ['cpus', 'mem', 'ports'].map((name) => [name, [{ type: 'STATIC', role: 'prod' }]]),
      );
      const theirs = dev.resources.filter(({ role }) => role !== '*');
      expect(theirs.map(({ name, role, reservation }) => [name, role, reservation])).toEqual([
        ['cpus', 'dev', undefined],
        ['licences', 'dev', undefined],
      ]);
    } finally {
      await Promise.all([prod.close(), dev.close()]);
    }
  });

  /** Names of all that is offered, once everything is. */
  async function untilAll(...holders: Holder[]): Promise<string[]> {
    const names = (): string[] => holders.flatMap((holder) => holder.resources.map(({ name }) => name)).sort();
    await until('everything is offered', () => names().length === 7);
    return names();
  }

  it('are what a task of that role is run on', async () => {
    const prod = new Holder(cluster.master, 'prod', ['MULTI_ROLE', 'RESERVATION_REFINEMENT']);
    try {
      await until('prod has its processors', () => prod.names.includes('cpus:prod'));
      const offer = [...prod.offers.values()].find((one) => one.resources?.some(({ reservations }) => reservations))!;
      const reserved = (offer.resources ?? []).filter(({ reservations }) => reservations !== undefined);
      const answer = await prod.client.launch(offer, [{ ...task({ id: 't', command: 'true' }), resources: reserved }]);
      expect(answer.ok).toBe(true);
      await until('the task has ended', () => prod.updates.some(({ state }) => isTerminal(state)));
      expect(prod.updates.at(-1)?.state).toBe('TASK_FINISHED');
    } finally {
      await prod.close();
    }
  });

  it('stay reserved, whoever asks', async () => {
    const processors: Resource = {
      name: 'cpus',
      type: 'SCALAR',
      scalar: { value: 2 },
      reservations: [{ type: 'STATIC', role: 'prod' }],
    };
    const text = 'Resource cpus(reservations: [(STATIC,prod)]):2 is not dynamically reserved';
    const refused = await client.unreserveResources(await agentId(), [processors]);
    expect(refused).toMatchObject({ ok: false, error: { status: 400, message: expect.stringContaining(text) } });

    const prod = new Holder(cluster.master, 'prod', ['MULTI_ROLE', 'RESERVATION_REFINEMENT']);
    try {
      await until('prod has its processors', () => prod.names.includes('cpus:prod'));
      const offer = [...prod.offers.values()].find((one) => one.resources?.some(({ reservations }) => reservations))!;
      const cpus = (offer.resources ?? []).filter(({ name, reservations }) => name === 'cpus' && reservations);
      await prod.client.accept([offer], [unreserve(cpus, { id: 'u' })]);
      await until('the operation has ended', () => prod.ends.length > 0);
      expect(prod.ends[0]).toMatchObject({
        operation_id: { value: 'u' },
        state: 'OPERATION_ERROR',
        message: expect.stringContaining(
          'Resource cpus(allocated: prod)(reservations: [(STATIC,prod)]):2 is not dynamically reserved',
        ),
      });
    } finally {
      await prod.close();
    }
    expect(await agentInState()).toMatchObject({ reserved_resources: { prod: { cpus: 2 } } });
  });

  it('may be refined by those whose they are', async () => {
    const refined: Resource = {
      name: 'cpus',
      type: 'SCALAR',
      scalar: { value: 1 },
      reservations: [
        { type: 'STATIC', role: 'prod' },
        { type: 'DYNAMIC', role: 'prod/team' },
      ],
    };
    expect(await client.reserveResources(await agentId(), [refined])).toMatchObject({ ok: true });
    const byRole = async (): Promise<unknown> => {
      return (await agentInState())?.['reserved_resources'];
    };
    await until('it is reserved', async () => JSON.stringify(await byRole()).includes('prod/team'));
    expect(await byRole()).toMatchObject({ 'prod': { cpus: 1 }, 'prod/team': { cpus: 1 } });
    expect(await client.unreserveResources(await agentId(), [refined])).toMatchObject({ ok: true });
    await until('it is as before', async () => !JSON.stringify(await byRole()).includes('prod/team'));
    expect(await byRole()).toMatchObject({ prod: { cpus: 2 } });
  });
});
