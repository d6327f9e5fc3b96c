/** Messages on their way out, by libprocess. */
import { type MessageType, wireName } from '@mesolite/wire';
import type { AgentState } from '../state/agent-state.ts';

export function sendTo<M extends object>(state: AgentState, to: string, type: MessageType<M>, message: M): void {
  state.effect({ kind: 'send', to, name: wireName(type), body: type.encode(message) });
}

/** For messages that promise nothing: they do not wait for the disk. */
export function sendAtOnce<M extends object>(state: AgentState, to: string, type: MessageType<M>, message: M): void {
  state.effect({ kind: 'send', to, name: wireName(type), body: type.encode(message), urgent: true });
}

/**
 * An attempt to register: after what it tells of is on disk, and unless another one, or an answer, came meanwhile. The
 * message is made anew only when something has changed: it tells of all that runs and ran, and a master may be long away.
 */
export function sendAttempt<M extends object>(
  state: AgentState,
  to: string,
  type: MessageType<M>,
  message: () => M,
): void {
  const attempt = ++state.registrationAttempt;
  const { changes, lastRegistration: last } = state;
  const name = wireName(type);
  const body = last?.changes === changes && last.name === name ? last.body : type.encode(message());
  state.lastRegistration = { changes, name, body };
  state.effect({ kind: 'send', to, name, body, attempt });
}

/** False, sending nothing, while nobody leads. */
export function sendToMaster<M extends object>(state: AgentState, type: MessageType<M>, message: M): boolean {
  if (state.leader === undefined) return false;
  sendTo(state, state.leader.pid, type, message);
  return true;
}

/** Stands for the pid of a scheduler that speaks HTTP. */
export const NO_PID = '@0.0.0.0:0';

/** The pid of a scheduler that speaks libprocess; the empty one stands for those that speak HTTP. */
export function frameworkPid(pid: string | undefined): string | undefined {
  return pid === undefined || pid === '' || pid.startsWith('@') ? undefined : pid;
}
