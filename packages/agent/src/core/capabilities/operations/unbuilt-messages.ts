/**
 * Messages of masters about what this agent does not do yet. The capabilities it announces tell masters so; what comes
 * all the same is said aloud in the log and changes nothing.
 */
import type { MasterInput } from '../../inputs.ts';
import type { AgentState } from '../../state/agent-state.ts';

export function refuseUnbuilt(state: AgentState, { kind, from }: MasterInput): void {
  state.options.log.error(`Ignoring '${kind}' from ${from}: this agent was not announced as capable of it`);
}
