/**
 * Operators take an agent out of service: without what runs there being touched (deactivate), or so that it ends (drain);
 * and back (reactivate). Durable first, in whatever state the agent is: one that is away learns of it when it returns.
 */
import type { AgentId } from '@mesolite/base';
import type { Handler, MasterContext } from '../../context.ts';
import type { ConnectionId } from '../../inputs.ts';
import { MAX_PENDING } from '../../options.ts';
import type { Pending } from '../../state/pending.ts';
import type { RegistryOperation } from '../../state/registry-operation.ts';
import { activateAgent, deactivateAgent } from '../../transitions/agent-activity.ts';
import { noticeDrained, tellToDrain } from '../../transitions/agent-drain.ts';
import { drainRefusal, type Refusal, reactivationRefusal, unknownRefusal } from './drain-rules.ts';

export const drainAgentAsked: Handler<'drain-agent'> = (context, { kind, connection, agentId, config }) =>
  write(
    context,
    drainRefusal(context, agentId, config),
    { kind, connection, agentId, config },
    { kind, agentId, config },
  );

export const deactivateAgentAsked: Handler<'deactivate-agent'> = (context, { kind, connection, agentId }) =>
  write(context, unknownRefusal(context, agentId), { kind, connection, agentId }, { kind, agentId });

export const reactivateAgentAsked: Handler<'reactivate-agent'> = (context, { kind, connection, agentId }) =>
  write(context, reactivationRefusal(context, agentId), { kind, connection, agentId }, { kind, agentId });

function write(
  context: MasterContext,
  refusal: Refusal | undefined,
  waits: Extract<Pending, { kind: 'drain-agent' | 'deactivate-agent' | 'reactivate-agent' }>,
  operation: RegistryOperation,
): void {
  const { pending } = context.state;
  if (refusal !== undefined) {
    context.outbox.reply(waits.connection, refusal.status, refusal.text);
    return;
  }
  if (pending.size >= MAX_PENDING) {
    context.outbox.reply(waits.connection, 503, 'Too many changes wait for the registry');
    return;
  }
  context.outbox.push({ kind: 'write-registry', pending: pending.add(waits), operation });
}

export function drainWritten(context: MasterContext, written: Extract<Pending, { kind: 'drain-agent' }>): void {
  const { agents } = context.state;
  const { connection, agentId, config } = written;
  if (isRemoved(context, agentId, connection)) return;
  agents.deactivated.set(agentId, { drain: { state: 'DRAINING', config } });
  const agent = agents.registered.get(agentId);
  if (agent !== undefined) {
    context.options.log.info(`Draining agent ${agentId}, which has tasks of ${agent.tasks.size} frameworks`);
    deactivateAgent(context, agent);
    agent.drainStartWallMs = undefined;
    tellToDrain(context, agent);
    noticeDrained(context, agent);
  }
  context.outbox.reply(connection, 200);
}

export function deactivationWritten(
  context: MasterContext,
  { connection, agentId }: Extract<Pending, { kind: 'deactivate-agent' }>,
): void {
  const { agents } = context.state;
  if (isRemoved(context, agentId, connection)) return;
  agents.deactivated.set(agentId, agents.deactivated.get(agentId) ?? {});
  const agent = agents.registered.get(agentId);
  if (agent !== undefined) deactivateAgent(context, agent);
  context.options.log.info(`Deactivated agent ${agentId}`);
  context.outbox.reply(connection, 200);
}

export function reactivationWritten(
  context: MasterContext,
  { connection, agentId }: Extract<Pending, { kind: 'reactivate-agent' }>,
): void {
  const { agents } = context.state;
  agents.deactivated.delete(agentId);
  if (isRemoved(context, agentId, connection)) return;
  const agent = agents.registered.get(agentId);
  // As the original: the registry has it, but nobody is there to be offered.
  if (agent === undefined) {
    context.outbox.reply(connection, 409, REMOVED);
    return;
  }
  agent.drainStartWallMs = undefined;
  activateAgent(context, agent);
  context.options.log.info(`Reactivated agent ${agentId}`);
  context.outbox.reply(connection, 200);
}

const REMOVED = 'Agent removed while processing the call';

/** Whether the agent went for good while this was being written; if so, the operator has been told. */
function isRemoved(context: MasterContext, agentId: AgentId, connection: ConnectionId): boolean {
  if (context.state.agents.isKnown(agentId)) return false;
  context.outbox.reply(connection, 409, REMOVED);
  return true;
}
