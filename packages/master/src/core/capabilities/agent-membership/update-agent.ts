/**
 * An agent tells of changes after it registered: the version of its resources, and the operations it has. Those only it
 * knows are remembered here again; about those only we know it is asked.
 *
 * Departs from Mesos: oversubscription and resource providers are not built.
 */
import type { AgentId, FrameworkId } from '@mesolite/base';
import { type Operation, ReconcileOperationsMessage, type UpdateAgentMessage } from '@mesolite/wire';
import type { Handler, MasterContext } from '../../context.ts';
import { MAX_OPERATIONS_PER_AGENT } from '../../options.ts';
import type { AgentRecord } from '../../state/agents.ts';
import { operationKey } from '../../state/operations.ts';
import { noticeDrained } from '../../transitions/agent-drain.ts';

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
  compareOperations(context, agent, message);
  // Only now all that runs there is known.
  noticeDrained(context, agent);
};

function compareOperations(context: MasterContext, agent: AgentRecord, message: UpdateAgentMessage): void {
  const { operations } = context.state;
  const reported = new Map(
    (message.operations?.operations ?? []).map((operation) => [operationKey(operation.uuid.value), operation] as const),
  );
  for (const operation of operations.onAgent(agent.id).values())
    if (reported.has(operation.key)) operation.isUntold = false;
  const missing = [...operations.onAgent(agent.id).values()].filter(({ key }) => !reported.has(key));
  if (missing.length > 0)
    context.outbox.send(agent.pid, ReconcileOperationsMessage, {
      operations: missing.map(({ uuid }) => ({ operation_uuid: { value: uuid } })),
    });
  for (const [key, operation] of reported)
    if (!operations.onAgent(agent.id).has(key)) remember(context, agent, key, operation);
}

/** Of before this master began to lead. */
function remember(context: MasterContext, agent: AgentRecord, key: string, operation: Operation): void {
  const { operations } = context.state;
  if (operations.onAgent(agent.id).size >= MAX_OPERATIONS_PER_AGENT) {
    context.options.log.warning(`Forgetting operation ${key}: agent ${agent.id} has too many`);
    return;
  }
  operations.add({
    key,
    uuid: operation.uuid.value,
    agentId: agent.id,
    frameworkId: operation.framework_id?.value as FrameworkId | undefined,
    info: operation.info,
    latest: operation.latest_status,
    statuses: operation.statuses ?? [],
  });
}
