// Generated from the .proto file of the same name by tools/codegen/generate.mjs. Do not edit.
import { type EnumType, enumeration, type MessageType, message } from '../codec/schema.ts';
import { AgentInfo, CommandInfo, ContainerID, ContainerInfo, ContainerStatus, DrainConfig, DurationInfo, ExecutorID, ExecutorInfo, FileInfo, Flag, FrameworkID, FrameworkInfo, Image, Metric, Operation, Resource, ResourceProviderID, ResourceProviderInfo, ResourceStatistics, TTYInfo, Task, TaskResourceLimitation, TaskState, TaskStatusReason, TimeInfo, ValueScalar, VersionInfo } from './mesos.ts';

export interface AgentCall {
  type?: AgentCallType | undefined;
  get_metrics?: AgentCallGetMetrics | undefined;
  set_logging_level?: AgentCallSetLoggingLevel | undefined;
  list_files?: AgentCallListFiles | undefined;
  read_file?: AgentCallReadFile | undefined;
  get_containers?: AgentCallGetContainers | undefined;
  launch_nested_container?: AgentCallLaunchNestedContainer | undefined;
  wait_nested_container?: AgentCallWaitNestedContainer | undefined;
  kill_nested_container?: AgentCallKillNestedContainer | undefined;
  remove_nested_container?: AgentCallRemoveNestedContainer | undefined;
  launch_nested_container_session?: AgentCallLaunchNestedContainerSession | undefined;
  attach_container_input?: AgentCallAttachContainerInput | undefined;
  attach_container_output?: AgentCallAttachContainerOutput | undefined;
  launch_container?: AgentCallLaunchContainer | undefined;
  wait_container?: AgentCallWaitContainer | undefined;
  kill_container?: AgentCallKillContainer | undefined;
  remove_container?: AgentCallRemoveContainer | undefined;
  add_resource_provider_config?: AgentCallAddResourceProviderConfig | undefined;
  update_resource_provider_config?: AgentCallUpdateResourceProviderConfig | undefined;
  remove_resource_provider_config?: AgentCallRemoveResourceProviderConfig | undefined;
  mark_resource_provider_gone?: AgentCallMarkResourceProviderGone | undefined;
  prune_images?: AgentCallPruneImages | undefined;
}
export const AgentCall: MessageType<AgentCall> = message('mesos.v1.agent.Call', [
  [1, 'type', '?', () => AgentCallType],
  [2, 'get_metrics', '?', () => AgentCallGetMetrics],
  [3, 'set_logging_level', '?', () => AgentCallSetLoggingLevel],
  [4, 'list_files', '?', () => AgentCallListFiles],
  [5, 'read_file', '?', () => AgentCallReadFile],
  [20, 'get_containers', '?', () => AgentCallGetContainers],
  [6, 'launch_nested_container', '?', () => AgentCallLaunchNestedContainer, { deprecated: true }],
  [7, 'wait_nested_container', '?', () => AgentCallWaitNestedContainer, { deprecated: true }],
  [8, 'kill_nested_container', '?', () => AgentCallKillNestedContainer, { deprecated: true }],
  [12, 'remove_nested_container', '?', () => AgentCallRemoveNestedContainer, { deprecated: true }],
  [9, 'launch_nested_container_session', '?', () => AgentCallLaunchNestedContainerSession],
  [10, 'attach_container_input', '?', () => AgentCallAttachContainerInput],
  [11, 'attach_container_output', '?', () => AgentCallAttachContainerOutput],
  [13, 'launch_container', '?', () => AgentCallLaunchContainer],
  [14, 'wait_container', '?', () => AgentCallWaitContainer],
  [15, 'kill_container', '?', () => AgentCallKillContainer],
  [16, 'remove_container', '?', () => AgentCallRemoveContainer],
  [17, 'add_resource_provider_config', '?', () => AgentCallAddResourceProviderConfig],
  [18, 'update_resource_provider_config', '?', () => AgentCallUpdateResourceProviderConfig],
  [19, 'remove_resource_provider_config', '?', () => AgentCallRemoveResourceProviderConfig],
  [22, 'mark_resource_provider_gone', '?', () => AgentCallMarkResourceProviderGone],
  [21, 'prune_images', '?', () => AgentCallPruneImages],
]);

