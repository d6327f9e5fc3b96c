// Generated from the .proto file of the same name by tools/codegen/generate.mjs. Do not edit.
import { type EnumType, enumeration, type MessageType, message } from '../codec/schema.ts';
import { Duration } from './duration.ts';
import { MaintenanceClusterStatus, MaintenanceSchedule } from './maintenance.ts';
import { AgentID, AgentInfo, AgentInfoCapability, DrainInfo, DurationInfo, ExecutorInfo, FileInfo, Flag, FrameworkID, FrameworkInfo, InverseOffer, MachineID, MasterInfo, Metric, Offer, Operation, Resource, ResourceProviderInfo, Role, Task, TaskState, TaskStatus, TimeInfo, ValueScalar, VersionInfo, WeightInfo } from './mesos.ts';
import { QuotaConfig, QuotaRequest, QuotaStatus } from './quota.ts';
import { SchedulerOfferConstraints } from './scheduler.ts';

export interface MasterCall {
  type?: MasterCallType | undefined;
  get_metrics?: MasterCallGetMetrics | undefined;
  set_logging_level?: MasterCallSetLoggingLevel | undefined;
  list_files?: MasterCallListFiles | undefined;
  read_file?: MasterCallReadFile | undefined;
  update_weights?: MasterCallUpdateWeights | undefined;
  reserve_resources?: MasterCallReserveResources | undefined;
  unreserve_resources?: MasterCallUnreserveResources | undefined;
  create_volumes?: MasterCallCreateVolumes | undefined;
  destroy_volumes?: MasterCallDestroyVolumes | undefined;
  grow_volume?: MasterCallGrowVolume | undefined;
  shrink_volume?: MasterCallShrinkVolume | undefined;
  update_maintenance_schedule?: MasterCallUpdateMaintenanceSchedule | undefined;
  start_maintenance?: MasterCallStartMaintenance | undefined;
  stop_maintenance?: MasterCallStopMaintenance | undefined;
  drain_agent?: MasterCallDrainAgent | undefined;
  deactivate_agent?: MasterCallDeactivateAgent | undefined;
  reactivate_agent?: MasterCallReactivateAgent | undefined;
  update_quota?: MasterCallUpdateQuota | undefined;
  teardown?: MasterCallTeardown | undefined;
  mark_agent_gone?: MasterCallMarkAgentGone | undefined;
  set_quota?: MasterCallSetQuota | undefined;
  remove_quota?: MasterCallRemoveQuota | undefined;
}
export const MasterCall: MessageType<MasterCall> = message('mesos.v1.master.Call', [
  [1, 'type', '?', () => MasterCallType],
  [2, 'get_metrics', '?', () => MasterCallGetMetrics],
  [3, 'set_logging_level', '?', () => MasterCallSetLoggingLevel],
  [4, 'list_files', '?', () => MasterCallListFiles],
  [5, 'read_file', '?', () => MasterCallReadFile],
  [6, 'update_weights', '?', () => MasterCallUpdateWeights],
  [7, 'reserve_resources', '?', () => MasterCallReserveResources],
  [8, 'unreserve_resources', '?', () => MasterCallUnreserveResources],
  [9, 'create_volumes', '?', () => MasterCallCreateVolumes],
  [10, 'destroy_volumes', '?', () => MasterCallDestroyVolumes],
  [18, 'grow_volume', '?', () => MasterCallGrowVolume],
  [19, 'shrink_volume', '?', () => MasterCallShrinkVolume],
  [11, 'update_maintenance_schedule', '?', () => MasterCallUpdateMaintenanceSchedule],
  [12, 'start_maintenance', '?', () => MasterCallStartMaintenance],
  [13, 'stop_maintenance', '?', () => MasterCallStopMaintenance],
  [21, 'drain_agent', '?', () => MasterCallDrainAgent],
  [22, 'deactivate_agent', '?', () => MasterCallDeactivateAgent],
  [23, 'reactivate_agent', '?', () => MasterCallReactivateAgent],
  [20, 'update_quota', '?', () => MasterCallUpdateQuota],
  [16, 'teardown', '?', () => MasterCallTeardown],
  [17, 'mark_agent_gone', '?', () => MasterCallMarkAgentGone],
  [14, 'set_quota', '?', () => MasterCallSetQuota, { deprecated: true }],
  [15, 'remove_quota', '?', () => MasterCallRemoveQuota, { deprecated: true }],
]);

