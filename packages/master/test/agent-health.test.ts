/** Agents that fall silent, lose their connection or never return; and what becomes of their tasks. */
import type { AgentId } from '@mesolite/base';
import { AgentReregisteredMessage, PingAgentMessage, type Task } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { usedBy } from '../src/core/state/sums.ts';
import {
  AGENT_CAPABILITIES,
  AGENT_RESOURCES,
  CoreHarness,
  eventsIn,
  frameworkInfo,
  scalar,
  sent,
  statusesIn,
  task,
} from './core-harness.ts';

const NOT_AWARE = frameworkInfo({ name: 'old', capabilities: [{ type: 'MULTI_ROLE' }] });

function running(info = frameworkInfo(), master = new CoreHarness().start()) {
  const agent = master.addAgent();
  const scheduler = master.subscribe(info);
  const offer = master.offers(scheduler).find(({ agent_id }) => agent_id.value === agent.id);
  master.launch(scheduler, offer!, [task('t', agent.id)]);
  master.update(agent, scheduler, 't', 'TASK_RUNNING');
  return { master, agent, scheduler };
}

function comesBack(master: CoreHarness, agent: { id: string; pid: string }, frameworkId: string) {
  const reported: Task = {
    name: 't',
    task_id: { value: 't' },
    agent_id: { value: agent.id },
    framework_id: { value: frameworkId },
    state: 'TASK_RUNNING',
    resources: [
      { ...scalar('cpus', 0.1), allocation_info: { role: '*' } },
      { ...scalar('mem', 32), allocation_info: { role: '*' } },
    ],
  };
  return master.step({
    kind: 'reregister-agent',
    from: agent.pid,
    message: {
      agent: {
        id: { value: agent.id },
        hostname: 'localhost',
        resources: AGENT_RESOURCES,
        checkpoint: true,
        port: 5051,
      },
      version: '1.12.0',
      agent_capabilities: [...AGENT_CAPABILITIES],
      tasks: [reported],
      frameworks: [{ ...frameworkInfo(), id: { value: frameworkId } }],
    },
  });
}

describe('pings', () => {
  it('go out each interval while they are answered', () => {
    const { master, agent } = running();
    const pings = sent(master.advanceAlive(60_000), agent.pid, PingAgentMessage);
    expect(pings).toEqual(Array.from({ length: 4 }, () => ({ connected: true })));
  });

  it('tell an agent that it is thought to be disconnected', () => {
    const { master, agent } = running();
    master.step({ kind: 'link-exited', pid: agent.pid });
    expect(sent(master.advance(15_000), agent.pid, PingAgentMessage)).toEqual([{ connected: false }]);
  });

  it('unanswered often enough in a row make the agent unreachable', () => {
    const { master, agent } = running();
    master.advance(15_000);
    expect(master.core.state.agents.registered.has(agent.id)).toBe(true);
    master.advance(73_000);
    expect(master.core.state.agents.registered.has(agent.id)).toBe(true);
    master.advance(2_000);
    expect(master.core.state.agents.unreachable.has(agent.id)).toBe(true);
    expect(master.metric('master/slave_removals/reason_unhealthy')).toBe(1);
    expect(master.metric('master/slave_unreachable_completed')).toBe(1);
  });

  it('count anew after an answer', () => {
    const { master, agent } = running();
    master.advance(80_000);
    master.step({ kind: 'pong-received', observer: 1 });
    master.advance(60_000);
    expect(master.core.state.agents.registered.has(agent.id)).toBe(true);
  });

  it('count anew when the agent registers again', () => {
    const { master, agent, scheduler } = running();
    master.advance(85_000);
    comesBack(master, agent, scheduler.id);
    master.advance(60_000);
    expect(master.core.state.agents.registered.has(agent.id)).toBe(true);
  });
});

