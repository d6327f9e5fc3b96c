/** The record of an executor: made for a launch, or for one that an earlier process launched; filed; its sandbox shown. */
import { type ContainerId, type ExecutorId, RingBuffer } from '@mesolite/base';
import { CommandExecutor } from '@mesolite/executors';
import { Resources } from '@mesolite/resources';
import type { ExecutorInfo, TaskInfo } from '@mesolite/wire';
import { MAX_COMPLETED_TASKS_PER_EXECUTOR } from '../options.ts';
import { virtualSandboxPath, workPaths } from '../paths.ts';
import type { AgentState } from '../state/agent-state.ts';
import type { Executor } from '../state/executor.ts';
import type { Framework } from '../state/framework.ts';
import { shutdownGraceMs } from './executor-environment.ts';

export interface ExecutorIdentity {
  readonly info: ExecutorInfo;
  readonly containerId: ContainerId;
  /** Asks for the built-in command executor. */
  readonly commandTask: TaskInfo | undefined;
}

/** Changes no table. */
export function executorRecord(state: AgentState, framework: Framework, identity: ExecutorIdentity): Executor {
  const { options } = state;
  const { info, commandTask, containerId } = identity;
  const ids = { frameworkId: framework.id, id: info.executor_id.value as ExecutorId, containerId };
  const paths = workPaths(state, ids);
  return {
    ...ids,
    info,
    directory: paths.run,
    paths,
    user: options.switchUser ? (info.command?.user ?? framework.info.user) : undefined,
    checkpoint: framework.info.checkpoint === true,
    commandTask,
    builtIn:
      commandTask === undefined
        ? undefined
        : new CommandExecutor({
            task: commandTask,
            capabilities: (framework.info.capabilities ?? []).flatMap(({ type }) => (type === undefined ? [] : [type])),
            shutdownGracePeriodMs: shutdownGraceMs(state, info),
          }),
    queuedTasks: new Map(),
    queuedGroups: [],
    launchedTasks: new Map(),
    terminatedTasks: new Map(),
    completedTasks: new RingBuffer(MAX_COMPLETED_TASKS_PER_EXECUTOR),
    state: 'REGISTERING',
    recovered: undefined,
    transport: undefined,
    pid: undefined,
    everSentTask: false,
    pendingTermination: undefined,
    allocated: Resources.from(info.resources),
    registrationDeadline: undefined,
    shutdownDeadline: undefined,
    heartbeatDeadline: undefined,
    wakeDeadline: undefined,
  };
}

/** Files it in the tables, as one that has not registered. */
export function enlistExecutor(state: AgentState, framework: Framework, executor: Executor): void {
  framework.executors.set(executor.id, executor);
  state.executorOfContainer.set(executor.containerId, executor);
  state.used = state.used.plus(executor.allocated);
  state.counters.executorEntered('REGISTERING');
}

/** Where operators find its sandbox. */
export function showSandbox(state: AgentState, { frameworkId, id, paths }: Executor): void {
  for (const virtualPath of [paths.latestRun, virtualSandboxPath({ frameworkId, executorId: id }), paths.run]) {
    state.effect({ kind: 'attach-files', realPath: paths.run, virtualPath });
  }
}
