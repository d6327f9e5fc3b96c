/** What the master acknowledges of operations, and what it asks about them. */
import { formatUuid } from '@mesolite/base';
import type { OperationState, ReconcileOperationsMessageOperation } from '@mesolite/wire';
import type { InputOf } from '../../inputs.ts';
import type { AgentState } from '../../state/agent-state.ts';
import { acknowledgeOperation, sendUnreliably } from '../../transitions/operation-updates.ts';
import { uuidKey } from '../../transitions/update-streams.ts';

export function operationAcknowledged(state: AgentState, { message }: InputOf<'operation-status-acknowledged'>): void {
  const { operation_uuid, status_uuid } = message;
  const pending = state.operations.get(uuidKey(operation_uuid.value));
  if (pending !== undefined && acknowledgeOperation(state, pending, status_uuid.value)) return;
  const why = pending === undefined ? 'the operation was not found' : 'another status is awaited';
  state.options.log.warning(
    `Dropping acknowledgement of operation ${formatUuid(operation_uuid.value)} (status ${formatUuid(status_uuid.value)}): ${why}`,
  );
}

/**
 * A framework's question (it is named) is about operations the master does not know: each gets an answer. A master's own
 * question is about operations it has and we did not report: those unknown here never arrived.
 */
export function reconcileOperations(state: AgentState, { message }: InputOf<'reconcile-operations'>): void {
  const frameworkId = message.framework_id?.value;
  for (const asked of message.operations ?? []) {
    const pending =
      asked.operation_uuid !== undefined
        ? state.operations.get(uuidKey(asked.operation_uuid.value))
        : frameworkId === undefined || asked.operation_id === undefined
          ? undefined
          : state.operations.named(frameworkId, asked.operation_id.value);
    if (frameworkId === undefined) {
      if (pending === undefined) answer(state, asked, 'OPERATION_DROPPED', undefined);
      continue;
    }
    if (pending === undefined) {
      answer(state, asked, 'OPERATION_UNKNOWN', frameworkId);
      continue;
    }
    const { uuid: _reliable, ...status } = pending.operation.latest_status;
    sendUnreliably(state, {
      framework_id: { value: frameworkId },
      status,
      operation_uuid: pending.operation.uuid,
    });
  }
}

function answer(
  state: AgentState,
  { operation_id, operation_uuid, resource_provider_id }: ReconcileOperationsMessageOperation,
  to: OperationState,
  frameworkId: string | undefined,
): void {
  sendUnreliably(state, {
    ...(frameworkId === undefined ? {} : { framework_id: { value: frameworkId } }),
    status: {
      state: to,
      ...(operation_id === undefined ? {} : { operation_id }),
      ...(resource_provider_id === undefined ? {} : { resource_provider_id }),
      ...(state.agentId === undefined ? {} : { agent_id: { value: state.agentId } }),
    },
    ...(operation_uuid === undefined ? {} : { operation_uuid }),
  });
}
