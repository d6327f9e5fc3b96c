import type { Resource, ResourceReservationInfo } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import {
  allocatedToSingleRoleError,
  isStrictSubrole,
  overlaps,
  persistentVolumesError,
  Resources,
  requestedResourcesError,
  resourceError,
  revocableMixError,
  roleError,
  singleProviderError,
  uniquePersistenceIdError,
} from '../src/index.ts';

const cpus = (more: Partial<Resource> = {}): Resource => ({
  name: 'cpus',
  type: 'SCALAR',
  scalar: { value: 1 },
  ...more,
});
const ports = (...range: { begin: number; end: number }[]): Resource => ({
  name: 'ports',
  type: 'RANGES',
  ranges: { range },
});
const volume = { container_path: 'data', mode: 'RW' as const };
const disk = (more: Partial<Resource> = {}): Resource => ({
  name: 'disk',
  type: 'SCALAR',
  scalar: { value: 1 },
  ...more,
});
const persistent = (id: string, more: Partial<Resource> = {}): Resource =>
  disk({ reservations: [{ type: 'STATIC', role: 'a' }], disk: { persistence: { id }, volume }, ...more });
const stack = (...reservations: ResourceReservationInfo[]): Resource => cpus({ reservations });
const layer = (type: 'STATIC' | 'DYNAMIC', role: string): ResourceReservationInfo => ({ type, role });

describe('a single resource', () => {
  it.each<[string, Resource]>([
    ['a plain one', cpus()],
    ['nothing of it', cpus({ scalar: { value: 0 } })],
    ['the old format', cpus({ role: 'a' })],
    ['the old format, dynamic', cpus({ role: 'a', reservation: { principal: 'p' } })],
    ['a stack', stack(layer('STATIC', 'a'), layer('DYNAMIC', 'a/b'), layer('DYNAMIC', 'a/b/c'))],
    [
      'both formats that agree',
      cpus({
        role: 'a',
        reservation: { principal: 'p' },
        reservations: [{ ...layer('DYNAMIC', 'a'), principal: 'p' }],
      }),
    ],
    ['ranges in any order', ports({ begin: 5, end: 6 }, { begin: 1, end: 2 })],
    ['a shared volume', persistent('v', { shared: {} })],
  ])('is valid: %s', (_, resource) => {
    expect(resourceError(resource)).toBeUndefined();
  });

  it.each<[string, Resource]>([
    ['Empty resource name', cpus({ name: '' })],
    ['Invalid scalar resource', { name: 'cpus', type: 'SCALAR' }],
    ['Invalid scalar resource', { ...ports({ begin: 1, end: 2 }), type: 'SCALAR' }],
    ['Invalid scalar resource: value <= 0', cpus({ scalar: { value: -1 } })],
    ['Invalid scalar resource: value <= 0', cpus({ scalar: { value: 0.0001 } })],
    ['Invalid scalar resource: value <= 0', cpus({ scalar: { value: Number.NaN } })],
    ['Invalid scalar resource: value > 9007199254740', cpus({ scalar: { value: Number.POSITIVE_INFINITY } })],
    ['Invalid ranges resource', { name: 'ports', type: 'RANGES' }],
    ['Invalid ranges resource: begin > end', ports({ begin: 2, end: 1 })],
    ['Invalid ranges resource: overlapping ranges', ports({ begin: 5, end: 9 }, { begin: 1, end: 5 })],
    ['Invalid ranges resource: bounds must be integers from 0 to 9007199254740991', ports({ begin: 0, end: 2 ** 60 })],
    ['Invalid set resource', { name: 'z', type: 'SET' }],
    ['Invalid set resource: duplicated elements', { name: 'z', type: 'SET', set: { item: ['a', 'a'] } }],
    ['Unsupported resource type', { name: 'z', type: 'TEXT' }],
    ['DiskInfo should not be set for cpus resource', cpus({ disk: {} })],
    ['Mount should not be set for RAW disk source', disk({ disk: { source: { type: 'RAW', mount: {} } } })],
    ['Path should not be set for BLOCK disk source', disk({ disk: { source: { type: 'BLOCK', path: {} } } })],
    ["Unsupported 'DiskInfo.Source.Type' in 'UNKNOWN'", disk({ disk: { source: { type: 'UNKNOWN' } } })],
    ["Role 'a/' cannot end with a slash", cpus({ role: 'a/' })],
    ['Invalid reservation: role "*" cannot be dynamically reserved', cpus({ role: '*', reservation: {} })],
    [
      "'Resource.ReservationInfo.role' must not be set for the 'Resource.reservation' field",
      cpus({ role: 'a', reservation: { role: 'a' } }),
    ],
    ["Invalid reservation: 'Resource.ReservationInfo.type' field must be set.", stack({ role: 'a' })],
    ["Invalid reservation: 'Resource.ReservationInfo.role' field must be set.", stack({ type: 'STATIC' })],
    ['Invalid reservation: role "*" cannot be reserved', stack(layer('STATIC', '*'))],
    [
      'Invalid refined reservation: A refined reservation cannot be STATIC',
      stack(layer('STATIC', 'a'), layer('STATIC', 'a/b')),
    ],
    [
      "Invalid refined reservation: role 'b' is not a refinement of 'a'",
      stack(layer('STATIC', 'a'), layer('DYNAMIC', 'b')),
    ],
    [
      "Invalid refined reservation: role 'a' is not a refinement of 'a'",
      stack(layer('STATIC', 'a'), layer('DYNAMIC', 'a')),
    ],
    [
      "Invalid resource format: 'Resource.role' field with 'b' does not match the role 'a' in 'Resource.reservations'",
      { ...stack(layer('STATIC', 'a')), role: 'b' },
    ],
    [
      "Invalid resource format: 'Resource.reservation' must not be set if the single reservation in 'Resource.reservations' is STATIC",
      { ...stack(layer('STATIC', 'a')), role: 'a', reservation: {} },
    ],
    [
      "Invalid resource format: 'Resource.role' must not be set if there is more than one reservation in 'Resource.reservations'",
      { ...stack(layer('STATIC', 'a'), layer('DYNAMIC', 'a/b')), role: 'a/b' },
    ],
    ['Resource cpus cannot be shared', cpus({ shared: {} })],
    ['Only persistent volumes can be shared', disk({ shared: {} })],
  ])('%s', (error, resource) => {
    expect(resourceError(resource)).toBe(error);
  });

  it('is named in the reason for a list', () => {
    expect(Resources.validate([cpus(), cpus({ scalar: { value: -2 } })])).toBe(
      "Resource 'cpus:-2' is invalid: Invalid scalar resource: value <= 0",
    );
    expect(Resources.validate(undefined)).toBeUndefined();
  });
});

