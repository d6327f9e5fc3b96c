/** What becomes of containers: launched, not launched, ended. */
import type { InputOf } from '../../inputs.ts';
import type { AgentState } from '../../state/agent-state.ts';
import type { Executor } from '../../state/executor.ts';
import { checkpointForkedPid } from '../../transitions/checkpoints.ts';
import { driveCommandExecutor } from '../../transitions/command-executors.ts';
import { destroyExecutor, executorStarted, executorTerminated } from '../../transitions/executors.ts';
import { endOfRecovered } from '../../transitions/recovered-ends.ts';
import { launchQueuedTask } from '../../transitions/tasks.ts';

export function containerLaunched(state: AgentState, { containerId, pid }: InputOf<'container-launched'>): void {
  const executor = state.executorOfContainer.get(containerId);
  const framework = executor && state.frameworks.get(executor.frameworkId);
  if (executor === undefined || framework === undefined || framework.terminating || executor.state === 'TERMINATING') {
    state.options.log.warning(`Destroying container ${containerId}: its executor is no longer wanted`);
    state.effect({ kind: 'destroy-container', containerId });
    return;
  }
  executor.pid = pid;
  if (executor.checkpoint) checkpointForkedPid(state, executor, pid);
  if (executor.builtIn === undefined) return;
  executorStarted(state, executor);
  for (const id of [...executor.queuedTasks.keys()]) launchQueuedTask(executor, id);
  driveCommandExecutor(state, executor, { kind: 'forked' });
}

export function containerLaunchFailed(state: AgentState, input: InputOf<'container-launch-failed'>): void {
  state.options.log.error(`Container ${input.containerId} failed to start: ${input.message}`);
  state.counters.containerLaunchErrors.add();
  terminated(state, state.executorOfContainer.get(input.containerId), {
    state: 'TASK_FAILED',
    reason: input.reason,
    message: `Failed to launch container: ${input.message}`,
  });
}

export function containerUpdateFailed(state: AgentState, input: InputOf<'container-update-failed'>): void {
  const executor = state.executorOfContainer.get(input.containerId);
  if (executor === undefined) return;
  state.options.log.error(`Container ${input.containerId} cannot be updated: ${input.message}`);
  destroyExecutor(state, executor, {
    state: 'TASK_FAILED',
    reason: 'REASON_CONTAINER_UPDATE_FAILED',
    message: `Failed to update resources for container: ${input.message}`,
  });
}

export function containerEnded(state: AgentState, { containerId, end }: InputOf<'container-ended'>): void {
  const executor = state.executorOfContainer.get(containerId);
  const recovered = executor?.recovered !== undefined && executor.state !== 'TERMINATED';
  terminated(state, executor, recovered ? endOfRecovered(state, executor, end) : end);
}

function terminated(state: AgentState, executor: Executor | undefined, end: InputOf<'container-ended'>['end']): void {
  const framework = executor && state.frameworks.get(executor.frameworkId);
  if (executor !== undefined && framework !== undefined) executorTerminated(state, framework, executor, end);
}
