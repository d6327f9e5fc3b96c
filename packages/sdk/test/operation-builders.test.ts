import { OfferOperation, type Resource } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import {
  createVolumes,
  destroyVolumes,
  growVolume,
  launchTasks,
  reservationOf,
  reserve,
  reserved,
  reservedOf,
  resources,
  shrinkVolume,
  task,
  unreserve,
  unreservedOf,
  volume,
  volumeIdOf,
} from '../src/index.ts';

const MINE = { role: 'dev', principal: 'p', labels: { owner: 'me' } };
const OLD: Resource = {
  name: 'mem',
  type: 'SCALAR',
  scalar: { value: 64 },
  role: 'dev',
  reservation: { principal: 'p', labels: { labels: [{ key: 'owner', value: 'me' }] } },
};

describe('operations', () => {
  const disk = reserved(resources({ disk: 100 }), MINE);
  const held = volume({ id: 'v', size: 60, containerPath: 'data', reservation: MINE });

  it.each([
    reserve(reserved(resources({ cpus: 1, mem: 64 }), MINE), { id: 'o' }),
    unreserve(disk, { id: 'o' }),
    createVolumes([held], { id: 'o' }),
    destroyVolumes([held], { id: 'o' }),
    growVolume(held, disk[0]!, { id: 'o' }),
    shrinkVolume(held, 10, { id: 'o' }),
  ])('can be written: $type', (operation) => {
    const read = OfferOperation.decode(OfferOperation.encode(operation));
    expect(JSON.parse(OfferOperation.toJson(read))).toEqual(JSON.parse(OfferOperation.toJson(operation)));
    expect(read.id).toEqual({ value: 'o' });
  });

  it('have an id only when asked', () => {
    expect(unreserve(disk)).not.toHaveProperty('id');
    expect(launchTasks([task({ id: 't', command: 'x', cpus: 1, resources: [held] })])).toMatchObject({
      type: 'LAUNCH',
      launch: { task_infos: [{ resources: [{ name: 'cpus' }, { disk: { persistence: { id: 'v' } } }] }] },
    });
  });
});

describe('reservations', () => {
  it('go on top of what is there, whatever its form', () => {
    const [refined] = reserved([OLD], { role: 'dev/web' });
    expect(refined).toEqual({
      name: 'mem',
      type: 'SCALAR',
      scalar: { value: 64 },
      reservations: [
        { type: 'DYNAMIC', role: 'dev', principal: 'p', labels: { labels: [{ key: 'owner', value: 'me' }] } },
        { type: 'DYNAMIC', role: 'dev/web' },
      ],
    });
  });

  it('are read in both forms', () => {
    const expected = { type: 'DYNAMIC', role: 'dev', principal: 'p', labels: { owner: 'me' } };
    expect(reservationOf(OLD)).toEqual(expected);
    expect(reservationOf(reserved(resources({ cpus: 1 }), MINE)[0]!)).toEqual(expected);
    expect(reservationOf({ ...OLD, reservation: undefined })).toMatchObject({ type: 'STATIC', role: 'dev' });
    expect(reservationOf({ ...OLD, role: '*', reservation: undefined })).toBeUndefined();
  });

  it('are found by role and labels', () => {
    const offer = [...resources({ cpus: 1 }), OLD, ...reserved(resources({ cpus: 1 }), { role: 'dev' })];
    expect(reservedOf(offer, { role: 'dev', labels: { owner: 'me' } })).toEqual([OLD]);
    expect(reservedOf(offer, { role: 'dev' })).toHaveLength(2);
    expect(reservedOf(offer, { role: 'web' })).toEqual([]);
    expect(reservedOf([{ ...OLD, reservation: undefined }], { role: 'dev' })).toEqual([]);
    expect(unreservedOf(offer)).toEqual(resources({ cpus: 1 }));
    expect(reservedOf(undefined, { role: 'dev' })).toEqual([]);
  });
});

describe('volumes', () => {
  it('are reserved disk with an id and a place', () => {
    const made = volume({ id: 'v', size: 60, containerPath: 'data', reservation: MINE, shared: true });
    expect(volumeIdOf(made)).toBe('v');
    expect(made).toMatchObject({
      name: 'disk',
      scalar: { value: 60 },
      disk: { persistence: { id: 'v', principal: 'p' }, volume: { mode: 'RW', container_path: 'data' } },
      shared: {},
    });
    expect(reservationOf(made)?.labels).toEqual({ owner: 'me' });
    expect(volumeIdOf(OLD)).toBeUndefined();
  });
});