export type MasterCallType =
  | 'UNKNOWN'
  | 'GET_HEALTH'
  | 'GET_FLAGS'
  | 'GET_VERSION'
  | 'GET_METRICS'
  | 'GET_LOGGING_LEVEL'
  | 'SET_LOGGING_LEVEL'
  | 'LIST_FILES'
  | 'READ_FILE'
  | 'GET_STATE'
  | 'GET_AGENTS'
  | 'GET_FRAMEWORKS'
  | 'GET_EXECUTORS'
  | 'GET_OPERATIONS'
  | 'GET_TASKS'
  | 'GET_ROLES'
  | 'GET_WEIGHTS'
  | 'UPDATE_WEIGHTS'
  | 'GET_MASTER'
  | 'SUBSCRIBE'
  | 'RESERVE_RESOURCES'
  | 'UNRESERVE_RESOURCES'
  | 'CREATE_VOLUMES'
  | 'DESTROY_VOLUMES'
  | 'GROW_VOLUME'
  | 'SHRINK_VOLUME'
  | 'GET_MAINTENANCE_STATUS'
  | 'GET_MAINTENANCE_SCHEDULE'
  | 'UPDATE_MAINTENANCE_SCHEDULE'
  | 'START_MAINTENANCE'
  | 'STOP_MAINTENANCE'
  | 'DRAIN_AGENT'
  | 'DEACTIVATE_AGENT'
  | 'REACTIVATE_AGENT'
  | 'GET_QUOTA'
  | 'UPDATE_QUOTA'
  | 'SET_QUOTA'
  | 'REMOVE_QUOTA'
  | 'TEARDOWN'
  | 'MARK_AGENT_GONE';
export const MasterCallType: EnumType<MasterCallType> = enumeration('mesos.v1.master.Call.Type', {
  UNKNOWN: 0,
  GET_HEALTH: 1,
  GET_FLAGS: 2,
  GET_VERSION: 3,
  GET_METRICS: 4,
  GET_LOGGING_LEVEL: 5,
  SET_LOGGING_LEVEL: 6,
  LIST_FILES: 7,
  READ_FILE: 8,
  GET_STATE: 9,
  GET_AGENTS: 10,
  GET_FRAMEWORKS: 11,
  GET_EXECUTORS: 12,
  GET_OPERATIONS: 33,
  GET_TASKS: 13,
  GET_ROLES: 14,
  GET_WEIGHTS: 15,
  UPDATE_WEIGHTS: 16,
  GET_MASTER: 17,
  SUBSCRIBE: 18,
  RESERVE_RESOURCES: 19,
  UNRESERVE_RESOURCES: 20,
  CREATE_VOLUMES: 21,
  DESTROY_VOLUMES: 22,
  GROW_VOLUME: 34,
  SHRINK_VOLUME: 35,
  GET_MAINTENANCE_STATUS: 23,
  GET_MAINTENANCE_SCHEDULE: 24,
  UPDATE_MAINTENANCE_SCHEDULE: 25,
  START_MAINTENANCE: 26,
  STOP_MAINTENANCE: 27,
  DRAIN_AGENT: 37,
  DEACTIVATE_AGENT: 38,
  REACTIVATE_AGENT: 39,
  GET_QUOTA: 28,
  UPDATE_QUOTA: 36,
  SET_QUOTA: 29,
  REMOVE_QUOTA: 30,
  TEARDOWN: 31,
  MARK_AGENT_GONE: 32,
});

export interface MasterCallGetMetrics {
  timeout?: DurationInfo | undefined;
}
export const MasterCallGetMetrics: MessageType<MasterCallGetMetrics> = message('mesos.v1.master.Call.GetMetrics', [
  [1, 'timeout', '?', () => DurationInfo],
]);

export interface MasterCallSetLoggingLevel {
  level: number;
  duration: DurationInfo;
}
export const MasterCallSetLoggingLevel: MessageType<MasterCallSetLoggingLevel> = message('mesos.v1.master.Call.SetLoggingLevel', [
  [1, 'level', '!', 'uint32'],
  [2, 'duration', '!', () => DurationInfo],
]);

export interface MasterCallListFiles {
  path: string;
}
export const MasterCallListFiles: MessageType<MasterCallListFiles> = message('mesos.v1.master.Call.ListFiles', [
  [1, 'path', '!', 'string'],
]);

export interface MasterCallReadFile {
  path: string;
  offset: number;
  length?: number | undefined;
}
export const MasterCallReadFile: MessageType<MasterCallReadFile> = message('mesos.v1.master.Call.ReadFile', [
  [1, 'path', '!', 'string'],
  [2, 'offset', '!', 'uint64:number'],
  [3, 'length', '?', 'uint64:number'],
]);

