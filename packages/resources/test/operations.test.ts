/** What resources become by operations on them. */
import type { OfferOperation } from '@mesolite/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyOperation,
  consumedBy,
  conversionsOf,
  isSpeculative,
  ResourceQuantities,
  type Resources,
} from '../src/index.ts';
import { divisibleList } from './arbitrary-resources.ts';
import {
  allocated,
  cpus,
  create,
  destroy,
  disk,
  dynamic,
  fixed,
  fromSource,
  grow,
  MOUNT,
  mine,
  of,
  on,
  PATH,
  ports,
  reserve,
  reserved,
  shared,
  shrink,
  unreserve,
  volume,
} from './building.ts';

const R = '(reservations: [(DYNAMIC,dev,p)])';

const applied = (held: Resources, ...operations: OfferOperation[]): string => {
  let now = held;
  for (const operation of operations) {
    const result = applyOperation(now, operation);
    if (!result.ok) return `refused: ${result.error}`;
    now = result.value;
  }
  return String(now);
};

describe('an operation', () => {
  it.each<[string, Resources, OfferOperation[], string]>([
    ['RESERVE sets aside', of(cpus(8)), [reserve(reserved(cpus(2)))], `cpus:6; cpus${R}:2`],
    ['RESERVE of all', of(cpus(2), disk(1)), [reserve(reserved(cpus(2)), reserved(disk(1)))], `cpus${R}:2; disk${R}:1`],
    ['RESERVE of ports', of(ports(1, 9)), [reserve(reserved(ports(4, 5)))], `ports:[1-3, 6-9]; ports${R}:[4-5]`],
    [
      'RESERVE refines what is reserved above',
      of(on(cpus(4), fixed('dev'))),
      [reserve(on(cpus(1), fixed('dev'), dynamic('dev/x')))],
      'cpus(reservations: [(STATIC,dev)]):3; cpus(reservations: [(STATIC,dev),(DYNAMIC,dev/x)]):1',
    ],
    [
      'RESERVE with a source changes the stack',
      of(on(cpus(4), mine)),
      [{ type: 'RESERVE', reserve: { source: [on(cpus(4), mine)], resources: [on(cpus(4), dynamic('ops'))] } }],
      'cpus(reservations: [(DYNAMIC,ops)]):4',
    ],
    ['RESERVE of nothing changes nothing', of(cpus(1)), [reserve()], 'cpus:1'],
    [
      'RESERVE of more than is free',
      of(cpus(7), on(cpus(1), mine)),
      [reserve(reserved(cpus(8)))],
      `refused: cpus:7; cpus${R}:1 does not contain cpus:8`,
    ],
    [
      'RESERVE of what another holds',
      of(allocated(cpus(8), 'dev')),
      [reserve(reserved(cpus(8)))],
      'refused: cpus(allocated: dev):8 does not contain cpus:8',
    ],
    ['UNRESERVE gives back', of(on(cpus(4), mine)), [unreserve(reserved(cpus(1)))], `cpus${R}:3; cpus:1`],
    [
      'UNRESERVE takes the topmost only',
      of(on(cpus(4), mine, dynamic('dev/x'))),
      [unreserve(on(cpus(4), mine, dynamic('dev/x')))],
      `cpus${R}:4`,
    ],
    [
      'UNRESERVE of more than is reserved',
      of(on(cpus(4), mine)),
      [unreserve(reserved(cpus(5)))],
      `refused: cpus${R}:4 does not contain cpus${R}:5`,
    ],
    [
      'CREATE makes a volume of reserved disk',
      of(reserved(disk(100))),
      [create(volume('v', reserved(disk(40))))],
      `disk${R}:60; disk${R}[v:data]:40`,
    ],
    [
      'CREATE on a mounted disk takes it whole',
      of(fromSource(reserved(disk(100)), MOUNT)),
      [create(volume('v', fromSource(reserved(disk(100)), MOUNT)))],
      `disk${R}[MOUNT:/m,v:data]:100`,
    ],
    [
      'CREATE of part of a mounted disk',
      of(fromSource(reserved(disk(100)), MOUNT)),
      [create(volume('v', fromSource(reserved(disk(40)), MOUNT)))],
      `refused: disk${R}[MOUNT:/m]:100 does not contain disk${R}[MOUNT:/m]:40`,
    ],
    [
      'CREATE of two, the second too large: neither',
      of(reserved(disk(50))),
      [create(volume('v', reserved(disk(40))), volume('w', reserved(disk(40))))],
      `refused: disk${R}:10; disk${R}[v:data]:40 does not contain disk${R}:40`,
    ],
    [
      'CREATE of a shared volume holds it once',
      of(reserved(disk(50))),
      [create(shared(volume('v', reserved(disk(50)))))],
      `disk${R}[v:data]<SHARED>:50<1>`,
    ],
    [
      'DESTROY gives the disk back',
      of(reserved(disk(60)), volume('v', reserved(disk(40)))),
      [destroy(volume('v', reserved(disk(40))))],
      `disk${R}:100`,
    ],
    [
      'DESTROY keeps the source',
      of(volume('v', fromSource(reserved(disk(40)), PATH))),
      [destroy(volume('v', fromSource(reserved(disk(40)), PATH)))],
      `disk${R}[PATH:/d]:40`,
    ],
    [
      'DESTROY of another size',
      of(volume('v', reserved(disk(40)))),
      [destroy(volume('v', reserved(disk(30))))],
      `refused: disk${R}[v:data]:40 does not contain disk${R}[v:data]:30`,
    ],
    [
      'DESTROY of a shared volume with copies elsewhere',
      of(shared(volume('v', reserved(disk(40)))), shared(volume('v', reserved(disk(40))))),
      [destroy(shared(volume('v', reserved(disk(40)))))],
      `refused: Persistent volume disk${R}[v:data]<SHARED>:40 cannot be removed due to additional shared copies`,
    ],
    [
      'GROW_VOLUME adds disk of the same provenance',
      of(reserved(disk(50)), volume('v', reserved(disk(50)))),
      [grow(volume('v', reserved(disk(50))), reserved(disk(10)))],
      `disk${R}:40; disk${R}[v:data]:60`,
    ],
    [
      'GROW_VOLUME by more than there is',
      of(reserved(disk(5)), volume('v', reserved(disk(50)))),
      [grow(volume('v', reserved(disk(50))), reserved(disk(10)))],
      `refused: disk${R}:5; disk${R}[v:data]:50 does not contain disk${R}[v:data]:50; disk${R}:10`,
    ],
    [
      'SHRINK_VOLUME gives disk back',
      of(volume('v', fromSource(reserved(disk(50)), PATH))),
      [shrink(volume('v', fromSource(reserved(disk(50)), PATH)), 20)],
      `disk${R}[PATH:/d,v:data]:30; disk${R}[PATH:/d]:20`,
    ],
    [
      'the whole life of a volume leaves what was',
      of(disk(100)),
      [
        reserve(reserved(disk(60))),
        create(volume('v', reserved(disk(50)))),
        grow(volume('v', reserved(disk(50))), reserved(disk(10))),
        shrink(volume('v', reserved(disk(60))), 30),
        destroy(volume('v', reserved(disk(30)))),
        unreserve(reserved(disk(60))),
      ],
      'disk:100',
    ],
    [
      'LAUNCH is none on resources',
      of(cpus(1)),
      [{ type: 'LAUNCH', launch: {} }],
      'refused: Cannot get conversions: Operation not supported',
    ],
    ['no type', of(cpus(1)), [{}], 'refused: Cannot get conversions: Unknown operation'],
    [
      'GROW_VOLUME of a provider',
      of(cpus(1)),
      [grow({ ...volume('v', disk(1)), provider_id: { value: 'x' } }, disk(1))],
      'refused: Cannot get conversions: Operation not supported for resource provider',
    ],
    [
      'amounts that would change',
      of(on(cpus(4), mine)),
      [{ type: 'RESERVE', reserve: { source: [on(cpus(4), mine)], resources: [on(cpus(5), dynamic('ops'))] } }],
      'refused: Operation would change amounts from cpus:4 to cpus:5',
    ],
  ])('%s', (_, held, operations, expected) => {
    expect(applied(held, ...operations)).toBe(expected);
  });

  it('is undone by its opposite, changes no amount and touches nothing else', () => {
    fc.assert(
      fc.property(divisibleList, fc.nat(), (list, pick) => {
        const held = of(...list)
          .unallocate()
          .nonRevocable();
        const free = held.unreserved().toProto();
        const one = free[pick % Math.max(1, free.length)];
        if (one === undefined) return;
        const after = applyOperation(held, reserve(on(one, mine)));
        if (!after.ok) throw new Error(after.error);
        expect(ResourceQuantities.of(after.value).equals(ResourceQuantities.of(held))).toBe(true);
        expect(after.value.minus(of(on(one, mine))).equals(held.minus(of(one)))).toBe(true);
        const back = applyOperation(after.value, unreserve(on(one, mine)));
        expect(back.ok && back.value.equals(held)).toBe(true);
      }),
    );
  });

  it('that cannot be leaves no trace: what was held is as it was', () => {
    const held = of(reserved(disk(50)));
    const before = String(held);
    applyOperation(held, create(volume('v', reserved(disk(40))), volume('w', reserved(disk(40)))));
    expect(String(held)).toBe(before);
  });
});