export type AgentCallType =
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
  | 'GET_CONTAINERS'
  | 'GET_FRAMEWORKS'
  | 'GET_EXECUTORS'
  | 'GET_OPERATIONS'
  | 'GET_TASKS'
  | 'GET_AGENT'
  | 'GET_RESOURCE_PROVIDERS'
  | 'LAUNCH_NESTED_CONTAINER'
  | 'WAIT_NESTED_CONTAINER'
  | 'KILL_NESTED_CONTAINER'
  | 'REMOVE_NESTED_CONTAINER'
  | 'LAUNCH_NESTED_CONTAINER_SESSION'
  | 'ATTACH_CONTAINER_INPUT'
  | 'ATTACH_CONTAINER_OUTPUT'
  | 'LAUNCH_CONTAINER'
  | 'WAIT_CONTAINER'
  | 'KILL_CONTAINER'
  | 'REMOVE_CONTAINER'
  | 'ADD_RESOURCE_PROVIDER_CONFIG'
  | 'UPDATE_RESOURCE_PROVIDER_CONFIG'
  | 'REMOVE_RESOURCE_PROVIDER_CONFIG'
  | 'MARK_RESOURCE_PROVIDER_GONE'
  | 'PRUNE_IMAGES';
export const AgentCallType: EnumType<AgentCallType> = enumeration('mesos.v1.agent.Call.Type', {
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
  GET_CONTAINERS: 10,
  GET_FRAMEWORKS: 11,
  GET_EXECUTORS: 12,
  GET_OPERATIONS: 31,
  GET_TASKS: 13,
  GET_AGENT: 20,
  GET_RESOURCE_PROVIDERS: 26,
  LAUNCH_NESTED_CONTAINER: 14,
  WAIT_NESTED_CONTAINER: 15,
  KILL_NESTED_CONTAINER: 16,
  REMOVE_NESTED_CONTAINER: 21,
  LAUNCH_NESTED_CONTAINER_SESSION: 17,
  ATTACH_CONTAINER_INPUT: 18,
  ATTACH_CONTAINER_OUTPUT: 19,
  LAUNCH_CONTAINER: 22,
  WAIT_CONTAINER: 23,
  KILL_CONTAINER: 24,
  REMOVE_CONTAINER: 25,
  ADD_RESOURCE_PROVIDER_CONFIG: 27,
  UPDATE_RESOURCE_PROVIDER_CONFIG: 28,
  REMOVE_RESOURCE_PROVIDER_CONFIG: 29,
  MARK_RESOURCE_PROVIDER_GONE: 32,
  PRUNE_IMAGES: 30,
});

export interface AgentCallGetMetrics {
  timeout?: DurationInfo | undefined;
}
export const AgentCallGetMetrics: MessageType<AgentCallGetMetrics> = message('mesos.v1.agent.Call.GetMetrics', [
  [1, 'timeout', '?', () => DurationInfo],
]);

export interface AgentCallSetLoggingLevel {
  level: number;
  duration: DurationInfo;
}
export const AgentCallSetLoggingLevel: MessageType<AgentCallSetLoggingLevel> = message('mesos.v1.agent.Call.SetLoggingLevel', [
  [1, 'level', '!', 'uint32'],
  [2, 'duration', '!', () => DurationInfo],
]);

export interface AgentCallListFiles {
  path: string;
}
export const AgentCallListFiles: MessageType<AgentCallListFiles> = message('mesos.v1.agent.Call.ListFiles', [
  [1, 'path', '!', 'string'],
]);

