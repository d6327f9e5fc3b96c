/** v0 drivers: every message they send and get, who may send it, how they come, go and replace each other. */
import {
  ExecutorToFrameworkMessage,
  ExitedExecutorMessage,
  FrameworkRegisteredMessage,
  FrameworkReregisteredMessage,
  FrameworkToExecutorMessage,
  KillTaskMessage,
  LostAgentMessage,
  RescindResourceOfferMessage,
  ResourceOffersMessage,
  RunTaskMessage,
  ShutdownFrameworkMessage,
  StatusUpdateAcknowledgementMessage,
  StatusUpdateMessage,
  SubmitSchedulerResponse,
  UpdateFrameworkMessage,
} from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { CoreDriver, namesTo } from './core-driver.ts';
import {
  AGENT_RESOURCES,
  CoreHarness,
  errorsIn,
  eventsIn,
  frameworkInfo,
  type RegisteredAgent,
  sent,
  task,
  uuidOf,
} from './core-harness.ts';

const DATA = Buffer.from('hello');
const FROM_MASTER = '@0.0.0.0:0';

interface Cluster {
  readonly master: CoreHarness;
  readonly agent: RegisteredAgent;
  readonly driver: CoreDriver;
}

/** With an agent and a driver that has subscribed. */
function cluster(info = frameworkInfo()): Cluster {
  const master = new CoreHarness().start();
  const agent = master.addAgent();
  const driver = new CoreDriver(master);
  driver.subscribe(info);
  return { master, agent, driver };
}

/** With a task `t` that runs, with an executor of its own if asked for. */
function running(executor?: 'executor'): Cluster {
  const all = cluster();
  const { master, agent, driver } = all;
  const [offer] = driver.offers();
  const own = { executor_id: { value: 'e' }, command: { value: 'sleep' }, resources: [], framework_id: undefined };
  driver.call({
    type: 'ACCEPT',
    accept: {
      offer_ids: [offer!.id],
      operations: [
        {
          type: 'LAUNCH',
          launch: {
            task_infos: [
              executor === undefined ? task('t', agent.id) : task('t', agent.id, { command: undefined, executor: own }),
            ],
          },
        },
      ],
    },
  });
  master.update(agent, { id: driver.id, connection: -1, streamId: '' }, 't', 'TASK_RUNNING');
  return all;
}

describe('a driver that subscribes', () => {
  it('is linked to and registered under a new id', () => {
    const { driver, master } = cluster();
    expect(master.effects).toContainEqual({ kind: 'link', to: driver.pid });
    expect(driver.got(FrameworkRegisteredMessage)).toMatchObject([
      { framework_id: { value: driver.id }, master_info: { pid: 'master@127.0.0.1:5050', port: 5050 } },
    ]);
    expect(driver.framework).toMatchObject({ state: 'active', pid: driver.pid });
    expect(master.metric('master/messages_register_framework')).toBe(1);
    expect(master.metric('master/frameworks_active')).toBe(1);
  });

  it('twice, because it heard no answer, is answered again', () => {
    const { driver, master } = cluster();
    const again = driver.subscribe();
    expect(driver.names(again)).toEqual(['FrameworkRegisteredMessage']);
    expect(master.core.state.frameworks.registered.size).toBe(1);
  });

  it('anew while it counts as disconnected is connected again', () => {
    const { driver } = cluster();
    driver.exited();
    expect(driver.names(driver.subscribe())).toEqual(['FrameworkRegisteredMessage']);
    expect(driver.framework?.state).toBe('active');
  });

  it.each([
    [{ user: 'root' }, "User 'root' is not allowed to run frameworks without --root_submissions set"],
    [{ roles: ['a b'] }, "'FrameworkInfo.roles' contains invalid role"],
    [{ failover_timeout: Number.NaN }, 'The framework failover_timeout (NaN) is invalid'],
  ])('as %j is refused by an error', (fields, text) => {
    const master = new CoreHarness({ rootSubmissions: false }).start();
    const driver = new CoreDriver(master);
    const effects = driver.subscribe(frameworkInfo(fields));
    expect(driver.errors(effects)).toMatchObject([expect.stringContaining(text)]);
    expect(master.core.state.frameworks.registered.size).toBe(0);
  });

  it('with suppressed roles that are not its own is refused', () => {
    const driver = new CoreDriver(new CoreHarness().start());
    driver.subscribe(frameworkInfo(), { suppressed: ['other'] });
    expect(driver.errors()).toEqual(['Suppressed roles { other } are not contained in the set of roles']);
  });

  it('with an id nobody knows keeps it, and agents are told', () => {
    const master = new CoreHarness().start();
    const agent = master.addAgent();
    const driver = new CoreDriver(master);
    const effects = driver.subscribe(frameworkInfo({ id: { value: 'former' } }));
    expect(driver.names(effects)).toEqual(['FrameworkRegisteredMessage']);
    expect(sent(effects, agent.pid, UpdateFrameworkMessage)).toMatchObject([
      { framework_id: { value: 'former' }, pid: driver.pid },
    ]);
    expect(master.metric('master/messages_reregister_framework')).toBe(1);
  });

  it('under the id of a framework that has ended is refused', () => {
    const { driver, master } = cluster();
    const id = { value: driver.id };
    driver.call({ type: 'TEARDOWN' });
    const next = new CoreDriver(master, 'scheduler-2@127.0.0.1:9002');
    next.subscribe(frameworkInfo({ id }), { force: true });
    expect(next.errors()).toEqual(['Framework has been removed']);
  });

  it('under another id from a pid where a framework is gets no answer: that one would get it', () => {
    const { driver } = cluster();
    expect(driver.names(driver.subscribe(frameworkInfo({ id: { value: 'other' } }), { force: true }))).toEqual([]);
  });

  it('with an id in the call that is not that of its info is dropped', () => {
    const { driver, master } = cluster();
    const effects = new CoreDriver(master, 'scheduler-2@127.0.0.1:9002').send('call-as-driver', {
      type: 'SUBSCRIBE',
      framework_id: { value: driver.id },
      subscribe: { framework_info: frameworkInfo() },
    });
    expect(effects).toEqual([]);
  });
});

