import type { SchedulerOfferConstraints } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { CoreHarness, frameworkInfo, repliesIn, type Scheduler } from './core-harness.ts';

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
