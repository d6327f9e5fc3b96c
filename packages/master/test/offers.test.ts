/** What offers look like, how they end, and what an ACCEPT of bad ones comes to. */
import { describe, expect, it } from 'vitest';
import {
  AGENT_RESOURCES,
  CoreHarness,
  eventsIn,
  frameworkInfo,
  launchedTasks,
  type Scheduler,
  scalar,
  statusesIn,
  task,
} from './core-harness.ts';

function start(options: ConstructorParameters<typeof CoreHarness>[0] = {}) {
  const master = new CoreHarness(options).start();
  const agent = master.addAgent();
  const scheduler = master.subscribe();
  return { master, agent, scheduler };
}

/** Whether a batch now brings an offer. */
function offeredAfter(master: CoreHarness, scheduler: Scheduler, ms: number): number {
  const effects = master.advanceAlive(ms);
  return eventsIn(effects, scheduler.connection).flatMap(({ offers }) => offers?.offers ?? []).length;
}

describe('an offer', () => {
  it('says where the agent is and for which role it is', () => {
    const { master, agent, scheduler } = start();
    expect(master.offers(scheduler)).toMatchObject([
      {
        id: { value: expect.stringMatching(/-O0$/) },
        framework_id: { value: scheduler.id },
        agent_id: { value: agent.id },
        hostname: 'localhost',
        url: { scheme: 'http', address: { hostname: 'localhost', ip: '127.0.0.1', port: 5051 }, path: '/slave(1)' },
        allocation_info: { role: '*' },
        resources: AGENT_RESOURCES.map((resource) => ({ ...resource, allocation_info: { role: '*' } })),
      },
    ]);
  });

  it('to a framework of one role says nothing of roles', () => {
    const master = new CoreHarness().start();
    master.addAgent();
    const scheduler = master.subscribe({ user: 'u', name: 'n' });
    const [offer] = master.offers(scheduler);
    expect(offer?.allocation_info).toBeUndefined();
    for (const resource of offer?.resources ?? []) {
      expect(resource.allocation_info).toBeUndefined();
      // The old format names the role of each resource.
      expect(resource.role).toBe('*');
    }
  });

  it('keeps ephemeral ports to the agent', () => {
    const master = new CoreHarness().start();
    const ephemeral = { name: 'ephemeral_ports', type: 'RANGES' as const, ranges: { range: [{ begin: 1, end: 9 }] } };
    master.addAgent({ resources: [scalar('cpus', 1), scalar('mem', 100), ephemeral] });
    const scheduler = master.subscribe();
    expect(master.offers(scheduler)[0]?.resources?.map(({ name }) => name)).toEqual(['cpus', 'mem']);
  });

  it("names the framework's executors on the agent", () => {
    const { master, agent, scheduler } = start();
    const executor = { executor_id: { value: 'e' }, command: { value: 'e' }, resources: [scalar('cpus', 1)] };
    master.launch(scheduler, master.offers(scheduler)[0]!, [task('t', agent.id, { command: undefined, executor })]);
    expect(master.offers(scheduler)[0]?.executor_ids).toEqual([{ value: 'e' }]);
  });

  it('is rescinded after the offer timeout', () => {
    const { master, scheduler } = start({ offerTimeoutMs: 5_000 });
    const [offer] = master.offers(scheduler);
    const effects = master.advanceAlive(5_000);
    expect(eventsIn(effects, scheduler.connection)).toContainEqual({
      type: 'RESCIND',
      rescind: { offer_id: offer!.id },
    });
  });

  it('is rescinded at its own time, whatever became of older ones', () => {
    const { master, scheduler } = start({ offerTimeoutMs: 5_000 });
    const [first] = master.offers(scheduler);
    master.advanceAlive(2_000);
    master.addAgent();
    const later = master.offers(scheduler).find(({ id }) => id.value !== first!.id.value);
    master.call(scheduler, {
      type: 'DECLINE',
      decline: { offer_ids: [first!.id], filters: { refuse_seconds: 1000 } },
    });
    // The deadline of the first one passes; the other one is not old enough.
    master.advanceAlive(3_000);
    expect(master.core.state.offers.get(later!.id.value as never)).toBeDefined();
    master.advanceAlive(4_000);
    expect(master.core.state.offers.get(later!.id.value as never)).toBeUndefined();
    expect(eventsIn(master.effects, scheduler.connection).filter(({ type }) => type === 'RESCIND')).toHaveLength(1);
    // With nothing out, nothing is waited for; the next offer is timed again.
    master.advanceAlive(10_000);
    expect(eventsIn(master.effects, scheduler.connection).filter(({ type }) => type === 'RESCIND')).not.toHaveLength(1);
  });

  it('of a returning resource waits for the next batch', () => {
    const { master, scheduler } = start();
    const [offer] = master.offers(scheduler);
    const decline = master.call(scheduler, {
      type: 'DECLINE',
      decline: { offer_ids: [offer!.id], filters: { refuse_seconds: 0 } },
    });
    expect(eventsIn(decline, scheduler.connection)).toEqual([]);
    expect(offeredAfter(master, scheduler, 1_000)).toBe(1);
  });
});