export interface AgentCallReadFile {
  path: string;
  offset: number;
  length?: number | undefined;
}
export const AgentCallReadFile: MessageType<AgentCallReadFile> = message('mesos.v1.agent.Call.ReadFile', [
  [1, 'path', '!', 'string'],
  [2, 'offset', '!', 'uint64:number'],
  [3, 'length', '?', 'uint64:number'],
]);

export interface AgentCallGetContainers {
  show_nested?: boolean | undefined;
  show_standalone?: boolean | undefined;
}
export const AgentCallGetContainers: MessageType<AgentCallGetContainers> = message('mesos.v1.agent.Call.GetContainers', [
  [1, 'show_nested', '?', 'bool'],
  [2, 'show_standalone', '?', 'bool'],
]);

export interface AgentCallLaunchNestedContainer {
  container_id: ContainerID;
  command?: CommandInfo | undefined;
  container?: ContainerInfo | undefined;
}
export const AgentCallLaunchNestedContainer: MessageType<AgentCallLaunchNestedContainer> = message('mesos.v1.agent.Call.LaunchNestedContainer', [
  [1, 'container_id', '!', () => ContainerID],
  [2, 'command', '?', () => CommandInfo],
  [3, 'container', '?', () => ContainerInfo],
]);

export interface AgentCallWaitNestedContainer {
  container_id: ContainerID;
}
export const AgentCallWaitNestedContainer: MessageType<AgentCallWaitNestedContainer> = message('mesos.v1.agent.Call.WaitNestedContainer', [
  [1, 'container_id', '!', () => ContainerID],
]);

export interface AgentCallKillNestedContainer {
  container_id: ContainerID;
  signal?: number | undefined;
}
export const AgentCallKillNestedContainer: MessageType<AgentCallKillNestedContainer> = message('mesos.v1.agent.Call.KillNestedContainer', [
  [1, 'container_id', '!', () => ContainerID],
  [2, 'signal', '?', 'int32'],
]);

export interface AgentCallRemoveNestedContainer {
  container_id: ContainerID;
}
export const AgentCallRemoveNestedContainer: MessageType<AgentCallRemoveNestedContainer> = message('mesos.v1.agent.Call.RemoveNestedContainer', [
  [1, 'container_id', '!', () => ContainerID],
]);

export interface AgentCallLaunchNestedContainerSession {
  container_id: ContainerID;
  command?: CommandInfo | undefined;
  container?: ContainerInfo | undefined;
}
export const AgentCallLaunchNestedContainerSession: MessageType<AgentCallLaunchNestedContainerSession> = message('mesos.v1.agent.Call.LaunchNestedContainerSession', [
  [1, 'container_id', '!', () => ContainerID],
  [2, 'command', '?', () => CommandInfo],
  [3, 'container', '?', () => ContainerInfo],
]);

export interface AgentCallAttachContainerInput {
  type?: AgentCallAttachContainerInputType | undefined;
  container_id?: ContainerID | undefined;
  process_io?: AgentProcessIO | undefined;
}
export const AgentCallAttachContainerInput: MessageType<AgentCallAttachContainerInput> = message('mesos.v1.agent.Call.AttachContainerInput', [
  [1, 'type', '?', () => AgentCallAttachContainerInputType],
  [2, 'container_id', '?', () => ContainerID],
  [3, 'process_io', '?', () => AgentProcessIO],
]);

export type AgentCallAttachContainerInputType =
  | 'UNKNOWN'
  | 'CONTAINER_ID'
  | 'PROCESS_IO';
export const AgentCallAttachContainerInputType: EnumType<AgentCallAttachContainerInputType> = enumeration('mesos.v1.agent.Call.AttachContainerInput.Type', {
  UNKNOWN: 0,
  CONTAINER_ID: 1,
  PROCESS_IO: 2,
});

export interface AgentCallAttachContainerOutput {
  container_id: ContainerID;
}
export const AgentCallAttachContainerOutput: MessageType<AgentCallAttachContainerOutput> = message('mesos.v1.agent.Call.AttachContainerOutput', [
  [1, 'container_id', '!', () => ContainerID],
]);

