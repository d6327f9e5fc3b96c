import type {
  Attribute,
  SchedulerAttributeConstraintPredicate,
  SchedulerAttributeConstraintSelector,
  SchedulerOfferConstraints,
} from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { type ConstrainedAgent, OfferConstraints } from '../src/index.ts';

const LIMITS = { maxMemoryBytes: 4096, maxProgramSize: 100 };

function one(
  selector: SchedulerAttributeConstraintSelector,
  predicate: SchedulerAttributeConstraintPredicate,
): SchedulerOfferConstraints {
  return { role_constraints: { r: { groups: [{ attribute_constraints: [{ selector, predicate }] }] } } };
}

function admits(
  agent: ConstrainedAgent,
  selector: SchedulerAttributeConstraintSelector,
  predicate: SchedulerAttributeConstraintPredicate,
): boolean {
  const created = OfferConstraints.create(one(selector, predicate), LIMITS);
  if (!created.ok) throw new Error(created.error);
  return !created.value.excludes('r', agent);
}

function refused(constraints: SchedulerOfferConstraints): string {
  const created = OfferConstraints.create(constraints, LIMITS);
  return created.ok ? 'accepted' : created.error;
}

const text = (name: string, value: string): Attribute => ({ name, type: 'TEXT', text: { value } });
const AGENT: ConstrainedAgent = {
  hostname: 'host.example',
  region: 'north',
  attributes: [text('rack', 'r1'), text('rack', 'r2'), { name: 'gen', type: 'SCALAR', scalar: { value: 3 } }],
};

const PREDICATES: readonly SchedulerAttributeConstraintPredicate[] = [
  { exists: {} },
  { not_exists: {} },
  { text_equals: { value: 'r1' } },
  { text_not_equals: { value: 'r1' } },
  { text_matches: { regex: 'r.' } },
  { text_not_matches: { regex: 'r.' } },
];

describe('offer constraints', () => {
  it.each([
    ['a text, the first of its name', 'rack', [true, false, true, false, true, false]],
    ['an attribute that is no text', 'gen', [true, false, true, true, true, true]],
    ['nothing', 'absent', [false, true, false, true, false, true]],
  ])('ask of %s', (_, attribute_name, expected) => {
    expect(PREDICATES.map((predicate) => admits(AGENT, { attribute_name }, predicate))).toEqual(expected);
  });

  it('know hostname, region and zone, which may be unset', () => {
    const equals = (value: string) => ({ text_equals: { value } });
    expect(admits(AGENT, { pseudoattribute_type: 'HOSTNAME' }, equals('host.example'))).toBe(true);
    expect(admits(AGENT, { pseudoattribute_type: 'REGION' }, equals('south'))).toBe(false);
    expect(admits(AGENT, { pseudoattribute_type: 'ZONE' }, { not_exists: {} })).toBe(true);
  });

  it('match the whole text', () => {
    const matches = (regex: string) => admits(AGENT, { attribute_name: 'rack' }, { text_matches: { regex } });
    expect([matches('r'), matches('1'), matches('r1|x'), matches('r[0-9]+')]).toEqual([false, false, true, true]);
  });

  it('hold when one group holds, and a group when all of it does; other roles have none', () => {
    const has = (attribute_name: string) => ({ selector: { attribute_name }, predicate: { exists: {} } });
    const groups = (...names: string[][]) => ({
      role_constraints: { r: { groups: names.map((group) => ({ attribute_constraints: group.map(has) })) } },
    });
    const excludes = (constraints: SchedulerOfferConstraints, role: string): boolean => {
      const created = OfferConstraints.create(constraints, LIMITS);
      return created.ok && created.value.excludes(role, AGENT);
    };
    expect(excludes(groups(['rack', 'gen']), 'r')).toBe(false);
    expect(excludes(groups(['rack', 'absent']), 'r')).toBe(true);
    expect(excludes(groups(['absent'], ['gen']), 'r')).toBe(false);
    expect(excludes(groups(['absent']), 'other')).toBe(false);
  });

  it('are refused when something is missing or unknown', () => {
    expect(refused({ role_constraints: { r: {} } })).toContain("empty 'RoleConstraints::groups' for role r");
    expect(refused({ role_constraints: { r: { groups: [{}] } } })).toContain('empty RoleConstraints::Group');
    expect(refused(one({}, { exists: {} }))).toContain('Exactly one of');
    expect(refused(one({ pseudoattribute_type: 'UNKNOWN' }, { exists: {} }))).toContain('Unknown pseudoattribute');
    expect(refused(one({ attribute_name: 'a' }, {}))).toContain('Unknown predicate type');
  });

  it.each([
    '(',
    'a{1001}',
    '(?=a)',
    String.raw`(a)\1`,
    '((a{100}){100}){100}',
    'x'.repeat(5000),
    '[a-z]{90}b{60}',
  ])('are refused when the pattern is wrong, or too large: %#', (regex) => {
    const from = performance.now();
    expect(refused(one({ attribute_name: 'a' }, { text_matches: { regex } }))).toMatch(
      /Failed to construct regex|too complex/,
    );
    expect(performance.now() - from).toBeLessThan(1000);
  });

  it('take no longer for a pattern and text that make others backtrack', () => {
    const from = performance.now();
    const agent = { ...AGENT, attributes: [text('rack', `${'a'.repeat(20_000)}!`)] };
    expect(admits(agent, { attribute_name: 'rack' }, { text_matches: { regex: '(a|a)*(a+)+$' } })).toBe(false);
    expect(performance.now() - from).toBeLessThan(5000);
  });
});
