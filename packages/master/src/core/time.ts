/** The time of a step. Hosts read it from a Clock, the simulator from its own. */
export interface Now {
  /** Milliseconds since the epoch, for stamps that people and peers read. */
  readonly wallMs: number;
  /** Milliseconds that never go back, for deadlines. */
  readonly monotonicMs: number;
}
