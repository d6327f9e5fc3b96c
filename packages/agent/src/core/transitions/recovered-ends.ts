/**
 * What the end of a container means that an earlier process launched.
 *
 * Departs from Mesos: a task that was never started is dropped rather than failed.
 */
import type { ContainerEnd } from '../inputs.ts';
import type { AgentState } from '../state/agent-state.ts';
import type { Executor } from '../state/executor.ts';
import { driveCommandExecutor } from './command-executors.ts';
import { executorStarted } from './executors.ts';
import { droppedState } from './status-updates.ts';

/** As it ended, or, when nobody knows how, what its tasks are told. */
export function endOfRecovered(state: AgentState, executor: Executor, end: ContainerEnd): ContainerEnd {
  const framework = state.frameworks.get(executor.frameworkId);
  if (executor.builtIn?.running === false && executor.launchedTasks.size > 0 && end.status !== undefined) {
    // It ran, and ended, while nobody was there to say so.
    executorStarted(state, executor);
    driveCommandExecutor(state, executor, { kind: 'forked' });
    return end;
  }
  if (end.status !== undefined || end.state !== undefined || framework === undefined) return end;
  if (state.rebooted) {
    return {
      state: 'TASK_FAILED',
      reason: 'REASON_EXECUTOR_TERMINATED',
      message: 'Abnormal executor termination: unknown container',
    };
  }
  if (executor.pid !== undefined || executor.state !== 'REGISTERING') return end;
  return {
    state: droppedState(framework),
    reason: 'REASON_AGENT_RESTARTED',
    message: 'Task launched during agent restart',
  };
}
