// Generated from the .proto file of the same name by tools/codegen/generate.mjs. Do not edit.
import { type EnumType, enumeration, type MessageType, message } from '../codec/schema.ts';
import { AgentID, AgentInfoCapability, Attribute, DomainInfo, DrainConfig, ExecutorID, ExecutorInfo, Filters, FrameworkID, FrameworkInfo, InverseOffer, KillPolicy, MasterInfo, Offer, OfferID, OfferOperation, Operation, OperationID, OperationStatus, Request, Resource, ResourceProviderID, ResourceProviderInfo, Task, TaskGroupInfo, TaskID, TaskInfo, TaskState, TaskStatus, UUID } from './mesos.ts';
import { ResourceProviderCall, ResourceProviderEvent } from './resource-provider.ts';

export interface AgentInfoV0 {
  hostname: string;
  port?: number | undefined;
  resources?: Resource[] | undefined;
  attributes?: Attribute[] | undefined;
  id?: AgentID | undefined;
  domain?: DomainInfo | undefined;
  checkpoint?: boolean | undefined;
}
export const AgentInfoV0: MessageType<AgentInfoV0> = message('mesos.internal.AgentInfoV0', [
  [1, 'hostname', '!', 'string'],
  [8, 'port', '?', 'int32', { default: 5051 }],
  [3, 'resources', '*', () => Resource],
  [5, 'attributes', '*', () => Attribute],
  [6, 'id', '?', () => AgentID],
  [10, 'domain', '?', () => DomainInfo],
  [7, 'checkpoint', '?', 'bool', { default: false }],
]);

export interface StatusUpdate {
  framework_id: FrameworkID;
  executor_id?: ExecutorID | undefined;
  agent_id?: AgentID | undefined;
  status: TaskStatus;
  timestamp: number;
  uuid?: Uint8Array | undefined;
  latest_state?: TaskState | undefined;
}
export const StatusUpdate: MessageType<StatusUpdate> = message('mesos.internal.StatusUpdate', [
  [1, 'framework_id', '!', () => FrameworkID],
  [2, 'executor_id', '?', () => ExecutorID],
  [3, 'agent_id', '?', () => AgentID],
  [4, 'status', '!', () => TaskStatus],
  [5, 'timestamp', '!', 'double'],
  [6, 'uuid', '?', 'bytes'],
  [7, 'latest_state', '?', () => TaskState],
]);

export interface StatusUpdateRecord {
  type: StatusUpdateRecordType;
  update?: StatusUpdate | undefined;
  uuid?: Uint8Array | undefined;
}
export const StatusUpdateRecord: MessageType<StatusUpdateRecord> = message('mesos.internal.StatusUpdateRecord', [
  [1, 'type', '!', () => StatusUpdateRecordType],
  [2, 'update', '?', () => StatusUpdate],
  [3, 'uuid', '?', 'bytes'],
]);

export type StatusUpdateRecordType =
  | 'UPDATE'
  | 'ACK';
export const StatusUpdateRecordType: EnumType<StatusUpdateRecordType> = enumeration('mesos.internal.StatusUpdateRecord.Type', {
  UPDATE: 0,
  ACK: 1,
});

export interface SubmitSchedulerRequest {
  name: string;
}
export const SubmitSchedulerRequest: MessageType<SubmitSchedulerRequest> = message('mesos.internal.SubmitSchedulerRequest', [
  [1, 'name', '!', 'string'],
]);

export interface SubmitSchedulerResponse {
  okay: boolean;
}
export const SubmitSchedulerResponse: MessageType<SubmitSchedulerResponse> = message('mesos.internal.SubmitSchedulerResponse', [
  [1, 'okay', '!', 'bool'],
]);

export interface ExecutorToFrameworkMessage {
  agent_id: AgentID;
  framework_id: FrameworkID;
  executor_id: ExecutorID;
  data: Uint8Array;
}
export const ExecutorToFrameworkMessage: MessageType<ExecutorToFrameworkMessage> = message('mesos.internal.ExecutorToFrameworkMessage', [
  [1, 'agent_id', '!', () => AgentID],
  [2, 'framework_id', '!', () => FrameworkID],
  [3, 'executor_id', '!', () => ExecutorID],
  [4, 'data', '!', 'bytes'],
]);

