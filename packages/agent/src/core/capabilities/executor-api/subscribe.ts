/** SUBSCRIBE of a custom executor, the first one and those after a broken stream. */
import type { ExecutorCallSubscribe } from '@mesolite/wire';
import type { ConnectionId } from '../../inputs.ts';
import type { AgentState } from '../../state/agent-state.ts';
import { type Executor, executorText } from '../../state/executor.ts';
import type { Framework } from '../../state/framework.ts';
import { executorArrived } from '../../transitions/executor-arrival.ts';

export function subscribe(
  state: AgentState,
  connection: ConnectionId,
  framework: Framework,
  executor: Executor,
  call: ExecutorCallSubscribe,
): void {
  const { log } = state.options;
  log.info(`Received Subscribe request for HTTP executor ${executorText(executor)}`);
  state.effect({ kind: 'open-stream', connection });
  const going = executor.state === 'TERMINATING' || executor.state === 'TERMINATED';
  if (state.phase === 'TERMINATING' || framework.terminating || going) {
    log.warning(`Shutting down executor ${executorText(executor)}: it subscribed while it was being ended`);
    state.effect({ kind: 'stream-event', connection, event: { type: 'SHUTDOWN' } });
    state.effect({ kind: 'close-stream', connection });
    return;
  }
  executorArrived(state, framework, executor, {
    transport: { kind: 'stream', connection },
    updates: (call.unacknowledged_updates ?? []).map(({ status }) => status),
    tasks: call.unacknowledged_tasks ?? [],
  });
}
