/**
 * Weights, quota, roles, frameworks and patterns that are not allowed, by whichever door they come: refused as Apache
 * Mesos refuses them, in words that name the mistake, and the cluster is to the byte what it was.
 */
import type { FrameworkInfo, Resource, SchedulerOfferConstraints } from '@mesolite/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BAD_AMOUNTS,
  BAD_CONSTRAINTS,
  BAD_GUARANTEES,
  BAD_PATTERNS,
  BAD_WEIGHTS,
  bare,
  DYNAMIC,
  ILLEGAL_ROLES,
  ROLE,
  SLOW_PATTERNS,
  SLOW_TEXT,
  scalar,
} from './bad-input.ts';
import { type Answer, FILTERS, jsonText, PicturedCluster } from './pictured-cluster.ts';
import { until } from './raw-scheduler.ts';

/** An engine that goes back would need ages for patterns that take this one a moment. */
const PATTERN_LIMIT_MS = 5_000;

let cluster: PicturedCluster;

beforeAll(async () => {
  cluster = await PicturedCluster.start(`--attributes=rack:${SLOW_TEXT}`);
});

afterAll(() => cluster?.stop());

describe('weights', () => {
  it.each(BAD_WEIGHTS)('are not %s', async (_, weights, says) => {
    const answers = [
      ...(await cluster.ask({ type: 'UPDATE_WEIGHTS', update_weights: { weight_infos: [...weights] } })),
      await cluster.send('PUT', '/weights', jsonText(weights)),
    ];
    await cluster.refused(answers, 400, says);
  });

  it.each(['{', '{}', '[{"role":"dev"}]', '[{"role":"dev","weight":"heavy"}]', '[1]'])('are not %s', async (text) => {
    await cluster.refused([await cluster.send('PUT', '/weights', text)], 400, /weights/);
  });
});

describe('a master does not start with', () => {
  it.each(['dev=0', 'dev=-1', 'dev=nan', 'dev=inf', 'dev=heavy', 'dev', 'dev=1=2'])('--weights=%s', async (text) => {
    expect(await cluster.refusal('master', `--weights=${text}`)).toContain(`'${text}'`);
  });
});

describe('quota', () => {
  const update = (role: string, guarantees: Record<string, number>, limits: Record<string, number>, force = false) => {
    const amounts = (of: Record<string, number>) =>
      Object.fromEntries(Object.entries(of).map(([name, value]) => [name, { value }]));
    const config = { role, guarantees: amounts(guarantees), limits: amounts(limits) };
    return cluster.ask({ type: 'UPDATE_QUOTA', update_quota: { force, quota_configs: [config] } });
  };
  const set = async (request: { role?: string; guarantee: Resource[]; force?: boolean }): Promise<Answer[]> => [
    ...(await cluster.ask({ type: 'SET_QUOTA', set_quota: { quota_request: request } })),
    await cluster.send('POST', '/quota', jsonText(request)),
  ];

  it.each(BAD_AMOUNTS)('guarantees and limits nothing that is %s', async (_, name, value, says) => {
    await cluster.refused(await update('new', { [name]: value }, {}, true), 400, says);
    await cluster.refused(await update('new', {}, { [name]: value }, true), 400, says);
  });

  it('is of no more roles than one call may name', async () => {
    const configs = Array.from({ length: 4001 }, (_, i) => ({ role: `r${i}`, limits: { cpus: { value: 1 } } }));
    await cluster.refused(
      await cluster.ask({ type: 'UPDATE_QUOTA', update_quota: { force: true, quota_configs: configs } }),
      400,
      /'quota_configs' has more than 4000 roles/,
    );
  });

  it.each(BAD_GUARANTEES)('in its old form does not guarantee %s', async (_, guarantee, says) => {
    await cluster.refused(await set({ role: 'new', guarantee: [...guarantee], force: true }), 400, says);
  });

  it('is not above what the cluster has, unless forced', () =>
    cluster.whileOffered(async () => {
      await cluster.refused(await update('new', { cpus: 7 }, { cpus: 7 }), 400, /cpus.*exceed cluster capacity.*force/);
      await cluster.refused(
        await set({ role: 'new', guarantee: [bare('cpus', 7)] }),
        409,
        /cpus.*exceed cluster capacity/,
      );
    }));

  it('guarantees no more than its limit, and limits no less than what is used, unless forced', () =>
    cluster.whileOffered(async () => {
      await cluster.refused(await update('new', { cpus: 2 }, { cpus: 1 }, true), 400, /guarantees.*cpus.*limits/);
      await cluster.refused(await update(ROLE, {}, { cpus: 0.5 }), 400, /'dev' is already consuming.*cpus.*force/);
    }));

  it('is for a role that has none yet, and not below another', async () => {
    await cluster.refused(await set({ role: 'ops', guarantee: [bare('cpus', 1)] }), 400, /'ops'.*already has quota/);
    await cluster.refused(await set({ guarantee: [bare('cpus', 1)] }), 400, /must specify a role/);
    await cluster.refused(await update('dev/web', { cpus: 1 }, {}), 400, /nested role 'dev\/web'/);
    await cluster.refused(await set({ role: 'ops/web', guarantee: [bare('cpus', 1)] }), 400, /nested role 'ops\/web'/);
  });

  it('is not removed where there is none', async () => {
    await cluster.refused(
      [
        ...(await cluster.ask({ type: 'REMOVE_QUOTA', remove_quota: { role: 'new' } })),
        await cluster.send('DELETE', '/quota/new', ''),
        await cluster.send('DELETE', '/quota', ''),
      ],
      400,
      /remove quota/,
    );
  });

  it.each(['{', '[]', '{"guarantee":1}', '{"role":"new","force":"very","guarantee":[]}'])('is not %s', async (text) => {
    await cluster.refused([await cluster.send('POST', '/quota', text)], 400, /set quota request JSON/);
  });

  it('changes for all roles named or for none', () =>
    cluster.whileOffered(async () => {
      const good = { role: 'new', limits: { cpus: { value: 1 } } };
      const bad = { role: '-new', limits: { cpus: { value: 1 } } };
      await cluster.refused(
        await cluster.ask({ type: 'UPDATE_QUOTA', update_quota: { quota_configs: [good, bad] } }),
        400,
        /dash/,
      );
    }));
});

