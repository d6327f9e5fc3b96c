/** When operators may take an agent out of service and back. Answers are the status and text that they see. */
import type { AgentId } from '@mesolite/base';
import type { DrainConfig, MachineID } from '@mesolite/wire';
import type { MasterContext } from '../../context.ts';

export interface Refusal {
  readonly status: number;
  readonly text: string;
}

export function unknownRefusal({ state }: MasterContext, agentId: AgentId): Refusal | undefined {
  return state.agents.isKnown(agentId) ? undefined : { status: 400, text: 'Unknown agent' };
}

/** Of an agent that is not here the machine and what it can do are not known: it may be drained whatever they are. */
export function drainRefusal(context: MasterContext, agentId: AgentId, config: DrainConfig): Refusal | undefined {
  const { agents, maintenance } = context.state;
  const refused = (text: string): Refusal => ({ status: 400, text });
  if ((config.max_grace_period?.nanoseconds ?? 0n) < 0n) return refused("'max_grace_period' must not be negative");
  const agent = agents.registered.get(agentId);
  if (agent !== undefined) {
    const machine = maintenance.machine(agent.machine);
    if (machine !== undefined)
      return refused(`Agent ${agentId} is part of a maintenance schedule under Machine ${machineText(machine.id)}`);
    if (!agent.capabilities.has('AGENT_DRAINING')) return refused(`Agent ${agentId} is not capable of draining`);
  }
  const unknown = unknownRefusal(context, agentId);
  if (unknown !== undefined) return unknown;
  return agents.markingGone.has(agentId) ? { status: 409, text: 'Agent is currently being marked gone' } : undefined;
}

function machineText({ hostname, ip }: MachineID): string {
  return [hostname, ip === undefined ? undefined : `(${ip})`].filter((part) => part !== undefined).join(' ');
}

export function reactivationRefusal({ state }: MasterContext, agentId: AgentId): Refusal | undefined {
  const deactivation = state.agents.deactivated.get(agentId);
  if (deactivation === undefined) return { status: 400, text: 'Agent is not deactivated' };
  if (deactivation.drain?.state === 'DRAINING') return { status: 400, text: 'Agent is still in the DRAINING state' };
  return undefined;
}

/** Busy agents may be asked for again: that is not the operator's fault. */
export function goneRefusal({ state: { agents } }: MasterContext, agentId: AgentId): Refusal | undefined {
  const busy = (text: string): Refusal => ({ status: 503, text });
  if (agents.markingGone.has(agentId)) return busy(`Agent '${agentId}' is already being transitioned to gone`);
  if (agents.removing.has(agentId)) return busy(`Agent '${agentId}' is being transitioned to removed`);
  if (agents.markingUnreachable.has(agentId)) return busy(`Agent '${agentId}' is being transitioned to unreachable`);
  return agents.isKnown(agentId) ? undefined : { status: 404, text: `Agent '${agentId}' not found` };
}
