/** The counters of a containerizer, under the original's names. */
import type { Counter, Metrics } from '@mesolite/ports';

export interface ContainerCounters {
  readonly fetchesSucceeded: Counter;
  readonly fetchesFailed: Counter;
  readonly destroyErrors: Counter;
}

export function containerCounters(metrics: Metrics): ContainerCounters {
  return {
    fetchesSucceeded: metrics.counter('containerizer/fetcher/task_fetches_succeeded'),
    fetchesFailed: metrics.counter('containerizer/fetcher/task_fetches_failed'),
    destroyErrors: metrics.counter('containerizer/mesos/container_destroy_errors'),
  };
}
