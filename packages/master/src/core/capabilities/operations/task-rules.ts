/**
 * What a task must hold to be launched with LAUNCH: rules in the order in which the original checks them, because the
 * first one that fails is what the scheduler is told.
 */
import { idError, type TaskId } from '@mesolite/base';
import {
  allocatedToSingleRoleError,
  overlaps,
  type Resources,
  requestedResourcesError,
  revocableMixError,
  uniquePersistenceIdError,
} from '@mesolite/resources';
import type { TaskInfo } from '@mesolite/wire';
import { checkError, healthCheckError } from '../../rules/check-rules.ts';
import { commandError, containerError } from '../../rules/command-rules.ts';
import type { AgentRecord } from '../../state/agents.ts';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import { executorOn } from '../../transitions/executors.ts';
import { executorError } from './executor-rules.ts';

/** A task about to be launched. Resources of task and executor are in post-refinement format, allocated. */
export interface Launch {
  readonly task: TaskInfo;
  readonly framework: FrameworkRecord;
  readonly agent: AgentRecord;
  /** Of the task alone. */
  readonly own: Resources;
  /** Of its executor, running or not; nothing for a command task. */
  readonly executorOwn: Resources;
  /** What is left of the offers. */
  readonly available: Resources;
}

type Rule = (launch: Launch) => string | undefined;

const RULES: readonly Rule[] = [
  ({ task }) => idError(task.task_id.value),
  uniqueIdError,
  agentIdError,
  ({ task }) =>
    (task.kill_policy?.grace_period?.nanoseconds ?? 0n) < 0n
      ? "Task's 'kill_policy.grace_period' must be non-negative"
      : undefined,
  ({ task }) =>
    (task.max_completion_time?.nanoseconds ?? 0n) < 0n
      ? "Task's `max_completion_time` must be non-negative"
      : undefined,
  ({ task }) => partError(task.check, checkError, 'Task uses invalid check'),
  ({ task }) => partError(task.health_check, healthCheckError, 'Task uses invalid health check'),
  taskResourcesError,
  ({ task }) => partError(task.command, commandError, "Task's `CommandInfo` is invalid"),
  ({ task }) => partError(task.container, containerError, "Task's `ContainerInfo` is invalid"),
  limitsError,
  commandOrExecutorError,
  launchedExecutorError,
  combinedResourcesError,
  availableError,
  shareCgroupsError,
];

/** Why the task cannot be launched, in the words the scheduler sees, or nothing. */
export function admitTask(launch: Launch): string | undefined {
  for (const rule of RULES) {
    const error = rule(launch);
    if (error !== undefined) return error;
  }
  return undefined;
}

function partError<T>(part: T | undefined, rule: (part: T) => string | undefined, prefix: string): string | undefined {
  const error = part === undefined ? undefined : rule(part);
  return error === undefined ? undefined : `${prefix}: ${error}`;
}

function uniqueIdError({ task, framework }: Launch): string | undefined {
  const id = task.task_id.value as TaskId;
  if (framework.tasks.has(id)) return `Task has duplicate ID: ${id}`;
  return framework.unreachableTasks.has(id) ? `Task reuses the ID of an unreachable task: ${id}` : undefined;
}

function agentIdError({ task, agent }: Launch): string | undefined {
  const { value } = task.agent_id;
  return value === agent.id ? undefined : `Task uses invalid agent ${value} while agent ${agent.id} is expected`;
}

function taskResourcesError({ task, own }: Launch): string | undefined {
  if ((task.resources ?? []).length === 0) return 'Task uses no resources';
  const invalid = requestedResourcesError(task.resources);
  if (invalid !== undefined) return `Task uses invalid resources: ${invalid}`;
  const persistence = uniquePersistenceIdError(own);
  if (persistence !== undefined) return `Task uses duplicate persistence ID: ${persistence}`;
  const role = allocatedToSingleRoleError(own);
  if (role !== undefined) return `Invalid task resources: ${role}`;
  const mix = revocableMixError(own);
  return mix === undefined ? undefined : `Task mixes revocable and non-revocable resources: ${mix}`;
}

