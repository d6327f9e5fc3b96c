import { PongAgentMessage, RegisterAgentMessage, ReregisterAgentMessage, UpdateAgentMessage } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { AGENT, CoreHarness, MASTER } from './core-harness.ts';
import { customExecutor, framework } from './tasks.ts';

function detected(): CoreHarness {
  const harness = new CoreHarness();
  harness.step({ kind: 'started' });
  harness.step({ kind: 'leader-detected', leader: { pid: MASTER, hostname: 'master' } });
  return harness;
}

describe('registration', () => {
  it('waits a random time within the backoff factor, then links and registers', () => {
    const harness = detected();
    expect(harness.wakeAtMs).toBeLessThan(1_000);
    expect(harness.sent(RegisterAgentMessage)).toEqual([]);
    harness.advance(1_000);
    expect(harness.effects.slice(-2).map(({ kind }) => kind)).toEqual(['link', 'send']);
    expect(harness.sent(RegisterAgentMessage)[0]).toMatchObject({
      agent: { hostname: 'host', port: 5051, checkpoint: true },
      version: '1.12.0',
      agent_capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }],
    });
  });

  it('tells resources in the old format as long as it can', () => {
    const harness = detected();
    harness.advance(1_000);
    expect(harness.sent(RegisterAgentMessage)[0]?.agent.resources?.map(({ role }) => role)).toEqual(['*', '*']);
  });

  it('tries again at growing intervals that are never longer than a minute', () => {
    const harness = detected();
    harness.advance(1_000);
    const times: number[] = [];
    for (let i = 0; i < 40; i++) {
      const before = harness.nowMs;
      harness.take();
      harness.advance((harness.wakeAtMs ?? 0) - before);
      if (harness.sent(RegisterAgentMessage).length > 0) times.push(harness.nowMs - before);
    }
    expect(Math.max(...times)).toBeLessThanOrEqual(60_000);
    expect(times[0]).toBeLessThan(2_000);
    expect(Math.max(...times.slice(-10))).toBeGreaterThan(10_000);
  });

  it('takes the id it is given, writes it down and tells its resource version', () => {
    const harness = detected();
    harness.advance(1_000);
    harness.take();
    harness.fromMaster('agent-registered', { agent_id: { value: AGENT } });
    expect(harness.effects.map(({ kind }) => kind)).toEqual(['write-file', 'symlink', 'send']);
    expect(harness.of('write-file')[0]?.path).toBe('/work-dir/meta/slaves/M-S0/slave.info');
    expect(harness.sent(UpdateAgentMessage)[0]?.agent_id.value).toBe(AGENT);
    harness.take();
    harness.advance(60_000);
    expect(harness.sent(RegisterAgentMessage)).toEqual([]);
    expect(harness.metricsNow['slave/registered']).toBe(1);
  });

  it('ignores answers of anybody but the detected master', () => {
    const harness = detected();
    harness.fromMaster('agent-registered', { agent_id: { value: AGENT } }, 'master@127.0.0.1:6060');
    expect(harness.core.state.agentId).toBeUndefined();
  });

  it('ignores a re-registration before there was a registration', () => {
    const harness = detected();
    harness.fromMaster('agent-reregistered', { agent_id: { value: AGENT } });
    expect(harness.metricsNow['slave/registered']).toBe(0);
  });

  it('ends the process when it is given another id than it has', () => {
    const harness = new CoreHarness().register();
    harness.step({ kind: 'leader-detected', leader: { pid: MASTER, hostname: 'master' } });
    harness.fromMaster('agent-reregistered', { agent_id: { value: 'M-S9' } });
    expect(harness.of('exit')).toMatchObject([{ code: 1, text: expect.stringContaining('M-S9') }]);
  });

  it('does nothing while nobody leads', () => {
    const harness = detected();
    harness.step({ kind: 'leader-detected', leader: undefined });
    harness.take();
    harness.advance(30_000);
    expect(harness.effects).toEqual([]);
  });
});

