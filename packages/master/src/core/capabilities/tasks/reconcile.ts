/** RECONCILE: of the tasks named, or of all when none is. */
import type { SchedulerCallReconcile } from '@mesolite/wire';
import type { DeadlineHandler, MasterContext } from '../../context.ts';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import { reconcile, reconcileMore } from '../../transitions/reconciliation.ts';

export function reconcileTasks(context: MasterContext, framework: FrameworkRecord, call: SchedulerCallReconcile): void {
  context.counters.add('reconcileTasksMessages');
  const tasks = call.tasks ?? [];
  reconcile(
    context,
    framework,
    tasks.length === 0 ? { of: 'all', taskIds: [...framework.tasks.keys()], from: 0 } : { of: 'asked', tasks, from: 0 },
  );
}

/** Nobody waits for the rest once the scheduler that asked has gone. */
export const reconciliationGoesOn: DeadlineHandler<'reconcile-more'> = (context, { frameworkId, scheduler, rest }) => {
  const framework = context.state.frameworks.registered.get(frameworkId);
  if (framework?.scheduler === scheduler) reconcileMore(context, framework, rest);
};