describe('failover', () => {
  it('by force tells the old instance, ends its offers in silence, and registers the new one', () => {
    const { driver: old, master, agent } = cluster();
    expect(old.offers()).toHaveLength(1);
    const next = new CoreDriver(master, 'scheduler-2@127.0.0.1:9002');
    const effects = next.subscribe(frameworkInfo({ id: { value: old.id }, name: 'changed' }), { force: true });
    expect(old.names(effects)).toEqual(['FrameworkErrorMessage']);
    expect(old.errors(effects)).toEqual(['Framework failed over']);
    expect(next.names(effects)).toEqual(['FrameworkRegisteredMessage', 'ResourceOffersMessage']);
    expect(effects).toContainEqual({ kind: 'link', to: next.pid });
    expect(sent(effects, agent.pid, UpdateFrameworkMessage)).toMatchObject([
      { pid: next.pid, framework_info: { name: 'changed' } },
    ]);
    expect(next.offers()).toHaveLength(1);
    expect(master.core.state.frameworks.byPid(old.pid)).toBeUndefined();
  });

  it('by force from the same pid is no failover to tell of', () => {
    const { driver } = cluster();
    const effects = driver.subscribe(frameworkInfo({ id: { value: driver.id } }), { force: true });
    expect(driver.names(effects)).toEqual(['FrameworkRegisteredMessage']);
  });

  it('without force is refused, and changes nothing', () => {
    const { driver: old, master } = cluster();
    const stale = new CoreDriver(master, 'scheduler-2@127.0.0.1:9002');
    for (const _ of ['while it is connected', 'and after']) {
      const effects = stale.subscribe(frameworkInfo({ id: { value: old.id }, name: 'changed' }), { force: false });
      expect(stale.errors(effects)).toEqual(['Framework failed over']);
      expect(old.framework?.info.name).toBe('test');
      old.exited();
    }
  });

  it('without force by the same driver rescinds what is out and goes on', () => {
    const { driver } = cluster();
    const [offer] = driver.offers();
    const effects = driver.subscribe(frameworkInfo({ id: { value: driver.id } }), { force: false });
    expect(driver.names(effects)).toEqual(['RescindResourceOfferMessage', 'FrameworkReregisteredMessage']);
    expect(driver.got(RescindResourceOfferMessage, effects)).toEqual([{ offer_id: offer!.id }]);
  });

  it('without force by the same driver ends its disconnection', () => {
    const { driver, master } = cluster();
    driver.exited();
    driver.subscribe(frameworkInfo({ id: { value: driver.id } }));
    expect(driver.got(FrameworkReregisteredMessage)).toHaveLength(1);
    expect(driver.framework?.state).toBe('active');
    master.advanceAlive(120_000);
    expect(driver.framework?.state).toBe('active');
  });

  it('from HTTP to a driver and back', () => {
    const master = new CoreHarness().start();
    const scheduler = master.subscribe();
    const driver = new CoreDriver(master);
    const refused = driver.subscribe(frameworkInfo({ id: { value: scheduler.id } }));
    expect(driver.errors(refused)).toEqual(['Framework failed over']);
    const taken = driver.subscribe(frameworkInfo({ id: { value: scheduler.id } }), { force: true });
    expect(errorsIn(taken, scheduler.connection)).toEqual(['Framework failed over']);
    expect(taken).toContainEqual({ kind: 'close-stream', connection: scheduler.connection });
    const { nextConnection } = master;
    const back = master.subscribe(frameworkInfo({ id: { value: scheduler.id } }));
    expect(back.id).toBe(scheduler.id);
    expect(driver.errors()).toEqual(['Framework failed over', 'Framework failed over']);
    expect(driver.framework).toMatchObject({ pid: undefined, scheduler: { connection: nextConnection } });
    // The end of its old link says nothing any more.
    driver.exited();
    expect(driver.framework?.state).toBe('active');
  });

  it('may not change the principal', () => {
    const { driver: old, master } = cluster(frameworkInfo({ principal: 'a' }));
    const next = new CoreDriver(master, 'scheduler-2@127.0.0.1:9002');
    next.subscribe(frameworkInfo({ id: { value: old.id }, principal: 'b' }), { force: true });
    expect(next.errors()).toEqual(["Changing framework's principal is not allowed."]);
  });
});