export interface AgentCallLaunchContainer {
  container_id: ContainerID;
  command?: CommandInfo | undefined;
  resources?: Resource[] | undefined;
  container?: ContainerInfo | undefined;
  limits?: Record<string, ValueScalar> | undefined;
}
export const AgentCallLaunchContainer: MessageType<AgentCallLaunchContainer> = message('mesos.v1.agent.Call.LaunchContainer', [
  [1, 'container_id', '!', () => ContainerID],
  [2, 'command', '?', () => CommandInfo],
  [3, 'resources', '*', () => Resource],
  [4, 'container', '?', () => ContainerInfo],
  [5, 'limits', 'map', () => ValueScalar],
]);

export interface AgentCallWaitContainer {
  container_id: ContainerID;
}
export const AgentCallWaitContainer: MessageType<AgentCallWaitContainer> = message('mesos.v1.agent.Call.WaitContainer', [
  [1, 'container_id', '!', () => ContainerID],
]);

export interface AgentCallKillContainer {
  container_id: ContainerID;
  signal?: number | undefined;
}
export const AgentCallKillContainer: MessageType<AgentCallKillContainer> = message('mesos.v1.agent.Call.KillContainer', [
  [1, 'container_id', '!', () => ContainerID],
  [2, 'signal', '?', 'int32'],
]);

export interface AgentCallRemoveContainer {
  container_id: ContainerID;
}
export const AgentCallRemoveContainer: MessageType<AgentCallRemoveContainer> = message('mesos.v1.agent.Call.RemoveContainer', [
  [1, 'container_id', '!', () => ContainerID],
]);

export interface AgentCallAddResourceProviderConfig {
  info: ResourceProviderInfo;
}
export const AgentCallAddResourceProviderConfig: MessageType<AgentCallAddResourceProviderConfig> = message('mesos.v1.agent.Call.AddResourceProviderConfig', [
  [1, 'info', '!', () => ResourceProviderInfo],
]);

export interface AgentCallUpdateResourceProviderConfig {
  info: ResourceProviderInfo;
}
export const AgentCallUpdateResourceProviderConfig: MessageType<AgentCallUpdateResourceProviderConfig> = message('mesos.v1.agent.Call.UpdateResourceProviderConfig', [
  [1, 'info', '!', () => ResourceProviderInfo],
]);

export interface AgentCallRemoveResourceProviderConfig {
  type: string;
  name: string;
}
export const AgentCallRemoveResourceProviderConfig: MessageType<AgentCallRemoveResourceProviderConfig> = message('mesos.v1.agent.Call.RemoveResourceProviderConfig', [
  [1, 'type', '!', 'string'],
  [2, 'name', '!', 'string'],
]);

export interface AgentCallMarkResourceProviderGone {
  resource_provider_id: ResourceProviderID;
}
export const AgentCallMarkResourceProviderGone: MessageType<AgentCallMarkResourceProviderGone> = message('mesos.v1.agent.Call.MarkResourceProviderGone', [
  [1, 'resource_provider_id', '!', () => ResourceProviderID],
]);

export interface AgentCallPruneImages {
  excluded_images?: Image[] | undefined;
}
export const AgentCallPruneImages: MessageType<AgentCallPruneImages> = message('mesos.v1.agent.Call.PruneImages', [
  [1, 'excluded_images', '*', () => Image],
]);

