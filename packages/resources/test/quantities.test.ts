import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ResourceLimits, ResourceQuantities, Resources } from '../src/index.ts';
import { resourceList } from './arbitrary-resources.ts';

const quantities = (text: string): ResourceQuantities => {
  const parsed = ResourceQuantities.parse(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};
const limits = (text: string): ResourceLimits => {
  const parsed = ResourceLimits.parse(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};

/** Amounts by name as text: nothing included. */
const text = fc
  .array(fc.tuple(fc.constantFrom('cpus', 'disk', 'gpus', 'mem', 'ports'), fc.nat(9)), { maxLength: 6 })
  .map((pairs) => pairs.map(([name, value]) => `${name}:${value / 2}`).join(';'));
const limitText = fc
  .uniqueArray(fc.tuple(fc.constantFrom('cpus', 'disk', 'gpus', 'mem'), fc.nat(9)), { selector: ([name]) => name })
  .map((pairs) => pairs.map(([name, value]) => `${name}:${value / 2}`).join(';'));
const names = ['cpus', 'disk', 'gpus', 'mem', 'ports'];

describe('quantities', () => {
  it.each<[string, string]>([
    ['cpus:10;mem:1024;ports:3', 'cpus:10; mem:1024; ports:3'],
    [' mem : 1 ; cpus:0.5 ;', 'cpus:0.5; mem:1'],
    ['cpus:1;cpus:2', 'cpus:3'],
    ['cpus:0', '{}'],
    ['', '{}'],
    ['c p us:10', 'c p us:10'],
  ])('%s', (given, expected) => {
    expect(String(quantities(given))).toBe(expected);
  });

  it.each<[string, string]>([
    ['cpus', "Failed to parse 'cpus': missing or extra ':'"],
    ['cpus:1:2', "Failed to parse 'cpus:1:2': missing or extra ':'"],
    ['ports:[1-2]', "Failed to parse '[1-2]' to quantity: only scalar values are allowed"],
    ['cpus:-1', "Failed to parse '-1' to quantity: only scalar values are allowed"],
    ['cpus:nan', "Failed to parse 'nan' to quantity: only scalar values are allowed"],
    ['cpus:{a', "Failed to parse '{a' to quantity: Mismatched brackets"],
  ])('%s is refused', (given, error) => {
    expect(ResourceQuantities.parse(given)).toEqual({ ok: false, error });
  });

  it('are sums of numbers by name', () => {
    fc.assert(
      fc.property(text, text, (x, y) => {
        const [a, b] = [quantities(x), quantities(y)];
        for (const name of names) {
          expect(a.plus(b).millis(name)).toBe(a.millis(name) + b.millis(name));
          expect(a.minus(b).millis(name)).toBe(Math.max(0, a.millis(name) - b.millis(name)));
        }
        expect(a.contains(b)).toBe(names.every((name) => a.millis(name) >= b.millis(name)));
        expect(a.plus(b).equals(b.plus(a)) && a.plus(b).minus(b).equals(a)).toBe(true);
        expect(a.equals(b)).toBe(a.contains(b) && b.contains(a));
        expect(ResourceQuantities.fromMap(a.toMap()).equals(a)).toBe(true);
        expect(ResourceQuantities.sum([a, b, a]).equals(a.plus(b).plus(a))).toBe(true);
        expect([...a].every(([name, millis]) => millis > 0 && a.quantity(name) === millis / 1000)).toBe(true);
        expect(a.minus(a)).toBe(ResourceQuantities.empty);
      }),
    );
  });

  it('of resources count scalars in thousandths and items in thousands, and no kind twice', () => {
    const parts = Resources.from([
      { name: 'cpus', type: 'SCALAR', scalar: { value: 0.5 } },
      { name: 'cpus', type: 'SCALAR', scalar: { value: 1 }, reservations: [{ type: 'STATIC', role: 'a' }] },
      { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 1, end: 3 }] } },
      { name: 'zones', type: 'SET', set: { item: ['a', 'b'] } },
    ]);
    expect(String(ResourceQuantities.of(parts))).toBe('cpus:1.5; ports:3; zones:2');
    expect(String(ResourceQuantities.ofScalars(parts))).toBe('cpus:1.5');
    fc.assert(
      fc.property(resourceList, (list) => {
        const all = Resources.from(list);
        const counted = ResourceQuantities.of(all);
        for (const name of all.names()) expect(counted.millis(name)).toBe(all.quantityMillis(name));
      }),
    );
  });
});

describe('limits', () => {
  it.each<[string, string]>([
    ['mem:1024;cpus:0', 'cpus:0; mem:1024'],
    ['', '{}'],
  ])('%s', (given, expected) => {
    expect(String(limits(given))).toBe(expected);
  });

  it.each<[string, string]>([
    ['cpus:1;cpus:2', "Failed to parse '2' to limit: duplicate names are not allowed"],
    ['cpus:[1-2]', "Failed to parse '[1-2]' to limit: only scalar values are allowed"],
    ['cpus', "Failed to parse 'cpus': missing or extra ':'"],
  ])('%s is refused', (given, error) => {
    expect(ResourceLimits.parse(given)).toEqual({ ok: false, error });
  });

  it('bind only what they name', () => {
    fc.assert(
      fc.property(limitText, limitText, text, text, (x, y, p, q) => {
        const [a, b, used, more] = [limits(x), limits(y), quantities(p), quantities(q)];
        expect(a.allow(used)).toBe([...a].every(([name, millis]) => used.millis(name) <= millis));
        if (a.contains(b) && b.allow(used)) expect(a.allow(used)).toBe(true);
        expect(ResourceLimits.none.contains(a) && a.contains(a)).toBe(true);
        if (a.allow(used)) expect(a.minus(used).allow(more)).toBe(a.allow(used.plus(more)));
        for (const [name, millis] of a)
          expect(a.minus(used).millis(name)).toBe(Math.max(0, millis - used.millis(name)));
        expect(a.minus(used).millis('ports')).toBeUndefined();
        expect(ResourceLimits.fromMap(a.toMap()).equals(a)).toBe(true);
      }),
    );
  });
});
