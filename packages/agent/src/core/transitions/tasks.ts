/**
 * Tasks of an executor on their way from queued to completed. Keeps the indexes, the allocated resources and the
 * counts of states.
 */
import { type FrameworkId, must, type TaskId } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import {
  isTerminal,
  type Task,
  type TaskGroupInfo,
  type TaskInfo,
  type TaskState,
  type TaskStatus,
} from '@mesolite/wire';
import { MAX_STATUSES_PER_TASK } from '../options.ts';
import type { AgentState } from '../state/agent-state.ts';
import type { Executor } from '../state/executor.ts';
import type { Framework } from '../state/framework.ts';

export function taskIdOf(task: { readonly task_id: { readonly value: string } }): TaskId {
  return task.task_id.value as TaskId;
}

/** The record of a task as masters and operators know it. */
export function createTask(info: TaskInfo, state: TaskState, frameworkId: FrameworkId): Task {
  const user = info.command?.user ?? info.executor?.command?.user;
  return {
    name: info.name,
    task_id: info.task_id,
    framework_id: { value: frameworkId },
    ...(info.executor === undefined ? {} : { executor_id: info.executor.executor_id }),
    agent_id: info.agent_id,
    state,
    resources: info.resources,
    limits: info.limits,
    labels: info.labels,
    discovery: info.discovery,
    container: info.container,
    health_check: info.health_check,
    kill_policy: info.kill_policy,
    user,
  };
}

export function enqueueTask(state: AgentState, framework: Framework, executor: Executor, task: TaskInfo): void {
  const id = taskIdOf(task);
  executor.queuedTasks.set(id, task);
  framework.executorOfTask.set(id, executor);
  occupy(state, executor, task);
  state.counters.taskEntered('TASK_STAGING');
}

export function enqueueGroup(state: AgentState, framework: Framework, executor: Executor, group: TaskGroupInfo): void {
  executor.queuedGroups.push(group);
  for (const task of group.tasks ?? []) enqueueTask(state, framework, executor, task);
}

/** Takes a queued task out for delivery. */
export function launchQueuedTask(executor: Executor, id: TaskId): Task {
  const task = createTask(dequeue(executor, id), 'TASK_STAGING', executor.frameworkId);
  executor.launchedTasks.set(id, task);
  executor.everSentTask = true;
  return task;
}

/** The group a queued task belongs to. */
export function queuedGroupOf(executor: Executor, id: TaskId): TaskGroupInfo | undefined {
  return executor.queuedGroups.find((group) => group.tasks?.some((task) => taskIdOf(task) === id));
}

/** Applies a status to the task's record. Answers why not, when the task cannot take it. */
export function updateTaskState(state: AgentState, executor: Executor, status: TaskStatus): string | undefined {
  const id = taskIdOf(status);
  const terminal = isTerminal(status.state);
  let task = executor.launchedTasks.get(id);
  if (executor.queuedTasks.has(id)) {
    if (!terminal) return 'Cannot send non-terminal update for queued task';
    task = createTask(dequeue(executor, id), 'TASK_STAGING', executor.frameworkId);
  } else if (task === undefined) {
    const ended = executor.terminatedTasks.get(id);
    return ended === undefined ? 'Task is unknown' : `Task is already terminated with state ${ended.state}`;
  }
  state.counters.taskLeft(task.state);
  state.counters.taskEntered(status.state);
  noteStatus(task, status);
  if (terminal) {
    executor.launchedTasks.delete(id);
    executor.terminatedTasks.set(id, task);
    release(state, executor, task);
  }
  return undefined;
}

/** Makes a status the last one of a task's record. */
export function noteStatus(task: Task, status: TaskStatus): void {
  const kept = [...(task.statuses ?? [])];
  if (kept.at(-1)?.state === status.state) kept.pop();
  const { data: _data, ...withoutData } = status;
  kept.push(withoutData);
  if (kept.length > MAX_STATUSES_PER_TASK) kept.shift();
  task.statuses = kept;
  task.state = status.state;
}

/** Files a task that an earlier process of the agent launched, in the state it had come to. */
export function fileRecoveredTask(state: AgentState, framework: Framework, executor: Executor, task: Task): void {
  const id = taskIdOf(task);
  executor.everSentTask = true;
  framework.executorOfTask.set(id, executor);
  if (isTerminal(task.state)) {
    executor.terminatedTasks.set(id, task);
    return;
  }
  executor.launchedTasks.set(id, task);
  occupy(state, executor, task);
  state.counters.taskEntered(task.state);
}

/** The last update of a terminated task was acknowledged. */
export function completeTask(framework: Framework, executor: Executor, id: TaskId): void {
  const task = must(executor.terminatedTasks.get(id), `terminated task ${id}`);
  executor.terminatedTasks.delete(id);
  framework.executorOfTask.delete(id);
  executor.completedTasks.push(task);
}

/** Ends the record of tasks whose framework goes: nobody will be told. */
export function abandonLaunchedTasks(state: AgentState, executor: Executor): void {
  for (const [id, task] of executor.launchedTasks) {
    state.counters.taskLeft(task.state);
    executor.terminatedTasks.set(id, task);
    release(state, executor, task);
  }
  executor.launchedTasks.clear();
  for (const task of executor.queuedTasks.values()) {
    state.counters.taskLeft('TASK_STAGING');
    release(state, executor, task);
  }
  executor.queuedTasks.clear();
  executor.queuedGroups = [];
}

function dequeue(executor: Executor, id: TaskId): TaskInfo {
  const info = must(executor.queuedTasks.get(id), `queued task ${id}`);
  executor.queuedTasks.delete(id);
  executor.queuedGroups = executor.queuedGroups.filter((group) =>
    group.tasks?.some((task) => executor.queuedTasks.has(taskIdOf(task))),
  );
  return info;
}

function occupy(state: AgentState, executor: Executor, task: Pick<TaskInfo, 'resources'>): void {
  const resources = Resources.from(task.resources);
  executor.allocated = executor.allocated.plus(resources);
  state.used = state.used.plus(resources);
}

function release(state: AgentState, executor: Executor, task: Pick<TaskInfo, 'resources'>): void {
  const resources = Resources.from(task.resources);
  executor.allocated = executor.allocated.minus(resources);
  state.used = state.used.minus(resources);
}
