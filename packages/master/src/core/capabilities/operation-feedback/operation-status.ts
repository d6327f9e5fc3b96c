/**
 * What agents say of operations: told to the framework that asked to hear of it, which then acknowledges; acknowledged by
 * this master for all others. An agent repeats what is not acknowledged, so nothing is kept for a framework that is away.
 *
 * Departs from Mesos: operations of whatever type are adopted; an agent whose link breaks again and again does not put
 * that off.
 */
import type { AgentId, FrameworkId } from '@mesolite/base';
import {
  AcknowledgeOperationStatusMessage,
  type OperationStatus,
  type SchedulerCallAcknowledgeOperationStatus,
} from '@mesolite/wire';
import type { Handler, MasterContext } from '../../context.ts';
import { ORPHANED_OPERATIONS_WAIT_MS } from '../../options.ts';
import type { AgentRecord } from '../../state/agents.ts';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import { type OperationRecord, operationKey } from '../../state/operations.ts';
import { noticeDrained } from '../../transitions/agent-drain.ts';
import { askToReturn } from '../../transitions/agent-membership.ts';
import { sendEvent } from '../../transitions/framework-events.ts';
import { isFinal, noteStatus } from '../../transitions/operations.ts';

export const operationStatusUpdated: Handler<'operation-status-updated'> = (context, { from, message }) => {
  const { state, counters } = context;
  counters.add('operationStatusUpdateMessages');
  const { status, latest_status: latest, operation_uuid: uuid, framework_id: named } = message;
  const frameworkId = named?.value as FrameworkId | undefined;
  if (uuid === undefined) {
    tell(context, frameworkId, status);
    return;
  }
  const agent = senderOf(context, from, message.agent_id?.value);
  if (agent === undefined) {
    context.options.log.warning(`Ignoring operation status update from ${from}: the agent is not registered`);
    counters.add('invalidOperationStatusUpdates');
    return;
  }
  const operation = state.operations.onAgent(agent.id).get(operationKey(uuid.value));
  if (operation === undefined) {
    tell(context, frameworkId, status);
    counters.add('invalidOperationStatusUpdates');
    return;
  }
  counters.add('validOperationStatusUpdates');
  const id = operation.info.id;
  const told = id === undefined ? status : { ...status, operation_id: id };
  noteStatus(context, operation, latest ?? told);
  if (operation.isUntold === true && operation.latest.state === 'OPERATION_FINISHED' && agent.connected) {
    context.options.log.warning(`Operation ${operation.key} came to agent ${agent.id} after it had registered again`);
    askToReturn(context, agent);
  }
  if (id !== undefined && isAwaited(context, agent, operation)) {
    tell(context, operation.frameworkId, told);
    if (isFinal(operation.latest.state) && operation.statuses.at(-1)?.uuid === undefined) {
      state.operations.remove(operation);
      noticeDrained(context, agent);
    }
    return;
  }
  const { uuid: statusUuid } = latest ?? status;
  if (statusUuid !== undefined)
    context.outbox.send(agent.pid, AcknowledgeOperationStatusMessage, {
      status_uuid: statusUuid,
      operation_uuid: uuid,
    });
  if (isFinal(operation.latest.state)) state.operations.remove(operation);
  noticeDrained(context, agent);
};

function senderOf(context: MasterContext, from: string, agentId: string | undefined): AgentRecord | undefined {
  const agent = context.state.agents.byPid(from);
  return agent !== undefined && (agentId === undefined || agent.id === agentId) ? agent : undefined;
}

/**
 * Its framework lives, or may come back: one that is not known may only be later than the agent after a change of master.
 * When it had time enough, the master adopts its operations.
 */
function isAwaited({ state, now }: MasterContext, agent: AgentRecord, { frameworkId }: OperationRecord): boolean {
  const { registered, completed } = state.frameworks;
  if (frameworkId === undefined || completed.has(frameworkId)) return false;
  if (registered.has(frameworkId)) return true;
  return agent.returnedMs !== undefined && now.monotonicMs - agent.returnedMs < ORPHANED_OPERATIONS_WAIT_MS;
}

function tell(context: MasterContext, frameworkId: FrameworkId | undefined, status: OperationStatus): void {
  const framework = frameworkId === undefined ? undefined : context.state.frameworks.registered.get(frameworkId);
  if (framework === undefined) return;
  sendEvent(context, framework, { type: 'UPDATE_OPERATION_STATUS', update_operation_status: { status } });
}

/** Passed on to the agent, which then says no more of it; a final status that is acknowledged ends the operation here. */
export function acknowledgeOperationStatus(
  context: MasterContext,
  framework: FrameworkRecord,
  call: SchedulerCallAcknowledgeOperationStatus,
): void {
  const { counters, state } = context;
  counters.add('operationStatusUpdateAcknowledgementMessages');
  const agent = state.agents.registered.get(call.agent_id?.value as AgentId);
  const operation = state.operations.namedBy(framework.id).get(call.operation_id.value);
  const acknowledged = operation?.statuses.find(
    ({ uuid }) => uuid !== undefined && Buffer.compare(uuid.value, call.uuid) === 0,
  );
  const capability = call.resource_provider_id === undefined ? 'AGENT_OPERATION_FEEDBACK' : 'RESOURCE_PROVIDER';
  if (
    agent?.connected !== true ||
    !agent.capabilities.has(capability) ||
    operation === undefined ||
    operation.agentId !== agent.id ||
    acknowledged === undefined
  ) {
    context.options.log.warning(
      `Dropping acknowledgement of operation ${call.operation_id.value} of framework ${framework.id}`,
    );
    counters.add('invalidOperationStatusUpdateAcknowledgements');
    return;
  }
  if (isFinal(acknowledged.state)) state.operations.remove(operation);
  context.outbox.send(agent.pid, AcknowledgeOperationStatusMessage, {
    status_uuid: { value: call.uuid },
    operation_uuid: { value: operation.uuid },
    resource_provider_id: call.resource_provider_id,
  });
  counters.add('validOperationStatusUpdateAcknowledgements');
  noticeDrained(context, agent);
}