describe('a change of master', () => {
  const id = { value: 'former' };
  const agent = { id: { value: 'a1' }, hostname: 'localhost', port: 5051, resources: AGENT_RESOURCES };

  function nextMaster(known: 'known' | undefined): CoreHarness {
    const frameworks = known === undefined ? [] : [{ info: frameworkInfo({ id }) }];
    return new CoreHarness().start({ admitted: [agent], unreachable: [], gone: [], frameworks });
  }

  function agentReturns(master: CoreHarness): void {
    master.step({
      kind: 'reregister-agent',
      from: 'slave(1)@127.0.0.1:5051',
      message: {
        agent: { ...agent, checkpoint: true },
        version: '1.12.0',
        frameworks: [frameworkInfo({ id })],
        tasks: [
          {
            name: 't',
            task_id: { value: 't' },
            framework_id: id,
            agent_id: agent.id,
            state: 'TASK_RUNNING',
            resources: [{ ...AGENT_RESOURCES[1]!, allocation_info: { role: '*' } }],
          },
        ],
      },
    });
  }

  it.each([
    { known: 'known', first: 'driver' },
    { known: 'known', first: 'agent' },
    { known: undefined, first: 'driver' },
    { known: undefined, first: 'agent' },
  ] as const)('registers the same driver again, without force (framework $known, $first first)', ({ known, first }) => {
    const master = nextMaster(known);
    const driver = new CoreDriver(master);
    if (first === 'agent') agentReturns(master);
    driver.subscribe(frameworkInfo({ id }), { force: false });
    expect(driver.got(FrameworkRegisteredMessage)).toMatchObject([{ framework_id: id }]);
    if (first === 'driver') agentReturns(master);
    expect(sent(master.effects, 'slave(1)@127.0.0.1:5051', UpdateFrameworkMessage)).toMatchObject([
      { framework_id: id, pid: driver.pid },
    ]);
    const effects = driver.call({ type: 'RECONCILE', reconcile: {} });
    expect(driver.got(StatusUpdateMessage, effects)).toMatchObject([{ update: { status: { state: 'TASK_RUNNING' } } }]);
  });
});