export interface FrameworkToExecutorMessage {
  agent_id: AgentID;
  framework_id: FrameworkID;
  executor_id: ExecutorID;
  data: Uint8Array;
}
export const FrameworkToExecutorMessage: MessageType<FrameworkToExecutorMessage> = message('mesos.internal.FrameworkToExecutorMessage', [
  [1, 'agent_id', '!', () => AgentID],
  [2, 'framework_id', '!', () => FrameworkID],
  [3, 'executor_id', '!', () => ExecutorID],
  [4, 'data', '!', 'bytes'],
]);

export interface RegisterFrameworkMessage {
  framework: FrameworkInfo;
}
export const RegisterFrameworkMessage: MessageType<RegisterFrameworkMessage> = message('mesos.internal.RegisterFrameworkMessage', [
  [1, 'framework', '!', () => FrameworkInfo],
]);

export interface ReregisterFrameworkMessage {
  framework: FrameworkInfo;
  failover: boolean;
}
export const ReregisterFrameworkMessage: MessageType<ReregisterFrameworkMessage> = message('mesos.internal.ReregisterFrameworkMessage', [
  [2, 'framework', '!', () => FrameworkInfo],
  [3, 'failover', '!', 'bool'],
]);

export interface FrameworkRegisteredMessage {
  framework_id: FrameworkID;
  master_info: MasterInfo;
}
export const FrameworkRegisteredMessage: MessageType<FrameworkRegisteredMessage> = message('mesos.internal.FrameworkRegisteredMessage', [
  [1, 'framework_id', '!', () => FrameworkID],
  [2, 'master_info', '!', () => MasterInfo],
]);

export interface FrameworkReregisteredMessage {
  framework_id: FrameworkID;
  master_info: MasterInfo;
}
export const FrameworkReregisteredMessage: MessageType<FrameworkReregisteredMessage> = message('mesos.internal.FrameworkReregisteredMessage', [
  [1, 'framework_id', '!', () => FrameworkID],
  [2, 'master_info', '!', () => MasterInfo],
]);

export interface UnregisterFrameworkMessage {
  framework_id: FrameworkID;
}
export const UnregisterFrameworkMessage: MessageType<UnregisterFrameworkMessage> = message('mesos.internal.UnregisterFrameworkMessage', [
  [1, 'framework_id', '!', () => FrameworkID],
]);

export interface DeactivateFrameworkMessage {
  framework_id: FrameworkID;
}
export const DeactivateFrameworkMessage: MessageType<DeactivateFrameworkMessage> = message('mesos.internal.DeactivateFrameworkMessage', [
  [1, 'framework_id', '!', () => FrameworkID],
]);

export interface ResourceRequestMessage {
  framework_id: FrameworkID;
  requests?: Request[] | undefined;
}
export const ResourceRequestMessage: MessageType<ResourceRequestMessage> = message('mesos.internal.ResourceRequestMessage', [
  [1, 'framework_id', '!', () => FrameworkID],
  [2, 'requests', '*', () => Request],
]);

export interface ResourceOffersMessage {
  offers?: Offer[] | undefined;
  pids?: string[] | undefined;
}
export const ResourceOffersMessage: MessageType<ResourceOffersMessage> = message('mesos.internal.ResourceOffersMessage', [
  [1, 'offers', '*', () => Offer],
  [2, 'pids', '*', 'string'],
]);

export interface InverseOffersMessage {
  inverse_offers?: InverseOffer[] | undefined;
  pids?: string[] | undefined;
}
export const InverseOffersMessage: MessageType<InverseOffersMessage> = message('mesos.internal.InverseOffersMessage', [
  [1, 'inverse_offers', '*', () => InverseOffer],
  [2, 'pids', '*', 'string'],
]);

