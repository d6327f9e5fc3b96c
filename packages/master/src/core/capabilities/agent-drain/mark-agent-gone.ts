/** An operator says that an agent will never come back. */
import type { Handler } from '../../context.ts';
import { MAX_PENDING } from '../../options.ts';
import { askGone } from '../../transitions/agent-gone.ts';
import { goneRefusal } from './drain-rules.ts';

export const markAgentGone: Handler<'mark-agent-gone'> = (context, { connection, agentId }) => {
  const { agents, pending } = context.state;
  if (agents.gone.has(agentId)) {
    context.outbox.reply(connection, 200);
    return;
  }
  const refusal =
    goneRefusal(context, agentId) ??
    (pending.size < MAX_PENDING ? undefined : { status: 503, text: 'Too many changes wait for the registry' });
  if (refusal !== undefined) context.outbox.reply(connection, refusal.status, refusal.text);
  else askGone(context, agentId, connection);
};
