/** How long a refusal lasts, from the filters of a call. */
import type { Filters } from '@mesolite/wire';
import { DEFAULT_REFUSE_SECONDS, MAX_REFUSE_SECONDS } from '../options.ts';

/** Milliseconds; 0 means no filter. What makes no sense counts as not said; what is too long is cut. */
export function refuseMs(filters: Filters | undefined): number {
  const seconds = filters?.refuse_seconds ?? DEFAULT_REFUSE_SECONDS;
  // Written so that NaN falls to the default too.
  if (!(seconds >= 0)) return DEFAULT_REFUSE_SECONDS * 1000;
  return Math.min(seconds, MAX_REFUSE_SECONDS) * 1000;
}
