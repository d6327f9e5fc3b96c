import { Resource, type ResourceDiskInfoSource } from '@mesolite/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allocatedTo,
  hasRefinedReservation,
  Resources,
  toEndpointFormat,
  toPostRefinement,
  toPreRefinement,
} from '../src/index.ts';
import { divisibleList, resource, resourceList } from './arbitrary-resources.ts';

const cpus = (value: number): Resource => ({ name: 'cpus', type: 'SCALAR', scalar: { value } });
const of = (...list: Resource[]): Resources => Resources.from(list);

describe('amounts', () => {
  it('are exact in thousandths, however often they are added', () => {
    let sum = Resources.empty;
    for (let i = 0; i < 1000; i++) sum = sum.plus(of(cpus(0.1)));
    expect(sum.scalar('cpus')).toBe(100);
    for (let i = 0; i < 1000; i++) sum = sum.minus(of(cpus(0.1)));
    expect(sum.isEmpty).toBe(true);
  });

  it('round to thousandths, halves away from zero', () => {
    expect([0.0004, 0.0005, 1.0005, 1.2344, 1.23456].map((value) => of(cpus(value)).scalarMillis('cpus'))).toEqual([
      0, 1, 1001, 1234, 1235,
    ]);
  });

  it('of nothing vanish', () => {
    const nothing = of(cpus(0), { name: 'ports', type: 'RANGES', ranges: {} }, { name: 'z', type: 'SET', set: {} });
    expect(nothing.isEmpty && nothing.size === 0 && String(nothing) === '{}').toBe(true);
  });

  it('count scalars in thousandths and items in thousands, as thresholds do', () => {
    const ports: Resource = { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 1, end: 3 }] } };
    expect(of(ports, cpus(0.5)).quantityMillis('ports')).toBe(3000);
    expect(of(ports, cpus(0.5)).quantityMillis('cpus')).toBe(500);
  });
});

describe('the laws', () => {
  const lists = { numRuns: 200 };

  it('addition is commutative and associative, with nothing as its unit', () => {
    fc.assert(
      fc.property(resourceList, resourceList, resourceList, (x, y, z) => {
        const [a, b, c] = [of(...x), of(...y), of(...z)];
        expect(a.plus(b).equals(b.plus(a))).toBe(true);
        expect(
          a
            .plus(b)
            .plus(c)
            .equals(a.plus(b.plus(c))),
        ).toBe(true);
        expect(a.plus(Resources.empty).equals(a)).toBe(true);
        expect(Resources.sum([a, b, c]).equals(a.plus(b).plus(c))).toBe(true);
      }),
      lists,
    );
  });

  it('a sum contains its parts, and taking one part leaves the other (ports apart, which are there once)', () => {
    const apart = (list: Resource[]): Resource[] => list.filter(({ type }) => type === 'SCALAR');
    fc.assert(
      fc.property(resourceList, resourceList, (x, y) => {
        const [a, b] = [of(...apart(x)), of(...apart(y))];
        const sum = a.plus(b);
        expect(sum.contains(a) && sum.contains(b)).toBe(true);
        expect(sum.minus(a).equals(b)).toBe(true);
      }),
      lists,
    );
  });

  it('what was taken may be put back', () => {
    fc.assert(
      fc.property(divisibleList, divisibleList, (x, y) => {
        const [a, b] = [of(...x), of(...y)];
        if (!a.contains(b)) return;
        expect(a.minus(b).plus(b).equals(a)).toBe(true);
      }),
      lists,
    );
  });

  it('containing is an order: reflexive, and antisymmetric up to equality', () => {
    fc.assert(
      fc.property(resourceList, resourceList, (x, y) => {
        const [a, b] = [of(...x), of(...y)];
        expect(a.contains(a) && a.contains(Resources.empty)).toBe(true);
        if (a.contains(b) && b.contains(a)) expect(a.equals(b)).toBe(true);
        expect(Resources.empty.contains(a)).toBe(a.isEmpty);
      }),
      lists,
    );
  });

  it('subtraction takes no more than there is', () => {
    fc.assert(
      fc.property(resourceList, resourceList, (x, y) => {
        const [a, b] = [of(...x), of(...y)];
        expect(a.contains(a.minus(b))).toBe(true);
        expect(a.minus(a).isEmpty).toBe(true);
      }),
      lists,
    );
  });

  it('the parts by role, reservation and sharing add up to the whole', () => {
    fc.assert(
      fc.property(resourceList, (list) => {
        const all = of(...list);
        expect(Resources.sum(all.byRole().values()).equals(all)).toBe(true);
        expect(all.reserved().plus(all.unreserved()).equals(all)).toBe(true);
        expect(all.shared().plus(all.nonShared()).equals(all)).toBe(true);
        expect(all.revocable().plus(all.nonRevocable()).equals(all)).toBe(true);
        for (const [role, part] of all.byRole()) if (role !== '') expect(part.allocate(role)).toBe(part);
      }),
      lists,
    );
  });

  it('allocating and back changes nothing else', () => {
    fc.assert(
      fc.property(resourceList, (list) => {
        const free = of(...list).unallocate();
        expect(free.allocate('r').unallocate().equals(free)).toBe(true);
        expect([...free.allocate('r').byRole().keys()]).toEqual(free.isEmpty ? [] : ['r']);
      }),
      lists,
    );
  });

  it('a reservation pushed is popped again', () => {
    fc.assert(
      fc.property(divisibleList, (list) => {
        const free = of(...list)
          .unallocate()
          .toUnreserved();
        const pushed = free.pushReservation({ type: 'DYNAMIC', role: 'x', principal: 'p' });
        expect(pushed.unreserved().isEmpty).toBe(true);
        expect(pushed.popReservation().equals(free)).toBe(true);
      }),
      lists,
    );
  });
});

