/** Maintenance, rule by rule: schedules, machines that go down and come up, inverse offers. */
import type { AgentId, FrameworkId } from '@mesolite/base';
import {
  AgentRegisteredMessage,
  AgentReregisteredMessage,
  type InverseOffer,
  type MachineID,
  type MaintenanceWindow,
  ShutdownMessage,
} from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { maintenanceSchedule, maintenanceStatus } from '../src/core/capabilities/reads/maintenance-reads.ts';
import { getFrameworks } from '../src/core/capabilities/reads/operator-reads.ts';
import { type MasterEffect, RegistryContents } from '../src/core/index.ts';
import {
  AGENT_CAPABILITIES,
  AGENT_RESOURCES,
  CoreHarness,
  errorsIn,
  eventsIn,
  frameworkInfo,
  type RegisteredAgent,
  repliesIn,
  type Scheduler,
  sent,
  statusesIn,
  task,
} from './core-harness.ts';

const OPERATOR = 1_000_000;
const HOUR_NS = 3_600_000_000_000n;
/** Of the agents that the harness makes. */
const HERE: MachineID = { hostname: 'localhost', ip: '127.0.0.1' };
const ELSEWHERE: MachineID = { hostname: 'elsewhere', ip: '10.0.0.9' };

function window(machines: readonly MachineID[], start = 5n, duration: bigint | undefined = HOUR_NS): MaintenanceWindow {
  return {
    machine_ids: [...machines],
    unavailability: {
      start: { nanoseconds: start },
      ...(duration !== undefined && { duration: { nanoseconds: duration } }),
    },
  };
}

function schedule(master: CoreHarness, ...windows: MaintenanceWindow[]): MasterEffect[] {
  return master.step({ kind: 'update-maintenance-schedule', connection: OPERATOR, schedule: { windows } });
}

function down(master: CoreHarness, ...machines: MachineID[]): MasterEffect[] {
  return master.step({ kind: 'start-maintenance', connection: OPERATOR, machines });
}

function up(master: CoreHarness, ...machines: MachineID[]): MasterEffect[] {
  return master.step({ kind: 'stop-maintenance', connection: OPERATOR, machines });
}

function inverseOffersIn(effects: readonly MasterEffect[], scheduler: Scheduler): InverseOffer[] {
  return eventsIn(effects, scheduler.connection).flatMap(({ inverse_offers }) => inverse_offers?.inverse_offers ?? []);
}

function rescindedIn(effects: readonly MasterEffect[], scheduler: Scheduler): string[] {
  return eventsIn(effects, scheduler.connection).flatMap(
    ({ rescind_inverse_offer }) => rescind_inverse_offer?.inverse_offer_id.value ?? [],
  );
}

function answer(master: CoreHarness, scheduler: Scheduler, ids: readonly string[], yes: boolean, refuse?: number) {
  const part = {
    inverse_offer_ids: ids.map((value) => ({ value })),
    ...(refuse !== undefined && { filters: { refuse_seconds: refuse } }),
  };
  return master.call(
    scheduler,
    yes
      ? { type: 'ACCEPT_INVERSE_OFFERS', accept_inverse_offers: part }
      : { type: 'DECLINE_INVERSE_OFFERS', decline_inverse_offers: part },
  );
}

function status(master: CoreHarness) {
  return maintenanceStatus(master.core.state, master.core.inverseOfferStatuses());
}

function returning(master: CoreHarness, agent: RegisteredAgent, hostname = 'localhost'): MasterEffect[] {
  return master.step({
    kind: 'reregister-agent',
    from: agent.pid,
    message: {
      agent: { id: { value: agent.id }, hostname, resources: AGENT_RESOURCES, checkpoint: true, port: 5051 },
      version: '1.12.0',
      agent_capabilities: [...AGENT_CAPABILITIES],
    },
  });
}

