/** `--rate_limits`: how fast messages of v0 frameworks are taken, by principal. */
import { err, ok, type Result } from '@mesolite/base';
import { RateLimits, WireError } from '@mesolite/wire';
import type { RateLimit, RateLimitOptions } from './core/index.ts';

/** `json` is text that parsed as JSON. Nothing: no limits. */
export function parseRateLimits(json: string | undefined): Result<RateLimitOptions | undefined> {
  if (json === undefined) return ok(undefined);
  let limits: RateLimits;
  try {
    limits = RateLimits.fromJson(json);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return err(error.message);
  }
  const byPrincipal = new Map<string, RateLimit>();
  for (const { principal, qps, capacity } of limits.limits ?? []) {
    if (byPrincipal.has(principal)) return err(`Duplicate principal ${principal} found in RateLimits configuration`);
    if (qps !== undefined && !(qps > 0)) return err(`Invalid qps: ${qps}. It must be a positive number`);
    byPrincipal.set(principal, limit(qps, capacity));
  }
  const { aggregate_default_qps: qps, aggregate_default_capacity: capacity } = limits;
  if (qps === undefined) return ok({ byPrincipal });
  if (!(qps > 0)) return err(`Invalid aggregate_default_qps: ${qps}. It must be a positive number`);
  return ok({ byPrincipal, others: limit(qps, capacity) });
}

/** A capacity too large to count to is as good as none. */
function limit(qps: number | undefined, capacity: number | bigint | undefined): RateLimit {
  return { qps, capacity: capacity === undefined ? undefined : Number(capacity) };
}
