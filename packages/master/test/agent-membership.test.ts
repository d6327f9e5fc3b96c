/** Agents register, come back and leave: what the registry is asked, and what the agent and the frameworks hear. */
import type { AgentId, FrameworkId } from '@mesolite/base';
import {
  AgentRegisteredMessage,
  AgentReregisteredMessage,
  type FrameworkInfo,
  KillTaskMessage,
  type Offer,
  PingAgentMessage,
  type ReregisterAgentMessage,
  RunTaskMessage,
  ShutdownFrameworkMessage,
  ShutdownMessage,
  type Task,
  UpdateFrameworkMessage,
} from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import type { InputOf } from '../src/core/index.ts';
import { MAX_AGENT_INFO_BYTES } from '../src/core/options.ts';
import { usedBy } from '../src/core/state/sums.ts';
import {
  AGENT_CAPABILITIES,
  AGENT_RESOURCES,
  CoreHarness,
  eventsIn,
  frameworkInfo,
  MASTER_ID,
  type RegisteredAgent,
  type Scheduler,
  scalar,
  sent,
  statusesIn,
  task,
} from './core-harness.ts';

const PID = 'slave(1)@10.0.0.1:5051';
const TOO_WORDY = [{ name: 'a', type: 'TEXT' as const, text: { value: 'x'.repeat(MAX_AGENT_INFO_BYTES) } }];

function registration(fields: object = {}) {
  return {
    kind: 'register-agent',
    from: PID,
    message: { agent: { hostname: 'h', resources: AGENT_RESOURCES, checkpoint: true }, version: '1.12.0', ...fields },
  } as const;
}

function reregistration(
  agentId: string,
  fields: Partial<Omit<ReregisterAgentMessage, 'agent'>> = {},
  pid = PID,
): InputOf<'reregister-agent'> {
  const agent = {
    id: { value: agentId },
    hostname: 'localhost',
    resources: AGENT_RESOURCES,
    checkpoint: true,
    port: 5051,
  };
  return {
    kind: 'reregister-agent',
    from: pid,
    message: { agent, version: '1.12.0', agent_capabilities: [...AGENT_CAPABILITIES], ...fields },
  };
}

function reported(id: string, agentId: string, frameworkId: string, fields: Partial<Task> = {}): Task {
  return {
    name: id,
    task_id: { value: id },
    agent_id: { value: agentId },
    framework_id: { value: frameworkId },
    state: 'TASK_RUNNING',
    resources: [
      { ...scalar('cpus', 1), allocation_info: { role: '*' } },
      { ...scalar('mem', 64), allocation_info: { role: '*' } },
    ],
    ...fields,
  };
}

/** An agent that runs a task of a framework. */
function withTask(options: { info?: FrameworkInfo; master?: CoreHarness } = {}): {
  master: CoreHarness;
  agent: RegisteredAgent;
  scheduler: Scheduler;
} {
  const master = options.master ?? new CoreHarness().start();
  const agent = master.addAgent({ pid: PID });
  const scheduler = master.subscribe(options.info);
  const [offer] = master.offers(scheduler);
  master.launch(scheduler, offer!, [task('t', agent.id)]);
  master.update(agent, scheduler, 't', 'TASK_RUNNING');
  return { master, agent, scheduler };
}

