/** Agents that operators take out of service: who may be, what they are told, and when they are empty. */
import { AgentReregisteredMessage, DrainAgentMessage } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { ask, comesBack, ends, OK, OPERATOR, running, runningTask, shown, written } from './agent-service.ts';
import { CoreHarness, eventsIn, frameworkInfo, repliesIn, sent, task } from './core-harness.ts';
import {
  accept,
  acknowledge as acknowledgeOperation,
  CAPABILITIES,
  cluster,
  named,
  report,
  reserve,
  reserved,
} from './operation-cluster.ts';

describe('a drain', () => {
  it('is refused for an agent nobody knows', () => {
    const { master } = running();
    for (const kind of ['drain-agent', 'deactivate-agent'] as const)
      expect(repliesIn(ask(master, kind, 'nobody'))).toEqual([{ status: 400, text: 'Unknown agent' }]);
  });

  it('is refused for an agent that is scheduled for maintenance', () => {
    const master = new CoreHarness().start();
    const agent = master.addAgent({ hostname: 'h1', pid: 'slave(1)@10.0.0.1:5051' });
    master.step({
      kind: 'update-maintenance-schedule',
      connection: OPERATOR,
      schedule: {
        windows: [
          { machine_ids: [{ hostname: 'h1', ip: '10.0.0.1' }], unavailability: { start: { nanoseconds: 5n } } },
        ],
      },
    });
    expect(repliesIn(ask(master, 'drain-agent', agent.id))).toEqual([
      { status: 400, text: `Agent ${agent.id} is part of a maintenance schedule under Machine h1 (10.0.0.1)` },
    ]);
    expect(repliesIn(ask(master, 'deactivate-agent', agent.id))).toEqual(OK);
  });

  it('is refused for an agent that cannot, as far as that is known', () => {
    const master = new CoreHarness().start();
    const agent = master.addAgent({ capabilities: [{ type: 'MULTI_ROLE' }] });
    expect(repliesIn(ask(master, 'drain-agent', agent.id))).toEqual([
      { status: 400, text: `Agent ${agent.id} is not capable of draining` },
    ]);
    master.advance(100_000);
    expect(repliesIn(ask(master, 'drain-agent', agent.id))).toEqual(OK);
  });

  it('is refused with a time that is none', () => {
    const { master, agent } = running();
    const config = { max_grace_period: { nanoseconds: -1n } };
    expect(repliesIn(ask(master, 'drain-agent', agent.id, config))).toEqual([
      { status: 400, text: "'max_grace_period' must not be negative" },
    ]);
  });

  it('changes nothing before it is durable', () => {
    const { master, agent } = running();
    master.registryWaits = true;
    expect(repliesIn(ask(master, 'drain-agent', agent.id))).toEqual([]);
    expect(shown(master)).toEqual({ active: true, deactivated: false, drain: undefined, started: false });
    const effects = master.answerRegistry();
    expect(repliesIn(effects)).toEqual(OK);
    expect(sent(effects, agent.pid, DrainAgentMessage)).toEqual([{ config: {} }]);
    expect(shown(master)).toEqual({ active: false, deactivated: true, drain: 'DRAINING', started: true });
  });

  it('ends the master when it cannot be recorded', () => {
    const { master, agent } = running();
    master.registryWaits = true;
    ask(master, 'drain-agent', agent.id);
    expect(master.answerRegistry('disk full').some(({ kind }) => kind === 'exit')).toBe(true);
  });

  it('ends offers of the agent, and nothing of it is offered any more', () => {
    const { master, agent, scheduler } = running();
    expect(master.offers(scheduler)).toHaveLength(1);
    expect(eventsIn(ask(master, 'drain-agent', agent.id), scheduler.connection).map(({ type }) => type)).toEqual([
      'RESCIND',
    ]);
    master.call(scheduler, { type: 'REVIVE' });
    expect(master.offers(scheduler)).toEqual([]);
  });

  it('is over when the end of the last task has been acknowledged', () => {
    const all = running();
    ask(all.master, 'drain-agent', all.agent.id);
    expect(written(all.master.update(all.agent, all.scheduler, 't', 'TASK_KILLED'))).toEqual([]);
    expect(shown(all.master).drain).toBe('DRAINING');
    expect(written(all.master.acknowledge(all.agent, all.scheduler, 't', 'TASK_KILLED'))).toEqual([
      'mark-agent-drained',
    ]);
    expect(shown(all.master)).toEqual({ active: false, deactivated: true, drain: 'DRAINED', started: true });
  });

  it('is over when the framework of the last task has ended', () => {
    const { master, agent, scheduler } = running();
    ask(master, 'drain-agent', agent.id);
    expect(written(master.call(scheduler, { type: 'TEARDOWN' }))).toContain('mark-agent-drained');
    expect(shown(master).drain).toBe('DRAINED');
  });

  it('is not over while an operation is not settled', () => {
    const all = cluster({ capabilities: [...CAPABILITIES] });
    accept(all, [named('op', reserve(reserved('cpus', 1)))]);
    ask(all.harness, 'drain-agent', all.agent.id);
    expect(shown(all.harness).drain).toBe('DRAINING');
    expect(written(report(all))).toEqual([]);
    expect(written(acknowledgeOperation(all, 'op'))).toEqual(['mark-agent-drained']);
  });

  it('of an agent that tells of its operations later waits for that', () => {
    const { master, agent, scheduler } = running();
    ask(master, 'drain-agent', agent.id);
    master.step({ kind: 'link-exited', pid: agent.pid });
    const back = comesBack(master, agent, { capabilities: true, tasks: [runningTask(agent.id, scheduler.id)] });
    expect(sent(back, agent.pid, DrainAgentMessage)).toHaveLength(1);
    master.update(agent, scheduler, 't', 'TASK_KILLED');
    master.acknowledge(agent, scheduler, 't', 'TASK_KILLED');
    expect(shown(master).drain).toBe('DRAINED');
    ask(master, 'drain-agent', agent.id);
    const next = new CoreHarness();
    next.nowMs = master.nowMs;
    next.start({
      admitted: [{ id: { value: agent.id }, hostname: 'localhost' }],
      unreachable: [],
      gone: [],
      deactivated: [{ agentId: agent.id, drain: { state: 'DRAINING', config: {} } }],
    });
    expect(written(comesBack(next, agent, { capabilities: true }))).toEqual(['update-agent']);
    expect(shown(next).drain).toBe('DRAINING');
    const update = { agent_id: { value: agent.id } };
    expect(written(next.step({ kind: 'update-agent', from: agent.pid, message: update }))).toEqual([
      'mark-agent-drained',
    ]);
  });

  it('is not over by what an agent that is away lost', () => {
    const master = new CoreHarness().start();
    const agent = master.addAgent();
    const scheduler = master.subscribe(frameworkInfo({ checkpoint: false }));
    const [offer] = master.offers(scheduler);
    master.launch(scheduler, offer!, [task('t', agent.id)]);
    ask(master, 'drain-agent', agent.id);
    master.step({ kind: 'link-exited', pid: agent.pid });
    expect(shown(master).drain).toBe('DRAINING');
    expect(written(comesBack(master, agent))).toEqual(['mark-agent-drained']);
  });

  it('asked for while an agent is away reaches it when it returns', () => {
    const { master, agent, scheduler } = running();
    master.advance(100_000);
    expect(repliesIn(ask(master, 'drain-agent', agent.id, { mark_gone: false }))).toEqual(OK);
    const back = comesBack(master, agent, { tasks: [runningTask(agent.id, scheduler.id)] });
    expect(sent(back, agent.pid, DrainAgentMessage)).toEqual([{ config: { mark_gone: false } }]);
    expect(sent(back, agent.pid, AgentReregisteredMessage)).toHaveLength(1);
    expect(shown(master)).toEqual({ active: false, deactivated: true, drain: 'DRAINING', started: true });
    expect(written(ends({ master, agent, scheduler }))).toEqual(['mark-agent-drained']);
  });

  it('asked for again with another end while the first is being recorded as over, has that end', () => {
    const all = running();
    const { master, agent } = all;
    ask(master, 'drain-agent', agent.id);
    master.registryWaits = true;
    ends(all);
    ask(master, 'drain-agent', agent.id, { mark_gone: true });
    master.registryWaits = false;
    const effects = master.answerRegistry();
    expect(written(effects)).toEqual(['mark-agent-gone']);
    expect(master.core.state.agents.gone.has(agent.id)).toBe(true);
  });

  it('asked for with another end just before the first is over, has that end', () => {
    const all = running();
    const { master, agent } = all;
    ask(master, 'drain-agent', agent.id);
    master.registryWaits = true;
    ask(master, 'drain-agent', agent.id, { mark_gone: true });
    ends(all);
    master.registryWaits = false;
    expect(written(master.answerRegistry())).toEqual(['mark-agent-gone']);
  });

  it('of an agent that leaves meanwhile is told so', () => {
    const { master, agent } = running();
    master.registryWaits = true;
    master.step({ kind: 'unregister-agent', from: agent.pid, message: { agent_id: { value: agent.id } } });
    ask(master, 'drain-agent', agent.id);
    expect(repliesIn(master.answerRegistry())).toEqual([
      { status: 409, text: 'Agent removed while processing the call' },
    ]);
    expect(master.core.state.agents.deactivated.size).toBe(0);
  });
});

