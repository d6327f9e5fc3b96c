/** Operations on the agent's resources: applied, on disk, told, acknowledged. */
import { Resources } from '@mesolite/resources';
import {
  type OfferOperation,
  ReregisterAgentMessage,
  Resource,
  ResourceState,
  UpdateAgentMessage,
  UpdateOperationStatusMessage,
} from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { type AgentOptions, type CommitResources, volumeChanges } from '../src/core/index.ts';
import { MAX_UNACKNOWLEDGED_OPERATIONS } from '../src/core/state/operations.ts';
import { CoreHarness, MASTER } from './core-harness.ts';
import {
  allocated,
  apply,
  CAPABILITIES,
  create,
  destroy,
  FLAGS,
  reservedCpus,
  reservedDisk,
  uuid,
  volume,
} from './operation-messages.ts';

const VOLUME_PATH = '/work-dir/volumes/roles/web api/v';

function agent(options: Partial<AgentOptions> = {}): CoreHarness {
  return new CoreHarness({ resources: FLAGS, capabilities: CAPABILITIES, ...options }).register();
}

function commits(harness: CoreHarness): CommitResources[] {
  return harness.of('commit-resources');
}

function told(harness: CoreHarness): string[] {
  return harness
    .sent(UpdateOperationStatusMessage)
    .map(({ status }) => [status.state, status.message].filter((word) => word !== undefined).join(': '));
}

function acknowledge(harness: CoreHarness, number: number): void {
  const update = harness
    .sent(UpdateOperationStatusMessage)
    .find(({ operation_uuid }) => operation_uuid?.value[0] === number);
  harness.fromMaster('operation-status-acknowledged', {
    operation_uuid: uuid(number),
    status_uuid: update?.status.uuid ?? uuid(99),
  });
}

function total(harness: CoreHarness): Resources {
  return harness.core.state.total;
}

