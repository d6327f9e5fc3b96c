/** The schedule of maintenance and how it goes, as operators see it. Pure reads of the tables. */
import type { AgentId, FrameworkId } from '@mesolite/base';
import type { InverseOfferStatus, MaintenanceClusterStatus, MaintenanceSchedule } from '@mesolite/wire';
import type { MasterState } from '../../state/state.ts';

export function maintenanceSchedule(state: MasterState): MaintenanceSchedule {
  const { windows } = state.maintenance.plan;
  return windows.length === 0 ? {} : { windows: [...windows] };
}

/** Draining machines with the last answer of each framework for each of their agents, and those that are down. */
export function maintenanceStatus(
  state: MasterState,
  answers: ReadonlyMap<AgentId, ReadonlyMap<FrameworkId, InverseOfferStatus>>,
): MaintenanceClusterStatus {
  const status: Required<MaintenanceClusterStatus> = { draining_machines: [], down_machines: [] };
  for (const [key, { id, mode }] of state.maintenance.plan.machines) {
    if (mode === 'DOWN') status.down_machines?.push(id);
    else
      status.draining_machines?.push({
        id,
        statuses: state.agents.onMachine(key).flatMap((agent) => [...(answers.get(agent.id)?.values() ?? [])]),
      });
  }
  return status;
}
