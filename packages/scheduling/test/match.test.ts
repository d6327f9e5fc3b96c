import { seededRandom } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import type { Offer, Resource } from '@mesolite/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choosePorts, type Demand, fit, type MatchOptions, matchOffer, placeOf, Spread } from '../src/index.ts';
import { constraint, demand, offer, ports, scalar, text } from './building.ts';

const options = (more: Partial<MatchOptions> = {}): MatchOptions => ({ random: seededRandom(1), ...more });
const plain = [scalar('cpus', 4), scalar('mem', 1000), ports([31000, 31009])];

/** What is taken, or what speaks against it. */
function answer(wanted: Demand, offered: Offer, more: Partial<MatchOptions> = {}): string {
  const match = matchOffer(wanted, offered, new Spread(wanted.constraints), options(more));
  if (match.matched) return String(Resources.from(match.resources));
  return [...match.reasons, ...(match.constraint === undefined ? [] : [match.constraint])].join(', ');
}

describe('an offer is matched', () => {
  const web = '(reservations: [(STATIC,web)])';
  it.each<[string, Demand, Resource[], string]>([
    ['by what is free', demand(), plain, 'cpus:1; mem:100'],
    ['by nothing but what is wanted', demand({ cpuMillis: 0 }), plain, 'mem:100'],
    [
      'by what is reserved first',
      demand({ roles: ['web', '*'], cpuMillis: 1500 }),
      [scalar('cpus', 4), scalar('cpus', 1, 'web'), scalar('mem', 1000, 'web')],
      `cpus${web}:1; cpus:0.5; mem${web}:100`,
    ],
    [
      'by what is reserved only, when so wanted',
      demand({ roles: ['web'] }),
      [scalar('cpus', 4), scalar('mem', 1000, 'web')],
      'InsufficientCpus',
    ],
    ['in vain for other roles', demand(), [scalar('cpus', 4, 'web')], 'UnfulfilledRole'],
    [
      'in vain when it is too small: all is told',
      demand({ diskMillis: 1, gpuMillis: 1000, ports: [0] }),
      [scalar('cpus', 0.999)],
      'InsufficientCpus, InsufficientMemory, InsufficientDisk, InsufficientGpus, InsufficientPorts',
    ],
    [
      'without what may be taken back',
      demand(),
      [{ ...scalar('cpus', 4), revocable: {} }, scalar('mem', 500)],
      'InsufficientCpus',
    ],
    [
      'without volumes and disks of their own',
      demand({ diskMillis: 1000 }),
      [...plain, { ...scalar('disk', 5), disk: { source: { type: 'MOUNT', mount: { root: '/m' } } } }],
      'InsufficientDisk',
    ],
    [
      'with the very ports asked for',
      demand({ ports: [31009, 31001] }),
      plain,
      'cpus:1; mem:100; ports:[31001-31001, 31009-31009]',
    ],
    ['in vain for a port that is not there', demand({ ports: [80] }), plain, 'InsufficientPorts'],
    ['in vain for a port twice', demand({ ports: [31000, 31000] }), plain, 'InsufficientPorts'],
    ['in vain for too many ports', demand({ ports: Array<number>(11).fill(0) }), plain, 'InsufficientPorts'],
    [
      'in vain against a constraint, which is named',
      demand({ constraints: [constraint('hostname:LIKE:a.*')] }),
      plain,
      'UnfulfilledConstraint, hostname:LIKE:a.*',
    ],
  ])('%s', (_, wanted, resources, expected) => {
    expect(answer(wanted, offer('h', resources))).toBe(expected);
  });

  it('not long before its agent is maintained, nor while it is', () => {
    const startMs = 1_000_000;
    const nanoseconds = (ms: number): bigint => BigInt(ms) * 1_000_000n;
    const unavailability = {
      start: { nanoseconds: nanoseconds(startMs) },
      duration: { nanoseconds: nanoseconds(500) },
    };
    const at = (nowMs: number): string =>
      answer(demand(), offer('h', plain, { unavailability }), { maintenance: { nowMs, leadMs: 100 } });
    expect(
      [startMs - 101, startMs - 100, startMs + 499, startMs + 500].map((now) => at(now) === 'AgentMaintenance'),
    ).toEqual([false, true, true, false]);
    expect(answer(demand(), offer('h', plain, { unavailability }))).toBe('cpus:1; mem:100');
  });

  it('not when GPUs are kept for others', () => {
    const withGpus = offer('h', [...plain, scalar('gpus', 1)]);
    expect(answer(demand(), withGpus, { keepGpus: true })).toBe('DeclinedScarceResources');
    expect(answer(demand(), withGpus)).toBe('cpus:1; mem:100');
    expect(answer(demand({ gpuMillis: 1000 }), withGpus, { keepGpus: true })).toBe('cpus:1; mem:100; gpus:1');
  });

  it('not from another region, unless a region or zone is asked for', () => {
    const domain = { fault_domain: { region: { name: 'far' }, zone: { name: 'z' } } };
    const far = offer('h', plain, { domain });
    expect(answer(demand(), far, { homeRegion: 'near' })).toBe('UnfulfilledConstraint, @region:IS:near');
    expect(answer(demand(), far, { homeRegion: 'far' })).toBe('cpus:1; mem:100');
    expect(answer(demand({ constraints: [constraint('@zone:IS:z')] }), far, { homeRegion: 'near' })).toBe(
      'cpus:1; mem:100',
    );
    expect(answer(demand(), offer('h', plain), { homeRegion: 'near' })).toBe('cpus:1; mem:100');
  });

  it('with nothing that was not offered, of just the amounts wanted', () => {
    const offered = fc.array(
      fc.tuple(fc.constantFrom('cpus', 'mem', 'disk'), fc.nat(5000), fc.constantFrom(undefined, 'web', 'db')),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(offered, fc.nat(6000), fc.nat(6000), fc.nat(4), (list, cpuMillis, memMillis, count) => {
        const resources = [
          ...list.map(([name, millis, role]) => scalar(name, millis / 1000, role)),
          ports([1, 3], [7, 9]),
        ];
        const wanted = demand({ cpuMillis, memMillis, ports: Array<number>(count).fill(0), roles: ['web', '*'] });
        const match = matchOffer(wanted, offer('h', resources), new Spread([]), options());
        const all = Resources.from(resources);
        const usable = all.filterKind(({ reservationRole }) => reservationRole !== 'db');
        expect(match.matched).toBe(usable.scalarMillis('cpus') >= cpuMillis && usable.scalarMillis('mem') >= memMillis);
        if (!match.matched) return;
        const taken = Resources.from(match.resources);
        expect(usable.contains(taken)).toBe(true);
        expect([taken.scalarMillis('cpus'), taken.scalarMillis('mem'), taken.quantityMillis('ports')]).toEqual([
          cpuMillis,
          memMillis,
          count * 1000,
        ]);
        expect(new Set(match.ports).size).toBe(count);
      }),
    );
  });
});

