/**
 * An agent tells of changes after it registered. Departs from Mesos: only the resource version is taken;
 * oversubscription, operations and resource providers are not built.
 */
import type { AgentId } from '@mesolite/base';
import type { Handler } from '../../context.ts';

export const updateAgent: Handler<'update-agent'> = (context, { from, message }) => {
  context.counters.add('updateAgentMessages');
  const agent = context.state.agents.registered.get(message.agent_id.value as AgentId);
  if (agent === undefined || agent.pid !== from) {
    context.options.log.warning(
      `Ignoring update of agent ${message.agent_id.value} from ${from}: it is not registered`,
    );
    return;
  }
  if (message.resource_version_uuid !== undefined) agent.resourceVersion = message.resource_version_uuid.value;
};

/** This master starts no operations, so there is none to have a status. */
export const operationStatusUpdated: Handler<'operation-status-updated'> = (context, { from }) => {
  context.counters.add('operationStatusUpdateMessages');
  context.counters.add('invalidOperationStatusUpdates');
  context.options.log.warning(`Ignoring operation status update from ${from}: the operation is unknown`);
};
