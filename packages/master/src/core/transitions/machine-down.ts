/** Agents have no business on a machine that is DOWN: who is there is ended and removed, who comes is turned away. */
import { type MachineID, ShutdownMessage } from '@mesolite/wire';
import type { MasterContext } from '../context.ts';
import type { AgentRecord } from '../state/agents.ts';
import { machineKeyOf } from '../state/maintenance-plan.ts';
import { askRemoval } from './agent-removal.ts';

const STARTED = "Operator initiated 'Machine DOWN'";

/** Its tasks count as lost, whether it hears of this or not. */
export function shutDownAgent(context: MasterContext, agent: AgentRecord): void {
  context.outbox.send(agent.pid, ShutdownMessage, { message: STARTED });
  askRemoval(context, agent, { cause: STARTED });
}

/** Whether the agent that asks to be registered was told to end. */
export function turnedAway(context: MasterContext, pid: string, machine: MachineID): boolean {
  if (context.state.maintenance.machine(machineKeyOf(machine))?.mode !== 'DOWN') return false;
  context.options.log.warning(`Refusing agent at ${pid} (${machine.hostname}): its machine is DOWN`);
  context.outbox.send(pid, ShutdownMessage, { message: 'Machine is `DOWN`' });
  return true;
}

/** It had been asked to come when its machine went DOWN. */
export function endIfDown(context: MasterContext, agent: AgentRecord | undefined): void {
  if (agent === undefined || context.state.maintenance.machine(agent.machine)?.mode !== 'DOWN') return;
  shutDownAgent(context, agent);
}
