/** Tasks after their launch: updates, acknowledgements, kills, reconciliation, memory; and messages of executors. */
import type { AgentId } from '@mesolite/base';
import {
  FrameworkToExecutorMessage,
  KillTaskMessage,
  type SchedulerCall,
  ShutdownExecutorMessage,
  StatusUpdateAcknowledgementMessage,
} from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { usedBy } from '../src/core/state/sums.ts';
import { CoreHarness, eventsIn, frameworkInfo, scalar, sent, statusesIn, task, uuidOf } from './core-harness.ts';

const NOT_AWARE = frameworkInfo({ capabilities: [{ type: 'MULTI_ROLE' }] });

function launched(info = frameworkInfo(), options: ConstructorParameters<typeof CoreHarness>[0] = {}) {
  const master = new CoreHarness(options).start();
  const agent = master.addAgent();
  const scheduler = master.subscribe(info);
  master.launch(scheduler, master.offers(scheduler)[0]!, [task('t', agent.id)]);
  const framework = [...master.core.state.frameworks.registered.values()][0]!;
  return { master, agent, scheduler, framework };
}

describe('an update', () => {
  it('is forwarded as it is, with what the envelope knows better', () => {
    const { master, agent, scheduler } = launched();
    const effects = master.update(agent, scheduler, 't', 'TASK_RUNNING', {
      status: { message: 'hi', data: Buffer.from('d'), healthy: true, agent_id: { value: 'liar' } },
    });
    expect(statusesIn(effects, scheduler.connection)).toMatchObject([
      {
        message: 'hi',
        data: Buffer.from('d'),
        healthy: true,
        agent_id: { value: agent.id },
        executor_id: { value: 't' },
        uuid: uuidOf('t', 'TASK_RUNNING'),
      },
    ]);
  });

  it('is kept once per state and without its data', () => {
    const { master, agent, scheduler, framework } = launched();
    for (const message of ['1', '2', '3'])
      master.update(agent, scheduler, 't', 'TASK_RUNNING', { status: { message, data: Buffer.from('large') } });
    master.update(agent, scheduler, 't', 'TASK_KILLING');
    const statuses = framework.tasks.get('t' as never)?.statuses ?? [];
    expect(statuses.map(({ state, message }) => [state, message])).toEqual([
      ['TASK_RUNNING', '3'],
      ['TASK_KILLING', undefined],
    ]);
    expect(statuses[0]?.data).toBeUndefined();
  });

  it('frees resources by the newest state the agent knows, though an older one is shown', () => {
    const { master, agent, scheduler, framework } = launched();
    master.update(agent, scheduler, 't', 'TASK_RUNNING', { latest: 'TASK_FINISHED' });
    expect(usedBy(framework).isEmpty).toBe(true);
    expect(framework.tasks.get('t' as never)?.state).toBe('TASK_FINISHED');
    master.acknowledge(agent, scheduler, 't', 'TASK_RUNNING');
    expect(framework.tasks.has('t' as never)).toBe(true);
    master.update(agent, scheduler, 't', 'TASK_FINISHED');
    master.acknowledge(agent, scheduler, 't', 'TASK_FINISHED');
    expect(framework.tasks.has('t' as never)).toBe(false);
    expect(master.metric('master/tasks_finished')).toBe(1);
  });

  it('never moves a task out of a terminal state', () => {
    const { master, agent, scheduler, framework } = launched();
    master.update(agent, scheduler, 't', 'TASK_FAILED');
    master.update(agent, scheduler, 't', 'TASK_RUNNING');
    expect(framework.tasks.get('t' as never)?.state).toBe('TASK_FAILED');
  });

  it('for a framework that is away is left to come again, but counts', () => {
    const { master, agent, scheduler, framework } = launched();
    master.step({ kind: 'stream-closed', connection: scheduler.connection });
    const effects = master.update(agent, scheduler, 't', 'TASK_RUNNING');
    expect(effects).toEqual([]);
    expect(framework.tasks.get('t' as never)).toMatchObject({ state: 'TASK_RUNNING', statusUpdateUuid: undefined });
    expect(master.metric('master/invalid_status_updates')).toBe(1);
  });

  it.each([
    ['of an agent that is not registered', { id: 'x' as AgentId, pid: 'slave(1)@127.0.0.1:5051' }, {}],
    ['from another address than the agent', { pid: 'slave(1)@10.1.1.1:1' }, {}],
    ['with a broken uuid', {}, { uuid: Buffer.from('short') }],
    ['of a state that only masters know', {}, { latest: 'TASK_UNREACHABLE' as const }],
  ])('%s is dropped', (_what, agentFields, updateFields) => {
    const { master, agent, scheduler } = launched();
    expect(master.update({ ...agent, ...agentFields }, scheduler, 't', 'TASK_RUNNING', updateFields)).toEqual([]);
    expect(master.metric('master/invalid_status_updates')).toBe(1);
  });

  it('of a task nobody knows is shown to the framework, which acknowledges it', () => {
    const { master, agent, scheduler } = launched();
    const shown = master.update(agent, scheduler, 'stranger', 'TASK_RUNNING');
    expect(statusesIn(shown, scheduler.connection)).toHaveLength(1);
    const acknowledged = master.acknowledge(agent, scheduler, 'stranger', 'TASK_RUNNING');
    expect(sent(acknowledged, agent.pid, StatusUpdateAcknowledgementMessage)).toHaveLength(1);
  });
});

