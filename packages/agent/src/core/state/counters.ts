/**
 * The agent's metrics under the original's names, all present from the start. Counts are kept by transitions; gauges
 * read one number each. The uptime is the host's, who has a clock.
 */
import { toMillis } from '@mesolite/base';
import type { Counter, Metrics } from '@mesolite/ports';
import type { Resources } from '@mesolite/resources';
import type { TaskState } from '@mesolite/wire';
import type { ExecutorState } from './executor.ts';

/** What gauges read of the tables. */
export interface GaugeSource {
  readonly registered: boolean;
  readonly frameworks: { readonly size: number };
  readonly maxAllowedAgeSecs: number;
  readonly recoveryTimeSecs: number;
  readonly garbage: { readonly size: number };
  readonly total: Resources;
  readonly used: Resources;
}

const LIVE_STATES = ['TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING'] as const;
const ENDED_STATES = ['TASK_FINISHED', 'TASK_FAILED', 'TASK_KILLED', 'TASK_LOST', 'TASK_GONE'] as const;
const EXECUTOR_STATES = ['REGISTERING', 'RUNNING', 'TERMINATING'] as const;
const RESOURCE_KINDS = ['cpus', 'gpus', 'mem', 'disk'] as const;

export class Counters {
  readonly validStatusUpdates: Counter;
  readonly invalidStatusUpdates: Counter;
  readonly validFrameworkMessages: Counter;
  readonly invalidFrameworkMessages: Counter;
  readonly containerLaunchErrors: Counter;
  readonly executorsTerminated: Counter;
  readonly recoveryErrors: Counter;
  readonly pathRemovalsSucceeded: Counter;
  readonly pathRemovalsFailed: Counter;
  /** Tasks by live state, executors by state. */
  readonly tasks = new Map<TaskState, number>();
  readonly executors = new Map<ExecutorState, number>();
  readonly #ended = new Map<TaskState, Counter>();

  constructor(metrics: Metrics, source: GaugeSource) {
    const gauge = (name: string, read: () => number): void => metrics.gauge(`slave/${name}`, read);
    const counter = (name: string): Counter => metrics.counter(`slave/${name}`);
    gauge('registered', () => (source.registered ? 1 : 0));
    gauge('frameworks_active', () => source.frameworks.size);
    gauge('executor_directory_max_allowed_age_secs', () => source.maxAllowedAgeSecs);
    gauge('recovery_time_secs', () => source.recoveryTimeSecs);
    this.recoveryErrors = counter('recovery_errors');
    for (const state of LIVE_STATES) gauge(metricName('tasks', state), () => this.tasks.get(state) ?? 0);
    for (const state of ENDED_STATES) this.#ended.set(state, counter(metricName('tasks', state)));
    for (const state of EXECUTOR_STATES) gauge(metricName('executors', state), () => this.executors.get(state) ?? 0);
    this.executorsTerminated = counter('executors_terminated');
    counter('executors_preempted');
    this.validStatusUpdates = counter('valid_status_updates');
    this.invalidStatusUpdates = counter('invalid_status_updates');
    this.validFrameworkMessages = counter('valid_framework_messages');
    this.invalidFrameworkMessages = counter('invalid_framework_messages');
    this.containerLaunchErrors = counter('container_launch_errors');
    for (const kind of RESOURCE_KINDS) {
      const total = (): number => source.total.scalar(kind);
      const used = (): number => source.used.scalar(kind);
      gauge(`${kind}_total`, total);
      gauge(`${kind}_used`, used);
      gauge(`${kind}_percent`, () => (toMillis(total()) === 0 ? 0 : used() / total()));
      for (const part of ['total', 'used', 'percent']) gauge(`${kind}_revocable_${part}`, () => 0);
    }
    this.pathRemovalsSucceeded = metrics.counter('gc/path_removals_succeeded');
    this.pathRemovalsFailed = metrics.counter('gc/path_removals_failed');
    metrics.gauge('gc/path_removals_pending', () => source.garbage.size);
  }

  taskEntered(state: TaskState): void {
    this.tasks.set(state, (this.tasks.get(state) ?? 0) + 1);
    this.#ended.get(state)?.add();
  }

  taskLeft(state: TaskState): void {
    this.tasks.set(state, (this.tasks.get(state) ?? 0) - 1);
  }

  executorEntered(state: ExecutorState): void {
    this.executors.set(state, (this.executors.get(state) ?? 0) + 1);
  }

  executorLeft(state: ExecutorState): void {
    this.executors.set(state, (this.executors.get(state) ?? 0) - 1);
  }
}

function metricName(prefix: string, state: string): string {
  return `${prefix}_${state.replace('TASK_', '').toLowerCase()}`;
}