describe('an operation', () => {
  it.each<[string, readonly OfferOperation[], readonly Resource[]]>([
    [
      'RESERVE',
      [{ type: 'RESERVE', reserve: { resources: [allocated(reservedCpus(2), 'web')] } }],
      [reservedCpus(2), { name: 'cpus', type: 'SCALAR', scalar: { value: 6 } }],
    ],
    [
      'UNRESERVE',
      [
        { type: 'RESERVE', reserve: { resources: [allocated(reservedCpus(2), 'web')] } },
        { type: 'UNRESERVE', unreserve: { resources: [allocated(reservedCpus(1), 'web')] } },
      ],
      [reservedCpus(1), { name: 'cpus', type: 'SCALAR', scalar: { value: 7 } }],
    ],
    ['CREATE', [create(volume('v'))], [volume('v'), reservedDisk(900)]],
    ['DESTROY', [create(volume('v')), destroy(volume('v'))], [reservedDisk(1000)]],
    [
      'GROW_VOLUME',
      [
        create(volume('v')),
        {
          type: 'GROW_VOLUME',
          grow_volume: { volume: allocated(volume('v')), addition: allocated(reservedDisk(20)) },
        },
      ],
      [volume('v', 120), reservedDisk(880)],
    ],
    [
      'SHRINK_VOLUME',
      [
        create(volume('v')),
        { type: 'SHRINK_VOLUME', shrink_volume: { volume: allocated(volume('v')), subtract: { value: 30 } } },
      ],
      [volume('v', 70), reservedDisk(930)],
    ],
  ])('%s changes the total, is written down, then told', (_name, operations, expected) => {
    const harness = agent();
    operations.forEach((operation, index) => {
      harness.take();
      harness.fromMaster('apply-operation', apply(index + 1, operation));
      expect(harness.effects.map(({ kind }) => kind)).toEqual(['commit-resources', 'append-file', 'send']);
      expect(told(harness)).toEqual(['OPERATION_FINISHED']);
    });
    for (const resource of expected) expect(total(harness).contains(Resources.from([resource]))).toBe(true);
    expect(total(harness).scalar('cpus')).toBe(8);
    expect(total(harness).scalar('disk')).toBe(1500);
  });

  it('that makes a volume whose path no file system takes is refused, and changes nothing', () => {
    // With `/volumes/roles/web api/` and an id of one byte it is as long as paths may be.
    const workDirectory = `${'/w'.repeat(2035)}w`;
    const harness = agent({ workDirectory });
    harness.fromMaster('apply-operation', apply(1, create(volume('vv'))));
    harness.fromMaster('apply-operation', apply(2, create(volume('v'))));
    expect(told(harness)).toEqual([
      expect.stringMatching(/^OPERATION_ERROR: Persistent volume '.*vv.*': its path is longer than 4095 bytes$/),
      'OPERATION_FINISHED',
    ]);
    expect(commits(harness).map(({ volumes }) => volumes.create.length)).toEqual([0, 1]);
    expect(total(harness).contains(Resources.from([volume('vv')]))).toBe(false);
  });

  it('names itself, its framework and the agent to the master', () => {
    const harness = agent();
    harness.fromMaster('apply-operation', apply(1, { ...create(volume('v')), id: { value: 'mine' } }));
    const [update] = harness.sent(UpdateOperationStatusMessage);
    expect(update).toEqual({
      framework_id: { value: 'F' },
      agent_id: { value: 'M-S0' },
      status: {
        operation_id: { value: 'mine' },
        state: 'OPERATION_FINISHED',
        uuid: expect.anything(),
        agent_id: { value: 'M-S0' },
      },
      latest_status: update?.status,
      operation_uuid: { value: Buffer.from(uuid(1).value) },
    });
  });

  it('of an operator names no framework', () => {
    const harness = agent();
    harness.fromMaster('apply-operation', apply(1, create(volume('v')), ''));
    expect(harness.sent(UpdateOperationStatusMessage)[0]).not.toHaveProperty('framework_id');
  });

  it('is done once, however often it comes', () => {
    const harness = agent();
    harness.fromMaster('apply-operation', apply(1, create(volume('v'))));
    harness.take();
    harness.fromMaster('apply-operation', apply(1, create(volume('v'))));
    expect(harness.effects).toEqual([]);
  });

  it('counts only from the leading master', () => {
    const harness = agent();
    harness.fromMaster('apply-operation', apply(1, create(volume('v'))), 'master@127.0.0.1:6060');
    expect(harness.effects).toEqual([]);
    expect(total(harness).persistentVolumes().isEmpty).toBe(true);
  });

  it.each<[string, OfferOperation, string]>([
    ['that takes more than there is', create(volume('v', 1001)), 'does not contain'],
    ['without its field', { type: 'CREATE' }, 'must have the Offer.Operation.create field set'],
    ['of an unknown kind', {}, 'Unknown offer operation'],
    ['on a volume that is not there', destroy(volume('v')), 'does not contain'],
    ['with an id that is no name', create(volume('../v')), "'../v' contains invalid characters"],
    ['without a reservation', create({ ...volume('v'), reservations: [] }), 'is not reserved'],
    [
      'that grows by what is no disk',
      { type: 'GROW_VOLUME', grow_volume: { volume: volume('v'), addition: reservedCpus(1) } },
      'Incompatible resources',
    ],
    [
      'that shrinks by less than nothing',
      { type: 'SHRINK_VOLUME', shrink_volume: { volume: volume('v'), subtract: { value: -5 } } },
      "Value of 'ShrinkVolume.subtract' must be greater than zero",
    ],
    [
      'on a volume nobody could write to',
      create(volume('v', 1, { disk: { persistence: { id: 'v' }, volume: { mode: 'RO', container_path: 'd' } } })),
      'Read-only persistent volume not supported',
    ],
    ['that makes two volumes of one id', create(volume('v', 1), volume('v', 2)), "Persistence ID 'v' is not unique"],
    [
      'for a resource provider',
      { type: 'DESTROY_DISK', destroy_disk: { source: allocated(volume('v')) } },
      'needs a resource provider',
    ],
  ])('%s changes nothing, says why, and the master is to learn what there is', (_name, operation, why) => {
    const harness = agent();
    const before = total(harness);
    harness.fromMaster('apply-operation', apply(1, operation));
    expect(told(harness)).toEqual([expect.stringMatching(/^OPERATION_ERROR: /)]);
    expect(told(harness)[0]).toContain(why);
    expect(total(harness).equals(before)).toBe(true);
    expect(commits(harness)[0]?.volumes).toEqual({ create: [], remove: [] });
    expect(harness.of('detect-leader')).toHaveLength(1);
  });

  it('is dropped when too many are unacknowledged', () => {
    const harness = agent();
    const { operations } = harness.core.state;
    const { framework_id, operation_info: info, operation_uuid } = apply(0, create(volume('v')));
    for (let i = 0; i < MAX_UNACKNOWLEDGED_OPERATIONS; i++) {
      const latest_status = { state: 'OPERATION_FINISHED' as const };
      const pending = operations.add(`${i}`, { framework_id, info, latest_status, uuid: operation_uuid });
      pending.retryDeadline = harness.core.state.deadlines.set(600_000, { kind: 'disk-watch' });
    }
    harness.fromMaster('apply-operation', apply(1, create(volume('v'))));
    expect(told(harness)).toEqual([expect.stringMatching(/^OPERATION_DROPPED: /)]);
    expect(commits(harness)).toEqual([]);
    expect(harness.of('detect-leader')).toHaveLength(1);
  });
});