export interface AgentResponse {
  type?: AgentResponseType | undefined;
  get_health?: AgentResponseGetHealth | undefined;
  get_flags?: AgentResponseGetFlags | undefined;
  get_version?: AgentResponseGetVersion | undefined;
  get_metrics?: AgentResponseGetMetrics | undefined;
  get_logging_level?: AgentResponseGetLoggingLevel | undefined;
  list_files?: AgentResponseListFiles | undefined;
  read_file?: AgentResponseReadFile | undefined;
  get_state?: AgentResponseGetState | undefined;
  get_containers?: AgentResponseGetContainers | undefined;
  get_frameworks?: AgentResponseGetFrameworks | undefined;
  get_executors?: AgentResponseGetExecutors | undefined;
  get_operations?: AgentResponseGetOperations | undefined;
  get_tasks?: AgentResponseGetTasks | undefined;
  get_agent?: AgentResponseGetAgent | undefined;
  get_resource_providers?: AgentResponseGetResourceProviders | undefined;
  wait_nested_container?: AgentResponseWaitNestedContainer | undefined;
  wait_container?: AgentResponseWaitContainer | undefined;
}
export const AgentResponse: MessageType<AgentResponse> = message('mesos.v1.agent.Response', [
  [1, 'type', '?', () => AgentResponseType],
  [2, 'get_health', '?', () => AgentResponseGetHealth],
  [3, 'get_flags', '?', () => AgentResponseGetFlags],
  [4, 'get_version', '?', () => AgentResponseGetVersion],
  [5, 'get_metrics', '?', () => AgentResponseGetMetrics],
  [6, 'get_logging_level', '?', () => AgentResponseGetLoggingLevel],
  [7, 'list_files', '?', () => AgentResponseListFiles],
  [8, 'read_file', '?', () => AgentResponseReadFile],
  [9, 'get_state', '?', () => AgentResponseGetState],
  [10, 'get_containers', '?', () => AgentResponseGetContainers],
  [11, 'get_frameworks', '?', () => AgentResponseGetFrameworks],
  [12, 'get_executors', '?', () => AgentResponseGetExecutors],
  [18, 'get_operations', '?', () => AgentResponseGetOperations],
  [13, 'get_tasks', '?', () => AgentResponseGetTasks],
  [15, 'get_agent', '?', () => AgentResponseGetAgent],
  [17, 'get_resource_providers', '?', () => AgentResponseGetResourceProviders],
  [14, 'wait_nested_container', '?', () => AgentResponseWaitNestedContainer],
  [16, 'wait_container', '?', () => AgentResponseWaitContainer],
]);

export type AgentResponseType =
  | 'UNKNOWN'
  | 'GET_HEALTH'
  | 'GET_FLAGS'
  | 'GET_VERSION'
  | 'GET_METRICS'
  | 'GET_LOGGING_LEVEL'
  | 'LIST_FILES'
  | 'READ_FILE'
  | 'GET_STATE'
  | 'GET_CONTAINERS'
  | 'GET_FRAMEWORKS'
  | 'GET_EXECUTORS'
  | 'GET_OPERATIONS'
  | 'GET_TASKS'
  | 'GET_AGENT'
  | 'GET_RESOURCE_PROVIDERS'
  | 'WAIT_NESTED_CONTAINER'
  | 'WAIT_CONTAINER';
export const AgentResponseType: EnumType<AgentResponseType> = enumeration('mesos.v1.agent.Response.Type', {
  UNKNOWN: 0,
  GET_HEALTH: 1,
  GET_FLAGS: 2,
  GET_VERSION: 3,
  GET_METRICS: 4,
  GET_LOGGING_LEVEL: 5,
  LIST_FILES: 6,
  READ_FILE: 7,
  GET_STATE: 8,
  GET_CONTAINERS: 9,
  GET_FRAMEWORKS: 10,
  GET_EXECUTORS: 11,
  GET_OPERATIONS: 17,
  GET_TASKS: 12,
  GET_AGENT: 14,
  GET_RESOURCE_PROVIDERS: 16,
  WAIT_NESTED_CONTAINER: 13,
  WAIT_CONTAINER: 15,
});

export interface AgentResponseGetHealth {
  healthy: boolean;
}
export const AgentResponseGetHealth: MessageType<AgentResponseGetHealth> = message('mesos.v1.agent.Response.GetHealth', [
  [1, 'healthy', '!', 'bool'],
]);

export interface AgentResponseGetFlags {
  flags?: Flag[] | undefined;
}
export const AgentResponseGetFlags: MessageType<AgentResponseGetFlags> = message('mesos.v1.agent.Response.GetFlags', [
  [1, 'flags', '*', () => Flag],
]);