export interface LaunchTasksMessage {
  framework_id: FrameworkID;
  tasks?: TaskInfo[] | undefined;
  filters: Filters;
  offer_ids?: OfferID[] | undefined;
}
export const LaunchTasksMessage: MessageType<LaunchTasksMessage> = message('mesos.internal.LaunchTasksMessage', [
  [1, 'framework_id', '!', () => FrameworkID],
  [3, 'tasks', '*', () => TaskInfo],
  [5, 'filters', '!', () => Filters],
  [6, 'offer_ids', '*', () => OfferID],
]);

export interface RescindResourceOfferMessage {
  offer_id: OfferID;
}
export const RescindResourceOfferMessage: MessageType<RescindResourceOfferMessage> = message('mesos.internal.RescindResourceOfferMessage', [
  [1, 'offer_id', '!', () => OfferID],
]);

export interface RescindInverseOfferMessage {
  inverse_offer_id: OfferID;
}
export const RescindInverseOfferMessage: MessageType<RescindInverseOfferMessage> = message('mesos.internal.RescindInverseOfferMessage', [
  [1, 'inverse_offer_id', '!', () => OfferID],
]);

export interface ReviveOffersMessage {
  framework_id: FrameworkID;
  roles?: string[] | undefined;
}
export const ReviveOffersMessage: MessageType<ReviveOffersMessage> = message('mesos.internal.ReviveOffersMessage', [
  [1, 'framework_id', '!', () => FrameworkID],
  [2, 'roles', '*', 'string'],
]);

export interface RunTaskMessage {
  framework_id?: FrameworkID | undefined;
  framework: FrameworkInfo;
  task: TaskInfo;
  resource_version_uuids?: ResourceVersionUUID[] | undefined;
  pid?: string | undefined;
  launch_executor?: boolean | undefined;
}
export const RunTaskMessage: MessageType<RunTaskMessage> = message('mesos.internal.RunTaskMessage', [
  [1, 'framework_id', '?', () => FrameworkID, { deprecated: true }],
  [2, 'framework', '!', () => FrameworkInfo],
  [4, 'task', '!', () => TaskInfo],
  [5, 'resource_version_uuids', '*', () => ResourceVersionUUID],
  [3, 'pid', '?', 'string'],
  [6, 'launch_executor', '?', 'bool'],
]);

export interface RunTaskGroupMessage {
  framework: FrameworkInfo;
  executor: ExecutorInfo;
  task_group: TaskGroupInfo;
  resource_version_uuids?: ResourceVersionUUID[] | undefined;
  launch_executor?: boolean | undefined;
}
export const RunTaskGroupMessage: MessageType<RunTaskGroupMessage> = message('mesos.internal.RunTaskGroupMessage', [
  [1, 'framework', '!', () => FrameworkInfo],
  [2, 'executor', '!', () => ExecutorInfo],
  [3, 'task_group', '!', () => TaskGroupInfo],
  [4, 'resource_version_uuids', '*', () => ResourceVersionUUID],
  [5, 'launch_executor', '?', 'bool'],
]);

export interface KillTaskMessage {
  framework_id: FrameworkID;
  task_id: TaskID;
  kill_policy?: KillPolicy | undefined;
}
export const KillTaskMessage: MessageType<KillTaskMessage> = message('mesos.internal.KillTaskMessage', [
  [1, 'framework_id', '!', () => FrameworkID],
  [2, 'task_id', '!', () => TaskID],
  [3, 'kill_policy', '?', () => KillPolicy],
]);

export interface StatusUpdateMessage {
  update: StatusUpdate;
  pid?: string | undefined;
}
export const StatusUpdateMessage: MessageType<StatusUpdateMessage> = message('mesos.internal.StatusUpdateMessage', [
  [1, 'update', '!', () => StatusUpdate],
  [2, 'pid', '?', 'string'],
]);

export interface StatusUpdateAcknowledgementMessage {
  agent_id: AgentID;
  framework_id: FrameworkID;
  task_id: TaskID;
  uuid: Uint8Array;
}
export const StatusUpdateAcknowledgementMessage: MessageType<StatusUpdateAcknowledgementMessage> = message('mesos.internal.StatusUpdateAcknowledgementMessage', [
  [1, 'agent_id', '!', () => AgentID],
  [2, 'framework_id', '!', () => FrameworkID],
  [3, 'task_id', '!', () => TaskID],
  [4, 'uuid', '!', 'bytes'],
]);