describe('an unreachable agent', () => {
  it.each([
    ['TASK_UNREACHABLE', frameworkInfo()],
    ['TASK_LOST', NOT_AWARE],
  ] as const)('shows its tasks as %s', (state, info) => {
    const { master, agent, scheduler } = running(info);
    const effects = master.advance(100_000);
    const [status] = statusesIn(effects, scheduler.connection);
    expect(status).toMatchObject({
      task_id: { value: 't' },
      state,
      source: 'SOURCE_MASTER',
      reason: 'REASON_AGENT_REMOVED',
      message: 'health check timed out',
    });
    expect(status?.unreachable_time?.nanoseconds).toBeGreaterThan(0n);
    expect(status?.uuid).toBeUndefined();
    const failure = eventsIn(effects, scheduler.connection).find(({ type }) => type === 'FAILURE');
    expect(failure?.failure).toEqual({ agent_id: { value: agent.id } });
    const framework = [...master.core.state.frameworks.registered.values()][0]!;
    expect([...framework.unreachableTasks.keys()]).toEqual(['t']);
    expect(usedBy(framework).isEmpty).toBe(true);
  });

  it.each([
    ['aware', frameworkInfo()] as const,
    ['not aware', NOT_AWARE] as const,
  ])('brings its tasks back when it returns (framework %s)', (_what, info) => {
    const { master, agent, scheduler } = running(info);
    master.advance(100_000);
    const effects = comesBack(master, agent, scheduler.id);
    expect(effects[0]).toMatchObject({ kind: 'write-registry', operation: { kind: 'mark-agent-reachable' } });
    expect(statusesIn(effects, scheduler.connection)).toMatchObject([
      {
        state: 'TASK_RUNNING',
        reason: 'REASON_AGENT_REREGISTERED',
        message: 'Unreachable agent re-reregistered',
      },
    ]);
    const framework = [...master.core.state.frameworks.registered.values()][0]!;
    expect([framework.tasks.size, framework.unreachableTasks.size]).toEqual([1, 0]);
    expect(sent(effects, agent.pid, AgentReregisteredMessage)).toHaveLength(1);
  });

  it('does not return while it is being written down as unreachable', () => {
    const { master, agent, scheduler } = running();
    master.registryWaits = true;
    master.advance(100_000);
    expect(master.core.state.agents.markingUnreachable.has(agent.id)).toBe(true);
    expect(comesBack(master, agent, scheduler.id)).toEqual([]);
    master.registryWaits = false;
    master.answerRegistry();
    expect(master.core.state.agents.unreachable.has(agent.id)).toBe(true);
  });

  it('keeps a bounded number of tasks in mind', () => {
    const master = new CoreHarness({ maxUnreachableTasksPerFramework: 2 }).start();
    const agent = master.addAgent();
    const scheduler = master.subscribe();
    master.launch(
      scheduler,
      master.offers(scheduler)[0]!,
      ['a', 'b', 'c'].map((id) => task(id, agent.id)),
    );
    master.advance(100_000);
    const framework = [...master.core.state.frameworks.registered.values()][0]!;
    expect([...framework.unreachableTasks.keys()]).toEqual(['b', 'c']);
  });
});

describe('the removal rate limit', () => {
  it('gives agents up one after the other, and spares those that answer meanwhile', () => {
    const master = new CoreHarness({ agentRemovalRateLimit: { permits: 1, periodMs: 600_000 } }).start();
    const agents = [master.addAgent(), master.addAgent(), master.addAgent()];
    master.advance(95_000);
    const left = (): number => master.core.state.agents.registered.size;
    expect(left()).toBe(2);
    master.step({ kind: 'pong-received', observer: 2 });
    for (let minute = 0; minute < 21; minute++) {
      master.advance(60_000);
      for (const agent of master.core.state.agents.registered.values())
        if (agent.id === agents[1]!.id) master.step({ kind: 'pong-received', observer: agent.observer });
    }
    expect([...master.core.state.agents.registered.keys()]).toEqual([agents[1]!.id]);
    expect(master.metric('master/slave_unreachable_canceled')).toBe(1);
  });
});

describe('a broken connection', () => {
  it('ends the offers of the agent and leaves the tasks of frameworks that checkpoint', () => {
    const { master, agent, scheduler } = running();
    const offers = master.offers(scheduler);
    expect(offers).toHaveLength(1);
    const effects = master.step({ kind: 'link-exited', pid: agent.pid });
    expect(eventsIn(effects, scheduler.connection)).toEqual([
      { type: 'RESCIND', rescind: { offer_id: offers[0]!.id } },
    ]);
    expect(master.core.state.agents.registered.get(agent.id)).toMatchObject({ connected: false, active: false });
    expect(master.offers(scheduler)).toEqual([]);
  });

  it('loses the tasks of frameworks that do not checkpoint', () => {
    const { master, agent, scheduler } = running(frameworkInfo({ checkpoint: false }));
    const effects = master.step({ kind: 'link-exited', pid: agent.pid });
    expect(statusesIn(effects, scheduler.connection)).toMatchObject([
      { state: 'TASK_LOST', reason: 'REASON_AGENT_DISCONNECTED', message: 'Agent localhost disconnected' },
    ]);
  });

  it('gives lost tasks back to frameworks when the agent returns and still runs them', () => {
    const { master, agent, scheduler } = running(frameworkInfo({ checkpoint: false }));
    master.step({ kind: 'link-exited', pid: agent.pid });
    const { used } = master.core.state.agents.registered.get(agent.id)!;
    expect(used.size).toBe(0);
    const effects = comesBack(master, agent, scheduler.id);
    expect(statusesIn(effects, scheduler.connection)).toMatchObject([
      { state: 'TASK_RUNNING', reason: 'REASON_AGENT_REREGISTERED', message: 'Disconnected agent reregistered' },
    ]);
    expect(used.size).toBe(1);
    expect([...master.core.state.frameworks.registered.values()][0]!.completedTasks.size).toBe(0);
    master.core.check();
  });

  it('makes the agent unreachable when it does not register again in time, though it answers pings', () => {
    const { master, agent } = running();
    master.step({ kind: 'link-exited', pid: agent.pid });
    master.advanceAlive(599_000);
    expect(master.core.state.agents.registered.has(agent.id)).toBe(true);
    master.advanceAlive(2_000);
    expect(master.core.state.agents.unreachable.has(agent.id)).toBe(true);
  });

  it('that was mended in time has no consequence later', () => {
    const { master, agent, scheduler } = running();
    master.step({ kind: 'link-exited', pid: agent.pid });
    comesBack(master, agent, scheduler.id);
    master.advanceAlive(700_000);
    expect(master.core.state.agents.registered.get(agent.id)?.connected).toBe(true);
  });
});

