/**
 * Proving to the master who the agent is, before it registers (kernel specification 4.6): attempts of a random length in
 * [min, max], where max grows with each up to its bound. A refusal is final; everything else is tried again.
 *
 * Departs from Mesos: after an error it waits a while, instead of asking again at once; a broken link between the
 * authentication and the answer to the registration begins anew, as the master has forgotten by then; so does a
 * registration that stays unanswered for minutes.
 */
import type { InputOf } from '../../inputs.ts';
import type { AgentState } from '../../state/agent-state.ts';
import { register } from './registration.ts';

/** Begins an attempt. */
export function authenticate(state: AgentState): void {
  const { options, authentication, leader } = state;
  if (options.authentication === undefined || state.phase !== 'DISCONNECTED' || leader === undefined) return;
  const { timeoutMinMs } = options.authentication;
  options.log.info(`Authenticating with master ${leader.pid}`);
  authentication.attempt++;
  authentication.state = 'trying';
  state.effect({ kind: 'link', to: leader.pid });
  state.effect({ kind: 'authenticate', attempt: authentication.attempt, master: leader.pid });
  const timeoutMs = timeoutMinMs + (authentication.timeoutMaxMs - timeoutMinMs) * options.random.next();
  authentication.deadline = state.deadlines.set(state.now.monotonicMs + timeoutMs, { kind: 'authentication-overdue' });
}

export function authenticationOverdue(state: AgentState): void {
  if (state.authentication.state !== 'trying') return;
  state.options.log.warning(`Authentication with master ${state.leader?.pid} timed out`);
  growTimeout(state);
  authenticate(state);
}

export function authenticationEnded(state: AgentState, { attempt, outcome }: InputOf<'authentication-ended'>): void {
  const { authentication, leader, options } = state;
  if (attempt !== authentication.attempt || authentication.state !== 'trying' || leader === undefined) return;
  authentication.deadline = state.deadlines.cancel(authentication.deadline);
  switch (outcome.kind) {
    case 'accepted':
      options.log.info(`Successfully authenticated with master ${leader.pid}`);
      authentication.state = 'accepted';
      register(state);
      return;
    case 'refused': {
      authentication.state = 'none';
      const text = `Master ${leader.pid} refused authentication`;
      // Not a shutdown: what runs here may go on.
      state.effect({ kind: 'exit', code: 1, text });
      return;
    }
    case 'error': {
      options.log.warning(`Failed to authenticate with master ${leader.pid}: ${outcome.text}`);
      authentication.state = 'waiting';
      growTimeout(state);
      const waitMs =
        (authentication.timeoutMaxMs - (options.authentication?.timeoutMinMs ?? 0)) * options.random.next();
      authentication.deadline = state.deadlines.set(state.now.monotonicMs + waitMs, { kind: 'authenticate' });
    }
  }
}

function growTimeout({ authentication, options }: AgentState): void {
  const { timeoutMinMs = 0, timeoutMaxMs = 0 } = options.authentication ?? {};
  const doubledMs = timeoutMinMs + (authentication.timeoutMaxMs - timeoutMinMs) * 2;
  authentication.timeoutMaxMs = Math.min(doubledMs, timeoutMaxMs);
}
