/**
 * The shape of a scheduler call, before anything is looked up. Answers nothing or the rule that is broken, in the
 * original's words and order.
 */
import { operationSizeError, resourcesExchanged } from '@mesolite/resources';
import type { SchedulerCall, SchedulerCallAccept, SchedulerCallType } from '@mesolite/wire';

/** The part each type of call must bring. */
const PARTS: { readonly [K in SchedulerCallType]?: keyof SchedulerCall } = {
  ACCEPT: 'accept',
  DECLINE: 'decline',
  ACCEPT_INVERSE_OFFERS: 'accept_inverse_offers',
  DECLINE_INVERSE_OFFERS: 'decline_inverse_offers',
  KILL: 'kill',
  SHUTDOWN: 'shutdown',
  ACKNOWLEDGE: 'acknowledge',
  ACKNOWLEDGE_OPERATION_STATUS: 'acknowledge_operation_status',
  RECONCILE: 'reconcile',
  RECONCILE_OPERATIONS: 'reconcile_operations',
  MESSAGE: 'message',
  REQUEST: 'request',
  UPDATE_FRAMEWORK: 'update_framework',
};

/** Of one ACCEPT: each changes an agent's resources in the same turn. The original sets no bound. */
const MAX_OPERATIONS = 1000;
/** That all of them name together, tasks apart. */
const MAX_RESOURCES_EXCHANGED = 2000;

const NOT_A_UUID = 'Not a valid UUID';

/** `principal`: who authenticated, if anybody. */
export function schedulerCallError(call: SchedulerCall, principal?: string): string | undefined {
  const { type } = call;
  if (type === undefined) return "Expecting 'type' to be present";
  const frameworkId = call.framework_id?.value;
  if (type === 'SUBSCRIBE') {
    if (call.subscribe === undefined) return "Expecting 'subscribe' to be present";
    if ((call.subscribe.framework_info.id?.value ?? '') !== (frameworkId ?? ''))
      return "'framework_id' differs from 'subscribe.framework_info.id'";
    const named = call.subscribe.framework_info.principal;
    if (principal === undefined || named === undefined || named === principal) return undefined;
    return `Authenticated principal '${principal}' does not match principal '${named}' set in \`FrameworkInfo\``;
  }
  if (frameworkId === undefined) return "Expecting 'framework_id' to be present";
  const part = PARTS[type];
  if (part !== undefined && call[part] === undefined) return `Expecting '${part}' to be present`;
  if (type === 'ACCEPT') return acceptError(call.accept!);
  if (type === 'ACKNOWLEDGE') return isUuid(call.acknowledge!.uuid) ? undefined : NOT_A_UUID;
  if (type === 'ACKNOWLEDGE_OPERATION_STATUS') {
    const { uuid, agent_id } = call.acknowledge_operation_status!;
    if (!isUuid(uuid)) return NOT_A_UUID;
    return agent_id === undefined ? "Expecting 'agent_id' to be present" : undefined;
  }
  if (type === 'UPDATE_FRAMEWORK' && call.update_framework!.framework_info.id?.value !== frameworkId)
    return "'framework_id' differs from 'update_framework.framework_info.id'";
  return undefined;
}

function acceptError({ operations = [] }: SchedulerCallAccept): string | undefined {
  if (operations.length > MAX_OPERATIONS) return `'accept.operations' has more than ${MAX_OPERATIONS} operations`;
  let exchanged = 0;
  for (const operation of operations) {
    const error = operationSizeError(operation);
    if (error !== undefined) return `'accept.operations': ${error}`;
    exchanged += resourcesExchanged(operation);
  }
  return exchanged > MAX_RESOURCES_EXCHANGED
    ? `'accept.operations' exchange more than ${MAX_RESOURCES_EXCHANGED} resources`
    : undefined;
}

function isUuid(bytes: Uint8Array): boolean {
  return bytes.length === UUID_BYTES;
}

const UUID_BYTES = 16;
