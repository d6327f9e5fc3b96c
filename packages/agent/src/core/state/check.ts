/** What must hold between the agent's tables at the end of every step. Dear: for tests and simulation. */
import { assert } from '@mesolite/base';
import { applyCheckpointed, Resources } from '@mesolite/resources';
import type { AgentState } from './agent-state.ts';

/** Throws AssertionError naming the tables that contradict each other. */
export function checkAgentState(state: AgentState): void {
  let used = Resources.empty;
  let executors = 0;
  for (const [frameworkId, framework] of state.frameworks) {
    assert(framework.id === frameworkId, `framework ${frameworkId} is filed under its id`);
    let tasks = 0;
    for (const executor of framework.executors.values()) {
      executors++;
      const name = `executor ${executor.id} of ${frameworkId}`;
      assert(state.executorOfContainer.get(executor.containerId) === executor, `${name} is found by its container`);
      assert(
        executor.transport?.kind !== 'stream' ||
          state.executorOfConnection.get(executor.transport.connection) === executor,
        `${name} is found by its stream`,
      );
      for (const table of [executor.queuedTasks, executor.launchedTasks, executor.terminatedTasks]) {
        for (const id of table.keys()) {
          tasks++;
          assert(framework.executorOfTask.get(id) === executor, `task ${id} leads to its ${name}`);
        }
      }
      for (const group of executor.queuedGroups) {
        assert(
          group.tasks?.some((task) => executor.queuedTasks.has(task.task_id.value as never)),
          `groups of ${name} are queued`,
        );
      }
      used = used.plus(executor.allocated);
    }
    assert(
      framework.terminating || framework.executorOfTask.size === tasks,
      `each task of ${frameworkId} is in one table`,
    );
  }
  assert(state.executorOfContainer.size === executors, 'each container belongs to a present executor');
  assert(used.equals(state.used), `resources in use (${state.used}) are those of the executors (${used})`);
  const total = applyCheckpointed(state.given, state.checkpointed);
  assert(total.ok && total.value.equals(state.total), `the total (${state.total}) is what flags and checkpoints make`);
  for (const { key, retryDeadline } of state.operations.all()) {
    assert(!state.registered || retryDeadline?.live === true, `the outcome of operation ${key} will be sent again`);
  }
  for (const stream of state.streams.all()) {
    const waits = stream.pending.length > 0 && state.registered;
    assert(
      !waits || stream.retryDeadline?.live === true,
      `the head of task ${stream.taskId}'s updates will be sent again`,
    );
  }
}