export interface AcknowledgeOperationStatusMessage {
  status_uuid: UUID;
  operation_uuid: UUID;
  resource_provider_id?: ResourceProviderID | undefined;
}
export const AcknowledgeOperationStatusMessage: MessageType<AcknowledgeOperationStatusMessage> = message('mesos.internal.AcknowledgeOperationStatusMessage', [
  [1, 'status_uuid', '!', () => UUID],
  [2, 'operation_uuid', '!', () => UUID],
  [3, 'resource_provider_id', '?', () => ResourceProviderID],
]);

export interface LostAgentMessage {
  agent_id: AgentID;
}
export const LostAgentMessage: MessageType<LostAgentMessage> = message('mesos.internal.LostAgentMessage', [
  [1, 'agent_id', '!', () => AgentID],
]);

export interface ReconcileTasksMessage {
  framework_id: FrameworkID;
  statuses?: TaskStatus[] | undefined;
  framework?: FrameworkInfo | undefined;
}
export const ReconcileTasksMessage: MessageType<ReconcileTasksMessage> = message('mesos.internal.ReconcileTasksMessage', [
  [1, 'framework_id', '!', () => FrameworkID],
  [2, 'statuses', '*', () => TaskStatus],
  [3, 'framework', '?', () => FrameworkInfo],
]);

export interface ReconcileOperationsMessage {
  operations?: ReconcileOperationsMessageOperation[] | undefined;
  framework_id?: FrameworkID | undefined;
}
export const ReconcileOperationsMessage: MessageType<ReconcileOperationsMessage> = message('mesos.internal.ReconcileOperationsMessage', [
  [1, 'operations', '*', () => ReconcileOperationsMessageOperation],
  [2, 'framework_id', '?', () => FrameworkID],
]);

export interface ReconcileOperationsMessageOperation {
  operation_uuid?: UUID | undefined;
  operation_id?: OperationID | undefined;
  resource_provider_id?: ResourceProviderID | undefined;
}
export const ReconcileOperationsMessageOperation: MessageType<ReconcileOperationsMessageOperation> = message('mesos.internal.ReconcileOperationsMessage.Operation', [
  [1, 'operation_uuid', '?', () => UUID],
  [3, 'operation_id', '?', () => OperationID],
  [2, 'resource_provider_id', '?', () => ResourceProviderID],
]);

export interface FrameworkErrorMessage {
  message: string;
}
export const FrameworkErrorMessage: MessageType<FrameworkErrorMessage> = message('mesos.internal.FrameworkErrorMessage', [
  [2, 'message', '!', 'string'],
]);

export interface RegisterAgentMessage {
  agent: AgentInfoV0;
  checkpointed_resources?: Resource[] | undefined;
  version?: string | undefined;
  agent_capabilities?: AgentInfoCapability[] | undefined;
  resource_version_uuid?: UUID | undefined;
}
export const RegisterAgentMessage: MessageType<RegisterAgentMessage> = message('mesos.internal.RegisterAgentMessage', [
  [1, 'agent', '!', () => AgentInfoV0],
  [3, 'checkpointed_resources', '*', () => Resource],
  [2, 'version', '?', 'string'],
  [4, 'agent_capabilities', '*', () => AgentInfoCapability],
  [5, 'resource_version_uuid', '?', () => UUID],
]);

export interface ReregisterAgentMessage {
  agent: AgentInfoV0;
  checkpointed_resources?: Resource[] | undefined;
  executor_infos?: ExecutorInfo[] | undefined;
  tasks?: Task[] | undefined;
  frameworks?: FrameworkInfo[] | undefined;
  completed_frameworks?: ArchiveFramework[] | undefined;
  version?: string | undefined;
  agent_capabilities?: AgentInfoCapability[] | undefined;
  resource_version_uuid?: UUID | undefined;
}
export const ReregisterAgentMessage: MessageType<ReregisterAgentMessage> = message('mesos.internal.ReregisterAgentMessage', [
  [2, 'agent', '!', () => AgentInfoV0],
  [7, 'checkpointed_resources', '*', () => Resource],
  [4, 'executor_infos', '*', () => ExecutorInfo],
  [3, 'tasks', '*', () => Task],
  [8, 'frameworks', '*', () => FrameworkInfo],
  [5, 'completed_frameworks', '*', () => ArchiveFramework],
  [6, 'version', '?', 'string'],
  [9, 'agent_capabilities', '*', () => AgentInfoCapability],
  [10, 'resource_version_uuid', '?', () => UUID],
]);

