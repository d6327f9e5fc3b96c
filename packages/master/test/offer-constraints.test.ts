import type { SchedulerOfferConstraints } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { excludedAgentsSteps, MAX_EXCLUSIONS } from '../src/core/capabilities/explain/excluded-agents.ts';
import { CoreHarness, frameworkInfo, repliesIn, type Scheduler } from './core-harness.ts';
import { eventually, post, startTestMaster, TestAgent, TestScheduler } from './running-master.ts';

function hostname(regex: string, role = 'dev'): SchedulerOfferConstraints {
  const selector = { pseudoattribute_type: 'HOSTNAME' } as const;
  const groups = [{ attribute_constraints: [{ selector, predicate: { text_matches: { regex } } }] }];
  return { role_constraints: { [role]: { groups } } };
}

function subscribed(): { harness: CoreHarness; scheduler: Scheduler } {
  const harness = new CoreHarness().start();
  return { harness, scheduler: harness.subscribe(frameworkInfo({ roles: ['dev'] })) };
}

function constrain(harness: CoreHarness, scheduler: Scheduler, constraints: SchedulerOfferConstraints | undefined) {
  const info = frameworkInfo({ roles: ['dev'], id: { value: scheduler.id } });
  const effects = harness.call(scheduler, {
    type: 'UPDATE_FRAMEWORK',
    update_framework: { framework_info: info, offer_constraints: constraints },
  });
  return repliesIn(effects)[0];
}

describe('offer constraints', () => {
  it('keep agents away until they are taken back', () => {
    const { harness, scheduler } = subscribed();
    expect(constrain(harness, scheduler, hostname('web-.*'))?.status).toBe(200);
    harness.addAgent({ hostname: 'web-1' });
    harness.addAgent({ hostname: 'db-1' });
    expect(harness.offers(scheduler).map((offer) => offer.hostname)).toEqual(['web-1']);
    constrain(harness, scheduler, undefined);
    expect(
      harness
        .offers(scheduler)
        .map((offer) => offer.hostname)
        .sort(),
    ).toEqual(['db-1', 'web-1']);
  });

  it.each<[string, SchedulerOfferConstraints, string]>([
    [
      'of no group',
      { role_constraints: { dev: {} } },
      "Offer constraints are not valid: 'OfferConstraints::role_constraints' has an empty 'RoleConstraints::groups' for " +
        'role dev',
    ],
    [
      'of another role',
      hostname('a', 'ops'),
      "Offer constraints specify `role_constraints` for a role 'ops'not contained in the set of roles",
    ],
  ])('%s are refused', (_, constraints, text) => {
    const { harness, scheduler } = subscribed();
    expect(constrain(harness, scheduler, constraints)).toEqual({
      status: 400,
      text: `'UpdateFramework' call is not valid: ${text}`,
    });
  });

  it('with a pattern that is too complex are refused', () => {
    const { harness, scheduler } = subscribed();
    expect(constrain(harness, scheduler, hostname('(a{1,50}){1,50}'))?.text).toContain(
      "Offer constraints are not valid: A role dev has an invalid 'AttributeConstraint': ",
    );
  });
});

/** `between`: what happens between two steps. */
function excluded(harness: CoreHarness, only: string | null = null, between?: () => void) {
  const { core } = harness;
  const steps = excludedAgentsSteps({ state: core.state, explain: core.explanations(harness.now()) }, only);
  let step = steps.next();
  while (step.done !== true) {
    between?.();
    step = steps.next();
  }
  core.check();
  return step.value;
}

describe('the page on offer constraints', () => {
  it('lists for each role of each framework the agents excluded, and suppressed roles', () => {
    const harness = new CoreHarness().start();
    const first = harness.subscribe(frameworkInfo({ name: 'first', roles: ['ops', 'dev'] }), {
      suppressedRoles: ['ops'],
      constraints: hostname('web-.*'),
    });
    const second = harness.subscribe(frameworkInfo({ name: 'second', roles: ['dev'] }));
    const [db] = ['db-1', 'web-1'].map((name) => harness.addAgent({ hostname: name }).id);
    const rows = {
      [first.id]: { suppressed_roles: ['ops'], excluded_by_attribute_constraints: { dev: [db], ops: [] } },
      [second.id]: { suppressed_roles: [], excluded_by_attribute_constraints: { dev: [] } },
    };
    expect(excluded(harness)).toEqual({ ok: true, value: { frameworks: rows } });
    expect(excluded(harness, second.id)).toEqual({ ok: true, value: { frameworks: { [second.id]: rows[second.id] } } });
    expect(excluded(harness, 'nobody')).toEqual({ ok: true, value: { frameworks: {} } });
    // Whoever disconnects keeps its constraints, and its place in the list.
    harness.step({ kind: 'stream-closed', connection: first.connection });
    expect(excluded(harness)).toMatchObject({ value: { frameworks: { [first.id]: {} } } });
    harness.advanceAlive(61_000);
    expect(excluded(harness)).toEqual({ ok: true, value: { frameworks: { [second.id]: rows[second.id] } } });
  });

  it('is made in steps, in which frameworks and agents may go', () => {
    const harness = new CoreHarness().start();
    const info = frameworkInfo({ roles: ['dev'] });
    const [first] = [1, 2].map(() => harness.subscribe(info, { constraints: hostname('web-.*') }));
    const agents = Array.from({ length: 150 }, () => harness.addAgent({ hostname: 'db' }));
    let steps = 0;
    const answer = excluded(harness, null, () => {
      if (++steps !== 1) return;
      harness.call(first!, { type: 'TEARDOWN' });
      harness.step({ kind: 'link-exited', pid: agents[0]!.pid });
    });
    expect(steps).toBeGreaterThan(2);
    expect(answer.ok).toBe(true);
    expect(MAX_EXCLUSIONS).toBeGreaterThan(2 * agents.length);
  });

  it('is served by the path of the original', async () => {
    const master = await startTestMaster();
    const agent = await TestAgent.register(master);
    const scheduler = await TestScheduler.subscribe(master.port, frameworkInfo({ roles: ['dev'] }));
    await eventually('the subscription', () => scheduler.frameworkId !== '');
    await scheduler.call({
      type: 'UPDATE_FRAMEWORK',
      update_framework: {
        framework_info: frameworkInfo({ roles: ['dev'], id: { value: scheduler.frameworkId } }),
        offer_constraints: hostname('web-.*'),
      },
    });
    const path = '/hierarchical-allocator(1)/offer_constraints_debug';
    for (const written of [
      path,
      path.replace('(', '%28').replace(')', '%29'),
      `${path}?framework_id=${scheduler.frameworkId}`,
    ]) {
      const answer = await post(master.port, '', {}, { method: 'GET', path: written });
      expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json']);
      expect(JSON.parse(answer.text)).toEqual({
        frameworks: {
          [scheduler.frameworkId]: {
            suppressed_roles: [],
            excluded_by_attribute_constraints: { dev: [agent.id] },
          },
        },
      });
    }
    for (const [other, status] of [
      ['/offer_constraints_debug', 404],
      ['/master/offer_constraints_debug', 404],
    ] as const)
      expect((await post(master.port, '', {}, { method: 'GET', path: other })).status).toBe(status);
    expect((await post(master.port, '', {}, { path })).status).toBe(405);
  });
});
