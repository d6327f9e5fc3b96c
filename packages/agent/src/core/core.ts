/**
 * The agent's core: a directory from input kind to handler, and from what fell due to handler. No rules here.
 */
import type { FrameworkId, TaskId } from '@mesolite/base';
import {
  containerEnded,
  containerLaunched,
  containerLaunchFailed,
  containerUpdateFailed,
} from './capabilities/containers/container-events.ts';
import { drainAgent } from './capabilities/draining/drain-agent.ts';
import { executorCalled, streamClosed } from './capabilities/executor-api/executor-calls.ts';
import { registerExecutor, reregisterExecutor } from './capabilities/executor-driver/driver-registration.ts';
import { messageFromExecutor, updateStatus } from './capabilities/executor-driver/driver-words.ts';
import {
  executorMessaged,
  executorShutdown,
  frameworkShutdown,
  frameworkUpdated,
} from './capabilities/frameworks/framework-messages.ts';
import { diskMeasured, garbageDue, pathsRemoved, watchDisk } from './capabilities/garbage-collection/disk-watch.ts';
import { applyOperationMessage, checkpointResourcesMessage } from './capabilities/operations/apply-operation.ts';
import { operationAcknowledged, reconcileOperations } from './capabilities/operations/operation-statuses.ts';
import { recoverOperations } from './capabilities/operations/recover-operations.ts';
import {
  beginRecovery,
  containersRecovered,
  executorSilent,
  executorsNotBack,
} from './capabilities/recovery/recovery.ts';
import {
  authenticate,
  authenticationEnded,
  authenticationOverdue,
} from './capabilities/registration/authentication.ts';
import { linkExited, pinged, pingMissed } from './capabilities/registration/liveness.ts';
import { leaderDetected, register, registered, reregistered, start } from './capabilities/registration/registration.ts';
import { updateAcknowledged } from './capabilities/status-updates/acknowledgements.ts';
import { killTask } from './capabilities/task-kill/kill-task.ts';
import { runTask, runTaskGroup } from './capabilities/task-launch/run-task.ts';
import { shutdownByMaster, stop, unregister } from './capabilities/termination/agent-end.ts';
import type { AgentEffect } from './effects.ts';
import type { AgentInput, AgentInputKind, InputOf, Now } from './inputs.ts';
import type { AgentOptions } from './options.ts';
import { AgentState } from './state/agent-state.ts';
import { checkAgentState } from './state/check.ts';
import type { Due } from './state/deadlines.ts';
import { driveCommandExecutor } from './transitions/command-executors.ts';
import { heartbeat } from './transitions/executor-transport.ts';
import { destroyExecutor, registrationOverdue } from './transitions/executors.ts';
import { discardPath } from './transitions/garbage.ts';
import { resendOperation } from './transitions/operation-updates.ts';
import { resendHead } from './transitions/update-streams.ts';

type Handlers = { readonly [K in AgentInputKind]: (state: AgentState, input: InputOf<K>) => void };

const HANDLERS: Handlers = {
  'started': started,
  'containers-recovered': containersRecovered,
  'leader-detected': leaderDetected,
  'link-exited': linkExited,
  'authentication-ended': authenticationEnded,
  'timer-fired': timerFired,
  'executor-called': executorCalled,
  'executor-stream-closed': streamClosed,
  'container-launched': containerLaunched,
  'container-launch-failed': containerLaunchFailed,
  'container-update-failed': containerUpdateFailed,
  'container-ended': containerEnded,
  'disk-usage-measured': diskMeasured,
  'paths-removed': pathsRemoved,
  'unregister': unregister,
  'stop': stop,
  'ping-received': pinged,
  'agent-registered': fromLeader(registered),
  'agent-reregistered': fromLeader(reregistered),
  'run-task': fromLeader(runTask),
  'run-task-group': fromLeader(runTaskGroup),
  'kill-task': fromLeader(killTask),
  'shutdown-framework': fromLeader(frameworkShutdown),
  'shutdown-executor': fromLeader(executorShutdown),
  'update-framework': fromLeader(frameworkUpdated),
  // Drivers of old schedulers speak to the agent themselves; masters must be the leading one.
  'status-update-acknowledged': unlessOtherMaster(updateAcknowledged),
  'message-executor': unlessOtherMaster(executorMessaged),
  'shutdown-agent': fromLeader(shutdownByMaster),
  'drain-agent': fromLeader(drainAgent),
  'apply-operation': fromLeader(applyOperationMessage),
  'reconcile-operations': fromLeader(reconcileOperations),
  'operation-status-acknowledged': fromLeader(operationAcknowledged),
  'checkpoint-resources': fromLeader(checkpointResourcesMessage),
  'register-executor': registerExecutor,
  'reregister-executor': reregisterExecutor,
  'update-status': updateStatus,
  'message-framework': messageFromExecutor,
};

type DueHandlers = { readonly [K in Due['kind']]: (state: AgentState, due: Extract<Due, { kind: K }>) => void };

