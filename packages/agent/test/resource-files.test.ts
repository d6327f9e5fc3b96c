/** Remembered resources on a real disk: changes, crashes amid them, what cannot be read. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemDisk } from '@mesolite/daemon';
import { type Disk, silentLog } from '@mesolite/ports';
import type { Resources } from '@mesolite/resources';
import type { Resource } from '@mesolite/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommitResources } from '../src/core/index.ts';
import { prepareDisks } from '../src/host/disks.ts';
import { commitResources, recoverResources } from '../src/host/resource-files.ts';
import { CoreHarness } from './core-harness.ts';
import { apply, CAPABILITIES, create, destroy, FLAGS, reservedDisk, volume } from './operation-messages.ts';

let workDirectory: string;
const disk = new SystemDisk();

beforeEach(async () => {
  workDirectory = await mkdtemp(join(tmpdir(), 'agent-resources-'));
});
afterEach(() => rm(workDirectory, { recursive: true, force: true }));

const pathOf = (id: string): string => join(workDirectory, 'volumes/roles/web api', id);
const metaFile = (name: string): string => join(workDirectory, 'meta/resources', name);
const recover = () => recoverResources(workDirectory, disk, silentLog);

async function recovered(): Promise<Resources> {
  const result = await recover();
  if (!result.ok) throw new Error(result.error);
  return result.value.resources;
}

/** What a core that remembers `before` wants done for one more operation. */
function change(before: readonly Resource[], ...operations: Parameters<typeof apply>[1][]): CommitResources {
  const harness = new CoreHarness({
    resources: FLAGS,
    capabilities: CAPABILITIES,
    workDirectory,
    checkpointedResources: before,
  }).register();
  operations.forEach((operation, index) => {
    harness.fromMaster('apply-operation', apply(index + 1, operation));
  });
  return harness.of('commit-resources').at(-1)!;
}

/** A disk that works for a number of steps, then never again. */
function dying(steps: number): Disk {
  const step = <A extends unknown[], R>(act: (...args: A) => Promise<R>) => {
    return (...args: A): Promise<R> => (steps-- > 0 ? act(...args) : Promise.reject(new Error('dead')));
  };
  return {
    read: (path) => disk.read(path),
    list: (path) => disk.list(path),
    writeAtomic: step((path, data) => disk.writeAtomic(path, data)),
    append: step((path, data) => disk.append(path, data)),
    remove: step((path) => disk.remove(path)),
    makeDirectory: step((path) => disk.makeDirectory(path)),
    symlink: step((target, path) => disk.symlink(target, path)),
  };
}

