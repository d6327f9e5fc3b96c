/**
 * The JSON form of the v1 reads. Lists that clients walk are written even when empty, which the general JSON writer
 * does not do; elements are written one by one.
 */
import {
  AgentInfo,
  type MasterResponseGetAgents,
  MasterResponseGetAgentsAgent,
  type MasterResponseGetExecutors,
  MasterResponseGetExecutorsExecutor,
  type MasterResponseGetFrameworks,
  MasterResponseGetFrameworksFramework,
  type MasterResponseGetState,
  type MasterResponseGetTasks,
  type MessageType,
  Task,
} from '@mesolite/wire';

function list<M extends object>(type: MessageType<M>, items: readonly M[] | undefined): string {
  return `[${(items ?? []).map((item) => type.toJson(item)).join(',')}]`;
}

export function tasksJson(tasks: MasterResponseGetTasks): string {
  return `{"tasks":${list(Task, tasks.tasks)},"unreachable_tasks":${list(Task, tasks.unreachable_tasks)},"completed_tasks":${list(Task, tasks.completed_tasks)}}`;
}

export function executorsJson(executors: MasterResponseGetExecutors): string {
  return `{"executors":${list(MasterResponseGetExecutorsExecutor, executors.executors)}}`;
}

export function frameworksJson(frameworks: MasterResponseGetFrameworks): string {
  return `{"frameworks":${list(MasterResponseGetFrameworksFramework, frameworks.frameworks)},"completed_frameworks":${list(MasterResponseGetFrameworksFramework, frameworks.completed_frameworks)}}`;
}

export function agentsJson(agents: MasterResponseGetAgents): string {
  return `{"agents":${list(MasterResponseGetAgentsAgent, agents.agents)},"recovered_agents":${list(AgentInfo, agents.recovered_agents)}}`;
}

export function stateJson(state: MasterResponseGetState): string {
  return `{"get_tasks":${tasksJson(state.get_tasks ?? {})},"get_executors":${executorsJson(state.get_executors ?? {})},"get_frameworks":${frameworksJson(state.get_frameworks ?? {})},"get_agents":${agentsJson(state.get_agents ?? {})}}`;
}
