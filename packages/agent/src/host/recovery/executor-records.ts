/** One executor as an earlier process wrote it down: its latest run, with its tasks. Older runs are garbage. */
import { readlinkSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type ContainerId, type ExecutorId, ok, type Result } from '@mesolite/base';
import { LATEST, metaFiles, runFiles } from '@mesolite/containers';
import { Resources } from '@mesolite/resources';
import { ExecutorInfo, TaskInfo } from '@mesolite/wire';
import type { RecoveredExecutor, RecoveredTransport } from '../../core/index.ts';
import { parseCommandMemory } from './command-memory.ts';
import type { SpoiledFiles } from './spoiled-files.ts';
import { readTasks } from './task-records.ts';

export interface FoundExecutor {
  /** Nothing when its info or its latest run cannot be had: nobody knows what it was. */
  readonly executor: RecoveredExecutor | undefined;
  /** Runs before the latest. */
  readonly olderRuns: readonly string[];
}

export async function readExecutor(
  files: SpoiledFiles,
  directory: string,
  options: { readonly rebooted: boolean; readonly nowMs: number },
): Promise<Result<FoundExecutor>> {
  const id = basename(directory) as ExecutorId;
  const runs = await files.list(join(directory, 'runs'));
  if (!runs.ok) return runs;
  const latest = linkedRun(join(directory, 'runs'));
  if (latest === undefined || !runs.value.includes(latest)) {
    files.log.warning(`Failed to find the latest run of the executor in '${directory}'`);
    return ok({ executor: undefined, olderRuns: [] });
  }
  const olderRuns = runs.value.filter((name) => name !== LATEST && name !== latest);
  const info = files.message(
    metaFiles.executorInfo(directory),
    'executor info',
    ExecutorInfo,
    ({ executor_id, resources }) =>
      executor_id.value === id ? Resources.validate(resources) : `it is of executor '${executor_id.value}'`,
  );
  if (!info.ok) return info;
  if (info.value === undefined) return ok({ executor: undefined, olderRuns });
  const run = join(directory, 'runs', latest);
  const completedAgoMs = ageOf(runFiles.executorSentinel(run), options.nowMs);
  const tasks = await readTasks(files, run);
  if (!tasks.ok) return tasks;
  const processes = options.rebooted ? ok(NO_PROCESSES) : readProcesses(files, run);
  if (!processes.ok) return processes;
  const command = readCommand(files, directory, run);
  if (!command.ok) return command;
  return ok({
    executor: {
      id,
      info: info.value,
      containerId: latest as ContainerId,
      completed: completedAgoMs !== undefined,
      completedAgoMs: completedAgoMs ?? 0,
      tasks: tasks.value,
      ...processes.value,
      ...command.value,
    },
    olderRuns,
  });
}

/** Milliseconds since a file was written; nothing when it is not there. */
export function ageOf(path: string, nowMs: number): number | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found === undefined ? undefined : Math.max(0, nowMs - found.mtimeMs);
  } catch {
    return undefined;
  }
}

function linkedRun(runs: string): string | undefined {
  try {
    return basename(readlinkSync(join(runs, LATEST)));
  } catch {
    return undefined;
  }
}

type Processes = Pick<RecoveredExecutor, 'forkedPid' | 'transport'>;

const NO_PROCESSES: Processes = { forkedPid: undefined, transport: undefined };

function readProcesses(files: SpoiledFiles, run: string): Result<Processes> {
  const path = runFiles.forkedPid(run);
  const forked = files.text(path, 'the pid of the executor');
  if (!forked.ok) return forked;
  if (forked.value !== undefined && !/^[1-9]\d{0,9}$/.test(forked.value)) {
    const passed = files.passOver(`Failed to read the pid of the executor from '${path}': '${forked.value}' is none`);
    return passed.ok ? ok(NO_PROCESSES) : passed;
  }
  const pid = files.text(runFiles.libprocessPid(run), 'the libprocess pid of the executor');
  if (!pid.ok) return pid;
  let transport: RecoveredTransport;
  if (pid.value !== undefined) transport = { kind: 'libprocess', pid: pid.value };
  else if (files.has(runFiles.httpMarker(run))) transport = { kind: 'http' };
  // It may have registered before its pid was written down.
  return ok({ forkedPid: forked.value === undefined ? undefined : Number(forked.value), transport });
}

function readCommand(
  files: SpoiledFiles,
  directory: string,
  run: string,
): Result<Pick<RecoveredExecutor, 'commandTask' | 'command'>> {
  const generated = files.text(metaFiles.executorGenerated(directory), 'the kind of the executor');
  if (!generated.ok) return generated;
  // An agent of the original starts a process for command tasks as well, and keeps no such file.
  if (generated.value !== '1' || !files.has(runFiles.commandTask(run))) {
    return ok({ commandTask: undefined, command: undefined });
  }
  const task = files.message(runFiles.commandTask(run), 'the command task', TaskInfo);
  if (!task.ok) return task;
  const path = runFiles.commandState(run);
  const state = files.text(path, 'the state of the command');
  if (!state.ok) return state;
  const command = parseCommandMemory(state.value);
  if (command.ok) return ok({ commandTask: task.value, command: command.value });
  const passed = files.passOver(`Failed to read the state of the command from '${path}': ${command.error}`);
  return passed.ok ? ok({ commandTask: task.value, command: undefined }) : passed;
}
