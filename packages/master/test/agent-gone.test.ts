/** Agents that operators mark gone: who may be, and what becomes of their tasks and operations. */
import { ShutdownMessage } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { ask, comesBack, OK, running, written } from './agent-service.ts';
import { CoreHarness, frameworkInfo, repliesIn, sent, task } from './core-harness.ts';
import { accept, cluster, named, reserve, reserved, statuses } from './operation-cluster.ts';

describe('an agent that is marked gone', () => {
  it('answers those who ask meanwhile', () => {
    const { master, agent } = running();
    master.registryWaits = true;
    ask(master, 'mark-agent-gone', agent.id);
    expect(repliesIn(ask(master, 'mark-agent-gone', agent.id))).toEqual([
      { status: 503, text: `Agent '${agent.id}' is already being transitioned to gone` },
    ]);
    expect(repliesIn(ask(master, 'drain-agent', agent.id))).toEqual([
      { status: 409, text: 'Agent is currently being marked gone' },
    ]);
    expect(comesBack(master, agent)).toEqual([]);
    expect(
      written(master.step({ kind: 'unregister-agent', from: agent.pid, message: { agent_id: { value: agent.id } } })),
    ).toEqual([]);
    const effects = master.answerRegistry();
    expect(repliesIn(effects)).toEqual(OK);
    expect(sent(effects, agent.pid, ShutdownMessage)).toEqual([{ message: 'Agent has been marked gone' }]);
  });

  it('has to wait while it is leaving in another way', () => {
    const removed = running();
    removed.master.registryWaits = true;
    const { agent, master } = removed;
    master.step({ kind: 'unregister-agent', from: agent.pid, message: { agent_id: { value: agent.id } } });
    expect(repliesIn(ask(master, 'mark-agent-gone', agent.id))).toEqual([
      { status: 503, text: `Agent '${agent.id}' is being transitioned to removed` },
    ]);
    const lost = running();
    lost.master.registryWaits = true;
    lost.master.advance(100_000);
    expect(repliesIn(ask(lost.master, 'mark-agent-gone', lost.agent.id))).toEqual([
      { status: 503, text: `Agent '${lost.agent.id}' is being transitioned to unreachable` },
    ]);
  });

  it('is not given up besides while it waits for its turn', () => {
    const master = new CoreHarness({ agentRemovalRateLimit: { permits: 1, periodMs: 600_000 } }).start();
    const [first, second] = [master.addAgent(), master.addAgent()];
    master.advance(100_000);
    const waiting = master.core.state.agents.registered.has(first.id) ? first : second;
    ask(master, 'mark-agent-gone', waiting.id);
    expect(written(master.advance(1_200_000)).filter((kind) => kind === 'mark-agent-unreachable')).toEqual([]);
    expect(master.metric('master/slave_unreachable_canceled')).toBe(1);
  });

  it('leaves no operation without a word', () => {
    const all = cluster();
    accept(all, [named('op', reserve(reserved('cpus', 1)))]);
    const told = statuses(ask(all.harness, 'mark-agent-gone', all.agent.id), all.scheduler);
    expect(told).toEqual([
      {
        operation_id: { value: 'op' },
        state: 'OPERATION_GONE_BY_OPERATOR',
        message: 'Agent has been marked gone',
        agent_id: { value: all.agent.id },
      },
    ]);
    expect(all.harness.metric('master/operations/gone_by_operator')).toBe(1);
  });

  it('differs in that from one that is only lost', () => {
    const all = cluster();
    accept(all, [named('op', reserve(reserved('cpus', 1)))]);
    expect(statuses(all.harness.advance(100_000), all.scheduler)).toMatchObject([
      { state: 'OPERATION_UNREACHABLE', message: 'Agent was marked unreachable' },
    ]);
  });

  it('frees the names of tasks that were unreachable, for all frameworks', () => {
    for (const more of [[{ type: 'PARTITION_AWARE' as const }], []]) {
      const master = new CoreHarness().start();
      const agent = master.addAgent();
      const scheduler = master.subscribe(frameworkInfo({ capabilities: [{ type: 'MULTI_ROLE' }, ...more] }));
      const [offer] = master.offers(scheduler);
      master.launch(scheduler, offer!, [task('t', agent.id)]);
      master.advance(100_000);
      const framework = master.core.state.frameworks.registered.get(scheduler.id as never);
      expect(framework?.unreachableTasks.has('t' as never)).toBe(true);
      ask(master, 'mark-agent-gone', agent.id);
      expect(framework?.unreachableTasks.size).toBe(0);
      expect([...(framework?.completedTasks ?? [])].map(({ id }) => id)).toEqual(['t']);
    }
  });
});
