import type { Attribute } from '@mesolite/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeText, fieldOf, formatConstraint, type Place, parseConstraint, Spread } from '../src/index.ts';
import { at, constraint, number, text } from './building.ts';

describe('constraints as written', () => {
  it.each([
    'hostname:UNIQUE',
    'rack:CLUSTER',
    'rack:CLUSTER:r1',
    'rack:GROUP_BY',
    'rack:GROUP_BY:3',
    'rack:LIKE:r[12]',
    'rack:UNLIKE:r.*',
    'hostname:MAX_PER:2',
    '@zone:IS:eu-1.a',
  ])('%s', (written) => {
    expect(formatConstraint(constraint(written))).toBe(written);
    expect(formatConstraint(constraint(written.replace(/:([A-Z_]+)/, (part) => part.toLowerCase())))).toBe(written);
  });

  it.each<[string[], string]>([
    [['hostname'], 'Each constraint must have either 2 or 3 fields'],
    [['a', 'LIKE', 'b', 'c'], 'Each constraint must have either 2 or 3 fields'],
    [['', 'UNIQUE'], 'Missing field and operator'],
    [
      ['a', 'NEAR'],
      'Constraint operator must be one of the following UNIQUE, CLUSTER, GROUP_BY, LIKE, UNLIKE, MAX_PER or IS',
    ],
    [['a', 'UNIQUE', '1'], 'Value specified but not used'],
    [['a', 'GROUP_BY', 'x'], 'Value was specified but is not a number'],
    [['a', 'GROUP_BY', '99999999999'], 'Value was specified but is not a number'],
    [['a', 'MAX_PER'], 'Value was not specified or is not a number'],
    [['a', 'MAX_PER', '1.5'], 'Value was not specified or is not a number'],
    [['a', 'LIKE'], 'A regular expression value must be provided'],
    [['a', 'UNLIKE', ''], 'A regular expression value must be provided'],
    [['a', 'IS'], 'IS must have a value of letters, digits, _, /, . and -'],
    [['a', 'IS', 'x y'], 'IS must have a value of letters, digits, _, /, . and -'],
  ])('%j is refused', (fields, error) => {
    expect(parseConstraint(fields)).toEqual({ ok: false, error });
  });

  it.each([
    '(',
    '(a)\\1',
    '(?=a)',
    'a'.repeat(1025),
    '((a{1,100}){1,100}){1,100}',
    'a{1000}'.repeat(146),
  ])('%s is no pattern', (pattern) => {
    const from = performance.now();
    const parsed = parseConstraint(['a', 'LIKE', pattern]);
    expect(performance.now() - from).toBeLessThan(200);
    expect(!parsed.ok && parsed.error.startsWith(`'${pattern}' is not a valid regular expression: `)).toBe(true);
  });

  it('patterns that blow up elsewhere are answered at once', () => {
    const spread = new Spread([constraint('hostname:LIKE:(a*)*b')]);
    expect(spread.unmet(at('a'.repeat(50_000)))).toBeDefined();
  });
});

describe('what a place says', () => {
  it.each<[string, Attribute]>([
    ['r1', text('x', 'r1')],
    ['8', number('x', 8)],
    ['1.5', number('x', 1.5)],
    ['0.001', number('x', 0.00123)],
    ['0.062', number('x', 0.0625)],
    ['0', number('x', -0.0001)],
    [
      '[1-2,5-9]',
      {
        name: 'x',
        type: 'RANGES',
        ranges: {
          range: [
            { begin: 5, end: 9 },
            { begin: 1, end: 2 },
          ],
        },
      },
    ],
    ['{a,b}', { name: 'x', type: 'SET', set: { item: ['b', 'a'] } }],
  ])('%s', (expected, attribute) => {
    expect(attributeText(attribute)).toBe(expected);
  });

  it('by field: its names, its domain, else the first attribute of that name', () => {
    const place: Place = { ...at('h', text('x', '1'), text('x', '2')), region: 'r', zone: 'z' };
    expect(['hostname', '@hostname', '@region', '@zone', 'x', 'y'].map((field) => fieldOf(place, field))).toEqual([
      'h',
      'h',
      'r',
      'z',
      '1',
      undefined,
    ]);
    expect(fieldOf(at('h'), '@zone')).toBeUndefined();
  });
});

