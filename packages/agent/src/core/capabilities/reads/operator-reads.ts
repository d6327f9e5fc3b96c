/**
 * The read calls of the agent's v1 operator API as messages, and their JSON form, in which lists that clients walk are
 * written even when empty. Pure reads of the tables.
 */
import {
  type AgentResponseGetAgent,
  type AgentResponseGetExecutors,
  AgentResponseGetExecutorsExecutor,
  type AgentResponseGetFrameworks,
  AgentResponseGetFrameworksFramework,
  type AgentResponseGetState,
  type AgentResponseGetTasks,
  type MessageType,
  Task,
} from '@mesolite/wire';
import type { AgentState } from '../../state/agent-state.ts';
import type { Executor } from '../../state/executor.ts';
import type { Framework } from '../../state/framework.ts';
import { agentInfo } from '../../transitions/agent-info.ts';
import { queuedTasks } from './legacy-bodies.ts';

function* allFrameworks(state: AgentState): Iterable<Framework> {
  yield* state.frameworks.values();
  yield* state.completedFrameworks.values();
}

function* allExecutors(state: AgentState): Iterable<Executor> {
  for (const framework of allFrameworks(state)) {
    yield* framework.executors.values();
    yield* framework.completedExecutors;
  }
}

export function getAgent(state: AgentState): AgentResponseGetAgent {
  const { draining } = state;
  if (draining === undefined) return { agent_info: agentInfo(state) };
  return {
    agent_info: agentInfo(state),
    drain_config: draining.config,
    estimated_drain_start_time: { nanoseconds: BigInt(Math.floor(draining.sinceWallMs / 1000)) * 1_000_000_000n },
  };
}

export function getTasks(state: AgentState): AgentResponseGetTasks {
  const tasks = {
    pending_tasks: [] as Task[],
    queued_tasks: [] as Task[],
    launched_tasks: [] as Task[],
    terminated_tasks: [] as Task[],
    completed_tasks: [] as Task[],
  };
  for (const executor of allExecutors(state)) {
    tasks.queued_tasks.push(...queuedTasks(executor));
    tasks.launched_tasks.push(...executor.launchedTasks.values());
    tasks.terminated_tasks.push(...executor.terminatedTasks.values());
    tasks.completed_tasks.push(...executor.completedTasks);
  }
  return tasks;
}

function executorMessage({ info }: Executor): AgentResponseGetExecutorsExecutor {
  return { executor_info: info };
}

export function getExecutors(state: AgentState): AgentResponseGetExecutors {
  const executors: AgentResponseGetExecutorsExecutor[] = [];
  const completed: AgentResponseGetExecutorsExecutor[] = [];
  for (const framework of allFrameworks(state)) {
    executors.push(...[...framework.executors.values()].map(executorMessage));
    completed.push(...[...framework.completedExecutors].map(executorMessage));
  }
  return { executors, completed_executors: completed };
}

export function getFrameworks(state: AgentState): AgentResponseGetFrameworks {
  return {
    frameworks: [...state.frameworks.values()].map(({ info }) => ({ framework_info: info })),
    completed_frameworks: [...state.completedFrameworks.values()].map(({ info }) => ({ framework_info: info })),
  };
}

export function getState(state: AgentState): AgentResponseGetState {
  return { get_tasks: getTasks(state), get_executors: getExecutors(state), get_frameworks: getFrameworks(state) };
}

function list<M extends object>(type: MessageType<M>, items: readonly M[] | undefined): string {
  return `[${(items ?? []).map((item) => type.toJson(item)).join(',')}]`;
}

export function tasksJson(tasks: AgentResponseGetTasks): string {
  return `{"pending_tasks":${list(Task, tasks.pending_tasks)},"queued_tasks":${list(Task, tasks.queued_tasks)},"launched_tasks":${list(Task, tasks.launched_tasks)},"terminated_tasks":${list(Task, tasks.terminated_tasks)},"completed_tasks":${list(Task, tasks.completed_tasks)}}`;
}

export function executorsJson(all: AgentResponseGetExecutors): string {
  return `{"executors":${list(AgentResponseGetExecutorsExecutor, all.executors)},"completed_executors":${list(AgentResponseGetExecutorsExecutor, all.completed_executors)}}`;
}

export function frameworksJson(all: AgentResponseGetFrameworks): string {
  return `{"frameworks":${list(AgentResponseGetFrameworksFramework, all.frameworks)},"completed_frameworks":${list(AgentResponseGetFrameworksFramework, all.completed_frameworks)}}`;
}

export function stateJson(all: AgentResponseGetState): string {
  return `{"get_tasks":${tasksJson(all.get_tasks ?? {})},"get_executors":${executorsJson(all.get_executors ?? {})},"get_frameworks":${frameworksJson(all.get_frameworks ?? {})}}`;
}
