/** Carries out what follows from demands of operators: so much in one turn that nobody else waits long, then the next. */
import type { MasterContext } from '../context.ts';
import type { ConnectionId } from '../inputs.ts';
import type { AgentRecord } from '../state/agents.ts';
import type { OperatorWork } from '../state/operator-work.ts';
import { shutDownAgent } from './machine-down.ts';
import { MOST_ENDED_AT_ONCE, rescindOffer } from './offers.ts';
import { learnAnew } from './unavailability.ts';

/** Begins at once, unless earlier work is not done yet. When all of this is, the connection is answered 200. */
export function workForOperator(
  context: MasterContext,
  connection: ConnectionId,
  parts: readonly OperatorWork[],
): void {
  const { operatorWork } = context.state;
  operatorWork.add([...parts, { kind: 'answer', connection }]);
  if (!operatorWork.turnAsked) goOnWorking(context);
}

export function goOnWorking(context: MasterContext): void {
  const { operatorWork, deadlines } = context.state;
  operatorWork.turnAsked = false;
  let ended = 0;
  while (operatorWork.size > 0 && ended < MOST_ENDED_AT_ONCE) {
    const part = operatorWork.next();
    if (part !== undefined) ended += work(context, part);
  }
  if (operatorWork.size === 0) return;
  operatorWork.turnAsked = true;
  deadlines.set(context.now.monotonicMs, { kind: 'operator-work' });
}

/** How much it was, in offers ended. Nothing is to be done about offers and agents that have gone meanwhile. */
function work(context: MasterContext, part: OperatorWork): number {
  const { agents, offers } = context.state;
  switch (part.kind) {
    case 'answer':
      context.outbox.reply(part.connection, 200);
      return 0;
    case 'rescind-offer':
      if (offers.get(part.offer.id) === part.offer) rescindOffer(context, part.offer);
      return 1;
    case 'tell-unavailability': {
      if (agents.registered.get(part.agent.id) !== part.agent) return 1;
      const offered = offersAbout(context, part.agent);
      learnAnew(context, part.agent);
      return 1 + offered;
    }
    case 'shut-down-agent':
      if (agents.registered.get(part.agent.id) === part.agent) shutDownAgent(context, part.agent);
      return 1;
  }
}

function offersAbout({ state }: MasterContext, agent: AgentRecord): number {
  return agent.offers.size + state.inverseOffers.onAgent(agent.id).length;
}
