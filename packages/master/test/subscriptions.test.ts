/** Frameworks subscribe, fail over, change, go away and end. */
import {
  type FrameworkInfo,
  type FrameworkInfoCapabilityType,
  type Resource,
  ShutdownFrameworkMessage,
  UpdateFrameworkMessage,
} from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { getFrameworks } from '../src/core/capabilities/reads/operator-reads.ts';
import {
  CoreHarness,
  errorsIn,
  eventsIn,
  frameworkInfo,
  MASTER_ID,
  repliesIn,
  scalar,
  sent,
  statusesIn,
  task,
} from './core-harness.ts';

const plain = (fields: Partial<FrameworkInfo>): FrameworkInfo => ({ user: 'u', name: 'n', ...fields });

type Refusal = readonly [rule: string, info: FrameworkInfo, text: string];

const REFUSED: readonly Refusal[] = [
  [
    'role beside MULTI_ROLE',
    frameworkInfo({ role: 'a' }),
    "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable",
  ],
  [
    'roles without MULTI_ROLE',
    plain({ roles: ['a'] }),
    "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable",
  ],
  ['a role twice', frameworkInfo({ roles: ['a', 'b', 'a'] }), "'FrameworkInfo.roles' contains duplicate items: { a }"],
  [
    'very many roles',
    frameworkInfo({ roles: Array.from({ length: 10_001 }, (_, i) => `r${i}`) }),
    "'FrameworkInfo.roles' contains 10001 roles: at most 10000 are taken",
  ],
  [
    'an invalid role',
    frameworkInfo({ roles: ['a b'] }),
    "'FrameworkInfo.roles' contains invalid role: Role component 'a b' is invalid because it contains backspace or whitespace",
  ],
  [
    'an invalid single role',
    plain({ role: '-a' }),
    "'FrameworkInfo.role' is not a valid role: Role component '-a' is invalid because it starts with a dash",
  ],
  [
    'a role this master does not know',
    frameworkInfo({ roles: ['b'] }),
    "Roles { b } are not present in the master's --roles",
  ],
  ['an id with a slash', frameworkInfo({ id: { value: 'a/b' } }), "'a/b' contains invalid characters"],
  ['an id that is a parent', frameworkInfo({ id: { value: '..' } }), "'..' is disallowed"],
  [
    'the user root',
    frameworkInfo({ user: 'root' }),
    "User 'root' is not allowed to run frameworks without --root_submissions set",
  ],
  [
    'a failover timeout that is no duration',
    frameworkInfo({ failover_timeout: 1e20 }),
    'The framework failover_timeout (100000000000000000000) is invalid',
  ],
  [
    'a failover timeout that is no number',
    frameworkInfo({ failover_timeout: Number.NaN }),
    'The framework failover_timeout (NaN) is invalid',
  ],
  [
    'offer filters that say nothing',
    frameworkInfo({ offer_filters: { '*': { min_allocatable_resources: { quantities: [{}] } } } }),
    'Resource quantities must contain at least one quantity',
  ],
  [
    'offer filters below zero',
    frameworkInfo({
      offer_filters: { '*': { min_allocatable_resources: { quantities: [{ quantities: { cpus: { value: -1 } } }] } } },
    }),
    "Invalid resource quantity for 'cpus': Negative values not supported",
  ],
];

