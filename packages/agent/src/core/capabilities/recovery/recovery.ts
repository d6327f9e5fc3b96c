/**
 * From the start of a process that goes on as an earlier one to the moment it speaks to masters: containers are found,
 * built-in executors go on where they were, the others have a while to come back. Those that do not are ended, and their
 * tasks are gone.
 *
 * Departs from Mesos: updates of an executor that came back are taken before the recovery is over.
 */
import { formatDuration } from '@mesolite/base';
import { type CommandMemory, DEFAULT_KILL_GRACE_MS } from '@mesolite/executors';
import type { TaskStatus } from '@mesolite/wire';
import type { InputOf } from '../../inputs.ts';
import type { RecoveredAgent } from '../../recovered-agent.ts';
import type { AgentState } from '../../state/agent-state.ts';
import { type Executor, executorText } from '../../state/executor.ts';
import { hasCapability } from '../../state/framework.ts';
import { beginDraining } from '../../transitions/begin-draining.ts';
import { checkpointBootId } from '../../transitions/checkpoints.ts';
import { driveCommandExecutor } from '../../transitions/command-executors.ts';
import { drainedIfEmpty } from '../../transitions/draining.ts';
import { reconnectExecutor } from '../../transitions/executor-transport.ts';
import { destroyExecutor, executorStarted, shutdownExecutor } from '../../transitions/executors.ts';
import { exitWhenDone } from '../../transitions/frameworks.ts';
import { containerVolumes } from '../../volumes.ts';
import { recoverFrameworks } from './recover-frameworks.ts';

/** Over at once when nothing of an earlier process is left. */
export function beginRecovery(state: AgentState, recovered: RecoveredAgent | undefined): void {
  state.phase = 'RECOVERING';
  state.recoveringContainers = true;
  if (recovered !== undefined) {
    state.counters.recoveryErrors.add(recovered.errors);
    // When it began is not on disk.
    if (recovered.draining !== undefined) {
      state.draining = { config: recovered.draining, sinceWallMs: state.now.wallMs };
    }
    recoverFrameworks(state, recovered);
  }
  const executors = [...state.executorOfContainer.values()];
  state.effect({
    kind: 'recover-containers',
    containers: executors.map(({ containerId, directory, allocated, pid }) => ({
      containerId,
      sandbox: directory,
      resources: allocated.toProto(),
      volumes: containerVolumes(state.options.workDirectory, allocated),
      forkedPid: pid,
    })),
    rebooted: recovered?.rebooted ?? false,
  });
  state.rebooted = recovered?.rebooted ?? false;
  if (executors.length > 0) return;
  state.recoveringContainers = false;
  finish(state);
}

export function containersRecovered(state: AgentState, { running }: InputOf<'containers-recovered'>): void {
  if (!state.recoveringContainers) return;
  state.recoveringContainers = false;
  const found = new Map(running.map((one) => [one.containerId, one]));
  for (const executor of [...state.executorOfContainer.values()]) {
    const container = found.get(executor.containerId);
    executor.pid = container?.pid ?? executor.pid;
    if (executor.builtIn !== undefined) resumeCommand(state, executor, container !== undefined);
  }
  if (state.options.recover === 'cleanup' || state.phase === 'TERMINATING') {
    cleanUp(state);
    return;
  }
  for (const executor of state.executorOfContainer.values())
    if (found.has(executor.containerId)) callBack(state, executor);
  state.deadlines.set(state.now.monotonicMs + state.options.executorReregistrationTimeoutMs, {
    kind: 'executors-not-back',
  });
}

/** The time to come back is over. */
export function executorsNotBack(state: AgentState): void {
  if (state.phase !== 'RECOVERING') return;
  const within = formatDuration(state.options.executorReregistrationTimeoutMs);
  for (const executor of [...state.executorOfContainer.values()]) {
    const framework = state.frameworks.get(executor.frameworkId);
    if (executor.state !== 'REGISTERING' || framework === undefined) continue;
    state.options.log.info(`Killing executor ${executorText(executor)}: it did not come back within ${within}`);
    destroyExecutor(state, executor, {
      state: hasCapability(framework.info, 'PARTITION_AWARE') ? 'TASK_GONE' : 'TASK_LOST',
      reason: 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT',
      message: `Executor did not reregister within ${within}`,
    });
  }
  finish(state);
}

