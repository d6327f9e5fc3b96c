import type { AgentId } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import { ApplyOperationMessage, CheckpointResourcesMessage, type OfferOperation } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import {
  AGENT_CAPABILITIES,
  eventsIn,
  frameworkInfo,
  launchedTasks,
  repliesIn,
  scalar,
  sent,
  task,
} from './core-harness.ts';

import {
  accept,
  CAPABILITIES,
  type Cluster,
  cluster,
  create,
  destroy,
  named,
  operations,
  report,
  reserve,
  reserved,
  statuses,
  totalOf,
  unreserve,
  VERSION,
  volume,
} from './operation-cluster.ts';

describe('an operation in ACCEPT', () => {
  it('changes what the agent has at once, and the agent is told', () => {
    const all = cluster();
    const effects = accept(all, [reserve(reserved('cpus', 1), reserved('disk', 100))]);
    expect(String(totalOf(all).reserved('dev'))).toBe(
      'cpus(reservations: [(DYNAMIC,dev,p)]):1; disk(reservations: [(DYNAMIC,dev,p)]):100',
    );
    const [message] = sent(effects, all.agent.pid, ApplyOperationMessage);
    expect(message).toMatchObject({
      framework_id: { value: all.scheduler.id },
      operation_info: { type: 'RESERVE', reserve: { resources: [{ allocation_info: { role: 'dev' } }, {}] } },
    });
    expect(Buffer.from(message?.resource_version_uuid.uuid.value ?? [])).toEqual(VERSION);
    const [offer] = all.harness.offers(all.scheduler);
    expect(String(Resources.from(offer?.resources).unallocate().reserved('dev'))).toBe(
      'cpus(reservations: [(DYNAMIC,dev,p)]):1; disk(reservations: [(DYNAMIC,dev,p)]):100',
    );
  });

  it('is seen by those after it: reserve, create, launch on the volume', () => {
    const all = cluster();
    const effects = accept(all, [
      reserve(reserved('cpus', 1), reserved('mem', 64), reserved('disk', 100)),
      create(volume('v', 60)),
      {
        type: 'LAUNCH',
        launch: {
          task_infos: [
            task('t', all.agent.id, { resources: [reserved('cpus', 1), reserved('mem', 64), volume('v', 60)] }),
          ],
        },
      },
    ]);
    expect(
      sent(effects, all.agent.pid, ApplyOperationMessage).map(({ operation_info }) => operation_info.type),
    ).toEqual(['RESERVE', 'CREATE']);
    expect(launchedTasks(effects, all.agent.pid)).toHaveLength(1);
    const dropped = accept(all, [named('no', destroy(volume('v', 60)))]);
    expect(statuses(dropped, all.scheduler)).toMatchObject([
      {
        operation_id: { value: 'no' },
        state: 'OPERATION_ERROR',
        message: expect.stringContaining('Persistent volumes in use'),
      },
    ]);
  });

  it('makes volumes larger and smaller, which operations of the same call do not see', () => {
    const all = cluster();
    accept(all, [reserve(reserved('disk', 100)), create(volume('v', 50))]);
    const grow: OfferOperation = {
      type: 'GROW_VOLUME',
      grow_volume: { volume: volume('v', 50), addition: reserved('disk', 10) },
    };
    const shrink = (from: number, by: number): OfferOperation => ({
      type: 'SHRINK_VOLUME',
      shrink_volume: { volume: volume('v', from), subtract: { value: by } },
    });
    const effects = accept(all, [grow, named('early', shrink(60, 20))]);
    expect(statuses(effects, all.scheduler)[0]?.message).toContain('Invalid SHRINK_VOLUME operation: ');
    expect(totalOf(all).persistentVolumes().scalar('disk')).toBe(60);
    accept(all, [shrink(60, 20)]);
    expect(totalOf(all).persistentVolumes().scalar('disk')).toBe(40);
    expect(totalOf(all).scalar('disk')).toBe(1000);
  });

  it('goes all the way back', () => {
    const all = cluster();
    const before = totalOf(all);
    accept(all, [reserve(reserved('disk', 100)), create(volume('v', 50))]);
    accept(all, [destroy(volume('v', 50)), unreserve(reserved('disk', 100))]);
    expect(totalOf(all).equals(before)).toBe(true);
  });

  it('may be offered again at once, while the rest is refused', () => {
    const all = cluster();
    accept(all, [reserve(reserved('cpus', 1), reserved('mem', 64))], 1000);
    const [offer] = all.harness.offers(all.scheduler);
    expect(String(Resources.from(offer?.resources).unallocate())).toContain('reservations: [(DYNAMIC,dev,p)]):1');
  });

  it.each<[string, OfferOperation, string]>([
    [
      'more than offered',
      reserve(reserved('cpus', 9)),
      'cpus(allocated: dev):8; mem(allocated: dev):8192; disk(allocated: dev):1000 does not contain cpus(allocated: dev):9',
    ],
    [
      'for a role it was not offered for',
      reserve({ ...scalar('cpus', 1), reservations: [{ type: 'DYNAMIC', role: 'ops', principal: 'p' }] }),
      "A reserve operation was attempted for a resource with role 'ops', but the resource was allocated to role 'dev'; " +
        'on agent AGENT',
    ],
    [
      'updating reservations',
      { type: 'RESERVE', reserve: { source: [reserved('cpus', 1)], resources: [reserved('cpus', 1)] } },
      'Operation attempted with invalid resources: Reservation updates are not yet implemented for the scheduler API.',
    ],
    [
      'without its part',
      { type: 'UNRESERVE' },
      'Operation attempted with invalid resources: An UNRESERVE offer operation must have the Offer.Operation.unreserve ' +
        'field set.',
    ],
    [
      'negative',
      reserve(reserved('cpus', -1)),
      "Operation attempted with invalid resources: Resource 'cpus(reservations: [(DYNAMIC,dev,p)]):-1' is invalid: " +
        'Invalid scalar resource: value <= 0',
    ],
    ['of a volume that is not there', destroy(volume('v', 1)), 'Persistent volumes not found; on agent AGENT'],
    [
      'of a provider',
      { type: 'CREATE_DISK', create_disk: { source: scalar('disk', 1), target_type: 'MOUNT' } },
      'CREATE_DISK is not supported by this master',
    ],
  ])('is dropped and told when it has an id: %s', (_, operation, message) => {
    const all = cluster();
    const before = totalOf(all);
    const place = `${all.agent.id} at ${all.agent.pid} (localhost)`;
    const effects = accept(all, [named('x', operation), operation]);
    expect(statuses(effects, all.scheduler)).toEqual([
      { operation_id: { value: 'x' }, state: 'OPERATION_ERROR', message: message.replace('AGENT', place) },
    ]);
    expect(totalOf(all).equals(before)).toBe(true);
    expect(sent(effects, all.agent.pid, ApplyOperationMessage)).toEqual([]);
  });

  it('that fails ends no offers of others', () => {
    const all = cluster();
    accept(all, [reserve(reserved('cpus', 1), reserved('disk', 100)), create(volume('v', 60))]);
    const { harness } = all;
    accept(all, []);
    harness.call(all.scheduler, { type: 'SUPPRESS' });
    const other = harness.subscribe(frameworkInfo({ roles: ['ops'], principal: 'p' }));
    const [offer] = harness.offers(other);
    harness.call(all.scheduler, { type: 'REVIVE' });
    const [kept] = harness.offers(all.scheduler);
    expect(String(Resources.from(kept?.resources))).toContain('v:data');
    const effects = harness.accept(other, [offer?.id.value ?? ''], [named('x', destroy(volume('v', 60)))]);
    expect(statuses(effects, other)[0]?.message).toContain('does not contain');
    expect(eventsIn(effects, all.scheduler.connection)).toEqual([]);
    expect(harness.offers(all.scheduler)).toContainEqual(kept);
  });

  it('of a framework of old comes in the old form', () => {
    const all = cluster({
      framework: { role: 'dev', roles: [], capabilities: [] },
    });
    accept(all, [reserve({ ...scalar('cpus', 1), role: 'dev', reservation: { principal: 'p' } })]);
    expect(totalOf(all).reserved('dev').scalar('cpus')).toBe(1);
    const [offer] = all.harness.offers(all.scheduler);
    expect(offer?.resources?.find(({ role }) => role === 'dev')).toMatchObject({ reservation: { principal: 'p' } });
  });

  it('is told agents of old as all they have to remember', () => {
    const all = cluster({ capabilities: AGENT_CAPABILITIES });
    const effects = accept(all, [reserve(reserved('cpus', 1)), named('x', reserve(reserved('cpus', 1)))]);
    expect(sent(effects, all.agent.pid, CheckpointResourcesMessage)).toEqual([{ resources: [reserved('cpus', 1)] }]);
    expect(sent(effects, all.agent.pid, ApplyOperationMessage)).toEqual([]);
    expect(statuses(effects, all.scheduler)[0]?.message).toBe(
      `Operation requested feedback, but agent ${all.agent.id} does not have the required RESOURCE_PROVIDER capability`,
    );
    expect(operations(all)).toEqual([]);
  });

  it('with an id needs an agent that gives feedback', () => {
    const all = cluster({
      capabilities: CAPABILITIES.filter(({ type }) => type !== 'AGENT_OPERATION_FEEDBACK'),
    });
    expect(statuses(accept(all, [named('x', reserve(reserved('cpus', 1)))]), all.scheduler)[0]?.message).toBe(
      `Operation on agent default resources requested feedback, but agent ${all.agent.id} does not have the required ` +
        'AGENT_OPERATION_FEEDBACK and RESOURCE_PROVIDER capabilities',
    );
  });
});

