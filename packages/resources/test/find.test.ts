/** Looking for amounts, cutting them down, counting them, telling them to those who know only some. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ResourceQuantities, type Resources, toFormatOf } from '../src/index.ts';
import { divisibleList, resourceList } from './arbitrary-resources.ts';
import { allocated, cpus, disk, dynamic, fixed, fromSource, MOUNT, of, on, ports, shared, volume } from './building.ts';

describe('finding', () => {
  it.each<[string, Resources, Resources, string]>([
    ['takes what is free', of(cpus(4)), of(cpus(1)), 'cpus:1'],
    ['nothing of nothing', of(cpus(4)), of(), '{}'],
    [
      'prefers what is reserved to the role that asks',
      of(cpus(1), on(cpus(2), fixed('a')), on(cpus(2), fixed('b'))),
      of(on(cpus(2), fixed('a'))),
      'cpus(reservations: [(STATIC,a)]):2',
    ],
    [
      'then takes what is free, then what is reserved to others',
      of(on(cpus(1), fixed('b')), cpus(1), on(cpus(1), fixed('a'))),
      of(on(cpus(3), fixed('a'))),
      'cpus(reservations: [(STATIC,a)]):1; cpus:1; cpus(reservations: [(STATIC,b)]):1',
    ],
    [
      'takes the free first when nobody in particular asks',
      of(on(cpus(2), fixed('a')), cpus(1)),
      of(cpus(2)),
      'cpus:1; cpus(reservations: [(STATIC,a)]):1',
    ],
    [
      'takes no second part of what is reserved to that role while anything is free',
      of(on(cpus(1), dynamic('a', 'p')), on(cpus(1), dynamic('a', 'q')), cpus(5)),
      of(on(cpus(3), fixed('a'))),
      'cpus(reservations: [(DYNAMIC,a,p)]):1; cpus:2',
    ],
    ['takes a part of a range', of(ports(1, 10)), of(ports(3, 4)), 'ports:[3-4]'],
    ['takes mounted disks whole', of(fromSource(disk(9), MOUNT)), of(fromSource(disk(9), MOUNT)), 'disk[MOUNT:/m]:9'],
  ])('%s', (_, held, wanted, expected) => {
    expect(String(held.find(wanted))).toBe(expected);
  });

  it.each<[string, Resources, Resources]>([
    ['more than there is', of(cpus(1), on(cpus(1), fixed('a'))), of(cpus(3))],
    ['another name', of(cpus(1)), of(disk(1))],
    ['part of a mounted disk', of(fromSource(disk(9), MOUNT)), of(fromSource(disk(5), MOUNT))],
    ['one of two targets', of(cpus(1)), of(cpus(1), disk(1))],
    ['another allocation', of(allocated(cpus(1), 'a')), of(cpus(1))],
    [
      'even itself behind three smaller ones, as the original does not',
      of(on(cpus(1), fixed('a')), cpus(1), on(cpus(1), fixed('b')), on(cpus(5), dynamic('a'))),
      of(on(cpus(5), dynamic('a'))),
    ],
  ])('does not find %s', (_, held, wanted) => {
    expect(held.find(wanted)).toBeUndefined();
  });

  it('answers a part of what is held, of the amounts asked for', () => {
    fc.assert(
      fc.property(divisibleList, divisibleList, (x, y) => {
        const held = of(...x);
        for (const target of of(...y).toProto()) {
          const found = held.find(of(target));
          if (found === undefined) continue;
          expect(held.contains(found)).toBe(true);
          expect(found.toUnreserved().equals(of(target).toUnreserved())).toBe(true);
        }
        const all = held.find(held);
        if (all !== undefined) expect(all.toUnreserved().equals(held.toUnreserved())).toBe(true);
      }),
    );
  });
});

describe('cutting down', () => {
  it('leaves what stays within its bounds, and nothing that was not there', () => {
    fc.assert(
      fc.property(resourceList, fc.nat(30_000), fc.nat(30_000), (list, cpuMillis, diskMillis) => {
        const held = of(...list);
        const bound: Record<string, number> = { cpus: cpuMillis, disk: diskMillis };
        const cut = held.cutTo(
          () => true,
          (name) => bound[name] ?? Number.POSITIVE_INFINITY,
        );
        expect(held.contains(cut) && ResourceQuantities.of(held).contains(ResourceQuantities.of(cut))).toBe(true);
        expect(ResourceQuantities.of(cut).contains(ResourceQuantities.of(held))).toBe(cut.equals(held));
        for (const [name, millis] of Object.entries(bound)) expect(cut.scalarMillis(name)).toBeLessThanOrEqual(millis);
        expect(cut.scalarMillis('mem')).toBe(held.scalarMillis('mem'));
      }),
    );
  });
});

describe('counting', () => {
  const kept = shared(volume('v', on(disk(5), dynamic('a'))));

  it('tells copies of shared volumes, and of others whether exactly that is there', () => {
    const held = of(cpus(2), kept, kept, kept);
    expect([cpus(2), cpus(1), kept, disk(5), cpus(0)].map((one) => held.count(one))).toEqual([1, 0, 3, 0, 0]);
  });

  it('is told at the end of the line', () => {
    expect(String(of(kept, kept))).toBe('disk(reservations: [(DYNAMIC,a)])[v:data]<SHARED>:5<2>');
  });
});

describe('parts', () => {
  it('by subtree of roles', () => {
    const held = of(on(cpus(1), fixed('a')), on(cpus(2), fixed('a/b')), on(cpus(4), fixed('ab')), cpus(8));
    expect(held.reservedToSubtree('a').scalar('cpus')).toBe(3);
    expect(held.allocate('a/b').allocatedToSubtree('a').scalar('cpus')).toBe(15);
    expect(held.allocate('ab').allocatedToSubtree('a').isEmpty && held.allocatedToSubtree('a').isEmpty).toBe(true);
  });

  it('by capability of who reads them', () => {
    const plain = [on(cpus(1), dynamic('a', 'p')), disk(1)];
    const refined = [...plain, on(cpus(1), fixed('a'), dynamic('a/b'))];
    const knows = new Set(['RESERVATION_REFINEMENT']);
    expect(toFormatOf(knows, refined)).toEqual({ ok: true, value: refined });
    expect(toFormatOf(new Set(), refined)).toEqual({
      ok: false,
      error: 'Cannot downgrade resources containing refined reservations',
    });
    const old = [
      { ...cpus(1), role: 'a', reservation: { principal: 'p' } },
      { ...disk(1), role: '*' },
    ];
    expect(toFormatOf(new Set(), plain)).toEqual({ ok: true, value: old });
  });
});