function limitsError({ task, agent, own: requested }: Launch): string | undefined {
  const limits = task.limits ?? {};
  const names = Object.keys(limits);
  if (names.length === 0) return undefined;
  if (!agent.capabilities.has('TASK_RESOURCE_LIMITS')) return 'Agent is not capable of handling task resource limits';
  if (names.some((name) => name !== 'cpus' && name !== 'mem'))
    return "Only cpus and mem may be included in a task's resource limits";
  if (limits['cpus'] !== undefined) {
    if (!requested.names().includes('cpus'))
      return 'When a CPU limit is specified, a CPU request must also be specified';
    // Written so that NaN is refused too.
    if (!(limits['cpus'].value >= requested.scalar('cpus')))
      return 'The cpu limit must be greater than or equal to the cpu request';
  }
  if (limits['mem'] !== undefined) {
    if (!requested.names().includes('mem'))
      return 'When a memory limit is specified, a memory request must also be specified';
    if (!(limits['mem'].value >= requested.scalar('mem')))
      return 'The memory limit must be greater than or equal to the memory request';
  }
  return undefined;
}

function commandOrExecutorError({ task }: Launch): string | undefined {
  return (task.executor === undefined) === (task.command === undefined)
    ? 'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present'
    : undefined;
}

/** Departs from Mesos: no warning about executors with less than 0.01 cpus or 32 MB; the agent runs them all the same. */
function launchedExecutorError({ task, framework, agent, executorOwn: resources }: Launch): string | undefined {
  const { executor } = task;
  if (executor === undefined) return undefined;
  const error = executorError(executor, framework, agent);
  if (error !== undefined) return error;
  if (executor.type !== undefined && executor.type !== 'CUSTOM') return "'ExecutorInfo.type' must be 'CUSTOM'";
  if (executor.command === undefined) return "'ExecutorInfo.command' must be set";
  if (!resources.shared().isEmpty) return `Executor resources ${resources} should not contain any shared resources`;
  return executor.container?.linux_info?.share_cgroups === true
    ? "The 'share_cgroups' field cannot be set to 'true' on executor containers"
    : undefined;
}

function combinedResourcesError({ task, own, executorOwn: executor }: Launch): string | undefined {
  if (task.executor === undefined) return undefined;
  const total = own.plus(executor);
  const invalid = requestedResourcesError(total.toProto());
  if (invalid !== undefined) return `Task and its executor use invalid resources: ${invalid}`;
  if (overlaps([own, executor]))
    return `There are overlapping resources in the task resources ${own} and executor resources ${executor}`;
  const persistence = uniquePersistenceIdError(total);
  if (persistence !== undefined) return `Task and its executor use duplicate persistence ID: ${persistence}`;
  const mix = revocableMixError(total);
  return mix === undefined ? undefined : `Task and its executor mix revocable and non-revocable resources: ${mix}`;
}

/** What the launch takes from the offers: the executor's part only when it is not running yet. */
export function consumedByLaunch({ task, framework, agent, own, executorOwn }: Launch): Resources {
  const { executor } = task;
  const runs = executor === undefined || executorOn(agent, framework, executor.executor_id.value) !== undefined;
  return runs ? own : own.plus(executorOwn);
}

function availableError(launch: Launch): string | undefined {
  const total = consumedByLaunch(launch);
  return launch.available.contains(total)
    ? undefined
    : `Total resources ${total} required by task and its executor is more than available ${launch.available}`;
}

function shareCgroupsError({ task }: Launch): string | undefined {
  return task.container?.linux_info?.share_cgroups === false
    ? "Only tasks in a task group may have 'share_cgroups' set to 'false'"
    : undefined;
}
