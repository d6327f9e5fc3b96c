/**
 * What the master before knew of frameworks: those that may fail over are awaited for the time that is left to them, and
 * those that have ended stay refused.
 */
import type { FrameworkId } from '@mesolite/base';
import type { DeadlineHandler, MasterContext } from '../../context.ts';
import { MAX_FRAMEWORKS } from '../../options.ts';
import type { FrameworkMemory } from '../../state/framework-memory.ts';
import { addFramework, completeFramework } from '../../transitions/framework-membership.ts';
import { forgetRecorded, isDurable, rememberFramework } from '../../transitions/framework-memory.ts';
import { awaitScheduler } from '../../transitions/framework-return.ts';

export function recoverFrameworks(context: MasterContext, memories: readonly FrameworkMemory[]): void {
  const { frameworks } = context.state;
  // Those that ended first are forgotten first.
  for (const memory of [...memories].sort((a, b) => (a.removedWallMs ?? 0) - (b.removedWallMs ?? 0))) {
    const { info, failoverWallMs, removedWallMs } = memory;
    // With the option off, nothing is to be left that would count again once it is on.
    if (!isDurable(context) || frameworks.registered.size >= MAX_FRAMEWORKS) {
      forgetRecorded(context, info.id?.value as FrameworkId);
      continue;
    }
    const framework = addFramework(context, info);
    framework.memory = memory;
    if (removedWallMs === undefined) {
      awaitScheduler(context, framework, failoverWallMs);
      continue;
    }
    framework.unregisteredWallMs = removedWallMs;
    completeFramework(context, framework);
  }
  if (frameworks.registered.size > 0)
    context.state.deadlines.set(context.now.monotonicMs + context.options.agentReregisterTimeoutMs, {
      kind: 'absent-frameworks',
    });
}

/** Those whose schedulers have not come by now: the time they have must not begin anew with each master. */
export const rememberAbsent: DeadlineHandler<'absent-frameworks'> = (context) => {
  for (const framework of context.state.frameworks.registered.values())
    if (framework.state === 'recovered') rememberFramework(context, framework);
};
