/** The main path: an agent, a framework, an offer, a launch, updates, acknowledgements. */
import { StatusUpdateAcknowledgementMessage } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { usedBy } from '../src/core/state/sums.ts';
import { CoreHarness, eventsIn, launchedTasks, MASTER_ID, repliesIn, sent, statusesIn, task } from './core-harness.ts';

describe('a task', () => {
  it('goes from offer to acknowledged end', () => {
    const master = new CoreHarness().start();
    const agent = master.addAgent();
    expect(agent.id).toBe(`${MASTER_ID}-S0`);
    const scheduler = master.subscribe();
    expect(scheduler.id).toBe(`${MASTER_ID}-0000`);
    const [offer] = master.offers(scheduler);
    expect(offer?.resources).toHaveLength(4);

    const effects = master.launch(scheduler, offer!, [task('t1', agent.id)]);
    expect(repliesIn(effects)).toEqual([{ status: 202, text: undefined }]);
    const [run] = launchedTasks(effects, agent.pid);
    expect(run).toMatchObject({ launch_executor: true, pid: '@0.0.0.0:0', task: { task_id: { value: 't1' } } });
    expect(run?.task.resources?.[0]?.allocation_info).toEqual({ role: '*' });

    for (const state of ['TASK_RUNNING', 'TASK_FINISHED'] as const) {
      const update = master.update(agent, scheduler, 't1', state);
      expect(statusesIn(update, scheduler.connection)).toMatchObject([{ state, agent_id: { value: agent.id } }]);
      const acknowledged = master.acknowledge(agent, scheduler, 't1', state);
      expect(sent(acknowledged, agent.pid, StatusUpdateAcknowledgementMessage)).toHaveLength(1);
    }
    const framework = [...master.core.state.frameworks.registered.values()][0]!;
    expect(framework.tasks.size).toBe(0);
    expect([...framework.completedTasks].map(({ id, state }) => [id, state])).toEqual([['t1', 'TASK_FINISHED']]);
    expect(usedBy(framework).isEmpty).toBe(true);
    expect(master.metric('master/tasks_finished')).toBe(1);
    const back = eventsIn(master.advanceAlive(1000), scheduler.connection).flatMap(
      ({ offers }) => offers?.offers ?? [],
    );
    expect(back).toHaveLength(1);
  });
});
