/** Ends everything a framework has here. Its updates go nowhere from now on. */
import type { AgentState } from '../state/agent-state.ts';
import type { Framework } from '../state/framework.ts';
import { removeExecutorIfDone, shutdownExecutor } from './executors.ts';
import { removeFrameworkIfIdle } from './frameworks.ts';

export function shutdownFramework(state: AgentState, framework: Framework): void {
  if (framework.terminating) return;
  state.options.log.info(`Shutting down framework ${framework.id}`);
  framework.terminating = true;
  for (const executor of [...framework.executors.values()]) {
    if (executor.state === 'TERMINATED') removeExecutorIfDone(state, framework, executor);
    else shutdownExecutor(state, executor);
  }
  removeFrameworkIfIdle(state, framework);
}