export interface AgentResponseGetVersion {
  version_info: VersionInfo;
}
export const AgentResponseGetVersion: MessageType<AgentResponseGetVersion> = message('mesos.v1.agent.Response.GetVersion', [
  [1, 'version_info', '!', () => VersionInfo],
]);

export interface AgentResponseGetMetrics {
  metrics?: Metric[] | undefined;
}
export const AgentResponseGetMetrics: MessageType<AgentResponseGetMetrics> = message('mesos.v1.agent.Response.GetMetrics', [
  [1, 'metrics', '*', () => Metric],
]);

export interface AgentResponseGetLoggingLevel {
  level: number;
}
export const AgentResponseGetLoggingLevel: MessageType<AgentResponseGetLoggingLevel> = message('mesos.v1.agent.Response.GetLoggingLevel', [
  [1, 'level', '!', 'uint32'],
]);

export interface AgentResponseListFiles {
  file_infos?: FileInfo[] | undefined;
}
export const AgentResponseListFiles: MessageType<AgentResponseListFiles> = message('mesos.v1.agent.Response.ListFiles', [
  [1, 'file_infos', '*', () => FileInfo],
]);

export interface AgentResponseReadFile {
  size: number;
  data: Uint8Array;
}
export const AgentResponseReadFile: MessageType<AgentResponseReadFile> = message('mesos.v1.agent.Response.ReadFile', [
  [1, 'size', '!', 'uint64:number'],
  [2, 'data', '!', 'bytes'],
]);

export interface AgentResponseGetState {
  get_tasks?: AgentResponseGetTasks | undefined;
  get_executors?: AgentResponseGetExecutors | undefined;
  get_frameworks?: AgentResponseGetFrameworks | undefined;
}
export const AgentResponseGetState: MessageType<AgentResponseGetState> = message('mesos.v1.agent.Response.GetState', [
  [1, 'get_tasks', '?', () => AgentResponseGetTasks],
  [2, 'get_executors', '?', () => AgentResponseGetExecutors],
  [3, 'get_frameworks', '?', () => AgentResponseGetFrameworks],
]);

export interface AgentResponseGetContainers {
  containers?: AgentResponseGetContainersContainer[] | undefined;
}
export const AgentResponseGetContainers: MessageType<AgentResponseGetContainers> = message('mesos.v1.agent.Response.GetContainers', [
  [1, 'containers', '*', () => AgentResponseGetContainersContainer],
]);

export interface AgentResponseGetContainersContainer {
  framework_id?: FrameworkID | undefined;
  executor_id?: ExecutorID | undefined;
  executor_name?: string | undefined;
  container_id: ContainerID;
  container_status?: ContainerStatus | undefined;
  resource_statistics?: ResourceStatistics | undefined;
}
export const AgentResponseGetContainersContainer: MessageType<AgentResponseGetContainersContainer> = message('mesos.v1.agent.Response.GetContainers.Container', [
  [1, 'framework_id', '?', () => FrameworkID],
  [2, 'executor_id', '?', () => ExecutorID],
  [3, 'executor_name', '?', 'string'],
  [4, 'container_id', '!', () => ContainerID],
  [5, 'container_status', '?', () => ContainerStatus],
  [6, 'resource_statistics', '?', () => ResourceStatistics],
]);

export interface AgentResponseGetFrameworks {
  frameworks?: AgentResponseGetFrameworksFramework[] | undefined;
  completed_frameworks?: AgentResponseGetFrameworksFramework[] | undefined;
}
export const AgentResponseGetFrameworks: MessageType<AgentResponseGetFrameworks> = message('mesos.v1.agent.Response.GetFrameworks', [
  [1, 'frameworks', '*', () => AgentResponseGetFrameworksFramework],
  [2, 'completed_frameworks', '*', () => AgentResponseGetFrameworksFramework],
]);

