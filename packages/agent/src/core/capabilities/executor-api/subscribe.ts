/** SUBSCRIBE of a custom executor, the first one and those after a broken stream. */
import type { TaskId } from '@mesolite/base';
import type { ExecutorCallSubscribe, ExecutorEventAcknowledged } from '@mesolite/wire';
import type { ConnectionId } from '../../inputs.ts';
import { EXECUTOR_HEARTBEAT_MS } from '../../options.ts';
import type { AgentState } from '../../state/agent-state.ts';
import { type Executor, executorText } from '../../state/executor.ts';
import type { Framework } from '../../state/framework.ts';
import { agentInfo } from '../../transitions/agent-info.ts';
import { checkpointHttpMarker } from '../../transitions/checkpoints.ts';
import { updateContainer } from '../../transitions/container-resources.ts';
import { deliverQueuedTasks, executorStarted, shutdownExecutor } from '../../transitions/executors.ts';
import { sendToExecutor } from '../../transitions/messages.ts';
import { droppedState, reportTask, takeUpdate } from '../../transitions/status-updates.ts';
import { isStreamFull } from '../../transitions/update-streams.ts';

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
  attach(state, executor, connection);
  executorStarted(state, executor);
  if (executor.checkpoint) checkpointHttpMarker(state, executor);
  const taken = catchUp(state, framework, executor, call);
  if (!executor.everSentTask && executor.queuedTasks.size === 0) {
    log.warning(`Executor ${executorText(executor)} has never been sent a task, and all its queued tasks were killed`);
    shutdownExecutor(state, executor);
    return;
  }
  sendToExecutor(state, executor, {
    type: 'SUBSCRIBED',
    subscribed: {
      executor_info: executor.info,
      framework_info: framework.info,
      agent_info: agentInfo(state),
      container_id: { value: executor.containerId },
    },
  });
  for (const acknowledged of taken) sendToExecutor(state, executor, { type: 'ACKNOWLEDGED', acknowledged });
  updateContainer(state, executor);
  deliverQueuedTasks(state, executor);
}

export function heartbeat(state: AgentState, executor: Executor): void {
  if (executor.connection === undefined) return;
  sendToExecutor(state, executor, { type: 'HEARTBEAT' });
  expectHeartbeat(state, executor);
}

/** The new stream takes the place of an older one. */
function attach(state: AgentState, executor: Executor, connection: ConnectionId): void {
  if (executor.connection !== undefined) {
    state.options.log.warning(`Closing the older connection of executor ${executorText(executor)}`);
    state.executorOfConnection.delete(executor.connection);
    state.effect({ kind: 'close-stream', connection: executor.connection });
  }
  executor.connection = connection;
  state.executorOfConnection.set(connection, executor);
  expectHeartbeat(state, executor);
}

function expectHeartbeat(state: AgentState, executor: Executor): void {
  state.deadlines.cancel(executor.heartbeatDeadline);
  executor.heartbeatDeadline = state.deadlines.set(state.now.monotonicMs + EXECUTOR_HEARTBEAT_MS, {
    kind: 'executor-heartbeat',
    containerId: executor.containerId,
  });
}

/**
 * Takes what the executor could not say before; tasks it never got while we believed so are lost. Answers what is to be
 * acknowledged once the executor knows that it is subscribed.
 */
function catchUp(
  state: AgentState,
  framework: Framework,
  executor: Executor,
  call: ExecutorCallSubscribe,
): ExecutorEventAcknowledged[] {
  const taken: ExecutorEventAcknowledged[] = [];
  for (const { status } of call.unacknowledged_updates ?? []) {
    // Not acknowledged, so the executor keeps it and tells it again.
    if (isStreamFull(state, framework.id, status)) continue;
    takeUpdate(state, { frameworkId: framework.id, executorId: executor.id, status }, 'executor');
    if (status.uuid !== undefined) taken.push({ task_id: status.task_id, uuid: status.uuid });
  }
  const known = new Set((call.unacknowledged_tasks ?? []).map((task) => task.task_id.value));
  for (const task of [...executor.launchedTasks.values()]) {
    if (task.state !== 'TASK_STAGING' || known.has(task.task_id.value)) continue;
    reportTask(
      state,
      framework,
      { taskId: task.task_id.value as TaskId, executorId: executor.id },
      {
        state: droppedState(framework),
        message: 'Task launched during agent restart',
        reason: 'REASON_AGENT_RESTARTED',
      },
    );
  }
  return taken;
}