describe('what a framework asks for', () => {
  it.each<[string | undefined, Resource]>([
    [undefined, cpus()],
    [undefined, persistent('v')],
    [undefined, disk({ disk: { source: { type: 'MOUNT', mount: { root: '/m' } } } })],
    [
      "Invalid 'gpus' resource: The 'gpus' resource must be an unsigned integer",
      { name: 'gpus', type: 'SCALAR', scalar: { value: 0.5 } },
    ],
    ['Invalid DiskInfo: DiskInfo is set but empty', disk({ disk: {} })],
    ['Invalid DiskInfo: Non-persistent volume not supported', disk({ disk: { volume } })],
    [
      "Invalid DiskInfo: Expecting 'volume' to be set for persistent volume",
      persistent('v', { disk: { persistence: { id: 'v' } } }),
    ],
    [
      'Invalid DiskInfo: Persistent volumes cannot be created from unreserved resources',
      persistent('v', { reservations: [] }),
    ],
    [
      'Invalid DiskInfo: Persistent volumes cannot be created from revocable resources',
      persistent('v', { revocable: {} }),
    ],
    [
      "Invalid DiskInfo: Invalid persistence ID for persistent volume: 'a/b' contains invalid characters",
      persistent('a/b'),
    ],
    [
      "Invalid DiskInfo: Expecting 'host_path' to be unset for persistent volume",
      persistent('v', { disk: { persistence: { id: 'v' }, volume: { ...volume, host_path: '/x' } } }),
    ],
  ])('%s', (error, resource) => {
    expect(requestedResourcesError([resource])).toBe(error);
  });

  it('is allocated to one role', () => {
    const plain = Resources.from([cpus()]);
    expect(allocatedToSingleRoleError(plain)).toBe('The resources are not allocated to a role');
    expect(allocatedToSingleRoleError(plain.allocate('a'))).toBeUndefined();
    expect(allocatedToSingleRoleError(plain.allocate('a').plus(plain.allocate('b')))).toContain(
      'multiple allocation roles',
    );
  });

  it('names each persistent volume once per role', () => {
    const of = (...list: Resource[]): string | undefined => uniquePersistenceIdError(Resources.from(list));
    expect(of(persistent('v'), persistent('w'))).toBeUndefined();
    expect(of(persistent('v'), persistent('v', { scalar: { value: 2 } }))).toBe("Persistence ID 'v' is not unique");
    expect(of(persistent('v'), persistent('v', { reservations: [layer('STATIC', 'b')] }))).toBeUndefined();
  });

  it('does not mix revocable and other resources of a name', () => {
    expect(revocableMixError(Resources.from([cpus(), cpus({ revocable: {} })]))).toBe(
      "Cannot use both revocable and non-revocable 'cpus' at the same time",
    );
    expect(revocableMixError(Resources.from([cpus({ revocable: {} }), disk()]))).toBeUndefined();
  });

  it('comes from one provider', () => {
    expect(singleProviderError([cpus(), disk()])).toBeUndefined();
    expect(singleProviderError([cpus({ provider_id: { value: 'p' } }), disk()])).toContain('and some do not');
    expect(
      singleProviderError([cpus({ provider_id: { value: 'p' } }), disk({ provider_id: { value: 'q' } })]),
    ).toContain('p, q');
  });

  it('gives no port twice', () => {
    const one = Resources.from([ports({ begin: 1, end: 5 })]);
    expect(overlaps([one, Resources.from([ports({ begin: 5, end: 6 })])])).toBe(true);
    expect(overlaps([one, Resources.from([ports({ begin: 6, end: 6 })])])).toBe(false);
  });

  it('creates volumes that can be written', () => {
    expect(persistentVolumesError([persistent('v')])).toBeUndefined();
    expect(persistentVolumesError([disk()])).toBe('Resource disk:1 does not have DiskInfo');
    const readOnly = { disk: { persistence: { id: 'v' }, volume: { ...volume, mode: 'RO' as const } } };
    expect(persistentVolumesError([persistent('v', readOnly)])).toBe('Read-only persistent volume not supported');
  });
});

