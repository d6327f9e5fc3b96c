/** Messages on their way out: to the master, to frameworks, to executors. */
import { type ExecutorEvent, type MessageType, wireName } from '@mesolite/wire';
import type { AgentState } from '../state/agent-state.ts';
import { type Executor, executorText } from '../state/executor.ts';

export function sendTo<M extends object>(state: AgentState, to: string, type: MessageType<M>, message: M): void {
  state.effect({ kind: 'send', to, name: wireName(type), body: type.encode(message) });
}

/** For messages that promise nothing: they do not wait for the disk. */
export function sendAtOnce<M extends object>(state: AgentState, to: string, type: MessageType<M>, message: M): void {
  state.effect({ kind: 'send', to, name: wireName(type), body: type.encode(message), urgent: true });
}

/** False, sending nothing, while nobody leads. */
export function sendToMaster<M extends object>(state: AgentState, type: MessageType<M>, message: M): boolean {
  if (state.leader === undefined) return false;
  sendTo(state, state.leader.pid, type, message);
  return true;
}

/** Lost when the executor has no stream; built-in executors are driven, not told. */
export function sendToExecutor(state: AgentState, executor: Executor, event: ExecutorEvent): void {
  if (executor.connection !== undefined) state.effect({ kind: 'stream-event', connection: executor.connection, event });
  else if (executor.builtIn === undefined) {
    state.options.log.warning(
      `Unable to send ${event.type} to executor ${executorText(executor)}: it is not connected`,
    );
  }
}

/** The pid of a scheduler that speaks libprocess; the empty one stands for those that speak HTTP. */
export function frameworkPid(pid: string | undefined): string | undefined {
  return pid === undefined || pid === '' || pid.startsWith('@') ? undefined : pid;
}
