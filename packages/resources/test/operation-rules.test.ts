/** Which operations are refused, and the words in which those who asked are told. */
import type { AgentInfoCapabilityType, FrameworkInfoCapabilityType, Resource } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import {
  type Asker,
  createError,
  destroyError,
  growVolumeError,
  type Resources,
  reserveError,
  shrinkVolumeError,
  unreserveError,
} from '../src/index.ts';
import {
  allocated,
  cpus,
  disk,
  dynamic,
  fixed,
  fromSource,
  MOUNT,
  of,
  on,
  PATH,
  reserved,
  scalar,
  shared,
  volume,
} from './building.ts';

const able = new Set<AgentInfoCapabilityType>(['HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT', 'RESIZE_VOLUME']);
const without = (...names: AgentInfoCapabilityType[]): ReadonlySet<AgentInfoCapabilityType> =>
  new Set([...able].filter((name) => !names.includes(name)));

const operator: Asker = {};
const framework: Asker = {
  principal: 'p',
  framework: { id: 'F', roles: ['dev', 'ops'], capabilities: new Set<FrameworkInfoCapabilityType>() },
};
const mine = (resource: Resource): Resource => allocated(reserved(resource), 'dev');
const provided = (resource: Resource, value = 'x'): Resource => ({ ...resource, provider_id: { value } });
const R = '(reservations: [(DYNAMIC,dev,p)])';
const A = `(allocated: dev)${R}`;

