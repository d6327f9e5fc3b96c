/**
 * What the agent writes down, in the original's records: a message preceded by its length in four bytes, little-endian.
 * Files of one message are replaced whole; update records are appended. Resources are written in the old format where
 * it can tell them, so that older agents can read it.
 *
 * Departs from Mesos: of a command task, which runs without an executor process, its TaskInfo and what was done to it are
 * written too, in files of our own.
 */
import type { CommandMemory } from '@mesolite/executors';
import { hasRefinedReservation, toPreRefinement } from '@mesolite/resources';
import {
  AgentInfoV0,
  type ExecutorInfo,
  ExecutorInfo as ExecutorInfoType,
  FrameworkInfo,
  type MessageType,
  type Resource,
  type StatusUpdate,
  StatusUpdateRecord,
  Task,
  TaskInfo as TaskInfoType,
} from '@mesolite/wire';
import { metaAgentPaths, metaFiles, metaPaths, metaRoot, runFiles } from '../paths.ts';
import type { AgentState } from '../state/agent-state.ts';
import type { Executor, ExecutorTransport } from '../state/executor.ts';
import type { Framework } from '../state/framework.ts';
import { agentInfoV0 } from './agent-info.ts';
import { NO_PID } from './messages.ts';

const TEXT = new TextEncoder();

/** A message as a record of a checkpoint file. */
export function checkpointRecord<M extends object>(type: MessageType<M>, message: M): Uint8Array {
  const body = type.encode(message);
  const record = Buffer.allocUnsafe(4 + body.length);
  record.writeUInt32LE(body.length, 0);
  body.copy(record, 4);
  return record;
}

/** The old format where it can tell these resources. */
export function downgradeResources(list: readonly Resource[] | undefined): Resource[] {
  return hasRefinedReservation(list) ? [...(list ?? [])] : toPreRefinement(list);
}

export function checkpointBootId(state: AgentState): void {
  if (state.options.bootId === undefined) return;
  writeText(state, metaFiles.bootId(metaRoot(state)), state.options.bootId);
}

/** Also makes the meta tree's `latest` point at this agent. */
export function checkpointAgent(state: AgentState): void {
  const { agent, latest } = metaAgentPaths(state);
  const info = agentInfoV0(state);
  writeMessage(state, metaFiles.agentInfo(agent), AgentInfoV0, {
    ...info,
    resources: downgradeResources(info.resources),
  });
  state.effect({ kind: 'symlink', path: latest, target: agent });
}

export function checkpointFramework(state: AgentState, framework: Framework, path: string): void {
  writeMessage(state, metaFiles.frameworkInfo(path), FrameworkInfo, framework.info);
  // Agents that find that file empty recover nothing of the framework.
  writeText(state, metaFiles.frameworkPid(path), framework.pid ?? NO_PID);
}

export function checkpointExecutor(state: AgentState, executor: Executor): void {
  const paths = metaPaths(state, executor);
  const info: ExecutorInfo = { ...executor.info, resources: downgradeResources(executor.info.resources) };
  writeMessage(state, metaFiles.executorInfo(paths.executor), ExecutorInfoType, info);
  writeText(state, metaFiles.executorGenerated(paths.executor), executor.builtIn === undefined ? '0' : '1');
  if (executor.commandTask !== undefined) {
    writeMessage(state, runFiles.commandTask(paths.run), TaskInfoType, executor.commandTask);
  }
  state.effect({ kind: 'symlink', path: paths.latestRun, target: paths.run });
}

export function checkpointTask(state: AgentState, executor: Executor, task: Task): void {
  const path = runFiles.taskInfo(metaPaths(state, executor).run, task.task_id.value);
  writeMessage(state, path, Task, { ...task, resources: downgradeResources(task.resources) });
}

/** What a later process has to know of a running command, with times of the wall clock. */
export function checkpointCommand(state: AgentState, executor: Executor, memory: CommandMemory): void {
  const path = runFiles.commandState(metaPaths(state, executor).run);
  writeText(state, path, JSON.stringify(shifted(memory, state.now.wallMs - state.now.monotonicMs)));
}

/** The same times on another clock. */
export function shifted(memory: CommandMemory, byMs: number): CommandMemory {
  const { wakeAtMs } = memory;
  return {
    ...memory,
    killedAtMs: memory.killedAtMs + byMs,
    wakeAtMs: wakeAtMs === undefined ? undefined : wakeAtMs + byMs,
  };
}

export function checkpointForkedPid(state: AgentState, executor: Executor, pid: number): void {
  writeText(state, runFiles.forkedPid(metaPaths(state, executor).run), `${pid}`);
}

/** Says how the executor is reached again: that it speaks HTTP, or the pid of its driver. */
export function checkpointTransport(state: AgentState, executor: Executor, transport: ExecutorTransport): void {
  const { run } = metaPaths(state, executor);
  if (transport.kind === 'stream') writeText(state, runFiles.httpMarker(run), '');
  else writeText(state, runFiles.libprocessPid(run), transport.pid);
}

/** Says that nothing of this run needs recovery any more. */
export function checkpointSentinel(state: AgentState, executor: Executor): void {
  writeText(state, runFiles.executorSentinel(metaPaths(state, executor).run), '');
}

export function appendUpdate(state: AgentState, path: string, update: StatusUpdate): void {
  append(state, path, { type: 'UPDATE', update });
}

export function appendAcknowledgement(state: AgentState, path: string, uuid: Uint8Array): void {
  append(state, path, { type: 'ACK', uuid });
}

function append(state: AgentState, path: string, record: StatusUpdateRecord): void {
  state.effect({ kind: 'append-file', path, data: checkpointRecord(StatusUpdateRecord, record) });
}

function writeMessage<M extends object>(state: AgentState, path: string, type: MessageType<M>, message: M): void {
  state.effect({ kind: 'write-file', path, data: checkpointRecord(type, message) });
}

function writeText(state: AgentState, path: string, text: string): void {
  state.effect({ kind: 'write-file', path, data: TEXT.encode(text) });
}
