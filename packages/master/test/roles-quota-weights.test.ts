import type { QuotaConfig, QuotaRequest, WeightInfo } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { getWeights, quotaStatus, rolesBody } from '../src/core/capabilities/reads/role-reads.ts';
import { RegistryContents } from '../src/core/index.ts';
import { CoreHarness, eventsIn, frameworkInfo, repliesIn, type Scheduler, scalar, task } from './core-harness.ts';

let connections = 1_000_000;

function answered(effects: Parameters<typeof repliesIn>[0]): { status: number; text?: string | undefined } {
  return repliesIn(effects)[0] ?? { status: 0 };
}

function putWeights(harness: CoreHarness, weights: WeightInfo[]) {
  return answered(harness.step({ kind: 'update-weights', connection: ++connections, weights }));
}

function updateQuota(harness: CoreHarness, configs: QuotaConfig[], force = false) {
  return answered(harness.step({ kind: 'update-quota', connection: ++connections, configs, force }));
}

function setQuota(harness: CoreHarness, request: QuotaRequest) {
  return answered(harness.step({ kind: 'set-quota', connection: ++connections, request }));
}

function amounts(values: Record<string, number>) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}

function cpus(role: string, guarantee: number | undefined, limit: number | undefined): QuotaConfig {
  return {
    role,
    ...(guarantee !== undefined && { guarantees: amounts({ cpus: guarantee }) }),
    ...(limit !== undefined && { limits: amounts({ cpus: limit }) }),
  };
}

function subscribe(harness: CoreHarness, role: string): Scheduler {
  return harness.subscribe(frameworkInfo({ roles: [role] }));
}

describe('quota of thousands of roles', () => {
  it('is set in several calls, up to a bound', () => {
    const harness = new CoreHarness().start();
    const some = (count: number, prefix: string) =>
      updateQuota(
        harness,
        Array.from({ length: count }, (_, i) => cpus(`${prefix}${i}`, undefined, 1)),
        true,
      );
    expect(some(4001, 'a')).toEqual({
      status: 400,
      text: "Invalid QuotaConfig: 'quota_configs' has more than 4000 roles",
    });
    expect(quotaStatus(harness.core.state).configs).toEqual([]);
    for (const prefix of ['a', 'b']) expect(some(4000, prefix).status).toBe(200);
    expect(some(2001, 'c')).toEqual({
      status: 400,
      text: 'Invalid QuotaConfig: More than 10000 roles would have quota',
    });
    expect(some(2000, 'c').status).toBe(200);
    expect(harness.core.state.roleSettings.quotas.size).toBe(10_000);
  });
});

