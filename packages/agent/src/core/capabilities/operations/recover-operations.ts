/**
 * Operations that an earlier process of this agent left unacknowledged: their outcomes are told again once the agent is
 * registered, until they are acknowledged. What an agent of the original has written down as pending is done now.
 */
import type { AgentState } from '../../state/agent-state.ts';
import { reportOperation } from '../../transitions/operation-updates.ts';
import { checkpointResources } from '../../transitions/resource-checkpoint.ts';
import { uuidKey } from '../../transitions/update-streams.ts';
import { settleOperation } from './apply-operation.ts';

export function recoverOperations(state: AgentState): void {
  const { former, log } = state.options;
  if (former === undefined) return;
  const { agentId, operations, discard } = former;
  log.info(`Going on as agent ${agentId}; ${operations.length} operations are not acknowledged`);
  const isDone = (one: (typeof operations)[number]): boolean =>
    one.operation.latest_status.state !== 'OPERATION_PENDING';
  for (const { operation, recorded } of operations.filter(isDone)) {
    const pending = state.operations.add(uuidKey(operation.uuid.value), operation);
    if (!recorded) reportOperation(state, pending);
  }
  for (const { operation } of operations.filter((one) => !isDone(one))) {
    const { framework_id, info, uuid } = operation;
    settleOperation(state, { ...(framework_id === undefined ? {} : { framework_id }), info, uuid });
  }
  if (discard.length > 0) checkpointResources(state, state.total, discard);
}