export interface AgentResponseGetFrameworksFramework {
  framework_info: FrameworkInfo;
}
export const AgentResponseGetFrameworksFramework: MessageType<AgentResponseGetFrameworksFramework> = message('mesos.v1.agent.Response.GetFrameworks.Framework', [
  [1, 'framework_info', '!', () => FrameworkInfo],
]);

export interface AgentResponseGetExecutors {
  executors?: AgentResponseGetExecutorsExecutor[] | undefined;
  completed_executors?: AgentResponseGetExecutorsExecutor[] | undefined;
}
export const AgentResponseGetExecutors: MessageType<AgentResponseGetExecutors> = message('mesos.v1.agent.Response.GetExecutors', [
  [1, 'executors', '*', () => AgentResponseGetExecutorsExecutor],
  [2, 'completed_executors', '*', () => AgentResponseGetExecutorsExecutor],
]);

export interface AgentResponseGetExecutorsExecutor {
  executor_info: ExecutorInfo;
}
export const AgentResponseGetExecutorsExecutor: MessageType<AgentResponseGetExecutorsExecutor> = message('mesos.v1.agent.Response.GetExecutors.Executor', [
  [1, 'executor_info', '!', () => ExecutorInfo],
]);

export interface AgentResponseGetOperations {
  operations?: Operation[] | undefined;
}
export const AgentResponseGetOperations: MessageType<AgentResponseGetOperations> = message('mesos.v1.agent.Response.GetOperations', [
  [1, 'operations', '*', () => Operation],
]);

export interface AgentResponseGetTasks {
  pending_tasks?: Task[] | undefined;
  queued_tasks?: Task[] | undefined;
  launched_tasks?: Task[] | undefined;
  terminated_tasks?: Task[] | undefined;
  completed_tasks?: Task[] | undefined;
}
export const AgentResponseGetTasks: MessageType<AgentResponseGetTasks> = message('mesos.v1.agent.Response.GetTasks', [
  [1, 'pending_tasks', '*', () => Task],
  [2, 'queued_tasks', '*', () => Task],
  [3, 'launched_tasks', '*', () => Task],
  [4, 'terminated_tasks', '*', () => Task],
  [5, 'completed_tasks', '*', () => Task],
]);

export interface AgentResponseGetAgent {
  agent_info?: AgentInfo | undefined;
  drain_config?: DrainConfig | undefined;
  estimated_drain_start_time?: TimeInfo | undefined;
}
export const AgentResponseGetAgent: MessageType<AgentResponseGetAgent> = message('mesos.v1.agent.Response.GetAgent', [
  [1, 'agent_info', '?', () => AgentInfo],
  [2, 'drain_config', '?', () => DrainConfig],
  [3, 'estimated_drain_start_time', '?', () => TimeInfo],
]);

export interface AgentResponseGetResourceProviders {
  resource_providers?: AgentResponseGetResourceProvidersResourceProvider[] | undefined;
}
export const AgentResponseGetResourceProviders: MessageType<AgentResponseGetResourceProviders> = message('mesos.v1.agent.Response.GetResourceProviders', [
  [1, 'resource_providers', '*', () => AgentResponseGetResourceProvidersResourceProvider],
]);

export interface AgentResponseGetResourceProvidersResourceProvider {
  resource_provider_info: ResourceProviderInfo;
  total_resources?: Resource[] | undefined;
}
export const AgentResponseGetResourceProvidersResourceProvider: MessageType<AgentResponseGetResourceProvidersResourceProvider> = message('mesos.v1.agent.Response.GetResourceProviders.ResourceProvider', [
  [1, 'resource_provider_info', '!', () => ResourceProviderInfo],
  [2, 'total_resources', '*', () => Resource],
]);

export interface AgentResponseWaitNestedContainer {
  exit_status?: number | undefined;
  state?: TaskState | undefined;
  reason?: TaskStatusReason | undefined;
  limitation?: TaskResourceLimitation | undefined;
  message?: string | undefined;
}
export const AgentResponseWaitNestedContainer: MessageType<AgentResponseWaitNestedContainer> = message('mesos.v1.agent.Response.WaitNestedContainer', [
  [1, 'exit_status', '?', 'int32'],
  [2, 'state', '?', () => TaskState],
  [3, 'reason', '?', () => TaskStatusReason],
  [4, 'limitation', '?', () => TaskResourceLimitation],
  [5, 'message', '?', 'string'],
]);

