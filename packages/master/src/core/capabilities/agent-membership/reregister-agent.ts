/**
 * An agent with an id is back: after a lost connection (still registered), after this master began to lead (recovered
 * from the registry), or after it was given up (unreachable, or forgotten). Only the first needs no second thought;
 * the others bring back what runs on them.
 */
import type { AgentId, Result } from '@mesolite/base';
import { applyCheckpointed, checkpointedPart, Resources, toPostRefinement } from '@mesolite/resources';
import { AgentInfo, type ReregisterAgentMessage, ShutdownMessage } from '@mesolite/wire';
import type { Handler, MasterContext } from '../../context.ts';
import { MAX_PENDING } from '../../options.ts';
import { pidAddress } from '../../pid-address.ts';
import type { AgentRecord } from '../../state/agents.ts';
import type { Pending } from '../../state/pending.ts';
import type { RegistryOperation } from '../../state/registry-operation.ts';
import { domainError } from '../../transitions/agent-domain.ts';
import { GONE_MESSAGE } from '../../transitions/agent-gone.ts';
import { keepAgent } from '../../transitions/agent-pings.ts';
import { endIfDown, turnedAway } from '../../transitions/machine-down.ts';
import { pidError, registryError, reportedTotal, reregistrationError } from './agent-rules.ts';
import { refreshAgent } from './refresh-agent.ts';
import { restoreAgent } from './restore-agent.ts';

export const reregisterAgent: Handler<'reregister-agent'> = (context, { from, message }) => {
  const { agents, pending } = context.state;
  const { log } = context.options;
  context.counters.add('reregisterAgentMessages');
  const error = pidError(from) ?? reregistrationError(message) ?? domainError(context, message.agent);
  if (error !== undefined) {
    log.warning(`Dropping re-registration of agent at ${from}: ${error}`);
    return;
  }
  const agentId = message.agent.id?.value as AgentId;
  if (agents.reregistering.has(agentId) || agents.isLeaving(agentId)) {
    log.info(`Ignoring re-registration of agent ${agentId}: another change of it is under way`);
    return;
  }
  if (agents.gone.has(agentId)) {
    refuse(context, from, GONE_MESSAGE);
    return;
  }
  if (turnedAway(context, from, { hostname: message.agent.hostname, ip: pidAddress(from)?.ip })) return;
  const registered = agents.registered.get(agentId);
  if (registered !== undefined) {
    if (registered.ip !== pidAddress(from)?.ip || registered.info.hostname !== message.agent.hostname) {
      refuse(context, from, 'Agent attempted to reregister with different IP / hostname');
      return;
    }
  }
  if (pending.size >= MAX_PENDING) {
    log.warning(`Dropping re-registration of agent ${agentId}: ${pending.size} changes wait for the registry`);
    return;
  }
  keepAgent(context, agentId);
  const info = agentInfo(message);
  const known = registered?.info ?? agents.recovered.get(agentId);
  if (known !== undefined && sameInfo(known, info)) {
    proceed(context, from, agentId, message);
    return;
  }
  const tooLarge = registryError(info);
  if (tooLarge !== undefined) {
    log.warning(`Dropping re-registration of agent ${agentId} at ${from}: ${tooLarge}`);
    return;
  }
  agents.reregistering.add(agentId);
  const operation: RegistryOperation =
    known === undefined ? { kind: 'mark-agent-reachable', info } : { kind: 'update-agent', info };
  context.outbox.push({
    kind: 'write-registry',
    pending: pending.add({ kind: 'readmit-agent', pid: from, agentId, message }),
    operation,
  });
};

export function agentReadmitted(context: MasterContext, written: Extract<Pending, { kind: 'readmit-agent' }>): void {
  context.state.agents.reregistering.delete(written.agentId);
  proceed(context, written.pid, written.agentId, written.message);
  endIfDown(context, context.state.agents.registered.get(written.agentId));
}

function proceed(context: MasterContext, pid: string, agentId: AgentId, message: ReregisterAgentMessage): void {
  const registered = context.state.agents.registered.get(agentId);
  const info = agentInfo(message);
  if (registered === undefined) {
    restoreAgent(context, pid, info, message);
    return;
  }
  const total = returningTotal(registered, message);
  if (total.ok) refreshAgent(context, registered, pid, info, message, total.value);
  else refuse(context, pid, total.error);
}

/** Agents that take operations know best what came of them; others are told what to remember. */
function returningTotal(agent: AgentRecord, message: ReregisterAgentMessage): Result<Resources> {
  const knowsBest = (message.agent_capabilities ?? []).some(({ type }) => type === 'RESOURCE_PROVIDER');
  if (knowsBest) return reportedTotal(message);
  return applyCheckpointed(Resources.from(message.agent.resources).unallocate(), checkpointedPart(agent.total));
}

function agentInfo(message: ReregisterAgentMessage): AgentInfo {
  return { ...message.agent, resources: toPostRefinement(message.agent.resources) };
}

function sameInfo(a: AgentInfo, b: AgentInfo): boolean {
  return a === b || AgentInfo.encode(a).equals(AgentInfo.encode(b));
}

/** The agent ends when it gets this. */
function refuse(context: MasterContext, pid: string, message: string): void {
  context.options.log.warning(`Refusing re-registration of agent at ${pid}: ${message}`);
  context.outbox.send(pid, ShutdownMessage, { message });
}