const DUE: DueHandlers = {
  'register': register,
  'authenticate': authenticate,
  'authentication-overdue': authenticationOverdue,
  'executors-not-back': executorsNotBack,
  'executor-silent': ofExecutor(executorSilent),
  'ping-missed': pingMissed,
  'executor-unregistered': ofExecutor(registrationOverdue),
  'executor-shutdown-overdue': ofExecutor((state, executor) => destroyExecutor(state, executor)),
  'executor-heartbeat': ofExecutor(heartbeat),
  'command-executor-woken': ofExecutor((state, executor) => driveCommandExecutor(state, executor, { kind: 'woken' })),
  'update-unacknowledged': (state, { frameworkId, taskId }: { frameworkId: FrameworkId; taskId: TaskId }) =>
    resendHead(state, frameworkId, taskId),
  'operation-unacknowledged': (state, { key }: { key: string }) => resendOperation(state, key),
  'disk-watch': watchDisk,
  'garbage-due': garbageDue,
};

/** They leave alone what a registration tells. `timer-fired` does what is due, which is looked at by itself. */
const QUIET_INPUTS: ReadonlySet<AgentInputKind> = new Set(['timer-fired', 'link-exited', 'leader-detected']);
const QUIET_DUES: ReadonlySet<Due['kind']> = new Set(['register', 'ping-missed', 'disk-watch']);

export class AgentCore {
  readonly options: AgentOptions;
  /** For reads; only handlers change it. */
  readonly state: AgentState;
  #wakeAtMs: number | undefined;

  constructor(options: AgentOptions) {
    this.options = options;
    this.state = new AgentState(options);
  }

  /** Takes one input in; what follows from it waits in the outbox. */
  step(input: AgentInput, now: Now): void {
    this.state.now = now;
    // The host's timer is spent; it wants to hear of the next deadline even if it is the same.
    if (input.kind === 'timer-fired') this.#wakeAtMs = undefined;
    if (!QUIET_INPUTS.has(input.kind)) this.state.changes++;
    const handler = HANDLERS[input.kind] as (state: AgentState, input: AgentInput) => void;
    handler(this.state, input);
  }

  /** Hands out what is to be done, in order, and forgets it. */
  drain(): AgentEffect[] {
    const next = this.state.deadlines.nextAtMs;
    if (next !== this.#wakeAtMs) {
      this.#wakeAtMs = next;
      this.state.effect({ kind: 'wake-at', monotonicMs: next });
    }
    return this.state.drain();
  }

  /** Throws AssertionError when a table contradicts another. */
  check(): void {
    checkAgentState(this.state);
  }
}

function started(state: AgentState, { recovered, abandoned }: InputOf<'started'>): void {
  start(state);
  recoverOperations(state);
  beginRecovery(state, recovered);
  for (const path of abandoned ?? []) discardPath(state, path);
}

function timerFired(state: AgentState): void {
  for (let due = state.deadlines.take(state.now.monotonicMs); due; due = state.deadlines.take(state.now.monotonicMs)) {
    if (!QUIET_DUES.has(due.kind)) state.changes++;
    (DUE[due.kind] as (state: AgentState, due: Due) => void)(state, due);
  }
}

interface FromMaster {
  readonly kind: string;
  readonly from: string;
  readonly connection?: number | undefined;
}

function fromLeader<I extends FromMaster>(
  handler: (state: AgentState, input: I) => void,
): (state: AgentState, input: I) => void {
  return (state, input) => {
    const { log } = state.options;
    if (state.leader?.pid !== input.from)
      log.warning(`Ignoring '${input.kind}' from ${input.from}: the expected master is ${state.leader?.pid ?? 'none'}`);
    else if (isOutdated(state, input))
      log.warning(`Ignoring '${input.kind}' from ${input.from}: it was sent before the agent was registered`);
    else handler(state, input);
  };
}

/**
 * Departs from Mesos, which takes whatever arrives: what comes over an older connection than the answer to our registration
 * was sent before that answer, by this master or by one that ran at its address before. The master has settled since then
 * what runs here; a launch of that time it has given up.
 */
function isOutdated(state: AgentState, { connection }: FromMaster): boolean {
  const { registered, leaderConnection } = state;
  return registered && connection !== undefined && leaderConnection !== undefined && connection < leaderConnection;
}

function unlessOtherMaster<I extends FromMaster>(
  handler: (state: AgentState, input: I) => void,
): (state: AgentState, input: I) => void {
  const asked = fromLeader(handler);
  return (state, input) => (input.from.startsWith('master') ? asked : handler)(state, input);
}

function ofExecutor(
  handler: (
    state: AgentState,
    executor: AgentState['executorOfContainer'] extends Map<infer _K, infer E> ? E : never,
  ) => void,
): (state: AgentState, due: Extract<Due, { containerId: unknown }>) => void {
  return (state, { containerId }) => {
    const executor = state.executorOfContainer.get(containerId);
    if (executor !== undefined) handler(state, executor);
  };
}
