/**
 * From a detected master to a registered agent: one attempt after a random wait, then more at growing random intervals
 * until the master answers. Tasks run on meanwhile; their updates wait.
 */
import type { AgentId, FrameworkId, TaskId } from '@mesolite/base';
import type { MasterAgentConnection, ReconcileTasksMessage } from '@mesolite/wire';
import type { InputOf } from '../../inputs.ts';
import { DEFAULT_PING_TIMEOUT_MS, REGISTER_RETRY_MAX_MS } from '../../options.ts';
import type { AgentState } from '../../state/agent-state.ts';
import { hasCapability } from '../../state/framework.ts';
import { checkpointAgent } from '../../transitions/checkpoints.ts';
import { resumeOperations } from '../../transitions/operation-updates.ts';
import { forwardUpdate, freshUuid } from '../../transitions/status-updates.ts';
import { resumeUpdates } from '../../transitions/update-streams.ts';
import { sendRegistration, sendResourceVersion } from './register-messages.ts';

export function start(state: AgentState): void {
  state.startedAt = state.now;
  state.deadlines.set(state.now.monotonicMs + state.options.diskWatchIntervalMs, { kind: 'disk-watch' });
}

export function leaderDetected(state: AgentState, { leader }: InputOf<'leader-detected'>): void {
  const { log, registrationBackoffMs, random, authentication } = state.options;
  if (state.phase === 'RECOVERING') {
    state.detectedEarly = true;
    return;
  }
  if (state.phase !== 'TERMINATING') state.phase = 'DISCONNECTED';
  state.leader = leader;
  state.registrationAttempt++;
  state.registrationDeadline = state.deadlines.cancel(state.registrationDeadline);
  state.pingDeadline = state.deadlines.cancel(state.pingDeadline);
  forgetAuthentication(state);
  if (leader === undefined) {
    log.info('Lost leading master');
    return;
  }
  log.info(`New master detected at ${leader.pid}`);
  if (state.phase === 'TERMINATING') return;
  state.registrationBackoffMs = registrationBackoffMs * 2;
  const atMs = state.now.monotonicMs + registrationBackoffMs * random.next();
  if (authentication === undefined) {
    log.info('No credentials provided. Attempting to register without authentication');
    state.registrationDeadline = state.deadlines.set(atMs, { kind: 'register' });
    return;
  }
  const { timeoutMinMs, timeoutMaxMs, backoffMs } = authentication;
  state.authentication.state = 'waiting';
  state.authentication.timeoutMaxMs = Math.min(timeoutMinMs + backoffMs * 2, timeoutMaxMs);
  state.authentication.deadline = state.deadlines.set(atMs, { kind: 'authenticate' });
}

/** Another attempt is due. */
export function register(state: AgentState): void {
  if (state.phase !== 'DISCONNECTED' || state.leader === undefined) return;
  state.effect({ kind: 'link', to: state.leader.pid });
  sendRegistration(state);
  const boundMs = Math.min(state.registrationBackoffMs, REGISTER_RETRY_MAX_MS);
  state.registrationBackoffMs = boundMs * 2;
  const atMs = state.now.monotonicMs + boundMs * state.options.random.next();
  // A master that gave the agent up has forgotten that it proved who it is, and answers nobody it does not know.
  if (boundMs === REGISTER_RETRY_MAX_MS && state.authentication.state === 'accepted') {
    state.authentication.state = 'waiting';
    state.authentication.deadline = state.deadlines.set(atMs, { kind: 'authenticate' });
  } else state.registrationDeadline = state.deadlines.set(atMs, { kind: 'register' });
}

export function registered(state: AgentState, { message, connection }: InputOf<'agent-registered'>): void {
  const id = message.agent_id.value as AgentId;
  if (isTerminating(state) || !isOwnId(state, id)) return;
  const { log } = state.options;
  if (state.phase === 'RUNNING') {
    log.warning(`Already registered with master ${state.leader?.pid}`);
  } else {
    log.info(`Registered with master ${state.leader?.pid}; given agent ID ${id}`);
    state.agentId = id;
    checkpointAgent(state);
    connected(state);
  }
  state.leaderConnection = connection;
  pingExpected(state, message.connection);
  sendResourceVersion(state);
  // A master hears of operations first, then what became of them.
  resumeOperations(state);
}

