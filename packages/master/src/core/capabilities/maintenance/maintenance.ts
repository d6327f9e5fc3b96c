/**
 * Operators plan when machines are out of service, take them down and bring them up again. Durable first; then agents and
 * frameworks come to know.
 *
 * Departs from Mesos: a demand has to fit what other operators asked for before it, also while that is being written.
 */
import type { Handler, MasterContext } from '../../context.ts';
import type { ConnectionId } from '../../inputs.ts';
import { MAX_PENDING } from '../../options.ts';
import type { MachineKey, MaintenanceOperation } from '../../state/maintenance-plan.ts';
import { machineKeyOf } from '../../state/maintenance-plan.ts';
import type { OperatorWork } from '../../state/operator-work.ts';
import type { Pending } from '../../state/pending.ts';
import { workForOperator } from '../../transitions/operator-work.ts';
import { modeChangeError, scheduleError } from './maintenance-rules.ts';

export const updateMaintenanceSchedule: Handler<'update-maintenance-schedule'> = (context, input) => {
  const { connection, schedule } = input;
  write(context, connection, { kind: input.kind, schedule }, scheduleError(context, schedule));
};

export const startMaintenance: Handler<'start-maintenance'> = (context, { kind, connection, machines }) =>
  write(context, connection, { kind, machines }, modeChangeError(context, machines, 'DRAINING'));

export const stopMaintenance: Handler<'stop-maintenance'> = (context, { kind, connection, machines }) =>
  write(context, connection, { kind, machines }, modeChangeError(context, machines, 'DOWN'));

function write(
  context: MasterContext,
  connection: ConnectionId,
  operation: MaintenanceOperation,
  error: string | undefined,
): void {
  const { maintenance, pending } = context.state;
  if (error !== undefined) {
    context.outbox.reply(connection, 400, error);
    return;
  }
  if (pending.size >= MAX_PENDING) {
    context.outbox.reply(connection, 503, 'Too many changes wait for the registry');
    return;
  }
  maintenance.ask(operation);
  context.outbox.push({
    kind: 'write-registry',
    pending: pending.add({ kind: 'maintenance', connection, operation }),
    operation,
  });
}

export function maintenanceWritten(context: MasterContext, written: Extract<Pending, { kind: 'maintenance' }>): void {
  const { connection, operation } = written;
  const { maintenance } = context.state;
  const before = maintenance.plan.machines;
  maintenance.written(operation);
  switch (operation.kind) {
    case 'update-maintenance-schedule': {
      const { machines } = maintenance.plan;
      // Machines that left first, then those named, also when nothing changed for them: all hear of the schedule anew.
      const left = [...before.keys()].filter((key) => !machines.has(key));
      context.options.log.info(`Maintenance is scheduled for ${machines.size} machines`);
      workForOperator(context, connection, onMachines(context, 'tell-unavailability', [...left, ...machines.keys()]));
      break;
    }
    case 'start-maintenance':
    case 'stop-maintenance': {
      const kind = operation.kind === 'start-maintenance' ? 'shut-down-agent' : 'tell-unavailability';
      workForOperator(context, connection, onMachines(context, kind, operation.machines.map(machineKeyOf)));
      break;
    }
  }
}

function onMachines(
  { state }: MasterContext,
  kind: 'tell-unavailability' | 'shut-down-agent',
  keys: readonly MachineKey[],
): OperatorWork[] {
  return keys.flatMap((key) => state.agents.onMachine(key).map((agent) => ({ kind, agent })));
}
