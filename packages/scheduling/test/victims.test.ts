import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Place, selectVictims } from '../src/index.ts';
import { at, constraint, text } from './building.ts';

interface Instance {
  readonly name: string;
  readonly place: Place;
}

/** Instances named by their rack and number: `a1`, `a2`, `b1`. */
const on = (...names: string[]): Instance[] =>
  names.map((name) => ({ name, place: at(`h${name}`, text('rack', name[0]!), text('row', name[1] ?? '')) }));
const chosen = (constraints: string[], instances: Instance[], count: number): string[] =>
  selectVictims(constraints.map(constraint), instances, ({ place }) => place, count).map(({ name }) => name);

describe('whom to end', () => {
  it.each<[string, string[], string[], number, string[]]>([
    [
      'of the largest group, those first that stand first',
      ['rack:GROUP_BY'],
      ['a1', 'b1', 'b2', 'b3'],
      2,
      ['b1', 'b2'],
    ],
    [
      'of a largest group though another is as large',
      ['rack:GROUP_BY'],
      ['a1', 'b1', 'b2', 'c1', 'c2', 'c3', 'b3'],
      1,
      ['b1'],
    ],
    ['of each in turn once they are even', ['rack:GROUP_BY'], ['a1', 'a2', 'b1', 'b2'], 2, ['a1', 'b1']],
    ['all when all shall go', ['rack:GROUP_BY'], ['a1', 'b1'], 2, ['a1', 'b1']],
    ['nobody in particular without GROUP_BY', ['rack:UNIQUE', 'hostname:MAX_PER:2'], ['a1', 'b1', 'b2'], 1, []],
    ['nobody when nobody', ['rack:GROUP_BY'], ['a1', 'b1'], 0, []],
    [
      'making one a little worse for another’s sake, but not as bad as at first',
      ['rack:GROUP_BY', 'row:GROUP_BY'],
      ['c1', 'b3', 'c3', 'b3', 'c3'],
      3,
      ['c3', 'b3', 'c1'],
    ],
    ['for several constraints at once', ['rack:GROUP_BY', 'row:GROUP_BY'], ['a2', 'a1', 'b1', 'a3'], 1, ['a1']],
  ])('%s', (_, constraints, names, count, expected) => {
    expect(chosen(constraints, on(...names), count)).toEqual(expected);
  });

  it('never too many, each once, and what stays is no less even than it was, but for one', () => {
    const names = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(3)), { minLength: 1, maxLength: 15 });
    fc.assert(
      fc.property(names, fc.nat(15), (pairs, wanted) => {
        const instances = on(...pairs.map(([rack, row]) => `${rack}${row}`));
        const count = Math.min(wanted, instances.length);
        const victims = selectVictims([constraint('rack:GROUP_BY')], instances, ({ place }) => place, count);
        expect(new Set(victims).size).toBe(victims.length);
        // With one constraint there always is somebody in a largest group who may go.
        expect(victims.length).toBe(count);
        if (count === instances.length) return;
        const racks = [...new Set(instances.map(({ name }) => name[0]))];
        const unevenness = (left: readonly Instance[]): number => {
          const sizes = racks.map((rack) => left.filter(({ name }) => name[0] === rack).length);
          return Math.max(...sizes) - Math.min(...sizes);
        };
        const staying = instances.filter((one) => !victims.includes(one));
        expect(unevenness(staying)).toBeLessThanOrEqual(Math.max(1, unevenness(instances)));
      }),
      { numRuns: 500 },
    );
  });
});
