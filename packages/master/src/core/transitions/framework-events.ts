/** Events to a framework's scheduler. Sent to nobody while none is connected; nothing waits for its return. */
import type { SchedulerEvent, StatusUpdateMessage, TaskStatus } from '@mesolite/wire';
import type { MasterContext } from '../context.ts';
import { NO_PID } from '../pid-address.ts';
import type { FrameworkRecord } from '../state/frameworks.ts';
import { sendToDriver, sendUpdateToDriver } from './driver-messages.ts';

export function sendEvent(context: MasterContext, framework: FrameworkRecord, event: SchedulerEvent): void {
  framework.counts.event(event.type);
  const { scheduler } = framework;
  if (scheduler?.kind === 'stream') context.outbox.event(scheduler.connection, event);
  else if (scheduler !== undefined) sendToDriver(context, framework, scheduler.pid, event);
}

/** `forwarded`: what the agent sent, when the status is not of this master's own making. */
export function sendUpdate(
  context: MasterContext,
  framework: FrameworkRecord,
  status: TaskStatus,
  forwarded?: StatusUpdateMessage,
): void {
  const { scheduler } = framework;
  if (scheduler?.kind !== 'process') {
    sendEvent(context, framework, { type: 'UPDATE', update: { status } });
    return;
  }
  framework.counts.event('UPDATE');
  sendUpdateToDriver(context, framework, scheduler.pid, status, forwarded);
}

/** What agents know a framework's scheduler by. */
export function pidForAgents(framework: FrameworkRecord): string {
  return framework.pid ?? NO_PID;
}
