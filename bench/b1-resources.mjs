/**
 * Beneath B1: what single operations on resources cost, on the operands of the original's own benchmarks of them
 * (`resources_tests.cpp`). They explain figures of cycles and are no aims.
 */
import { parseResources, Resources } from '@mesolite/resources';

/** Repetitions, as the original has them; a smoke run does with few. */
const SIZES = {
  smoke: { scalars: 1_000, reservations: 1, filters: 1_000, contains: 0.02, parses: [10], overlaps: 20 },
  reference: { scalars: 50_000, reservations: 10, filters: 50_000, contains: 1, parses: [1_000], overlaps: 1_000 },
};
SIZES.full = { ...SIZES.reference, parses: [1_000, 10_000, 50_000] };

function resourcesOf(text) {
  const parsed = parseResources(text, '*');
  if (!parsed.ok) throw new Error(parsed.error);
  return Resources.from(parsed.value);
}

const SCALARS = resourcesOf('cpus:1;gpus:1;mem:128;disk:256');

/** A thousand reservations that differ in role, principal and label. */
function manyReservations() {
  const all = [];
  for (let i = 0; i < 1_000; i += 1) {
    const labels = { labels: [{ key: `key_${i}`, value: `value_${i}` }] };
    all.push(SCALARS.pushReservation({ type: 'DYNAMIC', role: `${i}`, principal: `principal_${i}`, labels }));
  }
  return Resources.sum(all);
}

function sharedVolume() {
  const volume = { persistence: { id: 'persistentId' }, volume: { mode: 'RW', container_path: '/volume' } };
  return Resources.from([
    ...resourcesOf('cpus:1;mem:128').toProto(),
    {
      name: 'disk',
      type: 'SCALAR',
      scalar: { value: 256 },
      reservations: [{ type: 'STATIC', role: 'test' }],
      disk: volume,
      shared: {},
    },
  ]);
}

function ports(ranges) {
  return Resources.from([{ name: 'ports', type: 'RANGES', ranges: { range: ranges } }]);
}

/** `count` ranges of six from `first` on, four numbers between them. */
function combOf(count, first) {
  return ports(Array.from({ length: count }, (_, i) => ({ begin: first + i * 10, end: first + i * 10 + 5 })));
}

export function runResourceAlgebra(figures, size) {
  const sizes = SIZES[size];
  const time = (operation, on, repetitions, act) => {
    const count = Math.max(1, Math.round(repetitions));
    // The compiler has its turn first.
    for (let i = 0; i < count / 10; i += 1) act();
    const from = performance.now();
    for (let i = 0; i < count; i += 1) act();
    const micros = ((performance.now() - from) * 1000) / count;
    figures.add('resources_operation_us', micros, 'µs', {
      params: { scenario: 'Resources', operation, on, repetitions: count },
    });
  };

  for (const [on, resources, repetitions] of [
    ['4 scalars', SCALARS, sizes.scalars],
    ['1,000 reservations of 4 scalars', manyReservations(), sizes.reservations],
    ['2 scalars and a shared volume', sharedVolume(), sizes.scalars],
  ]) {
    let total = Resources.empty;
    time('total + r', on, repetitions, () => {
      total = total.plus(resources);
    });
    if (!total.contains(resources)) throw new Error(`a sum of ${on} came out wrong`);
    time('total - r', on, repetitions, () => {
      total = total.minus(resources);
    });
    if (!total.isEmpty) throw new Error(`differences of ${on} came out wrong`);
  }

  const reserved = resourcesOf('cpus(role):1;gpus(role):1;mem(role):128;disk(role):256');
  const revocable = Resources.from([{ name: 'cpus', type: 'SCALAR', scalar: { value: 1 }, revocable: {} }]);
  time('nonRevocable', '4 scalars', sizes.filters, () => SCALARS.nonRevocable());
  time('revocable', '1 revocable scalar', sizes.filters, () => revocable.revocable());
  time('unreserved', '4 scalars', sizes.filters, () => SCALARS.unreserved());
  time('reserved', '4 reserved scalars', sizes.filters, () => reserved.reserved('role'));

  const two = resourcesOf('cpus:1;mem:128');
  const whole = ports([{ begin: 1, end: 16_000 }]);
  const fragments = ports(Array.from({ length: 8_000 }, (_, i) => ({ begin: 2 * i + 1, end: 2 * i + 1 })));
  // The equal ones are other objects, as they are when they come from two messages.
  const again = (resources) => Resources.from(resources.toProto());
  for (const [on, superset, subset, repetitions] of [
    ['4 scalars, 2 of them', SCALARS, two, 5_000],
    ['2 scalars, 4', two, SCALARS, 5_000],
    ['2 scalars, the same', two, again(two), 5_000],
    ['16,000 ports, 8,000 fragments', whole, fragments, 100],
    ['8,000 fragments, 16,000 ports', fragments, whole, 50],
    ['8,000 fragments, the same', fragments, again(fragments), 50],
    ['scalars and ports, fragments', SCALARS.plus(whole), two.plus(fragments), 100],
    ['fragments, scalars and ports', two.plus(fragments), SCALARS.plus(whole), 50],
    ['scalars and fragments, the same', two.plus(fragments), again(two.plus(fragments)), 50],
  ])
    time('contains', on, repetitions * sizes.contains, () => superset.contains(subset));

  const text = Array.from({ length: 100 }, (_, i) => `res${i}:${i}`).join(';');
  for (const repetitions of sizes.parses) time('parse', 'text of 100 scalars', repetitions, () => resourcesOf(text));

  for (const count of [10, 100, 1_000]) {
    const [a, b] = [combOf(count, 1), combOf(count, 3)];
    const on = `${count} overlapping ranges each`;
    time('a + b', on, sizes.overlaps, () => a.plus(b));
    time('a - b', on, sizes.overlaps, () => a.minus(b));
  }
}
