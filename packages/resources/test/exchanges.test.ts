/** Many exchanges in a row, against one at a time; and lookups of many against one at a time. */
import type { Resource } from '@mesolite/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convert, type Exchange, Resources } from '../src/index.ts';
import { resource, resourceList } from './arbitrary-resources.ts';
import { disk, of, reserved, shared, volume } from './building.ts';

/** Long lists of few different resources, so that many meet, merge and vanish. */
const held: fc.Arbitrary<Resources> = fc
  .tuple(resourceList, fc.array(resource, { minLength: 20, maxLength: 40 }))
  .map(([some, more]) => of(...some, ...more));

/** Of what is held, mostly. */
const exchangesOf = (from: Resources): fc.Arbitrary<Exchange[]> => {
  const list = from.toProto();
  const part = fc.oneof(
    { weight: 6, arbitrary: fc.array(fc.constantFrom(...list), { maxLength: 3 }) },
    { weight: 1, arbitrary: resourceList },
  );
  return fc.array(
    fc.record({
      consumed: part.map((one) => of(...one)),
      converted: part.map((one) => of(...one)),
      gone: fc.boolean(),
    }),
    { minLength: 2, maxLength: 20 },
  );
};

function oneByOne(from: Resources, exchanges: readonly Exchange[]): string {
  let now = from;
  for (const { consumed, converted, gone } of exchanges) {
    if (!now.contains(consumed)) return `${now} lacks ${consumed}`;
    now = now.minus(consumed).plus(converted);
    if (gone === true && now.contains(consumed)) return `${consumed} is left`;
  }
  return String(now);
}

function inARow(from: Resources, exchanges: readonly Exchange[]): string {
  const { held: now, done, isLeft } = from.exchange(exchanges);
  const stopped = exchanges[done];
  if (stopped === undefined) return String(now);
  return isLeft ? `${stopped.consumed} is left` : `${now} lacks ${stopped.consumed}`;
}

describe('exchanges in a row', () => {
  it('come to what they come to one by one, in the same order', () => {
    fc.assert(
      fc.property(
        held.filter(({ isEmpty }) => !isEmpty).chain((from) => fc.tuple(fc.constant(from), exchangesOf(from))),
        ([from, exchanges]) => {
          const before = String(from);
          expect(inARow(from, exchanges)).toBe(oneByOne(from, exchanges));
          expect(String(from)).toBe(before);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('make volumes of one disk and the disk of the volumes again', () => {
    const volumes = Array.from({ length: 100 }, (_, i) => volume(`v${i}`, reserved(disk(1))));
    const whole = of(reserved(disk(100)));
    const made = volumes.map((one) => ({ consumed: of(reserved(disk(1))), converted: of(one) }));
    expect(whole.exchange(made).held.equals(of(...volumes))).toBe(true);
    const unmade = made.map(({ consumed, converted }) => ({ consumed: converted, converted: consumed, gone: true }));
    expect(String(of(...volumes).exchange(unmade).held)).toBe(String(whole));
    expect(whole.exchange([...made, made[0]!])).toMatchObject({ done: 100, isLeft: false });
  });

  it('stop where a copy is left of what has to be gone', () => {
    const one = shared(volume('v', reserved(disk(1))));
    const destroyed = { consumed: of(one), converted: of(reserved(disk(1))), gone: true };
    expect(of(one, one).exchange([destroyed])).toMatchObject({ done: 0, isLeft: true });
    expect(convert(of(one, one), [destroyed])).toMatchObject({
      ok: false,
      error: expect.stringMatching(/\[v:data\].*cannot be removed due to additional shared copies/) as string,
    });
  });
});

describe('of many', () => {
  it('each or some are there when they are one by one', () => {
    fc.assert(
      fc.property(held, fc.array(resource, { maxLength: 30 }), (from, more) => {
        const list: Resource[] = of(...from.toProto().slice(0, 20), ...more).toProto();
        const all = Resources.from(list);
        const found = all.toProto().map((one) => from.contains(of(one)));
        expect([from.containsEach(all), from.containsSome(all)]).toEqual([
          found.every((is) => is),
          found.some((is) => is),
        ]);
      }),
      { numRuns: 300 },
    );
  });
});
