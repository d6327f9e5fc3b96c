/**
 * LAUNCH: each task is judged by itself; those that pass are booked and sent to the agent, the others are answered by
 * TASK_ERROR. An executor that does not run on the agent yet is booked with its first task. A shared volume that was
 * offered once may go to any number of tasks: each further one is allocated a copy of its own.
 */
import { allocatedTo, Resources, toPreRefinement } from '@mesolite/resources';
import { type ExecutorInfo, type HealthCheck, type Resource, RunTaskMessage, type TaskInfo } from '@mesolite/wire';
import type { MasterContext } from '../../context.ts';
import { addExecutor, executorOn } from '../../transitions/executors.ts';
import { pidForAgents } from '../../transitions/framework-events.ts';
import { refuseTask } from '../../transitions/master-status.ts';
import { launchedTask } from '../../transitions/task-record.ts';
import { addTask } from '../../transitions/tasks.ts';
import type { AppliedOperation } from './accept.ts';
import { admitTask, consumedByLaunch } from './task-rules.ts';

/** How many tasks of one operation the log names. */
const MAX_LOGGED_IDS = 10;

/** A task on its way to the agent, with its own resources. */
interface Launched {
  readonly id: string;
  readonly own: Resources;
}

/** What is left of the offers afterwards. */
export function launchTasks(context: MasterContext, applied: AppliedOperation): Resources {
  const { framework, agent, role, operation } = applied;
  const given = operation.launch?.task_infos ?? [];
  const refused = malformed(given) ?? (operation.id === undefined ? undefined : ID_NOT_ALLOWED);
  if (refused !== undefined) {
    for (const task of given) refuse(context, applied, task, refused);
    return applied.available;
  }
  let left = applied.available;
  const launched: Launched[] = [];
  for (const info of given) {
    const task = completed(info, framework.id, role);
    const own = Resources.from(task.resources);
    const available = left.nonShared().plus(applied.shared);
    const launch = { task, framework, agent, own, executorOwn: Resources.from(task.executor?.resources), available };
    const error = admitTask(launch);
    if (error !== undefined) {
      refuse(context, applied, task, error);
      continue;
    }
    const consumed = consumedByLaunch(launch);
    addCopies(context, applied, consumed.shared().minus(left.shared()));
    left = left.minus(consumed);
    const { executor } = task;
    const known = executor === undefined ? undefined : executorOn(agent, framework, executor.executor_id.value);
    // Whether one is there that its agent has not mentioned, only that agent can tell: it launches one if need be.
    const launchExecutor = known === undefined || (known.unmentioned ? undefined : false);
    if (executor !== undefined && known === undefined) addExecutor(context, agent, framework, executor);
    addTask(context, agent, framework, launchedTask(task, framework.id, own));
    framework.counts.operation('LAUNCH');
    run(context, applied, task, launchExecutor);
    launched.push({ id: task.task_id.value, own });
  }
  logLaunch(context, applied, launched);
  return left;
}

function logLaunch(
  { options }: MasterContext,
  { framework, agent }: AppliedOperation,
  launched: readonly Launched[],
): void {
  if (launched.length === 0) return;
  const ids = launched.slice(0, MAX_LOGGED_IDS).map(({ id }) => id);
  if (ids.length < launched.length) ids.push('…');
  const where = `on agent ${agent.id} (${agent.info.hostname}) with ${Resources.sum(launched.map(({ own }) => own))}`;
  options.log.info(`Launching ${ids.join(', ')} of framework ${framework.id} (${framework.info.name}) ${where}`);
}

/** Copies of shared volumes beyond those that were offered: the framework holds them from now on. */
function addCopies(context: MasterContext, { framework, agent }: AppliedOperation, copies: Resources): void {
  if (copies.isEmpty) return;
  context.options.log.info(`Allocating additional ${copies} to framework ${framework.id} on agent ${agent.id}`);
  context.allocator.exchange(framework.id, agent.id, Resources.empty, copies);
}

const ID_NOT_ALLOWED = 'The `id` field cannot be set on LAUNCH operations';

/** One malformed resource spoils the whole operation. */
function malformed(tasks: readonly TaskInfo[]): string | undefined {
  for (const task of tasks) {
    const error = Resources.validate(task.resources) ?? Resources.validate(task.executor?.resources);
    if (error !== undefined) return error;
  }
  return undefined;
}

/** With what frameworks may leave out: allocation, the executor's framework, the type of old health checks. */
function completed(task: TaskInfo, frameworkId: string, role: string): TaskInfo {
  const { executor, health_check: healthCheck } = task;
  return {
    ...task,
    resources: allocated(task.resources, role),
    executor: executor === undefined ? undefined : completedExecutor(executor, frameworkId, role),
    health_check: healthCheck === undefined ? undefined : typedHealthCheck(healthCheck),
  };
}

function completedExecutor(executor: ExecutorInfo, frameworkId: string, role: string): ExecutorInfo {
  return {
    ...executor,
    framework_id: executor.framework_id ?? { value: frameworkId },
    resources: allocated(executor.resources, role),
  };
}

function allocated(resources: readonly Resource[] | undefined, role: string): Resource[] | undefined {
  return resources === undefined ? undefined : allocatedTo(role, resources);
}

function typedHealthCheck(check: HealthCheck): HealthCheck {
  if (check.type !== undefined) return check;
  if (check.command !== undefined && check.http === undefined) return { ...check, type: 'COMMAND' };
  return check.http !== undefined && check.command === undefined ? { ...check, type: 'HTTP' } : check;
}

function run(
  context: MasterContext,
  applied: AppliedOperation,
  task: TaskInfo,
  launchExecutor: boolean | undefined,
): void {
  const { framework, agent } = applied;
  const uuid = agent.resourceVersion;
  context.outbox.send(agent.pid, RunTaskMessage, {
    framework: framework.info,
    task: agent.capabilities.has('RESERVATION_REFINEMENT') ? task : downgraded(task),
    resource_version_uuids: uuid === undefined ? undefined : [{ uuid: { value: uuid } }],
    pid: pidForAgents(framework),
    launch_executor: launchExecutor,
  });
}

/** For agents of old. No refined reservation can exist there. */
function downgraded(task: TaskInfo): TaskInfo {
  const { executor } = task;
  return {
    ...task,
    resources: toPreRefinement(task.resources),
    executor: executor === undefined ? undefined : { ...executor, resources: toPreRefinement(executor.resources) },
  };
}

function refuse(context: MasterContext, { framework }: AppliedOperation, task: TaskInfo, message: string): void {
  refuseTask(context, framework, {
    taskId: task.task_id.value,
    agentId: task.agent_id.value,
    state: 'TASK_ERROR',
    message,
    reason: 'REASON_TASK_INVALID',
  });
}