describe('what is written down', () => {
  it('is all that no flag tells, in both forms, with the operations in one of them', () => {
    const harness = agent();
    harness.fromMaster('apply-operation', apply(1, create(volume('v'))));
    const [plain, state] = commits(harness)[0]!.files;
    expect([plain?.path, plain?.target, state?.path, state?.target]).toEqual([
      '/work-dir/meta/resources/resources.info',
      '/work-dir/meta/resources/resources.target',
      '/work-dir/meta/resources/resources_and_operations.state',
      '/work-dir/meta/resources/resources_and_operations.target',
    ]);
    const written = ResourceState.decode(state!.data.subarray(4));
    expect(written.resources).toEqual([volume('v')]);
    expect(written.operations?.map(({ latest_status }) => latest_status.state)).toEqual(['OPERATION_FINISHED']);
    const old = Resource.decode(plain!.data.subarray(4));
    expect([old.role, old.reservations, old.disk?.persistence?.id]).toEqual(['web/api', undefined, 'v']);
  });

  it('makes the directories of new volumes and removes those of destroyed ones', () => {
    const harness = agent();
    harness.fromMaster('apply-operation', apply(1, create(volume('v'), volume('w', 10))));
    expect(commits(harness).at(-1)?.volumes).toEqual({
      create: [VOLUME_PATH, '/work-dir/volumes/roles/web api/w'],
      remove: [],
    });
    harness.fromMaster('apply-operation', apply(2, destroy(volume('v'))));
    expect(commits(harness).at(-1)?.volumes).toEqual({
      create: [],
      remove: [{ path: VOLUME_PATH, keepRoot: false }],
    });
  });

  it('leaves the directory of a volume alone that grows', () => {
    const harness = agent();
    harness.fromMaster('apply-operation', apply(1, create(volume('v'))));
    harness.fromMaster(
      'apply-operation',
      apply(2, { type: 'GROW_VOLUME', grow_volume: { volume: volume('v'), addition: reservedDisk(20) } }),
    );
    expect(commits(harness).at(-1)?.volumes).toEqual({ create: [], remove: [] });
  });

  it.each([
    ['PATH', { type: 'PATH' as const, path: { root: '/disk' } }, '/disk/volumes/roles/web api/v', false],
    [
      'PATH below the work directory',
      { type: 'PATH' as const, path: { root: 'd' } },
      '/work-dir/d/volumes/roles/web api/v',
      false,
    ],
    ['MOUNT', { type: 'MOUNT' as const, mount: { root: '/mnt' } }, '/mnt', true],
  ])('finds volumes of %s disks there', (_name, source, path, keepRoot) => {
    const one = volume('v');
    const on = Resources.from([{ ...one, disk: { ...one.disk, source } }]);
    expect(volumeChanges('/work-dir', Resources.empty, on).create).toEqual([path]);
    expect(volumeChanges('/work-dir', on, Resources.empty).remove).toEqual([{ path, keepRoot }]);
  });
});

