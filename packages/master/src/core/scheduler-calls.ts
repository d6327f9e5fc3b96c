/**
 * Calls of the scheduler API after SUBSCRIBE: who may make them, in the order of checks that clients rely on, and the
 * directory from call to capability. A 202 promises nothing but that the call was read.
 */
import type { FrameworkId } from '@mesolite/base';
import type { SchedulerCall, SchedulerCallType } from '@mesolite/wire';
import { messageExecutor, shutdownExecutor } from './capabilities/executor-messages/executors.ts';
import { answerInverseOffers } from './capabilities/offers/end-inverse-offers.ts';
import { decline } from './capabilities/offers/end-offers.ts';
import { revive, suppress } from './capabilities/offers/suppress-revive.ts';
import { acknowledgeOperationStatus } from './capabilities/operation-feedback/operation-status.ts';
import { reconcileOperations } from './capabilities/operation-feedback/reconcile-operations.ts';
import { accept } from './capabilities/operations/accept.ts';
import { teardown } from './capabilities/subscriptions/teardown.ts';
import { updateFramework } from './capabilities/subscriptions/update-framework.ts';
import { acknowledge } from './capabilities/tasks/acknowledge.ts';
import { kill } from './capabilities/tasks/kill.ts';
import { reconcileTasks } from './capabilities/tasks/reconcile.ts';
import type { Handler, MasterContext } from './context.ts';
import type { InputOf } from './inputs.ts';
import type { FrameworkRecord } from './state/frameworks.ts';

type Answer = { readonly status: number; readonly text?: string };

type CallHandler = (context: MasterContext, framework: FrameworkRecord, call: SchedulerCall) => void;

const ACCEPTED: Answer = { status: 202 };

/** Sub-messages are there: the rim has refused calls without. */
const CALLS: { readonly [T in SchedulerCallType]?: CallHandler } = {
  'TEARDOWN': (context, framework) => teardown(context, framework),
  'ACCEPT': (context, framework, call) => accept(context, framework, call.accept ?? {}),
  'DECLINE': (context, framework, call) => decline(context, framework, call.decline ?? {}),
  'REVIVE': (context, framework, call) => revive(context, framework, call.revive?.roles ?? []),
  'SUPPRESS': (context, framework, call) => suppress(context, framework, call.suppress?.roles ?? []),
  'KILL': (context, framework, { kill: part }) => part && kill(context, framework, part),
  'SHUTDOWN': (context, framework, { shutdown: part }) => part && shutdownExecutor(context, framework, part),
  'ACKNOWLEDGE': (context, framework, { acknowledge: part }) => part && acknowledge(context, framework, part),
  'RECONCILE': (context, framework, call) => reconcileTasks(context, framework, call.reconcile ?? {}),
  'MESSAGE': (context, framework, { message: part }) => part && messageExecutor(context, framework, part),
  // The default allocator of the original makes nothing of requests either.
  'REQUEST': (context) => context.counters.add('resourceRequestMessages'),
  'ACCEPT_INVERSE_OFFERS': (context, framework, call) =>
    answerInverseOffers(context, framework, 'ACCEPT', call.accept_inverse_offers ?? {}),
  'DECLINE_INVERSE_OFFERS': (context, framework, call) =>
    answerInverseOffers(context, framework, 'DECLINE', call.decline_inverse_offers ?? {}),
  'ACKNOWLEDGE_OPERATION_STATUS': (context, framework, { acknowledge_operation_status: part }) =>
    part && acknowledgeOperationStatus(context, framework, part),
  'RECONCILE_OPERATIONS': (context, framework, call) =>
    reconcileOperations(context, framework, call.reconcile_operations ?? {}),
};

export const callScheduler: Handler<'call-scheduler'> = (context, input) => {
  const { connection, call } = input;
  const framework = context.state.frameworks.registered.get(call.framework_id?.value as FrameworkId);
  framework?.counts.call(call.type);
  const refused = framework === undefined ? UNKNOWN_FRAMEWORK : gate(framework, input);
  if (framework === undefined || refused !== undefined) {
    reply(context, connection, refused ?? UNKNOWN_FRAMEWORK);
    return;
  }
  if (call.type === 'UPDATE_FRAMEWORK' && call.update_framework !== undefined) {
    const text = updateFramework(context, framework, call.update_framework);
    reply(context, connection, text === undefined ? { status: 200 } : { status: 400, text });
    return;
  }
  const handler = call.type === undefined ? undefined : CALLS[call.type];
  reply(context, connection, handler === undefined ? { status: 501 } : ACCEPTED);
  handler?.(context, framework, call);
};

/** A call by whoever is entitled to it. Answers why it has no effect, where callers are told. */
export function performCall(
  context: MasterContext,
  framework: FrameworkRecord,
  call: SchedulerCall,
): string | undefined {
  if (call.type === 'UPDATE_FRAMEWORK' && call.update_framework !== undefined)
    return updateFramework(context, framework, call.update_framework);
  if (call.type !== undefined) CALLS[call.type]?.(context, framework, call);
  return undefined;
}

const UNKNOWN_FRAMEWORK: Answer = { status: 400, text: 'Framework cannot be found' };

function gate(framework: FrameworkRecord, { principal, streamId }: InputOf<'call-scheduler'>): Answer | undefined {
  if (principal !== undefined && principal !== framework.info.principal)
    return {
      status: 400,
      text:
        `Authenticated principal '${principal}' does not match principal '${framework.info.principal ?? ''}' set in ` +
        '`FrameworkInfo`',
    };
  if (framework.scheduler === undefined) return { status: 403, text: 'Framework is not subscribed' };
  if (framework.scheduler.kind !== 'stream') return { status: 403, text: 'Framework is not connected via HTTP' };
  if (streamId === undefined)
    return { status: 400, text: "All non-subscribe calls should include the 'Mesos-Stream-Id' header" };
  if (streamId === framework.scheduler.streamId) return undefined;
  return {
    status: 400,
    text:
      `The stream ID '${streamId}' included in this request didn't match the stream ID currently associated with ` +
      `framework ID ${framework.id}`,
  };
}

function reply(context: MasterContext, connection: number, { status, text }: Answer): void {
  context.outbox.reply(connection, status, text);
}
