/**
 * What an agent said before it registered anew, and what comes only afterwards: the bytes of a connection that broke may
 * still arrive, beside those of the next one. Its registration told how things stand; older words would undo that.
 *
 * Departs from Mesos, which takes whatever arrives.
 */
import type { MasterContext } from '../../context.ts';

interface AgentMessage {
  readonly kind: string;
  readonly from: string;
  readonly connection?: number | undefined;
}

type AgentHandler<I> = (context: MasterContext, input: I) => void;

/** For messages of agents. */
export function unlessOutdated<I extends AgentMessage>(handler: AgentHandler<I>): AgentHandler<I> {
  return (context, input) => {
    const { kind, from, connection } = input;
    const registeredOver = context.state.agents.registeredOver.get(from);
    if (connection === undefined || registeredOver === undefined || connection >= registeredOver)
      handler(context, input);
    else context.options.log.warning(`Ignoring '${kind}' from ${from}: it was sent before its registration`);
  };
}

/** For registrations: what came before over another connection is outdated from now on. */
export function registration<I extends AgentMessage>(handler: AgentHandler<I>): AgentHandler<I> {
  return unlessOutdated((context, input) => {
    if (input.connection !== undefined) context.state.agents.registeredOver.set(input.from, input.connection);
    handler(context, input);
  });
}
