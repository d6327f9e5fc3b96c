/** What a schedule, and a list of machines to take down or up, must hold. Answers are the texts operators see. */
import { MachineID, type MaintenanceSchedule, Unavailability } from '@mesolite/wire';
import type { MasterContext } from '../../context.ts';
import { MAX_SCHEDULE_BYTES, MAX_SCHEDULED_MACHINES } from '../../options.ts';
import { type MachineKey, machineKeyOf } from '../../state/maintenance-plan.ts';

/** What a message within messages takes beside its own bytes, at most. */
const ENTRY_BYTES = 16;

export function scheduleError(context: MasterContext, schedule: MaintenanceSchedule): string | undefined {
  const named = new Set<MachineKey>();
  let bytes = 0;
  for (const { machine_ids: ids = [], unavailability } of schedule.windows ?? []) {
    if (ids.length === 0) return 'List of machines in the maintenance window is empty';
    if ((unavailability.duration?.nanoseconds ?? 0n) < 0n) return "Unavailability 'duration' is negative";
    const error = machineListError(ids, named);
    if (error !== undefined) return error;
    // The registry has each machine in its window and by itself, there with the times of the window.
    const times = Unavailability.encode(unavailability).length;
    for (const id of ids) bytes += 2 * (MachineID.encode(id).length + ENTRY_BYTES) + times;
    bytes += times + ENTRY_BYTES;
    if (bytes > MAX_SCHEDULE_BYTES) return `The schedule takes more than ${MAX_SCHEDULE_BYTES} bytes in the registry`;
  }
  for (const [key, { id, mode }] of context.state.maintenance.asked.machines)
    if (mode === 'DOWN' && !named.has(key))
      return `Machine '${shown(id)}' is deactivated and cannot be removed from the schedule`;
  return undefined;
}

/** DRAINING ones may go down, DOWN ones may come up. */
export function modeChangeError(
  context: MasterContext,
  ids: readonly MachineID[],
  from: 'DRAINING' | 'DOWN',
): string | undefined {
  if (ids.length === 0) return 'List of machines is empty';
  const error = machineListError(ids, new Set());
  if (error !== undefined) return error;
  const { agents, maintenance } = context.state;
  for (const id of ids) {
    const key = machineKeyOf(id);
    const mode = maintenance.asked.machines.get(key)?.mode;
    if (mode === undefined && agents.onMachine(key).length === 0)
      return `Machine '${shown(id)}' is not part of a maintenance schedule`;
    if (mode !== from) {
      const direction = from === 'DRAINING' ? 'down' : 'up';
      return `Machine '${shown(id)}' is not in ${from} mode and cannot be brought ${direction}`;
    }
  }
  return undefined;
}

/** `named`: those named before, to which these are added. */
function machineListError(ids: readonly MachineID[], named: Set<MachineKey>): string | undefined {
  for (const id of ids) {
    if ((id.hostname ?? '') === '' && (id.ip ?? '') === '') return "Both 'hostname' and 'ip' for a machine are empty";
    if ((id.ip ?? '') !== '' && !isIpv4(id.ip ?? '')) return `Failed to parse IPv4: ${id.ip}`;
    const key = machineKeyOf(id);
    if (named.has(key)) return `Machine '${shown(id)}' appears more than once in the schedule`;
    named.add(key);
    if (named.size > MAX_SCHEDULED_MACHINES) return `More than ${MAX_SCHEDULED_MACHINES} machines are named`;
  }
  return undefined;
}

function shown(id: MachineID): string {
  return MachineID.toJson(id);
}

function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}