export interface AgentRegisteredMessage {
  agent_id: AgentID;
  connection?: MasterAgentConnection | undefined;
}
export const AgentRegisteredMessage: MessageType<AgentRegisteredMessage> = message('mesos.internal.AgentRegisteredMessage', [
  [1, 'agent_id', '!', () => AgentID],
  [2, 'connection', '?', () => MasterAgentConnection],
]);

export interface AgentReregisteredMessage {
  agent_id: AgentID;
  reconciliations?: ReconcileTasksMessage[] | undefined;
  connection?: MasterAgentConnection | undefined;
}
export const AgentReregisteredMessage: MessageType<AgentReregisteredMessage> = message('mesos.internal.AgentReregisteredMessage', [
  [1, 'agent_id', '!', () => AgentID],
  [2, 'reconciliations', '*', () => ReconcileTasksMessage],
  [3, 'connection', '?', () => MasterAgentConnection],
]);

export interface UnregisterAgentMessage {
  agent_id: AgentID;
}
export const UnregisterAgentMessage: MessageType<UnregisterAgentMessage> = message('mesos.internal.UnregisterAgentMessage', [
  [1, 'agent_id', '!', () => AgentID],
]);

export interface MasterAgentConnection {
  total_ping_timeout_seconds?: number | undefined;
}
export const MasterAgentConnection: MessageType<MasterAgentConnection> = message('mesos.internal.MasterAgentConnection', [
  [1, 'total_ping_timeout_seconds', '?', 'double'],
]);

export interface PingAgentMessage {
  connected: boolean;
}
export const PingAgentMessage: MessageType<PingAgentMessage> = message('mesos.internal.PingAgentMessage', [
  [1, 'connected', '!', 'bool'],
]);

export interface PongAgentMessage {
}
export const PongAgentMessage: MessageType<PongAgentMessage> = message('mesos.internal.PongAgentMessage', [
]);

export interface ShutdownFrameworkMessage {
  framework_id: FrameworkID;
}
export const ShutdownFrameworkMessage: MessageType<ShutdownFrameworkMessage> = message('mesos.internal.ShutdownFrameworkMessage', [
  [1, 'framework_id', '!', () => FrameworkID],
]);

export interface ShutdownExecutorMessage {
  executor_id?: ExecutorID | undefined;
  framework_id?: FrameworkID | undefined;
}
export const ShutdownExecutorMessage: MessageType<ShutdownExecutorMessage> = message('mesos.internal.ShutdownExecutorMessage', [
  [1, 'executor_id', '?', () => ExecutorID],
  [2, 'framework_id', '?', () => FrameworkID],
]);

export interface UpdateFrameworkMessage {
  framework_id: FrameworkID;
  pid?: string | undefined;
  framework_info?: FrameworkInfo | undefined;
}
export const UpdateFrameworkMessage: MessageType<UpdateFrameworkMessage> = message('mesos.internal.UpdateFrameworkMessage', [
  [1, 'framework_id', '!', () => FrameworkID],
  [2, 'pid', '?', 'string'],
  [3, 'framework_info', '?', () => FrameworkInfo],
]);

export interface CheckpointResourcesMessage {
  resources?: Resource[] | undefined;
}
export const CheckpointResourcesMessage: MessageType<CheckpointResourcesMessage> = message('mesos.internal.CheckpointResourcesMessage', [
  [1, 'resources', '*', () => Resource],
]);