describe('a refusal', () => {
  const decline = (master: CoreHarness, scheduler: Scheduler, refuseSeconds: number | undefined) =>
    master.call(scheduler, {
      type: 'DECLINE',
      decline: {
        offer_ids: master.offers(scheduler).map(({ id }) => id),
        filters: refuseSeconds === undefined ? undefined : { refuse_seconds: refuseSeconds },
      },
    });

  it.each([
    ['without filters lasts 5 seconds', undefined, 4_000, 8_000],
    ['below zero lasts 5 seconds', -1, 4_000, 8_000],
    ['that is no number lasts 5 seconds', Number.NaN, 4_000, 8_000],
    ['lasts as long as it says', 20, 19_000, 23_000],
    ['beyond a year lasts a year', 1e12, 100_000, undefined],
  ])('%s', (_what, seconds, notBeforeMs, byMs) => {
    const { master, scheduler } = start();
    decline(master, scheduler, seconds);
    expect(offeredAfter(master, scheduler, notBeforeMs)).toBe(0);
    if (byMs !== undefined) expect(offeredAfter(master, scheduler, byMs - notBeforeMs)).toBe(1);
  });

  it('ends with REVIVE', () => {
    const { master, scheduler } = start();
    decline(master, scheduler, 1_000_000);
    expect(offeredAfter(master, scheduler, 10_000)).toBe(0);
    const revived = master.call(scheduler, { type: 'REVIVE' });
    expect(eventsIn(revived, scheduler.connection).flatMap(({ offers }) => offers?.offers ?? [])).toHaveLength(1);
  });

  it('ended over and over costs a few allocations, not one each time', () => {
    const { master, scheduler } = start();
    decline(master, scheduler, 1_000_000);
    master.advanceAlive(10_000);
    const revivals = Array.from({ length: 50 }, () => {
      const revived = master.call(scheduler, { type: 'REVIVE' });
      return eventsIn(revived, scheduler.connection).length;
    });
    expect(revivals.reduce((sum, events) => sum + events)).toBe(1);
    const [offer] = master.core.state.offers.values();
    master.call(scheduler, { type: 'DECLINE', decline: { offer_ids: [{ value: offer!.id }] } });
    master.call(scheduler, { type: 'REVIVE' });
    expect(offeredAfter(master, scheduler, 10)).toBe(1);
  });

  it('of an offer that belongs to another framework does nothing', () => {
    const { master, scheduler } = start();
    const [offer] = master.offers(scheduler);
    const other = master.subscribe(frameworkInfo({ name: 'other' }));
    master.call(other, { type: 'DECLINE', decline: { offer_ids: [offer!.id] } });
    expect(master.offers(scheduler).map(({ id }) => id)).toEqual([offer!.id]);
  });
});

