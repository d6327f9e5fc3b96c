/**
 * An agent that is to be emptied: it is told so, again each time it returns, and when nothing runs there any more it is
 * DRAINED, or gone if that was asked for.
 */
import { DrainAgentMessage } from '@mesolite/wire';
import type { MasterContext } from '../context.ts';
import type { AgentRecord } from '../state/agents.ts';
import type { Pending } from '../state/pending.ts';
import { askGone } from './agent-gone.ts';

/** Whatever the state: agents take it in each. Does nothing to one that is not to be drained. */
export function tellToDrain(context: MasterContext, agent: AgentRecord): void {
  const drain = context.state.agents.deactivated.get(agent.id)?.drain;
  if (drain === undefined) return;
  context.outbox.send(agent.pid, DrainAgentMessage, { config: drain.config });
  if (drain.state === 'DRAINING') agent.drainStartWallMs ??= context.now.wallMs;
}

/** To be called when the last task or operation of an agent may have ended. */
export function noticeDrained(context: MasterContext, agent: AgentRecord): void {
  const { agents, operations, pending } = context.state;
  const drain = agents.deactivated.get(agent.id)?.drain;
  if (drain === undefined) return;
  const markGone = drain.config.mark_gone === true;
  if (drain.state === 'DRAINED' && !markGone) return;
  // Tasks that were given up when the connection broke may run yet: only a connected agent is known to be empty.
  if (!agent.connected || agent.tasks.size > 0 || operations.onAgent(agent.id).size > 0) return;
  if (agents.isLeaving(agent.id) || agents.markingDrained.has(agent.id)) return;
  if (markGone) {
    context.options.log.info(`Agent ${agent.id} is drained and will be marked gone`);
    askGone(context, agent.id);
    return;
  }
  agents.markingDrained.add(agent.id);
  context.outbox.push({
    kind: 'write-registry',
    pending: pending.add({ kind: 'agent-drained', agentId: agent.id }),
    operation: { kind: 'mark-agent-drained', agentId: agent.id },
  });
}

export function agentDrained(context: MasterContext, { agentId }: Extract<Pending, { kind: 'agent-drained' }>): void {
  const { agents } = context.state;
  agents.markingDrained.delete(agentId);
  const drain = agents.deactivated.get(agentId)?.drain;
  if (drain === undefined) return;
  agents.deactivated.set(agentId, { drain: { ...drain, state: 'DRAINED' } });
  context.options.log.info(`Agent ${agentId} is drained`);
  // An operator may have asked for more meanwhile.
  const agent = agents.registered.get(agentId);
  if (agent !== undefined) noticeDrained(context, agent);
}