describe('RESERVE', () => {
  it.each<[string, Resource[], Asker]>([
    ['by an operator', [reserved(cpus(1)), reserved(disk(1))], operator],
    ['by an operator with a principal', [reserved(cpus(1))], { principal: 'p' }],
    ['by an operator, for nobody in particular', [on(cpus(1), dynamic('dev'))], operator],
    ['by a framework', [mine(cpus(1)), mine(disk(1))], framework],
    ['refined', [on(cpus(1), fixed('dev'), dynamic('dev/x', 'p'))], operator],
    ['of a provider', [provided(reserved(disk(1)))], operator],
  ])('%s is fine', (_, resources, asker) => {
    expect(reserveError({ resources }, asker, able)).toBeUndefined();
  });

  it.each<[string, Resource[], Asker]>([
    [
      "Invalid resources: Invalid resources: Resource 'cpus:-1' is invalid: Invalid scalar resource: value <= 0",
      [cpus(-1)],
      operator,
    ],
    [
      "Invalid resources: Invalid 'gpus' resource: The 'gpus' resource must be an unsigned integer",
      [reserved(scalar('gpus', 0.5))],
      operator,
    ],
    [
      `Invalid resources: Invalid ReservationInfo: Dynamically reserved resource cpus${R}{REV}:1 cannot be created from revocable resources`,
      [{ ...reserved(cpus(1)), revocable: {} }],
      operator,
    ],
    [
      'Invalid resources: Some resources have a resource provider and some do not',
      [reserved(disk(1)), provided(reserved(disk(1)))],
      operator,
    ],
    [
      'Invalid resources: The resources have multiple resource providers: x, y',
      [provided(reserved(disk(1))), provided(reserved(disk(1)), 'y')],
      operator,
    ],
    ['Invalid resources: The resources have multiple resource providers: ', [], operator],
    ['Resource cpus:1 is not dynamically reserved', [cpus(1)], operator],
    [
      'Resource cpus(reservations: [(STATIC,dev)]):1 is not dynamically reserved',
      [on(cpus(1), fixed('dev'))],
      operator,
    ],
    [
      "A reserve operation was attempted by principal 'p', but there is a reserved resource in the request with no principal set",
      [allocated(on(cpus(1), dynamic('dev')), 'dev')],
      framework,
    ],
    [
      "A reserve operation was attempted by authenticated principal 'p', which does not match a reserved resource in the request with principal 'q'",
      [allocated(on(cpus(1), dynamic('dev', 'q')), 'dev')],
      framework,
    ],
    [
      `A reserve operation was attempted on unallocated resource cpus${R}:1, but frameworks can only perform reservations on allocated resources`,
      [reserved(cpus(1))],
      framework,
    ],
    [
      "A reserve operation was attempted for a resource with role 'dev', but the resource was allocated to role 'ops'",
      [allocated(reserved(cpus(1)), 'ops')],
      framework,
    ],
    [
      "A reserve operation was attempted for a resource allocated to role 'other', but the framework only has roles '{ dev, ops }'",
      [allocated(on(cpus(1), dynamic('other', 'p')), 'other')],
      framework,
    ],
    [
      "Invalid reservation resources: The resources have multiple allocation roles ('ops' and 'dev') but only one allocation role is allowed",
      [mine(cpus(1)), allocated(on(cpus(1), dynamic('ops', 'p')), 'ops')],
      framework,
    ],
    [
      'A reserve operation was attempted with an allocated resource, but the operator API only allows reservations to be made to unallocated resources',
      [mine(cpus(1))],
      operator,
    ],
  ])('%s', (error, resources, asker) => {
    expect(reserveError({ resources }, asker, able)).toBe(error);
  });

  it('needs an agent that knows such reservations', () => {
    const deep = on(cpus(1), dynamic('dev/x', 'p'));
    expect(reserveError({ resources: [deep] }, operator, without('HIERARCHICAL_ROLE'))).toBe(
      "Resource cpus(reservations: [(DYNAMIC,dev/x,p)]):1 with reservation for hierarchical role 'dev/x' cannot be reserved on an agent without HIERARCHICAL_ROLE capability",
    );
    const refined = on(cpus(1), fixed('dev'), dynamic('dev/x', 'p'));
    expect(reserveError({ resources: [refined] }, operator, without('RESERVATION_REFINEMENT'))).toBe(
      'Resource cpus(reservations: [(STATIC,dev),(DYNAMIC,dev/x,p)]):1 with reservation refinement cannot be reserved on an agent without RESERVATION_REFINEMENT capability',
    );
    expect(reserveError({ resources: [reserved(cpus(1))] }, operator, without(...able))).toBeUndefined();
  });

  it('with a source tells the same amounts, in one stack each', () => {
    const update = (source: Resource[], resources: Resource[]): string | undefined =>
      reserveError({ source, resources }, operator, able);
    const [before, after] = [on(cpus(2), dynamic('a')), on(cpus(2), dynamic('b'))];
    expect(update([before], [after])).toBeUndefined();
    expect(update([cpus(2)], [after])).toBeUndefined();
    expect(update([cpus(-1)], [after])).toBe(
      "Invalid source: Invalid resources: Resource 'cpus:-1' is invalid: Invalid scalar resource: value <= 0",
    );
    expect(update([cpus(0)], [after])).toBe('Invalid source: Resource cannot be empty');
    expect(update([before], [])).toBe('Invalid resources: Resource cannot be empty');
    expect(update([before, disk(1)], [after])).toContain('Invalid source: Mixed reservations are not supported[{');
    expect(update([before], [after, disk(1)])).toContain('Invalid resources: Mixed reservations are not supported[{');
    expect(update([before], [on(cpus(3), dynamic('b'))])).toBe(
      'Source and target resources should refer to identical resource quantities: cpus:2 vs. cpus:3',
    );
  });
});

describe('UNRESERVE', () => {
  it.each<[string | undefined, Resource[]]>([
    [undefined, [reserved(cpus(1)), mine(disk(1))]],
    ['Resource cpus:1 is not dynamically reserved', [cpus(1)]],
    [
      `A dynamically reserved persistent volume disk${R}[v:data]:1 cannot be unreserved directly. Please destroy the persistent volume first then unreserve the resource`,
      [volume('v', reserved(disk(1)))],
    ],
    [
      'Invalid resources: Some resources have a resource provider and some do not',
      [reserved(disk(1)), provided(cpus(1))],
    ],
    [
      "Invalid resources: Invalid resources: Resource 'cpus:-1' is invalid: Invalid scalar resource: value <= 0",
      [cpus(-1)],
    ],
  ])('%s', (error, resources) => {
    expect(unreserveError({ resources })).toBe(error);
  });
});

