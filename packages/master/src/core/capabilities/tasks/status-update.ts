/**
 * An agent tells of a task. Forwarded as it is; the agent sends it again until the scheduler has acknowledged it, so an
 * update that nobody can take is simply left to come again.
 */
import type { AgentId, FrameworkId, TaskId } from '@mesolite/base';
import type { StatusUpdate, TaskState, TaskStatus } from '@mesolite/wire';
import type { Handler } from '../../context.ts';
import { isConnected } from '../../state/frameworks.ts';
import { executorHeardOf } from '../../transitions/executors.ts';
import { sendUpdate } from '../../transitions/framework-events.ts';
import { applyStatus } from '../../transitions/tasks.ts';

/** States only a master knows: an agent that sends them would make the books wrong. */
const NOT_FROM_AGENTS: ReadonlySet<TaskState> = new Set<TaskState>(['TASK_UNREACHABLE', 'TASK_UNKNOWN']);

export const statusUpdated: Handler<'status-updated'> = (context, { from, message }) => {
  const { update } = message;
  const { state, counters, options } = context;
  counters.add('statusUpdateMessages');
  const invalid = (reason: string): void => {
    counters.add('invalidStatusUpdates');
    options.log.warning(`Ignoring status update of task ${update.status.task_id.value} from ${from}: ${reason}`);
  };
  const agent = state.agents.registered.get(update.agent_id?.value as AgentId);
  if (agent === undefined) return invalid(`agent ${update.agent_id?.value} is not registered`);
  if (agent.pid !== from) return invalid(`agent ${agent.id} is at ${agent.pid}`);
  if (update.uuid?.length !== 16) return invalid('its uuid must have 16 bytes');
  const shown = NOT_FROM_AGENTS.has(update.status.state) ? update.status.state : update.latest_state;
  if (shown !== undefined && NOT_FROM_AGENTS.has(shown)) return invalid(`${shown} is for masters to say`);
  const framework = state.frameworks.registered.get(update.framework_id.value as FrameworkId);
  const task = agent.tasks.get(update.framework_id.value as FrameworkId)?.get(update.status.task_id.value as TaskId);
  const forwarded = framework !== undefined && isConnected(framework);
  if (forwarded) {
    if (task !== undefined) {
      task.statusUpdateState = update.status.state;
      task.statusUpdateUuid = update.uuid;
    }
    sendUpdate(context, framework, shownStatus(update), { ...message, pid: message.pid ?? from });
  }
  if (task !== undefined) {
    // Executors need not say when; readers of the task want to know.
    const status = { ...update.status, timestamp: update.status.timestamp ?? update.timestamp };
    applyStatus(context, task, status, update.latest_state);
    if (framework !== undefined && task.executorId !== undefined)
      executorHeardOf(context, agent, framework, { id: task.executorId, status });
  }
  if (!forwarded)
    return invalid(framework === undefined ? 'the framework is unknown' : 'the framework is disconnected');
  if (task === undefined) return invalid('the task is unknown');
  counters.add('validStatusUpdates');
};

/** The envelope is right about agent, executor and uuid, whatever the executor wrote into the status. */
function shownStatus(update: StatusUpdate): TaskStatus {
  return {
    ...update.status,
    agent_id: update.agent_id ?? update.status.agent_id,
    executor_id: update.executor_id ?? update.status.executor_id,
    timestamp: update.timestamp,
    uuid: update.uuid,
  };
}
