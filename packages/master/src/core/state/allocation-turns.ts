/** Where allocation stands between two turns: what is due, and whether a later turn has been asked for. */
export class AllocationTurns {
  /** A batch is due and has not begun. */
  batchWaits = false;
  /** Inverse offers after the last cycle have not all gone out. */
  inverseOffersWait = false;
  /** The host will say when the next turn has come; until then nothing more is handed out. */
  turnAsked = false;
  /** Monotonic time from which an event may cause a cycle again. */
  nextMs = Number.NEGATIVE_INFINITY;
  /** A deadline is set for that. */
  gapWaits = false;
  /** Since when a cycle that has not begun is asked for. */
  askedMs: number | undefined;
}
