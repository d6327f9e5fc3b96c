/** The real clock and timers. Timers never keep the process alive by themselves. */
import type { Clock, Timers } from '@mesolite/ports';

/** `setTimeout` fires at once above this many milliseconds; longer delays are waited for in pieces. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

export const systemTimers: Timers = {
  after(delayMs, fire) {
    let timer: NodeJS.Timeout;
    const arm = (leftMs: number): void => {
      const part = Math.min(Math.max(leftMs, 0), LONGEST_TIMEOUT_MS);
      timer = setTimeout(() => (leftMs > part ? arm(leftMs - part) : fire()), part);
      timer.unref();
    };
    arm(delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};
