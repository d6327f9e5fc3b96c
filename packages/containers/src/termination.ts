/** Turns what is known of a container's end into the termination the agent sees. Pure. */
import type { TaskStatusReason } from '@mesolite/wire';
import type { ContainerTermination } from './containerizer.ts';
import { commandMessage, type ExitOutcome, signalName, toRawStatus } from './wait-status.ts';

/** `outcome` undefined: the exit status is lost. */
export function terminationOf(
  outcome: ExitOutcome | undefined,
  options: { readonly killed: boolean; readonly reason?: TaskStatusReason | undefined; readonly message?: string },
): ContainerTermination {
  const base = {
    message: options.message ?? commandMessage(outcome),
    killed: options.killed,
    ...(options.reason === undefined ? {} : { reason: options.reason }),
  };
  if (outcome === undefined) return base;
  if (outcome.kind === 'exited') return { ...base, status: toRawStatus(outcome), exitCode: outcome.code };
  return {
    ...base,
    status: toRawStatus(outcome),
    signal: signalName(outcome.signal),
    coreDumped: outcome.coreDumped,
  };
}