describe.each(ILLEGAL_ROLES)('the role %j', (role, says) => {
  it('has no weight, no quota and no reservation', async () => {
    const weights = [{ role, weight: 1 }];
    const request = { role, guarantee: [bare('cpus', 1)] };
    const resources = [{ ...scalar('cpus', 1), reservations: [{ ...DYNAMIC[0]!, role }] }];
    const old: Resource[] = [{ ...bare('cpus', 1), role, reservation: {} }];
    const reserve = (list: Resource[]) =>
      cluster.ask({ type: 'RESERVE_RESOURCES', reserve_resources: { agent_id: cluster.agentId, resources: list } });
    await cluster.refused(
      [
        ...(await cluster.ask({ type: 'UPDATE_WEIGHTS', update_weights: { weight_infos: weights } })),
        await cluster.send('PUT', '/weights', JSON.stringify(weights)),
        ...(await cluster.ask({ type: 'SET_QUOTA', set_quota: { quota_request: request } })),
        await cluster.send('POST', '/quota', JSON.stringify(request)),
        ...(await reserve(resources)),
        ...(await reserve(old)),
        await cluster.form('/reserve', { resources }),
      ],
      400,
      says,
    );
    // Below another, it is that which is told first.
    const quota = await cluster.ask({ type: 'UPDATE_QUOTA', update_quota: { quota_configs: [{ role }] } });
    await cluster.refused(quota, 400, role.includes('/') ? /nested role/ : says);
  });

  it('is nothing a framework can be in', async () => {
    expect(await cluster.subscriptionError({ roles: [role] })).toMatch(says);
    expect(await cluster.subscriptionError({ roles: [ROLE, role] })).toMatch(says);
    expect(await cluster.subscriptionError({ role, roles: [], capabilities: [] })).toMatch(says);
    await cluster.refused([await cluster.update({ roles: [role] })], 400, says);
    const reservations = [{ ...DYNAMIC[0]!, role }];
    const { state, message } = await cluster.accept(() => ({
      type: 'RESERVE',
      reserve: { resources: [{ ...scalar('cpus', 1), reservations }] },
    }));
    expect(state).toBe('OPERATION_ERROR');
    expect(message).toMatch(says);
    await cluster.unchanged();
  });

  it('is nothing an agent or a master can be started with', async () => {
    // Space around the name means nothing there.
    if (role.trim() === role) expect(await cluster.refusal('agent', `--resources=cpus(${role}):1`)).toMatch(says);
    expect(await cluster.refusal('agent', `--resources=${JSON.stringify([{ ...bare('cpus', 1), role }])}`)).toMatch(
      says,
    );
    expect(await cluster.refusal('agent', `--default_role=${role}`)).toMatch(says);
    expect(await cluster.refusal('master', `--weights=${role}=1`)).toMatch(/weight/);
  });
});