export function reregistered(state: AgentState, { message, connection }: InputOf<'agent-reregistered'>): void {
  const { log } = state.options;
  if (state.agentId === undefined) {
    log.warning('Ignoring a re-registration: the agent has never registered');
    return;
  }
  if (isTerminating(state) || !isOwnId(state, message.agent_id.value as AgentId)) return;
  if (state.phase === 'RUNNING') {
    log.warning(`Already reregistered with master ${state.leader?.pid}`);
    // It took up another attempt, after operations of which that did not tell: it counts on what was before them.
    if (state.registeredTotal?.equals(state.total) === false) state.effect({ kind: 'detect-leader' });
  } else {
    log.info(`Re-registered with master ${state.leader?.pid}`);
    // What it tells of itself may have changed since the last process of this agent.
    checkpointAgent(state);
    connected(state);
  }
  state.leaderConnection = connection;
  pingExpected(state, message.connection);
  sendResourceVersion(state);
  // A master hears of operations first, then what became of them.
  resumeOperations(state);
  for (const reconciliation of message.reconciliations ?? []) reconcile(state, reconciliation);
}

/** Sets the clock by which the next ping must be there. */
export function pingExpected(state: AgentState, connection?: MasterAgentConnection): void {
  if (connection !== undefined) {
    const seconds = connection.total_ping_timeout_seconds;
    state.pingTimeoutMs = seconds === undefined ? DEFAULT_PING_TIMEOUT_MS : Math.floor(seconds) * 1000;
  }
  state.deadlines.cancel(state.pingDeadline);
  state.pingDeadline = state.deadlines.set(state.now.monotonicMs + state.pingTimeoutMs, { kind: 'ping-missed' });
}

function connected(state: AgentState): void {
  state.phase = 'RUNNING';
  state.registrationAttempt++;
  state.registrationDeadline = state.deadlines.cancel(state.registrationDeadline);
  state.lastRegistration = undefined;
  resumeUpdates(state);
}

/** It counted for a link to a master that may be another one now. */
function forgetAuthentication(state: AgentState): void {
  const { authentication } = state;
  if (authentication.state === 'trying') state.effect({ kind: 'cancel-authentication' });
  authentication.state = 'none';
  authentication.deadline = state.deadlines.cancel(authentication.deadline);
}

function isTerminating(state: AgentState): boolean {
  if (state.phase !== 'TERMINATING') return false;
  state.options.log.warning('Ignoring registration because agent is terminating');
  return true;
}

/** An agent that is taken for another one must not go on under a wrong name. */
function isOwnId(state: AgentState, id: AgentId): boolean {
  if (state.agentId === undefined || state.agentId === id) return true;
  const text = `Registered but got wrong id: ${id} (expected: ${state.agentId})`;
  state.options.log.error(text);
  state.effect({ kind: 'exit', code: 1, text });
  return false;
}

/** The master lists tasks it has and we did not report: those it never got to launch here are gone for good. */
function reconcile(state: AgentState, { framework_id, statuses, framework }: ReconcileTasksMessage): void {
  const frameworkId = framework_id.value as FrameworkId;
  const here = state.frameworks.get(frameworkId);
  const partitionAware = framework !== undefined && hasCapability(framework, 'PARTITION_AWARE');
  for (const { task_id } of statuses ?? []) {
    if (here?.executorOfTask.has(task_id.value as TaskId) === true) continue;
    state.options.log.warning(`Task ${task_id.value} of framework ${frameworkId} is known to the master only`);
    forwardUpdate(state, frameworkId, undefined, {
      task_id,
      state: partitionAware ? 'TASK_DROPPED' : 'TASK_LOST',
      message: 'Reconciliation: task unknown to the agent',
      source: 'SOURCE_AGENT',
      reason: 'REASON_RECONCILIATION',
      uuid: freshUuid(state),
      timestamp: state.now.wallMs / 1000,
      ...(state.agentId === undefined ? {} : { agent_id: { value: state.agentId } }),
    });
  }
}