describe('registration', () => {
  it('gives an id once the registry has recorded the agent, and pings it from a process of its own', () => {
    const master = new CoreHarness().start();
    master.registryWaits = true;
    const before = master.step(registration());
    expect(sent(before, PID, AgentRegisteredMessage)).toEqual([]);
    expect(before).toMatchObject([
      { kind: 'write-registry', operation: { kind: 'admit-agent', info: { id: { value: `${MASTER_ID}-S0` } } } },
    ]);
    const after = master.answerRegistry();
    expect(sent(after, PID, AgentRegisteredMessage)).toEqual([
      { agent_id: { value: `${MASTER_ID}-S0` }, connection: { total_ping_timeout_seconds: 75 } },
    ]);
    expect(after.map(({ kind }) => kind)).toEqual(['link', 'spawn-observer', 'send', 'send']);
    expect(after[2]).toMatchObject({ from: 'slave-observer(1)', to: PID });
    expect(sent(after, PID, PingAgentMessage)).toEqual([{ connected: true }]);
    expect(master.metric('master/slave_registrations')).toBe(1);
  });

  it('is acknowledged again when it is repeated', () => {
    const master = new CoreHarness().start();
    master.step(registration());
    const again = master.step(registration());
    expect(sent(again, PID, AgentRegisteredMessage)[0]?.agent_id.value).toBe(`${MASTER_ID}-S0`);
    expect(master.core.state.agents.registered.size).toBe(1);
  });

  it('replaces a disconnected agent at the same address', () => {
    const { master, agent, scheduler } = withTask();
    master.step({ kind: 'link-exited', pid: PID });
    const effects = master.step(registration());
    expect(sent(effects, PID, AgentRegisteredMessage)[0]?.agent_id.value).toBe(`${MASTER_ID}-S1`);
    expect(master.core.state.agents.registered.has(agent.id)).toBe(false);
    expect(statusesIn(effects, scheduler.connection)).toMatchObject([
      { state: 'TASK_LOST', message: 'Agent localhost removed: a new agent registered at the same address' },
    ]);
  });

  it.each([
    ['an old version', { version: '0.28.2' }],
    ['a version that is none', { version: 'new' }],
    ['no version', { version: undefined }],
    ['bad resources', { agent: { hostname: 'h', resources: [scalar('cpus', -1)] } }],
    ['a bad id', { agent: { hostname: 'h', id: { value: '../x' } } }],
    ['a domain while the master has none', { agent: { hostname: 'h', domain: {} } }],
    ['more to say of itself than the registry takes', { agent: { hostname: 'h', attributes: TOO_WORDY } }],
    ['reservations without checkpointing', { agent: { hostname: 'h' }, checkpointed_resources: [scalar('cpus', 1)] }],
  ])('with %s is dropped without an answer', (_what, fields) => {
    const master = new CoreHarness().start();
    expect(master.step(registration(fields))).toEqual([]);
    expect(master.core.state.agents.registering.size).toBe(0);
  });

  it('from an address that is none is dropped', () => {
    const master = new CoreHarness().start();
    expect(master.step({ ...registration(), from: 'nowhere' })).toEqual([]);
  });

  it('ends the master when the registry cannot keep it', () => {
    const master = new CoreHarness().start();
    master.registryWaits = true;
    master.step(registration());
    expect(master.answerRegistry('disk full')).toMatchObject([
      { kind: 'exit', code: 1, text: 'Failed to write the registry (admit-agent): disk full' },
    ]);
  });
});

describe('unregistration', () => {
  it('loses the tasks for good', () => {
    const { master, agent, scheduler } = withTask();
    const effects = master.step({
      kind: 'unregister-agent',
      from: PID,
      message: { agent_id: { value: agent.id } },
    });
    expect(effects[0]).toMatchObject({
      kind: 'write-registry',
      operation: { kind: 'remove-agent', agentId: agent.id },
    });
    expect(statusesIn(effects, scheduler.connection)).toMatchObject([
      {
        state: 'TASK_LOST',
        reason: 'REASON_AGENT_REMOVED',
        message: 'Agent localhost removed: the agent unregistered',
      },
    ]);
    expect(eventsIn(effects, scheduler.connection).at(-1)).toEqual({
      type: 'FAILURE',
      failure: { agent_id: { value: agent.id } },
    });
    expect(master.core.state.agents.removed.has(agent.id)).toBe(true);
    expect(master.metric('master/slave_removals/reason_unregistered')).toBe(1);
  });

  it('is believed from the agent itself only', () => {
    const { master, agent } = withTask();
    const message = { agent_id: { value: agent.id } };
    expect(master.step({ kind: 'unregister-agent', from: 'slave(1)@10.9.9.9:1', message })).toEqual([]);
  });
});

