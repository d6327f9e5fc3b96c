import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utcText } from '../src/index.ts';

describe('utcText', () => {
  it('says what the calendar says', () => {
    expect(utcText(0)).toBe('1970-01-01T00:00:00.000Z');
    expect(utcText(951_782_400_000)).toBe('2000-02-29T00:00:00.000Z');
    expect(utcText(1_767_225_599_999.9)).toBe('2025-12-31T23:59:59.999Z');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (ms) => utcText(ms) === new Date(ms).toISOString()),
      { numRuns: 2000 },
    );
  });

  it('says nothing of what is no time', () => {
    expect([Number.NaN, -1, Number.POSITIVE_INFINITY, 253_402_300_800_000].map(utcText)).toEqual(['-', '-', '-', '-']);
  });
});
