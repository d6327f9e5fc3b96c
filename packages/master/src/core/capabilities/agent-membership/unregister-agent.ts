/** An agent says goodbye. */
import type { AgentId } from '@mesolite/base';
import type { Handler } from '../../context.ts';
import { askRemoval } from '../../transitions/agent-removal.ts';

export const unregisterAgent: Handler<'unregister-agent'> = (context, { from, message }) => {
  context.counters.add('unregisterAgentMessages');
  const agent = context.state.agents.registered.get(message.agent_id.value as AgentId);
  if (agent === undefined || agent.pid !== from) {
    context.options.log.warning(
      `Ignoring unregistration from ${from}: ${agent === undefined ? 'no such agent' : `the agent is at ${agent.pid}`}`,
    );
    return;
  }
  askRemoval(context, agent, { cause: 'the agent unregistered', counter: 'agentRemovalsUnregistered' });
};
