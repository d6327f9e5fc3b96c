/** The resources inside operations, and those an agent remembers because of operations. */
import type { OfferOperation, Resource } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import {
  allocateOperation,
  applyCheckpointed,
  applyOperation,
  checkpointedPart,
  needsCheckpoint,
  type Resources,
  unallocateOperation,
  upgradeOperation,
} from '../src/index.ts';
import {
  allocated,
  cpus,
  create,
  destroy,
  disk,
  dynamic,
  fixed,
  grow,
  of,
  on,
  reserve,
  reserved,
  shared,
  shrink,
  unreserve,
  volume,
} from './building.ts';

const R = '(reservations: [(DYNAMIC,dev,p)])';

describe('the resources in an operation', () => {
  const old: Resource = { ...cpus(1), role: 'dev', reservation: { principal: 'p' } };
  const task = (resource: Resource): NonNullable<NonNullable<OfferOperation['launch']>['task_infos']>[number] => ({
    name: 't',
    task_id: { value: 't' },
    agent_id: { value: 'a' },
    resources: [resource],
    executor: { executor_id: { value: 'e' }, resources: [resource] },
  });
  const executor = { executor_id: { value: 'e' }, resources: [old] };
  const everyKind: OfferOperation[] = [
    reserve(old),
    unreserve(old),
    create(old),
    destroy(old),
    grow(old, old),
    shrink(old, 1),
    { type: 'LAUNCH', launch: { task_infos: [task(old)] } },
    { type: 'LAUNCH_GROUP', launch_group: { executor, task_group: { tasks: [task(old)] } } },
    { type: 'CREATE_DISK', create_disk: { source: old, target_type: 'MOUNT' } },
    { type: 'DESTROY_DISK', destroy_disk: { source: old } },
  ];

  it.each(
    everyKind.map((operation) => [operation.type ?? '', operation] as const),
  )('%s: all change', (_, operation) => {
    const text = JSON.stringify(operation);
    const upgraded = upgradeOperation(operation);
    if (!upgraded.ok) throw new Error(upgraded.error);
    const ours = text.replaceAll(JSON.stringify(old), JSON.stringify(reserved(cpus(1))));
    expect(upgraded.value).toEqual(JSON.parse(ours));
    const held = allocateOperation(upgraded.value, 'dev');
    expect(JSON.stringify(held).split('"allocation_info":{"role":"dev"}').length).toBe(
      text.split('"name":"cpus"').length,
    );
    expect(allocateOperation(held, 'other')).toEqual(held);
    expect(unallocateOperation(held)).toEqual(upgraded.value);
    expect(JSON.stringify(operation)).toBe(text);
  });

  it('are allocated but for the source of a RESERVE, which is the operator’s', () => {
    const update: OfferOperation = { type: 'RESERVE', reserve: { source: [cpus(1)], resources: [cpus(1)] } };
    const { source, resources } = allocateOperation(update, 'dev').reserve ?? {};
    expect([source, resources]).toEqual([[cpus(1)], [allocated(cpus(1), 'dev')]]);
  });

  it.each<[OfferOperation, string]>([
    [{}, 'Unknown offer operation'],
    [{ type: 'UNKNOWN' }, 'Unknown offer operation'],
    [{ type: 'RESERVE' }, 'A RESERVE offer operation must have the Offer.Operation.reserve field set.'],
    [{ type: 'UNRESERVE' }, 'An UNRESERVE offer operation must have the Offer.Operation.unreserve field set.'],
    [{ type: 'LAUNCH_GROUP' }, 'A LAUNCH_GROUP offer operation must have the Offer.Operation.launch_group field set.'],
    [{ type: 'GROW_VOLUME' }, 'A GROW_VOLUME operation must have the Offer.Operation.grow_volume field set'],
    [
      { type: 'SHRINK_VOLUME' },
      'A SHRINK_VOLUME offer operation must have the Offer.Operation.shrink_volume field set',
    ],
    [reserve(cpus(-1)), "Resource 'cpus:-1' is invalid: Invalid scalar resource: value <= 0"],
    [shrink(disk(-1), 1), 'Invalid scalar resource: value <= 0'],
    [
      { type: 'RESERVE', reserve: { source: [cpus(-1)], resources: [cpus(1)] } },
      "Resource 'cpus:-1' is invalid: Invalid scalar resource: value <= 0",
    ],
  ])('%j is refused', (operation, error) => {
    expect(upgradeOperation(operation)).toEqual({ ok: false, error });
  });
});

describe('what an agent remembers', () => {
  it('is what was reserved and created at run time, but not of providers', () => {
    const held = [
      cpus(1),
      on(cpus(1), fixed('a')),
      reserved(cpus(1)),
      volume('v', on(disk(1), fixed('a'))),
      { ...reserved(disk(1)), provider_id: { value: 'x' } },
    ];
    expect(held.map(needsCheckpoint)).toEqual([false, false, true, true, false]);
    expect(checkpointedPart(of(...held)).equals(of(held[2]!, held[3]!))).toBe(true);
  });

  it('becomes part of what its flags give, again', () => {
    const restored = (given: Resources, ...remembered: Resource[]): string => {
      const result = applyCheckpointed(given, of(...remembered));
      return result.ok ? String(result.value) : `refused: ${result.error}`;
    };
    expect(restored(of(cpus(8), disk(100)), reserved(cpus(2)), shared(volume('v', reserved(disk(40)))))).toBe(
      `cpus:6; disk:60; cpus${R}:2; disk${R}[v:data]<SHARED>:40<1>`,
    );
    expect(restored(of(on(disk(9), fixed('a'))), volume('v', on(disk(4), fixed('a'), dynamic('a/b'))))).toBe(
      'disk(reservations: [(STATIC,a)]):5; disk(reservations: [(STATIC,a),(DYNAMIC,a/b)])[v:data]:4',
    );
    expect(restored(of(cpus(1)), reserved(cpus(2)))).toBe(
      'refused: Incompatible agent resources: cpus:1 does not contain cpus:2',
    );
    expect(restored(of(cpus(1)), cpus(1))).toBe('refused: Unexpected checkpointed resources cpus:1');
  });

  it('is found again after any operations', () => {
    const given = of(cpus(8), disk(100));
    const operations = [reserve(reserved(cpus(2)), reserved(disk(60))), create(volume('v', reserved(disk(50))))];
    let total = given;
    for (const operation of operations) {
      const result = applyOperation(total, operation);
      if (!result.ok) throw new Error(result.error);
      total = result.value;
    }
    const again = applyCheckpointed(given, checkpointedPart(total));
    expect(again.ok && again.value.equals(total)).toBe(true);
  });
});