describe('a subscription', () => {
  it.each(REFUSED)('with %s is refused on its stream, which ends', (_rule, info, text) => {
    const master = new CoreHarness({ rootSubmissions: false, roles: new Set(['*', 'a']) as never }).start();
    const effects = master.step({ kind: 'subscribe-scheduler', connection: 99, subscribe: { framework_info: info } });
    expect(effects.map(({ kind }) => kind)).toEqual(['open-stream', 'stream-event', 'close-stream']);
    expect(errorsIn(effects, 99)).toEqual([text]);
    expect(master.core.state.frameworks.registered.size).toBe(0);
  });

  it('gives ids in order of arrival, greets and beats at once', () => {
    const master = new CoreHarness().start();
    const first = master.subscribe();
    const second = master.subscribe();
    expect([first.id, second.id]).toEqual([`${MASTER_ID}-0000`, `${MASTER_ID}-0001`]);
    expect(eventsIn(master.effects, first.connection)).toMatchObject([
      {
        type: 'SUBSCRIBED',
        subscribed: {
          framework_id: { value: first.id },
          heartbeat_interval_seconds: 15,
          master_info: { id: MASTER_ID },
        },
      },
      { type: 'HEARTBEAT' },
    ]);
  });

  it('is kept alive by a heartbeat each 15 seconds', () => {
    const master = new CoreHarness().start();
    const scheduler = master.subscribe();
    const beats = eventsIn(master.advance(60_000), scheduler.connection);
    expect(beats).toEqual(Array.from({ length: 4 }, () => ({ type: 'HEARTBEAT' })));
    master.step({ kind: 'stream-closed', connection: scheduler.connection });
    expect(eventsIn(master.advance(30_000), scheduler.connection)).toEqual([]);
  });

  it('with suppressed roles outside its roles is refused', () => {
    const master = new CoreHarness().start();
    const refused = master.subscribe(frameworkInfo(), { suppressedRoles: ['zzz'] });
    expect(errorsIn(master.effects, refused.connection)).toEqual([
      'Suppressed roles { zzz } are not contained in the set of roles',
    ]);
  });

  it('with all roles suppressed gets no offers until it revives', () => {
    const master = new CoreHarness().start();
    master.addAgent();
    const scheduler = master.subscribe(frameworkInfo(), { suppressedRoles: ['*'] });
    expect(master.offers(scheduler)).toEqual([]);
    master.call(scheduler, { type: 'REVIVE' });
    expect(master.offers(scheduler)).toHaveLength(1);
  });

  it('takes over the principal of whoever authenticated', () => {
    const master = new CoreHarness().start();
    master.subscribe(frameworkInfo(), { principal: 'p' });
    expect([...master.core.state.frameworks.registered.values()][0]?.info.principal).toBe('p');
  });

  it('with an id nobody knows keeps that id', () => {
    const master = new CoreHarness().start();
    const agent = master.addAgent();
    const from = master.effects.length;
    expect(master.subscribe(frameworkInfo({ id: { value: 'elsewhere-0007' } })).id).toBe('elsewhere-0007');
    expect(sent(master.effects.slice(from), agent.pid, UpdateFrameworkMessage)).toMatchObject([
      { framework_id: { value: 'elsewhere-0007' } },
    ]);
  });
});