describe('what merges', () => {
  const volume = { container_path: 'v', mode: 'RW' as const };
  const persistent = (id: string, more: Partial<Resource> = {}): Resource => ({
    name: 'disk',
    type: 'SCALAR',
    scalar: { value: 5 },
    reservations: [{ type: 'STATIC', role: 'a' }],
    disk: { persistence: { id, principal: 'p' }, volume },
    ...more,
  });

  it('is equal in all but the amount', () => {
    const base = cpus(1);
    const others: Partial<Resource>[] = [
      { name: 'mem' },
      { allocation_info: { role: 'a' } },
      { reservations: [{ type: 'STATIC', role: 'a' }] },
      { reservations: [{ type: 'DYNAMIC', role: 'a' }] },
      { reservations: [{ type: 'DYNAMIC', role: 'a', principal: 'p' }] },
      { reservations: [{ type: 'DYNAMIC', role: 'a', labels: { labels: [{ key: 'k' }] } }] },
      { revocable: {} },
      { provider_id: { value: 'p' } },
    ];
    const all = [base, ...others.map((more) => ({ ...base, ...more }))];
    expect(of(...all).size).toBe(all.length);
    expect(of(...all, ...all).size).toBe(all.length);
  });

  it('is of the same disk: its kind, place, vendor, id, profile and metadata', () => {
    const source = { type: 'PATH' as const, path: { root: '/a' } };
    const sources: ResourceDiskInfoSource[] = [
      source,
      { type: 'PATH', path: { root: '/b' } },
      { type: 'PATH', path: {} },
      { type: 'PATH' },
      { type: 'RAW' },
      { ...source, vendor: 'v' },
      { ...source, id: 'i' },
      { ...source, profile: 'p' },
      { ...source, metadata: { labels: [{ key: 'k' }] } },
      { ...source, metadata: { labels: [{ key: 'k', value: 'v' }] } },
    ];
    const disks = sources.map(
      (one): Resource => ({ name: 'disk', type: 'SCALAR', scalar: { value: 1 }, disk: { source: one } }),
    );
    expect(of(...disks, ...disks).size).toBe(sources.length);
  });

  it('labels are equal in any order', () => {
    const labelled = (...labels: { key: string }[]): Resource => ({
      ...cpus(1),
      reservations: [{ type: 'DYNAMIC', role: 'a', labels: { labels } }],
    });
    expect(of(labelled({ key: 'x' }, { key: 'y' }), labelled({ key: 'y' }, { key: 'x' })).size).toBe(1);
  });

  it('volumes, mounted disks and raw disks with an id are taken whole', () => {
    const mount = (value: number): Resource => ({
      name: 'disk',
      type: 'SCALAR',
      scalar: { value },
      disk: { source: { type: 'MOUNT', mount: { root: '/m' } } },
    });
    const two = of(mount(10), mount(10));
    expect(two.size).toBe(2);
    expect(two.contains(of(mount(20))) || two.contains(of(mount(5)))).toBe(false);
    expect(two.minus(of(mount(5))).equals(two)).toBe(true);
    expect(two.minus(of(mount(10))).size).toBe(1);
    expect(of(mount(10)).contains(two)).toBe(false);
    const volumes = of(persistent('v1'), persistent('v2'));
    expect(volumes.contains(of(persistent('v1', { scalar: { value: 4 } })))).toBe(false);
    expect(volumes.minus(of(persistent('v1'))).equals(of(persistent('v2')))).toBe(true);
  });

  it('of a disk neither the volume nor the principal tells two apart', () => {
    const other = persistent('v1', {
      disk: { persistence: { id: 'v1', principal: 'q' }, volume: { ...volume, container_path: 'w' } },
    });
    expect(of(persistent('v1')).contains(of(other))).toBe(true);
  });

  it('shared volumes count their holders', () => {
    const one = of(persistent('v1', { shared: {} }));
    const two = one.plus(one);
    expect([two.size, two.scalar('disk'), two.contains(one), one.contains(two)]).toEqual([1, 5, true, false]);
    expect(two.minus(one).equals(one)).toBe(true);
    expect(two.toProto().length).toBe(1);
  });
});

