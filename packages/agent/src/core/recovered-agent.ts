/**
 * What an earlier process of this agent left in its meta tree: plain values, as found. Which of it still runs is not
 * known yet.
 *
 * Never: holds anything of a run but the latest one, or a task whose `task.info` was not found.
 */
import type { AgentId, ContainerId, ExecutorId, FrameworkId, TaskId } from '@mesolite/base';
import type { CommandMemory } from '@mesolite/executors';
import type { DrainConfig, ExecutorInfo, FrameworkInfo, StatusUpdate, Task, TaskInfo } from '@mesolite/wire';

export interface RecoveredAgent {
  readonly agentId: AgentId;
  readonly frameworks: readonly RecoveredFramework[];
  /** An operator wanted it empty. */
  readonly draining?: DrainConfig | undefined;
  /** Directories nobody needs any more, oldest first. */
  readonly garbage: readonly RecoveredGarbage[];
  /** The machine was started anew since: no process of then is left. */
  readonly rebooted: boolean;
  /** Spoiled files that were passed over. */
  readonly errors: number;
}

export interface RecoveredGarbage {
  readonly path: string;
  /** Milliseconds since it was last changed. */
  readonly ageMs: number;
}

export interface RecoveredFramework {
  readonly id: FrameworkId;
  readonly info: FrameworkInfo;
  /** Of a scheduler that speaks v0. */
  readonly pid: string | undefined;
  readonly executors: readonly RecoveredExecutor[];
}

/** How an executor spoke to the agent; unset: it never registered, or is built in. */
export type RecoveredTransport =
  | { readonly kind: 'http' }
  | { readonly kind: 'libprocess'; readonly pid: string }
  | undefined;

export interface RecoveredExecutor {
  readonly id: ExecutorId;
  readonly info: ExecutorInfo;
  readonly containerId: ContainerId;
  /** The one task of a built-in command executor. */
  readonly commandTask: TaskInfo | undefined;
  /** What was done to that task, with times of the wall clock. */
  readonly command: CommandMemory | undefined;
  /** Root process of its container; unset when it was never forked, as far as anybody knows. */
  readonly forkedPid: number | undefined;
  readonly transport: RecoveredTransport;
  /** Nothing of it needs recovery: its end is told and acknowledged. */
  readonly completed: boolean;
  /** Milliseconds since then. */
  readonly completedAgoMs: number;
  readonly tasks: readonly RecoveredTask[];
}

export interface RecoveredTask {
  readonly id: TaskId;
  /** As it was launched. */
  readonly info: Task;
  readonly updates: readonly StatusUpdate[];
  /** Uuids of updates whose acknowledgement is written down, in hex. */
  readonly acknowledged: ReadonlySet<string>;
}