describe('a framework that subscribes again', () => {
  it('takes the place of its other instance: offers end in silence, tasks stay, agents are told', () => {
    const master = new CoreHarness().start();
    const agent = master.addAgent();
    const old = master.subscribe();
    master.launch(old, master.offers(old)[0]!, [task('t', agent.id)]);
    expect(master.offers(old)).toHaveLength(1);
    const from = master.effects.length;
    const fresh = master.subscribe(frameworkInfo({ id: { value: old.id }, name: 'renamed' }));
    const effects = master.effects.slice(from);
    expect(eventsIn(effects, old.connection)).toEqual([{ type: 'ERROR', error: { message: 'Framework failed over' } }]);
    expect(effects).toContainEqual({ kind: 'close-stream', connection: old.connection });
    expect(fresh.id).toBe(old.id);
    expect(fresh.streamId).not.toBe(old.streamId);
    expect(sent(effects, agent.pid, UpdateFrameworkMessage)).toMatchObject([
      { framework_id: { value: old.id }, pid: '@0.0.0.0:0', framework_info: { name: 'renamed' } },
    ]);
    expect(repliesIn(master.call(old, { type: 'REVIVE' }))[0]?.status).toBe(400);
    const update = master.update(agent, fresh, 't', 'TASK_RUNNING');
    expect(statusesIn(update, fresh.connection)).toHaveLength(1);
    // The end of the old stream is heard of late; it must not disconnect the new one.
    master.step({ kind: 'stream-closed', connection: old.connection });
    expect([...master.core.state.frameworks.registered.values()][0]?.state).toBe('active');
  });

  it('cannot change its user or checkpointing, silently, nor its principal', () => {
    const master = new CoreHarness().start();
    const first = master.subscribe(frameworkInfo({ principal: 'p' }));
    master.subscribe(frameworkInfo({ id: { value: first.id }, principal: 'p', user: 'other', checkpoint: false }));
    const framework = [...master.core.state.frameworks.registered.values()][0];
    expect(framework?.info).toMatchObject({ user: 'nobody', checkpoint: true });
    const refused = master.subscribe(frameworkInfo({ id: { value: first.id }, principal: 'q' }));
    expect(errorsIn(master.effects, refused.connection)).toEqual(["Changing framework's principal is not allowed."]);
    expect(framework?.state).toBe('active');
  });

  it('loses the offers of roles it has left', () => {
    const master = new CoreHarness().start();
    master.addAgent();
    const scheduler = master.subscribe(frameworkInfo({ roles: ['a'] }));
    const [offer] = master.offers(scheduler);
    const effects = master.call(scheduler, {
      type: 'UPDATE_FRAMEWORK',
      update_framework: { framework_info: frameworkInfo({ id: { value: scheduler.id }, roles: ['b'] }) },
    });
    expect(eventsIn(effects, scheduler.connection)).toContainEqual({
      type: 'RESCIND',
      rescind: { offer_id: offer!.id },
    });
    expect(master.offers(scheduler).map(({ allocation_info }) => allocation_info?.role)).toEqual(['b']);
  });

  it('loses the offers that it would not be made without what it no longer can', () => {
    const master = new CoreHarness().start();
    const mem: Resource = { ...scalar('mem', 512), reservations: [{ type: 'STATIC', role: 'a' }] };
    const agent = master.addAgent({ resources: [scalar('cpus', 1), mem] });
    const refined: Resource = { ...mem, reservations: [...mem.reservations!, { type: 'DYNAMIC', role: 'a/b' }] };
    master.step({
      kind: 'operate-agent',
      connection: 1_000_000,
      agentId: agent.id,
      operation: { type: 'RESERVE', reserve: { resources: [refined] } },
    });
    const can = (...types: FrameworkInfoCapabilityType[]): Partial<FrameworkInfo> => ({
      capabilities: types.map((type) => ({ type })),
    });
    const scheduler = master.subscribe(frameworkInfo({ roles: ['a/b'] }));
    const [offer] = master.offers(scheduler);
    const update = (fields: Partial<FrameworkInfo>) =>
      master.call(scheduler, {
        type: 'UPDATE_FRAMEWORK',
        update_framework: { framework_info: frameworkInfo({ id: { value: scheduler.id }, roles: ['a/b'], ...fields }) },
      });
    update(can('MULTI_ROLE', 'RESERVATION_REFINEMENT'));
    expect(master.offers(scheduler)).toEqual([offer]);
    expect(eventsIn(update(can('MULTI_ROLE')), scheduler.connection)).toContainEqual({
      type: 'RESCIND',
      rescind: { offer_id: offer!.id },
    });
    expect(getFrameworks(master.core.state).frameworks?.[0]?.offers ?? []).toEqual([]);
    expect(master.offers(scheduler).map(({ resources }) => resources?.map(({ name }) => name))).toEqual([['cpus']]);
    expect(getFrameworks(master.core.state).frameworks?.[0]?.offers).toHaveLength(1);
  });
});

