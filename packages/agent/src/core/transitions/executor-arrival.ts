/**
 * A custom executor comes: for the first time, or again after its connection broke or the agent was away. The same rules
 * for those that subscribe over HTTP and for those of the old driver.
 */
import type { TaskId } from '@mesolite/base';
import { type ExecutorEventAcknowledged, ExecutorReregisteredMessage, type TaskStatus } from '@mesolite/wire';
import type { AgentState } from '../state/agent-state.ts';
import { type Executor, type ExecutorTransport, executorText } from '../state/executor.ts';
import type { Framework } from '../state/framework.ts';
import { agentInfo, agentInfoV0 } from './agent-info.ts';
import { checkpointTransport } from './checkpoints.ts';
import { updateContainer } from './container-resources.ts';
import { attachExecutor, sendToExecutor } from './executor-transport.ts';
import { deliverQueuedTasks, executorStarted, shutdownExecutor } from './executors.ts';
import { sendTo } from './messages.ts';
import { droppedState, reportTask, takeUpdate } from './status-updates.ts';
import { isStreamFull } from './update-streams.ts';

/** What an executor brings with it. */
export interface Arrival {
  readonly transport: ExecutorTransport;
  /** An executor of the old driver that was known to an earlier process of this agent. */
  readonly again?: boolean;
  /** What it could not say before, or nobody acknowledged. */
  readonly updates: readonly TaskStatus[];
  /** Its tasks of which no update was acknowledged. */
  readonly tasks: readonly { readonly task_id: { readonly value: string } }[];
}

/** Takes in an executor that is expected, or here already. */
export function executorArrived(state: AgentState, framework: Framework, executor: Executor, arrival: Arrival): void {
  const { transport } = arrival;
  attachExecutor(state, executor, transport);
  executorStarted(state, executor);
  if (executor.checkpoint) checkpointTransport(state, executor, transport);
  const taken = catchUp(state, framework, executor, arrival);
  if (!executor.everSentTask && executor.queuedTasks.size === 0) {
    state.options.log.warning(
      `Executor ${executorText(executor)} has never been sent a task, and all its queued tasks were killed`,
    );
    shutdownExecutor(state, executor);
    return;
  }
  greet(state, framework, executor, arrival);
  for (const acknowledged of taken) sendToExecutor(state, executor, { type: 'ACKNOWLEDGED', acknowledged });
  updateContainer(state, executor);
  deliverQueuedTasks(state, executor);
}

function greet(state: AgentState, framework: Framework, executor: Executor, { transport, again }: Arrival): void {
  const info = agentInfo(state);
  if (transport.kind === 'pid' && again === true && info.id !== undefined) {
    sendTo(state, transport.pid, ExecutorReregisteredMessage, { agent_id: info.id, agent_info: agentInfoV0(state) });
    return;
  }
  sendToExecutor(state, executor, {
    type: 'SUBSCRIBED',
    subscribed: {
      executor_info: executor.info,
      framework_info: framework.info,
      agent_info: info,
      container_id: { value: executor.containerId },
    },
  });
}

/**
 * Takes what the executor could not say before; tasks it never got while we believed so are lost. Answers what is to be
 * acknowledged once the executor knows that it is taken in.
 */
function catchUp(
  state: AgentState,
  framework: Framework,
  executor: Executor,
  { updates, tasks }: Arrival,
): ExecutorEventAcknowledged[] {
  const taken: ExecutorEventAcknowledged[] = [];
  for (const status of updates) {
    // Not acknowledged, so the executor keeps it and tells it again.
    if (isStreamFull(state, framework.id, status)) continue;
    takeUpdate(state, { frameworkId: framework.id, executorId: executor.id, status }, 'executor');
    if (status.uuid !== undefined) taken.push({ task_id: status.task_id, uuid: status.uuid });
  }
  const known = new Set(tasks.map((task) => task.task_id.value));
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