describe('ports', () => {
  it('that may be any are neighbours from a random one on, round to the first', () => {
    const starts = new Set<number>();
    for (let seed = 0; seed < 50; seed++) {
      const chosen = choosePorts([ports([10, 12], [20, 22])], [0, 0, 0], seededRandom(seed));
      const order = [10, 11, 12, 20, 21, 22];
      const indices = chosen!.numbers.map((port) => order.indexOf(port));
      expect(indices).toEqual([0, 1, 2].map((i) => (indices[0]! + i) % 6));
      starts.add(indices[0]!);
    }
    expect(starts.size).toBe(6);
  });

  it('asked for by number are not given twice, and all keep their order', () => {
    for (let seed = 0; seed < 20; seed++) {
      const chosen = choosePorts([ports([10, 12])], [0, 11, 0], seededRandom(seed));
      expect(chosen?.numbers[1]).toBe(11);
      expect([...(chosen?.numbers ?? [])].sort()).toEqual([10, 11, 12]);
    }
  });

  it('are equal under one seed', () => {
    const choose = (): unknown => choosePorts([ports([1, 60_000])], [0, 0], seededRandom(7));
    expect(choose()).toEqual(choose());
  });
});

describe('what fits', () => {
  const hosts = (count: number, resources = plain): Offer[] =>
    Array.from({ length: count }, (_, i) => offer(`h${i}`, resources, { attributes: [text('rack', `r${i % 2}`)] }));

  it('is counted, and what is left is told', () => {
    const result = fit({ demand: demand({ cpuMillis: 1500 }), offers: hosts(2), instances: 10, options: options() });
    expect(result).toMatchObject({ placed: 4, counts: [2, 2], refusals: [{ reason: 'InsufficientCpus', offers: 2 }] });
    expect(result.left.map((one) => one.scalar('cpus'))).toEqual([1, 1]);
  });

  it('is no more than was asked for, in turn', () => {
    const result = fit({ demand: demand(), offers: hosts(3), instances: 4, options: options() });
    expect(result).toMatchObject({ placed: 4, counts: [2, 1, 1], refusals: [] });
  });

  it('keeps constraints, those of running instances too', () => {
    const offers = hosts(3);
    const unique = demand({ constraints: [constraint('hostname:UNIQUE')] });
    const result = fit({ demand: unique, offers, instances: 9, running: [placeOf(offers[1]!)], options: options() });
    expect(result.counts).toEqual([1, 0, 1]);
    expect(result.refusals).toEqual([{ reason: 'UnfulfilledConstraint', constraint: 'hostname:UNIQUE', offers: 3 }]);
    const grouped = demand({ constraints: [constraint('rack:GROUP_BY:2')] });
    expect(fit({ demand: grouped, offers, instances: 9, options: options() }).counts).toEqual([1, 4, 4]);
  });

  it('keeps to what quota allows of what is not reserved', () => {
    const offers = [offer('a', [scalar('cpus', 2), scalar('mem', 4000)]), offer('b', [scalar('cpus', 3, 'web')])];
    offers[1]!.resources!.push(scalar('mem', 4000, 'web'));
    const request = { demand: demand({ roles: ['*', 'web'] }), offers, instances: 9, options: options() };
    const limit = { name: 'cpus', millis: 1000, reason: 'QuotaLimit' as const };
    const headroom = { name: 'mem', millis: 150_000, reason: 'QuotaHeadroom' as const };
    const limited = fit({ ...request, allowances: [limit] });
    expect(limited.counts).toEqual([1, 3]);
    expect(limited.refusals).toEqual([
      { reason: 'QuotaLimit', resource: 'cpus', offers: 1 },
      { reason: 'InsufficientCpus', offers: 1 },
    ]);
    expect(fit({ ...request, allowances: [headroom] }).counts).toEqual([1, 3]);
    expect(fit({ ...request, allowances: [limit, headroom], instances: 2 })).toMatchObject({ placed: 2, refusals: [] });
  });

  it('is nothing without offers', () => {
    expect(fit({ demand: demand(), offers: [], instances: 1, options: options() })).toEqual({
      counts: [],
      placed: 0,
      left: [],
      refusals: [],
    });
  });
});