describe('an operator', () => {
  const rack = (value: string): Place => at('h', text('rack', value));
  const racks = (...values: string[]): Place[] => values.map(rack);

  it.each<[string, string, Place[], Record<string, boolean>]>([
    ['UNIQUE: at most one for each value', 'rack:UNIQUE', racks('a', 'b'), { a: false, b: false, c: true }],
    ['CLUSTER: all where the first is', 'rack:CLUSTER', racks('a', 'a'), { a: true, b: false }],
    ['CLUSTER: anywhere as long as there is none', 'rack:CLUSTER', [], { a: true, b: true }],
    ['CLUSTER with a value: there', 'rack:CLUSTER:b', [], { a: false, b: true }],
    ['MAX_PER: so many for each value', 'rack:MAX_PER:2', racks('a', 'a', 'b'), { a: false, b: true, c: true }],
    ['LIKE: the whole value', 'rack:LIKE:a.?', [], { a: true, ab: true, abc: false, b: false }],
    ['UNLIKE: not the whole value', 'rack:UNLIKE:a.?', [], { a: false, ab: false, abc: true, b: true }],
    ['IS: that value', 'rack:IS:a', [], { a: true, b: false }],
    ['GROUP_BY: a new group always', 'rack:GROUP_BY', racks('a', 'a', 'b', 'b'), { c: true }],
    ['GROUP_BY: a used one if none has fewer', 'rack:GROUP_BY', racks('a', 'a', 'b'), { a: false, b: true }],
    [
      'GROUP_BY: none twice before so many are used',
      'rack:GROUP_BY:3',
      racks('a', 'b'),
      { a: false, b: false, c: true },
    ],
    ['GROUP_BY: then evenly', 'rack:GROUP_BY:2', racks('a', 'b'), { a: true, b: true }],
  ])('%s', (_, written, placed, expected) => {
    const spread = new Spread([constraint(written)], placed);
    const answers = Object.keys(expected).map((value) => [value, spread.unmet(rack(value)) === undefined]);
    expect(Object.fromEntries(answers)).toEqual(expected);
  });

  it.each([
    'UNIQUE',
    'CLUSTER',
    'GROUP_BY',
    'LIKE:.*',
    'MAX_PER:5',
    'IS:a',
  ])('%s never holds where there is no such field', (rest) => {
    expect(new Spread([constraint(`rack:${rest}`)]).unmet(at('h'))).toBeDefined();
  });

  it('UNLIKE holds where there is no such field', () => {
    expect(new Spread([constraint('rack:UNLIKE:.*')]).unmet(at('h'))).toBeUndefined();
  });

  it('IS compares numbers as numbers, and only those', () => {
    const is = (value: string, attribute: Attribute): boolean =>
      new Spread([constraint(`x:IS:${value}`)]).unmet(at('h', attribute)) === undefined;
    expect([is('8', number('x', 8)), is('8.0', number('x', 8)), is('8.0', text('x', '8'))]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('is named when it fails: the first of them', () => {
    const spread = new Spread([constraint('rack:IS:a'), constraint('hostname:UNIQUE')], [at('h')]);
    expect(formatConstraint(spread.unmet(rack('a'))!)).toBe('hostname:UNIQUE');
    expect(formatConstraint(spread.unmet(rack('b'))!)).toBe('rack:IS:a');
  });
});

describe('counting and its naive twin', () => {
  const values = ['a', 'b', 'c', 'd'];
  const place = fc
    .tuple(fc.constantFrom(...values), fc.option(fc.constantFrom(...values)))
    .map(([hostname, rack]) => (rack === null ? at(hostname) : at(hostname, text('rack', rack))));
  const written = fc.tuple(
    fc.constantFrom('hostname', 'rack'),
    fc.constantFrom(
      'UNIQUE',
      'CLUSTER',
      'CLUSTER:a',
      'GROUP_BY',
      'GROUP_BY:2',
      'GROUP_BY:3',
      'MAX_PER:2',
      'IS:b',
      'LIKE:[ab]',
      'UNLIKE:[ab]',
    ),
  );

  /** The rules of the operators, straight from the list of instances. */
  function holds(field: string, rest: string, candidate: Place, placed: readonly Place[]): boolean {
    const [operator, value] = rest.split(':');
    const own = fieldOf(candidate, field);
    if (own === undefined) return operator === 'UNLIKE';
    const all = placed.map((one) => fieldOf(one, field));
    const same = all.filter((one) => one === own).length;
    const used = [...new Set(all.filter((one) => one !== undefined))];
    switch (operator) {
      case 'UNIQUE':
        return same === 0;
      case 'CLUSTER':
        return (value === undefined || own === value) && all.every((one) => one === own);
      case 'MAX_PER':
        return same < Number(value);
      case 'IS':
        return own === value;
      case 'LIKE':
        return new RegExp(`^${value}$`).test(own);
      case 'UNLIKE':
        return !new RegExp(`^${value}$`).test(own);
      default: {
        const fewest = Math.min(...used.map((group) => all.filter((one) => one === group).length));
        return same === 0 || (used.length >= Number(value ?? 0) && same === fewest);
      }
    }
  }

  it('agree, whatever came and went', () => {
    fc.assert(
      fc.property(
        written,
        fc.array(place, { maxLength: 12 }),
        fc.array(fc.nat(20)),
        place,
        ([field, rest], come, go, candidate) => {
          const placed = [...come];
          const spread = new Spread([constraint(`${field}:${rest}`)], come);
          for (const index of go) for (const gone of placed.splice(index, 1)) spread.remove(gone);
          expect(spread.size).toBe(placed.length);
          expect(spread.unmet(candidate) === undefined).toBe(holds(field, rest, candidate, placed));
        },
      ),
      { numRuns: 1000 },
    );
  });
});
