/** What is read back of a meta tree, whole and spoiled in every place. */
import { appendFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SystemDisk, systemTimers } from '@mesolite/daemon';
import { silentLog } from '@mesolite/ports';
import { ExecutorInfo, FrameworkInfo, StatusUpdateRecord, Task } from '@mesolite/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecoveredExecutor } from '../src/core/index.ts';
import { checkpointRecord } from '../src/core/transitions/checkpoints.ts';
import { openAgentDisk } from '../src/host/durability/agent-disk.ts';
import { AGENT, taskInfo } from './core-harness.ts';
import { customExecutor, framework } from './tasks.ts';
import { BOOT_ID, WrittenTree } from './written-tree.ts';

const KEPT = framework({ checkpoint: true });

describe('a meta tree', () => {
  let tree: WrittenTree;
  /** Runs by executor. */
  let runs: Record<string, string>;

  beforeEach(() => {
    tree = new WrittenTree();
    runs = {};
    const harness = tree.registered();
    runs['cmd'] = harness.running('cmd', KEPT);
    harness.run({ id: 'a', executor: customExecutor('E', 'x') }, KEPT);
    runs['E'] = harness.launched();
    harness.step({ kind: 'container-launched', containerId: harness.launched(), pid: 77 });
    harness.subscribe('E');
    harness.take();
  });
  afterEach(() => tree.remove());

  const executors = (): string => tree.path('frameworks/F/executors');
  const file = (executor: string, ...names: string[]): string =>
    join(executors(), executor, 'runs', runs[executor] ?? '', ...names);
  const found = async (strict = true): Promise<Record<string, RecoveredExecutor>> => {
    const read = await tree.read({ strict });
    if (!read.ok) throw new Error(read.error);
    return Object.fromEntries((read.value.former?.frameworks[0]?.executors ?? []).map((one) => [one.id, one]));
  };
  const errors = async (): Promise<number | undefined> => {
    const read = await tree.read({ strict: false });
    return read.ok ? read.value.former?.errors : undefined;
  };

  it('tells the agent, its frameworks, executors and tasks, and how far their updates came', async () => {
    const read = await tree.read();
    expect(read).toMatchObject({
      ok: true,
      value: {
        rebooted: false,
        former: { agentId: AGENT, info: { hostname: 'host', port: 5051 }, errors: 0, garbage: [] },
      },
    });
    const { cmd, E } = await found();
    expect(cmd).toMatchObject({
      containerId: runs['cmd'],
      commandTask: { task_id: { value: 'cmd' }, command: { value: 'sleep 1000' } },
      command: undefined,
      forkedPid: 4711,
      transport: undefined,
      completed: false,
      tasks: [{ id: 'cmd', info: { state: 'TASK_STAGING' } }],
    });
    expect(cmd?.tasks[0]?.updates.map(({ status }) => status.state)).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
    expect(cmd?.tasks[0]?.acknowledged.size).toBe(2);
    expect(E).toMatchObject({
      commandTask: undefined,
      forkedPid: 77,
      transport: { kind: 'http' },
      tasks: [{ id: 'a' }],
    });
    expect(E?.tasks[0]?.updates).toEqual([]);
  });

  it('is nothing where no agent registered, or its directory is gone', async () => {
    rmSync(tree.path(), { recursive: true });
    expect(await tree.read()).toEqual({ ok: true, value: { rebooted: false, former: undefined } });
    rmSync(dirname(tree.path()), { recursive: true });
    expect(await tree.read()).toEqual({ ok: true, value: { rebooted: false, former: undefined } });
  });

  it('tells that the machine was started anew, and then nothing of processes', async () => {
    const read = await tree.read({ bootId: 'boot-2' });
    expect(read).toMatchObject({ ok: true, value: { rebooted: true, former: { rebooted: true } } });
    const recovered = await tree.recovered({ bootId: 'boot-2' });
    expect(recovered.frameworks[0]?.executors.map(({ forkedPid, transport }) => [forkedPid, transport])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
    writeFileSync(join(tree.directory, 'meta/boot_id'), '');
    expect(await tree.read()).toMatchObject({ ok: true, value: { rebooted: true } });
    rmSync(join(tree.directory, 'meta/boot_id'));
    expect(await tree.read({ bootId: BOOT_ID })).toMatchObject({ ok: true, value: { rebooted: false } });
  });

  it('names executors of the old driver by their pid', async () => {
    writeFileSync(file('E', 'pids/libprocess.pid'), 'executor(1)@10.0.0.1:4000');
    expect((await found())['E']?.transport).toEqual({ kind: 'libprocess', pid: 'executor(1)@10.0.0.1:4000' });
  });

  it('of agents of old lacks ids and uuids that are filled in', async () => {
    const { id: _id, ...old } = KEPT;
    writeFileSync(tree.path('frameworks/F/framework.info'), checkpointRecord(FrameworkInfo, old));
    const path = file('cmd', 'tasks/cmd/task.updates');
    const status = { task_id: { value: 'cmd' }, state: 'TASK_KILLING' as const, uuid: new Uint8Array(16).fill(9) };
    appendFileSync(
      path,
      checkpointRecord(StatusUpdateRecord, {
        type: 'UPDATE',
        update: { framework_id: { value: 'F' }, status, timestamp: 1 },
      }),
    );
    const recovered = await tree.recovered();
    expect(recovered.frameworks[0]?.info.id).toEqual({ value: 'F' });
    expect((await found())['cmd']?.tasks[0]?.updates.at(-1)?.uuid).toEqual(Buffer.alloc(16, 9));
  });

  it('has garbage: what of an executor or framework cannot be known, and older runs', async () => {
    mkdirSync(join(executors(), 'E/runs/older'), { recursive: true });
    mkdirSync(join(executors(), 'stray/runs'), { recursive: true });
    mkdirSync(tree.path('frameworks/G/executors'), { recursive: true });
    mkdirSync(join(tree.directory, 'slaves', AGENT, 'frameworks/G'), { recursive: true });
    const recovered = await tree.recovered();
    expect(recovered.garbage.map(({ path }) => path).sort()).toEqual([
      join(executors(), 'E/runs/older'),
      join(executors(), 'stray'),
      tree.path('frameworks/G'),
      join(tree.directory, 'slaves', AGENT, 'frameworks/G'),
    ]);
    expect(recovered.garbage.every(({ ageMs }) => ageMs >= 0 && ageMs < 60_000)).toBe(true);
  });

  const GARBAGE = Buffer.from([3, 0, 0, 0, 255, 255, 255]);
  const cut = (path: string): void => truncateSync(path, readFileSync(path).length - 1);
  const aDirectory = (path: string): void => {
    rmSync(path);
    mkdirSync(path);
  };
  type Names = (names: { file: typeof file; top: (name: string) => string }) => string;
  const SPOILED: readonly [string, string, Names, (path: string) => void][] = [
    ['agent info that is cut short', 'it is cut short', ({ top }) => top('slave.info'), cut],
    [
      'agent info that is none',
      'Failed to read agent info',
      ({ top }) => top('slave.info'),
      (path) => writeFileSync(path, GARBAGE),
    ],
    ['framework info that is cut short', 'it is cut short', ({ top }) => top('frameworks/F/framework.info'), cut],
    ['framework info that is a directory', 'EISDIR', ({ top }) => top('frameworks/F/framework.info'), aDirectory],
    [
      'framework info of another framework',
      "it is of framework 'G'",
      ({ top }) => top('frameworks/F/framework.info'),
      (path) => writeFileSync(path, checkpointRecord(FrameworkInfo, framework({ id: { value: 'G' } }))),
    ],
    [
      'framework pid that is a directory',
      'the pid of the framework',
      ({ top }) => top('frameworks/F/framework.pid'),
      aDirectory,
    ],
    [
      'executors that are a file',
      'Failed to list',
      ({ top }) => top('frameworks/F/executors'),
      (path) => {
        rmSync(path, { recursive: true });
        writeFileSync(path, '');
      },
    ],
    [
      'executor info that is cut short',
      'it is cut short',
      ({ top }) => top('frameworks/F/executors/E/executor.info'),
      cut,
    ],
    [
      'executor info of another executor',
      "it is of executor 'D'",
      ({ top }) => top('frameworks/F/executors/E/executor.info'),
      (path) => writeFileSync(path, checkpointRecord(ExecutorInfo, customExecutor('D', 'x'))),
    ],
    [
      'a pid that is none',
      "'12x' is none",
      ({ file }) => file('E', 'pids/forked.pid'),
      (path) => writeFileSync(path, '12x'),
    ],
    ['a pid that is a directory', 'EISDIR', ({ file }) => file('E', 'pids/forked.pid'), aDirectory],
    ['task info that is cut short', 'it is cut short', ({ file }) => file('cmd', 'tasks/cmd/task.info'), cut],
    [
      'task info of another task',
      "it is of task 'other'",
      ({ file }) => file('cmd', 'tasks/cmd/task.info'),
      (path) => {
        const task = { ...taskInfo({ id: 'other' }), framework_id: { value: 'F' }, state: 'TASK_STAGING' as const };
        writeFileSync(path, checkpointRecord(Task, task));
      },
    ],
    [
      'an update that is none',
      'bytes from its beginning',
      ({ file }) => file('cmd', 'tasks/cmd/task.updates'),
      (path) => appendFileSync(path, GARBAGE),
    ],
    [
      'an update of another task',
      "a record is of task 'other'",
      ({ file }) => file('cmd', 'tasks/cmd/task.updates'),
      (path) => {
        const status = { task_id: { value: 'other' }, state: 'TASK_RUNNING' as const };
        const update = { framework_id: { value: 'F' }, status, timestamp: 1 };
        appendFileSync(path, checkpointRecord(StatusUpdateRecord, { type: 'UPDATE', update }));
      },
    ],
    [
      'a record that is neither update nor acknowledgement',
      'a record is neither',
      ({ file }) => file('cmd', 'tasks/cmd/task.updates'),
      (path) => appendFileSync(path, checkpointRecord(StatusUpdateRecord, { type: 'ACK' })),
    ],
    ['updates that are a directory', 'EISDIR', ({ file }) => file('cmd', 'tasks/cmd/task.updates'), aDirectory],
    ['a command task that is cut short', 'it is cut short', ({ file }) => file('cmd', 'command_task.info'), cut],
    [
      'a command state that is none',
      'Failed to read the state of the command',
      ({ file }) => file('cmd', 'command_task.state'),
      (path) => writeFileSync(path, '{'),
    ],
    [
      'a command state of another form',
      "'phase' must be",
      ({ file }) => file('cmd', 'command_task.state'),
      (path) => writeFileSync(path, '{"phase":1}'),
    ],
  ];

  it.each(SPOILED)('with %s is refused by the name of the file, or passed over', async (_what, why, path, spoil) => {
    const name = path({ file, top: (relative) => tree.path(relative) });
    await tree.read();
    spoil(name);
    const before = tree.snapshot();
    const strict = await tree.read();
    expect(strict.ok ? '' : strict.error).toContain(`'${name}'`);
    expect(strict.ok ? '' : strict.error).toContain(why);
    // Who refuses has changed nothing.
    expect(tree.snapshot()).toEqual(before);
    const lax = await tree.read({ strict: false });
    expect(lax.ok).toBe(true);
    if (!name.endsWith('slave.info')) expect(lax.ok && lax.value.former?.errors).toBe(1);
    expect(tree.warnings.some((line) => line.includes('going on without it'))).toBe(true);
  });

  it('of another agent under its name is refused', async () => {
    writeFileSync(
      tree.path('slave.info'),
      readFileSync(tree.path('slave.info')).toString('latin1').replace('M-S0', 'M-S1'),
      'latin1',
    );
    const strict = await tree.read();
    expect(strict.ok ? '' : strict.error).toContain("it is of agent 'M-S1', its directory of 'M-S0'");
  });

  const MISSING: readonly [string, Names, (found: Record<string, RecoveredExecutor>) => unknown, unknown][] = [
    ['framework info', ({ top }) => top('frameworks/F/framework.info'), (all) => Object.keys(all), []],
    ['framework pid', ({ top }) => top('frameworks/F/framework.pid'), (all) => Object.keys(all), []],
    ['executor info', ({ top }) => top('frameworks/F/executors/E/executor.info'), (all) => Object.keys(all), ['cmd']],
    [
      'link to the latest run',
      ({ top }) => top('frameworks/F/executors/E/runs/latest'),
      (all) => Object.keys(all),
      ['cmd'],
    ],
    [
      'pid of the process',
      ({ file }) => file('E', 'pids/forked.pid'),
      ({ E }) => [E?.forkedPid, E?.transport],
      [undefined, { kind: 'http' }],
    ],
    ['mark of an HTTP executor', ({ file }) => file('E', 'http.marker'), ({ E }) => E?.transport, undefined],
    ['task info', ({ file }) => file('cmd', 'tasks/cmd/task.info'), ({ cmd }) => cmd?.tasks, []],
    ['updates', ({ file }) => file('cmd', 'tasks/cmd/task.updates'), ({ cmd }) => cmd?.tasks[0]?.updates, []],
    ['command task', ({ file }) => file('cmd', 'command_task.info'), ({ cmd }) => cmd?.commandTask, undefined],
  ];

  it.each(MISSING)('may lack the %s, as after a crash', async (_what, path, what, left) => {
    await tree.read();
    rmSync(path({ file, top: (relative) => tree.path(relative) }));
    expect(what(await found())).toEqual(left);
    expect(await errors()).toBe(0);
  });

  it.each(
    MISSING.filter(([what]) => !/link|mark|updates|command/.test(what)),
  )('may have an empty %s', async (_what, path, what, left) => {
    await tree.read();
    writeFileSync(path({ file, top: (relative) => tree.path(relative) }), '');
    expect(what(await found())).toEqual(left);
    expect(await errors()).toBe(0);
  });

  it('may point at a run that is gone', async () => {
    await tree.read();
    rmSync(file('E'), { recursive: true });
    expect(Object.keys(await found())).toEqual(['cmd']);
  });

  it.each([1, 3, 4, 5, 20])('may end in a torn update, %i bytes of it, which is cut off', async (bytes) => {
    await tree.read();
    const path = file('cmd', 'tasks/cmd/task.updates');
    const whole = readFileSync(path);
    appendFileSync(path, whole.subarray(0, bytes));
    expect((await found())['cmd']?.tasks[0]?.updates).toHaveLength(2);
    expect(readFileSync(path)).toEqual(whole);
    expect(await errors()).toBe(0);
  });

  it('is refused where a file does not fit its checksum, unless the machine ended right then', async () => {
    await tree.read();
    const disk = await openAgentDisk({
      durability: 'mesos',
      workDirectory: tree.directory,
      timers: systemTimers,
      log: silentLog,
    });
    const path = file('cmd', 'tasks/cmd/task.info');
    const data = readFileSync(path);
    await disk.writeAtomic(path, data);
    expect(await errors()).toBe(0);
    writeFileSync(path, data.toString('latin1').replace('cpus', 'cpux'), 'latin1');
    const strict = await tree.read();
    expect(strict.ok ? '' : strict.error).toContain(
      `Failed to read task info from '${path}': it does not fit its checksum`,
    );
    expect(await errors()).toBe(1);
    expect(await tree.read({ bootId: 'boot-2' })).toMatchObject({ ok: true, value: { former: { errors: 0 } } });
  });

  it('on a disk that takes nothing more is refused, or read as far as it goes', async () => {
    await tree.read();
    appendFileSync(file('cmd', 'tasks/cmd/task.updates'), 'x');
    const full = new SystemDisk();
    full.writeAtomic = () => Promise.reject(new Error('ENOSPC: no space left on device'));
    const strict = await tree.read({ disk: full });
    expect(strict.ok ? '' : strict.error).toContain("task.updates': ENOSPC");
    expect(await tree.read({ disk: full, strict: false })).toMatchObject({
      ok: true,
      value: { former: { errors: 1 } },
    });
  });
});
