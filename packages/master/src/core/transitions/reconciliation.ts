/** Answers to a scheduler that asks what has become of its tasks. */
import type { AgentId, TaskId } from '@mesolite/base';
import type { SchedulerCallReconcileTask, TaskStatus } from '@mesolite/wire';
import type { MasterContext } from '../context.ts';
import type { FrameworkRecord } from '../state/frameworks.ts';
import type { TaskRecord } from '../state/task.ts';
import { sendUpdate } from './framework-events.ts';
import { knownTaskStatus, masterStatus, stateFor } from './master-status.ts';

const REASON = 'REASON_RECONCILIATION';

/** Everything in memory, with the state last shown to the scheduler. */
export function reconcileAll(context: MasterContext, framework: FrameworkRecord): void {
  for (const task of framework.tasks.values()) sendUpdate(context, framework, latest(context, task));
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
