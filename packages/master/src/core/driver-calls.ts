/**
 * What v0 drivers ask for, in `mesos.scheduler.Call` or in the older messages that each say one thing: the same calls as
 * those of the scheduler API, made by whoever the framework's pid belongs to. Nothing is answered; what is not for a
 * framework of the sender is dropped.
 *
 * Departs from Mesos: the older messages, too, are refused while the framework counts as disconnected, and count as calls
 * among its metrics.
 */
import type { SchedulerCall, SchedulerCallType } from '@mesolite/wire';
import { subscribeDriver } from './capabilities/subscriptions/subscribe-driver.ts';
import type { Handler, MasterContext } from './context.ts';
import { schedulerCallError } from './rules/scheduler-call-shape.ts';
import { performCall } from './scheduler-calls.ts';
import { isConnected } from './state/frameworks.ts';
import { sendError } from './transitions/driver-messages.ts';

/** These need feedback, which no driver gets. */
const NOT_FOR_DRIVERS: ReadonlySet<SchedulerCallType> = new Set<SchedulerCallType>([
  'ACKNOWLEDGE_OPERATION_STATUS',
  'RECONCILE_OPERATIONS',
]);

export const callAsDriver: Handler<'call-as-driver'> = (context, { from, message }) => {
  const { subscribe, ...call } = message;
  const error = schedulerCallError(message);
  if (error !== undefined) {
    countInvalid(context, call.type);
    drop(context, from, call, error);
  } else if (subscribe !== undefined && call.type === 'SUBSCRIBE') subscribeDriver(context, from, subscribe);
  else if (call.type !== undefined && NOT_FOR_DRIVERS.has(call.type))
    drop(context, from, call, `'${call.type}' is not supported by the v0 API`);
  else perform(context, from, call);
};

/** An older message as a call. */
export function asCall<I extends { readonly from: string; readonly message: object }>(
  toCall: (message: I['message']) => SchedulerCall,
): (context: MasterContext, input: I) => void {
  return (context, { from, message }) => {
    const call = toCall(message);
    const error = schedulerCallError(call);
    if (error === undefined) {
      if (!perform(context, from, call)) countInvalid(context, call.type);
      return;
    }
    countInvalid(context, call.type);
    drop(context, from, call, error);
  };
}

/** False when the call is not for a framework of this driver. */
function perform(context: MasterContext, from: string, call: SchedulerCall): boolean {
  const framework = context.state.frameworks.ofDriver(from, call.framework_id);
  if (typeof framework === 'string') {
    drop(context, from, call, framework);
    return false;
  }
  framework.counts.call(call.type);
  if (!isConnected(framework)) {
    // Only the way from here to the driver is broken: it cannot know, and must not go on as if it were heard.
    context.options.log.info(`Refusing ${call.type} call from framework ${framework.id}: it is disconnected`);
    sendError(context, from, 'Framework disconnected');
    return true;
  }
  const error = performCall(context, framework, call);
  if (error !== undefined) sendError(context, from, error);
  return true;
}

function drop(context: MasterContext, from: string, { type, framework_id: id }: SchedulerCall, reason: string): void {
  context.options.log.warning(
    `Dropping ${type ?? 'unknown'} call from framework ${id?.value ?? ''} at ${from}: ${reason}`,
  );
}

function countInvalid({ counters }: MasterContext, type: SchedulerCallType | undefined): void {
  if (type === 'ACKNOWLEDGE') counters.add('invalidStatusUpdateAcknowledgements');
  if (type === 'MESSAGE') counters.add('invalidFrameworkToExecutorMessages');
}
