/**
 * Calls of custom executors over HTTP, valid in shape. Refusals are the original's.
 *
 * Departs from Mesos: a repeated update is acknowledged without touching the task; an executor whose unacknowledged
 * updates reach a bound is asked to come back later.
 */
import type { ExecutorId, FrameworkId } from '@mesolite/base';
import type { ExecutorCall } from '@mesolite/wire';
import type { ConnectionId, InputOf } from '../../inputs.ts';
import type { AgentState } from '../../state/agent-state.ts';
import { type Executor, executorText } from '../../state/executor.ts';
import type { Framework } from '../../state/framework.ts';
import { sendToExecutor } from '../../transitions/executor-transport.ts';
import { messageFramework } from '../../transitions/framework-data.ts';
import { takeUpdate } from '../../transitions/status-updates.ts';
import { isStreamFull } from '../../transitions/update-streams.ts';
import { subscribe } from './subscribe.ts';

export function executorCalled(state: AgentState, { connection, call }: InputOf<'executor-called'>): void {
  if (call.type === 'HEARTBEAT') {
    reply(state, connection, 202);
    return;
  }
  if (state.recoveringContainers) {
    reply(state, connection, 503, 'Agent has not finished recovery');
    return;
  }
  const framework = state.frameworks.get(call.framework_id.value as FrameworkId);
  const executor = framework?.executors.get(call.executor_id.value as ExecutorId);
  if (framework === undefined) reply(state, connection, 400, 'Framework cannot be found');
  else if (executor === undefined) reply(state, connection, 400, 'Executor cannot be found');
  else if (executor.builtIn !== undefined) reply(state, connection, 403, 'Executor is built into the agent');
  else if (call.type === 'SUBSCRIBE') subscribe(state, connection, framework, executor, call.subscribe ?? {});
  else if (executor.state === 'REGISTERING') reply(state, connection, 403, 'Executor is not subscribed');
  else answer(state, connection, framework, executor, call);
}

function answer(
  state: AgentState,
  connection: ConnectionId,
  framework: Framework,
  executor: Executor,
  call: ExecutorCall,
): void {
  if (call.type === 'UPDATE' && call.update !== undefined) {
    const { status } = call.update;
    if (isStreamFull(state, framework.id, status)) {
      reply(
        state,
        connection,
        503,
        `Too many updates of task '${status.task_id.value}' wait for their acknowledgement`,
      );
      return;
    }
    takeUpdate(state, { frameworkId: framework.id, executorId: executor.id, status }, 'executor');
    reply(state, connection, 202);
    if (status.uuid !== undefined) {
      sendToExecutor(state, executor, {
        type: 'ACKNOWLEDGED',
        acknowledged: { task_id: status.task_id, uuid: status.uuid },
      });
    }
  } else if (call.type === 'MESSAGE' && call.message !== undefined) {
    messageFramework(state, framework, executor.id, call.message.data);
    reply(state, connection, 202);
  } else reply(state, connection, 501);
}

/** The stream of an executor is gone; it may come back until the agent learns of its end. */
export function streamClosed(state: AgentState, { connection }: InputOf<'executor-stream-closed'>): void {
  const executor = state.executorOfConnection.get(connection);
  if (executor === undefined) return;
  state.executorOfConnection.delete(connection);
  const { transport } = executor;
  if (transport?.kind !== 'stream' || transport.connection !== connection) return;
  state.options.log.info(`Executor ${executorText(executor)} disconnected`);
  executor.transport = undefined;
  executor.heartbeatDeadline = state.deadlines.cancel(executor.heartbeatDeadline);
}

function reply(state: AgentState, connection: ConnectionId, status: number, text?: string): void {
  state.effect({ kind: 'reply', connection, status, ...(text === undefined ? {} : { text }) });
}
