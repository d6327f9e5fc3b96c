/**
 * Where the agent keeps what: sandboxes under the work directory, checkpoints under its `meta`, both in the original's
 * layout so that its tools and its agents find them.
 */

import { type FrameworkId, must } from '@mesolite/base';
import {
  agentPath,
  executorPath,
  frameworkPath,
  latestAgentPath,
  latestRunPath,
  metaFiles,
  metaPath,
  runFiles,
  runPath,
  virtualSandboxPath,
} from '@mesolite/containers';
import type { AgentState } from './state/agent-state.ts';
import type { Executor, ExecutorPaths } from './state/executor.ts';

export { metaFiles, runFiles, virtualSandboxPath };

type Ids = Pick<Executor, 'frameworkId' | 'id' | 'containerId'>;

/** Paths of sandboxes. */
export function workPaths(state: AgentState, ids: Ids): ExecutorPaths {
  return executorPaths(state, state.options.workDirectory, ids);
}

/** Paths of checkpoints. */
export function metaPaths(state: AgentState, ids: Ids): ExecutorPaths {
  return executorPaths(state, metaPath(state.options.workDirectory), ids);
}

/** The directories of a framework, for sandboxes and for checkpoints. */
export function frameworkPaths(
  state: AgentState,
  frameworkId: FrameworkId,
): { readonly work: string; readonly meta: string } {
  const ids = { agentId: must(state.agentId, 'agent id'), frameworkId };
  return { work: frameworkPath(state.options.workDirectory, ids), meta: frameworkPath(metaRoot(state), ids) };
}

export function metaRoot(state: AgentState): string {
  return metaPath(state.options.workDirectory);
}

export function metaAgentPaths(state: AgentState): { readonly agent: string; readonly latest: string } {
  const root = metaRoot(state);
  return { agent: agentPath(root, must(state.agentId, 'agent id')), latest: latestAgentPath(root) };
}

function executorPaths(state: AgentState, root: string, ids: Ids): ExecutorPaths {
  const all = {
    agentId: must(state.agentId, 'agent id'),
    frameworkId: ids.frameworkId,
    executorId: ids.id,
    containerId: ids.containerId,
  };
  return {
    framework: frameworkPath(root, all),
    executor: executorPath(root, all),
    run: runPath(root, all),
    latestRun: latestRunPath(root, all),
  };
}
