/**
 * Draining: the agent kills what it runs, takes nothing new, and is done when nothing is left. Kept on disk until then.
 *
 * Departs from Mesos: a task that is being killed on an agent that will be gone is TASK_KILLING, not TASK_GONE_BY_OPERATOR
 * already, which would free what it still uses.
 */
import type { TaskStatus } from '@mesolite/wire';
import { metaAgentPaths, metaFiles } from '../paths.ts';
import type { AgentState } from '../state/agent-state.ts';
import { type Framework, hasCapability } from '../state/framework.ts';

/** Ends the draining once nothing is left. */
export function drainedIfEmpty(state: AgentState): void {
  if (state.draining === undefined || !holdsNothing(state)) return;
  state.options.log.info('Agent finished draining');
  state.effect({ kind: 'remove-file', path: metaFiles.drainConfig(metaAgentPaths(state).agent) });
  state.draining = undefined;
}

/** Tells of a kill, whoever asked for it, that it came of the draining. */
export function withDrainReason(state: AgentState, framework: Framework, status: TaskStatus): TaskStatus {
  if (state.draining === undefined || (status.state !== 'TASK_KILLED' && status.state !== 'TASK_KILLING'))
    return status;
  const gone =
    status.state === 'TASK_KILLED' &&
    state.draining.config.mark_gone === true &&
    hasCapability(framework.info, 'PARTITION_AWARE');
  return { ...status, state: gone ? 'TASK_GONE_BY_OPERATOR' : status.state, reason: 'REASON_AGENT_DRAINING' };
}

/** Nothing that could keep it from being drained. */
export function holdsNothing(state: AgentState): boolean {
  return state.frameworks.size === 0 && state.operations.size === 0;
}