export interface AgentResponseWaitContainer {
  exit_status?: number | undefined;
  state?: TaskState | undefined;
  reason?: TaskStatusReason | undefined;
  limitation?: TaskResourceLimitation | undefined;
  message?: string | undefined;
}
export const AgentResponseWaitContainer: MessageType<AgentResponseWaitContainer> = message('mesos.v1.agent.Response.WaitContainer', [
  [1, 'exit_status', '?', 'int32'],
  [2, 'state', '?', () => TaskState],
  [3, 'reason', '?', () => TaskStatusReason],
  [4, 'limitation', '?', () => TaskResourceLimitation],
  [5, 'message', '?', 'string'],
]);

export interface AgentProcessIO {
  type?: AgentProcessIOType | undefined;
  data?: AgentProcessIOData | undefined;
  control?: AgentProcessIOControl | undefined;
}
export const AgentProcessIO: MessageType<AgentProcessIO> = message('mesos.v1.agent.ProcessIO', [
  [1, 'type', '?', () => AgentProcessIOType],
  [2, 'data', '?', () => AgentProcessIOData],
  [3, 'control', '?', () => AgentProcessIOControl],
]);

export type AgentProcessIOType =
  | 'UNKNOWN'
  | 'DATA'
  | 'CONTROL';
export const AgentProcessIOType: EnumType<AgentProcessIOType> = enumeration('mesos.v1.agent.ProcessIO.Type', {
  UNKNOWN: 0,
  DATA: 1,
  CONTROL: 2,
});

export interface AgentProcessIOData {
  type?: AgentProcessIODataType | undefined;
  data?: Uint8Array | undefined;
}
export const AgentProcessIOData: MessageType<AgentProcessIOData> = message('mesos.v1.agent.ProcessIO.Data', [
  [1, 'type', '?', () => AgentProcessIODataType],
  [2, 'data', '?', 'bytes'],
]);

export type AgentProcessIODataType =
  | 'UNKNOWN'
  | 'STDIN'
  | 'STDOUT'
  | 'STDERR';
export const AgentProcessIODataType: EnumType<AgentProcessIODataType> = enumeration('mesos.v1.agent.ProcessIO.Data.Type', {
  UNKNOWN: 0,
  STDIN: 1,
  STDOUT: 2,
  STDERR: 3,
});

export interface AgentProcessIOControl {
  type?: AgentProcessIOControlType | undefined;
  tty_info?: TTYInfo | undefined;
  heartbeat?: AgentProcessIOControlHeartbeat | undefined;
}
export const AgentProcessIOControl: MessageType<AgentProcessIOControl> = message('mesos.v1.agent.ProcessIO.Control', [
  [1, 'type', '?', () => AgentProcessIOControlType],
  [2, 'tty_info', '?', () => TTYInfo],
  [3, 'heartbeat', '?', () => AgentProcessIOControlHeartbeat],
]);

export type AgentProcessIOControlType =
  | 'UNKNOWN'
  | 'TTY_INFO'
  | 'HEARTBEAT';
export const AgentProcessIOControlType: EnumType<AgentProcessIOControlType> = enumeration('mesos.v1.agent.ProcessIO.Control.Type', {
  UNKNOWN: 0,
  TTY_INFO: 1,
  HEARTBEAT: 2,
});

export interface AgentProcessIOControlHeartbeat {
  interval?: DurationInfo | undefined;
}
export const AgentProcessIOControlHeartbeat: MessageType<AgentProcessIOControlHeartbeat> = message('mesos.v1.agent.ProcessIO.Control.Heartbeat', [
  [1, 'interval', '?', () => DurationInfo],
]);