describe('a change of remembered resources', () => {
  it('is read back as it was written, with its volumes there and no targets left', async () => {
    await commitResources(disk, change([], create(volume('v'))));
    expect(existsSync(pathOf('v'))).toBe(true);
    expect(readdirSync(metaFile('.')).sort()).toEqual(['resources.info', 'resources_and_operations.state']);
    expect((await recovered()).toProto()).toEqual([volume('v')]);
  });

  it('leaves the data of other volumes alone, and removes that of a destroyed one with it', async () => {
    await commitResources(disk, change([], create(volume('v'))));
    writeFileSync(join(pathOf('v'), 'data'), 'precious');
    await commitResources(disk, change([volume('v')], create(volume('w'))));
    expect(readFileSync(join(pathOf('v'), 'data'), 'utf8')).toBe('precious');
    await commitResources(disk, change([volume('v'), volume('w')], destroy(volume('v'))));
    expect([existsSync(pathOf('v')), existsSync(pathOf('w'))]).toEqual([false, true]);
  });

  it('never follows links that a task left in its volume', async () => {
    await commitResources(disk, change([], create(volume('v'))));
    const outside = join(workDirectory, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'kept'), '');
    symlinkSync(outside, join(pathOf('v'), 'link'));
    await commitResources(disk, change([volume('v')], destroy(volume('v'))));
    expect(readdirSync(outside)).toEqual(['kept']);
  });

  it('empties a mounted disk and keeps its root', async () => {
    const root = join(workDirectory, 'mounted');
    mkdirSync(join(root, 'deep'), { recursive: true });
    writeFileSync(join(root, '.hidden'), '');
    const volumes = { create: [], remove: [{ path: root, keepRoot: true }] };
    await commitResources(disk, { files: [], volumes, discard: [] });
    expect(readdirSync(root)).toEqual([]);
    await rm(root, { recursive: true });
    await commitResources(disk, { files: [], volumes, discard: [] });
  });

  it('that is cut short anywhere is undone or finished by the next start', async () => {
    const steps: string[] = [];
    for (let alive = 0; ; alive++) {
      await rm(workDirectory, { recursive: true, force: true });
      await commitResources(disk, change([], create(volume('v'))));
      const both = change([volume('v')], destroy(volume('v')), create(volume('w')));
      // Both operations as one, as when the second is taken in while the first waits for the disk.
      const volumes = { create: [pathOf('w')], remove: [{ path: pathOf('v'), keepRoot: false }] };
      const died = await commitResources(dying(alive), { ...both, volumes }).then(
        () => false,
        () => true,
      );
      const now = await recovered();
      const ids = now.toProto().map(({ disk: held }) => held?.persistence?.id);
      expect(readdirSync(join(workDirectory, 'volumes/roles/web api'))).toEqual(ids);
      expect(readdirSync(metaFile('.')).filter((name) => name === 'resources_and_operations.target')).toEqual([]);
      steps.push(`${ids}`);
      if (!died) break;
    }
    expect(steps[0]).toBe('v');
    expect(steps.at(-1)).toBe('w');
    expect(steps.join('')).toMatch(/^v+w+$/);
    expect(steps.length).toBeGreaterThan(6);
  });

  it('that was the first and was cut short is finished too', async () => {
    const first = change([], create(volume('v')));
    await expect(commitResources(dying(2), first)).rejects.toThrow('dead');
    expect(existsSync(pathOf('v'))).toBe(false);
    expect((await recovered()).toProto()).toEqual([volume('v')]);
    expect(existsSync(pathOf('v'))).toBe(true);
  });
});

describe('a volume whose directory cannot be made', () => {
  /** A file where directories are to be. */
  const obstacle = (): string => join(workDirectory, 'volumes/roles/web');
  const obstructed: Resource = { ...volume('x'), reservations: [{ type: 'STATIC', role: 'web' }] };

  beforeEach(async () => {
    await commitResources(disk, change([], create(volume('v'))));
    writeFileSync(join(pathOf('v'), 'data'), 'precious');
    writeFileSync(obstacle(), '');
  });

  /** Makes one that can be made and one that cannot, and would end `v`. */
  const impossible = (): CommitResources => {
    const volumes = {
      create: [pathOf('w'), join(obstacle(), 'x')],
      remove: [{ path: pathOf('v'), keepRoot: false }],
    };
    return { ...change([volume('v')], create(volume('w'))), volumes };
  };

  const expectUntouched = async (): Promise<void> => {
    expect((await recovered()).toProto()).toEqual([volume('v')]);
    expect(readdirSync(metaFile('.')).sort()).toEqual(['resources.info', 'resources_and_operations.state']);
    expect(readdirSync(join(workDirectory, 'volumes/roles/web api'))).toEqual(['v']);
    expect(readFileSync(join(pathOf('v'), 'data'), 'utf8')).toBe('precious');
  };

  it('is not made when the change is: nothing of it is done, and the next start knows nothing of it', async () => {
    await expect(commitResources(disk, impossible())).rejects.toThrow(
      /^The directory of a volume cannot be made: ENOTDIR.*; the change was withdrawn$/,
    );
    await expectUntouched();
  });

  it('is given up by the start that would have made it, which says so', async () => {
    const harness = new CoreHarness({
      resources: [...FLAGS, { ...reservedDisk(500), reservations: [{ type: 'STATIC', role: 'web' }] }],
      capabilities: CAPABILITIES,
      workDirectory,
      checkpointedResources: [volume('v')],
    }).register();
    harness.fromMaster('apply-operation', apply(1, { type: 'CREATE', create: { volumes: [obstructed] } }));
    const cut = harness.of('commit-resources').at(-1)!;
    expect(cut.volumes.create).toEqual([join(obstacle(), 'x')]);
    await expect(commitResources(dying(2), cut)).rejects.toThrow('dead');
    const errors: string[] = [];
    const result = await recoverResources(workDirectory, disk, { ...silentLog, error: (text) => errors.push(text) });
    expect(result.ok ? result.value.resources.toProto() : result.error).toEqual([volume('v')]);
    expect(errors).toEqual([expect.stringMatching(/^Giving up .* of checkpointed resources .*ENOTDIR/)]);
    await expectUntouched();
  });

  it('stays in mind when the disk refuses the withdrawal too, for a start when it works', async () => {
    const made = change([volume('v')], create(volume('w')));
    const volumes = { create: [join(obstacle(), 'w')], remove: [] };
    await expect(commitResources(dying(3), { ...made, volumes })).rejects.toThrow('ENOTDIR');
    expect((await recovered()).toProto()).toEqual([volume('v'), volume('w')]);
    expect(existsSync(pathOf('w'))).toBe(true);
  });
});