export interface MasterCallUpdateWeights {
  weight_infos?: WeightInfo[] | undefined;
}
export const MasterCallUpdateWeights: MessageType<MasterCallUpdateWeights> = message('mesos.v1.master.Call.UpdateWeights', [
  [1, 'weight_infos', '*', () => WeightInfo],
]);

export interface MasterCallReserveResources {
  agent_id: AgentID;
  source?: Resource[] | undefined;
  resources?: Resource[] | undefined;
}
export const MasterCallReserveResources: MessageType<MasterCallReserveResources> = message('mesos.v1.master.Call.ReserveResources', [
  [1, 'agent_id', '!', () => AgentID],
  [3, 'source', '*', () => Resource],
  [2, 'resources', '*', () => Resource],
]);

export interface MasterCallUnreserveResources {
  agent_id: AgentID;
  resources?: Resource[] | undefined;
}
export const MasterCallUnreserveResources: MessageType<MasterCallUnreserveResources> = message('mesos.v1.master.Call.UnreserveResources', [
  [1, 'agent_id', '!', () => AgentID],
  [2, 'resources', '*', () => Resource],
]);

export interface MasterCallCreateVolumes {
  agent_id: AgentID;
  volumes?: Resource[] | undefined;
}
export const MasterCallCreateVolumes: MessageType<MasterCallCreateVolumes> = message('mesos.v1.master.Call.CreateVolumes', [
  [1, 'agent_id', '!', () => AgentID],
  [2, 'volumes', '*', () => Resource],
]);

export interface MasterCallDestroyVolumes {
  agent_id: AgentID;
  volumes?: Resource[] | undefined;
}
export const MasterCallDestroyVolumes: MessageType<MasterCallDestroyVolumes> = message('mesos.v1.master.Call.DestroyVolumes', [
  [1, 'agent_id', '!', () => AgentID],
  [2, 'volumes', '*', () => Resource],
]);

export interface MasterCallGrowVolume {
  agent_id?: AgentID | undefined;
  volume: Resource;
  addition: Resource;
}
export const MasterCallGrowVolume: MessageType<MasterCallGrowVolume> = message('mesos.v1.master.Call.GrowVolume', [
  [1, 'agent_id', '?', () => AgentID],
  [2, 'volume', '!', () => Resource],
  [3, 'addition', '!', () => Resource],
]);

export interface MasterCallShrinkVolume {
  agent_id?: AgentID | undefined;
  volume: Resource;
  subtract: ValueScalar;
}
export const MasterCallShrinkVolume: MessageType<MasterCallShrinkVolume> = message('mesos.v1.master.Call.ShrinkVolume', [
  [1, 'agent_id', '?', () => AgentID],
  [2, 'volume', '!', () => Resource],
  [3, 'subtract', '!', () => ValueScalar],
]);

export interface MasterCallUpdateMaintenanceSchedule {
  schedule: MaintenanceSchedule;
}
export const MasterCallUpdateMaintenanceSchedule: MessageType<MasterCallUpdateMaintenanceSchedule> = message('mesos.v1.master.Call.UpdateMaintenanceSchedule', [
  [1, 'schedule', '!', () => MaintenanceSchedule],
]);

export interface MasterCallStartMaintenance {
  machines?: MachineID[] | undefined;
}
export const MasterCallStartMaintenance: MessageType<MasterCallStartMaintenance> = message('mesos.v1.master.Call.StartMaintenance', [
  [1, 'machines', '*', () => MachineID],
]);

export interface MasterCallStopMaintenance {
  machines?: MachineID[] | undefined;
}
export const MasterCallStopMaintenance: MessageType<MasterCallStopMaintenance> = message('mesos.v1.master.Call.StopMaintenance', [
  [1, 'machines', '*', () => MachineID],
]);

export interface MasterCallDrainAgent {
  agent_id: AgentID;
  max_grace_period?: Duration | undefined;
  mark_gone?: boolean | undefined;
}
export const MasterCallDrainAgent: MessageType<MasterCallDrainAgent> = message('mesos.v1.master.Call.DrainAgent', [
  [1, 'agent_id', '!', () => AgentID],
  [2, 'max_grace_period', '?', () => Duration],
  [3, 'mark_gone', '?', 'bool', { default: false }],
]);

export interface MasterCallDeactivateAgent {
  agent_id: AgentID;
}
export const MasterCallDeactivateAgent: MessageType<MasterCallDeactivateAgent> = message('mesos.v1.master.Call.DeactivateAgent', [
  [1, 'agent_id', '!', () => AgentID],
]);

