/**
 * Counters of a master, all present from the start with 0. Transitions and handlers add to them; gauges read counters
 * that tables keep. Nothing here scans.
 */
import type { Counter, Metrics } from '@mesolite/ports';
import type { TaskState, TaskStatusReason, TaskStatusSource } from '@mesolite/wire';
import type { MasterState } from './state/state.ts';

const NAMES = {
  droppedMessages: 'master/dropped_messages',
  httpCacheHits: 'master/http_cache_hits',
  registerFrameworkMessages: 'master/messages_register_framework',
  reregisterFrameworkMessages: 'master/messages_reregister_framework',
  unregisterFrameworkMessages: 'master/messages_unregister_framework',
  deactivateFrameworkMessages: 'master/messages_deactivate_framework',
  killTaskMessages: 'master/messages_kill_task',
  statusUpdateAcknowledgementMessages: 'master/messages_status_update_acknowledgement',
  operationStatusUpdateAcknowledgementMessages: 'master/messages_operation_status_update_acknowledgement',
  resourceRequestMessages: 'master/messages_resource_request',
  launchTasksMessages: 'master/messages_launch_tasks',
  declineOffersMessages: 'master/messages_decline_offers',
  reviveOffersMessages: 'master/messages_revive_offers',
  suppressOffersMessages: 'master/messages_suppress_offers',
  reconcileOperationsMessages: 'master/messages_reconcile_operations',
  reconcileTasksMessages: 'master/messages_reconcile_tasks',
  frameworkToExecutorMessages: 'master/messages_framework_to_executor',
  executorToFrameworkMessages: 'master/messages_executor_to_framework',
  registerAgentMessages: 'master/messages_register_slave',
  reregisterAgentMessages: 'master/messages_reregister_slave',
  unregisterAgentMessages: 'master/messages_unregister_slave',
  statusUpdateMessages: 'master/messages_status_update',
  operationStatusUpdateMessages: 'master/messages_operation_status_update',
  exitedExecutorMessages: 'master/messages_exited_executor',
  updateAgentMessages: 'master/messages_update_slave',
  authenticateMessages: 'master/messages_authenticate',
  validFrameworkToExecutorMessages: 'master/valid_framework_to_executor_messages',
  invalidFrameworkToExecutorMessages: 'master/invalid_framework_to_executor_messages',
  validExecutorToFrameworkMessages: 'master/valid_executor_to_framework_messages',
  invalidExecutorToFrameworkMessages: 'master/invalid_executor_to_framework_messages',
  validStatusUpdates: 'master/valid_status_updates',
  invalidStatusUpdates: 'master/invalid_status_updates',
  validStatusUpdateAcknowledgements: 'master/valid_status_update_acknowledgements',
  invalidStatusUpdateAcknowledgements: 'master/invalid_status_update_acknowledgements',
  validOperationStatusUpdates: 'master/valid_operation_status_updates',
  invalidOperationStatusUpdates: 'master/invalid_operation_status_updates',
  validOperationStatusUpdateAcknowledgements: 'master/valid_operation_status_update_acknowledgements',
  invalidOperationStatusUpdateAcknowledgements: 'master/invalid_operation_status_update_acknowledgements',
  recoveryAgentRemovals: 'master/recovery_slave_removals',
  agentRegistrations: 'master/slave_registrations',
  agentReregistrations: 'master/slave_reregistrations',
  agentRemovals: 'master/slave_removals',
  agentRemovalsUnhealthy: 'master/slave_removals/reason_unhealthy',
  agentRemovalsUnregistered: 'master/slave_removals/reason_unregistered',
  agentRemovalsRegistered: 'master/slave_removals/reason_registered',
  agentShutdownsScheduled: 'master/slave_shutdowns_scheduled',
  agentShutdownsCompleted: 'master/slave_shutdowns_completed',
  agentShutdownsCanceled: 'master/slave_shutdowns_canceled',
  agentUnreachableScheduled: 'master/slave_unreachable_scheduled',
  agentUnreachableCompleted: 'master/slave_unreachable_completed',
  agentUnreachableCanceled: 'master/slave_unreachable_canceled',
  tasksFinished: 'master/tasks_finished',
  tasksFailed: 'master/tasks_failed',
  tasksKilled: 'master/tasks_killed',
  tasksLost: 'master/tasks_lost',
  tasksError: 'master/tasks_error',
  tasksDropped: 'master/tasks_dropped',
  tasksGone: 'master/tasks_gone',
  tasksGoneByOperator: 'master/tasks_gone_by_operator',
} as const;

export type MasterCounterName = keyof typeof NAMES;

const TERMINAL_COUNTERS: Partial<Record<TaskState, MasterCounterName>> = {
  TASK_FINISHED: 'tasksFinished',
  TASK_FAILED: 'tasksFailed',
  TASK_KILLED: 'tasksKilled',
  TASK_LOST: 'tasksLost',
  TASK_ERROR: 'tasksError',
  TASK_DROPPED: 'tasksDropped',
  TASK_GONE: 'tasksGone',
  TASK_GONE_BY_OPERATOR: 'tasksGoneByOperator',
};