describe('a FrameworkInfo does not hold', () => {
  it.each<[what: string, info: Partial<FrameworkInfo>, says: RegExp]>([
    ['a role twice', { roles: [ROLE, ROLE] }, /'FrameworkInfo.roles'.*duplicate/],
    ['role and roles', { role: ROLE }, /'FrameworkInfo.role' must not be set/],
    ['a failover timeout that is no number', { failover_timeout: Number.NaN }, /failover_timeout/],
    ['an infinite failover timeout', { failover_timeout: Number.POSITIVE_INFINITY }, /failover_timeout/],
    [
      'a negative minimum of an offer',
      {
        offer_filters: {
          [ROLE]: { min_allocatable_resources: { quantities: [{ quantities: { cpus: { value: -1 } } }] } },
        },
      },
      /'cpus'.*Negative/,
    ],
    [
      'an infinite minimum of an offer',
      {
        offer_filters: {
          [ROLE]: { min_allocatable_resources: { quantities: [{ quantities: { mem: { value: 1 / 0 } } }] } },
        },
      },
      /'mem'.*Infinite/,
    ],
  ])('%s', async (_, info, says) => {
    expect(await cluster.subscriptionError(info)).toMatch(says);
    await cluster.refused([await cluster.update(info)], 400, says);
  });

  it('suppressed roles that are not among its roles', async () => {
    expect(await cluster.subscriptionError({}, { suppressed_roles: ['ops'] })).toMatch(/ops/);
    await cluster.refused([await cluster.update({}, { suppressed_roles: ['ops'] })], 400, /ops/);
  });
});

describe('a pattern in offer constraints', () => {
  const constraints = (
    regex: string,
    by: 'text_matches' | 'text_not_matches' = 'text_matches',
  ): SchedulerOfferConstraints => {
    const constraint = { selector: { attribute_name: 'rack' }, predicate: { [by]: { regex } } };
    return { role_constraints: { [ROLE]: { groups: [{ attribute_constraints: [constraint] }] } } };
  };

  it.each(BAD_PATTERNS)('is not %s', async (_, regex) => {
    const options = { offer_constraints: constraints(regex) };
    const says = /'AttributeConstraint'.*regex/;
    expect(await cluster.subscriptionError({}, options)).toMatch(says);
    await cluster.refused([await cluster.update({}, options)], 400, says);
  });

  it.each(BAD_CONSTRAINTS)('has company: not %s', async (_, { selector = {}, predicate = {} }, says) => {
    const group = { attribute_constraints: [{ selector, predicate }] };
    const options = { offer_constraints: { role_constraints: { [ROLE]: { groups: [group] } } } };
    expect(await cluster.subscriptionError({}, options)).toMatch(says);
    await cluster.refused([await cluster.update({}, options)], 400, says);
  });

  it('is for a role the framework is in, in a group that is not empty', async () => {
    const [fine] = Object.values(constraints('a').role_constraints ?? {});
    const wrong: [roles: SchedulerOfferConstraints['role_constraints'], says: RegExp][] = [
      [{ ops: fine! }, /'ops'/],
      [{ [ROLE]: {} }, /groups.*dev/],
      [{ [ROLE]: { groups: [{}] } }, /dev.*empty/],
    ];
    for (const [role_constraints, says] of wrong) {
      expect(await cluster.subscriptionError({}, { offer_constraints: { role_constraints } })).toMatch(says);
      await cluster.refused([await cluster.update({}, { offer_constraints: { role_constraints } })], 400, says);
    }
  });

  it.each(SLOW_PATTERNS)('takes no longer than the text is long: %s', async (regex) => {
    const [startedMs, before] = [performance.now(), cluster.asker.events.length];
    // The text does not match, so an offer says that the pattern was tried to its end.
    const untouched = constraints(regex, 'text_not_matches');
    const update = await cluster.update({}, { offer_constraints: untouched, suppressed_roles: [] });
    expect(update).toEqual({ status: 200, text: '' });
    const { id } = await cluster.offer(before);
    expect(performance.now() - startedMs).toBeLessThan(PATTERN_LIMIT_MS);
    expect(await cluster.update({})).toEqual({ status: 200, text: '' });
    await cluster.asker.call({ type: 'DECLINE', decline: { offer_ids: [id], filters: FILTERS } });
    await until('no offer is out', async () => (await cluster.offers()) === 0);
    await cluster.unchanged();
  });
});
