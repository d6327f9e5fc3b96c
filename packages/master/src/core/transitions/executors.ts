/** Executors in the tables of agent and framework, with what they hold. Those of command tasks are the agent's own. */
import type { ExecutorId } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import { type ExecutorInfo, isTerminal, type TaskStatus, type TaskStatusReason } from '@mesolite/wire';
import type { MasterContext } from '../context.ts';
import type { AgentRecord, ExecutorRecord } from '../state/agents.ts';
import type { FrameworkRecord } from '../state/frameworks.ts';
import { hold, release } from './holdings.ts';

export function executorOn(
  agent: AgentRecord,
  framework: FrameworkRecord,
  executorId: string,
): ExecutorRecord | undefined {
  return agent.executors.get(framework.id)?.get(executorId as ExecutorId);
}

/** `info`: valid, resources allocated. */
export function addExecutor(
  context: MasterContext,
  agent: AgentRecord,
  framework: FrameworkRecord,
  info: ExecutorInfo,
): void {
  const id = info.executor_id.value as ExecutorId;
  const record: ExecutorRecord = { info, resources: Resources.from(info.resources), unmentioned: false };
  const onAgent = agent.executors.get(framework.id) ?? new Map<ExecutorId, ExecutorRecord>();
  agent.executors.set(framework.id, onAgent.set(id, record));
  const ofFramework = framework.executors.get(agent.id) ?? new Map<ExecutorId, ExecutorRecord>();
  framework.executors.set(agent.id, ofFramework.set(id, record));
  hold(context, agent, framework, record.resources);
}

export function removeExecutor(
  context: MasterContext,
  agent: AgentRecord,
  framework: FrameworkRecord,
  id: ExecutorId,
): void {
  const onAgent = agent.executors.get(framework.id);
  const record = onAgent?.get(id);
  if (onAgent === undefined || record === undefined) return;
  onAgent.delete(id);
  if (onAgent.size === 0) agent.executors.delete(framework.id);
  const ofFramework = framework.executors.get(agent.id);
  ofFramework?.delete(id);
  if (ofFramework?.size === 0) framework.executors.delete(agent.id);
  release(context, agent, framework, record.resources);
}

/** Whether there is a task for it, not one of `but`, that has not ended as far as this master knows. */
export function isNeeded(
  agent: AgentRecord,
  framework: FrameworkRecord,
  id: ExecutorId,
  but?: ReadonlySet<string>,
): boolean {
  for (const task of agent.tasks.get(framework.id)?.values() ?? [])
    if (task.executorId === id && !isTerminal(task.state) && but?.has(task.id) !== true) return true;
  return false;
}

/** What an agent says of a task for which there is no executor. */
const WITHOUT_EXECUTOR: ReadonlySet<TaskStatusReason | undefined> = new Set<TaskStatusReason>([
  'REASON_RECONCILIATION',
  'REASON_EXECUTOR_TERMINATED',
]);

/**
 * An executor that its agent did not mention is forgotten when the agent says of its last task that there is none. That of
 * an earlier task something is heard proves nothing: it may have been on its way for long.
 */
export function executorHeardOf(
  context: MasterContext,
  agent: AgentRecord,
  framework: FrameworkRecord,
  { id, status }: { readonly id: ExecutorId; readonly status: TaskStatus },
): void {
  const record = executorOn(agent, framework, id);
  if (record?.unmentioned !== true || !WITHOUT_EXECUTOR.has(status.reason)) return;
  if (!isNeeded(agent, framework, id)) removeExecutor(context, agent, framework, id);
}

/** All executors of a framework on an agent. */
export function removeExecutors(context: MasterContext, agent: AgentRecord, framework: FrameworkRecord): void {
  for (const id of [...(agent.executors.get(framework.id)?.keys() ?? [])])
    removeExecutor(context, agent, framework, id);
}
