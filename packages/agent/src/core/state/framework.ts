/** One framework that has, or had, executors on this agent. Changed by transitions only. */
import type { ExecutorId, FrameworkId, RingBuffer, TaskId } from '@mesolite/base';
import type { FrameworkInfo, FrameworkInfoCapabilityType } from '@mesolite/wire';
import type { Executor } from './executor.ts';

export interface Framework {
  readonly id: FrameworkId;
  info: FrameworkInfo;
  /** Of a scheduler that speaks v0; messages of executors go straight to it. */
  pid: string | undefined;
  terminating: boolean;
  readonly executors: Map<ExecutorId, Executor>;
  /** The executor of each task that is queued, launched or terminated. */
  readonly executorOfTask: Map<TaskId, Executor>;
  completedExecutors: RingBuffer<Executor>;
}

export function hasCapability(info: FrameworkInfo, type: FrameworkInfoCapabilityType): boolean {
  return info.capabilities?.some((capability) => capability.type === type) ?? false;
}

/** The roles of a framework: the old single one, or the list. */
export function rolesOf(info: FrameworkInfo): readonly string[] {
  return hasCapability(info, 'MULTI_ROLE') ? (info.roles ?? []) : [info.role ?? '*'];
}