/** The agent may speak to masters from now on. */
function finish(state: AgentState): void {
  if (state.phase !== 'RECOVERING') return;
  if (state.options.recover === 'cleanup') {
    cleanUp(state);
    return;
  }
  state.phase = 'DISCONNECTED';
  checkpointBootId(state);
  state.recoverySecs = (state.now.monotonicMs - (state.startedAt ?? state.now).monotonicMs) / 1000;
  resumeDraining(state);
  if (state.detectedEarly) state.effect({ kind: 'detect-leader' });
}

/** What was asked to end before may not have heard. */
function resumeDraining(state: AgentState): void {
  drainedIfEmpty(state);
  if (state.draining !== undefined) beginDraining(state, state.draining.config);
}

/** Ends everything that is left, then the agent. */
function cleanUp(state: AgentState): void {
  state.options.log.info(`Ending ${state.executorOfContainer.size} executors of an earlier process`);
  state.phase = 'TERMINATING';
  checkpointBootId(state);
  for (const executor of [...state.executorOfContainer.values()]) shutdownExecutor(state, executor);
  exitWhenDone(state);
}

/** Drivers of long ago may have answered on a connection that was half open. */
export function executorSilent(state: AgentState, executor: Executor): void {
  if (state.phase === 'RECOVERING') callBack(state, executor);
}

/** Executors of the old driver wait to be called; those that speak HTTP come by themselves. */
function callBack(state: AgentState, executor: Executor): void {
  if (executor.state !== 'REGISTERING') return;
  if (executor.transport?.kind === 'pid' && state.agentId !== undefined) {
    state.options.log.info(`Asking executor ${executorText(executor)} to reconnect`);
    reconnectExecutor(state, executor, executor.transport.pid);
    const againMs = state.options.executorReconnectIntervalMs;
    if (againMs === undefined) return;
    const { containerId } = executor;
    state.deadlines.set(state.now.monotonicMs + againMs, { kind: 'executor-silent', containerId });
  } else state.options.log.info(`Waiting for executor ${executorText(executor)} to subscribe`);
}

function resumeCommand(state: AgentState, executor: Executor, running: boolean): void {
  const memory = executor.recovered?.command ?? toldMemory(state, executor);
  if (memory === undefined && !running) return;
  executorStarted(state, executor);
  // Of a task that has told its end nothing more is told.
  if (executor.launchedTasks.size === 0) return;
  driveCommandExecutor(state, executor, memory === undefined ? { kind: 'forked' } : { kind: 'resumed', memory });
}

/** What the updates of a command task tell of it; nothing when it was not said to run. */
function toldMemory(state: AgentState, executor: Executor): CommandMemory | undefined {
  const [task] = [...executor.launchedTasks.values(), ...executor.terminatedTasks.values()];
  const last = (wanted: string): TaskStatus | undefined => task?.statuses?.findLast((one) => one.state === wanted);
  const running = last('TASK_RUNNING');
  if (running === undefined) return undefined;
  const onMonotonicMs = (status: TaskStatus): number =>
    (status.timestamp ?? 0) * 1000 - (state.now.wallMs - state.now.monotonicMs);
  const killing = last('TASK_KILLING');
  if (killing !== undefined) {
    const killedAtMs = onMonotonicMs(killing);
    return { phase: 'killing', overdue: false, killedAtMs, wakeAtMs: killedAtMs + DEFAULT_KILL_GRACE_MS };
  }
  const limit = executor.commandTask?.max_completion_time?.nanoseconds;
  const wakeAtMs = limit === undefined || limit <= 0n ? undefined : onMonotonicMs(running) + Number(limit) / 1e6;
  return { phase: 'running', overdue: false, killedAtMs: 0, wakeAtMs };
}
