import { must } from '@mesolite/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpiryWheel } from '../src/expiry-wheel.ts';

const never = (): boolean => false;

describe('the expiry wheel', () => {
  it('lets go of what is over, of nothing else, however time goes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ forMs: fc.nat(5000), stepMs: fc.nat(900), limit: fc.integer({ min: 1, max: 9 }) })),
        (steps) => {
          const wheel = new ExpiryWheel(100);
          const there = new Map<number, number>();
          let nowMs = 0;
          const sweep = (limit: number): void =>
            wheel.sweep(nowMs, limit, (item) => nowMs >= must(there.get(item), 'item') && there.delete(item));
          for (const { forMs, stepMs, limit } of steps) {
            // The lowest number that is free, which the wheel may just have let go of.
            let item = 0;
            while (there.has(item)) item++;
            there.set(item, nowMs + forMs);
            wheel.add(nowMs + forMs, item);
            nowMs += stepMs;
            sweep(limit);
            expect(wheel.size).toBe(there.size);
          }
          sweep(Number.POSITIVE_INFINITY);
          for (const untilMs of there.values()) expect(untilMs).toBeGreaterThan(nowMs);
          expect(wheel.size).toBe(there.size);
        },
      ),
    );
  });

  it('looks at no more than it was told to, also when all end at once', () => {
    const wheel = new ExpiryWheel(100);
    for (let i = 0; i < 5000; i++) wheel.add(1000, i);
    let looks = 0;
    wheel.sweep(2000, 300, () => ++looks > 0);
    expect(looks).toBe(300);
    expect(wheel.size).toBe(4700);
  });

  it('goes through everything, a part at a time, when more is dead than alive', () => {
    const wheel = new ExpiryWheel(100);
    for (let i = 0; i < 6000; i++) wheel.add(1e9 + i, i);
    wheel.sweep(0, 10_000, never);
    wheel.noteDead(4000);
    const sizes = Array.from({ length: 7 }, () => {
      wheel.sweep(0, 1000, (item) => item < 4000);
      return wheel.size;
    });
    expect(sizes.every((size, i) => size >= 6000 - 1000 * (i + 1))).toBe(true);
    expect(sizes.at(-1)).toBe(2000);
  });
});
