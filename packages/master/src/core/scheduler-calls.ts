/**
 * Calls of the scheduler API after SUBSCRIBE: who may make them, in the order of checks that clients rely on, and the
 * directory from call to capability. A 202 promises nothing but that the call was read.
 *
 * Departs from Mesos: what is not built (inverse offers, operation feedback) is answered 202 and ignored, since nobody
 * can hold an inverse offer or a status to acknowledge; reconciled operations are all unknown.
 */
import type { AgentId, FrameworkId } from '@mesolite/base';
import type {
  AgentID,
  OperationState,
  SchedulerCall,
  SchedulerCallReconcileOperations,
  SchedulerCallType,
} from '@mesolite/wire';
import { messageExecutor, shutdownExecutor } from './capabilities/executor-messages/executors.ts';
import { decline } from './capabilities/offers/end-offers.ts';
import { revive, suppress } from './capabilities/offers/suppress-revive.ts';
import { accept } from './capabilities/operations/accept.ts';
import { teardown } from './capabilities/subscriptions/teardown.ts';
import { updateFramework } from './capabilities/subscriptions/update-framework.ts';
import { acknowledge } from './capabilities/tasks/acknowledge.ts';
import { kill } from './capabilities/tasks/kill.ts';
import { reconcileTasks } from './capabilities/tasks/reconcile.ts';
import type { Handler, MasterContext } from './context.ts';
import type { InputOf } from './inputs.ts';
import type { FrameworkRecord } from './state/frameworks.ts';
import { sendEvent } from './transitions/framework-events.ts';

type Answer = { readonly status: number; readonly text?: string };

/** Undefined: the capability has replied by itself. */
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
  'ACCEPT_INVERSE_OFFERS': () => {},
  'DECLINE_INVERSE_OFFERS': () => {},
  'ACKNOWLEDGE_OPERATION_STATUS': (context) => {
    context.counters.add('operationStatusUpdateAcknowledgementMessages');
    context.counters.add('invalidOperationStatusUpdateAcknowledgements');
  },
  'RECONCILE_OPERATIONS': (context, framework, call) =>
    reconcileOperations(context, framework, call.reconcile_operations ?? {}),
};

export const callScheduler: Handler<'call-scheduler'> = (context, input) => {
  const { connection, call } = input;
  const framework = context.state.frameworks.registered.get(call.framework_id?.value as FrameworkId);
  const refused = framework === undefined ? UNKNOWN_FRAMEWORK : gate(framework, input);
  if (framework === undefined || refused !== undefined) {
    reply(context, connection, refused ?? UNKNOWN_FRAMEWORK);
    return;
  }
  if (call.type === 'UPDATE_FRAMEWORK' && call.update_framework !== undefined) {
    updateFramework(context, framework, call.update_framework, connection);
    return;
  }
  const handler = call.type === undefined ? undefined : CALLS[call.type];
  reply(context, connection, handler === undefined ? { status: 501 } : ACCEPTED);
  handler?.(context, framework, call);
};

const UNKNOWN_FRAMEWORK: Answer = { status: 400, text: 'Framework cannot be found' };

function gate(framework: FrameworkRecord, { principal, streamId }: InputOf<'call-scheduler'>): Answer | undefined {
  if (principal !== undefined && principal !== framework.info.principal)
    return {
      status: 400,
      text:
        `Authenticated principal '${principal}' does not match principal '${framework.info.principal ?? ''}' set in ` +
        '`FrameworkInfo`',
    };
  if (framework.stream === undefined) return { status: 403, text: 'Framework is not subscribed' };
  if (streamId === undefined)
    return { status: 400, text: "All non-subscribe calls should include the 'Mesos-Stream-Id' header" };
  if (streamId === framework.stream.streamId) return undefined;
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

function reconcileOperations(
  context: MasterContext,
  framework: FrameworkRecord,
  call: SchedulerCallReconcileOperations,
): void {
  context.counters.add('reconcileOperationsMessages');
  for (const { operation_id, agent_id, resource_provider_id } of call.operations ?? [])
    sendEvent(context, framework, {
      type: 'UPDATE_OPERATION_STATUS',
      update_operation_status: {
        status: { operation_id, agent_id, resource_provider_id, ...unknownOperation(context, agent_id) },
      },
    });
}

/** What can be said of an operation nobody knows: only what became of its agent. */
function unknownOperation(
  { state: { agents } }: MasterContext,
  agentId: AgentID | undefined,
): { readonly state: OperationState; readonly message: string } {
  if (agentId === undefined) {
    return {
      state: 'OPERATION_UNKNOWN',
      message: "Reconciliation: Operation is unknown and no 'agent_id' was provided",
    };
  }
  const id = agentId.value as AgentId;
  if (agents.recovered.has(id)) {
    return {
      state: 'OPERATION_RECOVERING',
      message: 'Reconciliation: Agent is recovered but has not re-registered',
    };
  }
  if (agents.registered.has(id)) {
    return { state: 'OPERATION_UNKNOWN', message: 'Reconciliation: Operation is unknown' };
  }
  if (agents.unreachable.has(id)) {
    return { state: 'OPERATION_UNREACHABLE', message: 'Reconciliation: Agent is unreachable' };
  }
  if (agents.gone.has(id)) {
    return { state: 'OPERATION_GONE_BY_OPERATOR', message: 'Reconciliation: Agent marked gone by operator' };
  }
  return { state: 'OPERATION_UNKNOWN', message: 'Reconciliation: Both operation and agent are unknown' };
}