describe('SUPPRESS', () => {
  it('stops offers for the roles named, and leaves those that are out', () => {
    const { master, scheduler } = start();
    const [offer] = master.offers(scheduler);
    expect(eventsIn(master.call(scheduler, { type: 'SUPPRESS' }), scheduler.connection)).toEqual([]);
    expect(master.offers(scheduler).map(({ id }) => id)).toEqual([offer!.id]);
    master.call(scheduler, { type: 'DECLINE', decline: { offer_ids: [offer!.id], filters: { refuse_seconds: 0 } } });
    expect(offeredAfter(master, scheduler, 10_000)).toBe(0);
  });

  it.each(['SUPPRESS', 'REVIVE'] as const)('%s with a role that is not subscribed is dropped whole', (type) => {
    const master = new CoreHarness().start();
    const scheduler = master.subscribe(frameworkInfo({ roles: ['a', 'b'] }), { suppressedRoles: ['b'] });
    const part = { roles: ['a', 'b', 'zzz'] };
    master.call(scheduler, type === 'SUPPRESS' ? { type, suppress: part } : { type, revive: part });
    const framework = [...master.core.state.frameworks.registered.values()][0];
    expect([...(framework?.suppressedRoles ?? [])]).toEqual(['b']);
  });
});

describe('ACCEPT', () => {
  it('without operations declines with its filters', () => {
    const { master, scheduler } = start();
    const [offer] = master.offers(scheduler);
    master.accept(scheduler, [offer!.id.value], [], 3);
    expect(offeredAfter(master, scheduler, 2_000)).toBe(0);
    expect(offeredAfter(master, scheduler, 3_000)).toBe(1);
  });

  it('launches on the union of several offers of one agent', () => {
    const { master, agent, scheduler } = start();
    const [first] = master.offers(scheduler);
    master.launch(scheduler, first!, [task('t', agent.id, { resources: [scalar('cpus', 5), scalar('mem', 32)] })]);
    const [second] = master.offers(scheduler);
    master.update(agent, scheduler, 't', 'TASK_FINISHED');
    const offers = [second!, ...master.offers(scheduler).filter(({ id }) => id.value !== second!.id.value)];
    expect(offers).toHaveLength(2);
    const effects = master.accept(
      scheduler,
      offers.map(({ id }) => id.value),
      [{ type: 'LAUNCH', launch: { task_infos: [task('u', agent.id, { resources: [scalar('cpus', 8)] })] } }],
    );
    expect(launchedTasks(effects, agent.pid)).toHaveLength(1);
  });

  it('hands what is left back at the next batch', () => {
    const { master, agent, scheduler } = start();
    const [offer] = master.offers(scheduler);
    master.launch(scheduler, offer!, [task('t', agent.id)]);
    const [rest] = master.offers(scheduler);
    expect(rest?.resources?.find(({ name }) => name === 'cpus')?.scalar?.value).toBe(7.9);
  });

  interface BadOffers {
    readonly what: string;
    readonly ids: (own: string, foreign: string, elsewhere: string, otherRole: string) => string[];
    readonly error: RegExp;
  }

  const BAD: readonly BadOffers[] = [
    { what: 'no offers', ids: () => [], error: /^No offers specified$/ },
    { what: 'an offer that is no more', ids: (own) => [own, 'gone'], error: /^Offer gone is no longer valid$/ },
    { what: 'an offer twice', ids: (own) => [own, own], error: /^Duplicate offer .* in offer list$/ },
    {
      what: "another framework's offer",
      ids: (own, foreign) => [own, foreign],
      error: /^Offer .* has invalid framework .* while framework .* is expected$/,
    },
    {
      what: 'offers of two agents',
      ids: (own, _foreign, elsewhere) => [own, elsewhere],
      error: /^Aggregated offers must belong to one single agent\. Offer .* uses agent .* and agent .*/,
    },
    {
      what: 'offers for two roles',
      ids: (own, _foreign, _elsewhere, otherRole) => [own, otherRole],
      error:
        /^Aggregated offers must be allocated to the same role\. Offer .* uses role '[ab] but another is using role '[ab]$/,
    },
  ];

  /** A framework with offers of two agents and two roles, and another one with an offer of its own. */
  function many(capabilities = frameworkInfo().capabilities) {
    const master = new CoreHarness().start();
    const agent = master.addAgent();
    const scheduler = master.subscribe(frameworkInfo({ roles: ['a', 'b'], capabilities }), { suppressedRoles: ['b'] });
    master.launch(scheduler, master.offers(scheduler)[0]!, [
      task('first', agent.id, { resources: [scalar('cpus', 4)] }),
    ]);
    const [own] = master.offers(scheduler);
    master.addAgent();
    const elsewhere = master.offers(scheduler).find(({ id }) => id.value !== own!.id.value)!;
    master.call(scheduler, { type: 'SUPPRESS', suppress: { roles: ['a'] } });
    master.call(scheduler, { type: 'REVIVE', revive: { roles: ['b'] } });
    master.update(agent, scheduler, 'first', 'TASK_FINISHED');
    const otherRole = master.offers(scheduler).find(({ allocation_info }) => allocation_info?.role === 'b')!;
    master.call(scheduler, { type: 'SUPPRESS' });
    master.addAgent();
    const other = master.subscribe(frameworkInfo({ name: 'other' }));
    const [foreign] = master.offers(other);
    return { master, agent, scheduler, other, own: own!, elsewhere, otherRole, foreign: foreign! };
  }

  it.each(BAD)('with $what drops the launch, ends the valid offers, and leaves other frameworks alone', ({
    ids,
    error,
  }) => {
    const { master, agent, scheduler, other, own, elsewhere, otherRole, foreign } = many();
    const used = ids(own.id.value, foreign.id.value, elsewhere.id.value, otherRole.id.value);
    const effects = master.accept(scheduler, used, [
      { type: 'LAUNCH', launch: { task_infos: [task('x', agent.id)] } },
      { type: 'RESERVE', id: { value: 'op' }, reserve: { resources: [scalar('cpus', 1)] } },
    ]);
    const [status] = statusesIn(effects, scheduler.connection);
    expect(status).toMatchObject({ state: 'TASK_DROPPED', reason: 'REASON_INVALID_OFFERS', source: 'SOURCE_MASTER' });
    const prefix = 'Task launched with invalid offers: ';
    expect(status?.message?.startsWith(prefix)).toBe(true);
    expect(status?.message?.slice(prefix.length)).toMatch(error);
    expect(eventsIn(effects, scheduler.connection).at(-1)).toMatchObject({
      update_operation_status: {
        status: {
          operation_id: { value: 'op' },
          state: 'OPERATION_ERROR',
          message: expect.stringMatching(/^Operation attempted with invalid offers: /),
        },
      },
    });
    for (const id of used) {
      const left = master.core.state.offers.get(id as never);
      expect(left === undefined || left.frameworkId === other.id).toBe(true);
    }
    expect(eventsIn(effects, other.connection)).toEqual([]);
  });

  it('of an offer used already is TASK_LOST for frameworks that do not know partitions', () => {
    const { master, agent, scheduler, own } = many([{ type: 'MULTI_ROLE' }]);
    master.launch(scheduler, own, [task('a1', agent.id)]);
    const effects = master.launch(scheduler, own, [task('a2', agent.id)]);
    expect(statusesIn(effects, scheduler.connection)).toMatchObject([
      { task_id: { value: 'a2' }, state: 'TASK_LOST', reason: 'REASON_INVALID_OFFERS' },
    ]);
    expect(master.metric('master/tasks_lost')).toBe(1);
  });

  it('does the operations that can be done, around those that cannot', () => {
    const { master, agent, scheduler } = start();
    const [offer] = master.offers(scheduler);
    const group = {
      executor: { executor_id: { value: 'e' }, type: 'DEFAULT' as const },
      task_group: { tasks: [task('g', agent.id)] },
    };
    const effects = master.accept(
      scheduler,
      [offer!.id.value],
      [
        { type: 'CREATE', id: { value: 'c' }, create: { volumes: [] } },
        { type: 'UNRESERVE', unreserve: { resources: [] } },
        { type: 'LAUNCH_GROUP', launch_group: group },
        { type: 'LAUNCH', id: { value: 'l' }, launch: { task_infos: [task('with-id', agent.id)] } },
        { type: 'LAUNCH', launch: { task_infos: [task('t', agent.id)] } },
      ],
    );
    expect(launchedTasks(effects, agent.pid).map((run) => run.task.task_id.value)).toEqual(['t']);
    expect(eventsIn(effects, scheduler.connection)).toMatchObject([
      { update_operation_status: { status: { operation_id: { value: 'c' }, state: 'OPERATION_ERROR' } } },
      { update: { status: { task_id: { value: 'g' }, state: 'TASK_ERROR', reason: 'REASON_TASK_GROUP_INVALID' } } },
      {
        update: {
          status: { task_id: { value: 'with-id' }, message: 'The `id` field cannot be set on LAUNCH operations' },
        },
      },
    ]);
  });
});