describe('an acknowledgement', () => {
  it('goes to the agent', () => {
    const { master, agent, scheduler } = launched();
    master.update(agent, scheduler, 't', 'TASK_RUNNING');
    const effects = master.acknowledge(agent, scheduler, 't', 'TASK_RUNNING');
    expect(sent(effects, agent.pid, StatusUpdateAcknowledgementMessage)).toMatchObject([
      { agent_id: { value: agent.id }, framework_id: { value: scheduler.id }, task_id: { value: 't' } },
    ]);
  });

  it('of an update this master has not forwarded is dropped', () => {
    const { master, agent, scheduler } = launched();
    const effects = master.acknowledge(agent, scheduler, 't', 'TASK_RUNNING');
    expect(sent(effects, agent.pid, StatusUpdateAcknowledgementMessage)).toEqual([]);
    expect(master.metric('master/invalid_status_update_acknowledgements')).toBe(1);
  });

  it('for an agent that is away is dropped', () => {
    const { master, agent, scheduler } = launched();
    master.update(agent, scheduler, 't', 'TASK_FINISHED');
    master.step({ kind: 'link-exited', pid: agent.pid });
    const effects = master.acknowledge(agent, scheduler, 't', 'TASK_FINISHED');
    expect(sent(effects, agent.pid, StatusUpdateAcknowledgementMessage)).toEqual([]);
  });
});

describe('KILL', () => {
  const kill = (agentId?: string) =>
    ({
      type: 'KILL',
      kill: { task_id: { value: 't' }, agent_id: agentId === undefined ? undefined : { value: agentId } },
    }) as const;

  it('goes to the agent, with its policy, as often as it is asked for', () => {
    const { master, agent, scheduler } = launched();
    const policy = { grace_period: { nanoseconds: 5n } };
    const call = { type: 'KILL', kill: { task_id: { value: 't' }, kill_policy: policy } } as const;
    for (let i = 0; i < 2; i++)
      expect(sent(master.call(scheduler, call), agent.pid, KillTaskMessage)).toEqual([
        { framework_id: { value: scheduler.id }, task_id: { value: 't' }, kill_policy: policy },
      ]);
  });

  it('for another agent than its own is ignored', () => {
    const { master, agent, scheduler } = launched();
    const effects = master.call(scheduler, kill('other'));
    expect(sent(effects, agent.pid, KillTaskMessage)).toEqual([]);
    expect(statusesIn(effects, scheduler.connection)).toEqual([]);
  });

  it('of a task nobody knows is answered as reconciliation', () => {
    const { master, agent, scheduler } = launched();
    const unknown = { type: 'KILL', kill: { task_id: { value: 'nobody' }, agent_id: { value: agent.id } } } as const;
    expect(statusesIn(master.call(scheduler, unknown), scheduler.connection)).toMatchObject([
      { task_id: { value: 'nobody' }, state: 'TASK_GONE', reason: 'REASON_RECONCILIATION' },
    ]);
  });
});