const GAUGED_STATES: readonly (readonly [string, TaskState])[] = [
  ['master/tasks_staging', 'TASK_STAGING'],
  ['master/tasks_starting', 'TASK_STARTING'],
  ['master/tasks_running', 'TASK_RUNNING'],
  ['master/tasks_killing', 'TASK_KILLING'],
  ['master/tasks_unreachable', 'TASK_UNREACHABLE'],
];

/** Messages of the drivers of one principal. */
interface Traffic {
  frameworks: number;
  readonly received: Counter;
  readonly processed: Counter;
}

export class MasterCounters {
  readonly #metrics: Metrics;
  readonly #counters: Record<MasterCounterName, Counter>;
  readonly #stateReasons = new Map<string, Counter>();
  readonly #traffic = new Map<string, Traffic>();

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
    this.#counters = Object.fromEntries(
      Object.entries(NAMES).map(([key, name]) => [key, metrics.counter(name)]),
    ) as Record<MasterCounterName, Counter>;
  }

  add(name: MasterCounterName, count = 1): void {
    this.#counters[name].add(count);
  }

  value(name: MasterCounterName): number {
    return this.#counters[name].value;
  }

  /** A task has come to a terminal state, or never came to be. */
  taskEnded(state: TaskState, source: TaskStatusSource, reason: TaskStatusReason | undefined): void {
    const counter = TERMINAL_COUNTERS[state];
    if (counter !== undefined) this.add(counter);
    this.taskStateReason(state, source, reason);
  }

  /** A framework of the principal came into the tables; its messages are counted from now on. */
  principalCame(principal: string): void {
    const traffic = this.#traffic.get(principal);
    if (traffic !== undefined) traffic.frameworks++;
    else
      this.#traffic.set(principal, {
        frameworks: 1,
        received: this.#metrics.counter(`frameworks/${principal}/messages_received`),
        processed: this.#metrics.counter(`frameworks/${principal}/messages_processed`),
      });
  }

  /** With its last framework the counters of a principal go. */
  principalWent(principal: string): void {
    const traffic = this.#traffic.get(principal);
    if (traffic === undefined || --traffic.frameworks > 0) return;
    this.#traffic.delete(principal);
    for (const name of ['messages_received', 'messages_processed'])
      this.#metrics.remove(`frameworks/${principal}/${name}`);
  }

  messageReceived(principal: string | undefined): void {
    if (principal !== undefined) this.#traffic.get(principal)?.received.add();
  }

  messageProcessed(principal: string | undefined): void {
    if (principal !== undefined) this.#traffic.get(principal)?.processed.add();
  }

  taskStateReason(state: TaskState, source: TaskStatusSource, reason: TaskStatusReason | undefined): void {
    if (reason === undefined) return;
    const key = `${state}/${source}/${reason}`;
    let counter = this.#stateReasons.get(key);
    if (counter === undefined) {
      const name = `master/${state}/${source}/${reason}`.toLowerCase().replaceAll('agent', 'slave');
      counter = this.#metrics.counter(name);
      this.#stateReasons.set(key, counter);
    }
    counter.add();
  }
}

/** Registers what is read from tables at each snapshot. */
export function declareGauges(metrics: Metrics, state: MasterState, wallMs: () => number): void {
  const { agents, frameworks, offers } = state;
  metrics.gauge('master/uptime_secs', () => Math.max(0, (wallMs() - state.startedWallMs) / 1000));
  metrics.gauge('master/event_queue_messages', () => 0);
  metrics.gauge('master/event_queue_dispatches', () => 0);
  metrics.gauge('master/event_queue_http_requests', () => 0);
  metrics.gauge('master/operator_event_stream_subscribers', () => 0);
  metrics.gauge('master/slaves_connected', () => agents.connected);
  metrics.gauge('master/slaves_disconnected', () => agents.registered.size - agents.connected);
  metrics.gauge('master/slaves_active', () => agents.active);
  metrics.gauge('master/slaves_inactive', () => agents.registered.size - agents.active);
  metrics.gauge('master/slaves_unreachable', () => agents.unreachable.size);
  metrics.gauge('master/frameworks_connected', () => frameworks.connected);
  metrics.gauge('master/frameworks_disconnected', () => frameworks.registered.size - frameworks.connected);
  metrics.gauge('master/frameworks_active', () => frameworks.active);
  metrics.gauge('master/frameworks_inactive', () => frameworks.registered.size - frameworks.active);
  metrics.gauge('master/outstanding_offers', () => offers.size);
  const { counts } = state.operations;
  for (const name of counts.names) metrics.gauge(`master/operations/${name}`, () => counts.value(name));
  for (const [name, taskState] of GAUGED_STATES) metrics.gauge(name, () => state.tasksByState.get(taskState) ?? 0);
  for (const resource of ['cpus', 'gpus', 'mem', 'disk']) {
    const total = (): number => state.totalQuantities.quantity(resource);
    const used = (): number => state.usedQuantities.quantity(resource);
    metrics.gauge(`master/${resource}_total`, total);
    metrics.gauge(`master/${resource}_used`, used);
    metrics.gauge(`master/${resource}_percent`, () => (total() === 0 ? 0 : used() / total()));
    // No revocable resources exist before oversubscription does.
    for (const figure of ['total', 'used', 'percent']) metrics.gauge(`master/${resource}_revocable_${figure}`, () => 0);
  }
}
