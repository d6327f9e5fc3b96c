/** Pings come due, pongs come in. An agent that leaves too many in a row unanswered is given up. */
import type { DeadlineHandler, Handler } from '../../context.ts';
import { giveUpAgent, keepAgent, pingAgent } from '../../transitions/agent-pings.ts';

export const pongReceived: Handler<'pong-received'> = (context, { observer }) => {
  const agent = context.state.agents.byObserver(observer);
  if (agent === undefined) return;
  agent.missedPings = 0;
  agent.pongReceived = true;
  keepAgent(context, agent.id);
};

/** Pinging goes on while the agent is being given up: it may answer yet. */
export const pingDue: DeadlineHandler<'ping-agent'> = (context, { observer }) => {
  const agent = context.state.agents.byObserver(observer);
  if (agent === undefined) return;
  if (!agent.pongReceived) {
    agent.missedPings++;
    if (agent.missedPings >= context.options.maxAgentPingTimeouts)
      giveUpAgent(context, agent.id, 'health check timed out');
  }
  pingAgent(context, agent);
};