describe('reconciliation', () => {
  const explicit = (taskId: string, agentId?: string): SchedulerCall => ({
    type: 'RECONCILE',
    reconcile: {
      tasks: [{ task_id: { value: taskId }, agent_id: agentId === undefined ? undefined : { value: agentId } }],
    },
  });

  it('of all tells what the scheduler was last told of each task', () => {
    const { master, agent, scheduler } = launched();
    master.update(agent, scheduler, 't', 'TASK_RUNNING', { latest: 'TASK_FINISHED', status: { healthy: true } });
    const effects = master.call(scheduler, { type: 'RECONCILE', reconcile: {} });
    const statuses = statusesIn(effects, scheduler.connection);
    expect(statuses).toMatchObject([
      {
        task_id: { value: 't' },
        agent_id: { value: agent.id },
        state: 'TASK_RUNNING',
        source: 'SOURCE_MASTER',
        reason: 'REASON_RECONCILIATION',
        message: 'Reconciliation: Latest task state',
        healthy: true,
      },
    ]);
    expect(statuses[0]?.uuid).toBeUndefined();
  });

  it('of all includes tasks that have ended but were not acknowledged', () => {
    const { master, agent, scheduler } = launched();
    master.update(agent, scheduler, 't', 'TASK_FINISHED');
    const effects = master.call(scheduler, { type: 'RECONCILE', reconcile: {} });
    expect(statusesIn(effects, scheduler.connection).map(({ state }) => state)).toEqual(['TASK_FINISHED']);
  });

  it('of one task tells its state before any update, too', () => {
    const { master, scheduler } = launched();
    expect(statusesIn(master.call(scheduler, explicit('t')), scheduler.connection)).toMatchObject([
      { state: 'TASK_STAGING' },
    ]);
  });

  const gone = [{ agentId: 'gone-S0' as AgentId, wallMs: 1 }];
  const unreachable = [{ agentId: 'far-S0' as AgentId, wallMs: 2 }];

  it.each([
    ['on a registered agent', 'registered', 'TASK_GONE', 'Reconciliation: Task is unknown to the agent'],
    ['on an unreachable agent', 'far-S0', 'TASK_UNREACHABLE', 'Reconciliation: Task is unreachable'],
    ['on an agent that is gone', 'gone-S0', 'TASK_GONE_BY_OPERATOR', 'Reconciliation: Task is gone'],
    ['on an agent nobody knows', 'never', 'TASK_UNKNOWN', 'Reconciliation: Task is unknown'],
    ['on no agent in particular', undefined, 'TASK_UNKNOWN', 'Reconciliation: Task is unknown'],
  ])('of a task nobody knows %s', (_what, where, state, message) => {
    for (const [info, shown] of [
      [frameworkInfo(), state],
      [NOT_AWARE, 'TASK_LOST'],
    ] as const) {
      const master = new CoreHarness().start({ admitted: [], unreachable, gone });
      const agent = master.addAgent();
      const scheduler = master.subscribe(info);
      const effects = master.call(scheduler, explicit('x', where === 'registered' ? agent.id : where));
      const [status] = statusesIn(effects, scheduler.connection);
      expect(status).toMatchObject({ state: shown, message, reason: 'REASON_RECONCILIATION' });
      expect(status?.unreachable_time?.nanoseconds).toBe(where === 'far-S0' ? 2_000_000n : undefined);
    }
  });

  it('of very many tasks is answered bit by bit, and ends with the stream it was asked on', () => {
    const { master, scheduler } = launched();
    const tasks = Array.from({ length: 12_500 }, (_, i) => ({ task_id: { value: `x${i}` } }));
    const count = (effects: Parameters<typeof statusesIn>[0]): number =>
      statusesIn(effects, scheduler.connection).length;
    expect(count(master.call(scheduler, { type: 'RECONCILE', reconcile: { tasks } }))).toBe(10_000);
    expect(count(master.advance(50))).toBe(1_000);
    expect(count(master.advance(1_000))).toBe(1_500);
    master.call(scheduler, { type: 'RECONCILE', reconcile: { tasks } });
    master.step({ kind: 'stream-closed', connection: scheduler.connection });
    expect(count(master.advance(1_000))).toBe(0);
  });

  it('asked for without end is dropped', () => {
    const { master, scheduler } = launched();
    const tasks = Array.from({ length: 10_001 }, (_, i) => ({ task_id: { value: `x${i}` } }));
    const answers = Array.from(
      { length: 20 },
      () =>
        statusesIn(master.call(scheduler, { type: 'RECONCILE', reconcile: { tasks } }), scheduler.connection).length,
    );
    expect(answers.filter((length) => length > 0)).toHaveLength(16);
    master.advance(1_000);
    const again = master.call(scheduler, { type: 'RECONCILE', reconcile: { tasks } });
    expect(statusesIn(again, scheduler.connection)).toHaveLength(10_000);
  });

  it('is silent about what an agent that may return could know', () => {
    const admitted = [{ id: { value: 'back-S0' }, hostname: 'h' }];
    const master = new CoreHarness().start({ admitted, unreachable: [], gone: [] });
    const scheduler = master.subscribe();
    for (const agentId of ['back-S0', undefined])
      expect(statusesIn(master.call(scheduler, explicit('x', agentId)), scheduler.connection)).toEqual([]);
    expect(statusesIn(master.call(scheduler, explicit('x', 'never')), scheduler.connection)).toHaveLength(1);
  });
});

