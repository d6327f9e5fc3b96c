/** Events to a framework's scheduler. Sent to nobody while none is connected; nothing waits for its return. */
import type { SchedulerEvent, TaskStatus } from '@mesolite/wire';
import type { MasterContext } from '../context.ts';
import type { FrameworkRecord } from '../state/frameworks.ts';

export function sendEvent(context: MasterContext, framework: FrameworkRecord, event: SchedulerEvent): void {
  framework.counts.event(event.type);
  if (framework.stream !== undefined) context.outbox.event(framework.stream.connection, event);
}

export function sendUpdate(context: MasterContext, framework: FrameworkRecord, status: TaskStatus): void {
  sendEvent(context, framework, { type: 'UPDATE', update: { status } });
}