describe('remembered resources', () => {
  it('are none where no agent was', async () => {
    expect((await recovered()).isEmpty).toBe(true);
  });

  it('are found in the file of agents that know of no operations', async () => {
    await commitResources(disk, change([], create(volume('v'))));
    await disk.remove(metaFile('resources_and_operations.state'));
    expect((await recovered()).toProto()).toEqual([volume('v')]);
  });

  it.each([
    ['cut short', (data: Buffer) => data.subarray(0, -1), 'a record is cut short'],
    ['spoiled', (data: Buffer) => Buffer.concat([data.subarray(0, 4), Buffer.alloc(data.length - 4, 255)]), ''],
  ])('in a file that is %s are refused by its name', async (_name, spoil, why) => {
    await commitResources(disk, change([], create(volume('v'))));
    const path = metaFile('resources_and_operations.state');
    writeFileSync(path, spoil(readFileSync(path)));
    const result = await recover();
    expect(result.ok ? '' : result.error).toContain(`Failed to read resource and operations file '${path}': ${why}`);
  });
});

describe('disks of their own', () => {
  const on = (source: NonNullable<Resource['disk']>['source']): Resource[] => [
    { name: 'disk', type: 'SCALAR', scalar: { value: 1 }, disk: { source } },
  ];

  it('of kind PATH are made', async () => {
    const made = await prepareDisks(workDirectory, on({ type: 'PATH', path: { root: 'a/b' } }));
    expect([made.ok, existsSync(join(workDirectory, 'a/b'))]).toEqual([true, true]);
    writeFileSync(join(workDirectory, 'file'), '');
    const refused = await prepareDisks(workDirectory, on({ type: 'PATH', path: { root: 'file/b' } }));
    expect(refused.ok ? '' : refused.error).toContain('Failed to create DiskInfo path directory');
  });

  it('of kind MOUNT must be mounted', async () => {
    expect(await prepareDisks('/', on({ type: 'MOUNT', mount: { root: '/proc' } }))).toMatchObject({ ok: true });
    const plain = await prepareDisks(workDirectory, on({ type: 'MOUNT', mount: { root: workDirectory } }));
    expect(plain.ok ? '' : plain.error).toMatch(/^Failed to find mount '.*' in \/proc\/mounts$/);
    const missing = await prepareDisks(workDirectory, on({ type: 'MOUNT', mount: { root: 'nowhere' } }));
    expect(missing.ok ? '' : missing.error).toContain('Failed to determine `realpath` for DiskInfo mount');
  });
});