describe('CREATE', () => {
  const agent = { checkpointed: of(volume('old', reserved(disk(1)))), capabilities: able };
  const sharing: Asker = {
    principal: 'p',
    framework: { id: 'F', roles: ['dev'], capabilities: new Set<FrameworkInfoCapabilityType>(['SHARED_RESOURCES']) },
  };

  it.each<[string | undefined, Resource[], Asker]>([
    [undefined, [volume('v', reserved(disk(1))), volume('w', reserved(disk(1)))], operator],
    [undefined, [volume('old', on(disk(1), dynamic('ops', 'p')))], operator],
    [undefined, [volume('v', mine(disk(1)))], framework],
    [undefined, [shared(volume('v', reserved(disk(1))))], operator],
    [undefined, [shared(volume('v', mine(disk(1))))], sharing],
    [undefined, [volume('v', fromSource(reserved(disk(1)), MOUNT))], operator],
    ["Persistence ID 'old' is not unique", [volume('old', reserved(disk(2)))], operator],
    ["Persistence ID 'v' is not unique", [volume('v', reserved(disk(1))), volume('v', reserved(disk(2)))], operator],
    [`Not a persistent volume: Resource disk${R}:1 does not have DiskInfo`, [reserved(disk(1))], operator],
    ["Not a persistent volume: 'persistence' is not set in DiskInfo", [fromSource(reserved(disk(1)), PATH)], operator],
    [
      'Not a persistent volume: Read-only persistent volume not supported',
      [{ ...reserved(disk(1)), disk: { persistence: { id: 'v' }, volume: { container_path: 'd', mode: 'RO' } } }],
      operator,
    ],
    [
      "Invalid resources: Invalid DiskInfo: Expecting 'volume' to be set for persistent volume",
      [{ ...reserved(disk(1)), disk: { persistence: { id: 'v' } } }],
      operator,
    ],
    [
      'Invalid resources: Invalid DiskInfo: Persistent volumes cannot be created from unreserved resources',
      [volume('v', disk(1))],
      operator,
    ],
    [
      'Invalid resources: Invalid DiskInfo: Persistent volumes cannot be created from revocable resources',
      [{ ...volume('v', reserved(disk(1))), revocable: {} }],
      operator,
    ],
    [
      'Invalid resources: Some resources have a resource provider and some do not',
      [volume('v', reserved(disk(1))), provided(volume('w', reserved(disk(1))))],
      operator,
    ],
    [
      `Create volume operation for 'disk${A}[v:data]<SHARED>:1' has been attempted by framework 'F' with no SHARED_RESOURCES capability`,
      [shared(volume('v', mine(disk(1))))],
      framework,
    ],
    [
      "Create volume operation attempted by principal 'p', but there is a volume in the operation with no principal set in 'disk.persistence'",
      [{ ...mine(disk(1)), disk: { persistence: { id: 'v' }, volume: { container_path: 'd', mode: 'RW' } } }],
      framework,
    ],
    [
      "Create volume operation attempted by authenticated principal 'p', which does not match a volume in the operation with principal 'q' set in 'disk.persistence'",
      [volume('v', mine(disk(1)), 'q')],
      framework,
    ],
    [
      'Invalid volume resources: The resources are not allocated to a role',
      [volume('v', reserved(disk(1)))],
      framework,
    ],
  ])('%s', (error, volumes, asker) => {
    expect(createError({ volumes }, asker, agent)).toBe(error);
  });

  it('needs an agent that knows such reservations', () => {
    const volumes = [volume('v', on(disk(1), fixed('dev'), dynamic('dev/x', 'p')))];
    const text = 'Volume disk(reservations: [(STATIC,dev),(DYNAMIC,dev/x,p)])[v:data]:1';
    expect(createError({ volumes }, operator, { ...agent, capabilities: without('HIERARCHICAL_ROLE') })).toBe(
      `${text} with reservation for hierarchical role 'dev/x' cannot be created on an agent without HIERARCHICAL_ROLE capability`,
    );
    expect(createError({ volumes }, operator, { ...agent, capabilities: without('RESERVATION_REFINEMENT') })).toBe(
      `${text} with reservation refinement cannot be created on an agent without RESERVATION_REFINEMENT capability`,
    );
  });
});

