/**
 * Which machines are to be taken out of service, and when: pure functions of what there was and what an operator asked
 * for. The registry and the master's own table both go by them, so that they cannot differ.
 *
 * Machines that are in service have no entry: who is not here is UP.
 */
import type { MachineID, MachineInfo, MaintenanceSchedule, MaintenanceWindow, Unavailability } from '@mesolite/wire';
import type { RegistryOperation } from './registry-operation.ts';

declare const machineKey: unique symbol;
/** A machine's id in the form in which equal ones are equal: hostnames go without case, nothing is not the empty text. */
export type MachineKey = string & { readonly [machineKey]: true };

export interface PlannedMachine {
  /** As it was written when it was first scheduled. */
  readonly id: MachineID;
  readonly mode: 'DRAINING' | 'DOWN';
  readonly unavailability: Unavailability | undefined;
}

export interface MaintenancePlan {
  readonly machines: ReadonlyMap<MachineKey, PlannedMachine>;
  /** As operators wrote it. */
  readonly windows: readonly MaintenanceWindow[];
}

export type MaintenanceOperation = Extract<
  RegistryOperation,
  { readonly kind: 'update-maintenance-schedule' | 'start-maintenance' | 'stop-maintenance' }
>;

export const NO_MAINTENANCE: MaintenancePlan = { machines: new Map(), windows: [] };

export function machineKeyOf({ hostname, ip }: MachineID): MachineKey {
  return JSON.stringify([hostname?.toLowerCase() ?? null, ip ?? null]) as MachineKey;
}

/** The plan once a valid operation counts. */
export function planAfter(plan: MaintenancePlan, operation: MaintenanceOperation): MaintenancePlan {
  switch (operation.kind) {
    case 'update-maintenance-schedule':
      return scheduled(plan, operation.schedule.windows ?? []);
    case 'start-maintenance':
      return started(plan, operation.machines);
    case 'stop-maintenance':
      return stopped(plan, operation.machines);
  }
}

/** Machines that stay keep their mode, new ones begin to drain, and those that are not named are in service again. */
function scheduled(plan: MaintenancePlan, windows: readonly MaintenanceWindow[]): MaintenancePlan {
  const machines = new Map<MachineKey, PlannedMachine>();
  for (const { machine_ids: ids = [], unavailability } of windows)
    for (const id of ids) {
      const key = machineKeyOf(id);
      machines.set(key, { ...(plan.machines.get(key) ?? { id, mode: 'DRAINING' }), unavailability });
    }
  return { machines, windows };
}

function started(plan: MaintenancePlan, ids: readonly MachineID[]): MaintenancePlan {
  const machines = new Map(plan.machines);
  for (const id of ids) {
    const machine = machines.get(machineKeyOf(id));
    if (machine !== undefined) machines.set(machineKeyOf(id), { ...machine, mode: 'DOWN' });
  }
  return { machines, windows: plan.windows };
}

/** Windows left without a machine go. */
function stopped(plan: MaintenancePlan, ids: readonly MachineID[]): MaintenancePlan {
  const ended = new Set(ids.map(machineKeyOf));
  const machines = new Map([...plan.machines].filter(([key]) => !ended.has(key)));
  const windows = plan.windows.flatMap((window) => {
    const left = (window.machine_ids ?? []).filter((id) => !ended.has(machineKeyOf(id)));
    return left.length === 0 ? [] : [{ ...window, machine_ids: left }];
  });
  return { machines, windows };
}

/** As a registry has it. Entries of machines that are in service are left out, and so are all schedules but the first. */
export function planFromRegistry(
  machines: readonly MachineInfo[],
  schedules: readonly MaintenanceSchedule[],
): MaintenancePlan {
  const planned = machines.flatMap(({ id, mode, unavailability }): [MachineKey, PlannedMachine][] =>
    mode === 'DRAINING' || mode === 'DOWN' ? [[machineKeyOf(id), { id, mode, unavailability }]] : [],
  );
  return { machines: new Map(planned), windows: schedules[0]?.windows ?? [] };
}

export function machineInfos(plan: MaintenancePlan): MachineInfo[] {
  return [...plan.machines.values()];
}

/** One, or none when nothing is scheduled. */
export function schedules(plan: MaintenancePlan): MaintenanceSchedule[] {
  return plan.windows.length === 0 ? [] : [{ windows: [...plan.windows] }];
}