export interface ResourceVersionUUID {
  resource_provider_id?: ResourceProviderID | undefined;
  uuid: UUID;
}
export const ResourceVersionUUID: MessageType<ResourceVersionUUID> = message('mesos.internal.ResourceVersionUUID', [
  [1, 'resource_provider_id', '?', () => ResourceProviderID],
  [2, 'uuid', '!', () => UUID],
]);

export interface UpdateAgentMessage {
  agent_id: AgentID;
  update_oversubscribed_resources?: boolean | undefined;
  oversubscribed_resources?: Resource[] | undefined;
  operations?: UpdateAgentMessageOperations | undefined;
  resource_version_uuid?: UUID | undefined;
  resource_providers?: UpdateAgentMessageResourceProviders | undefined;
}
export const UpdateAgentMessage: MessageType<UpdateAgentMessage> = message('mesos.internal.UpdateAgentMessage', [
  [1, 'agent_id', '!', () => AgentID],
  [5, 'update_oversubscribed_resources', '?', 'bool'],
  [2, 'oversubscribed_resources', '*', () => Resource],
  [6, 'operations', '?', () => UpdateAgentMessageOperations],
  [7, 'resource_version_uuid', '?', () => UUID],
  [8, 'resource_providers', '?', () => UpdateAgentMessageResourceProviders],
]);

export interface UpdateAgentMessageOperations {
  operations?: Operation[] | undefined;
}
export const UpdateAgentMessageOperations: MessageType<UpdateAgentMessageOperations> = message('mesos.internal.UpdateAgentMessage.Operations', [
  [1, 'operations', '*', () => Operation],
]);

export interface UpdateAgentMessageResourceProvider {
  info?: ResourceProviderInfo | undefined;
  total_resources?: Resource[] | undefined;
  operations: UpdateAgentMessageOperations;
  resource_version_uuid: UUID;
}
export const UpdateAgentMessageResourceProvider: MessageType<UpdateAgentMessageResourceProvider> = message('mesos.internal.UpdateAgentMessage.ResourceProvider', [
  [1, 'info', '?', () => ResourceProviderInfo],
  [2, 'total_resources', '*', () => Resource],
  [3, 'operations', '!', () => UpdateAgentMessageOperations],
  [4, 'resource_version_uuid', '!', () => UUID],
]);

export interface UpdateAgentMessageResourceProviders {
  providers?: UpdateAgentMessageResourceProvider[] | undefined;
}
export const UpdateAgentMessageResourceProviders: MessageType<UpdateAgentMessageResourceProviders> = message('mesos.internal.UpdateAgentMessage.ResourceProviders', [
  [1, 'providers', '*', () => UpdateAgentMessageResourceProvider],
]);

export interface UpdateOperationStatusMessage {
  framework_id?: FrameworkID | undefined;
  agent_id?: AgentID | undefined;
  status: OperationStatus;
  latest_status?: OperationStatus | undefined;
  operation_uuid?: UUID | undefined;
}
export const UpdateOperationStatusMessage: MessageType<UpdateOperationStatusMessage> = message('mesos.internal.UpdateOperationStatusMessage', [
  [1, 'framework_id', '?', () => FrameworkID],
  [2, 'agent_id', '?', () => AgentID],
  [3, 'status', '!', () => OperationStatus],
  [4, 'latest_status', '?', () => OperationStatus],
  [5, 'operation_uuid', '?', () => UUID],
]);

export interface UpdateOperationStatusRecord {
  type: UpdateOperationStatusRecordType;
  update?: UpdateOperationStatusMessage | undefined;
  uuid?: UUID | undefined;
}
export const UpdateOperationStatusRecord: MessageType<UpdateOperationStatusRecord> = message('mesos.internal.UpdateOperationStatusRecord', [
  [1, 'type', '!', () => UpdateOperationStatusRecordType],
  [2, 'update', '?', () => UpdateOperationStatusMessage],
  [3, 'uuid', '?', () => UUID],
]);

export type UpdateOperationStatusRecordType =
  | 'UPDATE'
  | 'ACK';
export const UpdateOperationStatusRecordType: EnumType<UpdateOperationStatusRecordType> = enumeration('mesos.internal.UpdateOperationStatusRecord.Type', {
  UPDATE: 0,
  ACK: 1,
});

