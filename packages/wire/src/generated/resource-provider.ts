// Generated from the .proto file of the same name by tools/codegen/generate.mjs. Do not edit.
import { type EnumType, enumeration, type MessageType, message } from '../codec/schema.ts';
import { FrameworkID, OfferOperation, Operation, OperationStatus, Resource, ResourceProviderID, ResourceProviderInfo, UUID } from './mesos.ts';

export interface ResourceProviderEvent {
  type?: ResourceProviderEventType | undefined;
  subscribed?: ResourceProviderEventSubscribed | undefined;
  apply_operation?: ResourceProviderEventApplyOperation | undefined;
  publish_resources?: ResourceProviderEventPublishResources | undefined;
  acknowledge_operation_status?: ResourceProviderEventAcknowledgeOperationStatus | undefined;
  reconcile_operations?: ResourceProviderEventReconcileOperations | undefined;
}
export const ResourceProviderEvent: MessageType<ResourceProviderEvent> = message('mesos.v1.resource_provider.Event', [
  [1, 'type', '?', () => ResourceProviderEventType],
  [2, 'subscribed', '?', () => ResourceProviderEventSubscribed],
  [3, 'apply_operation', '?', () => ResourceProviderEventApplyOperation],
  [4, 'publish_resources', '?', () => ResourceProviderEventPublishResources],
  [5, 'acknowledge_operation_status', '?', () => ResourceProviderEventAcknowledgeOperationStatus],
  [6, 'reconcile_operations', '?', () => ResourceProviderEventReconcileOperations],
]);

export type ResourceProviderEventType =
  | 'UNKNOWN'
  | 'SUBSCRIBED'
  | 'APPLY_OPERATION'
  | 'PUBLISH_RESOURCES'
  | 'ACKNOWLEDGE_OPERATION_STATUS'
  | 'RECONCILE_OPERATIONS'
  | 'TEARDOWN';
export const ResourceProviderEventType: EnumType<ResourceProviderEventType> = enumeration('mesos.v1.resource_provider.Event.Type', {
  UNKNOWN: 0,
  SUBSCRIBED: 1,
  APPLY_OPERATION: 2,
  PUBLISH_RESOURCES: 3,
  ACKNOWLEDGE_OPERATION_STATUS: 4,
  RECONCILE_OPERATIONS: 5,
  TEARDOWN: 6,
});

export interface ResourceProviderEventSubscribed {
  provider_id: ResourceProviderID;
}
export const ResourceProviderEventSubscribed: MessageType<ResourceProviderEventSubscribed> = message('mesos.v1.resource_provider.Event.Subscribed', [
  [1, 'provider_id', '!', () => ResourceProviderID],
]);

export interface ResourceProviderEventApplyOperation {
  framework_id?: FrameworkID | undefined;
  info: OfferOperation;
  operation_uuid: UUID;
  resource_version_uuid: UUID;
}
export const ResourceProviderEventApplyOperation: MessageType<ResourceProviderEventApplyOperation> = message('mesos.v1.resource_provider.Event.ApplyOperation', [
  [1, 'framework_id', '?', () => FrameworkID],
  [2, 'info', '!', () => OfferOperation],
  [3, 'operation_uuid', '!', () => UUID],
  [4, 'resource_version_uuid', '!', () => UUID],
]);

export interface ResourceProviderEventPublishResources {
  uuid: UUID;
  resources?: Resource[] | undefined;
}
export const ResourceProviderEventPublishResources: MessageType<ResourceProviderEventPublishResources> = message('mesos.v1.resource_provider.Event.PublishResources', [
  [1, 'uuid', '!', () => UUID],
  [2, 'resources', '*', () => Resource],
]);

export interface ResourceProviderEventAcknowledgeOperationStatus {
  status_uuid: UUID;
  operation_uuid: UUID;
}
export const ResourceProviderEventAcknowledgeOperationStatus: MessageType<ResourceProviderEventAcknowledgeOperationStatus> = message('mesos.v1.resource_provider.Event.AcknowledgeOperationStatus', [
  [1, 'status_uuid', '!', () => UUID],
  [2, 'operation_uuid', '!', () => UUID],
]);

export interface ResourceProviderEventReconcileOperations {
  operation_uuids?: UUID[] | undefined;
}
export const ResourceProviderEventReconcileOperations: MessageType<ResourceProviderEventReconcileOperations> = message('mesos.v1.resource_provider.Event.ReconcileOperations', [
  [1, 'operation_uuids', '*', () => UUID],
]);

