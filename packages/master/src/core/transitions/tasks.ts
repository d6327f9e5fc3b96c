/**
 * The life of a task in the tables: added to agent and framework at once, moved along by statuses, and in the end
 * taken from both and kept among the framework's completed or unreachable ones.
 *
 * Never: tells anybody (callers do), or moves a task out of a terminal state.
 */
import { assert, must, type TaskId } from '@mesolite/base';
import { isTerminal, type TaskState, type TaskStatus } from '@mesolite/wire';
import type { MasterContext } from '../context.ts';
import { MAX_STATUSES_PER_TASK } from '../options.ts';
import type { AgentRecord } from '../state/agents.ts';
import type { FrameworkRecord } from '../state/frameworks.ts';
import { holdsNothing, type TaskRecord } from '../state/task.ts';
import { hold, release } from './holdings.ts';

/** The task id must be free in the framework. */
export function addTask(
  context: MasterContext,
  agent: AgentRecord,
  framework: FrameworkRecord,
  task: TaskRecord,
): void {
  assert(!framework.tasks.has(task.id), `task ${task.id} of framework ${framework.id} added twice`);
  framework.tasks.set(task.id, task);
  const onAgent = agent.tasks.get(framework.id);
  if (onAgent === undefined) agent.tasks.set(framework.id, new Map([[task.id, task]]));
  else onAgent.set(task.id, task);
  context.state.countTask(task.state, 1);
  framework.counts.task(task.state, 1);
  if (!task.released) hold(context, agent, framework, task.resources);
}

/**
 * Takes a status in. `latestState`: the newest state the agent knows, which may be ahead of the status. When the task
 * has come to an end by it, its resources are given back.
 */
export function applyStatus(
  context: MasterContext,
  task: TaskRecord,
  status: TaskStatus,
  latestState: TaskState = status.state,
): void {
  if (!isTerminal(task.state) && task.state !== latestState) {
    context.state.countTask(task.state, -1);
    context.state.countTask(latestState, 1);
    const counts = context.state.frameworks.registered.get(task.frameworkId)?.counts;
    counts?.task(task.state, -1);
    counts?.task(latestState, 1);
    task.state = latestState;
  }
  rememberStatus(task, status);
  if (task.released || !holdsNothing(task.state)) return;
  task.released = true;
  const agent = must(context.state.agents.registered.get(task.agentId), `agent ${task.agentId} of a live task`);
  const framework = must(context.state.frameworks.registered.get(task.frameworkId), 'framework of a live task');
  release(context, agent, framework, task.resources);
  context.counters.taskEnded(
    task.state,
    status.source ?? 'SOURCE_MASTER',
    status.state === task.state ? status.reason : undefined,
  );
}

/** One entry per change of state; `data` may be large and is nobody's business here. */
function rememberStatus(task: TaskRecord, status: TaskStatus): void {
  const { data: _, ...kept } = status;
  if (task.statuses.at(-1)?.state === status.state) task.statuses.pop();
  task.statuses.push(kept);
  if (task.statuses.length > MAX_STATUSES_PER_TASK) task.statuses.shift();
}

/** Takes a task that holds nothing any more from agent and framework, into the framework's memory. */
export function removeTask(context: MasterContext, task: TaskRecord, into: 'completed' | 'unreachable'): void {
  assert(task.released, `task ${task.id} is removed while it holds resources`);
  const framework = must(context.state.frameworks.registered.get(task.frameworkId), 'framework of a task');
  framework.tasks.delete(task.id);
  const agent = context.state.agents.registered.get(task.agentId);
  const onAgent = agent?.tasks.get(task.frameworkId);
  onAgent?.delete(task.id);
  if (onAgent?.size === 0) agent?.tasks.delete(task.frameworkId);
  agent?.killedTasks.get(task.frameworkId)?.delete(task.id);
  if (into === 'completed') {
    context.state.countTask(task.state, -1);
    framework.counts.task(task.state, -1);
    framework.completedTasks.push(task);
    return;
  }
  const dropped = framework.unreachableTasks.set(task.id, task);
  if (dropped === undefined) return;
  context.state.countTask(dropped.state, -1);
  framework.counts.task(dropped.state, -1);
}

/** Forgets that a task was unreachable: its agent is back. */
export function forgetUnreachable(context: MasterContext, framework: FrameworkRecord, id: TaskId): void {
  const task = framework.unreachableTasks.get(id);
  if (task === undefined) return;
  framework.unreachableTasks.delete(id);
  context.state.countTask(task.state, -1);
  framework.counts.task(task.state, -1);
}
