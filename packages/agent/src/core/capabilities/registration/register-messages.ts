/** What the agent tells a master about itself: at first, and again with all that runs on it. */
import { must } from '@mesolite/base';
import {
  type ArchiveFramework,
  type ExecutorInfo,
  RegisterAgentMessage,
  ReregisterAgentMessage,
  type Task,
  UpdateAgentMessage,
} from '@mesolite/wire';
import type { AgentState } from '../../state/agent-state.ts';
import type { Executor } from '../../state/executor.ts';
import type { Framework } from '../../state/framework.ts';
import { agentInfoV0 } from '../../transitions/agent-info.ts';
import { downgradeResources } from '../../transitions/checkpoints.ts';
import { sendAttempt, sendToMaster } from '../../transitions/messages.ts';
import { createTask } from '../../transitions/tasks.ts';

/** Asks to be admitted, or, with an id, to be taken back with everything that runs here. */
export function sendRegistration(state: AgentState): void {
  if (state.leader === undefined) return;
  const { pid } = state.leader;
  state.registeredTotal = state.total;
  if (state.agentId === undefined) {
    sendAttempt(state, pid, RegisterAgentMessage, () => introduction(state));
    return;
  }
  sendAttempt(state, pid, ReregisterAgentMessage, () => everything(state));
}

function everything(state: AgentState): ReregisterAgentMessage {
  const frameworks = [...state.frameworks.values()];
  const executors = frameworks.flatMap((framework) => [...framework.executors.values()]);
  return {
    ...introduction(state),
    frameworks: frameworks.map(({ info }) => info),
    tasks: executors.flatMap(tasksOf).map(withOldResources),
    executor_infos: executors
      .filter(({ builtIn, state: phase }) => builtIn === undefined && phase !== 'TERMINATED')
      .map(({ info }) => withOldResources(info)),
    completed_frameworks: [...state.completedFrameworks.values()].map(archive),
  };
}

/** Tells the master which state of our resources launches are to be made for, and the operations it has to hear of. */
export function sendResourceVersion(state: AgentState): void {
  sendToMaster(state, UpdateAgentMessage, {
    agent_id: { value: must(state.agentId, 'agent id') },
    update_oversubscribed_resources: false,
    operations: { operations: state.operations.messages() },
    resource_version_uuid: { value: state.resourceVersion },
    resource_providers: {},
  });
}

function introduction(state: AgentState): RegisterAgentMessage {
  const { options } = state;
  const info = agentInfoV0(state);
  return {
    agent: { ...info, resources: downgradeResources(info.resources) },
    checkpointed_resources: downgradeResources(state.checkpointed.toProto()),
    version: options.version,
    agent_capabilities: options.capabilities.map((type) => ({ type })),
    resource_version_uuid: { value: state.resourceVersion },
  };
}

function tasksOf(executor: Executor): Task[] {
  const queued = [...executor.queuedTasks.values()].map((task) =>
    createTask(task, 'TASK_STAGING', executor.frameworkId),
  );
  return [...executor.launchedTasks.values(), ...executor.terminatedTasks.values(), ...queued];
}

function archive(framework: Framework): ArchiveFramework {
  const executors = [...framework.completedExecutors];
  return {
    framework_info: framework.info,
    ...(framework.pid === undefined ? {} : { pid: framework.pid }),
    tasks: executors
      .flatMap(({ terminatedTasks, completedTasks }) => [...terminatedTasks.values(), ...completedTasks])
      .map(withOldResources),
  };
}

function withOldResources<M extends Task | ExecutorInfo>(message: M): M {
  return { ...message, resources: downgradeResources(message.resources) };
}
