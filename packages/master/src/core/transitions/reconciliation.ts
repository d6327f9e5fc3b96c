/**
 * Answers to a scheduler that asks what has become of its tasks.
 *
 * Departs from Mesos: long answers come in slices; a framework with many of them under way gets no more.
 */
import type { AgentId, TaskId } from '@mesolite/base';
import type { SchedulerCallReconcileTask, TaskStatus } from '@mesolite/wire';
import type { MasterContext } from '../context.ts';
import {
  FIRST_RECONCILED_SLICE,
  MAX_RECONCILIATIONS_PER_FRAMEWORK,
  RECONCILED_GAP_MS,
  RECONCILED_SLICE,
} from '../options.ts';
import type { Reconciliation } from '../state/deadlines.ts';
import type { FrameworkRecord } from '../state/frameworks.ts';
import type { TaskRecord } from '../state/task.ts';
import { sendUpdate } from './framework-events.ts';
import { knownTaskStatus, masterStatus, stateFor } from './master-status.ts';

const REASON = 'REASON_RECONCILIATION';

/** Answers at once up to a number, and the rest bit by bit. */
export function reconcile(context: MasterContext, framework: FrameworkRecord, asked: Reconciliation): void {
  if (framework.reconciliations >= MAX_RECONCILIATIONS_PER_FRAMEWORK) {
    context.options.log.warning(
      `Dropping a reconciliation of framework ${framework.id}: ${framework.reconciliations} are under way`,
    );
    return;
  }
  const rest = answer(context, framework, asked, FIRST_RECONCILED_SLICE);
  if (rest === undefined) return;
  framework.reconciliations++;
  goOnLater(context, framework, rest);
}

/** The next bit of a reconciliation begun by the framework's current scheduler. */
export function reconcileMore(context: MasterContext, framework: FrameworkRecord, asked: Reconciliation): void {
  const rest = answer(context, framework, asked, RECONCILED_SLICE);
  if (rest === undefined) framework.reconciliations--;
  else goOnLater(context, framework, rest);
}

function goOnLater(context: MasterContext, framework: FrameworkRecord, rest: Reconciliation): void {
  const { scheduler } = framework;
  if (scheduler === undefined) return;
  context.state.deadlines.set(context.now.monotonicMs + RECONCILED_GAP_MS, {
    kind: 'reconcile-more',
    frameworkId: framework.id,
    scheduler,
    rest,
  });
}

/** What is left after `count` answers. Tasks that were known at the beginning and are not any more need none. */
function answer(
  context: MasterContext,
  framework: FrameworkRecord,
  asked: Reconciliation,
  count: number,
): Reconciliation | undefined {
  const end = asked.from + count;
  if (asked.of === 'asked') {
    for (const task of asked.tasks.slice(asked.from, end)) reconcileOne(context, framework, task);
    return end < asked.tasks.length ? { ...asked, from: end } : undefined;
  }
  for (const id of asked.taskIds.slice(asked.from, end)) {
    const task = framework.tasks.get(id);
    if (task !== undefined) sendUpdate(context, framework, latest(context, task));
  }
  return end < asked.taskIds.length ? { ...asked, from: end } : undefined;
}

/** One task. No answer when its agent may still come back and tell. */
export function reconcileOne(
  context: MasterContext,
  framework: FrameworkRecord,
  asked: SchedulerCallReconcileTask,
): void {
  const task = framework.tasks.get(asked.task_id.value as TaskId);
  const status = task === undefined ? unknownTask(context, framework, asked) : latest(context, task);
  if (status !== undefined) sendUpdate(context, framework, status);
}

function latest(context: MasterContext, task: TaskRecord): TaskStatus {
  return knownTaskStatus(context, task, {
    state: task.statusUpdateState ?? task.state,
    message: 'Reconciliation: Latest task state',
    reason: REASON,
  });
}

function unknownTask(
  context: MasterContext,
  framework: FrameworkRecord,
  asked: SchedulerCallReconcileTask,
): TaskStatus | undefined {
  const { agents } = context.state;
  const taskId = asked.task_id.value;
  const agentId = asked.agent_id?.value as AgentId | undefined;
  if (agentId === undefined ? agents.recovered.size > 0 : agents.recovered.has(agentId)) return undefined;
  if (agentId !== undefined && agents.registered.has(agentId))
    return masterStatus(context, {
      taskId,
      agentId,
      state: stateFor(framework, 'TASK_GONE'),
      message: 'Reconciliation: Task is unknown to the agent',
      reason: REASON,
    });
  const unreachable = agentId === undefined ? undefined : agents.unreachable.get(agentId);
  if (unreachable !== undefined)
    return masterStatus(context, {
      taskId,
      agentId,
      state: stateFor(framework, 'TASK_UNREACHABLE'),
      message: 'Reconciliation: Task is unreachable',
      reason: REASON,
      unreachableWallMs: unreachable.wallMs,
    });
  if (agentId !== undefined && agents.gone.has(agentId))
    return masterStatus(context, {
      taskId,
      agentId,
      state: stateFor(framework, 'TASK_GONE_BY_OPERATOR'),
      message: 'Reconciliation: Task is gone',
      reason: REASON,
    });
  return masterStatus(context, {
    taskId,
    agentId,
    state: stateFor(framework, 'TASK_UNKNOWN'),
    message: 'Reconciliation: Task is unknown',
    reason: REASON,
  });
}