describe('a schedule', () => {
  const twice = `Machine '{"hostname":"localhost","ip":"127.0.0.1"}' appears more than once in the schedule`;
  it.each([
    ['no machine in a window', [window([])], 'List of machines in the maintenance window is empty'],
    ['a machine without id', [window([{}])], "Both 'hostname' and 'ip' for a machine are empty"],
    [
      'a machine with an empty id',
      [window([{ hostname: '', ip: '' }])],
      "Both 'hostname' and 'ip' for a machine are empty",
    ],
    ['an address that is none', [window([{ hostname: 'a', ip: '10.0.0.256' }])], 'Failed to parse IPv4: 10.0.0.256'],
    ['an address of another family', [window([{ ip: '::1' }])], 'Failed to parse IPv4: ::1'],
    ['a machine twice in a window', [window([HERE, HERE])], twice],
    ['a machine in two windows', [window([HERE]), window([HERE], 9n)], twice],
    [
      'a machine twice but for case',
      [window([{ hostname: 'Here' }]), window([{ hostname: 'hERE' }])],
      `Machine '{"hostname":"hERE"}' appears more than once in the schedule`,
    ],
    [
      'more than the registry takes',
      [window([HERE]), window(Array.from({ length: 50_000 }, (_, i) => ({ hostname: `${i}`.padStart(200, 'h') })))],
      'The schedule takes more than 16777216 bytes in the registry',
    ],
    ['a negative duration', [window([HERE], 5n, -1n)], "Unavailability 'duration' is negative"],
  ])('is refused with %s, and nothing changes', (_, windows, text) => {
    const master = new CoreHarness().start();
    schedule(master, window([ELSEWHERE]));
    const effects = schedule(master, ...windows);
    expect(repliesIn(effects)).toEqual([{ status: 400, text }]);
    expect(effects.some(({ kind }) => kind === 'write-registry')).toBe(false);
    expect(maintenanceSchedule(master.core.state)).toEqual({ windows: [window([ELSEWHERE])] });
  });

  it('counts when it is durable, and replaces the one before', () => {
    const master = new CoreHarness().start();
    schedule(master, window([HERE]));
    master.registryWaits = true;
    expect(repliesIn(schedule(master, window([ELSEWHERE], 7n, undefined)))).toEqual([]);
    expect(maintenanceSchedule(master.core.state)).toEqual({ windows: [window([HERE])] });
    expect(repliesIn(master.answerRegistry())).toEqual([{ status: 200, text: undefined }]);
    expect(maintenanceSchedule(master.core.state)).toEqual({ windows: [window([ELSEWHERE], 7n, undefined)] });
    expect(status(master).draining_machines).toEqual([{ id: ELSEWHERE, statuses: [] }]);
  });

  it('that cannot be written ends the master', () => {
    const master = new CoreHarness().start();
    master.registryWaits = true;
    schedule(master, window([HERE]));
    expect(master.answerRegistry('disk is full')).toMatchObject([{ kind: 'exit', code: 1 }]);
    expect(maintenanceSchedule(master.core.state)).toEqual({});
  });

  it('takes back offers made without it, and new ones tell of it; taken back, they do not', () => {
    const master = new CoreHarness().start();
    master.addAgent();
    const scheduler = master.subscribe();
    const [before] = master.offers(scheduler);
    const rescinded = eventsIn(schedule(master, window([HERE])), scheduler.connection);
    expect(rescinded[0]).toEqual({ type: 'RESCIND', rescind: { offer_id: before?.id } });
    expect(master.offers(scheduler)[0]?.unavailability).toEqual(window([HERE]).unavailability);
    schedule(master);
    expect(master.offers(scheduler)).toMatchObject([{ agent_id: before?.agent_id }]);
    expect(master.offers(scheduler)[0]?.unavailability).toBeUndefined();
  });

  it('means agents of both its hostname, in any case, and its address', () => {
    for (const [id, meant] of [
      [{ hostname: 'LocalHost', ip: '127.0.0.1' }, true],
      [{ hostname: 'localhost' }, false],
      [{ ip: '127.0.0.1' }, false],
      [{ hostname: 'localhost', ip: '127.0.0.2' }, false],
    ] as const) {
      const master = new CoreHarness().start();
      const agent = master.addAgent();
      schedule(master, window([id]));
      expect(master.core.state.agents.registered.get(agent.id)?.unavailability !== undefined, JSON.stringify(id)).toBe(
        meant,
      );
    }
  });

  it('is known of agents that register later', () => {
    const master = new CoreHarness().start();
    schedule(master, window([HERE]));
    master.addAgent();
    const scheduler = master.subscribe();
    expect(master.offers(scheduler)[0]?.unavailability?.start).toEqual({ nanoseconds: 5n });
  });

  it('must fit what was asked for before, also while that is being written', () => {
    const master = new CoreHarness().start();
    schedule(master, window([HERE]));
    master.registryWaits = true;
    down(master, HERE);
    const text = `Machine '{"hostname":"localhost","ip":"127.0.0.1"}' is deactivated and cannot be removed from the schedule`;
    expect(repliesIn(schedule(master))).toEqual([{ status: 400, text }]);
    expect(repliesIn(schedule(master, window([HERE], 8n)))).toEqual([]);
    master.answerRegistry();
    expect(status(master)).toEqual({ draining_machines: [], down_machines: [HERE] });
    expect(maintenanceSchedule(master.core.state)).toEqual({ windows: [window([HERE], 8n)] });
  });
});

