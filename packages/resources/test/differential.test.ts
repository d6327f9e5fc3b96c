/** The algebra against its naive twin, over random traces: the same answers, the same amounts. */
import type { OfferOperation, Resource } from '@mesolite/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INDEXED_FROM } from '../src/entry-index.ts';
import { applyOperation, Resources } from '../src/index.ts';
import { resource, resourceList } from './arbitrary-resources.ts';
import { apply, type Bag, bagOf, contains, minus, plus } from './naive-twin.ts';

/** What the twin would hold. A shared volume is one message, whatever its count. */
function bag(resources: Resources): Bag {
  return bagOf(resources.toProto().flatMap((one) => Array.from({ length: resources.count(one) }, () => one)));
}

type Step =
  | { readonly does: 'plus'; readonly list: readonly Resource[] }
  | { readonly does: 'minus'; readonly list: readonly Resource[] }
  | { readonly does: Deed; readonly pick: number; readonly share: number };
type Deed = 'take' | 'reserve' | 'unreserve' | 'create' | 'destroy';

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    does: fc.constantFrom('plus', 'minus'),
    list: fc.array(resource, { maxLength: 3 }),
  }) as fc.Arbitrary<Step>,
  fc.record({
    does: fc.constantFrom<Deed>('take', 'reserve', 'unreserve', 'create', 'destroy'),
    pick: fc.nat(50),
    share: fc.constantFrom(0.25, 0.5, 1, 1, 1, 1.5),
  }),
);

/** Of one resource that is held and allowed for it, about that share of it: what an operation or a task asks for. */
function part(held: Resources, does: Deed, pick: number, share: number): Resource | undefined {
  const list = held.toProto().filter((one) => allowed(does, one));
  const one = list[pick % Math.max(1, list.length)];
  if (one?.scalar === undefined) return one;
  return { ...one, scalar: { value: Math.max(1, Math.round(one.scalar.value * share * 1000)) / 1000 } };
}

function operationOf(does: Exclude<Deed, 'take'>, one: Resource): OfferOperation {
  const stack = one.reservations ?? [];
  switch (does) {
    case 'reserve': {
      const role = `${stack.at(-1)?.role ?? 'top'}/r`;
      const reserved: Resource = { ...one, reservations: [...stack, { type: 'DYNAMIC', role, principal: 'p' }] };
      return { type: 'RESERVE', reserve: { resources: [reserved] } };
    }
    case 'unreserve':
      return { type: 'UNRESERVE', unreserve: { resources: [one] } };
    case 'create': {
      const persistence = { id: 'new', principal: 'p' };
      const disk = { ...one.disk, persistence, volume: { container_path: 'data', mode: 'RW' as const } };
      return { type: 'CREATE', create: { volumes: [{ ...one, disk }] } };
    }
    case 'destroy':
      return { type: 'DESTROY', destroy: { volumes: [one] } };
  }
}

/** Whether the rules of the operation would let it pass; the twin knows none. */
function allowed(does: Deed, one: Resource): boolean {
  switch (does) {
    case 'take':
      return true;
    case 'reserve':
      return one.revocable === undefined && one.disk?.persistence === undefined;
    case 'unreserve':
      return (one.reservations ?? []).length > 0 && one.disk?.persistence === undefined;
    case 'create':
      return one.name === 'disk' && one.disk?.persistence === undefined && one.revocable === undefined;
    case 'destroy':
      return one.disk?.persistence !== undefined;
  }
}

describe('the algebra and its naive twin', () => {
  it('agree on sums, differences and what contains what', () => {
    fc.assert(
      fc.property(resourceList, resourceList, (x, y) => {
        const [a, b] = [Resources.from(x), Resources.from(y)];
        const [p, q] = [bagOf(x), bagOf(y)];
        expect(bag(a)).toEqual(p);
        expect(bag(a.plus(b))).toEqual(plus(p, q));
        expect(bag(a.minus(b))).toEqual(minus(p, q));
        expect(a.contains(b)).toBe(contains(p, q));
        expect(a.equals(b)).toBe(contains(p, q) && contains(q, p));
      }),
      { numRuns: 1000 },
    );
  });

  it('agree on collections that are large enough to be indexed, after any trace of sums and differences', () => {
    const large = fc.array(resource, { minLength: 25, maxLength: 60 });
    const change = fc.record({ does: fc.constantFrom('plus', 'minus'), list: resourceList });
    let indexed = 0;
    fc.assert(
      fc.property(large, fc.array(change, { maxLength: 12 }), resourceList, (list, changes, asked) => {
        let held = Resources.from(list);
        let twin = bagOf(list);
        for (const { does, list: given } of changes) {
          if (held.size >= INDEXED_FROM) indexed++;
          held = does === 'plus' ? held.plus(Resources.from(given)) : held.minus(Resources.from(given));
          twin = (does === 'plus' ? plus : minus)(twin, bagOf(given));
          expect(bag(held)).toEqual(twin);
          expect(held.contains(Resources.from(asked))).toBe(contains(twin, bagOf(asked)));
        }
      }),
      { numRuns: 300 },
    );
    expect(indexed).toBeGreaterThan(300);
  });

  it('agree after any trace of taking, giving back and operations', () => {
    let done = 0;
    fc.assert(
      fc.property(resourceList, fc.array(step, { minLength: 5, maxLength: 20 }), (list, steps) => {
        let held = Resources.from(list);
        let twin = bagOf(list);
        for (const one of steps) {
          if (one.does === 'plus' || one.does === 'minus') {
            const given = Resources.from(one.list);
            held = one.does === 'plus' ? held.plus(given) : held.minus(given);
            twin = (one.does === 'plus' ? plus : minus)(twin, bagOf(one.list));
          } else {
            const wanted = part(held, one.does, one.pick, one.share);
            if (wanted === undefined) continue;
            if (one.does === 'take') {
              expect(held.contains(Resources.from([wanted]))).toBe(contains(twin, bagOf([wanted])));
              held = held.minus(Resources.from([wanted]));
              twin = minus(twin, bagOf([wanted]));
            } else {
              const operation = operationOf(one.does, wanted);
              const result = applyOperation(held, operation);
              const expected = apply(twin, operation);
              // The twin does not see numbers melt into equal ones that are there already: such is refused.
              if (!result.ok && result.error.startsWith('Operation would change amounts')) continue;
              expect(result.ok).toBe(expected !== undefined);
              if (!result.ok || expected === undefined) continue;
              done++;
              held = result.value;
              twin = expected;
            }
          }
          expect(bag(held)).toEqual(twin);
        }
      }),
      { numRuns: 600 },
    );
    expect(done).toBeGreaterThan(300);
  });
});