export interface MasterCallReactivateAgent {
  agent_id: AgentID;
}
export const MasterCallReactivateAgent: MessageType<MasterCallReactivateAgent> = message('mesos.v1.master.Call.ReactivateAgent', [
  [1, 'agent_id', '!', () => AgentID],
]);

export interface MasterCallUpdateQuota {
  force?: boolean | undefined;
  quota_configs?: QuotaConfig[] | undefined;
}
export const MasterCallUpdateQuota: MessageType<MasterCallUpdateQuota> = message('mesos.v1.master.Call.UpdateQuota', [
  [1, 'force', '?', 'bool'],
  [2, 'quota_configs', '*', () => QuotaConfig],
]);

export interface MasterCallSetQuota {
  quota_request: QuotaRequest;
}
export const MasterCallSetQuota: MessageType<MasterCallSetQuota> = message('mesos.v1.master.Call.SetQuota', [
  [1, 'quota_request', '!', () => QuotaRequest],
]);

export interface MasterCallRemoveQuota {
  role: string;
}
export const MasterCallRemoveQuota: MessageType<MasterCallRemoveQuota> = message('mesos.v1.master.Call.RemoveQuota', [
  [1, 'role', '!', 'string'],
]);

export interface MasterCallTeardown {
  framework_id: FrameworkID;
}
export const MasterCallTeardown: MessageType<MasterCallTeardown> = message('mesos.v1.master.Call.Teardown', [
  [1, 'framework_id', '!', () => FrameworkID],
]);

export interface MasterCallMarkAgentGone {
  agent_id: AgentID;
}
export const MasterCallMarkAgentGone: MessageType<MasterCallMarkAgentGone> = message('mesos.v1.master.Call.MarkAgentGone', [
  [1, 'agent_id', '!', () => AgentID],
]);

export interface MasterResponse {
  type?: MasterResponseType | undefined;
  get_health?: MasterResponseGetHealth | undefined;
  get_flags?: MasterResponseGetFlags | undefined;
  get_version?: MasterResponseGetVersion | undefined;
  get_metrics?: MasterResponseGetMetrics | undefined;
  get_logging_level?: MasterResponseGetLoggingLevel | undefined;
  list_files?: MasterResponseListFiles | undefined;
  read_file?: MasterResponseReadFile | undefined;
  get_state?: MasterResponseGetState | undefined;
  get_agents?: MasterResponseGetAgents | undefined;
  get_frameworks?: MasterResponseGetFrameworks | undefined;
  get_executors?: MasterResponseGetExecutors | undefined;
  get_operations?: MasterResponseGetOperations | undefined;
  get_tasks?: MasterResponseGetTasks | undefined;
  get_roles?: MasterResponseGetRoles | undefined;
  get_weights?: MasterResponseGetWeights | undefined;
  get_master?: MasterResponseGetMaster | undefined;
  get_maintenance_status?: MasterResponseGetMaintenanceStatus | undefined;
  get_maintenance_schedule?: MasterResponseGetMaintenanceSchedule | undefined;
  get_quota?: MasterResponseGetQuota | undefined;
}
export const MasterResponse: MessageType<MasterResponse> = message('mesos.v1.master.Response', [
  [1, 'type', '?', () => MasterResponseType],
  [2, 'get_health', '?', () => MasterResponseGetHealth],
  [3, 'get_flags', '?', () => MasterResponseGetFlags],
  [4, 'get_version', '?', () => MasterResponseGetVersion],
  [5, 'get_metrics', '?', () => MasterResponseGetMetrics],
  [6, 'get_logging_level', '?', () => MasterResponseGetLoggingLevel],
  [7, 'list_files', '?', () => MasterResponseListFiles],
  [8, 'read_file', '?', () => MasterResponseReadFile],
  [9, 'get_state', '?', () => MasterResponseGetState],
  [10, 'get_agents', '?', () => MasterResponseGetAgents],
  [11, 'get_frameworks', '?', () => MasterResponseGetFrameworks],
  [12, 'get_executors', '?', () => MasterResponseGetExecutors],
  [20, 'get_operations', '?', () => MasterResponseGetOperations],
  [13, 'get_tasks', '?', () => MasterResponseGetTasks],
  [14, 'get_roles', '?', () => MasterResponseGetRoles],
  [15, 'get_weights', '?', () => MasterResponseGetWeights],
  [16, 'get_master', '?', () => MasterResponseGetMaster],
  [17, 'get_maintenance_status', '?', () => MasterResponseGetMaintenanceStatus],
  [18, 'get_maintenance_schedule', '?', () => MasterResponseGetMaintenanceSchedule],
  [19, 'get_quota', '?', () => MasterResponseGetQuota],
]);

