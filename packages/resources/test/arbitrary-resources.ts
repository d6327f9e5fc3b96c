/** Arbitrary valid resources of every kind the algebra tells apart. */
import type { Resource, ResourceDiskInfo, ResourceReservationInfo } from '@mesolite/wire';
import fc from 'fast-check';

const millis = fc.integer({ min: 0, max: 20_000 }).map((n) => n / 1000);

const ranges = fc
  .uniqueArray(fc.integer({ min: 0, max: 40 }), { maxLength: 8 })
  .map((bounds) => [...bounds].sort((a, b) => a - b))
  .map((bounds) => bounds.slice(0, bounds.length - (bounds.length % 2)))
  .map((bounds) => bounds.flatMap((begin, i) => (i % 2 === 0 ? [{ begin, end: bounds[i + 1]! }] : [])));

const amount: fc.Arbitrary<Resource> = fc.oneof(
  fc
    .record({ name: fc.constantFrom('cpus', 'mem', 'disk'), value: millis })
    .map(({ name, value }) => ({ name, type: 'SCALAR' as const, scalar: { value } })),
  ranges.map((range) => ({ name: 'ports', type: 'RANGES' as const, ranges: { range } })),
  fc
    .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 })
    .map((item) => ({ name: 'zones', type: 'SET' as const, set: { item } })),
);

/** Stacks of up to two reservations. */
const stack: fc.Arbitrary<ResourceReservationInfo[]> = fc.constantFrom<ResourceReservationInfo[]>(
  [],
  [],
  [{ type: 'STATIC', role: 'a' }],
  [{ type: 'DYNAMIC', role: 'a', principal: 'p' }],
  [{ type: 'DYNAMIC', role: 'a', principal: 'p', labels: { labels: [{ key: 'k', value: 'v' }] } }],
  [
    { type: 'STATIC', role: 'a' },
    { type: 'DYNAMIC', role: 'a/b', principal: 'p' },
  ],
);

const volume = { container_path: 'data', mode: 'RW' as const };
const disk: fc.Arbitrary<ResourceDiskInfo | undefined> = fc.constantFrom<(ResourceDiskInfo | undefined)[]>(
  undefined,
  undefined,
  { source: { type: 'PATH', path: { root: '/p' } } },
  { source: { type: 'MOUNT', mount: { root: '/m' } } },
  { source: { type: 'RAW', profile: 'fast' } },
  { source: { type: 'RAW', id: 'r1', profile: 'fast' } },
  { persistence: { id: 'v1', principal: 'p' }, volume },
  { persistence: { id: 'v2', principal: 'p' }, volume },
);

/** Valid, in the post-refinement format. */
export const resource: fc.Arbitrary<Resource> = fc
  .record({
    amount,
    reservations: stack,
    disk,
    role: fc.constantFrom(undefined, undefined, 'a', 'b'),
    shared: fc.boolean(),
    revocable: fc.constantFrom(true, false, false, false),
  })
  .map(({ amount, reservations, disk, role, shared, revocable }) => ({
    ...amount,
    ...(reservations.length > 0 && { reservations }),
    ...(amount.name === 'disk' && disk !== undefined && { disk }),
    ...(amount.name === 'disk' && disk?.persistence !== undefined && shared && { shared: {} }),
    ...(role !== undefined && { allocation_info: { role } }),
    ...(revocable && { revocable: {} }),
  }));

export const resourceList = fc.array(resource, { maxLength: 7 });

/** Only what merges: the laws of numbers hold for these without exception. */
export const divisibleList = fc.array(
  resource.filter(({ disk }) => disk?.persistence === undefined && disk?.source?.type !== 'MOUNT' && !disk?.source?.id),
  { maxLength: 7 },
);