describe('a driver whose link broke', () => {
  it('is told so, counts as disconnected, and has a time to come back', () => {
    const { driver, master, agent } = cluster();
    expect(driver.errors(driver.exited())).toEqual(['Framework disconnected']);
    expect(driver.framework).toMatchObject({ state: 'disconnected', pid: driver.pid });
    master.advanceAlive(59_000);
    expect(driver.framework).toBeDefined();
    const effects = master.advanceAlive(2000);
    expect(driver.framework).toBeUndefined();
    expect(sent(effects, agent.pid, ShutdownFrameworkMessage)).toHaveLength(1);
    expect(master.core.state.frameworks.byPid(driver.pid)).toBeUndefined();
  });

  it('is told again that it is not heard', () => {
    const { driver, master } = cluster();
    driver.exited();
    expect(driver.errors(driver.call({ type: 'REVIVE', revive: {} }))).toEqual(['Framework disconnected']);
    expect(master.metric('master/messages_revive_offers')).toBe(0);
  });
});

describe('what a driver is told', () => {
  it('offers, with the pids of their agents', () => {
    const { driver, master, agent } = cluster();
    master.advanceAlive(1000);
    const [message] = driver.got(ResourceOffersMessage);
    expect(message?.pids).toEqual([agent.pid]);
    expect(message?.offers).toMatchObject([{ agent_id: { value: agent.id }, framework_id: { value: driver.id } }]);
  });

  it("a task's update as the agent sent it", () => {
    const { driver, agent } = running();
    const [message] = driver.got(StatusUpdateMessage);
    expect(message).toMatchObject({
      pid: agent.pid,
      update: {
        framework_id: { value: driver.id },
        agent_id: { value: agent.id },
        latest_state: 'TASK_RUNNING',
        status: { task_id: { value: 't' }, state: 'TASK_RUNNING' },
      },
    });
    expect(Buffer.from(message?.update.uuid ?? [])).toEqual(Buffer.from(uuidOf('t', 'TASK_RUNNING')));
  });

  it("the master's own updates without uuid, from nobody: they are not to be acknowledged", () => {
    const { driver } = cluster();
    const effects = driver.call({ type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value: 'unknown' } }] } });
    const [message] = driver.got(StatusUpdateMessage, effects);
    expect(message).toMatchObject({ pid: FROM_MASTER, update: { status: { state: 'TASK_UNKNOWN' } } });
    expect(message?.update.uuid).toBeUndefined();
    expect(message?.update.status.uuid).toBeUndefined();
  });

  it('rescinded offers and lost agents', () => {
    const { driver, master, agent } = cluster();
    const [offer] = driver.offers();
    const effects = master.step({
      kind: 'unregister-agent',
      from: agent.pid,
      message: { agent_id: { value: agent.id } },
    });
    expect(driver.got(RescindResourceOfferMessage, effects)).toEqual([{ offer_id: offer!.id }]);
    expect(driver.got(LostAgentMessage, effects)).toEqual([{ agent_id: { value: agent.id } }]);
  });

  it('ends of executors and what they say', () => {
    const { driver, master, agent } = running('executor');
    const ids = { agent_id: { value: agent.id }, framework_id: { value: driver.id }, executor_id: { value: 'e' } };
    const said = master.step({ kind: 'message-framework', from: agent.pid, message: { ...ids, data: DATA } });
    expect(driver.got(ExecutorToFrameworkMessage, said)).toEqual([{ ...ids, data: DATA }]);
    const ended = master.step({ kind: 'executor-exited', from: agent.pid, message: { ...ids, status: 256 } });
    expect(driver.got(ExitedExecutorMessage, ended)).toEqual([{ ...ids, status: 256 }]);
  });

  it('nothing of heartbeats, inverse offers and operations', () => {
    const { driver, master } = running();
    const window = {
      machine_ids: [{ hostname: 'localhost', ip: '127.0.0.1' }],
      unavailability: { start: { nanoseconds: 1n } },
    };
    master.step({ kind: 'update-maintenance-schedule', connection: 900, schedule: { windows: [window] } });
    const effects = master.advanceAlive(60_000);
    expect(master.core.state.inverseOffers.size).toBe(1);
    expect(new Set(driver.names(effects))).toEqual(new Set(['ResourceOffersMessage']));
  });
});

