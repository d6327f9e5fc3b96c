/** RECONCILE: of the tasks named, or of all when none is. */
import type { SchedulerCallReconcile } from '@mesolite/wire';
import type { MasterContext } from '../../context.ts';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import { reconcileAll, reconcileOne } from '../../transitions/reconciliation.ts';

export function reconcile(context: MasterContext, framework: FrameworkRecord, call: SchedulerCallReconcile): void {
  context.counters.add('reconcileTasksMessages');
  const tasks = call.tasks ?? [];
  if (tasks.length === 0) reconcileAll(context, framework);
  for (const task of tasks) reconcileOne(context, framework, task);
}