describe('DESTROY', () => {
  const old = volume('v', reserved(disk(5)));
  const kept = shared(volume('s', reserved(disk(5))));
  const agent = { checkpointed: of(old, kept), used: [of(allocated(cpus(1), 'dev')), of(allocated(kept, 'dev'))] };

  it.each<[string | undefined, Resource[], Resources[]]>([
    [undefined, [old], agent.used],
    [undefined, [allocated(old, 'dev')], agent.used],
    [undefined, [kept], []],
    [undefined, [provided(old)], []],
    ['Persistent volumes in use', [kept], agent.used],
    ['Persistent volumes in use', [allocated(kept, 'dev')], agent.used],
    ['Persistent volumes not found', [volume('other', reserved(disk(5)))], []],
    ['Persistent volumes not found', [volume('v', reserved(disk(4)))], []],
    [`Not a persistent volume: Resource disk${R}:5 does not have DiskInfo`, [reserved(disk(5))], []],
    ['Invalid resources: The resources have multiple resource providers: ', [], []],
  ])('%s', (error, volumes, used) => {
    expect(destroyError({ volumes }, { ...agent, used })).toBe(error);
  });
});

describe('GROW_VOLUME', () => {
  const old = volume('v', reserved(disk(5)));
  const free = reserved(disk(1));
  it.each<[string | undefined, Resource, Resource]>([
    [undefined, old, free],
    [undefined, volume('v', fromSource(reserved(disk(5)), PATH)), fromSource(free, PATH)],
    ["Invalid resource in the 'GrowVolume.volume' field: Invalid scalar resource: value <= 0", disk(-1), free],
    ["Invalid resource in the 'GrowVolume.addition' field: Invalid scalar resource: value <= 0", old, disk(-1)],
    ["The size of 'GrowVolume.addition' field must be greater than zero", old, reserved(disk(0))],
    ['Growing a volume from a resource provider is not supported', provided(old), provided(free)],
    [
      `Invalid persistent volume in the 'GrowVolume.volume' field: Resource disk${R}:5 does not have DiskInfo`,
      reserved(disk(5)),
      free,
    ],
    ['Growing a shared persistent volume is not supported', shared(old), free],
    ["Incompatible resources in the 'GrowVolume.volume' and 'GrowVolume.addition' fields", old, disk(1)],
    ["Incompatible resources in the 'GrowVolume.volume' and 'GrowVolume.addition' fields", old, fromSource(free, PATH)],
    [
      "Incompatible resources in the 'GrowVolume.volume' and 'GrowVolume.addition' fields",
      volume('v', fromSource(reserved(disk(5)), MOUNT)),
      fromSource(free, MOUNT),
    ],
  ])('%s', (error, held, addition) => {
    expect(growVolumeError({ volume: held, addition }, able)).toBe(error);
  });

  it('needs an agent that resizes', () => {
    expect(growVolumeError({ volume: old, addition: free }, without('RESIZE_VOLUME'))).toBe(
      `Volume disk${R}[v:data]:5 cannot be grown on an agent without RESIZE_VOLUME capability`,
    );
  });
});

describe('SHRINK_VOLUME', () => {
  const old = volume('v', reserved(disk(5)));
  it.each<[string | undefined, Resource, number]>([
    [undefined, old, 1],
    [undefined, volume('v', fromSource(reserved(disk(5)), PATH)), 4.999],
    ["Invalid resource in the 'ShrinkVolume.volume' field: Invalid scalar resource: value <= 0", disk(-1), 1],
    ["Value of 'ShrinkVolume.subtract' must be greater than zero", old, 0],
    ["Value of 'ShrinkVolume.subtract' must be greater than zero", old, Number.NaN],
    ["Value of 'ShrinkVolume.subtract' must be smaller than the size of 'ShrinkVolume.volume'", old, 5],
    ["Value of 'ShrinkVolume.subtract' must be smaller than the size of 'ShrinkVolume.volume'", old, 4.9999],
    ['Shrinking a volume from a resource provider is not supported', provided(old), 1],
    ['Shrinking a volume on a MOUNT disk is not supported', volume('v', fromSource(reserved(disk(5)), MOUNT)), 1],
    [
      `Invalid persistent volume in the 'ShrinkVolume.volume' field: Resource disk${R}:5 does not have DiskInfo`,
      reserved(disk(5)),
      1,
    ],
    ['Shrinking a shared persistent volume is not supported', shared(old), 1],
  ])('%s', (error, held, value) => {
    expect(shrinkVolumeError({ volume: held, subtract: { value } }, able)).toBe(error);
  });

  it('needs an agent that resizes', () => {
    expect(shrinkVolumeError({ volume: old, subtract: { value: 1 } }, without('RESIZE_VOLUME'))).toBe(
      `Volume disk${R}[v:data]:5 cannot be shrunk on an agent without RESIZE_VOLUME capability`,
    );
  });
});