describe('an operator', () => {
  let connections = 2_000_000;
  function operate(
    { harness, agent }: Cluster,
    operation: OfferOperation,
    agentId: AgentId = agent.id,
    principal?: string,
  ) {
    const connection = ++connections;
    return harness.step({ kind: 'operate-agent', connection, agentId, operation, principal });
  }

  it('reserves what is free, creates, destroys and frees', () => {
    const all = cluster();
    const before = totalOf(all);
    for (const operation of [
      reserve(reserved('disk', 100)),
      create(volume('v', 50)),
      destroy(volume('v', 50)),
      unreserve(reserved('disk', 100)),
    ]) {
      const effects = operate(all, operation);
      expect(repliesIn(effects)).toEqual([{ status: 202, text: undefined }]);
      expect(sent(effects, all.agent.pid, ApplyOperationMessage)).toMatchObject([
        { operation_info: { type: operation.type } },
      ]);
      report(all);
    }
    expect(totalOf(all).equals(before)).toBe(true);
    expect(operations(all)).toEqual([]);
  });

  it('takes back offers that hold what is needed, and no others', () => {
    const all = cluster();
    expect(all.harness.offers(all.scheduler)).toHaveLength(1);
    const effects = operate(all, reserve(reserved('cpus', 1)));
    expect(eventsIn(effects, all.scheduler.connection).map(({ type }) => type)).toContain('RESCIND');
    expect(repliesIn(effects)[0]?.status).toBe(202);
    const [offer] = all.harness.offers(all.scheduler);
    expect(Resources.from(offer?.resources).unallocate().reserved('dev').scalar('cpus')).toBe(1);
  });

  it.each<[string, OfferOperation, string]>([
    ['reserve.resources', reserve(...Array(1001).fill(reserved('cpus', 0.001))), 'RESERVE'],
    ['unreserve.resources', unreserve(...Array(1001).fill(reserved('cpus', 0.001))), 'UNRESERVE'],
    ['create.volumes', create(...Array(1001).fill(volume('v', 1))), 'CREATE'],
    ['destroy.volumes', destroy(...Array(1001).fill(volume('v', 1))), 'DESTROY'],
  ])('names no more than a thousand in %s', (field, operation, type) => {
    const all = cluster();
    const before = totalOf(all);
    expect(repliesIn(operate(all, operation))).toEqual([
      { status: 400, text: `Invalid ${type} operation: '${field}' has more than 1000 resources` },
    ]);
    expect(totalOf(all)).toBe(before);
  });

  it('makes a thousand volumes at once, and destroys them', () => {
    const all = cluster();
    const volumes = Array.from({ length: 1000 }, (_, i) => volume(`v${i}`, 0.1));
    for (const operation of [reserve(reserved('disk', 100)), create(...volumes), destroy(...volumes)])
      expect(repliesIn(operate(all, operation))).toEqual([{ status: 202, text: undefined }]);
    expect(totalOf(all).reserved('dev').scalar('disk')).toBe(100);
    expect(totalOf(all).persistentVolumes().isEmpty).toBe(true);
  });

  it('makes no more than ten thousand different resources on an agent', () => {
    const all = cluster();
    const some = (from: number, count: number) =>
      create(...Array.from({ length: count }, (_, i) => volume(`v${from + i}`, 0.01)));
    operate(all, reserve(reserved('disk', 200)));
    const { size } = totalOf(all);
    for (let made = 0; made < 9000; made += 1000)
      expect(repliesIn(operate(all, some(made, 1000)))[0]?.status).toBe(202);
    expect(repliesIn(operate(all, some(9000, 1000 - size)))[0]?.status).toBe(202);
    expect(totalOf(all).size).toBe(10_000);
    expect(repliesIn(operate(all, some(10_000, 1)))).toEqual([
      { status: 409, text: `Agent ${all.agent.id} would have more than 10000 different resources` },
    ]);
    expect(repliesIn(operate(all, destroy(volume('v1', 0.01))))[0]?.status).toBe(202);
    expect(repliesIn(operate(all, some(10_000, 1)))[0]?.status).toBe(202);
  });

  it('takes no offer back for what cannot be', () => {
    const all = cluster();
    const [kept] = all.harness.offers(all.scheduler);
    const effects = operate(all, reserve(reserved('cpus', 9)));
    expect(repliesIn(effects)).toEqual([{ status: 409, text: 'cpus:8; mem:8192; disk:1000 does not contain cpus:9' }]);
    expect(eventsIn(effects, all.scheduler.connection)).toEqual([]);
    expect(all.harness.offers(all.scheduler)).toEqual([kept]);
  });

  it('cannot have what is in use', () => {
    const all = cluster();
    accept(all, [
      {
        type: 'LAUNCH',
        launch: { task_infos: [task('t', all.agent.id, { resources: [scalar('cpus', 8), scalar('mem', 32)] })] },
      },
    ]);
    const [reply] = repliesIn(operate(all, reserve(reserved('cpus', 1))));
    expect(reply).toEqual({ status: 409, text: 'mem:8160; disk:1000 does not contain cpus:1' });
  });

  it.each<[string, OfferOperation, string]>([
    [
      'not dynamically reserved',
      reserve({ ...scalar('cpus', 1), reservations: [{ type: 'STATIC', role: 'dev' }] }),
      'Invalid RESERVE operation on agent AGENT: Resource cpus(reservations: [(STATIC,dev)]):1 is not dynamically reserved',
    ],
    [
      'unreserved',
      unreserve(scalar('cpus', 1)),
      'Invalid UNRESERVE operation: Resource cpus:1 is not dynamically reserved',
    ],
    ['a volume that is not there', destroy(volume('v', 1)), 'Invalid DESTROY operation: Persistent volumes not found'],
    [
      'negative',
      reserve(reserved('cpus', -1)),
      "Resource 'cpus(reservations: [(DYNAMIC,dev,p)]):-1' is invalid: Invalid scalar resource: value <= 0",
    ],
  ])('is refused what makes no sense: %s', (_, operation, text) => {
    const all = cluster();
    const place = `${all.agent.id} at ${all.agent.pid} (localhost)`;
    expect(repliesIn(operate(all, operation))).toEqual([{ status: 400, text: text.replace('AGENT', place) }]);
  });

  it('has to name an agent that is there', () => {
    const effects = operate(cluster(), reserve(reserved('cpus', 1)), 'nobody' as AgentId);
    expect(repliesIn(effects)).toEqual([{ status: 400, text: 'No agent found with specified ID' }]);
  });
});