describe('the memory of ended tasks', () => {
  it('is bounded, oldest first out', () => {
    const { master, agent, scheduler, framework } = launched(frameworkInfo(), { maxCompletedTasksPerFramework: 2 });
    for (const id of ['t', 'u', 'v']) {
      if (id !== 't') master.launch(scheduler, master.offers(scheduler)[0]!, [task(id, agent.id)]);
      master.update(agent, scheduler, id, 'TASK_FINISHED');
      master.acknowledge(agent, scheduler, id, 'TASK_FINISHED');
    }
    expect([...framework.completedTasks].map(({ id }) => id)).toEqual(['u', 'v']);
  });
});

describe('executors', () => {
  const custom = { executor_id: { value: 'e' }, command: { value: 'e' }, resources: [scalar('cpus', 1)] };

  function withExecutor() {
    const master = new CoreHarness().start();
    const agent = master.addAgent();
    const scheduler = master.subscribe();
    master.launch(scheduler, master.offers(scheduler)[0]!, [
      task('t', agent.id, { command: undefined, executor: custom }),
    ]);
    const framework = [...master.core.state.frameworks.registered.values()][0]!;
    return { master, agent, scheduler, framework };
  }

  it('get messages of their framework', () => {
    const { master, agent, scheduler } = withExecutor();
    const part = { agent_id: { value: agent.id }, executor_id: { value: 'e' }, data: Buffer.from('hi') };
    const effects = master.call(scheduler, { type: 'MESSAGE', message: part });
    expect(sent(effects, agent.pid, FrameworkToExecutorMessage)).toEqual([
      { ...part, framework_id: { value: scheduler.id } },
    ]);
    master.step({ kind: 'link-exited', pid: agent.pid });
    expect(
      sent(master.call(scheduler, { type: 'MESSAGE', message: part }), agent.pid, FrameworkToExecutorMessage),
    ).toEqual([]);
  });

  it('send messages to their framework', () => {
    const { master, agent, scheduler } = withExecutor();
    const part = { agent_id: { value: agent.id }, executor_id: { value: 'e' }, data: Buffer.from('hi') };
    const message = { ...part, framework_id: { value: scheduler.id } };
    const effects = master.step({ kind: 'message-framework', from: agent.pid, message });
    expect(eventsIn(effects, scheduler.connection)).toEqual([{ type: 'MESSAGE', message: part }]);
    const stray = { ...message, framework_id: { value: 'nobody' } };
    expect(master.step({ kind: 'message-framework', from: agent.pid, message: stray })).toEqual([]);
  });

  it('are shut down when asked for', () => {
    const { master, agent, scheduler } = withExecutor();
    const effects = master.call(scheduler, {
      type: 'SHUTDOWN',
      shutdown: { executor_id: { value: 'e' }, agent_id: { value: agent.id } },
    });
    expect(sent(effects, agent.pid, ShutdownExecutorMessage)).toEqual([
      { executor_id: { value: 'e' }, framework_id: { value: scheduler.id } },
    ]);
  });

  it('give their resources back when they end, and the framework is told how', () => {
    const { master, agent, scheduler, framework } = withExecutor();
    expect(usedBy(framework).scalar('cpus')).toBe(1.1);
    const message = {
      agent_id: { value: agent.id },
      framework_id: { value: scheduler.id },
      executor_id: { value: 'e' },
      status: 256,
    };
    const effects = master.step({ kind: 'executor-exited', from: agent.pid, message });
    expect(eventsIn(effects, scheduler.connection)).toEqual([
      {
        type: 'FAILURE',
        failure: { agent_id: { value: agent.id }, executor_id: { value: 'e' }, status: 256 },
      },
    ]);
    expect(usedBy(framework).scalar('cpus')).toBe(0.1);
    expect(master.step({ kind: 'executor-exited', from: agent.pid, message })).toEqual([]);
  });
});