export type MasterResponseType =
  | 'UNKNOWN'
  | 'GET_HEALTH'
  | 'GET_FLAGS'
  | 'GET_VERSION'
  | 'GET_METRICS'
  | 'GET_LOGGING_LEVEL'
  | 'LIST_FILES'
  | 'READ_FILE'
  | 'GET_STATE'
  | 'GET_AGENTS'
  | 'GET_FRAMEWORKS'
  | 'GET_EXECUTORS'
  | 'GET_OPERATIONS'
  | 'GET_TASKS'
  | 'GET_ROLES'
  | 'GET_WEIGHTS'
  | 'GET_MASTER'
  | 'GET_MAINTENANCE_STATUS'
  | 'GET_MAINTENANCE_SCHEDULE'
  | 'GET_QUOTA';
export const MasterResponseType: EnumType<MasterResponseType> = enumeration('mesos.v1.master.Response.Type', {
  UNKNOWN: 0,
  GET_HEALTH: 1,
  GET_FLAGS: 2,
  GET_VERSION: 3,
  GET_METRICS: 4,
  GET_LOGGING_LEVEL: 5,
  LIST_FILES: 6,
  READ_FILE: 7,
  GET_STATE: 8,
  GET_AGENTS: 9,
  GET_FRAMEWORKS: 10,
  GET_EXECUTORS: 11,
  GET_OPERATIONS: 19,
  GET_TASKS: 12,
  GET_ROLES: 13,
  GET_WEIGHTS: 14,
  GET_MASTER: 15,
  GET_MAINTENANCE_STATUS: 16,
  GET_MAINTENANCE_SCHEDULE: 17,
  GET_QUOTA: 18,
});

export interface MasterResponseGetHealth {
  healthy: boolean;
}
export const MasterResponseGetHealth: MessageType<MasterResponseGetHealth> = message('mesos.v1.master.Response.GetHealth', [
  [1, 'healthy', '!', 'bool'],
]);

export interface MasterResponseGetFlags {
  flags?: Flag[] | undefined;
}
export const MasterResponseGetFlags: MessageType<MasterResponseGetFlags> = message('mesos.v1.master.Response.GetFlags', [
  [1, 'flags', '*', () => Flag],
]);

export interface MasterResponseGetVersion {
  version_info: VersionInfo;
}
export const MasterResponseGetVersion: MessageType<MasterResponseGetVersion> = message('mesos.v1.master.Response.GetVersion', [
  [1, 'version_info', '!', () => VersionInfo],
]);

export interface MasterResponseGetMetrics {
  metrics?: Metric[] | undefined;
}
export const MasterResponseGetMetrics: MessageType<MasterResponseGetMetrics> = message('mesos.v1.master.Response.GetMetrics', [
  [1, 'metrics', '*', () => Metric],
]);

export interface MasterResponseGetLoggingLevel {
  level: number;
}
export const MasterResponseGetLoggingLevel: MessageType<MasterResponseGetLoggingLevel> = message('mesos.v1.master.Response.GetLoggingLevel', [
  [1, 'level', '!', 'uint32'],
]);

export interface MasterResponseListFiles {
  file_infos?: FileInfo[] | undefined;
}
export const MasterResponseListFiles: MessageType<MasterResponseListFiles> = message('mesos.v1.master.Response.ListFiles', [
  [1, 'file_infos', '*', () => FileInfo],
]);

export interface MasterResponseReadFile {
  size: number;
  data: Uint8Array;
}
export const MasterResponseReadFile: MessageType<MasterResponseReadFile> = message('mesos.v1.master.Response.ReadFile', [
  [1, 'size', '!', 'uint64:number'],
  [2, 'data', '!', 'bytes'],
]);

export interface MasterResponseGetState {
  get_tasks?: MasterResponseGetTasks | undefined;
  get_executors?: MasterResponseGetExecutors | undefined;
  get_frameworks?: MasterResponseGetFrameworks | undefined;
  get_agents?: MasterResponseGetAgents | undefined;
}
export const MasterResponseGetState: MessageType<MasterResponseGetState> = message('mesos.v1.master.Response.GetState', [
  [1, 'get_tasks', '?', () => MasterResponseGetTasks],
  [2, 'get_executors', '?', () => MasterResponseGetExecutors],
  [3, 'get_frameworks', '?', () => MasterResponseGetFrameworks],
  [4, 'get_agents', '?', () => MasterResponseGetAgents],
]);