describe('weights', () => {
  it('count when they are durable', () => {
    const harness = new CoreHarness().start();
    harness.registryWaits = true;
    harness.step({ kind: 'update-weights', connection: 1, weights: [{ role: ' dev ', weight: 2.5 }] });
    expect(getWeights(harness.core.state)).toBeUndefined();
    expect(answered(harness.answerRegistry()).status).toBe(200);
    expect(getWeights(harness.core.state)).toEqual({ weight_infos: [{ role: 'dev', weight: 2.5 }] });
  });

  it.each([
    [
      { role: 'a b', weight: 1 },
      "Failed to validate update weights request JSON: Invalid role 'a b': Role component 'a b' is invalid because it " +
        'contains backspace or whitespace',
    ],
    [{ role: 'other', weight: 1 }, "Failed to validate update weights request JSON: Unknown role 'other'"],
    [
      { role: 'dev', weight: 0 },
      "Failed to validate update weights request JSON for role 'dev': Invalid weight '0': Weights must be positive",
    ],
    [
      { role: 'dev', weight: Number.NaN },
      "Failed to validate update weights request JSON for role 'dev': Invalid weight 'NaN': Weights must be positive",
    ],
    [
      { role: 'dev', weight: Number.POSITIVE_INFINITY },
      "Failed to validate update weights request JSON for role 'dev': Invalid weight 'Infinity': Weights must be finite",
    ],
  ])('refuse %j, all of them', (weight, text) => {
    const harness = new CoreHarness({ roles: new Set(['*', 'dev'] as never[]) }).start();
    expect(putWeights(harness, [{ role: 'dev', weight: 2 }, weight])).toEqual({ status: 400, text });
    expect(getWeights(harness.core.state)).toBeUndefined();
  });

  const many = (count: number, prefix = 'r') =>
    Array.from({ length: count }, (_, i) => ({ role: `${prefix}${i}`, weight: 2 }));

  it('are of so many roles in one call, and of so many in all', () => {
    const harness = new CoreHarness().start();
    const failed = 'Failed to validate update weights request JSON:';
    expect(putWeights(harness, many(4001))).toEqual({
      status: 400,
      text: `${failed} 'weight_infos' has more than 4000 roles`,
    });
    expect(getWeights(harness.core.state)).toBeUndefined();
    for (const [prefix, count] of [
      ['a', 4000],
      ['b', 4000],
      ['c', 1999],
    ] as const)
      expect(putWeights(harness, many(count, prefix)).status).toBe(200);
    expect(putWeights(harness, many(2, 'd'))).toEqual({
      status: 400,
      text: `${failed} More than 10000 roles would have a weight`,
    });
    expect(putWeights(harness, many(1, 'd')).status).toBe(200);
    expect(putWeights(harness, many(4000, 'a')).status).toBe(200);
    expect(harness.core.state.roleSettings.weights.size).toBe(10_000);
  });

  it('take thousands of offers back in turns, and leave later ones alone', () => {
    const harness = new CoreHarness({ offerTimeoutMs: 60_000 }).start();
    for (let i = 0; i < 300; i++) harness.addAgent({ hostname: `h${i}`, pid: `slave(${i})@10.0.0.1:5051` });
    const scheduler = subscribe(harness, 'dev');
    harness.advance(1000);
    expect(harness.core.state.offers.size).toBe(300);
    harness.call(scheduler, { type: 'SUPPRESS' });
    const atOnce = eventsIn(
      harness.step({ kind: 'update-weights', connection: ++connections, weights: [{ role: 'dev', weight: 3 }] }),
      scheduler.connection,
    );
    expect(atOnce.filter(({ type }) => type === 'RESCIND')).toHaveLength(250);
    const later = eventsIn(harness.advance(0), scheduler.connection);
    expect(later.filter(({ type }) => type === 'RESCIND')).toHaveLength(50);
    expect(harness.core.state.offers.size).toBe(0);
    harness.advance(10);
    harness.call(scheduler, { type: 'REVIVE' });
    harness.advance(30_000);
    expect(harness.core.state.offers.size).toBe(300);
    // Deadlines of offers that are gone ask for none of their own.
    expect(harness.core.state.deadlines.size).toBeLessThan(700);
    harness.advance(31_000);
    expect(eventsIn(harness.effects, scheduler.connection).filter(({ type }) => type === 'RESCIND').length).toBe(600);
  });

  it('take offers back when somebody has the role', () => {
    const harness = new CoreHarness().start();
    harness.addAgent();
    const scheduler = subscribe(harness, 'dev');
    expect(harness.offers(scheduler)).toHaveLength(1);
    putWeights(harness, [{ role: 'ops', weight: 2 }]);
    expect(harness.core.state.offers.size).toBe(1);
    const effects = harness.step({
      kind: 'update-weights',
      connection: ++connections,
      weights: [{ role: 'dev', weight: 2 }],
    });
    expect(eventsIn(effects, scheduler.connection).map(({ type }) => type)).toContain('RESCIND');
  });

  it('divide a cluster', () => {
    const harness = new CoreHarness().start();
    putWeights(harness, [
      { role: 'big', weight: 3 },
      { role: 'small', weight: 1 },
    ]);
    const [big, small] = [subscribe(harness, 'big'), subscribe(harness, 'small')];
    for (let i = 0; i < 40; i++) harness.addAgent();
    harness.advanceAlive(1000);
    const held = [big, small].map((scheduler) => harness.offers(scheduler).length);
    expect(held).toEqual([30, 10]);
  });
});