describe('a machine', () => {
  const shown = `Machine '{"hostname":"localhost","ip":"127.0.0.1"}'`;
  it.each([
    ['none', [], 'List of machines is empty'],
    ['one without id', [{}], "Both 'hostname' and 'ip' for a machine are empty"],
    ['one with a bad address', [{ ip: 'ten' }], 'Failed to parse IPv4: ten'],
    ['one twice', [HERE, HERE], `${shown} appears more than once in the schedule`],
    ['an unknown one', [{ hostname: 'x' }], `Machine '{"hostname":"x"}' is not part of a maintenance schedule`],
  ])('is neither taken down nor brought up: %s', (_, machines, text) => {
    const master = new CoreHarness().start();
    schedule(master, window([HERE]));
    for (const change of [down, up]) {
      const effects = change(master, ...machines);
      expect(repliesIn(effects)).toEqual([{ status: 400, text }]);
      expect(effects).toHaveLength(1);
    }
  });

  it('goes down only from DRAINING, and up only from DOWN', () => {
    const master = new CoreHarness().start();
    master.addAgent();
    const down400 = { status: 400, text: `${shown} is not in DRAINING mode and cannot be brought down` };
    const up400 = { status: 400, text: `${shown} is not in DOWN mode and cannot be brought up` };
    expect(repliesIn(down(master, HERE))).toEqual([down400]);
    expect(repliesIn(up(master, HERE))).toEqual([up400]);
    schedule(master, window([HERE]));
    expect(repliesIn(up(master, HERE))).toEqual([up400]);
    expect(repliesIn(down(master, HERE))).toEqual([{ status: 200, text: undefined }]);
    expect(repliesIn(down(master, HERE))).toEqual([down400]);
    expect(repliesIn(up(master, HERE))).toEqual([{ status: 200, text: undefined }]);
    expect(maintenanceSchedule(master.core.state)).toEqual({});
    expect(status(master)).toEqual({ draining_machines: [], down_machines: [] });
  });

  it('takes its agents and their tasks with it when it goes down', () => {
    const master = new CoreHarness().start();
    const agents = [master.addAgent(), master.addAgent()];
    const other = master.addAgent({ hostname: 'other' });
    const scheduler = master.subscribe();
    const offers = master.offers(scheduler);
    for (const offer of offers)
      master.launch(scheduler, offer, [task(`t-${offer.agent_id.value}`, offer.agent_id.value)]);
    schedule(master, window([HERE]));
    const effects = down(master, HERE);
    for (const { id, pid } of agents) {
      expect(sent(effects, pid, ShutdownMessage)).toEqual([{ message: "Operator initiated 'Machine DOWN'" }]);
      expect(statusesIn(effects, scheduler.connection)).toContainEqual(
        expect.objectContaining({
          task_id: { value: `t-${id}` },
          state: 'TASK_LOST',
          reason: 'REASON_AGENT_REMOVED',
          message: "Agent localhost removed: Operator initiated 'Machine DOWN'",
        }),
      );
      expect(eventsIn(effects, scheduler.connection)).toContainEqual({
        type: 'FAILURE',
        failure: { agent_id: { value: id } },
      });
    }
    expect([...master.core.state.agents.registered.keys()]).toEqual([other.id]);
    expect(master.metric('master/slave_removals')).toBe(2);
  });

  it('lets nobody in while it is DOWN', () => {
    const master = new CoreHarness().start();
    const agent = master.addAgent();
    schedule(master, window([HERE]));
    down(master, HERE);
    const refusal = [{ message: 'Machine is `DOWN`' }];
    const returned = returning(master, agent);
    expect(sent(returned, agent.pid, ShutdownMessage)).toEqual(refusal);
    expect(sent(returned, agent.pid, AgentReregisteredMessage)).toEqual([]);
    const fresh = master.addAgent({ pid: 'slave(1)@127.0.0.1:6000' });
    expect(fresh.id).toBe('');
    expect(sent(master.effects, fresh.pid, ShutdownMessage)).toEqual(refusal);
    expect(master.addAgent({ hostname: 'other' }).id).not.toBe('');
    up(master, HERE);
    expect(sent(returning(master, agent), agent.pid, AgentReregisteredMessage)).toHaveLength(1);
  });

  it('ends an agent whose registration was on its way when it went down', () => {
    const master = new CoreHarness().start();
    schedule(master, window([HERE]));
    master.registryWaits = true;
    down(master, HERE);
    master.addAgent({ pid: 'slave(1)@127.0.0.1:6000' });
    const effects = master.answerRegistry();
    expect(sent(effects, 'slave(1)@127.0.0.1:6000', AgentRegisteredMessage)).toHaveLength(1);
    expect(sent(effects, 'slave(1)@127.0.0.1:6000', ShutdownMessage)).toHaveLength(1);
    master.registryWaits = false;
    master.answerRegistry();
    expect(master.core.state.agents.registered.size).toBe(0);
  });

  it('leaves the others of its window scheduled when it comes up', () => {
    const master = new CoreHarness().start();
    schedule(master, window([HERE, ELSEWHERE]), window([{ hostname: 'third' }], 9n));
    down(master, HERE, { hostname: 'third' });
    up(master, { hostname: 'THIRD' }, HERE);
    expect(maintenanceSchedule(master.core.state)).toEqual({ windows: [window([ELSEWHERE])] });
    expect(status(master)).toEqual({ draining_machines: [{ id: ELSEWHERE, statuses: [] }], down_machines: [] });
  });
});

