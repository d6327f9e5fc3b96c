/** Flags whose values have a grammar of their own. */
import type { Role } from '@mesolite/base';
import { loadFlags } from '@mesolite/daemon';
import { describe, expect, it } from 'vitest';
import {
  masterLimits,
  parseMinAllocatable,
  parsePercentage,
  parseRateLimit,
  parseWeights,
  unusualNames,
} from '../src/master-options.ts';

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
    expect(parseMinAllocatable('ports:10')).toEqual({ ok: true, value: [{ ports: 10 }] });
  });

  it.each(['cpus', 'ports:[31000-31009]', 'cpus:0.01|zones:{a,b}'])('refuses %j, as what it is not', (text) => {
    expect(parseMinAllocatable(text).ok).toBe(false);
  });

  it('may name what nobody has, which is told', () => {
    expect(unusualNames([{ cpus: 1, cpu: 2 }, { ports: 1 }])).toEqual(['cpu']);
  });
});

describe('how long lost agents and frameworks are remembered', () => {
  it('is as the flags say', () => {
    const limitsOf = (...argv: string[]) => {
      const loaded = loadFlags('master', { argv: ['--registry=in_memory', '--config_root=/none', ...argv], env: {} });
      const limits = loaded.ok ? masterLimits(loaded.value.flags) : undefined;
      return limits?.ok === true ? limits.value : undefined;
    };
    expect(limitsOf()).toMatchObject({
      registryGcIntervalMs: 900_000,
      registryMaxAgentAgeMs: 1_209_600_000,
      registryMaxAgentCount: 102_400,
      durableFrameworks: true,
    });
    const flags = ['--registry_gc_interval=1mins', '--registry_max_agent_age=1days', '--registry_max_agent_count=0'];
    expect(limitsOf(...flags, '--no-durable_frameworks')).toMatchObject({
      registryGcIntervalMs: 60_000,
      registryMaxAgentAgeMs: 86_400_000,
      registryMaxAgentCount: 0,
      durableFrameworks: false,
    });
  });
});

describe('--weights', () => {
  const known = new Set(['dev', '*'] as Role[]);

  it('is a weight for each role', () => {
    expect(parseWeights(undefined, undefined)).toEqual({ ok: true, value: undefined });
    expect(parseWeights('dev=2, ops/a=0.5,*=1e2', undefined)).toEqual({
      ok: true,
      value: new Map([
        ['dev', 2],
        ['ops/a', 0.5],
        ['*', 100],
      ]),
    });
    expect(parseWeights('dev=1,dev=3', known)).toEqual({ ok: true, value: new Map([['dev', 3]]) });
  });

  it.each([
    ['dev', "Invalid weight: 'dev'. --weights should be of the form 'role=weight,role=weight'"],
    ['dev=', "Invalid weight: 'dev='. --weights should be of the form 'role=weight,role=weight'"],
    ['dev=1=2', "Invalid weight: 'dev=1=2'. --weights should be of the form 'role=weight,role=weight'"],
    ['dev=1,ops=2', "Invalid weight: 'ops=2'. ops is not a valid role"],
    ['.=2', "Invalid weight: '.=2'. . is not a valid role"],
    ['dev=0', "Invalid weight: 'dev=0'. Weights must be positive"],
    ['dev=-1', "Invalid weight: 'dev=-1'. Weights must be positive"],
    ['dev=heavy', "Invalid weight: 'dev=heavy'. Weights must be positive"],
    ['dev=1e999', "Invalid weight: 'dev=1e999'. Weights must be finite"],
  ])('refuses %j', (text, error) => {
    const parsed = parseWeights(text, known);
    expect(parsed.ok ? '' : parsed.error).toBe(error);
  });
});
