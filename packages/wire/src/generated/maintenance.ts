// Generated from the .proto file of the same name by tools/codegen/generate.mjs. Do not edit.
import { type MessageType, message } from '../codec/schema.ts';
import { InverseOfferStatus } from './allocator.ts';
import { MachineID, Unavailability } from './mesos.ts';

export interface MaintenanceWindow {
  machine_ids?: MachineID[] | undefined;
  unavailability: Unavailability;
}
export const MaintenanceWindow: MessageType<MaintenanceWindow> = message('mesos.v1.maintenance.Window', [
  [1, 'machine_ids', '*', () => MachineID],
  [2, 'unavailability', '!', () => Unavailability],
]);

export interface MaintenanceSchedule {
  windows?: MaintenanceWindow[] | undefined;
}
export const MaintenanceSchedule: MessageType<MaintenanceSchedule> = message('mesos.v1.maintenance.Schedule', [
  [1, 'windows', '*', () => MaintenanceWindow],
]);

export interface MaintenanceClusterStatus {
  draining_machines?: MaintenanceClusterStatusDrainingMachine[] | undefined;
  down_machines?: MachineID[] | undefined;
}
export const MaintenanceClusterStatus: MessageType<MaintenanceClusterStatus> = message('mesos.v1.maintenance.ClusterStatus', [
  [1, 'draining_machines', '*', () => MaintenanceClusterStatusDrainingMachine],
  [2, 'down_machines', '*', () => MachineID],
]);

export interface MaintenanceClusterStatusDrainingMachine {
  id: MachineID;
  statuses?: InverseOfferStatus[] | undefined;
}
export const MaintenanceClusterStatusDrainingMachine: MessageType<MaintenanceClusterStatusDrainingMachine> = message('mesos.v1.maintenance.ClusterStatus.DrainingMachine', [
  [1, 'id', '!', () => MachineID],
  [2, 'statuses', '*', () => InverseOfferStatus],
]);