export interface ApplyOperationMessage {
  framework_id?: FrameworkID | undefined;
  operation_info: OfferOperation;
  operation_uuid: UUID;
  resource_version_uuid: ResourceVersionUUID;
}
export const ApplyOperationMessage: MessageType<ApplyOperationMessage> = message('mesos.internal.ApplyOperationMessage', [
  [1, 'framework_id', '?', () => FrameworkID],
  [2, 'operation_info', '!', () => OfferOperation],
  [3, 'operation_uuid', '!', () => UUID],
  [4, 'resource_version_uuid', '!', () => ResourceVersionUUID],
]);

export interface ResourceProviderCallMessage {
  call: ResourceProviderCall;
  uuid?: UUID | undefined;
}
export const ResourceProviderCallMessage: MessageType<ResourceProviderCallMessage> = message('mesos.internal.ResourceProviderCallMessage', [
  [1, 'call', '!', () => ResourceProviderCall],
  [2, 'uuid', '?', () => UUID],
]);

export interface ResourceProviderEventMessage {
  resource_provider_id: ResourceProviderID;
  event: ResourceProviderEvent;
  uuid?: UUID | undefined;
}
export const ResourceProviderEventMessage: MessageType<ResourceProviderEventMessage> = message('mesos.internal.ResourceProviderEventMessage', [
  [1, 'resource_provider_id', '!', () => ResourceProviderID],
  [2, 'event', '!', () => ResourceProviderEvent],
  [3, 'uuid', '?', () => UUID],
]);

export interface RegisterExecutorMessage {
  framework_id: FrameworkID;
  executor_id: ExecutorID;
}
export const RegisterExecutorMessage: MessageType<RegisterExecutorMessage> = message('mesos.internal.RegisterExecutorMessage', [
  [1, 'framework_id', '!', () => FrameworkID],
  [2, 'executor_id', '!', () => ExecutorID],
]);

export interface ExecutorRegisteredMessage {
  executor_info: ExecutorInfo;
  framework_id: FrameworkID;
  framework_info: FrameworkInfo;
  agent_id: AgentID;
  agent_info: AgentInfoV0;
}
export const ExecutorRegisteredMessage: MessageType<ExecutorRegisteredMessage> = message('mesos.internal.ExecutorRegisteredMessage', [
  [2, 'executor_info', '!', () => ExecutorInfo],
  [3, 'framework_id', '!', () => FrameworkID],
  [4, 'framework_info', '!', () => FrameworkInfo],
  [5, 'agent_id', '!', () => AgentID],
  [6, 'agent_info', '!', () => AgentInfoV0],
]);

export interface ExecutorReregisteredMessage {
  agent_id: AgentID;
  agent_info: AgentInfoV0;
}
export const ExecutorReregisteredMessage: MessageType<ExecutorReregisteredMessage> = message('mesos.internal.ExecutorReregisteredMessage', [
  [1, 'agent_id', '!', () => AgentID],
  [2, 'agent_info', '!', () => AgentInfoV0],
]);

export interface ExitedExecutorMessage {
  agent_id: AgentID;
  framework_id: FrameworkID;
  executor_id: ExecutorID;
  status: number;
}
export const ExitedExecutorMessage: MessageType<ExitedExecutorMessage> = message('mesos.internal.ExitedExecutorMessage', [
  [1, 'agent_id', '!', () => AgentID],
  [2, 'framework_id', '!', () => FrameworkID],
  [3, 'executor_id', '!', () => ExecutorID],
  [4, 'status', '!', 'int32'],
]);

export interface ReconnectExecutorMessage {
  agent_id: AgentID;
}
export const ReconnectExecutorMessage: MessageType<ReconnectExecutorMessage> = message('mesos.internal.ReconnectExecutorMessage', [
  [1, 'agent_id', '!', () => AgentID],
]);

