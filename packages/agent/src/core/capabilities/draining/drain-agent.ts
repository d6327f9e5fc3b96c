/** DrainAgent of the master, which repeats it at every re-registration until the agent is empty. */
import type { InputOf } from '../../inputs.ts';
import type { AgentState } from '../../state/agent-state.ts';
import { beginDraining } from '../../transitions/begin-draining.ts';

export function drainAgent(state: AgentState, { message }: InputOf<'drain-agent'>): void {
  if (state.agentId === undefined || state.phase === 'TERMINATING') {
    state.options.log.warning(`Ignoring the order to drain: the agent is ${state.phase}`);
    return;
  }
  beginDraining(state, message.config);
}