describe('re-registration of a registered agent', () => {
  it('needs no registry when nothing about the agent changed', () => {
    const { master, agent, scheduler } = withTask();
    master.step({ kind: 'link-exited', pid: PID });
    const effects = master.step(
      reregistration(agent.id, {
        tasks: [reported('t', agent.id, scheduler.id)],
        frameworks: [{ ...frameworkInfo(), id: { value: scheduler.id } }],
      }),
    );
    expect(effects.some(({ kind }) => kind === 'write-registry')).toBe(false);
    expect(sent(effects, PID, AgentReregisteredMessage)).toEqual([
      { agent_id: { value: agent.id }, connection: { total_ping_timeout_seconds: 75 } },
    ]);
    expect(sent(effects, PID, UpdateFrameworkMessage)).toMatchObject([
      { framework_id: { value: scheduler.id }, pid: '@0.0.0.0:0' },
    ]);
    expect(master.core.state.agents.registered.get(agent.id)).toMatchObject({ connected: true, active: true });
    expect(statusesIn(effects, scheduler.connection)).toEqual([]);
  });

  it('records changed attributes first', () => {
    const { master, agent } = withTask();
    const changed = reregistration(agent.id);
    const info = {
      ...changed.message.agent,
      attributes: [{ name: 'rack', type: 'TEXT' as const, text: { value: 'r' } }],
    };
    const effects = master.step({ ...changed, message: { ...changed.message, agent: info } });
    expect(effects[0]).toMatchObject({ kind: 'write-registry', operation: { kind: 'update-agent' } });
    expect(master.core.state.agents.registered.get(agent.id)?.info.attributes).toHaveLength(1);
  });

  it('with more to say of itself than the registry takes is dropped, and what was recorded stays', () => {
    const { master, agent } = withTask();
    const changed = reregistration(agent.id);
    const info = { ...changed.message.agent, attributes: TOO_WORDY };
    expect(master.step({ ...changed, message: { ...changed.message, agent: info } })).toEqual([]);
    expect(master.core.state.agents.reregistering.size).toBe(0);
    expect(master.core.state.agents.registered.get(agent.id)?.info.attributes).toBeUndefined();
  });

  it('asks the agent about tasks it did not mention', () => {
    const { master, agent, scheduler } = withTask();
    const [reply] = sent(master.step(reregistration(agent.id)), PID, AgentReregisteredMessage);
    expect(reply?.reconciliations).toMatchObject([
      {
        framework_id: { value: scheduler.id },
        statuses: [{ task_id: { value: 't' }, state: 'TASK_RUNNING', reason: 'REASON_RECONCILIATION' }],
      },
    ]);
  });

  it('outdates what comes late over an older connection', () => {
    const { master, agent, scheduler } = withTask();
    const tasks = [reported('t', agent.id, scheduler.id)];
    const frameworks = [{ ...frameworkInfo(), id: { value: scheduler.id } }];
    master.step({ ...reregistration(agent.id, { frameworks, tasks }), connection: 2 });
    expect(master.step({ ...reregistration(agent.id), connection: 1 })).toEqual([]);
    expect(
      master.step({ kind: 'unregister-agent', from: PID, connection: 1, message: { agent_id: { value: agent.id } } }),
    ).toEqual([]);
    expect(master.core.state.agents.registered.get(agent.id)?.connected).toBe(true);
    const [reply] = sent(master.step({ ...reregistration(agent.id), connection: 3 }), PID, AgentReregisteredMessage);
    expect(reply?.reconciliations).toHaveLength(1);
  });

  it('drops executors it did not mention once their tasks, too, are known to be unknown there, and repeats kills it may have missed', () => {
    const { master, agent, scheduler } = withTask();
    const [offer] = master.offers(scheduler);
    const executor = {
      executor_id: { value: 'e' },
      command: { value: 'e' },
      resources: [scalar('cpus', 1), scalar('mem', 32)],
    };
    master.launch(scheduler, offer!, [task('u', agent.id, { command: undefined, executor })]);
    master.step({ kind: 'link-exited', pid: PID });
    const killed = master.call(scheduler, { type: 'KILL', kill: { task_id: { value: 't' } } });
    expect(sent(killed, PID, KillTaskMessage)).toEqual([]);
    const effects = master.step(
      reregistration(agent.id, {
        tasks: [reported('t', agent.id, scheduler.id)],
        frameworks: [{ ...frameworkInfo(), id: { value: scheduler.id } }],
      }),
    );
    expect(sent(effects, PID, KillTaskMessage)).toMatchObject([{ task_id: { value: 't' } }]);
    const executors = master.core.state.agents.registered.get(agent.id)?.executors;
    // The launch may still be on its way.
    expect(executors?.size).toBe(1);
    const uuid = new Uint8Array(16);
    const about = { framework_id: { value: scheduler.id }, agent_id: { value: agent.id }, timestamp: 1, uuid };
    const status = { task_id: { value: 'u' }, state: 'TASK_DROPPED', reason: 'REASON_RECONCILIATION', uuid } as const;
    master.step({ kind: 'status-updated', from: PID, message: { update: { ...about, status }, pid: PID } });
    expect(executors?.size).toBe(0);
  });

  it('takes what it mentions, and no master here has heard of, for what it is', () => {
    const { master, agent, scheduler } = withTask();
    const frameworks = [{ ...frameworkInfo(), id: { value: scheduler.id } }];
    const tasks = [reported('t', agent.id, scheduler.id), reported('of-another-master', agent.id, scheduler.id)];
    const out = master.offers(scheduler).map(({ id }) => id.value);
    expect(out).not.toEqual([]);
    const effects = master.step(reregistration(agent.id, { frameworks, tasks }));
    const rescinded = eventsIn(effects, scheduler.connection).flatMap(({ rescind }) => rescind?.offer_id.value ?? []);
    expect(rescinded).toEqual(out);
    const record = master.core.state.agents.registered.get(agent.id);
    expect([...(record?.tasks.get(scheduler.id as FrameworkId)?.keys() ?? [])]).toEqual(['t', 'of-another-master']);
    master.core.check();
  });

  it('leaves it to the agent whether there is an executor that it did not mention', () => {
    const { master, agent, scheduler } = withTask();
    const executor = { executor_id: { value: 'e' }, command: { value: 'e' }, resources: [scalar('cpus', 0.5)] };
    const launch = (id: string, offer: Offer | undefined): (boolean | undefined)[] =>
      sent(
        master.launch(scheduler, offer!, [task(id, agent.id, { command: undefined, executor })]),
        PID,
        RunTaskMessage,
      ).map(({ launch_executor }) => launch_executor);
    expect(launch('u', master.offers(scheduler)[0])).toEqual([true]);
    const frameworks = [{ ...frameworkInfo(), id: { value: scheduler.id } }];
    master.step(reregistration(agent.id, { frameworks, tasks: [reported('t', agent.id, scheduler.id)] }));
    expect(launch('v', master.offers(scheduler)[0])).toEqual([undefined]);
    const tasks = ['t', 'u', 'v'].map((id) => reported(id, agent.id, scheduler.id));
    const executor_infos = [{ ...executor, framework_id: { value: scheduler.id } }];
    master.step(reregistration(agent.id, { frameworks, tasks, executor_infos }));
    expect(launch('w', master.offers(scheduler)[0])).toEqual([false]);
  });

  it.each([
    ['another IP', 'slave(1)@10.0.0.2:5051', 'localhost'],
    ['another host name', PID, 'elsewhere'],
  ])('from %s ends the agent', (_what, pid, hostname) => {
    const { master, agent } = withTask();
    const again = reregistration(agent.id, {}, pid);
    const effects = master.step({
      ...again,
      message: { ...again.message, agent: { ...again.message.agent, hostname } },
    });
    expect(sent(effects, pid, ShutdownMessage)).toEqual([
      { message: 'Agent attempted to reregister with different IP / hostname' },
    ]);
  });

  it('may come from another port', () => {
    const { master, agent } = withTask();
    const pid = 'slave(1)@10.0.0.1:5999';
    expect(sent(master.step(reregistration(agent.id, {}, pid)), pid, AgentReregisteredMessage)).toHaveLength(1);
    expect(master.core.state.agents.byPid(pid)?.id).toBe(agent.id);
    expect(master.core.state.agents.byPid(PID)).toBeUndefined();
  });
});