describe('roles', () => {
  it.each([
    '*',
    'a',
    'a/b',
    'a.b',
    '...',
    'ä',
    'a-b',
    'a*',
    '😀',
    'x'.repeat(255),
    `${'ä'.repeat(127)}x`,
    Array(100).fill('a').join('/'),
  ])('%s is one', (role) => {
    expect(roleError(role)).toBeUndefined();
  });

  it.each([
    '',
    '/',
    '/a',
    'a/',
    'a//b',
    '.',
    '..',
    'a/.',
    'a/*',
    '-a',
    'a/-b',
    'a b',
    'a\tb',
    'a\x7f',
    Array(101).fill('a').join('/'),
  ])('%s is none', (role) => {
    expect(roleError(role)).toBeTypeOf('string');
  });

  it.each(['\0', 'a\x01b', 'a/b\x08', 'a\x1fb', 'a\\b'])('%j holds what no directory should be named by', (role) => {
    expect(roleError(role)).toMatch(
      /^Role component '.*' is invalid because it contains a control character or backslash$/s,
    );
  });

  it.each(['\ud800', 'a\udc00/b', 'a\ud800\ud800', 'a\ufffdb'])('%j is no text that bytes stand for', (role) => {
    expect(roleError(role)).toMatch(/because it is not valid UTF-8$/);
  });

  it.each([
    'x'.repeat(256),
    `y/${'x'.repeat(254)}`,
    'ä'.repeat(128),
    `/${'😀'.repeat(100_000)}`,
  ])('of more than 255 bytes are none, and are not told in full', (role) => {
    const error = roleError(role);
    expect(error).toMatch(/^Role '.{40}…' is longer than 255 bytes$/u);
  });

  it('lie below others by whole components', () => {
    expect(isStrictSubrole('a/b', 'a')).toBe(true);
    expect(isStrictSubrole('ab', 'a') || isStrictSubrole('a', 'a') || isStrictSubrole('a', 'a/b')).toBe(false);
    const reserved = Resources.from([stack(layer('STATIC', 'a'))]);
    expect(['a', 'a/b', 'ab', '*', 'b'].map((role) => !reserved.allocatableTo(role).isEmpty)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