describe('quota', () => {
  it('brings no more than a thousand names that no agent has, removed ones included', () => {
    const harness = new CoreHarness().start();
    harness.addAgent();
    const named = (from: number, count: number) =>
      amounts(Object.fromEntries(Array.from({ length: count }, (_, i) => [`x${from + i}`, 1])));
    for (let i = 0; i < 10; i++) {
      const limits = named(i * 100, i === 9 ? 99 : 100);
      expect(updateQuota(harness, [{ role: 'dev', limits }], true).status).toBe(200);
      expect(updateQuota(harness, [{ role: 'dev' }], true).status).toBe(200);
    }
    const before = harness.effects.length;
    const text =
      "'QuotaConfig.guarantees' of role 'ops' names resource 'y1', which no agent has: quotas may not bring more than 1000 " +
      'such names, removed ones included';
    const two = { y0: 1, y1: 1 };
    const config = { role: 'ops', guarantees: amounts(two), limits: amounts(two) };
    expect(updateQuota(harness, [config], true)).toEqual({ status: 400, text: `Invalid QuotaConfig: ${text}` });
    const guarantee = [scalar('y0', 1), scalar('y1', 1)];
    expect(setQuota(harness, { role: 'ops', guarantee, force: true })).toEqual({
      status: 400,
      text: `Failed to validate set quota request: ${text}`,
    });
    expect(harness.effects.slice(before).some(({ kind }) => kind === 'write-registry')).toBe(false);
    expect(harness.core.state.roleSettings.quotas.size).toBe(0);
    // What agents have, and what was named before, may still be named.
    const known = { cpus: 1, mem: 64, x0: 1, x1: 1 };
    expect(updateQuota(harness, [{ role: 'ops', limits: amounts(known) }], true).status).toBe(200);
    expect(updateQuota(harness, [{ role: 'ops', limits: amounts({ y0: 1 }) }], true).status).toBe(200);
  });

  it('names no more resources than are kept for ever', () => {
    const harness = new CoreHarness().start();
    const limits = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`r${i}`, { value: 1 }]));
    expect(updateQuota(harness, [{ role: 'dev', limits }], true)).toEqual({
      status: 400,
      text: "Invalid QuotaConfig: Invalid 'QuotaConfig': more than 100 resources",
    });
  });

  it('is refused above what the cluster has, unless forced', () => {
    const harness = new CoreHarness().start();
    harness.addAgent();
    const text =
      "Invalid QuotaConfig: total quota guarantees 'cpus:9' exceed cluster capacity 'cpus:8; disk:20480; mem:8192' " +
      "(use 'force' flag to bypass this check)";
    expect(updateQuota(harness, [cpus('dev', 9, 9)])).toEqual({ status: 400, text });
    expect(quotaStatus(harness.core.state).configs).toEqual([]);
    expect(updateQuota(harness, [cpus('dev', 9, 9)], true)).toEqual({ status: 200 });
  });

  it.each<[QuotaConfig, string]>([
    [cpus('a/b', 1, 1), "Updating quota on nested role 'a/b' is not supported yet"],
    [
      cpus('-a', 1, 1),
      "Invalid QuotaConfig: Invalid 'QuotaConfig.role': Role component '-a' is invalid because it starts with a dash",
    ],
    [
      cpus('dev', 3, 1),
      "Invalid QuotaConfig: 'QuotaConfig.guarantees' { cpus: 3 } is not contained within the 'QuotaConfig.limits' { cpus: 1 }",
    ],
    [
      cpus('dev', undefined, -1),
      "Invalid QuotaConfig: Invalid limit configuration {'cpus': -1}: Negative values not supported",
    ],
    [
      cpus('dev', Number.NaN, undefined),
      "Invalid QuotaConfig: Invalid guarantee configuration {'cpus': NaN}: NaN not supported",
    ],
    [
      cpus('dev', undefined, 1e13),
      "Invalid QuotaConfig: Invalid 'QuotaConfig.limits': {'cpus': 10000000000000} is invalid: values greater than 1 " +
        'trillion (1000000000000) are not supported',
    ],
  ])('refuses %j', (config, text) => {
    const harness = new CoreHarness().start();
    harness.addAgent();
    expect(updateQuota(harness, [cpus('ok', 1, 1), config])).toEqual({ status: 400, text });
    expect(quotaStatus(harness.core.state).configs).toEqual([]);
  });

  it('refuses limits below what is held, unless forced', () => {
    const harness = new CoreHarness().start();
    const agent = harness.addAgent();
    const scheduler = subscribe(harness, 'dev');
    const [offer] = harness.offers(scheduler);
    harness.launch(scheduler, offer!, [task('t', agent.id, { resources: [scalar('cpus', 4), scalar('mem', 32)] })]);
    expect(updateQuota(harness, [cpus('dev', undefined, 2)])).toEqual({
      status: 400,
      text:
        "Invalid QuotaConfig: Role 'dev' is already consuming 'cpus:4; mem:32'; this is more than the requested limits " +
        "'cpus:2' (use 'force' flag to bypass this check)",
    });
    expect(updateQuota(harness, [cpus('dev', undefined, 2)], true).status).toBe(200);
  });

  it('limits what is offered, and takes back what goes beyond', () => {
    const harness = new CoreHarness().start();
    harness.addAgent();
    const scheduler = subscribe(harness, 'dev');
    expect(harness.offers(scheduler)).toHaveLength(1);
    updateQuota(harness, [cpus('dev', undefined, 2)]);
    const [offer] = harness.offers(scheduler);
    expect(offer?.resources?.find(({ name }) => name === 'cpus')?.scalar?.value).toBe(2);
  });

  it('takes offers from others until its guarantees can be met', () => {
    const harness = new CoreHarness().start();
    harness.addAgent();
    harness.addAgent();
    const other = subscribe(harness, 'other');
    expect(harness.offers(other)).toHaveLength(2);
    updateQuota(harness, [cpus('dev', 8, 8)]);
    expect(eventsIn(harness.effects, other.connection).filter(({ type }) => type === 'RESCIND')).toHaveLength(1);
  });

  it('has to fit what was asked for before it, also while that is being written', () => {
    const harness = new CoreHarness().start();
    harness.addAgent();
    harness.registryWaits = true;
    expect(updateQuota(harness, [cpus('dev', 6, 6)]).status).toBe(0);
    const text =
      "Invalid QuotaConfig: total quota guarantees 'cpus:12' exceed cluster capacity 'cpus:8; disk:20480; mem:8192' " +
      "(use 'force' flag to bypass this check)";
    expect(updateQuota(harness, [cpus('ops', 6, 6)])).toEqual({ status: 400, text });
    const request: QuotaRequest = { role: 'ops', guarantee: [scalar('cpus', 6)] };
    expect(setQuota(harness, request).status).toBe(409);
    expect(setQuota(harness, { ...request, role: 'dev' }).text).toContain("role 'dev' which already has quota");
    const remove = () => answered(harness.step({ kind: 'remove-quota', connection: ++connections, role: 'dev' }));
    expect(remove().status).toBe(0);
    expect(remove()).toEqual({ status: 400, text: "Failed to remove quota: Role 'dev' has no quota set" });
    expect(updateQuota(harness, [cpus('ops', 6, 6)]).status).toBe(0);
    expect(quotaStatus(harness.core.state).configs).toEqual([]);
    expect(repliesIn(harness.answerRegistry()).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(quotaStatus(harness.core.state).configs?.map(({ role }) => role)).toEqual(['ops']);
    expect(updateQuota(harness, [cpus('dev', 6, 6)]).status).toBe(400);
  });

  it('in its old form is set once, within the cluster, and removed', () => {
    const harness = new CoreHarness().start();
    harness.addAgent();
    const request: QuotaRequest = { role: 'dev', guarantee: [scalar('cpus', 1)] };
    expect(setQuota(harness, { ...request, guarantee: [scalar('cpus', 9)] })).toEqual({
      status: 409,
      text:
        "Quota guarantees overcommit the cluster (use 'force' to bypass this check): Total quota guarantees 'cpus:9' " +
        "exceed cluster capacity 'cpus:8; disk:20480; mem:8192'",
    });
    expect(setQuota(harness, request)).toEqual({ status: 200 });
    expect(setQuota(harness, request)).toEqual({
      status: 400,
      text: "Failed to validate set quota request: Cannot set quota for role 'dev' which already has quota",
    });
    const remove = () => answered(harness.step({ kind: 'remove-quota', connection: ++connections, role: 'dev' }));
    expect(remove()).toEqual({ status: 200 });
    expect(remove()).toEqual({ status: 400, text: "Failed to remove quota: Role 'dev' has no quota set" });
  });

  it.each<[QuotaRequest, string]>([
    [{ guarantee: [scalar('cpus', 1)] }, 'QuotaInfo must specify a role'],
    [{ role: 'dev' }, "QuotaInfo with empty 'guarantee'"],
    [
      { role: 'dev', guarantee: [scalar('cpus', -1)] },
      "QuotaInfo with invalid resource: Resource 'cpus:-1' is invalid: Invalid scalar resource: value <= 0",
    ],
    [
      { role: 'dev', guarantee: [{ ...scalar('cpus', 1), role: 'dev' }] },
      'QuotaInfo must not contain any ReservationInfo',
    ],
    [{ role: 'dev', guarantee: [{ ...scalar('cpus', 1), revocable: {} }] }, 'QuotaInfo must not contain RevocableInfo'],
    [
      { role: 'dev', guarantee: [scalar('cpus', 1), scalar('cpus', 1)] },
      "QuotaInfo contains duplicate resource name 'cpus'",
    ],
    [
      { role: 'a/b', guarantee: [scalar('cpus', 1)] },
      "Invalid quota configuration. Parent role 'a' with guarantees ({}) does not contain the sum of its children's " +
        'guarantees (cpus:1)',
    ],
  ])('in its old form refuses %j', (request, text) => {
    const harness = new CoreHarness().start();
    expect(setQuota(harness, request)).toEqual({
      status: 400,
      text: `Failed to validate set quota request: ${text}`,
    });
  });
});

