/** What a master says about frameworks and executors as a whole, and what schedulers say to executors. */
import type { ExecutorId, FrameworkId } from '@mesolite/base';
import type { InputOf } from '../../inputs.ts';
import { frameworkPaths } from '../../paths.ts';
import type { AgentState } from '../../state/agent-state.ts';
import { checkpointFramework } from '../../transitions/checkpoints.ts';
import { sendToExecutor } from '../../transitions/executor-transport.ts';
import { shutdownExecutor } from '../../transitions/executors.ts';
import { frameworkPid } from '../../transitions/messages.ts';
import { shutdownFramework } from '../../transitions/shutdown-framework.ts';
import { resumeUpdates } from '../../transitions/update-streams.ts';

export function frameworkShutdown(state: AgentState, { message }: InputOf<'shutdown-framework'>): void {
  const id = message.framework_id.value as FrameworkId;
  if (state.phase === 'DISCONNECTED') {
    state.options.log.warning(`Ignoring shutdown of framework ${id}: the agent is not registered`);
    return;
  }
  const framework = state.frameworks.get(id);
  if (framework !== undefined) shutdownFramework(state, framework);
}

export function executorShutdown(state: AgentState, { message }: InputOf<'shutdown-executor'>): void {
  const { log } = state.options;
  const frameworkId = (message.framework_id?.value ?? '') as FrameworkId;
  const executorId = (message.executor_id?.value ?? '') as ExecutorId;
  const framework = state.frameworks.get(frameworkId);
  const executor = framework?.executors.get(executorId);
  const obstacle =
    state.phase === 'DISCONNECTED'
      ? 'the agent is not registered'
      : framework === undefined
        ? 'its framework is unknown'
        : framework.terminating
          ? 'its framework is terminating'
          : executor === undefined
            ? 'it is unknown'
            : executor.state === 'TERMINATING' || executor.state === 'TERMINATED'
              ? `it is ${executor.state.toLowerCase()}`
              : undefined;
  if (executor === undefined || obstacle !== undefined) {
    log.warning(`Ignoring shutdown of executor '${executorId}' of framework ${frameworkId}: ${obstacle}`);
    return;
  }
  shutdownExecutor(state, executor);
}

/** The framework subscribed (again), or changed what it says of itself. */
export function frameworkUpdated(state: AgentState, { message }: InputOf<'update-framework'>): void {
  const id = message.framework_id.value as FrameworkId;
  if (!state.registered) {
    state.counters.invalidFrameworkMessages.add();
    return;
  }
  const framework = state.frameworks.get(id);
  if (framework === undefined || framework.terminating) return;
  state.options.log.info(`Updating info for framework ${id}`);
  if (message.framework_info !== undefined) framework.info = message.framework_info;
  framework.pid = frameworkPid(message.pid);
  if (framework.info.checkpoint === true) checkpointFramework(state, framework, frameworkPaths(state, id).meta);
  resumeUpdates(state, id);
}

/** Data from a scheduler, by way of the master or straight from a driver. */
export function executorMessaged(state: AgentState, { message }: InputOf<'message-executor'>): void {
  const frameworkId = message.framework_id.value as FrameworkId;
  const executorId = message.executor_id.value as ExecutorId;
  const framework = state.frameworks.get(frameworkId);
  const executor = framework?.executors.get(executorId);
  if (!state.registered || framework === undefined || framework.terminating || executor?.state !== 'RUNNING') {
    state.options.log.warning(
      `Dropping message of framework ${frameworkId} for executor '${executorId}': it is not running here`,
    );
    state.counters.invalidFrameworkMessages.add();
    return;
  }
  sendToExecutor(state, executor, { type: 'MESSAGE', message: { data: message.data } });
  state.counters.validFrameworkMessages.add();
}
