/**
 * ApplyOperation and CheckpointResources of the master: from its wish to resources that are so, on disk first, then in
 * what others are told.
 *
 * Departs from Mesos: an operation that cannot be, or is one too many, ends as OPERATION_ERROR or OPERATION_DROPPED, and
 * the agent registers anew so that the master, which has counted on it, learns what there is; the original's process
 * ends there. Operations are never written down as pending: they and what they do are one record.
 */
import { formatUuid, must } from '@mesolite/base';
import { applyCheckpointed, Resources, toPostRefinement } from '@mesolite/resources';
import type { Operation, OperationStatus } from '@mesolite/wire';
import type { InputOf } from '../../inputs.ts';
import type { AgentState } from '../../state/agent-state.ts';
import { MAX_UNACKNOWLEDGED_OPERATIONS } from '../../state/operations.ts';
import { reportOperation, sendUnreliably } from '../../transitions/operation-updates.ts';
import { checkpointResources } from '../../transitions/resource-checkpoint.ts';
import { freshUuid } from '../../transitions/status-updates.ts';
import { uuidKey } from '../../transitions/update-streams.ts';
import { admitOperation, volumesError } from './admit-operation.ts';

export function applyOperationMessage(state: AgentState, { message }: InputOf<'apply-operation'>): void {
  const { log } = state.options;
  const { operation_info: info, operation_uuid: uuid, framework_id } = message;
  const key = uuidKey(uuid.value);
  const named = `${info.type} operation ${formatUuid(uuid.value)}`;
  if (!isCounted(state, named)) return;
  if (state.operations.get(key) !== undefined) {
    log.warning(`Ignoring ${named}: it came before`);
    return;
  }
  const framework = framework_id === undefined ? {} : { framework_id };
  if (state.operations.size >= MAX_UNACKNOWLEDGED_OPERATIONS) {
    const text = `The outcomes of ${MAX_UNACKNOWLEDGED_OPERATIONS} operations are not acknowledged yet`;
    log.error(`Dropped ${named}: ${text}`);
    const dropped: OperationStatus = {
      ...(info.id === undefined ? {} : { operation_id: info.id }),
      agent_id: { value: must(state.agentId, 'agent id') },
      state: 'OPERATION_DROPPED',
      message: text,
    };
    sendUnreliably(state, { ...framework, status: dropped, operation_uuid: uuid });
    registerAnew(state);
    return;
  }
  settleOperation(state, { ...framework, info, uuid });
}

/** Does what `asked` says if it can be, writes the outcome down together with it, and tells it until it is acknowledged. */
export function settleOperation(state: AgentState, asked: Pick<Operation, 'framework_id' | 'info' | 'uuid'>): void {
  const { log } = state.options;
  const { info, uuid } = asked;
  const agent_id = { value: must(state.agentId, 'agent id') };
  const named = `${info.type} operation ${formatUuid(uuid.value)}`;
  const total = admitOperation(state, info);
  const outcome: OperationStatus = {
    ...(info.id === undefined ? {} : { operation_id: info.id }),
    agent_id,
    ...(total.ok ? { state: 'OPERATION_FINISHED' } : { state: 'OPERATION_ERROR', message: total.error }),
    uuid: { value: freshUuid(state) },
  };
  const operation: Operation = { ...asked, agent_id, latest_status: outcome, statuses: [outcome] };
  const pending = state.operations.add(uuidKey(uuid.value), operation);
  if (total.ok) log.info(`Applied ${named}`);
  else log.error(`Failed to apply ${named}: ${total.error}`);
  checkpointResources(state, total.ok ? total.value : state.total);
  reportOperation(state, pending);
  if (!total.ok) registerAnew(state);
}

/** Masters that take this agent for an old one say how everything that is remembered shall be. */
export function checkpointResourcesMessage(state: AgentState, { message }: InputOf<'checkpoint-resources'>): void {
  const { log } = state.options;
  if (!isCounted(state, 'checkpointed resources of the master')) return;
  const wanted = message.resources ?? [];
  const provided = wanted.find(({ provider_id }) => provider_id !== undefined);
  const invalid = provided === undefined ? Resources.validate(wanted) : 'resource providers keep their own';
  const total = applyCheckpointed(state.given, Resources.from(invalid === undefined ? toPostRefinement(wanted) : []));
  const error = invalid ?? (total.ok ? volumesError(state, total.value) : total.error);
  if (error !== undefined || !total.ok) {
    log.error(`Refusing to checkpoint resources of the master: ${error}`);
    registerAnew(state);
    return;
  }
  if (total.value.equals(state.total)) return;
  log.info(`Updating checkpointed resources from ${state.checkpointed} to ${Resources.from(wanted)}`);
  checkpointResources(state, total.value);
}

/**
 * Departs from Mesos, which does while disconnected what comes late: the registration under way does not tell of it, so the
 * master would take this agent back as it was before and never hear otherwise. Not done, the master asks about it, or says
 * it again.
 */
function isCounted(state: AgentState, named: string): boolean {
  if (state.registered) return true;
  state.options.log.warning(`Ignoring ${named}: the agent is ${state.phase}`);
  return false;
}

function registerAnew(state: AgentState): void {
  state.effect({ kind: 'detect-leader' });
}