describe('a master that begins to lead', () => {
  it('knows schedules and machines of before', () => {
    const first = new RegistryContents();
    first.apply({ kind: 'update-maintenance-schedule', schedule: { windows: [window([HERE, ELSEWHERE])] } });
    first.apply({ kind: 'start-maintenance', machines: [HERE] });
    const registry = first.read();
    expect(registry.machines).toEqual([
      { id: HERE, mode: 'DOWN', unavailability: window([]).unavailability },
      { id: ELSEWHERE, mode: 'DRAINING', unavailability: window([]).unavailability },
    ]);
    const again = new RegistryContents();
    again.load(registry);
    expect(again.read()).toEqual(registry);
    const master = new CoreHarness().start(registry);
    expect(maintenanceSchedule(master.core.state)).toEqual({ windows: [window([HERE, ELSEWHERE])] });
    expect(status(master)).toEqual({
      draining_machines: [{ id: ELSEWHERE, statuses: [] }],
      down_machines: [HERE],
    });
    expect(master.addAgent().id).toBe('');
    const agent = master.addAgent({ hostname: 'elsewhere', pid: 'slave(1)@10.0.0.9:5051' });
    expect(master.core.state.agents.registered.get(agent.id)?.unavailability).toBeDefined();
  });

  it('reads registries that know nothing of maintenance', () => {
    const contents = new RegistryContents();
    contents.load({ admitted: [], unreachable: [], gone: [] });
    expect(contents.read()).toMatchObject({ machines: [], schedules: [] });
  });
});