describe('an outcome', () => {
  it('is sent again after 10 s, then at doubling intervals up to 10 min, until it is acknowledged', () => {
    const harness = agent();
    harness.fromMaster('apply-operation', apply(1, create(volume('v'))));
    const waits: number[] = [];
    for (let i = 0; i < 9; i++) {
      harness.take();
      const before = harness.nowMs;
      // Pings keep the agent from looking for another master meanwhile.
      while (told(harness).length === 0) {
        harness.fromMaster('ping-received', { connected: true });
        harness.advance(5_000);
      }
      waits.push((harness.nowMs - before) / 1000);
    }
    expect(waits).toEqual([10, 20, 40, 80, 160, 320, 600, 600, 600]);
    acknowledge(harness, 1);
    harness.take();
    harness.advance(60_000);
    expect(told(harness)).toEqual([]);
  });

  it('that is acknowledged is forgotten on disk too', () => {
    const harness = agent();
    harness.fromMaster('apply-operation', apply(1, create(volume('v'))));
    const [record] = harness.of('append-file');
    acknowledge(harness, 1);
    const commit = commits(harness).at(-1)!;
    expect(ResourceState.decode(commit.files[1]!.data.subarray(4))).toEqual({ resources: [volume('v')] });
    expect(record?.path).toBe(`${commit.discard[0]}/operation.updates`);
    expect(commit.discard).toEqual(['/work-dir/meta/slaves/M-S0/operations/01010101-0101-0101-0101-010101010101']);
    harness.take();
    acknowledge(harness, 1);
    expect(harness.effects).toEqual([]);
  });

  it('is not acknowledged by what is meant for another', () => {
    const harness = agent();
    harness.fromMaster('apply-operation', apply(1, create(volume('v'))));
    harness.take();
    harness.fromMaster('operation-status-acknowledged', { operation_uuid: uuid(1), status_uuid: uuid(8) });
    harness.fromMaster('operation-status-acknowledged', { operation_uuid: uuid(2), status_uuid: uuid(8) });
    expect(harness.effects).toEqual([]);
    expect(harness.core.state.operations.size).toBe(1);
  });

  it('waits while nobody leads, and is told after the operation itself once somebody does', () => {
    const harness = agent();
    harness.fromMaster('apply-operation', apply(1, create(volume('v'))));
    harness.step({ kind: 'leader-detected', leader: undefined });
    harness.take();
    harness.advance(60_000);
    expect(told(harness)).toEqual([]);
    harness.step({ kind: 'leader-detected', leader: { pid: MASTER, hostname: 'master' } });
    harness.advance(1_000);
    harness.take();
    harness.fromMaster('agent-reregistered', { agent_id: { value: 'M-S0' } });
    expect(harness.of('send').map(({ name }) => name.split('.').at(-1))).toEqual([
      'UpdateSlaveMessage',
      'UpdateOperationStatusMessage',
    ]);
    const [update] = harness.sent(UpdateAgentMessage);
    expect(update?.operations?.operations?.map(({ info }) => info.type)).toEqual(['CREATE']);
  });
});

