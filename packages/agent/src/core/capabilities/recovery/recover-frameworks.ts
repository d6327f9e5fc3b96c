/**
 * What an earlier process of this agent left becomes frameworks, executors and tasks again, with the updates nobody had
 * acknowledged. Executors count as not registered until their containers are found and they have come back.
 *
 * Departs from Mesos: directories wait for their removal as long as they would have without a restart.
 */
import { RingBuffer } from '@mesolite/base';
import { allocatedTo, Resources } from '@mesolite/resources';
import { isTerminal, type Resource, type Task } from '@mesolite/wire';
import { metaPaths, runFiles, virtualSandboxPath } from '../../paths.ts';
import type { RecoveredAgent, RecoveredExecutor, RecoveredFramework, RecoveredTask } from '../../recovered-agent.ts';
import type { AgentState } from '../../state/agent-state.ts';
import type { Executor } from '../../state/executor.ts';
import { type Framework, rolesOf } from '../../state/framework.ts';
import { shifted } from '../../transitions/checkpoints.ts';
import { enlistExecutor, executorRecord, showSandbox } from '../../transitions/executor-record.ts';
import { removeFrameworkIfIdle } from '../../transitions/frameworks.ts';
import { discardPath } from '../../transitions/garbage.ts';
import { fileRecoveredTask, noteStatus } from '../../transitions/tasks.ts';
import { recoverStream, uuidKey } from '../../transitions/update-streams.ts';

interface Discarded {
  readonly path: string;
  readonly virtualPaths: readonly string[];
  readonly ageMs: number;
}

/** Files everything of a former process in the tables. */
export function recoverFrameworks(state: AgentState, recovered: RecoveredAgent): void {
  const garbage: Discarded[] = recovered.garbage.map((one) => ({ ...one, virtualPaths: [] }));
  for (const found of recovered.frameworks) garbage.push(...recoverFramework(state, found));
  garbage.sort((a, b) => b.ageMs - a.ageMs);
  for (const { path, virtualPaths, ageMs } of garbage) discardPath(state, path, virtualPaths, ageMs);
  for (const framework of [...state.frameworks.values()]) removeFrameworkIfIdle(state, framework);
}

function recoverFramework(state: AgentState, found: RecoveredFramework): Discarded[] {
  state.options.log.info(`Recovering framework ${found.id} with ${found.executors.length} executors`);
  const framework: Framework = {
    id: found.id,
    info: found.info,
    pid: found.pid,
    terminating: false,
    executors: new Map(),
    executorOfTask: new Map(),
    completedExecutors: new RingBuffer(state.options.maxCompletedExecutorsPerFramework),
  };
  state.frameworks.set(framework.id, framework);
  return found.executors.flatMap((one) => recoverExecutor(state, framework, one));
}

/** Answers the directories that can go. */
function recoverExecutor(state: AgentState, framework: Framework, found: RecoveredExecutor): Discarded[] {
  const info = { ...found.info, resources: withRole(framework, found.info.resources) };
  const executor = executorRecord(state, framework, { ...found, info });
  const { command } = found;
  const { wallMs, monotonicMs } = state.now;
  executor.recovered = { command: command === undefined ? undefined : shifted(command, monotonicMs - wallMs) };
  showSandbox(state, executor);
  if (found.completed) {
    executor.state = 'TERMINATED';
    state.counters.executorsTerminated.add();
    for (const task of found.tasks) executor.completedTasks.push(recordOf(framework, task));
    framework.completedExecutors.push(executor);
    return directoriesOf(state, executor, found.completedAgoMs);
  }
  enlistExecutor(state, framework, executor);
  executor.pid = found.forkedPid;
  if (found.transport?.kind === 'libprocess') executor.transport = { kind: 'pid', pid: found.transport.pid };
  for (const task of found.tasks) recoverTask(state, framework, executor, task);
  return [];
}

function recoverTask(state: AgentState, framework: Framework, executor: Executor, found: RecoveredTask): void {
  const task = recordOf(framework, found);
  const last = found.updates.find(({ status }) => isTerminal(status.state));
  if (last !== undefined && found.acknowledged.has(uuidKey(last.uuid ?? new Uint8Array()))) {
    executor.everSentTask = true;
    executor.completedTasks.push(task);
    return;
  }
  fileRecoveredTask(state, framework, executor, task);
  if (found.updates.length === 0) return;
  const path = runFiles.taskUpdates(metaPaths(state, executor).run, found.id);
  recoverStream(state, upToEnd(found), { frameworkId: framework.id, taskId: found.id, path });
}

/** The task in the state its updates tell. */
function recordOf(framework: Framework, found: RecoveredTask): Task {
  const task: Task = { ...found.info, resources: withRole(framework, found.info.resources) };
  for (const { status } of upToEnd(found).updates) noteStatus(task, status);
  return task;
}

/** Nothing is said of a task after its end. */
function upToEnd(found: RecoveredTask): RecoveredTask {
  const end = found.updates.findIndex(({ status }) => isTerminal(status.state));
  return end < 0 ? found : { ...found, updates: found.updates.slice(0, end + 1) };
}

/** Agents from before frameworks had several roles did not write down for which one resources were allocated. */
function withRole(framework: Framework, resources: readonly Resource[] | undefined): Resource[] {
  return Resources.from(allocatedTo(rolesOf(framework.info)[0] ?? '*', resources)).toProto();
}

function directoriesOf(state: AgentState, executor: Executor, ageMs: number): Discarded[] {
  const { frameworkId, id: executorId, paths } = executor;
  const meta = metaPaths(state, executor);
  const virtual = virtualSandboxPath({ frameworkId, executorId });
  return [
    { path: paths.run, virtualPaths: [paths.run], ageMs },
    { path: paths.executor, virtualPaths: [paths.latestRun, virtual], ageMs },
    { path: meta.run, virtualPaths: [], ageMs },
    { path: meta.executor, virtualPaths: [], ageMs },
  ];
}