export interface MasterResponseGetAgents {
  agents?: MasterResponseGetAgentsAgent[] | undefined;
  recovered_agents?: AgentInfo[] | undefined;
}
export const MasterResponseGetAgents: MessageType<MasterResponseGetAgents> = message('mesos.v1.master.Response.GetAgents', [
  [1, 'agents', '*', () => MasterResponseGetAgentsAgent],
  [2, 'recovered_agents', '*', () => AgentInfo],
]);

export interface MasterResponseGetAgentsAgent {
  agent_info: AgentInfo;
  active: boolean;
  deactivated?: boolean | undefined;
  version: string;
  pid?: string | undefined;
  registered_time?: TimeInfo | undefined;
  reregistered_time?: TimeInfo | undefined;
  total_resources?: Resource[] | undefined;
  allocated_resources?: Resource[] | undefined;
  offered_resources?: Resource[] | undefined;
  capabilities?: AgentInfoCapability[] | undefined;
  resource_providers?: MasterResponseGetAgentsAgentResourceProvider[] | undefined;
  drain_info?: DrainInfo | undefined;
  estimated_drain_start_time?: TimeInfo | undefined;
}
export const MasterResponseGetAgentsAgent: MessageType<MasterResponseGetAgentsAgent> = message('mesos.v1.master.Response.GetAgents.Agent', [
  [1, 'agent_info', '!', () => AgentInfo],
  [2, 'active', '!', 'bool'],
  [12, 'deactivated', '?', 'bool'],
  [3, 'version', '!', 'string'],
  [4, 'pid', '?', 'string'],
  [5, 'registered_time', '?', () => TimeInfo],
  [6, 'reregistered_time', '?', () => TimeInfo],
  [7, 'total_resources', '*', () => Resource],
  [8, 'allocated_resources', '*', () => Resource],
  [9, 'offered_resources', '*', () => Resource],
  [10, 'capabilities', '*', () => AgentInfoCapability],
  [11, 'resource_providers', '*', () => MasterResponseGetAgentsAgentResourceProvider],
  [13, 'drain_info', '?', () => DrainInfo],
  [14, 'estimated_drain_start_time', '?', () => TimeInfo],
]);

export interface MasterResponseGetAgentsAgentResourceProvider {
  resource_provider_info: ResourceProviderInfo;
  total_resources?: Resource[] | undefined;
}
export const MasterResponseGetAgentsAgentResourceProvider: MessageType<MasterResponseGetAgentsAgentResourceProvider> = message('mesos.v1.master.Response.GetAgents.Agent.ResourceProvider', [
  [1, 'resource_provider_info', '!', () => ResourceProviderInfo],
  [2, 'total_resources', '*', () => Resource],
]);

export interface MasterResponseGetFrameworks {
  frameworks?: MasterResponseGetFrameworksFramework[] | undefined;
  completed_frameworks?: MasterResponseGetFrameworksFramework[] | undefined;
  recovered_frameworks?: FrameworkInfo[] | undefined;
}
export const MasterResponseGetFrameworks: MessageType<MasterResponseGetFrameworks> = message('mesos.v1.master.Response.GetFrameworks', [
  [1, 'frameworks', '*', () => MasterResponseGetFrameworksFramework],
  [2, 'completed_frameworks', '*', () => MasterResponseGetFrameworksFramework],
  [3, 'recovered_frameworks', '*', () => FrameworkInfo, { deprecated: true }],
]);

export interface MasterResponseGetFrameworksFramework {
  framework_info: FrameworkInfo;
  active: boolean;
  connected: boolean;
  recovered: boolean;
  registered_time?: TimeInfo | undefined;
  reregistered_time?: TimeInfo | undefined;
  unregistered_time?: TimeInfo | undefined;
  offers?: Offer[] | undefined;
  inverse_offers?: InverseOffer[] | undefined;
  allocated_resources?: Resource[] | undefined;
  offered_resources?: Resource[] | undefined;
  offer_constraints?: SchedulerOfferConstraints | undefined;
}
export const MasterResponseGetFrameworksFramework: MessageType<MasterResponseGetFrameworksFramework> = message('mesos.v1.master.Response.GetFrameworks.Framework', [
  [1, 'framework_info', '!', () => FrameworkInfo],
  [2, 'active', '!', 'bool'],
  [3, 'connected', '!', 'bool'],
  [11, 'recovered', '!', 'bool'],
  [4, 'registered_time', '?', () => TimeInfo],
  [5, 'reregistered_time', '?', () => TimeInfo],
  [6, 'unregistered_time', '?', () => TimeInfo],
  [7, 'offers', '*', () => Offer],
  [8, 'inverse_offers', '*', () => InverseOffer],
  [9, 'allocated_resources', '*', () => Resource],
  [10, 'offered_resources', '*', () => Resource],
  [12, 'offer_constraints', '?', () => SchedulerOfferConstraints],
]);