/** One agent, one framework that runs a task there and holds no offer, and a schedule. */
function asked(options: ConstructorParameters<typeof CoreHarness>[0] = {}) {
  const master = new CoreHarness(options).start();
  const agent = master.addAgent();
  const scheduler = master.subscribe();
  const [offer] = master.offers(scheduler);
  if (offer === undefined) throw new Error('no offer');
  master.launch(scheduler, offer, [task('t1', agent.id)]);
  master.call(scheduler, { type: 'SUPPRESS' });
  master.advanceAlive(1000);
  schedule(master, window([HERE]));
  const [inverse] = inverseOffersIn(master.effects.concat(master.advanceAlive(1000)), scheduler);
  if (inverse === undefined) throw new Error('no inverse offer');
  return { master, agent, scheduler, inverse };
}

describe('an inverse offer', () => {
  it('goes to whoever holds something there, once', () => {
    const { master, agent, scheduler, inverse } = asked();
    expect(inverse).toEqual({
      id: { value: expect.stringMatching(/-O\d+$/) },
      url: { scheme: 'http', address: { hostname: 'localhost', ip: '127.0.0.1', port: 5051 }, path: '/slave(1)' },
      framework_id: { value: scheduler.id },
      agent_id: { value: agent.id },
      unavailability: window([]).unavailability,
    });
    const idle = master.subscribe(frameworkInfo({ name: 'idle' }), { suppressedRoles: ['*'] });
    const effects = master.advanceAlive(10_000);
    expect(inverseOffersIn(effects, scheduler)).toEqual([]);
    expect(inverseOffersIn(master.effects, idle)).toEqual([]);
    const [framework] = getFrameworks(master.core.state).frameworks ?? [];
    expect(framework?.inverse_offers).toEqual([inverse]);
  });

  it.each([
    [true, 'ACCEPT'],
    [false, 'DECLINE'],
  ] as const)('answered %s is seen by operators, and made again after 5 s', (yes, word) => {
    const { master, scheduler, inverse } = asked();
    expect(status(master).draining_machines).toEqual([{ id: HERE, statuses: [] }]);
    const answeredMs = BigInt(master.now().wallMs);
    expect(repliesIn(answer(master, scheduler, [inverse.id.value], yes))).toEqual([{ status: 202, text: undefined }]);
    const told = {
      status: word,
      framework_id: { value: scheduler.id },
      timestamp: { nanoseconds: answeredMs * 1_000_000n },
    };
    expect(status(master).draining_machines).toEqual([{ id: HERE, statuses: [told] }]);
    expect(inverseOffersIn(master.advanceAlive(4000), scheduler)).toEqual([]);
    const again = inverseOffersIn(master.advanceAlive(3000), scheduler);
    expect(again).toHaveLength(1);
    expect(again[0]?.id).not.toEqual(inverse.id);
    expect(status(master).draining_machines).toEqual([{ id: HERE, statuses: [told] }]);
  });

  it('refused for no time at all comes with the next batch, and a REVIVE ends any refusal', () => {
    const { master, scheduler, inverse } = asked();
    answer(master, scheduler, [inverse.id.value], false, 0);
    const [second] = inverseOffersIn(master.advanceAlive(2000), scheduler);
    expect(second).toBeDefined();
    answer(master, scheduler, [second?.id.value ?? ''], false, 1_000_000);
    expect(inverseOffersIn(master.advanceAlive(60_000), scheduler)).toEqual([]);
    master.call(scheduler, { type: 'REVIVE' });
    expect(inverseOffersIn(master.effects.slice(-20).concat(master.advanceAlive(2000)), scheduler)).toHaveLength(1);
  });

  it('of another framework, or none at all, is nothing to answer', () => {
    const { master, inverse } = asked();
    const other = master.subscribe(frameworkInfo({ name: 'other' }), { suppressedRoles: ['*'] });
    const before = status(master);
    for (const ids of [[inverse.id.value], ['nothing'], []]) {
      expect(repliesIn(answer(master, other, ids, true))).toEqual([{ status: 202, text: undefined }]);
      answer(master, other, ids, false);
    }
    expect(master.core.state.inverseOffers.size).toBe(1);
    expect(status(master)).toEqual(before);
  });

  it('is not an offer, nor is an offer one', () => {
    const { master, agent, scheduler, inverse } = asked();
    const launched = master.accept(
      scheduler,
      [inverse.id.value],
      [{ type: 'LAUNCH', launch: { task_infos: [task('t2', agent.id)] } }],
    );
    expect(statusesIn(launched, scheduler.connection)).toMatchObject([
      {
        state: 'TASK_DROPPED',
        message: `Task launched with invalid offers: Offer ${inverse.id.value} is no longer valid`,
      },
    ]);
    master.call(scheduler, { type: 'DECLINE', decline: { offer_ids: [inverse.id] } });
    expect(master.core.state.inverseOffers.size).toBe(1);
    master.call(scheduler, { type: 'REVIVE' });
    const [offer] = master.offers(scheduler);
    answer(master, scheduler, [offer?.id.value ?? ''], true);
    expect(master.core.state.offers.size).toBe(1);
    expect(errorsIn(master.effects, scheduler.connection)).toEqual([]);
  });

  it('is rescinded when it is out for too long, and made again', () => {
    const { master, scheduler, inverse } = asked({ offerTimeoutMs: 10_000 });
    const effects = master.advanceAlive(12_000);
    expect(rescindedIn(effects, scheduler)).toEqual([inverse.id.value]);
    expect(inverseOffersIn(effects, scheduler)).toHaveLength(1);
  });

  it('is rescinded when the schedule changes, and answers are forgotten', () => {
    const { master, scheduler, inverse } = asked();
    answer(master, scheduler, [inverse.id.value], true, 0);
    const [second] = inverseOffersIn(master.advanceAlive(2000), scheduler);
    const effects = schedule(master, window([HERE], 9n));
    expect(rescindedIn(effects, scheduler)).toEqual([second?.id.value]);
    expect(status(master).draining_machines).toEqual([{ id: HERE, statuses: [] }]);
    const all = inverseOffersIn([...effects, ...master.advanceAlive(1000)], scheduler);
    expect(all.map(({ unavailability }) => unavailability.start.nanoseconds)).toEqual([9n]);
    expect(rescindedIn(schedule(master), scheduler)).toEqual([all[0]?.id.value]);
    expect(inverseOffersIn(master.advanceAlive(5000), scheduler)).toEqual([]);
  });

  it('ends with the connection of its agent, and is made again when that is back', () => {
    const { master, agent, scheduler, inverse } = asked();
    expect(rescindedIn(master.step({ kind: 'link-exited', pid: agent.pid }), scheduler)).toEqual([inverse.id.value]);
    expect(inverseOffersIn(master.advanceAlive(5000), scheduler)).toEqual([]);
    const effects = [...returning(master, agent), ...master.advanceAlive(1000)];
    expect(inverseOffersIn(effects, scheduler)).toHaveLength(1);
  });

  it('ends in silence with the connection of its framework, or with the framework', () => {
    const { master, agent, scheduler } = asked();
    expect(rescindedIn(master.step({ kind: 'stream-closed', connection: scheduler.connection }), scheduler)).toEqual(
      [],
    );
    expect(master.core.state.inverseOffers.size).toBe(0);
    const back = master.subscribe(frameworkInfo({ id: { value: scheduler.id } }), { suppressedRoles: ['*'] });
    expect(inverseOffersIn(master.effects.concat(master.advanceAlive(2000)), back)).toHaveLength(1);
    master.step({ kind: 'teardown-framework', connection: OPERATOR, frameworkId: back.id as FrameworkId });
    expect(master.core.state.inverseOffers.size).toBe(0);
    expect(master.core.inverseOfferStatuses().get(agent.id as AgentId)?.size).toBe(0);
  });

  it('is not made again when nothing is held any more', () => {
    const { master, agent, scheduler, inverse } = asked();
    answer(master, scheduler, [inverse.id.value], true, 0);
    master.update(agent, scheduler, 't1', 'TASK_KILLED');
    master.acknowledge(agent, scheduler, 't1', 'TASK_KILLED');
    master.step({
      kind: 'executor-exited',
      from: agent.pid,
      message: {
        agent_id: { value: agent.id },
        framework_id: { value: scheduler.id },
        executor_id: { value: 't1' },
        status: 0,
      },
    });
    const effects = master.advanceAlive(5000);
    expect(inverseOffersIn(effects, scheduler)).toEqual([]);
  });
});
