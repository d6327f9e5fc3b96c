import { formatByteSize, formatDuration, idError, parseByteSize, parseDuration, toMillis } from '@mesolite/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('durations', () => {
  it.each([
    ['15secs', 15_000],
    ['1.5mins', 90_000],
    ['100ms', 100],
    ['5us', 0.005],
    ['7ns', 0.000007],
    ['2hrs', 7_200_000],
    ['1days', 86_400_000],
    ['3weeks', 1_814_400_000],
    ['-1secs', -1000],
  ])('reads %s as milliseconds', (text, ms) => {
    expect(parseDuration(text)).toEqual({ ok: true, value: ms });
  });

  it.each(['', '15', 'secs', '15 seconds', '15s', '1e3secs', '400000weeks'])('refuses %j', (text) => {
    expect(parseDuration(text).ok).toBe(false);
  });

  it('prints the largest unit that divides', () => {
    expect([15_000, 900_000, 604_800_000, 1500, 0, 0.5].map(formatDuration)).toEqual([
      '15secs',
      '15mins',
      '1weeks',
      '1500ms',
      '0ns',
      '500us',
    ]);
  });

  it('reads back what it prints', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 12 }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toEqual({ ok: true, value: ms });
      }),
    );
  });
});

describe('sizes', () => {
  it('are integers with units of powers of 1024', () => {
    expect(parseByteSize('2GB')).toEqual({ ok: true, value: 2 * 2 ** 30 });
    expect(formatByteSize(10 * 2 ** 20)).toBe('10MB');
    expect(['1.5GB', 'GB', '1gb', '10', '99999999TB'].map((text) => parseByteSize(text).ok)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('thousandths', () => {
  it('round half away from zero', () => {
    expect([0.1, 0.0005, 0.00049, -0.0005, 1.2345].map(toMillis)).toEqual([100, 1, 0, -1, 1235]);
  });
});

describe('ids', () => {
  it.each(['', '.', '..', 'a/b', 'a\\b', 'a\nb', 'x'.repeat(256)])('refuses %j', (id) => {
    expect(idError(id)).toBeTypeOf('string');
  });

  it.each(['a', 'with space', 'ü', 'x'.repeat(255), 'a..b'])('accepts %j', (id) => {
    expect(idError(id)).toBeUndefined();
  });
});
