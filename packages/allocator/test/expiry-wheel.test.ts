import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpiryWheel } from '../src/expiry-wheel.ts';

interface Item {
  readonly untilMs: number;
  dead: boolean;
}

const never = (): boolean => false;

describe('the expiry wheel', () => {
  it('lets go of what is over, of nothing else, however time goes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ forMs: fc.nat(5000), stepMs: fc.nat(900), limit: fc.integer({ min: 1, max: 9 }) })),
        (steps) => {
          const wheel = new ExpiryWheel<Item>(100);
          const there = new Set<Item>();
          let nowMs = 0;
          const sweep = (limit: number): void =>
            wheel.sweep(nowMs, limit, (item) => nowMs >= item.untilMs && there.delete(item));
          for (const { forMs, stepMs, limit } of steps) {
            const item = { untilMs: nowMs + forMs, dead: false };
            there.add(item);
            wheel.add(item.untilMs, item);
            nowMs += stepMs;
            sweep(limit);
            expect(wheel.size).toBe(there.size);
          }
          sweep(Number.POSITIVE_INFINITY);
          for (const { untilMs } of there) expect(untilMs).toBeGreaterThan(nowMs);
          expect(wheel.size).toBe(there.size);
        },
      ),
    );
  });

  it('looks at no more than it was told to, also when all end at once', () => {
    const wheel = new ExpiryWheel<number>(100);
    for (let i = 0; i < 5000; i++) wheel.add(1000, i);
    let looks = 0;
    wheel.sweep(2000, 300, () => ++looks > 0);
    expect(looks).toBe(300);
    expect(wheel.size).toBe(4700);
  });

  it('goes through everything, a part at a time, when more is dead than alive', () => {
    const wheel = new ExpiryWheel<Item>(100);
    const items = Array.from({ length: 6000 }, (_, i) => ({ untilMs: 1e9 + i, dead: false }));
    for (const item of items) wheel.add(item.untilMs, item);
    wheel.sweep(0, 10_000, never);
    for (const item of items.slice(0, 4000)) item.dead = true;
    wheel.noteDead(4000);
    const sizes = Array.from({ length: 7 }, () => {
      wheel.sweep(0, 1000, (item) => item.dead);
      return wheel.size;
    });
    expect(sizes.every((size, i) => size >= 6000 - 1000 * (i + 1))).toBe(true);
    expect(sizes.at(-1)).toBe(2000);
  });
});