export interface MasterResponseGetExecutors {
  executors?: MasterResponseGetExecutorsExecutor[] | undefined;
  orphan_executors?: MasterResponseGetExecutorsExecutor[] | undefined;
}
export const MasterResponseGetExecutors: MessageType<MasterResponseGetExecutors> = message('mesos.v1.master.Response.GetExecutors', [
  [1, 'executors', '*', () => MasterResponseGetExecutorsExecutor],
  [2, 'orphan_executors', '*', () => MasterResponseGetExecutorsExecutor, { deprecated: true }],
]);

export interface MasterResponseGetExecutorsExecutor {
  executor_info: ExecutorInfo;
  agent_id: AgentID;
}
export const MasterResponseGetExecutorsExecutor: MessageType<MasterResponseGetExecutorsExecutor> = message('mesos.v1.master.Response.GetExecutors.Executor', [
  [1, 'executor_info', '!', () => ExecutorInfo],
  [2, 'agent_id', '!', () => AgentID],
]);

export interface MasterResponseGetOperations {
  operations?: Operation[] | undefined;
}
export const MasterResponseGetOperations: MessageType<MasterResponseGetOperations> = message('mesos.v1.master.Response.GetOperations', [
  [1, 'operations', '*', () => Operation],
]);

export interface MasterResponseGetTasks {
  pending_tasks?: Task[] | undefined;
  tasks?: Task[] | undefined;
  unreachable_tasks?: Task[] | undefined;
  completed_tasks?: Task[] | undefined;
  orphan_tasks?: Task[] | undefined;
}
export const MasterResponseGetTasks: MessageType<MasterResponseGetTasks> = message('mesos.v1.master.Response.GetTasks', [
  [1, 'pending_tasks', '*', () => Task, { deprecated: true }],
  [2, 'tasks', '*', () => Task],
  [5, 'unreachable_tasks', '*', () => Task],
  [3, 'completed_tasks', '*', () => Task],
  [4, 'orphan_tasks', '*', () => Task, { deprecated: true }],
]);

export interface MasterResponseGetRoles {
  roles?: Role[] | undefined;
}
export const MasterResponseGetRoles: MessageType<MasterResponseGetRoles> = message('mesos.v1.master.Response.GetRoles', [
  [1, 'roles', '*', () => Role],
]);

export interface MasterResponseGetWeights {
  weight_infos?: WeightInfo[] | undefined;
}
export const MasterResponseGetWeights: MessageType<MasterResponseGetWeights> = message('mesos.v1.master.Response.GetWeights', [
  [1, 'weight_infos', '*', () => WeightInfo],
]);

export interface MasterResponseGetMaster {
  master_info?: MasterInfo | undefined;
  start_time?: number | undefined;
  elected_time?: number | undefined;
}
export const MasterResponseGetMaster: MessageType<MasterResponseGetMaster> = message('mesos.v1.master.Response.GetMaster', [
  [1, 'master_info', '?', () => MasterInfo],
  [2, 'start_time', '?', 'double'],
  [3, 'elected_time', '?', 'double'],
]);

export interface MasterResponseGetMaintenanceStatus {
  status: MaintenanceClusterStatus;
}
export const MasterResponseGetMaintenanceStatus: MessageType<MasterResponseGetMaintenanceStatus> = message('mesos.v1.master.Response.GetMaintenanceStatus', [
  [1, 'status', '!', () => MaintenanceClusterStatus],
]);

export interface MasterResponseGetMaintenanceSchedule {
  schedule: MaintenanceSchedule;
}
export const MasterResponseGetMaintenanceSchedule: MessageType<MasterResponseGetMaintenanceSchedule> = message('mesos.v1.master.Response.GetMaintenanceSchedule', [
  [1, 'schedule', '!', () => MaintenanceSchedule],
]);

export interface MasterResponseGetQuota {
  status: QuotaStatus;
}
export const MasterResponseGetQuota: MessageType<MasterResponseGetQuota> = message('mesos.v1.master.Response.GetQuota', [
  [1, 'status', '!', () => QuotaStatus],
]);

