/**
 * An agent without an id asks to be admitted. It is admitted when the registry has recorded it; only then it exists for
 * anybody, and only then it is answered.
 */
import type { AgentId } from '@mesolite/base';
import { toPostRefinement } from '@mesolite/resources';
import type { AgentInfo, RegisterAgentMessage } from '@mesolite/wire';
import { AgentRegisteredMessage } from '@mesolite/wire';
import type { Handler, MasterContext } from '../../context.ts';
import { MAX_PENDING } from '../../options.ts';
import { pidAddress } from '../../pid-address.ts';
import type { Pending } from '../../state/pending.ts';
import { domainError } from '../../transitions/agent-domain.ts';
import { addAgent, connectionTerms } from '../../transitions/agent-membership.ts';
import { askRemoval } from '../../transitions/agent-removal.ts';
import { endIfDown, turnedAway } from '../../transitions/machine-down.ts';
import { admittedTotal, pidError, registrationError, registryError } from './agent-rules.ts';

export const registerAgent: Handler<'register-agent'> = (context, { from, message }) => {
  const { agents, pending, ids } = context.state;
  const { log } = context.options;
  context.counters.add('registerAgentMessages');
  const error = pidError(from) ?? registrationError(message) ?? domainError(context, message.agent);
  if (error !== undefined) {
    log.warning(`Dropping registration of agent at ${from}: ${error}`);
    return;
  }
  if (agents.registering.has(from)) return;
  if (turnedAway(context, from, { hostname: message.agent.hostname, ip: pidAddress(from)?.ip })) return;
  const known = agents.byPid(from);
  if (known !== undefined) {
    if (known.connected) {
      log.info(`Agent ${known.id} at ${from} is already registered, acknowledging again`);
      acknowledge(context, from, known.id);
      return;
    }
    askRemoval(context, known, {
      cause: 'a new agent registered at the same address',
      counter: 'agentRemovalsRegistered',
    });
  }
  if (pending.size >= MAX_PENDING) {
    log.warning(`Dropping registration of agent at ${from}: ${pending.size} changes wait for the registry`);
    return;
  }
  const described: AgentInfo = { ...message.agent, resources: toPostRefinement(message.agent.resources) };
  const tooLarge = registryError(described);
  if (tooLarge !== undefined) {
    log.warning(`Dropping registration of agent at ${from}: ${tooLarge}`);
    return;
  }
  agents.registering.add(from);
  const info: AgentInfo = { ...described, id: { value: ids.agent() } };
  context.outbox.push({
    kind: 'write-registry',
    pending: pending.add({ kind: 'admit-agent', pid: from, info, message }),
    operation: { kind: 'admit-agent', info },
  });
};

export function agentAdmitted(context: MasterContext, admitted: Extract<Pending, { kind: 'admit-agent' }>): void {
  const { agents } = context.state;
  const { pid, info, message } = admitted;
  agents.registering.delete(pid);
  const other = agents.byPid(pid);
  if (other?.connected) {
    // Another one came back at this address while the registry was slow; if there are two, this one asks again.
    context.options.log.warning(`Agent at ${pid} is registered as ${other.id} already`);
    forgetAdmitted(context, info.id?.value as AgentId);
    return;
  }
  context.counters.add('agentRegistrations');
  const agent = addAgent(
    context,
    { info, pid, ...factsOf(message) },
    { tasks: [], executors: [], reregistered: false },
  );
  acknowledge(context, pid, agent.id);
  context.options.log.info(`Registered agent ${agent.id} at ${pid} (${info.hostname}) with ${agent.total}`);
  endIfDown(context, agent);
}

/** Nobody will ever come back as this agent: the next master is not to wait for it. */
function forgetAdmitted({ state, outbox }: MasterContext, agentId: AgentId): void {
  state.agents.removing.add(agentId);
  outbox.push({
    kind: 'write-registry',
    pending: state.pending.add({ kind: 'remove-agent', agentId, reason: 'it was never registered' }),
    operation: { kind: 'remove-agent', agentId },
  });
}

function factsOf(message: RegisterAgentMessage) {
  return {
    version: message.version ?? '',
    capabilities: message.agent_capabilities ?? [],
    resourceVersion: message.resource_version_uuid?.value,
    total: admittedTotal(message),
  };
}

function acknowledge(context: MasterContext, pid: string, agentId: string): void {
  context.outbox.send(pid, AgentRegisteredMessage, {
    agent_id: { value: agentId },
    connection: connectionTerms(context),
  });
}
