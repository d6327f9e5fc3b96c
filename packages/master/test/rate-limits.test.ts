/** Messages of drivers wait for the rate limit of their principal, in order, and only so many of them. */
import { describe, expect, it } from 'vitest';
import type { RateLimit } from '../src/core/index.ts';
import { parseRateLimits } from '../src/rate-limit-options.ts';
import { CoreDriver } from './core-driver.ts';
import { CoreHarness, frameworkInfo } from './core-harness.ts';

const REVIVALS = 'master/messages_revive_offers';

function limited(limits: Record<string, RateLimit>, others?: RateLimit) {
  const master = new CoreHarness({ rateLimits: { byPrincipal: new Map(Object.entries(limits)), others } }).start();
  let count = 0;
  const driver = (principal?: string): CoreDriver => {
    const one = new CoreDriver(master, `scheduler-${++count}@127.0.0.1:${9000 + count}`);
    one.subscribe(frameworkInfo({ principal }));
    return one;
  };
  return { master, driver };
}

function revive(driver: CoreDriver, times: number): void {
  for (let i = 0; i < times; i++) driver.call({ type: 'REVIVE', revive: {} });
}

describe('a principal with a limit', () => {
  it('is heard once per interval', () => {
    const { master, driver } = limited({ slow: { qps: 2 } });
    const one = driver('slow');
    revive(one, 4);
    expect(master.metric(REVIVALS)).toBe(1);
    for (const heard of [2, 3, 4]) {
      master.advance(499);
      expect(master.metric(REVIVALS)).toBe(heard - 1);
      master.advance(1);
      expect(master.metric(REVIVALS)).toBe(heard);
    }
    expect(master.metric('frameworks/slow/messages_received')).toBe(4);
    expect(master.metric('frameworks/slow/messages_processed')).toBe(4);
  });

  it('is heard at once again after a pause', () => {
    const { master, driver } = limited({ slow: { qps: 2 } });
    const one = driver('slow');
    revive(one, 1);
    master.advance(5000);
    revive(one, 1);
    expect(master.metric(REVIVALS)).toBe(2);
  });

  it('shares it between its frameworks', () => {
    const { master, driver } = limited({ slow: { qps: 1 } });
    revive(driver('slow'), 1);
    revive(driver('slow'), 1);
    expect(master.metric(REVIVALS)).toBe(1);
    master.advance(1000);
    expect(master.metric(REVIVALS)).toBe(2);
  });

  it('is told what is dropped beyond the capacity', () => {
    const { master, driver } = limited({ slow: { qps: 1, capacity: 2 } });
    const one = driver('slow');
    revive(one, 5);
    expect(one.errors()).toEqual([
      'Message mesos.scheduler.Call dropped: capacity(2) exceeded',
      'Message mesos.scheduler.Call dropped: capacity(2) exceeded',
    ]);
    one.send('deactivate-framework', { framework_id: { value: one.id } });
    expect(one.errors().at(-1)).toBe('Message mesos.internal.DeactivateFrameworkMessage dropped: capacity(2) exceeded');
    master.advance(10_000);
    expect(master.metric(REVIVALS)).toBe(3);
    expect(master.metric('frameworks/slow/messages_received')).toBe(6);
    expect(master.metric('frameworks/slow/messages_processed')).toBe(3);
  });

  it('is heard before its end is noticed', () => {
    const { master, driver } = limited({ slow: { qps: 1 } });
    const one = driver('slow');
    revive(one, 2);
    one.exited();
    expect(one.framework?.state).toBe('active');
    master.advance(1000);
    expect(master.metric(REVIVALS)).toBe(2);
    expect(one.framework?.state).toBe('active');
    master.advance(1000);
    expect(one.framework?.state).toBe('disconnected');
  });

  it('may end with messages still waiting', () => {
    const { master, driver } = limited({ slow: { qps: 1 } });
    const one = driver('slow');
    one.call({ type: 'TEARDOWN' });
    const two = driver('slow');
    two.call({ type: 'TEARDOWN' });
    revive(two, 2);
    master.advance(10_000);
    expect(master.core.state.frameworks.registered.size).toBe(0);
    expect(master.metric(REVIVALS)).toBe(0);
  });
});

describe('others', () => {
  it('are not limited without a default, nor is a principal that is named without qps', () => {
    const { master, driver } = limited({ free: { capacity: 1 } });
    revive(driver('free'), 10);
    revive(driver('other'), 10);
    revive(driver(), 10);
    expect(master.metric(REVIVALS)).toBe(30);
  });

  it('share the default', () => {
    const { master, driver } = limited({ free: {}, fast: { qps: 1000 } }, { qps: 1, capacity: 1 });
    revive(driver('free'), 10);
    const [one, two] = [driver('other'), driver()];
    revive(one, 1);
    revive(two, 1);
    revive(one, 1);
    expect(one.errors()).toHaveLength(1);
    expect(two.errors()).toEqual([]);
    expect(master.metric(REVIVALS)).toBe(11);
    master.advance(1000);
    expect(master.metric(REVIVALS)).toBe(12);
  });

  it('that have not registered are not counted', () => {
    const { master } = limited({}, { qps: 1, capacity: 0 });
    const stranger = new CoreDriver(master, 'scheduler-9@127.0.0.1:9');
    stranger.id = 'unknown';
    expect(stranger.call({ type: 'REVIVE' })).toEqual([]);
  });

  it('of HTTP are not limited', () => {
    const { master } = limited({ slow: { qps: 1, capacity: 0 } });
    const scheduler = master.subscribe(frameworkInfo({ principal: 'slow' }));
    for (let i = 0; i < 3; i++) master.call(scheduler, { type: 'REVIVE', revive: {} });
    expect(master.metric(REVIVALS)).toBe(3);
    expect(master.metric('frameworks/slow/messages_received')).toBe(0);
  });
});

describe('counters of a principal', () => {
  it('are there as long as one of its frameworks is', () => {
    const { master, driver } = limited({});
    const [one, two] = [driver('p'), driver('p')];
    one.call({ type: 'TEARDOWN' });
    expect(master.metric('frameworks/p/messages_received')).toBe(1);
    two.call({ type: 'TEARDOWN' });
    expect(master.metric('frameworks/p/messages_received')).toBeNaN();
  });
});

describe('--rate_limits', () => {
  it('is read', () => {
    const text = JSON.stringify({
      limits: [{ principal: 'a', qps: 1.5, capacity: 10 }, { principal: 'b' }],
      aggregate_default_qps: 3,
      aggregate_default_capacity: 18446744073709551615n.toString(),
    });
    expect(parseRateLimits(text)).toEqual({
      ok: true,
      value: {
        byPrincipal: new Map([
          ['a', { qps: 1.5, capacity: 10 }],
          ['b', { qps: undefined, capacity: undefined }],
        ]),
        others: { qps: 3, capacity: 2 ** 64 },
      },
    });
    expect(parseRateLimits(undefined)).toEqual({ ok: true, value: undefined });
  });

  it.each([
    ['{"limits":[{}]}', /principal/],
    ['{"limits":{}}', /./],
    ['[]', /./],
    ['{"limits":[{"principal":"a","qps":-1}]}', /Invalid qps: -1/],
  ])('%s is refused', (text, reason) => {
    const parsed = parseRateLimits(text);
    expect(parsed.ok ? '' : parsed.error).toMatch(reason);
  });
});