describe('deactivation', () => {
  it('leaves what runs alone and survives a lost connection', () => {
    const { master, agent, scheduler } = running();
    const effects = ask(master, 'deactivate-agent', agent.id);
    expect(sent(effects, agent.pid, DrainAgentMessage)).toEqual([]);
    master.step({ kind: 'link-exited', pid: agent.pid });
    comesBack(master, agent, { tasks: [runningTask(agent.id, scheduler.id)] });
    expect(shown(master)).toEqual({ active: false, deactivated: true, drain: undefined, started: false });
    expect(master.offers(scheduler)).toEqual([]);
    expect(master.metric('master/slaves_inactive')).toBe(1);
  });

  it('does not end a drain', () => {
    const { master, agent } = running();
    ask(master, 'drain-agent', agent.id);
    ask(master, 'deactivate-agent', agent.id);
    expect(shown(master).drain).toBe('DRAINING');
  });

  it('is taken back by reactivation, at once or when the agent returns', () => {
    const { master, agent, scheduler } = running();
    expect(repliesIn(ask(master, 'reactivate-agent', agent.id))).toEqual([
      { status: 400, text: 'Agent is not deactivated' },
    ]);
    ask(master, 'deactivate-agent', agent.id);
    expect(repliesIn(ask(master, 'reactivate-agent', agent.id))).toEqual(OK);
    expect(master.offers(scheduler)).toHaveLength(1);
    ask(master, 'deactivate-agent', agent.id);
    master.step({ kind: 'link-exited', pid: agent.pid });
    expect(repliesIn(ask(master, 'reactivate-agent', agent.id))).toEqual(OK);
    expect(master.offers(scheduler)).toEqual([]);
    comesBack(master, agent, { tasks: [runningTask(agent.id, scheduler.id)] });
    expect(master.offers(scheduler)).toHaveLength(1);
  });

  it('of an agent that is not here is taken back in the registry only', () => {
    const { master, agent } = running();
    ask(master, 'deactivate-agent', agent.id);
    master.advance(100_000);
    const effects = ask(master, 'reactivate-agent', agent.id);
    expect(written(effects)).toEqual(['reactivate-agent']);
    expect(repliesIn(effects)).toEqual([{ status: 409, text: 'Agent removed while processing the call' }]);
  });

  it('is forgotten with an agent that unregisters', () => {
    const { master, agent } = running();
    ask(master, 'deactivate-agent', agent.id);
    master.step({ kind: 'unregister-agent', from: agent.pid, message: { agent_id: { value: agent.id } } });
    expect(master.core.state.agents.deactivated.size).toBe(0);
  });
});
