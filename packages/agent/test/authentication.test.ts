/** How the agent proves to masters who it is, before it registers. */
import { RegisterAgentMessage, ReregisterAgentMessage } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import type { AgentOptions, AuthenticationOutcome } from '../src/core/index.ts';
import { AGENT, CoreHarness, MASTER } from './core-harness.ts';

const TIMES = { backoffMs: 1_000, timeoutMinMs: 5_000, timeoutMaxMs: 60_000 };

function detected(options: Partial<AgentOptions> = {}): CoreHarness {
  const harness = new CoreHarness({ authentication: TIMES, ...options });
  harness.step({ kind: 'started' });
  harness.step({ kind: 'leader-detected', leader: { pid: MASTER, hostname: 'master' } });
  return harness;
}

/** With the first attempt under way. */
function trying(options: Partial<AgentOptions> = {}): CoreHarness {
  const harness = detected(options);
  harness.advance(1_000);
  return harness;
}

function ended(
  harness: CoreHarness,
  outcome: AuthenticationOutcome,
  attempt = harness.core.state.authentication.attempt,
) {
  harness.step({ kind: 'authentication-ended', attempt, outcome });
}

describe('an agent with a credential', () => {
  it('authenticates after a random wait, registers after that', () => {
    const harness = detected();
    expect(harness.of('authenticate')).toEqual([]);
    harness.advance(1_000);
    expect(harness.effects.slice(-2)).toEqual([
      { kind: 'link', to: MASTER },
      { kind: 'authenticate', attempt: 1, master: MASTER },
    ]);
    expect(harness.sent(RegisterAgentMessage)).toEqual([]);
    ended(harness, { kind: 'accepted' });
    expect(harness.sent(RegisterAgentMessage)).toHaveLength(1);
    harness.fromMaster('agent-registered', { agent_id: { value: AGENT } });
    harness.take();
    harness.advance(70_000);
    expect(harness.of('authenticate')).toEqual([]);
  });

  it('exits when it is refused', () => {
    const harness = trying();
    ended(harness, { kind: 'refused' });
    expect(harness.of('exit')).toEqual([{ kind: 'exit', code: 1, text: `Master ${MASTER} refused authentication` }]);
  });

  it('gives each attempt more time, up to a bound', () => {
    const harness = trying();
    let before = harness.nowMs;
    const given: number[] = [];
    for (let attempt = 2; attempt < 200; attempt++) {
      while (harness.of('authenticate').length === 0) harness.advance(1);
      harness.take();
      while (harness.of('authenticate').length === 0) harness.advance(100);
      given.push(harness.nowMs - before);
      before = harness.nowMs;
      if (attempt > 20) break;
    }
    expect(Math.min(...given)).toBeGreaterThanOrEqual(5_000);
    expect(Math.max(...given)).toBeLessThanOrEqual(60_200);
    expect(given[0]).toBeLessThan(8_200);
    expect(Math.max(...given.slice(-10))).toBeGreaterThan(20_000);
    expect(harness.sent(RegisterAgentMessage)).toEqual([]);
  });

  it('waits a while after an error', () => {
    const harness = trying();
    harness.take();
    ended(harness, { kind: 'error', text: 'busy' });
    expect(harness.of('authenticate')).toEqual([]);
    harness.advance(4_000);
    expect(harness.of('authenticate')).toEqual([{ kind: 'authenticate', attempt: 2, master: MASTER }]);
  });

  it('does not heed answers to attempts that are over', () => {
    const harness = trying();
    harness.advance(7_000);
    expect(harness.core.state.authentication.attempt).toBe(2);
    ended(harness, { kind: 'refused' }, 1);
    ended(harness, { kind: 'accepted' }, 1);
    expect(harness.of('exit')).toEqual([]);
    expect(harness.sent(RegisterAgentMessage)).toEqual([]);
    ended(harness, { kind: 'accepted' });
    ended(harness, { kind: 'accepted' });
    expect(harness.sent(RegisterAgentMessage)).toHaveLength(1);
  });

  it('begins anew with another master, and stops when nobody leads', () => {
    const harness = trying();
    harness.take();
    const other = 'master@127.0.0.1:5052';
    harness.step({ kind: 'leader-detected', leader: { pid: other, hostname: 'other' } });
    expect(harness.of('cancel-authentication')).toHaveLength(1);
    harness.advance(1_000);
    expect(harness.of('authenticate')).toEqual([{ kind: 'authenticate', attempt: 2, master: other }]);
    harness.take();
    harness.step({ kind: 'leader-detected', leader: undefined });
    expect(harness.of('cancel-authentication')).toHaveLength(1);
    ended(harness, { kind: 'accepted' });
    harness.advance(120_000);
    expect(harness.of('authenticate')).toEqual([]);
    expect(harness.of('send')).toEqual([]);
  });

  it('proves itself again before it registers again', () => {
    const harness = trying();
    ended(harness, { kind: 'accepted' });
    harness.fromMaster('agent-registered', { agent_id: { value: AGENT } });
    harness.take();
    harness.step({ kind: 'link-exited', pid: MASTER });
    expect(harness.of('detect-leader')).toHaveLength(1);
    harness.step({ kind: 'leader-detected', leader: { pid: MASTER, hostname: 'master' } });
    harness.advance(1_000);
    expect(harness.of('authenticate')).toHaveLength(1);
    expect(harness.sent(ReregisterAgentMessage)).toEqual([]);
    ended(harness, { kind: 'accepted' });
    expect(harness.sent(ReregisterAgentMessage)).toHaveLength(1);
  });

  it('proves itself again when its link breaks before it is registered', () => {
    const harness = trying();
    harness.step({ kind: 'link-exited', pid: MASTER });
    expect(harness.of('detect-leader')).toEqual([]);
    ended(harness, { kind: 'accepted' });
    harness.step({ kind: 'link-exited', pid: MASTER });
    expect(harness.of('detect-leader')).toHaveLength(1);
  });

  it('proves itself again when a registration stays without an answer for long', () => {
    const harness = trying();
    const attempts = (): number => harness.core.state.authentication.attempt;
    for (let seconds = 0; attempts() < 4 && seconds < 1_800; seconds++) {
      if (harness.core.state.authentication.state === 'trying') ended(harness, { kind: 'accepted' });
      harness.advance(1_000);
    }
    expect(attempts()).toBe(4);
    expect(harness.sent(RegisterAgentMessage).length).toBeGreaterThan(6);
  });

  it('stops when it is told to end', () => {
    const harness = detected();
    harness.step({ kind: 'unregister' });
    harness.advance(120_000);
    expect(harness.of('authenticate')).toEqual([]);
  });
});

it('an agent without a credential does not authenticate', () => {
  const harness = detected({ authentication: undefined });
  harness.advance(1_000);
  expect(harness.of('authenticate')).toEqual([]);
  expect(harness.sent(RegisterAgentMessage)).toHaveLength(1);
});
