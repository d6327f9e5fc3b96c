/** What is remembered of a framework for the next master: it may fail over, and when it has to. */
import type { FrameworkInfo } from '@mesolite/wire';

export interface FrameworkMemory {
  /** `id` set. */
  readonly info: FrameworkInfo;
  /** Wall-clock time at which it ends unless a scheduler has come back; unset while one is connected. */
  readonly failoverWallMs?: number | undefined;
  /** When it ended: its id stays refused. */
  readonly removedWallMs?: number | undefined;
}