export interface ResourceProviderCall {
  resource_provider_id?: ResourceProviderID | undefined;
  type?: ResourceProviderCallType | undefined;
  subscribe?: ResourceProviderCallSubscribe | undefined;
  update_operation_status?: ResourceProviderCallUpdateOperationStatus | undefined;
  update_state?: ResourceProviderCallUpdateState | undefined;
  update_publish_resources_status?: ResourceProviderCallUpdatePublishResourcesStatus | undefined;
}
export const ResourceProviderCall: MessageType<ResourceProviderCall> = message('mesos.v1.resource_provider.Call', [
  [1, 'resource_provider_id', '?', () => ResourceProviderID],
  [2, 'type', '?', () => ResourceProviderCallType],
  [3, 'subscribe', '?', () => ResourceProviderCallSubscribe],
  [4, 'update_operation_status', '?', () => ResourceProviderCallUpdateOperationStatus],
  [5, 'update_state', '?', () => ResourceProviderCallUpdateState],
  [6, 'update_publish_resources_status', '?', () => ResourceProviderCallUpdatePublishResourcesStatus],
]);

export type ResourceProviderCallType =
  | 'UNKNOWN'
  | 'SUBSCRIBE'
  | 'UPDATE_OPERATION_STATUS'
  | 'UPDATE_STATE'
  | 'UPDATE_PUBLISH_RESOURCES_STATUS';
export const ResourceProviderCallType: EnumType<ResourceProviderCallType> = enumeration('mesos.v1.resource_provider.Call.Type', {
  UNKNOWN: 0,
  SUBSCRIBE: 1,
  UPDATE_OPERATION_STATUS: 2,
  UPDATE_STATE: 3,
  UPDATE_PUBLISH_RESOURCES_STATUS: 4,
});

export interface ResourceProviderCallSubscribe {
  resource_provider_info: ResourceProviderInfo;
}
export const ResourceProviderCallSubscribe: MessageType<ResourceProviderCallSubscribe> = message('mesos.v1.resource_provider.Call.Subscribe', [
  [1, 'resource_provider_info', '!', () => ResourceProviderInfo],
]);

export interface ResourceProviderCallUpdateOperationStatus {
  framework_id?: FrameworkID | undefined;
  status: OperationStatus;
  latest_status?: OperationStatus | undefined;
  operation_uuid: UUID;
}
export const ResourceProviderCallUpdateOperationStatus: MessageType<ResourceProviderCallUpdateOperationStatus> = message('mesos.v1.resource_provider.Call.UpdateOperationStatus', [
  [1, 'framework_id', '?', () => FrameworkID],
  [2, 'status', '!', () => OperationStatus],
  [3, 'latest_status', '?', () => OperationStatus],
  [4, 'operation_uuid', '!', () => UUID],
]);

export interface ResourceProviderCallUpdateState {
  operations?: Operation[] | undefined;
  resources?: Resource[] | undefined;
  resource_version_uuid: UUID;
}
export const ResourceProviderCallUpdateState: MessageType<ResourceProviderCallUpdateState> = message('mesos.v1.resource_provider.Call.UpdateState', [
  [1, 'operations', '*', () => Operation],
  [2, 'resources', '*', () => Resource],
  [3, 'resource_version_uuid', '!', () => UUID],
]);

export interface ResourceProviderCallUpdatePublishResourcesStatus {
  uuid: UUID;
  status: ResourceProviderCallUpdatePublishResourcesStatusStatus;
}
export const ResourceProviderCallUpdatePublishResourcesStatus: MessageType<ResourceProviderCallUpdatePublishResourcesStatus> = message('mesos.v1.resource_provider.Call.UpdatePublishResourcesStatus', [
  [1, 'uuid', '!', () => UUID],
  [2, 'status', '!', () => ResourceProviderCallUpdatePublishResourcesStatusStatus],
]);

export type ResourceProviderCallUpdatePublishResourcesStatusStatus =
  | 'UNKNOWN'
  | 'OK'
  | 'FAILED';
export const ResourceProviderCallUpdatePublishResourcesStatusStatus: EnumType<ResourceProviderCallUpdatePublishResourcesStatusStatus> = enumeration('mesos.v1.resource_provider.Call.UpdatePublishResourcesStatus.Status', {
  UNKNOWN: 0,
  OK: 1,
  FAILED: 2,
});
