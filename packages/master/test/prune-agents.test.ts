/** Agents lost long ago are forgotten: by age, by number, in the registry before anybody else. */
import type { AgentId } from '@mesolite/base';
import { describe, expect, it } from 'vitest';
import type { MasterEffect, MasterOptions } from '../src/core/index.ts';
import { ask, comesBack, running, runningTask } from './agent-service.ts';
import { CoreHarness, statusesIn } from './core-harness.ts';

const HOUR_MS = 3_600_000;
const id = (name: string): AgentId => name as AgentId;

/** A master whose registry has lost agents: so long ago each, in milliseconds. */
function withLost(
  lost: { unreachable?: readonly number[]; gone?: readonly number[] },
  options: Partial<MasterOptions>,
) {
  const master = new CoreHarness({ registryGcIntervalMs: HOUR_MS, ...options });
  const { wallMs } = master.now();
  const named = (kind: string, ages: readonly number[] = []) =>
    ages.map((ageMs, index) => ({ agentId: id(`${kind}${index}`), wallMs: wallMs - ageMs }));
  master.start({ admitted: [], unreachable: named('u', lost.unreachable), gone: named('g', lost.gone) });
  return master;
}

const pruned = (effects: readonly MasterEffect[]) =>
  effects.flatMap((effect) =>
    effect.kind === 'write-registry' && effect.operation.kind === 'prune-agents'
      ? [[...effect.operation.unreachable, ...effect.operation.gone]]
      : [],
  );

describe('pruning', () => {
  it('forgets agents that are older than they may be', () => {
    const master = withLost(
      { unreachable: [5 * HOUR_MS, HOUR_MS], gone: [4 * HOUR_MS, 0] },
      { registryMaxAgentAgeMs: 3 * HOUR_MS },
    );
    expect(pruned(master.advance(HOUR_MS - 1))).toEqual([]);
    expect(pruned(master.advance(1))).toEqual([['u0', 'g0']]);
    expect([...master.core.state.agents.unreachable.keys()]).toEqual(['u1']);
    expect([...master.core.state.agents.gone.keys()]).toEqual(['g1']);
    expect(pruned(master.advance(HOUR_MS))).toEqual([]);
    expect(pruned(master.advance(HOUR_MS))).toEqual([['u1']]);
  });

  it('keeps so many of each kind, those lost last', () => {
    const master = withLost({ unreachable: [3, 2, 1], gone: [2, 1] }, { registryMaxAgentCount: 2 });
    expect(pruned(master.advance(HOUR_MS))).toEqual([['u0']]);
    expect(master.core.state.agents.gone.size).toBe(2);
  });

  it('forgets thousands in several changes, one after the other', () => {
    const ages = Array.from({ length: 7000 }, () => 5 * HOUR_MS);
    const master = withLost({ unreachable: ages, gone: ages }, { registryMaxAgentAgeMs: 3 * HOUR_MS });
    expect(pruned(master.advance(HOUR_MS)).map(({ length }) => length)).toEqual([5000, 5000, 4000]);
    expect(master.core.state.agents.unreachable.size + master.core.state.agents.gone.size).toBe(0);
  });

  it('looks at age also where there are not too many, and where the oldest is not the first', () => {
    const master = withLost({ unreachable: [1, 5 * HOUR_MS] }, { registryMaxAgentAgeMs: 3 * HOUR_MS });
    expect(pruned(master.advance(HOUR_MS))).toEqual([['u1']]);
  });

  it('goes by the clock of two weeks and a hundred thousand agents unless told otherwise', () => {
    const master = withLost(
      { unreachable: [14 * 24 * HOUR_MS + 1, 13 * 24 * HOUR_MS] },
      { registryGcIntervalMs: undefined },
    );
    expect(pruned(master.advance(15 * 60_000))).toEqual([['u0']]);
  });

  it('changes nothing before it is durable, and spares who came back meanwhile', () => {
    const { master, agent, scheduler } = running({ registryMaxAgentAgeMs: HOUR_MS });
    master.advance(100_000);
    const framework = master.core.state.frameworks.registered.get(scheduler.id as never);
    master.registryWaits = true;
    expect(pruned(master.advance(2 * HOUR_MS))).toHaveLength(1);
    expect(master.core.state.agents.unreachable.has(agent.id)).toBe(true);
    comesBack(master, agent, { tasks: [runningTask(agent.id, scheduler.id)] });
    master.answerRegistry();
    expect(master.core.state.agents.registered.has(agent.id)).toBe(true);
    expect(framework?.tasks.size).toBe(1);
  });

  it('forgets the tasks of such agents, and what operators wanted of them', () => {
    const { master, agent, scheduler } = running({ registryMaxAgentAgeMs: HOUR_MS });
    ask(master, 'deactivate-agent', agent.id);
    master.advance(100_000);
    const framework = master.core.state.frameworks.registered.get(scheduler.id as never);
    expect(framework?.unreachableTasks.size).toBe(1);
    expect(master.metric('master/tasks_unreachable')).toBe(1);
    master.advance(2 * HOUR_MS);
    expect(framework?.unreachableTasks.size).toBe(0);
    expect(master.metric('master/tasks_unreachable')).toBe(0);
    expect(master.core.state.agents.deactivated.size).toBe(0);
    // Whoever comes back after that is an agent nobody knew.
    const back = comesBack(master, agent, { tasks: [runningTask(agent.id, scheduler.id)] });
    expect(statusesIn(back, scheduler.connection)).toMatchObject([
      { state: 'TASK_RUNNING', reason: 'REASON_AGENT_REREGISTERED', message: 'Unknown agent reregistered' },
    ]);
  });
});
