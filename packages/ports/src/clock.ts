/** Time as a fact handed in. Cores never read a clock; hosts do, through this. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00Z, fractions allowed. May jump; for stamps that people read. */
  wallMs(): number;
  /** Milliseconds since an arbitrary start, never going back; for intervals. */
  monotonicMs(): number;
}

export interface TimerHandle {
  cancel(): void;
}

/** One-shot timers. Coarse: may fire late, never early. A pending timer must not keep the process alive by itself. */
export interface Timers {
  after(delayMs: number, fire: () => void): TimerHandle;
}
