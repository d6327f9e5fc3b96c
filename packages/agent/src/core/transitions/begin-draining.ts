/** The beginning of a draining: everything that runs is killed, within the time the operator grants. */
import type { TaskId } from '@mesolite/base';
import { DrainConfig, type KillPolicy } from '@mesolite/wire';
import { metaAgentPaths, metaFiles } from '../paths.ts';
import type { AgentState } from '../state/agent-state.ts';
import { checkpointRecord } from './checkpoints.ts';
import { holdsNothing } from './draining.ts';
import { killTaskOf } from './kill-tasks.ts';

/** Begins to drain, or goes on under another configuration. An agent that holds nothing is done at once. */
export function beginDraining(state: AgentState, config: DrainConfig): void {
  const { log } = state.options;
  if (holdsNothing(state)) {
    log.info('Asked to drain: there are no frameworks and no operations, so that is done');
    return;
  }
  log.info(`Draining with ${DrainConfig.toJson(config)}`);
  state.effect({
    kind: 'write-file',
    path: metaFiles.drainConfig(metaAgentPaths(state).agent),
    data: checkpointRecord(DrainConfig, config),
  });
  state.draining = { config, sinceWallMs: state.now.wallMs };
  for (const framework of [...state.frameworks.values()]) {
    for (const executor of [...framework.executors.values()]) {
      for (const task of [...executor.launchedTasks.values(), ...executor.queuedTasks.values()]) {
        // A group is killed with its first task.
        const id = task.task_id.value as TaskId;
        if (!executor.launchedTasks.has(id) && !executor.queuedTasks.has(id)) continue;
        killTaskOf(state, framework, executor, id, shorterKillPolicy(config, task.kill_policy));
      }
    }
  }
}

/** What overrides a task's own grace period: nothing, if that is no longer than the operator allows. */
function shorterKillPolicy({ max_grace_period }: DrainConfig, own: KillPolicy | undefined): KillPolicy | undefined {
  if (max_grace_period === undefined) return undefined;
  const granted = own?.grace_period?.nanoseconds;
  return granted !== undefined && granted <= max_grace_period.nanoseconds
    ? undefined
    : { grace_period: max_grace_period };
}
