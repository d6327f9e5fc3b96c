/** The agent as others see it. */
import type { AgentInfo, AgentInfoV0 } from '@mesolite/wire';
import type { AgentState } from '../state/agent-state.ts';

/** Resources as the flags give them, in the post-refinement format; the id once the master gave one. */
export function agentInfo(state: AgentState): AgentInfo {
  const { hostname, port, attributes, domain } = state.options;
  return {
    hostname,
    port,
    resources: state.given.toProto(),
    attributes: [...attributes],
    ...(state.agentId === undefined ? {} : { id: { value: state.agentId } }),
    ...(domain === undefined ? {} : { domain }),
  };
}

/** As the master wants it. Agents always announce that they checkpoint. */
export function agentInfoV0(state: AgentState): AgentInfoV0 {
  return { ...agentInfo(state), checkpoint: true };
}
