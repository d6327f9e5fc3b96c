/** Flags whose values have a grammar of their own. */
import { describe, expect, it } from 'vitest';
import { parseMinAllocatable, parsePercentage, parseRateLimit } from '../src/master-options.ts';

describe('--agent_removal_rate_limit', () => {
  it('is a number of agents per time', () => {
    expect(parseRateLimit('1/10mins')).toEqual({ ok: true, value: { permits: 1, periodMs: 600_000 } });
    expect(parseRateLimit(undefined)).toEqual({ ok: true, value: undefined });
  });

  it.each([
    '',
    '1',
    '1/',
    '/1mins',
    '0/1mins',
    '-1/1mins',
    '1/2/3',
    '1/0secs',
    'x/1mins',
    '1/1parsec',
  ])('refuses %j', (text) => {
    expect(parseRateLimit(text).ok).toBe(false);
  });
});

describe('--recovery_agent_removal_limit', () => {
  it('is a share', () => {
    expect(parsePercentage('100%')).toEqual({ ok: true, value: 1 });
    expect(parsePercentage('0%')).toEqual({ ok: true, value: 0 });
    expect(parsePercentage('12.5%')).toEqual({ ok: true, value: 0.125 });
  });

  it.each(['', '50', '%', '101%', '-1%', 'half%'])('refuses %j', (text) => {
    expect(parsePercentage(text).ok).toBe(false);
  });
});

describe('--min_allocatable_resources', () => {
  it('is sets of quantities, of which one has to be met', () => {
    expect(parseMinAllocatable('cpus:0.01|mem:32;disk:1')).toEqual({
      ok: true,
      value: [{ cpus: 0.01 }, { mem: 32, disk: 1 }],
    });
    expect(parseMinAllocatable('')).toEqual({ ok: true, value: [] });
    expect(parseMinAllocatable('cpus').ok).toBe(false);
  });
});