describe('between two registrations', () => {
  const away = (): CoreHarness => {
    const harness = agent();
    harness.step({ kind: 'leader-detected', leader: { pid: MASTER, hostname: 'master' } });
    harness.advance(1_000);
    return harness;
  };
  const tells = ({ agent: info, checkpointed_resources: remembered }: ReregisterAgentMessage): Resources =>
    Resources.from(remembered).plus(Resources.from(info.resources));

  it('nothing is done that the master sent before: the registration under way does not tell of it', () => {
    const harness = away();
    harness.fromMaster('apply-operation', apply(1, create(volume('v'))));
    harness.fromMaster('checkpoint-resources', { resources: [volume('w')] });
    expect(commits(harness)).toEqual([]);
    expect(total(harness).equals(Resources.from(FLAGS))).toBe(true);
    harness.fromMaster('agent-reregistered', { agent_id: { value: 'M-S0' } });
    expect(harness.sent(UpdateAgentMessage).at(-1)?.operations?.operations ?? []).toEqual([]);
    harness.take();
    harness.fromMaster('reconcile-operations', { operations: [{ operation_uuid: uuid(1) }] });
    expect(told(harness)).toEqual(['OPERATION_DROPPED']);
  });

  it('an attempt that the master takes up after an operation is followed by one that tells of it', () => {
    const harness = away();
    expect(harness.sent(ReregisterAgentMessage).map((message) => tells(message).equals(total(harness)))).toContain(
      true,
    );
    harness.fromMaster('agent-reregistered', { agent_id: { value: 'M-S0' } });
    harness.fromMaster('agent-reregistered', { agent_id: { value: 'M-S0' } });
    expect(harness.of('detect-leader')).toEqual([]);
    harness.fromMaster('apply-operation', apply(1, create(volume('v'))));
    harness.take();
    harness.fromMaster('agent-reregistered', { agent_id: { value: 'M-S0' } });
    expect(harness.of('detect-leader')).toHaveLength(1);
    harness.step({ kind: 'leader-detected', leader: { pid: MASTER, hostname: 'master' } });
    harness.advance(1_000);
    expect(harness.sent(ReregisterAgentMessage)[0]?.checkpointed_resources).toHaveLength(1);
  });
});

describe('reconciliation', () => {
  const known = (): CoreHarness => {
    const harness = agent();
    harness.fromMaster('apply-operation', apply(1, { ...create(volume('v')), id: { value: 'mine' } }));
    harness.take();
    return harness;
  };

  it('of a framework tells what is known, by either name, without asking for an acknowledgement', () => {
    const harness = known();
    harness.fromMaster('reconcile-operations', {
      framework_id: { value: 'F' },
      operations: [{ operation_uuid: uuid(1) }, { operation_id: { value: 'mine' } }],
    });
    const answers = harness.sent(UpdateOperationStatusMessage);
    expect(answers.map(({ status }) => status.state)).toEqual(['OPERATION_FINISHED', 'OPERATION_FINISHED']);
    for (const { status, operation_uuid } of answers) {
      expect(status.uuid).toBeUndefined();
      expect(operation_uuid?.value[0]).toBe(1);
    }
  });

  it('of a framework tells that others are unknown', () => {
    const harness = known();
    harness.fromMaster('reconcile-operations', {
      framework_id: { value: 'G' },
      operations: [{ operation_id: { value: 'mine' } }],
    });
    expect(harness.sent(UpdateOperationStatusMessage)[0]).toEqual({
      framework_id: { value: 'G' },
      agent_id: { value: 'M-S0' },
      status: { state: 'OPERATION_UNKNOWN', operation_id: { value: 'mine' }, agent_id: { value: 'M-S0' } },
    });
  });

  it('of the master tells which never arrived, and nothing of the others', () => {
    const harness = known();
    harness.fromMaster('reconcile-operations', {
      operations: [{ operation_uuid: uuid(1) }, { operation_uuid: uuid(2) }],
    });
    expect(harness.sent(UpdateOperationStatusMessage)).toEqual([
      {
        agent_id: { value: 'M-S0' },
        status: { state: 'OPERATION_DROPPED', agent_id: { value: 'M-S0' } },
        operation_uuid: { value: Buffer.from(uuid(2).value) },
      },
    ]);
  });
});
