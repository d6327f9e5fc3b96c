/**
 * One executor and its tasks: queued (not yet delivered), launched, terminated (last update not acknowledged yet) and
 * completed. Changed by transitions only.
 */
import type { ContainerId, ExecutorId, FrameworkId, RingBuffer, TaskId } from '@mesolite/base';
import type { CommandExecutor, CommandMemory } from '@mesolite/executors';
import type { Resources } from '@mesolite/resources';
import type { ExecutorInfo, Task, TaskGroupInfo, TaskInfo } from '@mesolite/wire';
import type { ConnectionId, ContainerEnd } from '../inputs.ts';
import type { Deadline } from './deadlines.ts';

export type ExecutorState = 'REGISTERING' | 'RUNNING' | 'TERMINATING' | 'TERMINATED';

/** The stream of its subscription (v1), or its libprocess pid (v0). */
export type ExecutorTransport =
  | { readonly kind: 'stream'; readonly connection: ConnectionId }
  | { readonly kind: 'pid'; readonly pid: string };

export interface Executor {
  readonly id: ExecutorId;
  readonly frameworkId: FrameworkId;
  readonly info: ExecutorInfo;
  readonly containerId: ContainerId;
  /** The sandbox. */
  readonly directory: string;
  /** Where its sandboxes are. */
  readonly paths: ExecutorPaths;
  readonly user: string | undefined;
  /** Its framework checkpoints. */
  readonly checkpoint: boolean;
  /** The one task of a command executor, and what runs it; custom executors have neither. */
  readonly commandTask: TaskInfo | undefined;
  readonly builtIn: CommandExecutor | undefined;
  readonly queuedTasks: Map<TaskId, TaskInfo>;
  queuedGroups: TaskGroupInfo[];
  readonly launchedTasks: Map<TaskId, Task>;
  readonly terminatedTasks: Map<TaskId, Task>;
  readonly completedTasks: RingBuffer<Task>;
  state: ExecutorState;
  /** Set when an earlier process of the agent launched it, with what was done to its command by then. */
  recovered: { readonly command: CommandMemory | undefined } | undefined;
  /** How a custom executor is reached, once it came. */
  transport: ExecutorTransport | undefined;
  /** Root process of its container, once launched. */
  pid: number | undefined;
  /** Some task was delivered to it. */
  everSentTask: boolean;
  /** Why the agent is ending it, for the updates of its tasks. */
  pendingTermination: ContainerEnd | undefined;
  /** Own resources and those of queued and launched tasks. */
  allocated: Resources;
  registrationDeadline: Deadline | undefined;
  shutdownDeadline: Deadline | undefined;
  heartbeatDeadline: Deadline | undefined;
  wakeDeadline: Deadline | undefined;
}

/** The directories of an executor under one root: the work directory, or its `meta`. */
export interface ExecutorPaths {
  readonly framework: string;
  readonly executor: string;
  readonly run: string;
  readonly latestRun: string;
}

/** Has tasks whose end nobody acknowledged yet. */
export function hasIncompleteTasks(executor: Executor): boolean {
  return executor.queuedTasks.size > 0 || executor.launchedTasks.size > 0 || executor.terminatedTasks.size > 0;
}

/** How logs name an executor. */
export function executorText(executor: Executor): string {
  const { transport } = executor;
  const via = transport === undefined ? '' : transport.kind === 'stream' ? ' (via HTTP)' : ` at ${transport.pid}`;
  return `'${executor.id}' of framework ${executor.frameworkId}${via}`;
}
