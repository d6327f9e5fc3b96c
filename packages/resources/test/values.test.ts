import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  containsRanges,
  countRanges,
  equalRanges,
  expandRanges,
  flattenRanges,
  formatRanges,
  subtractRanges,
  unionRanges,
} from '../src/value-ranges.ts';
import { containsItems, sortItems, subtractItems, unionItems } from '../src/value-sets.ts';
import { parseValue } from '../src/value-text.ts';

/** Any list of ranges, overlapping or not. */
const list = fc.array(
  fc.tuple(fc.nat(60), fc.nat(9)).map(([begin, length]) => ({ begin, end: begin + length })),
  { maxLength: 12 },
);
const numbers = (ranges: readonly { begin: number; end: number }[]): Set<number> =>
  new Set(ranges.flatMap(({ begin, end }) => Array.from({ length: end - begin + 1 }, (_, i) => begin + i)));
const sorted = (set: Iterable<number>): number[] => [...set].sort((a, b) => a - b);

describe('ranges', () => {
  it('are the sets of numbers they hold, in the one canonical form', () => {
    fc.assert(
      fc.property(list, list, (x, y) => {
        const [a, b] = [flattenRanges(x), flattenRanges(y)];
        const [setA, setB] = [numbers(x), numbers(y)];
        const inside = (flat: readonly number[]): number[] => sorted(numbers(expandRanges(flat)));
        expect(inside(a)).toEqual(sorted(setA));
        expect(inside(unionRanges(a, b))).toEqual(sorted(new Set([...setA, ...setB])));
        expect(inside(subtractRanges(a, b))).toEqual(sorted([...setA].filter((n) => !setB.has(n))));
        expect(containsRanges(a, b)).toBe([...setB].every((n) => setA.has(n)));
        expect(countRanges(a)).toBe(setA.size);
        for (const flat of [a, unionRanges(a, b), subtractRanges(a, b)]) {
          for (let i = 1; i < flat.length; i++)
            expect(flat[i]! - flat[i - 1]!).toBeGreaterThanOrEqual(i % 2 === 0 ? 2 : 0);
          expect(equalRanges(flat, flattenRanges(expandRanges(flat)))).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('are written with a blank after the comma', () => {
    expect(formatRanges([31000, 31005, 31007, 31007])).toBe('[31000-31005, 31007-31007]');
    expect(formatRanges([])).toBe('[]');
  });
});

describe('sets', () => {
  const items = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'aa'));
  it('do what sets do', () => {
    fc.assert(
      fc.property(items, items, (x, y) => {
        const [a, b] = [sortItems(x), sortItems(y)];
        expect(unionItems(a, b)).toEqual([...new Set([...x, ...y])].sort());
        expect(subtractItems(a, b)).toEqual([...new Set(x)].filter((item) => !y.includes(item)).sort());
        expect(containsItems(a, b)).toBe(y.every((item) => x.includes(item)));
      }),
    );
  });
});

describe('values as text', () => {
  it.each<[string, unknown]>([
    ['45.55', { type: 'SCALAR', scalar: { value: 45.55 } }],
    [' 1 0 ', { type: 'SCALAR', scalar: { value: 10 } }],
    ['0', { type: 'SCALAR', scalar: { value: 0 } }],
    ['1e3', { type: 'SCALAR', scalar: { value: 1000 } }],
    [
      '[10000-20000, 30000-50000]',
      {
        type: 'RANGES',
        ranges: {
          range: [
            { begin: 10000, end: 20000 },
            { begin: 30000, end: 50000 },
          ],
        },
      },
    ],
    ['[3-5,1-2,6-6]', { type: 'RANGES', ranges: { range: [{ begin: 1, end: 6 }] } }],
    ['[]', { type: 'RANGES', ranges: { range: [] } }],
    ['{sda1, sda2}', { type: 'SET', set: { item: ['sda1', 'sda2'] } }],
    ['hello world', { type: 'TEXT', text: { value: 'helloworld' } }],
    ['-1', { type: 'TEXT', text: { value: '-1' } }],
    ['infinity', { type: 'TEXT', text: { value: 'infinity' } }],
    ['nan', { type: 'TEXT', text: { value: 'nan' } }],
  ])('%s', (text, value) => {
    expect(parseValue(text)).toEqual({ ok: true, value });
  });

  it.each<[string, string]>([
    ['', 'Expecting non-empty string'],
    ['  ', 'Expecting non-empty string'],
    ['[1-2', 'Mismatched brackets'],
    ['{a,b', 'Mismatched brackets'],
    ['a)', 'Mismatched brackets'],
    ['a[1-2]', "Unexpected '[' found"],
    ['a{b}', "Unexpected '{' found"],
    ['[1]', 'Expecting one or more "ranges"'],
    ['[1-2-3]', 'Expecting one or more "ranges"'],
    ['[a-b]', "Expecting non-negative integers in 'a-b'"],
    ['1e-310', 'Subnormal values not supported'],
    ['1e300', 'Values above 9007199254740 not supported'],
  ])('%s is refused', (text, error) => {
    expect(parseValue(text)).toEqual({ ok: false, error });
  });
});
