/**
 * Outcomes of operations on their way to the master: each is sent again until it is acknowledged, after 10 s first, then
 * at doubling intervals up to 10 min. While the agent is not registered nothing is sent.
 */
import { formatUuid } from '@mesolite/base';
import { operationPath } from '@mesolite/containers';
import { type OperationStatus, UpdateOperationStatusMessage, UpdateOperationStatusRecord } from '@mesolite/wire';
import { UPDATE_RETRY_MAX_MS, UPDATE_RETRY_MIN_MS } from '../options.ts';
import { metaAgentPaths, metaFiles } from '../paths.ts';
import type { AgentState } from '../state/agent-state.ts';
import type { PendingOperation } from '../state/operations.ts';
import { checkpointRecord } from './checkpoints.ts';
import { drainedIfEmpty } from './draining.ts';
import { sendToMaster } from './messages.ts';
import { checkpointResources } from './resource-checkpoint.ts';
import { uuidKey } from './update-streams.ts';

/** Writes the outcome down and sends it for the first time. */
export function reportOperation(state: AgentState, pending: PendingOperation): void {
  state.effect({
    kind: 'append-file',
    path: metaFiles.operationUpdates(pathOf(state, pending)),
    data: checkpointRecord(UpdateOperationStatusRecord, { type: 'UPDATE', update: updateOf(state, pending) }),
  });
  send(state, pending, UPDATE_RETRY_MIN_MS);
}

export function resendOperation(state: AgentState, key: string): void {
  const pending = state.operations.get(key);
  if (pending === undefined) return;
  state.options.log.warning(`Resending the status of operation ${uuidText(pending)}`);
  send(state, pending, Math.min(pending.retryMs * 2, UPDATE_RETRY_MAX_MS));
}

/** The master is new, or took us back: it may have heard of none. */
export function resumeOperations(state: AgentState): void {
  for (const pending of state.operations.all()) send(state, pending, UPDATE_RETRY_MIN_MS);
}

/** A status nobody has to acknowledge: what an answer to a question says. */
export function sendUnreliably(state: AgentState, message: UpdateOperationStatusMessage): void {
  if (state.agentId === undefined) return;
  sendToMaster(state, UpdateOperationStatusMessage, { ...message, agent_id: { value: state.agentId } });
}

/** Forgets an operation whose outcome was acknowledged, and its records. False when the acknowledgement is not for it. */
export function acknowledgeOperation(state: AgentState, pending: PendingOperation, statusUuid: Uint8Array): boolean {
  const awaited = pending.operation.latest_status.uuid?.value;
  if (awaited === undefined || uuidKey(awaited) !== uuidKey(statusUuid)) return false;
  pending.retryDeadline = state.deadlines.cancel(pending.retryDeadline);
  state.operations.remove(pending.key);
  checkpointResources(state, state.total, [pathOf(state, pending)]);
  drainedIfEmpty(state);
  return true;
}

function send(state: AgentState, pending: PendingOperation, retryMs: number): void {
  pending.retryDeadline = state.deadlines.cancel(pending.retryDeadline);
  if (!state.registered) return;
  const update = updateOf(state, pending);
  sendToMaster(state, UpdateOperationStatusMessage, { ...update, latest_status: update.status });
  pending.retryMs = retryMs;
  pending.retryDeadline = state.deadlines.set(state.now.monotonicMs + retryMs, {
    kind: 'operation-unacknowledged',
    key: pending.key,
  });
}

function updateOf(state: AgentState, { operation }: PendingOperation): UpdateOperationStatusMessage {
  const status: OperationStatus = operation.latest_status;
  return {
    ...(operation.framework_id === undefined ? {} : { framework_id: operation.framework_id }),
    ...(state.agentId === undefined ? {} : { agent_id: { value: state.agentId } }),
    status,
    operation_uuid: operation.uuid,
  };
}

function pathOf(state: AgentState, pending: PendingOperation): string {
  return operationPath(metaAgentPaths(state).agent, uuidText(pending));
}

function uuidText({ operation }: PendingOperation): string {
  return formatUuid(operation.uuid.value);
}
