/** Volumes on disks of their own: real agents, real tasks, a real file system where the test may mount one. */
import type { ChildProcess } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OfferOperation, Resource, ResourceDiskInfoSource } from '@mesolite/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentProcess, end } from './agent-process.ts';
import { MasterPeer } from './master-peer.ts';
import { allocated, create, destroy, reservedDisk } from './operation-messages.ts';
import { agentFlags } from './running-agent.ts';
import { commandTask, framework, resources } from './tasks.ts';
import { until } from './until.ts';

const MOUNT_BYTES = 2 * 2 ** 20;
const isRoot = process.geteuid?.() === 0;

describe('a volume on a disk of its own', () => {
  let directory: string;
  let master: MasterPeer;
  let agents: ChildProcess[];
  let mounted: string | undefined;

  beforeEach(async () => {
    directory = await realpath(await mkdtemp(join(tmpdir(), 'agent-')));
    // As a work directory is: other users get through.
    chmodSync(directory, 0o755);
    master = await MasterPeer.start();
    agents = [];
    mounted = undefined;
  });
  afterEach(async () => {
    await Promise.all(agents.map((agent) => end(agent, 'SIGKILL')));
    await master.stop();
    if (mounted !== undefined) execFileSync('umount', ['--lazy', mounted]);
    await rm(directory, { recursive: true, force: true });
  });

  const start = async (
    source: ResourceDiskInfoSource,
    megabytes?: number,
    ...more: string[]
  ): Promise<ChildProcess> => {
    const disk = {
      name: 'disk',
      type: 'SCALAR',
      role: 'web/api',
      disk: { source },
      ...(megabytes === undefined ? {} : { scalar: { value: megabytes } }),
    };
    const before = master.introductions.length;
    const common = agentFlags(directory, master.address).filter((flag) => !/--(resources|no-switch_user)/.test(flag));
    const agent = await agentProcess([
      ...common,
      `--resources=${JSON.stringify([disk])}`,
      '--quiet',
      ...(more.length > 0 ? more : ['--no-switch_user']),
    ]);
    agents.push(agent);
    await until('the agent registered', () => master.introductions.length > before);
    return agent;
  };

  const disk = (source: ResourceDiskInfoSource, value: number): Resource => ({
    ...reservedDisk(value),
    disk: { source },
  });
  const volume = (source: ResourceDiskInfoSource, value: number): Resource => ({
    ...reservedDisk(value),
    disk: { source, persistence: { id: 'v' }, volume: { mode: 'RW', container_path: 'data' } },
  });

  const outcome = async (operation: OfferOperation): Promise<readonly [string, string | undefined] | undefined> => {
    const number = master.apply(operation);
    await until(`${operation.type} is done`, () => master.operations.has(number));
    return master.operations.get(number);
  };
  const apply = async (operation: OfferOperation): Promise<void> => {
    expect(await outcome(operation)).toEqual(['OPERATION_FINISHED', undefined]);
  };

  const task = async (id: string, command: string, held: Resource, user?: string): Promise<void> => {
    const one = commandTask(id, command);
    master.run(framework(), {
      ...one,
      command: { ...one.command, ...(user === undefined ? {} : { user }) },
      resources: [...resources(0.1, 32), allocated(held)],
    });
    await until(`${id} ended`, () => master.statesOf(id).some((state) => /FINISHED|FAILED|DROPPED/.test(state)));
    expect([id, master.statesOf(id).at(-1)]).toEqual([id, 'TASK_FINISHED']);
  };

  /** What the agent told last of its remembered volumes. */
  const remembered = (): unknown[] =>
    (master.introductions.at(-1)?.checkpointed_resources ?? []).map((one) => [one.disk?.source, one.scalar?.value]);

  it('of kind PATH lies in a directory of it, grows and shrinks, and goes with DESTROY only', async () => {
    const root = join(directory, 'disks/first');
    const source: ResourceDiskInfoSource = { type: 'PATH', path: { root } };
    const agent = await start(source, 1000);
    expect(statSync(root).isDirectory()).toBe(true);
    await apply(create(volume(source, 100)));
    const path = join(root, 'volumes/roles/web api/v');
    await task('writer', 'echo one > data/file', volume(source, 100));
    const addition = allocated(disk(source, 50));
    await apply({ type: 'GROW_VOLUME', grow_volume: { volume: allocated(volume(source, 100)), addition } });
    await task('grown', 'echo two >> data/file', volume(source, 150));
    const subtract = { value: 120 };
    await apply({ type: 'SHRINK_VOLUME', shrink_volume: { volume: allocated(volume(source, 150)), subtract } });
    await end(agent, 'SIGKILL');

    await start(source, 1000);
    expect(remembered()).toEqual([[source, 30]]);
    await task('reader', 'echo three >> data/file', volume(source, 30));
    expect(readFileSync(join(path, 'file'), 'utf8')).toBe('one\ntwo\nthree\n');
    await apply(destroy(volume(source, 30)));
    expect(existsSync(path)).toBe(false);
    expect(statSync(root).isDirectory()).toBe(true);
    expect(await outcome(create(volume(source, 1001)))).toMatchObject(['OPERATION_ERROR', expect.any(String)]);
  });

  it('of kind PATH may have a root below the work directory', async () => {
    const source: ResourceDiskInfoSource = { type: 'PATH', path: { root: 'extra' } };
    await start(source, 1000);
    await apply(create(volume(source, 100)));
    expect(readdirSync(join(directory, 'work/extra/volumes/roles/web api'))).toEqual(['v']);
  });

  it.skipIf(!isRoot)('belongs to the user of the task that uses it alone', async () => {
    const source: ResourceDiskInfoSource = { type: 'PATH', path: { root: join(directory, 'disk') } };
    await start(source, 1000, '--switch_user');
    await apply(create(volume(source, 100)));
    const path = join(directory, 'disk/volumes/roles/web api/v');
    const owner = (): number => statSync(path).uid;
    expect(owner()).toBe(0);
    await task('first', 'id -u > data/first', volume(source, 100), 'nobody');
    expect([owner(), readFileSync(join(path, 'first'), 'utf8')]).toEqual([owner(), `${owner()}\n`]);
    expect(owner()).not.toBe(0);
    const nobody = owner();
    await task('second', 'id -u > data/second', volume(source, 100), 'daemon');
    expect([owner() !== nobody, owner() !== 0]).toEqual([true, true]);
    // What is inside stays whose it was.
    expect(statSync(join(path, 'first')).uid).toBe(nobody);
  });

  it('of kind MOUNT is all of it, and leaves its root behind', async ({ skip }) => {
    const root = join(directory, 'mnt');
    mkdirSync(root);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${MOUNT_BYTES}`, 'test', root], { stdio: 'pipe' });
    } catch {
      console.log('skipped: volumes on a mounted disk (nothing can be mounted here)');
      skip();
    }
    mounted = root;
    // A file system begins with something in it.
    writeFileSync(join(root, '.before'), '');
    const source: ResourceDiskInfoSource = { type: 'MOUNT', mount: { root } };
    const agent = await start(source);
    // Without a size in the flag: that of the file system.
    const whole = MOUNT_BYTES / 2 ** 20;
    expect(master.registrations[0]?.agent.resources?.find(({ name }) => name === 'disk')?.scalar?.value).toBe(whole);

    const introduced = master.introductions.length;
    expect((await outcome(create(volume(source, 1))))?.[0]).toBe('OPERATION_ERROR');
    // It registers anew to tell the master what there is, and applies nothing until that is answered.
    await until('the agent came back', () => master.introductions.length > introduced);
    await apply(create(volume(source, whole)));
    await task(
      'writer',
      'echo one > data/file && test "$(readlink data)" = "$ROOT"'.replace('$ROOT', root),
      volume(source, whole),
    );
    expect(readdirSync(root).sort()).toEqual(['.before', 'file']);
    await end(agent, 'SIGKILL');
    await start(source);
    expect(remembered()).toEqual([[source, whole]]);
    await task('reader', 'grep one data/file', volume(source, whole));
    await apply(destroy(volume(source, whole)));
    expect(readdirSync(root)).toEqual([]);
  });
});
