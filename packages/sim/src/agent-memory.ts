/**
 * What a restarting agent finds on its simulated disk, read as a host reads a real one: who it was, what it ran, how far
 * the updates of its tasks had come. The torn end of a record is cut off.
 *
 * Never: passes over a file that is spoiled otherwise: in this world nobody spoils files, so that is a bug of the agent.
 */
import type { RecoveredAgent, RecoveredExecutor, RecoveredFramework, RecoveredTask } from '@mesolite/agent/core';
import type { AgentId, ContainerId, ExecutorId, FrameworkId, TaskId } from '@mesolite/base';
import { agentPath, LATEST, latestAgentPath, metaFiles, metaPath, runFiles } from '@mesolite/containers';
import {
  ExecutorInfo,
  FrameworkInfo,
  type MessageType,
  type StatusUpdate,
  StatusUpdateRecord,
  Task,
  TaskInfo,
} from '@mesolite/wire';
import { Violation } from './violation.ts';
import type { VirtualDisk } from './virtual-disk.ts';

export interface FoundMemory {
  /** Nothing when no agent ever registered from here. */
  readonly recovered: RecoveredAgent | undefined;
  /** Directories of other agents. */
  readonly abandoned: readonly string[];
}

export function readMemory(disk: VirtualDisk, workDirectory: string, bootId: string): FoundMemory {
  const meta = metaPath(workDirectory);
  const latest = disk.linkAt(latestAgentPath(meta));
  const agentId = latest === undefined ? undefined : (basename(latest) as AgentId);
  const known = agentId !== undefined && disk.read(metaFiles.agentInfo(agentPath(meta, agentId))) !== undefined;
  const others = disk.list(`${meta}/slaves`).filter((name) => name !== LATEST && !(known && name === agentId));
  const abandoned = others.map((name) => agentPath(meta, name));
  if (!known) return { recovered: undefined, abandoned };
  const written = disk.read(metaFiles.bootId(meta))?.toString();
  const rebooted = written !== undefined && written !== bootId;
  const directory = `${agentPath(meta, agentId)}/frameworks`;
  const frameworks = disk
    .list(directory)
    .map((name) => readFramework(disk, `${directory}/${name}`, rebooted))
    .filter((one) => one !== undefined);
  return { recovered: { agentId, frameworks, garbage: [], rebooted, errors: 0 }, abandoned };
}

function readFramework(disk: VirtualDisk, directory: string, rebooted: boolean): RecoveredFramework | undefined {
  const info = message(disk, metaFiles.frameworkInfo(directory), FrameworkInfo);
  const pid = disk.read(metaFiles.frameworkPid(directory))?.toString();
  if (info === undefined || pid === undefined) return undefined;
  const executors = disk
    .list(`${directory}/executors`)
    .map((name) => readExecutor(disk, `${directory}/executors/${name}`, rebooted))
    .filter((one) => one !== undefined);
  if (executors.length === 0) return undefined;
  const id = basename(directory) as FrameworkId;
  return { id, info: { ...info, id: { value: id } }, pid: pid.startsWith('@') ? undefined : pid, executors };
}

function readExecutor(disk: VirtualDisk, directory: string, rebooted: boolean): RecoveredExecutor | undefined {
  const latest = disk.linkAt(`${directory}/runs/${LATEST}`);
  const info = message(disk, metaFiles.executorInfo(directory), ExecutorInfo);
  if (latest === undefined || info === undefined) return undefined;
  const run = `${directory}/runs/${basename(latest)}`;
  if (disk.ageOf(run) === undefined) return undefined;
  const completedAgoMs = disk.ageOf(runFiles.executorSentinel(run));
  const generated = disk.read(metaFiles.executorGenerated(directory))?.toString() === '1';
  const forked = rebooted ? undefined : disk.read(runFiles.forkedPid(run))?.toString();
  const libprocess = disk.read(runFiles.libprocessPid(run))?.toString();
  const speaksHttp = disk.read(runFiles.httpMarker(run)) !== undefined;
  const state = disk.read(runFiles.commandState(run))?.toString();
  return {
    id: basename(directory) as ExecutorId,
    info,
    containerId: basename(run) as ContainerId,
    commandTask: generated ? message(disk, runFiles.commandTask(run), TaskInfo) : undefined,
    command: generated && state !== undefined ? JSON.parse(state) : undefined,
    forkedPid: forked === undefined ? undefined : Number(forked),
    transport: transportOf(forked === undefined ? {} : { libprocess, speaksHttp }),
    completed: completedAgoMs !== undefined,
    completedAgoMs: completedAgoMs ?? 0,
    tasks: disk
      .list(`${run}/tasks`)
      .map((name) => readTask(disk, run, name))
      .filter((one) => one !== undefined),
  };
}

function transportOf(found: {
  readonly libprocess?: string | undefined;
  readonly speaksHttp?: boolean;
}): RecoveredExecutor['transport'] {
  if (found.libprocess !== undefined) return { kind: 'libprocess', pid: found.libprocess };
  return found.speaksHttp === true ? { kind: 'http' } : undefined;
}

function readTask(disk: VirtualDisk, run: string, name: string): RecoveredTask | undefined {
  const info = message(disk, runFiles.taskInfo(run, name), Task);
  if (info === undefined) return undefined;
  const path = runFiles.taskUpdates(run, name);
  const { records, wholeBytes, torn } = recordsOf(disk.read(path));
  if (torn) disk.write(path, disk.read(path)!.subarray(0, wholeBytes));
  const updates: StatusUpdate[] = [];
  const acknowledged = new Set<string>();
  for (const record of records) {
    const { type, update, uuid } = StatusUpdateRecord.decode(record);
    if (type === 'UPDATE' && update !== undefined) updates.push(update);
    else if (uuid !== undefined) acknowledged.add(Buffer.from(uuid).toString('hex'));
  }
  return { id: name as TaskId, info, updates, acknowledged };
}

function message<M extends object>(disk: VirtualDisk, path: string, type: MessageType<M>): M | undefined {
  const data = disk.read(path);
  if (data === undefined) return undefined;
  const { records, torn } = recordsOf(data);
  if (records.length !== 1 || torn) throw new Violation(`${path} does not hold one record`);
  return type.decode(records[0]!);
}

function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export interface Records {
  readonly records: readonly Buffer[];
  readonly wholeBytes: number;
  readonly torn: boolean;
}

/** Records behind their length in four bytes, little-endian. */
export function recordsOf(data: Buffer | undefined): Records {
  const records: Buffer[] = [];
  let at = 0;
  const all = data ?? Buffer.alloc(0);
  for (;;) {
    const end = at + 4 <= all.length ? at + 4 + all.readUInt32LE(at) : Number.POSITIVE_INFINITY;
    if (end > all.length) return { records, wholeBytes: at, torn: at < all.length };
    records.push(all.subarray(at + 4, end));
    at = end;
  }
}
