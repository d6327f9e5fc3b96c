// Generated from the .proto file of the same name by tools/codegen/generate.mjs. Do not edit.
import { type MessageType, message } from '../codec/schema.ts';
import { AgentInfoV0 } from './internal.ts';
import { MaintenanceSchedule } from './maintenance.ts';
import { AgentID, DrainInfo, MachineInfo, MasterInfo, TimeInfo, WeightInfo } from './mesos.ts';
import { QuotaConfig, QuotaInfo } from './quota.ts';
import { ResourceProviderRegistryRegistry } from './resource-provider-registry.ts';

export interface Registry {
  master?: RegistryMaster | undefined;
  agents?: RegistryAgents | undefined;
  unreachable?: RegistryUnreachableAgents | undefined;
  gone?: RegistryGoneAgents | undefined;
  machines?: RegistryMachines | undefined;
  schedules?: MaintenanceSchedule[] | undefined;
  quotas?: RegistryQuota[] | undefined;
  quota_configs?: QuotaConfig[] | undefined;
  weights?: RegistryWeight[] | undefined;
  resource_provider_registry?: ResourceProviderRegistryRegistry | undefined;
  minimum_capabilities?: RegistryMinimumCapability[] | undefined;
}
export const Registry: MessageType<Registry> = message('mesos.internal.Registry', [
  [1, 'master', '?', () => RegistryMaster],
  [2, 'agents', '?', () => RegistryAgents],
  [7, 'unreachable', '?', () => RegistryUnreachableAgents],
  [8, 'gone', '?', () => RegistryGoneAgents],
  [3, 'machines', '?', () => RegistryMachines],
  [4, 'schedules', '*', () => MaintenanceSchedule],
  [5, 'quotas', '*', () => RegistryQuota, { deprecated: true }],
  [11, 'quota_configs', '*', () => QuotaConfig],
  [6, 'weights', '*', () => RegistryWeight],
  [9, 'resource_provider_registry', '?', () => ResourceProviderRegistryRegistry],
  [10, 'minimum_capabilities', '*', () => RegistryMinimumCapability],
]);

export interface RegistryMaster {
  info: MasterInfo;
}
export const RegistryMaster: MessageType<RegistryMaster> = message('mesos.internal.Registry.Master', [
  [1, 'info', '!', () => MasterInfo],
]);

export interface RegistryAgent {
  info: AgentInfoV0;
  drain_info?: DrainInfo | undefined;
  deactivated?: boolean | undefined;
}
export const RegistryAgent: MessageType<RegistryAgent> = message('mesos.internal.Registry.Agent', [
  [1, 'info', '!', () => AgentInfoV0],
  [2, 'drain_info', '?', () => DrainInfo],
  [3, 'deactivated', '?', 'bool', { default: false }],
]);

export interface RegistryAgents {
  agents?: RegistryAgent[] | undefined;
}
export const RegistryAgents: MessageType<RegistryAgents> = message('mesos.internal.Registry.Agents', [
  [1, 'agents', '*', () => RegistryAgent],
]);

export interface RegistryUnreachableAgent {
  id: AgentID;
  timestamp: TimeInfo;
  drain_info?: DrainInfo | undefined;
  deactivated?: boolean | undefined;
}
export const RegistryUnreachableAgent: MessageType<RegistryUnreachableAgent> = message('mesos.internal.Registry.UnreachableAgent', [
  [1, 'id', '!', () => AgentID],
  [2, 'timestamp', '!', () => TimeInfo],
  [3, 'drain_info', '?', () => DrainInfo],
  [4, 'deactivated', '?', 'bool', { default: false }],
]);

export interface RegistryUnreachableAgents {
  agents?: RegistryUnreachableAgent[] | undefined;
}
export const RegistryUnreachableAgents: MessageType<RegistryUnreachableAgents> = message('mesos.internal.Registry.UnreachableAgents', [
  [1, 'agents', '*', () => RegistryUnreachableAgent],
]);

export interface RegistryGoneAgent {
  id: AgentID;
  timestamp: TimeInfo;
}
export const RegistryGoneAgent: MessageType<RegistryGoneAgent> = message('mesos.internal.Registry.GoneAgent', [
  [1, 'id', '!', () => AgentID],
  [2, 'timestamp', '!', () => TimeInfo],
]);

export interface RegistryGoneAgents {
  agents?: RegistryGoneAgent[] | undefined;
}
export const RegistryGoneAgents: MessageType<RegistryGoneAgents> = message('mesos.internal.Registry.GoneAgents', [
  [1, 'agents', '*', () => RegistryGoneAgent],
]);

export interface RegistryMachine {
  info: MachineInfo;
}
export const RegistryMachine: MessageType<RegistryMachine> = message('mesos.internal.Registry.Machine', [
  [1, 'info', '!', () => MachineInfo],
]);

export interface RegistryMachines {
  machines?: RegistryMachine[] | undefined;
}
export const RegistryMachines: MessageType<RegistryMachines> = message('mesos.internal.Registry.Machines', [
  [1, 'machines', '*', () => RegistryMachine],
]);

export interface RegistryQuota {
  info: QuotaInfo;
}
export const RegistryQuota: MessageType<RegistryQuota> = message('mesos.internal.Registry.Quota', [
  [1, 'info', '!', () => QuotaInfo],
]);

export interface RegistryWeight {
  info: WeightInfo;
}
export const RegistryWeight: MessageType<RegistryWeight> = message('mesos.internal.Registry.Weight', [
  [1, 'info', '!', () => WeightInfo],
]);

export interface RegistryMinimumCapability {
  capability: string;
}
export const RegistryMinimumCapability: MessageType<RegistryMinimumCapability> = message('mesos.internal.Registry.MinimumCapability', [
  [1, 'capability', '!', 'string'],
]);
