/**
 * Time and chance as the clients use them when the caller gives none. Unlike a daemon's, these timers keep the process
 * alive: a scheduler that waits to reconnect has nothing else that does.
 */
import { randomBytes } from 'node:crypto';
import type { Clock, Random, Timers } from '@mesolite/ports';

export const realClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

export const realTimers: Timers = {
  after(delayMs, fire) {
    const timer = setTimeout(fire, Math.min(delayMs, 2_147_483_647));
    return { cancel: () => clearTimeout(timer) };
  },
};

export const realRandom: Random = {
  next: () => Math.random(),
  bytes: (length) => randomBytes(length),
};

/** The outside world of a client. Tests hand in their own. */
export interface ClientPorts {
  readonly clock?: Clock;
  readonly timers?: Timers;
  readonly random?: Random;
}