describe('calls of a driver', () => {
  it('launch: the agent learns its pid', () => {
    const { driver, master, agent } = running();
    expect(sent(master.effects, agent.pid, RunTaskMessage)).toMatchObject([{ pid: driver.pid, task: { name: 't' } }]);
  });

  it('decline and revive', () => {
    const { driver, master } = cluster();
    const [offer] = driver.offers();
    driver.call({ type: 'DECLINE', decline: { offer_ids: [offer!.id], filters: { refuse_seconds: 600 } } });
    expect(driver.offers()).toEqual([]);
    driver.call({ type: 'REVIVE', revive: {} });
    expect(driver.offers()).toHaveLength(1);
    expect(master.metric('master/messages_decline_offers')).toBe(1);
  });

  it('kill, acknowledge, message and shutdown reach the agent', () => {
    const { driver, agent } = running('executor');
    const killed = driver.call({ type: 'KILL', kill: { task_id: { value: 't' } } });
    expect(sent(killed, agent.pid, KillTaskMessage)).toMatchObject([{ task_id: { value: 't' } }]);
    const acknowledged = driver.call({
      type: 'ACKNOWLEDGE',
      acknowledge: { agent_id: { value: agent.id }, task_id: { value: 't' }, uuid: uuidOf('t', 'TASK_RUNNING') },
    });
    expect(sent(acknowledged, agent.pid, StatusUpdateAcknowledgementMessage)).toHaveLength(1);
    const told = driver.call({
      type: 'MESSAGE',
      message: { agent_id: { value: agent.id }, executor_id: { value: 'e' }, data: DATA },
    });
    expect(sent(told, agent.pid, FrameworkToExecutorMessage)).toMatchObject([{ data: DATA }]);
    const shut = driver.call({
      type: 'SHUTDOWN',
      shutdown: { agent_id: { value: agent.id }, executor_id: { value: 'e' } },
    });
    expect(namesTo(shut, agent.pid)).toEqual(['mesos.internal.ShutdownExecutorMessage']);
  });

  it('suppress, request and update the framework', () => {
    const { driver, master } = cluster();
    driver.call({ type: 'SUPPRESS', suppress: {} });
    expect(driver.offers()).toEqual([]);
    driver.call({ type: 'REQUEST', request: {} });
    expect(master.metric('master/messages_resource_request')).toBe(1);
    const id = { value: driver.id };
    driver.call({ type: 'UPDATE_FRAMEWORK', update_framework: { framework_info: frameworkInfo({ id, name: 'new' }) } });
    expect(driver.framework?.info.name).toBe('new');
    const effects = driver.call({
      type: 'UPDATE_FRAMEWORK',
      update_framework: { framework_info: frameworkInfo({ id, user: 'other' }) },
    });
    expect(driver.errors(effects)).toEqual([
      "FrameworkInfo update is not valid: Updating 'FrameworkInfo.user' is unsupported; attempted to update from " +
        "'nobody' to 'other'",
    ]);
  });

  it.each(['ACKNOWLEDGE_OPERATION_STATUS', 'RECONCILE_OPERATIONS'] as const)('%s is not for drivers', (type) => {
    const { driver } = cluster();
    const effects = driver.call({
      type,
      acknowledge_operation_status: {
        agent_id: { value: 'a' },
        uuid: uuidOf('o', 'TASK_LOST'),
        operation_id: { value: 'o' },
      },
      reconcile_operations: { operations: [{ operation_id: { value: 'o' } }] },
    });
    expect(effects).toEqual([]);
  });

  it('an operation with an id ends the driver: it could never hear of it', () => {
    const { driver, agent } = cluster(frameworkInfo({ roles: ['r'] }));
    const [offer] = driver.offers();
    const effects = driver.call({
      type: 'ACCEPT',
      accept: {
        offer_ids: [offer!.id],
        operations: [{ type: 'RESERVE', id: { value: 'o' }, reserve: { resources: AGENT_RESOURCES.slice(1, 2) } }],
      },
    });
    expect(driver.errors(effects)).toEqual([
      "The 'id' field was set in an offer operation, but operation feedback is not supported for the SchedulerDriver " +
        'API; please use the HTTP scheduler API for this feature',
    ]);
    expect(namesTo(effects, agent.pid)).toEqual([]);
  });

  it('are dropped when they come from another pid, for a framework nobody knows, or malformed', () => {
    const { driver, master } = cluster();
    const other = new CoreDriver(master, 'scheduler-2@127.0.0.1:9002');
    other.id = driver.id;
    expect(other.call({ type: 'TEARDOWN' })).toEqual([]);
    other.id = 'unknown';
    expect(other.call({ type: 'TEARDOWN' })).toEqual([]);
    expect(driver.send('call-as-driver', { type: 'TEARDOWN' })).toEqual([]);
    expect(driver.call({ type: 'KILL' })).toEqual([]);
    expect(driver.call({})).toEqual([]);
    expect(driver.framework?.state).toBe('active');
    driver.call({
      type: 'ACKNOWLEDGE',
      acknowledge: { agent_id: { value: 'a' }, task_id: { value: 't' }, uuid: Buffer.from('short') },
    });
    expect(master.metric('master/invalid_status_update_acknowledgements')).toBe(1);
  });

  it('of an HTTP framework may not be made by a driver, nor the other way round', () => {
    const { driver, master } = cluster();
    const scheduler = master.subscribe();
    const thief = new CoreDriver(master, 'scheduler-2@127.0.0.1:9002');
    thief.id = scheduler.id;
    expect(thief.call({ type: 'TEARDOWN' })).toEqual([]);
    const effects = master.call({ ...scheduler, id: driver.id }, { type: 'TEARDOWN' });
    expect(effects).toMatchObject([{ kind: 'reply', status: 403, text: 'Framework is not connected via HTTP' }]);
    expect(eventsIn(effects, scheduler.connection)).toEqual([]);
    expect(driver.framework?.state).toBe('active');
  });
});