describe('exchanges', () => {
  it('are one for each resource, in order', () => {
    const exchanges = (operation: OfferOperation): unknown => {
      const result = conversionsOf(operation);
      return result.ok ? result.value.map((one) => `${one.consumed} -> ${one.converted}`) : result.error;
    };
    expect(exchanges(reserve(reserved(cpus(1)), reserved(disk(1))))).toEqual([
      `cpus:1; disk:1 -> cpus${R}:1; disk${R}:1`,
    ]);
    expect(exchanges(unreserve(reserved(cpus(1)), reserved(disk(1))))).toEqual([
      `cpus${R}:1 -> cpus:1`,
      `disk${R}:1 -> disk:1`,
    ]);
    expect(exchanges({ type: 'CREATE_DISK' })).toBe('Operation not supported');
  });

  it('take together what the operation needs', () => {
    const consumed = (operation: OfferOperation): string => {
      const result = consumedBy(operation);
      return result.ok ? String(result.value) : result.error;
    };
    const raw = { ...fromSource(disk(9), { type: 'RAW', profile: 'fast' }), provider_id: { value: 'x' } };
    expect(consumed(create(volume('v', reserved(disk(1))), volume('w', reserved(disk(2)))))).toBe(`disk${R}:3`);
    expect(consumed({ type: 'CREATE_DISK', create_disk: { source: raw, target_type: 'MOUNT' } })).toBe(
      'disk[RAW(,,fast)]:9',
    );
    expect(consumed({ type: 'DESTROY_DISK', destroy_disk: { source: raw } })).toBe('disk[RAW(,,fast)]:9');
    expect(consumed({ type: 'LAUNCH' })).toBe('Operation not supported');
    expect(consumed({ type: 'CREATE_DISK' })).toBe('Unsupported operation');
  });

  it('are known at once for all but launches and disks of providers', () => {
    expect([reserve(), unreserve(), create(), destroy()].every(isSpeculative)).toBe(true);
    expect(isSpeculative({ type: 'GROW_VOLUME' }) && isSpeculative({ type: 'SHRINK_VOLUME' })).toBe(true);
    expect(
      (['LAUNCH', 'LAUNCH_GROUP', 'CREATE_DISK', 'DESTROY_DISK', 'UNKNOWN'] as const).some((type) =>
        isSpeculative({ type }),
      ),
    ).toBe(false);
  });
});
