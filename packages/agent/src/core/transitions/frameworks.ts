/** Frameworks that come to this agent with their first task and go with their last executor. */
import { type FrameworkId, RingBuffer } from '@mesolite/base';
import type { FrameworkInfo } from '@mesolite/wire';
import { frameworkPaths, metaAgentPaths } from '../paths.ts';
import type { AgentState } from '../state/agent-state.ts';
import type { Framework } from '../state/framework.ts';
import { checkpointFramework } from './checkpoints.ts';
import { drainedIfEmpty } from './draining.ts';
import { discardPath, keepPath } from './garbage.ts';
import { closeStreams } from './update-streams.ts';

export function addFramework(state: AgentState, info: FrameworkInfo, pid: string | undefined): Framework {
  const id = info.id?.value as FrameworkId;
  const former = state.completedFrameworks.get(id);
  state.completedFrameworks.delete(id);
  const framework: Framework = {
    id,
    info,
    pid,
    terminating: false,
    executors: new Map(),
    executorOfTask: new Map(),
    completedExecutors: former?.completedExecutors ?? new RingBuffer(state.options.maxCompletedExecutorsPerFramework),
  };
  state.frameworks.set(id, framework);
  const paths = frameworkPaths(state, id);
  keepPath(state, paths.work);
  keepPath(state, paths.meta);
  if (info.checkpoint === true) checkpointFramework(state, framework, paths.meta);
  return framework;
}

/**
 * Lets a framework go that has no executors and no unacknowledged updates. A terminating agent or framework does not
 * wait for acknowledgements. The last one to go ends a terminating agent.
 */
export function removeFrameworkIfIdle(state: AgentState, framework: Framework): void {
  if (framework.executors.size > 0 || state.frameworks.get(framework.id) !== framework) return;
  const hurried = framework.terminating || state.phase === 'TERMINATING';
  if (!hurried && state.streams.has(framework.id)) return;
  state.options.log.info(`Cleaning up framework ${framework.id}`);
  closeStreams(state, framework.id);
  const paths = frameworkPaths(state, framework.id);
  discardPath(state, paths.work);
  if (framework.info.checkpoint === true) discardPath(state, paths.meta);
  state.frameworks.delete(framework.id);
  framework.executorOfTask.clear();
  state.completedFrameworks.set(framework.id, framework);
  drainedIfEmpty(state);
  exitWhenDone(state);
}

/** A terminating agent ends with its last framework. */
export function exitWhenDone(state: AgentState): void {
  if (state.phase !== 'TERMINATING' || state.frameworks.size > 0) return;
  // Masters have done with this agent: whoever starts here next is another one.
  if (state.agentId !== undefined) state.effect({ kind: 'remove-file', path: metaAgentPaths(state).latest });
  state.effect({ kind: 'exit', code: 0, text: 'All executors have ended' });
}