describe('re-registration', () => {
  it('tells all frameworks, tasks and custom executors', () => {
    const harness = new CoreHarness().register();
    harness.running('runs');
    harness.run({ id: 'queued', executor: customExecutor('E', 'x') });
    const ended = harness.running('ended');
    harness.step({ kind: 'container-ended', containerId: ended, end: { status: 0 } });
    harness.take();
    harness.step({ kind: 'leader-detected', leader: { pid: MASTER, hostname: 'master' } });
    harness.advance(1_000);
    const [message] = harness.sent(ReregisterAgentMessage);
    expect(message?.agent.id?.value).toBe(AGENT);
    expect(message?.frameworks?.map(({ id }) => id?.value)).toEqual(['F']);
    expect(message?.tasks?.map((task) => `${task.task_id.value} ${task.state}`)).toEqual([
      'runs TASK_RUNNING',
      'queued TASK_STAGING',
      'ended TASK_FINISHED',
    ]);
    expect(message?.executor_infos?.map(({ executor_id }) => executor_id.value)).toEqual(['E']);
  });

  it('tells the same again while nothing happens, and what has changed as soon as it has', () => {
    const harness = new CoreHarness().register();
    const containerId = harness.running('t');
    harness.step({ kind: 'leader-detected', leader: { pid: MASTER, hostname: 'master' } });
    const states: (string | undefined)[] = [];
    const attempts = (count: number): void => {
      for (const wanted = states.length + count; states.length < wanted; ) {
        harness.take();
        harness.advance((harness.wakeAtMs ?? 0) - harness.nowMs);
        states.push(...harness.sent(ReregisterAgentMessage).map(({ tasks }) => tasks?.[0]?.state));
      }
    };
    attempts(3);
    harness.step({ kind: 'container-ended', containerId, end: { status: 0 } });
    attempts(2);
    expect(states).toEqual([...Array<string>(3).fill('TASK_RUNNING'), ...Array<string>(2).fill('TASK_FINISHED')]);
  });

  it('tells completed frameworks apart', () => {
    const harness = new CoreHarness().register();
    const containerId = harness.running('t');
    harness.step({ kind: 'container-ended', containerId, end: { status: 0 } });
    harness.acknowledgeAll();
    harness.take();
    harness.step({ kind: 'leader-detected', leader: { pid: MASTER, hostname: 'master' } });
    harness.advance(1_000);
    const [message] = harness.sent(ReregisterAgentMessage);
    expect(message?.frameworks ?? []).toEqual([]);
    expect(message?.completed_frameworks?.[0]?.tasks?.map((task) => task.state)).toEqual(['TASK_FINISHED']);
  });

  it('answers for tasks only the master knows', () => {
    const harness = new CoreHarness().register();
    harness.running('known');
    harness.step({ kind: 'leader-detected', leader: { pid: MASTER, hostname: 'master' } });
    harness.take();
    const statuses = ['known', 'unknown'].map((id) => ({ task_id: { value: id }, state: 'TASK_RUNNING' as const }));
    harness.fromMaster('agent-reregistered', {
      agent_id: { value: AGENT },
      reconciliations: [
        { framework_id: { value: 'F' }, statuses, framework: framework() },
        { framework_id: { value: 'G' }, statuses: statuses.slice(1), framework: framework({ capabilities: [] }) },
      ],
    });
    expect(harness.told()).toEqual(['TASK_DROPPED REASON_RECONCILIATION', 'TASK_LOST REASON_RECONCILIATION']);
    expect(harness.updates().every(({ uuid }) => uuid?.length === 16)).toBe(true);
    const [, lost] = harness.updates();
    expect(harness.core.state.streams.get('G' as never, 'unknown' as never)).toBeDefined();
    harness.acknowledge('unknown', lost?.uuid, 'G');
    expect(harness.core.state.streams.get('G' as never, 'unknown' as never)).toBeUndefined();
  });
});

describe('pings', () => {
  it('are answered to whoever sent them', () => {
    const harness = new CoreHarness().register();
    harness.fromMaster('ping-received', { connected: true }, 'slave-observer(3)@127.0.0.1:5050');
    expect(harness.sent(PongAgentMessage)).toHaveLength(1);
    expect(harness.of('send')[0]?.to).toBe('slave-observer(3)@127.0.0.1:5050');
  });

  it('make the agent register anew when the master takes it for disconnected', () => {
    const harness = new CoreHarness().register();
    harness.fromMaster('ping-received', { connected: false });
    expect(harness.of('detect-leader')).toHaveLength(1);
  });

  it('are missed after the time the master named', () => {
    const harness = new CoreHarness().register();
    harness.advance(74_000);
    harness.fromMaster('ping-received', { connected: true });
    harness.advance(74_000);
    expect(harness.of('detect-leader')).toEqual([]);
    harness.advance(1_001);
    expect(harness.of('detect-leader')).toHaveLength(1);
  });

  it('need not be waited for when the link breaks', () => {
    const harness = new CoreHarness().register();
    harness.step({ kind: 'link-exited', pid: 'master@127.0.0.2:5050' });
    expect(harness.of('detect-leader')).toEqual([]);
    harness.step({ kind: 'link-exited', pid: MASTER });
    expect(harness.of('detect-leader')).toHaveLength(1);
  });
});