export interface MasterEvent {
  type?: MasterEventType | undefined;
  subscribed?: MasterEventSubscribed | undefined;
  task_added?: MasterEventTaskAdded | undefined;
  task_updated?: MasterEventTaskUpdated | undefined;
  agent_added?: MasterEventAgentAdded | undefined;
  agent_removed?: MasterEventAgentRemoved | undefined;
  framework_added?: MasterEventFrameworkAdded | undefined;
  framework_updated?: MasterEventFrameworkUpdated | undefined;
  framework_removed?: MasterEventFrameworkRemoved | undefined;
}
export const MasterEvent: MessageType<MasterEvent> = message('mesos.v1.master.Event', [
  [1, 'type', '?', () => MasterEventType],
  [2, 'subscribed', '?', () => MasterEventSubscribed],
  [3, 'task_added', '?', () => MasterEventTaskAdded],
  [4, 'task_updated', '?', () => MasterEventTaskUpdated],
  [5, 'agent_added', '?', () => MasterEventAgentAdded],
  [6, 'agent_removed', '?', () => MasterEventAgentRemoved],
  [7, 'framework_added', '?', () => MasterEventFrameworkAdded],
  [8, 'framework_updated', '?', () => MasterEventFrameworkUpdated],
  [9, 'framework_removed', '?', () => MasterEventFrameworkRemoved],
]);

export type MasterEventType =
  | 'UNKNOWN'
  | 'SUBSCRIBED'
  | 'TASK_ADDED'
  | 'TASK_UPDATED'
  | 'AGENT_ADDED'
  | 'AGENT_REMOVED'
  | 'FRAMEWORK_ADDED'
  | 'FRAMEWORK_UPDATED'
  | 'FRAMEWORK_REMOVED'
  | 'HEARTBEAT';
export const MasterEventType: EnumType<MasterEventType> = enumeration('mesos.v1.master.Event.Type', {
  UNKNOWN: 0,
  SUBSCRIBED: 1,
  TASK_ADDED: 2,
  TASK_UPDATED: 3,
  AGENT_ADDED: 4,
  AGENT_REMOVED: 5,
  FRAMEWORK_ADDED: 6,
  FRAMEWORK_UPDATED: 7,
  FRAMEWORK_REMOVED: 8,
  HEARTBEAT: 9,
});

export interface MasterEventSubscribed {
  get_state?: MasterResponseGetState | undefined;
  heartbeat_interval_seconds?: number | undefined;
}
export const MasterEventSubscribed: MessageType<MasterEventSubscribed> = message('mesos.v1.master.Event.Subscribed', [
  [1, 'get_state', '?', () => MasterResponseGetState],
  [2, 'heartbeat_interval_seconds', '?', 'double'],
]);

export interface MasterEventTaskAdded {
  task: Task;
}
export const MasterEventTaskAdded: MessageType<MasterEventTaskAdded> = message('mesos.v1.master.Event.TaskAdded', [
  [1, 'task', '!', () => Task],
]);

export interface MasterEventTaskUpdated {
  framework_id: FrameworkID;
  status: TaskStatus;
  state: TaskState;
}
export const MasterEventTaskUpdated: MessageType<MasterEventTaskUpdated> = message('mesos.v1.master.Event.TaskUpdated', [
  [1, 'framework_id', '!', () => FrameworkID],
  [2, 'status', '!', () => TaskStatus],
  [3, 'state', '!', () => TaskState],
]);

export interface MasterEventFrameworkAdded {
  framework: MasterResponseGetFrameworksFramework;
}
export const MasterEventFrameworkAdded: MessageType<MasterEventFrameworkAdded> = message('mesos.v1.master.Event.FrameworkAdded', [
  [1, 'framework', '!', () => MasterResponseGetFrameworksFramework],
]);

export interface MasterEventFrameworkUpdated {
  framework: MasterResponseGetFrameworksFramework;
}
export const MasterEventFrameworkUpdated: MessageType<MasterEventFrameworkUpdated> = message('mesos.v1.master.Event.FrameworkUpdated', [
  [1, 'framework', '!', () => MasterResponseGetFrameworksFramework],
]);

export interface MasterEventFrameworkRemoved {
  framework_info: FrameworkInfo;
}
export const MasterEventFrameworkRemoved: MessageType<MasterEventFrameworkRemoved> = message('mesos.v1.master.Event.FrameworkRemoved', [
  [1, 'framework_info', '!', () => FrameworkInfo],
]);

export interface MasterEventAgentAdded {
  agent: MasterResponseGetAgentsAgent;
}
export const MasterEventAgentAdded: MessageType<MasterEventAgentAdded> = message('mesos.v1.master.Event.AgentAdded', [
  [1, 'agent', '!', () => MasterResponseGetAgentsAgent],
]);

export interface MasterEventAgentRemoved {
  agent_id: AgentID;
}
export const MasterEventAgentRemoved: MessageType<MasterEventAgentRemoved> = message('mesos.v1.master.Event.AgentRemoved', [
  [1, 'agent_id', '!', () => AgentID],
]);