describe('formats', () => {
  const plain = (list: readonly Resource[]): string[] => list.map((one) => Resource.toJson(one));

  it('the old format says the same where it can, and comes back', () => {
    fc.assert(
      fc.property(fc.array(resource.filter((one) => !hasRefinedReservation([one]))), (list) => {
        const old = toPreRefinement(list);
        for (const one of old) expect(one.reservations === undefined && one.role !== undefined).toBe(true);
        expect(plain(toPostRefinement(old))).toEqual(plain(list));
        expect(Resources.from(old).equals(Resources.from(list))).toBe(true);
        expect(Resources.validate(old)).toBeUndefined();
      }),
    );
  });

  it('what operators are shown tells both, and is read back as the same', () => {
    fc.assert(
      fc.property(resourceList, (list) => {
        const shown = toEndpointFormat(list);
        expect(Resources.validate(shown)).toBeUndefined();
        expect(plain(toPostRefinement(shown))).toEqual(plain(list));
      }),
    );
  });

  it('what is allocated to nobody is taken to be allocated to a role, the rest stays', () => {
    const given: Resource[] = [
      { name: 'cpus', type: 'SCALAR', scalar: { value: 1 }, role: 'a' },
      { name: 'mem', type: 'SCALAR', scalar: { value: 1 }, allocation_info: { role: 'b' } },
    ];
    expect(allocatedTo('c', given)).toEqual([
      {
        name: 'cpus',
        type: 'SCALAR',
        scalar: { value: 1 },
        reservations: [{ type: 'STATIC', role: 'a' }],
        allocation_info: { role: 'c' },
      },
      given[1],
    ]);
    expect(allocatedTo('c', undefined)).toEqual([]);
  });

  it('a refined reservation has no old form', () => {
    const refined: Resource = {
      ...cpus(1),
      reservations: [
        { type: 'STATIC', role: 'a' },
        { type: 'DYNAMIC', role: 'a/b' },
      ],
    };
    expect(hasRefinedReservation([refined])).toBe(true);
    expect(() => toPreRefinement([refined])).toThrow('refined');
    expect(toEndpointFormat([refined])[0]).not.toHaveProperty('role');
  });

  it('collections come out as they went in', () => {
    fc.assert(
      fc.property(resourceList, (list) => {
        const once = Resources.from(list);
        expect(
          Resources.from(once.toProto()).equals(once.filterKind((kind) => !kind.shared).plus(sharedOnce(once))),
        ).toBe(true);
        const bytes = once.toProto().map((one) => Resource.decode(Resource.encode(one)));
        expect(plain(bytes)).toEqual(plain(once.toProto()));
      }),
    );
  });

  function sharedOnce(resources: Resources): Resources {
    return Resources.from(resources.shared().toProto());
  }

  it('sums of disks that stand alone take time by their number, not by its square', () => {
    const source: ResourceDiskInfoSource = { type: 'MOUNT', mount: { root: '/d' } };
    const disk = Resources.from([{ name: 'disk', type: 'SCALAR', scalar: { value: 10 }, disk: { source } }]);
    const from = performance.now();
    const sum = Resources.sum(Array.from({ length: 60_000 }, () => disk));
    expect(performance.now() - from).toBeLessThan(1000);
    expect([sum.size, sum.plus(disk).size, sum.scalar('disk')]).toEqual([60_000, 60_001, 600_000]);
  });

  it('unknown fields stay with their resource', () => {
    const bytes = Buffer.concat([Resource.encode(cpus(1)), Buffer.from([0x82, 0x06, 0x01, 0x78])]);
    const [out] = Resources.from([Resource.decode(bytes)]).toProto();
    expect(Buffer.from(Resource.encode(out!)).includes(Buffer.from([0x82, 0x06, 0x01, 0x78]))).toBe(true);
  });
});
