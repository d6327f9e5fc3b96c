/** Executors in the tables of agent and framework, with what they hold. Those of command tasks are the agent's own. */
import type { ExecutorId } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import type { ExecutorInfo } from '@mesolite/wire';
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
  const record: ExecutorRecord = { info, resources: Resources.from(info.resources) };
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

/** All executors of a framework on an agent. */
export function removeExecutors(context: MasterContext, agent: AgentRecord, framework: FrameworkRecord): void {
  for (const id of [...(agent.executors.get(framework.id)?.keys() ?? [])])
    removeExecutor(context, agent, framework, id);
}
