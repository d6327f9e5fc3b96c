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
  /**
   * Many gauges that come and go together, named `prefix` and a suffix: one entry until a snapshot is made. `read` gives
   * suffixes in order and must not scan either; no other metric may begin with `prefix`. Replaces an older family of it.
   */
  family(prefix: string, read: () => Iterable<readonly [suffix: string, value: number]>): void;
  /** A metric by its name, or a family by its prefix. */
  remove(name: string): void;
  snapshot(): Record<string, number>;
}