describe('agents of the registry that do not return', () => {
  const admitted = ['x-S0', 'x-S1'].map((value) => ({ id: { value }, hostname: 'h' }));

  it('become unreachable after a time, and frameworks hear of it', () => {
    const master = new CoreHarness().start({ admitted, unreachable: [], gone: [] });
    const scheduler = master.subscribe();
    master.advance(599_000);
    expect(master.core.state.agents.recovered.size).toBe(2);
    const effects = master.advance(2_000);
    expect([...master.core.state.agents.unreachable.keys()]).toEqual(['x-S0', 'x-S1']);
    expect(eventsIn(effects, scheduler.connection).filter(({ type }) => type === 'FAILURE')).toHaveLength(2);
    expect(master.metric('master/recovery_slave_removals')).toBe(2);
  });

  it('end the master when they are more than the limit allows', () => {
    const master = new CoreHarness({ recoveryAgentRemovalLimit: 0.5 }).start({ admitted, unreachable: [], gone: [] });
    const effects = master.advance(600_000);
    expect(effects.find(({ kind }) => kind === 'exit')).toMatchObject({ code: 1 });
  });

  it('do not end the master when they are just as many as the limit allows', () => {
    const master = new CoreHarness({ recoveryAgentRemovalLimit: 0.5 }).start({ admitted, unreachable: [], gone: [] });
    comesBack(master, { id: 'x-S0', pid: 'slave(1)@127.0.0.1:5051' }, 'f');
    master.advanceAlive(600_000);
    expect([...master.core.state.agents.unreachable.keys()]).toEqual(['x-S1']);
  });

  it('become unreachable one after the other under the removal rate limit, and one that comes meanwhile stays', () => {
    const more = [...admitted, { id: { value: 'x-S2' }, hostname: 'h' }];
    const limited = { agentRemovalRateLimit: { permits: 1, periodMs: 60_000 } };
    const master = new CoreHarness(limited).start({ admitted: more, unreachable: [], gone: [] });
    master.advance(600_000);
    expect([...master.core.state.agents.unreachable.keys()]).toEqual(['x-S0']);
    comesBack(master, { id: 'x-S1', pid: 'slave(1)@127.0.0.1:5051' }, 'f');
    master.advanceAlive(180_000);
    expect([...master.core.state.agents.unreachable.keys()]).toEqual(['x-S0', 'x-S2']);
    expect([...master.core.state.agents.registered.keys()]).toEqual(['x-S1']);
    expect(master.metric('master/slave_unreachable_scheduled')).toBe(3);
    expect(master.metric('master/slave_unreachable_canceled')).toBe(1);
    expect(master.metric('master/slave_unreachable_completed')).toBe(2);
  });

  it('are spared while their return is being recorded', () => {
    const master = new CoreHarness().start({ admitted, unreachable: [], gone: [] });
    master.advance(599_999);
    master.registryWaits = true;
    // Recorded, because it is at another host name now.
    comesBack(master, { id: 'x-S0', pid: 'slave(1)@127.0.0.1:5051' }, 'f');
    master.advance(1);
    master.registryWaits = false;
    master.answerRegistry();
    expect([...master.core.state.agents.registered.keys()]).toEqual(['x-S0']);
    expect([...master.core.state.agents.unreachable.keys()]).toEqual(['x-S1']);
  });

  it('stay unreachable for the master after that', () => {
    const lost = [{ agentId: 'x-S0' as AgentId, wallMs: 5 }];
    const master = new CoreHarness().start({ admitted: [], unreachable: lost, gone: [] });
    const scheduler = master.subscribe();
    const reconcile = { tasks: [{ task_id: { value: 't' }, agent_id: { value: 'x-S0' } }] };
    const told = statusesIn(master.call(scheduler, { type: 'RECONCILE', reconcile }), scheduler.connection);
    expect(told).toMatchObject([{ state: 'TASK_UNREACHABLE', unreachable_time: { nanoseconds: 5_000_000n } }]);
    expect(master.advance(600_000).some(({ kind }) => kind === 'write-registry')).toBe(false);
  });
});
