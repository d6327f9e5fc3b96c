/** How long a framework that this master has only heard of is waited for. */
import type { MasterContext } from '../context.ts';
import type { FrameworkRecord } from '../state/frameworks.ts';
import { checkFailover } from './framework-connection.ts';
import { isDurable } from './framework-memory.ts';

/**
 * Of a framework this master has only heard of, from the registry or from an agent: how long its scheduler has to come.
 * At least so long as agents have, or its whole timeout if that is shorter: while no master led it could not come.
 */
export function awaitScheduler(
  context: MasterContext,
  framework: FrameworkRecord,
  failoverWallMs: number | undefined,
): void {
  if (!isDurable(context)) return;
  const { now, options } = context;
  const timeoutMs = Math.max(0, framework.info.failover_timeout ?? 0) * 1000;
  const leastMs =
    timeoutMs > 0 ? Math.min(timeoutMs, options.agentReregisterTimeoutMs) : options.agentReregisterTimeoutMs;
  const mostMs = Math.max(timeoutMs, leastMs);
  const leftMs = failoverWallMs === undefined ? mostMs : failoverWallMs - now.wallMs;
  framework.failoverAtMs = now.monotonicMs + Math.min(Math.max(leftMs, leastMs), mostMs);
  checkFailover(context, framework, framework.failoverAtMs);
}
