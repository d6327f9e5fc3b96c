import { outgrows } from '@mesolite/base';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { OfferConstraints } from '../src/index.ts';

/** What the original's defaults come to: 4 KiB of memory. */
const LIMIT = 85;

const characters = fc.constantFrom(
  'a',
  'b',
  'ab',
  'é',
  '𝒳',
  '.',
  '\\.',
  '\\x41',
  '\\x{3b1}',
  '\\d',
  '\\W',
  '\\pL',
  '\\101',
);
const classes = fc.constantFrom(
  '[a-z]',
  '[^a]',
  '[]a]',
  '[[:alpha:]_]',
  '[\\]\\d-]',
  '[a\\-z]',
  '[\\p{Greek}x]',
  '[^\\n-\\x{ff}]',
);
const others = fc.constantFrom(
  '^',
  '$',
  '\\b',
  '\\B',
  '\\Qa{9}|\\E',
  '{',
  'a{,3}',
  'a{03}',
  '(?i)',
  '(?:)',
  '()',
  '(?-s:a)',
);
const quantifiers = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  fc.constantFrom('*', '+', '?', '*?', '+?', '??'),
  fc
    .tuple(fc.nat({ max: 60 }), fc.nat({ max: 30 }), fc.constantFrom('', '?'))
    .chain(([least, more, lazy]) =>
      fc.constantFrom(`{${least}}${lazy}`, `{${least},}${lazy}`, `{${least},${least + more}}${lazy}`),
    ),
);

const { pattern: patterns } = fc.letrec<{ pattern: string; branch: string; piece: string }>((tie) => ({
  pattern: fc.array(tie('branch'), { minLength: 1, maxLength: 4 }).map((branches) => branches.join('|')),
  branch: fc.array(tie('piece'), { maxLength: 5 }).map((pieces) => pieces.join('')),
  piece: fc
    .tuple(
      fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        characters,
        classes,
        others,
        fc
          .tuple(fc.constantFrom('(', '(?:', '(?i:', '(?P<n>', '(?U:'), tie('pattern'))
          .map(([open, inside]) => `${open}${inside})`),
      ),
      quantifiers,
    )
    .map((parts) => parts.join('')),
}));

/** The size that the engine makes of it; nothing where it refuses. */
function sizeOf(pattern: string): number | undefined {
  try {
    return RE2JS.compile(pattern).programSize();
  } catch {
    return undefined;
  }
}

function refusal(regex: string): string {
  const selector = { attribute_name: 'a' };
  const groups = [{ attribute_constraints: [{ selector, predicate: { text_matches: { regex } } }] }];
  const created = OfferConstraints.create(
    { role_constraints: { r: { groups } } },
    { maxMemoryBytes: 4096, maxProgramSize: 100 },
  );
  return created.ok ? 'accepted' : created.error;
}

describe('the size of a pattern told from its text', () => {
  it('refuses none that the engine compiles within the limit', () => {
    fc.assert(
      fc.property(patterns, (pattern) => {
        fc.pre(pattern.length < 400 && !outgrows(pattern, 5000));
        const size = sizeOf(pattern);
        if (size !== undefined && size <= LIMIT) expect(outgrows(pattern, LIMIT)).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });

  it('lets through none that compiles to many times the limit', () => {
    fc.assert(
      fc.property(patterns, (pattern) => {
        fc.pre(pattern.length < 400 && !outgrows(pattern, LIMIT));
        expect(sizeOf(pattern) ?? 0).toBeLessThan(LIMIT * 10);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['many branches of one', 'aa|ab|ac|ad|b[a-z]{20}|b[a-z]{20}x'.repeat(1), false],
    [
      'branches that share a beginning',
      Array.from({ length: 60 }, (_, i) => `web-[0-9]{12}-${String.fromCodePoint(0x3b1 + i)}`).join('|'),
      false,
    ],
    ['what is repeated no times', '(?:a{1000}){0}', false],
    ['repetitions of repetitions', '(?:(?:(?:a{9}){9}){9})', true],
    ['a choice of long ones', 'a{60}|b{60}|c{60}|d{60}|e{60}|f{60}', true],
    ['choices in a repetition', '(?:a|bb|ccc){90}', true],
    ['stars upon stars, repeated', `(?:${'(?:'.repeat(50)}a${')?)+'.repeat(25)}){500}`, true],
  ])('knows %s', (_, pattern, large) => {
    expect(outgrows(pattern, LIMIT)).toBe(large);
  });

  it.each([
    ['a repetition many times over', 'a{1000}'.repeat(585)],
    ['branches of repetitions', 'a{99}|b{98}|'.repeat(340)],
    ['repetitions after each other in a group', `(?:${'[ab]{9}'.repeat(400)}){100}`],
    ['properties in a class', `[${'\\pL'.repeat(1300)}]`],
    ['a choice of properties', '\\pL|'.repeat(1023)],
    ['wide ranges without regard to case', `(?i)[${'a-\u{ffff}'.repeat(1300)}]`],
    ['the same with code points as numbers', `(?i:[${'\\x{61}-\\x{ffff}'.repeat(250)}])`],
    ['groups in groups', `${'('.repeat(900)}a${')'.repeat(900)}`],
  ])('refuses %s in a moment', (_, regex) => {
    const from = performance.now();
    expect(refusal(regex)).toMatch(/pattern too large|too complex/);
    expect(performance.now() - from).toBeLessThan(50);
  });
});