describe('what is set', () => {
  it('is there again after a restart, and agents are awaited', () => {
    const registry = new RegistryContents();
    const first = new CoreHarness().start();
    first.addAgent();
    putWeights(first, [{ role: 'dev', weight: 2 }]);
    updateQuota(first, [cpus('dev', 1, 2), cpus('gone', 1, 1)]);
    updateQuota(first, [{ role: 'gone' }]);
    for (const effect of first.effects) if (effect.kind === 'write-registry') registry.apply(effect.operation);
    const second = new CoreHarness().start(registry.read());
    const { configs } = quotaStatus(second.core.state);
    expect(configs).toEqual([cpus('dev', 1, 2)]);
    expect(getWeights(second.core.state)).toEqual({ weight_infos: [{ role: 'dev', weight: 2 }] });
  });

  it('ends the master when it cannot be written', () => {
    const harness = new CoreHarness().start();
    harness.registryWaits = true;
    updateQuota(harness, [cpus('dev', undefined, 2)]);
    expect(harness.answerRegistry('disk full').map(({ kind }) => kind)).toContain('exit');
    expect(quotaStatus(harness.core.state).configs).toEqual([]);
  });

  it('shows in /roles with all roles above', () => {
    const harness = new CoreHarness().start();
    const agent = harness.addAgent();
    updateQuota(harness, [cpus('eng', 1, 8)]);
    const scheduler = subscribe(harness, 'eng/web');
    const [offer] = harness.offers(scheduler);
    harness.launch(scheduler, offer!, [task('t', agent.id)]);
    expect(rolesBody(harness.core.state)).toMatchObject({
      roles: [
        {
          name: 'eng',
          weight: 1,
          quota: { guarantee: { cpus: 1 }, limit: { cpus: 8 }, consumed: { cpus: 0.1, mem: 32 } },
          frameworks: [],
        },
        { name: 'eng/web', quota: { guarantee: {}, limit: {} }, frameworks: [scheduler.id] },
      ],
    });
  });
});
