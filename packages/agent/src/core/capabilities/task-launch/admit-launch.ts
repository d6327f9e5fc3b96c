/**
 * The rules a launch must meet on this agent, in the order in which they are checked; the first one broken decides the
 * update that every task of the launch gets.
 */
import type { TaskId } from '@mesolite/base';
import { needsCheckpoint, Resources, toPostRefinement } from '@mesolite/resources';
import type { Resource, TaskStatusReason } from '@mesolite/wire';
import type { AgentState } from '../../state/agent-state.ts';
import type { Executor } from '../../state/executor.ts';
import type { Framework } from '../../state/framework.ts';
import { mountError } from '../../volumes.ts';
import type { Launch } from './launch.ts';

export interface Refusal {
  readonly reason: TaskStatusReason;
  readonly message: string;
}

export type LaunchRule = (
  state: AgentState,
  launch: Launch,
  framework: Framework,
  executor: Executor | undefined,
) => Refusal | undefined;

const agentIsNotDraining: LaunchRule = (state) =>
  state.draining === undefined
    ? undefined
    : { reason: 'REASON_AGENT_DRAINING', message: 'Task was received while agent was already draining' };

/** Rules about the tasks alone. */
const limitsNeedIsolators: LaunchRule = (_state, { tasks }) => {
  for (const { limits, container } of tasks) {
    if (limits === undefined || container?.type === 'DOCKER') continue;
    for (const [name, isolator, word] of [
      ['cpus', 'cgroups/cpu', 'CPU'],
      ['mem', 'cgroups/mem', 'Memory'],
    ] as const) {
      if (name in limits) {
        return {
          // The original reuses this reason; frameworks see it.
          reason: 'REASON_GC_ERROR',
          message: `${word} limits can only be set on tasks launched in Mesos containers when the agent has loaded the '${isolator}' isolator`,
        };
      }
    }
  }
  return undefined;
};

/** A task whose checks nobody runs would look healthy, or wait for ever. Custom executors check on their own. */
const checksAreBuilt: LaunchRule = (_state, { commandTask }) =>
  commandTask?.check === undefined && commandTask?.health_check === undefined
    ? undefined
    : {
        reason: 'REASON_TASK_INVALID',
        message: "'check' and 'health_check' of command tasks are not supported by this agent yet",
      };

const resourceVersionIsCurrent: LaunchRule = (state, { resourceVersions, tasks }) => {
  if (resourceVersions.length === 0) return undefined;
  const usesProvider = tasks.some((task) => task.resources?.some((resource) => resource.provider_id !== undefined));
  const own = resourceVersions.find((version) => version.resource_provider_id === undefined);
  const current = own === undefined || Buffer.compare(own.uuid.value, state.resourceVersion) === 0;
  if (current && !usesProvider) return undefined;
  return { reason: 'REASON_INVALID_OFFERS', message: 'Task assumes outdated resource state' };
};

/** Reservations made and volumes created at run time must be known here. */
const checkpointedResourcesAreKnown: LaunchRule = (state, { tasks, executor }) => {
  const unknown = (resources: readonly Resource[] | undefined): boolean =>
    !state.total.contains(Resources.from(toPostRefinement(resources).filter(needsCheckpoint)).unallocate());
  if (tasks.some((task) => unknown(task.resources))) {
    return {
      reason: 'REASON_RESOURCES_UNKNOWN',
      message: 'The checkpointed resources being used by the task or task group are unknown to the agent',
    };
  }
  if (!unknown(executor.resources)) return undefined;
  return {
    reason: 'REASON_RESOURCES_UNKNOWN',
    message: 'The checkpointed resources being used by the executor are unknown to the agent',
  };
};

/** What a link in the sandbox cannot be is refused, rather than left out while the task writes elsewhere. */
const volumesCanBeLinked: LaunchRule = (_state, { tasks, executor }) => {
  for (const { resources } of [...tasks, executor]) {
    for (const resource of resources ?? []) {
      const message = mountError(resource);
      if (message !== undefined) return { reason: 'REASON_TASK_INVALID', message };
    }
  }
  return undefined;
};

/** Nor may updates of an earlier task of this name be on their way: those of the new one would go down with them. */
const taskIdIsFree: LaunchRule = (state, { tasks }, framework) => {
  const taken = tasks.find(({ task_id }) => {
    const id = task_id.value as TaskId;
    return framework.executorOfTask.has(id) || state.streams.get(framework.id, id) !== undefined;
  });
  if (taken === undefined) return undefined;
  return { reason: 'REASON_TASK_INVALID', message: `Task has duplicate ID: ${taken.task_id.value}` };
};

const commandTaskHasOwnExecutor: LaunchRule = (_state, { commandTask, launchExecutor }, _framework, executor) => {
  if (commandTask === undefined || launchExecutor === undefined || executor === undefined) return undefined;
  return {
    reason: 'REASON_TASK_INVALID',
    message: 'Cannot reuse an already existing executor for a command task',
  };
};

const masterKnowsExecutor: LaunchRule = (_state, { commandTask, launchExecutor }, _framework, executor) => {
  if (commandTask !== undefined || launchExecutor === undefined) return undefined;
  const reason = 'REASON_EXECUTOR_TERMINATED';
  if (launchExecutor && executor !== undefined) {
    return { reason, message: 'Master wants to launch executor, but one already exists' };
  }
  if (!launchExecutor && executor === undefined) {
    return { reason, message: 'No executor is expected to launch and there is none running' };
  }
  return undefined;
};

const executorTakesTasks: LaunchRule = (_state, _launch, _framework, executor) => {
  if (executor?.state !== 'TERMINATING' && executor?.state !== 'TERMINATED') return undefined;
  return { reason: 'REASON_EXECUTOR_TERMINATED', message: `Executor ${executor.state.toLowerCase()}` };
};

export const LAUNCH_RULES: readonly LaunchRule[] = [
  agentIsNotDraining,
  limitsNeedIsolators,
  checksAreBuilt,
  resourceVersionIsCurrent,
  checkpointedResourcesAreKnown,
  volumesCanBeLinked,
  commandTaskHasOwnExecutor,
  masterKnowsExecutor,
  executorTakesTasks,
  taskIdIsFree,
];

export function admitLaunch(...asked: Parameters<LaunchRule>): Refusal | undefined {
  for (const rule of LAUNCH_RULES) {
    const refusal = rule(...asked);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