describe('a framework whose scheduler goes away', () => {
  it('keeps its tasks for its failover timeout, then ends for good', () => {
    const master = new CoreHarness().start();
    const agent = master.addAgent();
    const scheduler = master.subscribe(frameworkInfo({ failover_timeout: 60 }));
    master.launch(scheduler, master.offers(scheduler)[0]!, [task('t', agent.id)]);
    master.step({ kind: 'stream-closed', connection: scheduler.connection });
    expect(master.core.state.offers.size).toBe(0);
    master.advanceAlive(59_000);
    expect(master.core.state.frameworks.registered.size).toBe(1);
    const effects = master.advanceAlive(2_000);
    expect(sent(effects, agent.pid, ShutdownFrameworkMessage)).toEqual([{ framework_id: { value: scheduler.id } }]);
    const ended = [...master.core.state.frameworks.completed.values()][0]!;
    expect([...ended.completedTasks]).toMatchObject([
      {
        id: 't',
        state: 'TASK_KILLED',
        statuses: [{ reason: 'REASON_FRAMEWORK_REMOVED', message: `Framework ${scheduler.id} removed` }],
      },
    ]);
    const again = master.subscribe(frameworkInfo({ id: { value: scheduler.id } }));
    expect(errorsIn(master.effects, again.connection)).toEqual(['Framework has been removed']);
  });

  it('ends at once without a failover timeout', () => {
    const master = new CoreHarness().start();
    const scheduler = master.subscribe(frameworkInfo({ failover_timeout: undefined }));
    master.step({ kind: 'stream-closed', connection: scheduler.connection });
    master.advance(0);
    expect(master.core.state.frameworks.completed.size).toBe(1);
  });

  it('that returns in time is not ended by the old timeout', () => {
    const master = new CoreHarness().start();
    const scheduler = master.subscribe(frameworkInfo({ failover_timeout: 60 }));
    master.step({ kind: 'stream-closed', connection: scheduler.connection });
    master.advance(30_000);
    const second = master.subscribe(frameworkInfo({ id: { value: scheduler.id }, failover_timeout: 60 }));
    master.advance(10_000);
    master.step({ kind: 'stream-closed', connection: second.connection });
    master.advance(30_000);
    expect(master.core.state.frameworks.registered.size).toBe(1);
    master.advance(30_000);
    expect(master.core.state.frameworks.registered.size).toBe(0);
  });

  it('may come and go as often as it likes: nothing piles up', () => {
    const master = new CoreHarness().start();
    const { id } = master.subscribe(frameworkInfo({ failover_timeout: 1_000_000 }));
    const { deadlines } = master.core.state;
    for (let i = 0; i < 100; i++) {
      const { connection } = master.subscribe(frameworkInfo({ id: { value: id }, failover_timeout: 1_000_000 }));
      master.step({ kind: 'stream-closed', connection });
      master.advance(1_000);
    }
    expect(deadlines.size).toBeLessThan(30);
  });

  it('is answered 403 as long as it does not subscribe', () => {
    const master = new CoreHarness().start();
    const scheduler = master.subscribe();
    master.step({ kind: 'stream-closed', connection: scheduler.connection });
    expect(repliesIn(master.call(scheduler, { type: 'REVIVE' }))).toEqual([
      { status: 403, text: 'Framework is not subscribed' },
    ]);
  });
});

describe('teardown', () => {
  it('by the scheduler closes its stream and shuts it down on every agent', () => {
    const master = new CoreHarness().start();
    const agents = [master.addAgent(), master.addAgent()];
    const scheduler = master.subscribe();
    const effects = master.call(scheduler, { type: 'TEARDOWN' });
    for (const { pid } of agents)
      expect(sent(effects, pid, ShutdownFrameworkMessage)).toEqual([{ framework_id: { value: scheduler.id } }]);
    expect(effects).toContainEqual({ kind: 'close-stream', connection: scheduler.connection });
    expect(repliesIn(effects)[0]?.status).toBe(202);
  });

  it('by an operator says whether there was such a framework', () => {
    const master = new CoreHarness().start();
    const scheduler = master.subscribe();
    const teardown = () =>
      repliesIn(master.step({ kind: 'teardown-framework', connection: 500, frameworkId: scheduler.id as never }));
    expect(teardown()).toEqual([{ status: 200, text: undefined }]);
    expect(teardown()).toEqual([{ status: 400, text: 'No framework found with specified ID' }]);
  });
});

describe('the memory of ended frameworks', () => {
  it('is bounded, oldest first out', () => {
    const master = new CoreHarness({ maxCompletedFrameworks: 2 }).start();
    const ended = [1, 2, 3].map(() => {
      const scheduler = master.subscribe();
      master.call(scheduler, { type: 'TEARDOWN' });
      return scheduler.id;
    });
    expect([...master.core.state.frameworks.completed.keys()]).toEqual(ended.slice(1));
  });
});
