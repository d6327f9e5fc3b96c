/**
 * Operations on resources in the tables: what an agent has is another thing at once, since the outcome is known; the agent
 * is told, and until the outcome has come and has been acknowledged the operation is remembered.
 *
 * Never: decides whether an operation may be (callers have); changes what a framework holds.
 */
import { err, must, type Result, uuidBytes } from '@mesolite/base';
import { applyOperation, checkpointedPart, Resources, toFormatOf, unallocateOperation } from '@mesolite/resources';
import {
  ApplyOperationMessage,
  CheckpointResourcesMessage,
  type OfferOperation,
  type OperationState,
  type OperationStatus,
} from '@mesolite/wire';
import type { MasterContext } from '../context.ts';
import { MAX_KINDS_PER_AGENT, MAX_OPERATIONS_PER_AGENT, MAX_STATUSES_PER_OPERATION } from '../options.ts';
import type { AgentRecord } from '../state/agents.ts';
import type { FrameworkRecord } from '../state/frameworks.ts';
import { type OperationRecord, operationKey } from '../state/operations.ts';
import { firmQuantities } from '../state/sums.ts';

/** What the agent would have after `operation`; the error says what is missing there, or that it is too much to tell apart. */
export function totalAfter(agent: AgentRecord, operation: OfferOperation): Result<Resources> {
  const after = applyOperation(agent.total, unallocateOperation(operation));
  return after.ok && after.value.size > Math.max(MAX_KINDS_PER_AGENT, agent.total.size)
    ? err(`Agent ${agent.id} would have more than ${MAX_KINDS_PER_AGENT} different resources`)
    : after;
}

/** Why no operation can be sent there now. */
export function operationsFullError(context: MasterContext, agent: AgentRecord): string | undefined {
  return context.state.operations.onAgent(agent.id).size < MAX_OPERATIONS_PER_AGENT
    ? undefined
    : `The outcomes of ${MAX_OPERATIONS_PER_AGENT} operations on agent ${agent.id} are not known yet`;
}

/** `total` is what {@link totalAfter} has said. For an operator there is no framework. */
export function startOperation(
  context: MasterContext,
  agent: AgentRecord,
  framework: FrameworkRecord | undefined,
  operation: OfferOperation,
  total: Resources,
): void {
  changeTotal(context, agent, total);
  if (!takesOperations(agent)) {
    sendCheckpointed(context, agent);
    return;
  }
  const uuid = uuidBytes(context.options.random.bytes(16));
  const frameworkId = framework?.id;
  context.state.operations.add({
    key: operationKey(uuid),
    uuid,
    agentId: agent.id,
    frameworkId,
    info: operation,
    latest: { operation_id: operation.id, state: 'OPERATION_PENDING', agent_id: { value: agent.id } },
    statuses: [],
  });
  context.outbox.send(agent.pid, ApplyOperationMessage, {
    framework_id: frameworkId === undefined ? undefined : { value: frameworkId },
    operation_info: operation,
    operation_uuid: { value: uuid },
    resource_version_uuid: { uuid: { value: must(agent.resourceVersion, 'resource version of an agent') } },
  });
}

/** Agents of old are told what to have instead. */
export function takesOperations(agent: AgentRecord): boolean {
  return agent.capabilities.has('RESOURCE_PROVIDER') && agent.resourceVersion !== undefined;
}

export function changeTotal(context: MasterContext, agent: AgentRecord, total: Resources): void {
  const { state } = context;
  state.totalQuantities = state.totalQuantities.minus(firmQuantities(agent.total)).plus(firmQuantities(total));
  agent.total = total;
  context.allocator.updateAgentTotal(agent.id, total);
}

/** All reservations and volumes an agent of old is to remember. */
export function sendCheckpointed(context: MasterContext, agent: AgentRecord): void {
  const resources = toFormatOf(agent.capabilities, checkpointedPart(agent.total).toProto());
  if (resources.ok) {
    context.outbox.send(agent.pid, CheckpointResourcesMessage, { resources: resources.value });
    return;
  }
  context.options.log.warning(
    `Not sending updated checkpointed resources to agent ${agent.id}, which does not know refined reservations`,
  );
}

/** Nothing more happens to an operation in this state. */
export function isFinal(state: OperationState): boolean {
  switch (state) {
    case 'OPERATION_FINISHED':
    case 'OPERATION_FAILED':
    case 'OPERATION_ERROR':
    case 'OPERATION_DROPPED':
    case 'OPERATION_GONE_BY_OPERATOR':
      return true;
    default:
      return false;
  }
}

/** `latest`: the newest status the agent knows, which may be ahead. */
export function noteStatus(context: MasterContext, operation: OperationRecord, latest: OperationStatus): void {
  if (!isFinal(operation.latest.state)) {
    context.state.operations.counts.moved(operation.info.type, operation.latest.state, latest.state);
    operation.latest = latest;
  }
  const last = operation.statuses.at(-1);
  if (last !== undefined && sameStatus(last, latest)) return;
  operation.statuses = [...operation.statuses, latest].slice(-MAX_STATUSES_PER_OPERATION);
}

function sameStatus(a: OperationStatus, b: OperationStatus): boolean {
  if (a.state !== b.state || (a.uuid === undefined) !== (b.uuid === undefined)) return false;
  return a.uuid === undefined || b.uuid === undefined || Buffer.compare(a.uuid.value, b.uuid.value) === 0;
}

/** What nobody holds on an agent, offered or not. */
export function unusedResources(agent: AgentRecord): Resources {
  return agent.total.minus(Resources.sum(agent.used.values()).unallocate());
}

/** What nobody holds or is offered on an agent. */
export function freeResources(agent: AgentRecord): Resources {
  return unusedResources(agent).minus(agent.offered.unallocate());
}

/** As operations are told about their agent. */
export function agentName(agent: AgentRecord): string {
  return `${agent.id} at ${agent.pid} (${agent.info.hostname})`;
}
