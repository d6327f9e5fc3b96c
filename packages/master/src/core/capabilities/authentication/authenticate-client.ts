/**
 * Drivers and agents prove who they are before they register (kernel specification 4.6). The conversation itself is the
 * host's; here is known who is in the middle of it, who has come through, and what that means for registrations.
 */
import { AuthenticationErrorMessage } from '@mesolite/wire';
import type { Handler, MasterContext } from '../../context.ts';
import { pidAddress } from '../../pid-address.ts';

/** An earlier proof of the client counts no more, and what waited for an earlier attempt is dropped: it comes again. */
export const authenticateClient: Handler<'authenticate-client'> = (context, { from, message: { pid } }) => {
  const { options, state, outbox } = context;
  context.counters.add('authenticateMessages');
  const refuse = (error: string): void => {
    options.log.warning(`Not authenticating ${pid.slice(0, 200)}: ${error}`);
    outbox.send(from, AuthenticationErrorMessage, { error });
  };
  if (pidAddress(pid) === undefined) refuse('The pid of the client has no address');
  else if (options.authenticates !== true) {
    state.clients.forget(pid);
    refuse('No authenticator loaded');
  } else if (!state.clients.begin(pid)) refuse('Too many clients are being authenticated');
  else outbox.push({ kind: 'authenticate-client', client: pid, peer: from });
};

export const clientAuthenticated: Handler<'client-authenticated'> = ({ options, state }, { pid, principal }) => {
  options.log.info(`Authenticated principal '${principal}' at ${pid}`);
  state.clients.end(pid, principal)?.();
};

/** What it asked for meanwhile is judged now, as that of somebody unknown. */
export const clientRefused: Handler<'client-refused'> = ({ options, state }, { pid }) => {
  options.log.warning(`${pid} has not proved who it is`);
  state.clients.end(pid, undefined)?.();
};

/** An agent's registration waits for its authentication, and is ignored without one where it is required: it comes again. */
export function authenticatedAgent<I extends { readonly from: string }>(
  handler: (context: MasterContext, input: I) => void,
): (context: MasterContext, input: I) => void {
  const gated = (context: MasterContext, input: I): void => {
    const { options, state } = context;
    if (state.clients.isAuthenticating(input.from)) {
      state.clients.hold(input.from, () => gated(context, input));
      return;
    }
    if (options.authenticateAgents === true && state.clients.principal(input.from) === undefined) {
      options.log.warning(`Refusing registration of agent at ${input.from} because it is not authenticated`);
      return;
    }
    handler(context, input);
  };
  return gated;
}