describe('re-registration of an agent this master has not seen', () => {
  it('brings back its frameworks as recovered ones, with their tasks', () => {
    const master = new CoreHarness().start();
    const info = { ...frameworkInfo(), id: { value: 'f1' } };
    const effects = master.step(
      reregistration('old-S0', { tasks: [reported('t', 'old-S0', 'f1')], frameworks: [info] }),
    );
    expect(effects[0]).toMatchObject({ kind: 'write-registry', operation: { kind: 'mark-agent-reachable' } });
    const framework = [...master.core.state.frameworks.registered.values()][0];
    expect(framework).toMatchObject({ id: 'f1', state: 'recovered' });
    expect(framework?.tasks.size).toBe(1);
    expect(framework && usedBy(framework).scalar('cpus')).toBe(1);
    const scheduler = master.subscribe(info);
    expect(scheduler.id).toBe('f1');
    const reconciled = master.call(scheduler, { type: 'RECONCILE', reconcile: {} });
    expect(statusesIn(reconciled, scheduler.connection)).toMatchObject([
      { task_id: { value: 't' }, state: 'TASK_RUNNING', reason: 'REASON_RECONCILIATION' },
    ]);
  });

  it('of the registry needs no write when it is as recorded, and tells no framework', () => {
    const { message } = reregistration('old-S0');
    const master = new CoreHarness().start({ admitted: [message.agent], unreachable: [], gone: [] });
    expect(master.core.state.agents.recovered.size).toBe(1);
    const effects = master.step(reregistration('old-S0'));
    expect(effects.some(({ kind }) => kind === 'write-registry')).toBe(false);
    expect(master.core.state.agents.recovered.size).toBe(0);
    expect(sent(effects, PID, AgentReregisteredMessage)).toHaveLength(1);
  });

  it('marked gone ends it', () => {
    const gone = [{ agentId: 'old-S0' as AgentId, wallMs: 0 }];
    const master = new CoreHarness().start({ admitted: [], unreachable: [], gone });
    expect(sent(master.step(reregistration('old-S0')), PID, ShutdownMessage)).toEqual([
      { message: 'Agent has been marked gone' },
    ]);
  });

  it('shuts down there what has ended here', () => {
    const { master, agent, scheduler } = withTask();
    master.advance(100_000);
    master.call(scheduler, { type: 'TEARDOWN' });
    const effects = master.step(
      reregistration(agent.id, {
        tasks: [reported('t', agent.id, scheduler.id)],
        frameworks: [{ ...frameworkInfo(), id: { value: scheduler.id } }],
      }),
    );
    expect(sent(effects, PID, ShutdownFrameworkMessage)).toEqual([{ framework_id: { value: scheduler.id } }]);
    expect(master.core.state.agents.registered.get(agent.id)?.tasks.size).toBe(0);
  });

  it.each([
    ['a task of a framework it does not name', { tasks: [reported('t', 'old-S0', 'f1')] }],
    [
      'a task of another agent',
      { tasks: [reported('t', 'x', 'f1')], frameworks: [{ ...frameworkInfo(), id: { value: 'f1' } }] },
    ],
    ['a framework without id', { frameworks: [frameworkInfo()] }],
    [
      'a task for a role that cannot be',
      {
        tasks: [
          reported('t', 'old-S0', 'f1', { resources: [{ ...scalar('cpus', 1), allocation_info: { role: 'a//b' } }] }),
        ],
        frameworks: [{ ...frameworkInfo(), id: { value: 'f1' } }],
      },
    ],
    ['an executor of no framework', { executor_infos: [{ executor_id: { value: 'e' }, command: {} }] }],
    [
      'a running task of an executor it does not name',
      {
        tasks: [reported('t', 'old-S0', 'f1', { executor_id: { value: 'e' } })],
        frameworks: [{ ...frameworkInfo(), id: { value: 'f1' } }],
      },
    ],
  ])('with %s is dropped', (_what, fields) => {
    const master = new CoreHarness().start();
    expect(master.step(reregistration('old-S0', fields))).toEqual([]);
  });

  it('at an address where another agent asked to be admitted leaves nothing of that one behind', () => {
    const master = new CoreHarness().start();
    const { id } = master.addAgent({ pid: 'slave(1)@10.0.0.1:6000' });
    master.step({ kind: 'link-exited', pid: 'slave(1)@10.0.0.1:6000' });
    master.registryWaits = true;
    master.step(registration());
    // Restarted at another port, as it was.
    master.step(reregistration(id));
    expect(master.core.state.agents.byPid(PID)?.id).toBe(id);
    master.registryWaits = false;
    expect(master.answerRegistry()).toMatchObject([
      { kind: 'write-registry', operation: { kind: 'remove-agent', agentId: `${MASTER_ID}-S1` } },
    ]);
    expect([...master.core.state.agents.registered.keys()]).toEqual([id]);
    expect(master.core.state.agents.removing.size).toBe(0);
  });

  it('takes the address of an agent that has silently gone', () => {
    const { master, agent } = withTask();
    master.step(reregistration('old-S0'));
    expect(master.core.state.agents.byPid(PID)?.id).toBe('old-S0');
    expect(master.core.state.agents.registered.get(agent.id)?.connected).toBe(false);
  });
});
