/**
 * RECONCILE_OPERATIONS: the latest status of each operation asked for, or of all with an id, without a uuid, since nobody
 * waits for an acknowledgement of it.
 *
 * Departs from Mesos: operations without an id are left out; a framework could not tell them apart.
 */
import type { AgentId, FrameworkId } from '@mesolite/base';
import {
  type AgentID,
  type OperationState,
  type OperationStatus,
  ReconcileOperationsMessage,
  type ReconcileOperationsMessageOperation,
  type SchedulerCallReconcileOperations,
  type SchedulerCallReconcileOperationsOperation,
} from '@mesolite/wire';
import type { MasterContext } from '../../context.ts';
import type { FrameworkRecord } from '../../state/frameworks.ts';
import type { OperationRecord } from '../../state/operations.ts';
import { sendEvent } from '../../transitions/framework-events.ts';

export function reconcileOperations(
  context: MasterContext,
  framework: FrameworkRecord,
  call: SchedulerCallReconcileOperations,
): void {
  context.counters.add('reconcileOperationsMessages');
  const tell = (status: OperationStatus): void =>
    sendEvent(context, framework, { type: 'UPDATE_OPERATION_STATUS', update_operation_status: { status } });
  const known = context.state.operations.namedBy(framework.id);
  const asked = call.operations ?? [];
  if (asked.length === 0) for (const operation of known.values()) tell(statusOf(operation));
  const forwarded = new Map<AgentId, ReconcileOperationsMessageOperation[]>();
  for (const one of asked) {
    const { operation_id, agent_id, resource_provider_id } = one;
    const operation = known.get(operation_id.value);
    const agentId = askable(context, one);
    if (operation !== undefined) tell(statusOf(operation));
    else if (agentId === undefined)
      tell({ operation_id, agent_id, resource_provider_id, ...unknownOperation(context, agent_id) });
    else {
      const list = forwarded.get(agentId) ?? [];
      forwarded.set(agentId, list);
      list.push({ operation_id, resource_provider_id });
    }
  }
  for (const [agentId, operations] of forwarded) askAgent(context, agentId, operations, framework.id);
}

function statusOf({ latest, statuses }: OperationRecord): OperationStatus {
  const { uuid: _, ...status } = statuses.at(-1) ?? latest;
  return status;
}

/** Only the agent can know what a provider does that this master has not heard of. */
function askable(
  { state }: MasterContext,
  { agent_id, resource_provider_id }: SchedulerCallReconcileOperationsOperation,
): AgentId | undefined {
  if (agent_id === undefined || resource_provider_id === undefined) return undefined;
  const agent = state.agents.registered.get(agent_id.value as AgentId);
  return agent?.capabilities.has('AGENT_OPERATION_FEEDBACK') === true ? agent.id : undefined;
}

function askAgent(
  context: MasterContext,
  agentId: AgentId,
  operations: ReconcileOperationsMessageOperation[],
  frameworkId: FrameworkId,
): void {
  const agent = context.state.agents.registered.get(agentId);
  if (agent !== undefined)
    context.outbox.send(agent.pid, ReconcileOperationsMessage, { operations, framework_id: { value: frameworkId } });
}

/** What can be said of an operation nobody knows: only what became of its agent. */
function unknownOperation(
  { state: { agents } }: MasterContext,
  agentId: AgentID | undefined,
): { readonly state: OperationState; readonly message: string } {
  if (agentId === undefined)
    return {
      state: 'OPERATION_UNKNOWN',
      message: "Reconciliation: Operation is unknown and no 'agent_id' was provided",
    };
  const id = agentId.value as AgentId;
  if (agents.recovered.has(id))
    return {
      state: 'OPERATION_RECOVERING',
      message: 'Reconciliation: Agent is recovered but has not re-registered',
    };
  if (agents.registered.has(id)) return { state: 'OPERATION_UNKNOWN', message: 'Reconciliation: Operation is unknown' };
  if (agents.unreachable.has(id))
    return { state: 'OPERATION_UNREACHABLE', message: 'Reconciliation: Agent is unreachable' };
  if (agents.gone.has(id))
    return { state: 'OPERATION_GONE_BY_OPERATOR', message: 'Reconciliation: Agent marked gone by operator' };
  return { state: 'OPERATION_UNKNOWN', message: 'Reconciliation: Both operation and agent are unknown' };
}
