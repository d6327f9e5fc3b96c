/** A value that only rises, from 0 at start. */
export interface Counter {
  add(count?: number): void;
  readonly value: number;
}

/** Keeps durations of the last hour and answers count, min, max and percentiles, in milliseconds. */
export interface Timer {
  record(milliseconds: number): void;
}

/** The one registry behind `/metrics/snapshot` and `/metrics`. Names are the original's, such as `master/elected`. */
export interface Metrics {
  counter(name: string): Counter;
  /** `read` is called at each snapshot and must be cheap: never scan. */
  gauge(name: string, read: () => number): void;
  timer(name: string): Timer;
  remove(name: string): void;
  snapshot(): Record<string, number>;
}