export interface ReregisterExecutorMessage {
  executor_id: ExecutorID;
  framework_id: FrameworkID;
  tasks?: TaskInfo[] | undefined;
  updates?: StatusUpdate[] | undefined;
}
export const ReregisterExecutorMessage: MessageType<ReregisterExecutorMessage> = message('mesos.internal.ReregisterExecutorMessage', [
  [1, 'executor_id', '!', () => ExecutorID],
  [2, 'framework_id', '!', () => FrameworkID],
  [3, 'tasks', '*', () => TaskInfo],
  [4, 'updates', '*', () => StatusUpdate],
]);

export interface DrainAgentMessage {
  config: DrainConfig;
}
export const DrainAgentMessage: MessageType<DrainAgentMessage> = message('mesos.internal.DrainAgentMessage', [
  [1, 'config', '!', () => DrainConfig],
]);

export interface ShutdownMessage {
  message?: string | undefined;
}
export const ShutdownMessage: MessageType<ShutdownMessage> = message('mesos.internal.ShutdownMessage', [
  [1, 'message', '?', 'string'],
]);

export interface Archive {
  frameworks?: ArchiveFramework[] | undefined;
}
export const Archive: MessageType<Archive> = message('mesos.internal.Archive', [
  [1, 'frameworks', '*', () => ArchiveFramework],
]);

export interface ArchiveFramework {
  framework_info: FrameworkInfo;
  pid?: string | undefined;
  tasks?: Task[] | undefined;
}
export const ArchiveFramework: MessageType<ArchiveFramework> = message('mesos.internal.Archive.Framework', [
  [1, 'framework_info', '!', () => FrameworkInfo],
  [2, 'pid', '?', 'string'],
  [3, 'tasks', '*', () => Task],
]);

export interface TaskHealthStatus {
  task_id: TaskID;
  healthy: boolean;
  kill_task?: boolean | undefined;
  consecutive_failures?: number | undefined;
}
export const TaskHealthStatus: MessageType<TaskHealthStatus> = message('mesos.internal.TaskHealthStatus', [
  [1, 'task_id', '!', () => TaskID],
  [2, 'healthy', '!', 'bool'],
  [3, 'kill_task', '?', 'bool', { default: false }],
  [4, 'consecutive_failures', '?', 'int32'],
]);

export interface HookExecuted {
  module?: string | undefined;
}
export const HookExecuted: MessageType<HookExecuted> = message('mesos.internal.HookExecuted', [
  [1, 'module', '?', 'string'],
]);

export interface AuthenticateMessage {
  pid: string;
}
export const AuthenticateMessage: MessageType<AuthenticateMessage> = message('mesos.internal.AuthenticateMessage', [
  [1, 'pid', '!', 'string'],
]);

export interface AuthenticationMechanismsMessage {
  mechanisms?: string[] | undefined;
}
export const AuthenticationMechanismsMessage: MessageType<AuthenticationMechanismsMessage> = message('mesos.internal.AuthenticationMechanismsMessage', [
  [1, 'mechanisms', '*', 'string'],
]);

export interface AuthenticationStartMessage {
  mechanism: string;
  data?: Uint8Array | undefined;
}
export const AuthenticationStartMessage: MessageType<AuthenticationStartMessage> = message('mesos.internal.AuthenticationStartMessage', [
  [1, 'mechanism', '!', 'string'],
  [2, 'data', '?', 'bytes'],
]);

export interface AuthenticationStepMessage {
  data: Uint8Array;
}
export const AuthenticationStepMessage: MessageType<AuthenticationStepMessage> = message('mesos.internal.AuthenticationStepMessage', [
  [1, 'data', '!', 'bytes'],
]);

export interface AuthenticationCompletedMessage {
}
export const AuthenticationCompletedMessage: MessageType<AuthenticationCompletedMessage> = message('mesos.internal.AuthenticationCompletedMessage', [
]);

export interface AuthenticationFailedMessage {
}
export const AuthenticationFailedMessage: MessageType<AuthenticationFailedMessage> = message('mesos.internal.AuthenticationFailedMessage', [
]);

export interface AuthenticationErrorMessage {
  error?: string | undefined;
}
export const AuthenticationErrorMessage: MessageType<AuthenticationErrorMessage> = message('mesos.internal.AuthenticationErrorMessage', [
  [1, 'error', '?', 'string'],
]);
