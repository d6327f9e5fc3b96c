/**
 * Pings of the master: answered always; their absence, or a master that takes us for disconnected, means to register anew.
 *
 * Departs from Mesos: so does a broken link; the original waits for the pings to stay away. Messages that nobody repeats
 * may have been lost with the link, and what they would have freed in the master would stay taken.
 */
import { PongAgentMessage } from '@mesolite/wire';
import type { InputOf } from '../../inputs.ts';
import type { AgentState } from '../../state/agent-state.ts';
import { sendAtOnce } from '../../transitions/messages.ts';
import { pingExpected } from './registration.ts';

export function pinged(state: AgentState, { from, message }: InputOf<'ping-received'>): void {
  if (!message.connected && state.registered) {
    state.options.log.info('The master takes this agent for disconnected: registering again');
    state.effect({ kind: 'detect-leader' });
  }
  if (state.registered) pingExpected(state);
  sendAtOnce(state, from, PongAgentMessage, {});
}

export function pingMissed(state: AgentState): void {
  if (!state.registered) return;
  state.options.log.info(`No pings from master received within ${state.pingTimeoutMs / 1000} s: registering again`);
  state.effect({ kind: 'detect-leader' });
}

/** Attempts that find nobody break their link too: only the first one counts, the rest is backoff. */
export function linkExited(state: AgentState, { pid }: InputOf<'link-exited'>): void {
  // Of executors the end of the container tells; until then they are written to as before.
  if (state.leader?.pid !== pid || !(state.registered || state.authentication.state === 'accepted')) return;
  state.options.log.warning('Master disconnected! Registering again');
  state.effect({ kind: 'detect-leader' });
}