describe('older messages', () => {
  it('register, and refuse an id that is there', () => {
    const driver = new CoreDriver(new CoreHarness().start());
    driver.send('register-framework', { framework: frameworkInfo({ id: { value: 'mine' } }) });
    expect(driver.errors()).toEqual(["Registering with 'id' already set"]);
    driver.send('register-framework', { framework: frameworkInfo() });
    expect(driver.framework?.state).toBe('active');
  });

  it('re-register with failover and without, and refuse without an id', () => {
    const { driver: old, master } = cluster();
    const next = new CoreDriver(master, 'scheduler-2@127.0.0.1:9002');
    next.send('reregister-framework', { framework: frameworkInfo(), failover: true });
    expect(next.errors()).toEqual(["Re-registering without an 'id'"]);
    const framework = frameworkInfo({ id: { value: old.id } });
    next.send('reregister-framework', { framework, failover: false });
    expect(next.errors()).toHaveLength(2);
    next.send('reregister-framework', { framework, failover: true });
    expect(next.got(FrameworkRegisteredMessage)).toHaveLength(1);
    next.send('reregister-framework', { framework, failover: false });
    expect(next.got(FrameworkReregisteredMessage)).toHaveLength(1);
  });

  it('launch, or decline when there is nothing to launch', () => {
    const { driver, agent } = cluster();
    const id = { value: driver.id };
    const [offer] = driver.offers();
    driver.send('launch-tasks', { framework_id: id, offer_ids: [offer!.id], filters: { refuse_seconds: 600 } });
    expect(driver.offers()).toEqual([]);
    driver.send('revive-offers', { framework_id: id });
    const [second] = driver.offers();
    const effects = driver.send('launch-tasks', {
      framework_id: id,
      offer_ids: [second!.id],
      tasks: [task('t', agent.id)],
      filters: {},
    });
    expect(sent(effects, agent.pid, RunTaskMessage)).toHaveLength(1);
  });

  it('kill, acknowledge, reconcile, request and message', () => {
    const { driver, master, agent } = running('executor');
    const framework_id = { value: driver.id };
    const agent_id = { value: agent.id };
    const task_id = { value: 't' };
    const killed = driver.send('kill-task', { framework_id, task_id });
    expect(sent(killed, agent.pid, KillTaskMessage)).toHaveLength(1);
    const uuid = uuidOf('t', 'TASK_RUNNING');
    const acknowledged = driver.send('acknowledge-status-update', { framework_id, agent_id, task_id, uuid });
    expect(sent(acknowledged, agent.pid, StatusUpdateAcknowledgementMessage)).toHaveLength(1);
    driver.send('acknowledge-status-update', { framework_id, agent_id, task_id, uuid: Buffer.from('short') });
    expect(master.metric('master/invalid_status_update_acknowledgements')).toBe(1);
    for (const statuses of [[{ task_id, state: 'TASK_RUNNING' as const, agent_id }], []]) {
      const reconciled = driver.send('reconcile-tasks', { framework_id, statuses });
      expect(driver.got(StatusUpdateMessage, reconciled)).toMatchObject([{ update: { status: { task_id } } }]);
    }
    driver.send('request-resources', { framework_id });
    expect(master.metric('master/messages_resource_request')).toBe(1);
    const told = driver.send('message-executor', { framework_id, agent_id, executor_id: { value: 'e' }, data: DATA });
    expect(sent(told, agent.pid, FrameworkToExecutorMessage)).toHaveLength(1);
  });

  it('count what is not theirs as invalid', () => {
    const { driver, master, agent } = running('executor');
    const other = new CoreDriver(master, 'scheduler-2@127.0.0.1:9002');
    const framework_id = { value: driver.id };
    const agent_id = { value: agent.id };
    const uuid = uuidOf('t', 'TASK_RUNNING');
    expect(other.send('acknowledge-status-update', { framework_id, agent_id, task_id: { value: 't' }, uuid })).toEqual(
      [],
    );
    expect(other.send('message-executor', { framework_id, agent_id, executor_id: { value: 'e' }, data: DATA })).toEqual(
      [],
    );
    expect(master.metric('master/invalid_status_update_acknowledgements')).toBe(1);
    expect(master.metric('master/invalid_framework_to_executor_messages')).toBe(1);
  });

  it('deactivate: offers are rescinded and no more come; the rest goes on', () => {
    const { driver, master } = cluster();
    const [offer] = driver.offers();
    const other = new CoreDriver(master, 'scheduler-2@127.0.0.1:9002');
    expect(other.send('deactivate-framework', { framework_id: { value: driver.id } })).toEqual([]);
    const effects = driver.send('deactivate-framework', { framework_id: { value: driver.id } });
    expect(driver.got(RescindResourceOfferMessage, effects)).toEqual([{ offer_id: offer!.id }]);
    expect(driver.framework?.state).toBe('inactive');
    expect(driver.send('deactivate-framework', { framework_id: { value: driver.id } })).toEqual([]);
    expect(driver.offers()).toEqual([]);
    driver.subscribe(frameworkInfo({ id: { value: driver.id } }));
    expect(driver.offers()).toHaveLength(1);
    expect(master.metric('master/messages_deactivate_framework')).toBe(3);
  });

  it('unregister, even while disconnected, but only by the driver itself', () => {
    const { driver, master, agent } = cluster();
    const framework_id = { value: driver.id };
    new CoreDriver(master, 'scheduler-2@127.0.0.1:9002').send('unregister-framework', { framework_id });
    expect(driver.framework).toBeDefined();
    driver.exited();
    const effects = driver.send('unregister-framework', { framework_id });
    expect(sent(effects, agent.pid, ShutdownFrameworkMessage)).toEqual([{ framework_id }]);
    expect(driver.framework).toBeUndefined();
    expect(master.metric('master/messages_unregister_framework')).toBe(1);
  });

  it('to submit a scheduler are answered that nobody does', () => {
    const driver = new CoreDriver(new CoreHarness().start());
    driver.send('submit-scheduler', { name: 'x' });
    expect(driver.got(SubmitSchedulerResponse)).toEqual([{ okay: false }]);
  });
});

describe('long reconciliations', () => {
  it('go on while the driver that asked is there', () => {
    const { driver, master } = cluster();
    const tasks = Array.from({ length: 12_500 }, (_, i) => ({ task_id: { value: `t${i}` } }));
    const first = driver.call({ type: 'RECONCILE', reconcile: { tasks } });
    expect(driver.got(StatusUpdateMessage, first)).toHaveLength(10_000);
    expect(driver.got(StatusUpdateMessage, master.advance(50))).toHaveLength(1000);
    driver.exited();
    expect(driver.got(StatusUpdateMessage, master.advance(1000))).toEqual([]);
    driver.subscribe(frameworkInfo({ id: { value: driver.id } }));
    expect(driver.got(StatusUpdateMessage, master.advance(1000))).toEqual([]);
  });
});
