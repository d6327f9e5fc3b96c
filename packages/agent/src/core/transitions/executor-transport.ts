/**
 * How custom executors are told things: rules speak in events of the v1 executor API; an executor of the old driver gets
 * the libprocess message that says the same (kernel specification 4.4).
 */

import { must } from '@mesolite/base';
import {
  type ExecutorEvent,
  ExecutorRegisteredMessage,
  FrameworkToExecutorMessage,
  KillTaskMessage,
  ReconnectExecutorMessage,
  RunTaskMessage,
  ShutdownExecutorMessage,
  StatusUpdateAcknowledgementMessage,
} from '@mesolite/wire';
import { EXECUTOR_HEARTBEAT_MS } from '../options.ts';
import type { AgentState } from '../state/agent-state.ts';
import { type Executor, type ExecutorTransport, executorText } from '../state/executor.ts';
import { agentInfoV0 } from './agent-info.ts';
import { NO_PID, sendTo } from './messages.ts';

/** Takes the place of an older transport. */
export function attachExecutor(state: AgentState, executor: Executor, transport: ExecutorTransport): void {
  if (executor.transport?.kind === 'stream') {
    state.options.log.warning(`Closing the older connection of executor ${executorText(executor)}`);
    detachExecutor(state, executor);
  }
  executor.transport = transport;
  if (transport.kind === 'pid') {
    state.effect({ kind: 'link', to: transport.pid });
    return;
  }
  state.executorOfConnection.set(transport.connection, executor);
  expectHeartbeat(state, executor);
}

/** What is sent from now on is lost, until it is attached again. */
export function detachExecutor(state: AgentState, executor: Executor): void {
  executor.heartbeatDeadline = state.deadlines.cancel(executor.heartbeatDeadline);
  if (executor.transport?.kind === 'stream') {
    const { connection } = executor.transport;
    state.executorOfConnection.delete(connection);
    state.effect({ kind: 'close-stream', connection });
  }
  executor.transport = undefined;
}

/** Asks an executor that an earlier process of this agent knew by this pid to register again. */
export function reconnectExecutor(state: AgentState, executor: Executor, pid: string): void {
  attachExecutor(state, executor, { kind: 'pid', pid });
  sendTo(state, pid, ReconnectExecutorMessage, { agent_id: { value: must(state.agentId, 'agent id') } });
}

/** Tells a subscribed executor every half hour that it is not forgotten. */
export function heartbeat(state: AgentState, executor: Executor): void {
  if (executor.transport?.kind !== 'stream') return;
  sendToExecutor(state, executor, { type: 'HEARTBEAT' });
  expectHeartbeat(state, executor);
}

/** Lost when the executor is not attached; built-in executors are driven, not told. */
export function sendToExecutor(state: AgentState, executor: Executor, event: ExecutorEvent): void {
  const { transport } = executor;
  if (transport?.kind === 'stream') {
    state.effect({ kind: 'stream-event', connection: transport.connection, event });
  } else if (transport?.kind === 'pid') sendByPid(state, executor, transport.pid, event);
  else if (executor.builtIn === undefined) {
    state.options.log.warning(
      `Unable to send ${event.type} to executor ${executorText(executor)}: it is not connected`,
    );
  }
}

/** Who is not wanted, or not any more, is told to go. */
export function refuseExecutor(state: AgentState, pid: string): void {
  sendTo(state, pid, ShutdownExecutorMessage, {});
}

function sendByPid(state: AgentState, executor: Executor, pid: string, event: ExecutorEvent): void {
  const agent_id = { value: must(state.agentId, 'agent id') };
  const framework_id = { value: executor.frameworkId };
  const { subscribed, launch, kill, acknowledged, message } = event;
  if (subscribed !== undefined) {
    sendTo(state, pid, ExecutorRegisteredMessage, {
      executor_info: executor.info,
      framework_id,
      framework_info: subscribed.framework_info,
      agent_id,
      agent_info: agentInfoV0(state),
    });
  } else if (launch !== undefined) {
    const framework = must(state.frameworks.get(executor.frameworkId), 'framework of an executor');
    sendTo(state, pid, RunTaskMessage, {
      framework: framework.info,
      task: launch.task,
      // Drivers before 0.24 cannot read a launch without one.
      pid: framework.pid ?? NO_PID,
    });
  } else if (kill !== undefined) {
    const { task_id, kill_policy } = kill;
    sendTo(state, pid, KillTaskMessage, {
      framework_id,
      task_id,
      ...(kill_policy === undefined ? {} : { kill_policy }),
    });
  } else if (acknowledged !== undefined) {
    sendTo(state, pid, StatusUpdateAcknowledgementMessage, { agent_id, framework_id, ...acknowledged });
  } else if (message !== undefined) {
    const executor_id = { value: executor.id };
    sendTo(state, pid, FrameworkToExecutorMessage, { agent_id, framework_id, executor_id, data: message.data });
  } else if (event.type === 'SHUTDOWN') refuseExecutor(state, pid);
}

function expectHeartbeat(state: AgentState, executor: Executor): void {
  state.deadlines.cancel(executor.heartbeatDeadline);
  executor.heartbeatDeadline = state.deadlines.set(state.now.monotonicMs + EXECUTOR_HEARTBEAT_MS, {
    kind: 'executor-heartbeat',
    containerId: executor.containerId,
  });
}
