/** What a container may use follows from what its executor and the tasks of it hold. */
import type { AgentState } from '../state/agent-state.ts';
import type { Executor } from '../state/executor.ts';
import { containerVolumes } from '../volumes.ts';

/** Tells the container what its executor and tasks may use now. */
export function updateContainer(state: AgentState, executor: Executor): void {
  if (executor.builtIn !== undefined || executor.state === 'TERMINATED') return;
  state.effect({
    kind: 'update-container',
    containerId: executor.containerId,
    resources: executor.allocated.toProto(),
    volumes: containerVolumes(state.options.workDirectory, executor.allocated),
  });
}
