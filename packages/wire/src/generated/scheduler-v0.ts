// Generated from the .proto file of the same name by tools/codegen/generate.mjs. Do not edit.
import { type EnumType, enumeration, type MessageType, message } from '../codec/schema.ts';
import { AgentID, ExecutorID, Filters, FrameworkID, FrameworkInfo, KillPolicy, OfferID, OfferOperation, OperationID, Request, ResourceProviderID, TaskID } from './mesos.ts';
import { SchedulerCallAccept, SchedulerCallAcceptInverseOffers, SchedulerCallAcknowledge, SchedulerCallAcknowledgeOperationStatus, SchedulerCallDecline, SchedulerCallDeclineInverseOffers, SchedulerCallKill, SchedulerCallMessage, SchedulerCallReconcile, SchedulerCallReconcileOperations, SchedulerCallReconcileOperationsOperation, SchedulerCallReconcileTask, SchedulerCallRequest, SchedulerCallRevive, SchedulerCallShutdown, SchedulerCallSuppress, SchedulerCallType, SchedulerCallUpdateFramework, SchedulerOfferConstraints } from './scheduler.ts';

export interface V0SchedulerCall {
  framework_id?: FrameworkID | undefined;
  type?: SchedulerCallType | undefined;
  subscribe?: V0SchedulerCallSubscribe | undefined;
  accept?: SchedulerCallAccept | undefined;
  decline?: SchedulerCallDecline | undefined;
  accept_inverse_offers?: SchedulerCallAcceptInverseOffers | undefined;
  decline_inverse_offers?: SchedulerCallDeclineInverseOffers | undefined;
  revive?: SchedulerCallRevive | undefined;
  kill?: SchedulerCallKill | undefined;
  shutdown?: SchedulerCallShutdown | undefined;
  acknowledge?: SchedulerCallAcknowledge | undefined;
  acknowledge_operation_status?: SchedulerCallAcknowledgeOperationStatus | undefined;
  reconcile?: SchedulerCallReconcile | undefined;
  reconcile_operations?: SchedulerCallReconcileOperations | undefined;
  message?: SchedulerCallMessage | undefined;
  request?: SchedulerCallRequest | undefined;
  suppress?: SchedulerCallSuppress | undefined;
  update_framework?: SchedulerCallUpdateFramework | undefined;
}
export const V0SchedulerCall: MessageType<V0SchedulerCall> = message('mesos.scheduler.Call', [
  [1, 'framework_id', '?', () => FrameworkID],
  [2, 'type', '?', () => SchedulerCallType],
  [3, 'subscribe', '?', () => V0SchedulerCallSubscribe],
  [4, 'accept', '?', () => SchedulerCallAccept],
  [5, 'decline', '?', () => SchedulerCallDecline],
  [13, 'accept_inverse_offers', '?', () => SchedulerCallAcceptInverseOffers],
  [14, 'decline_inverse_offers', '?', () => SchedulerCallDeclineInverseOffers],
  [15, 'revive', '?', () => SchedulerCallRevive],
  [6, 'kill', '?', () => SchedulerCallKill],
  [7, 'shutdown', '?', () => SchedulerCallShutdown],
  [8, 'acknowledge', '?', () => SchedulerCallAcknowledge],
  [17, 'acknowledge_operation_status', '?', () => SchedulerCallAcknowledgeOperationStatus],
  [9, 'reconcile', '?', () => SchedulerCallReconcile],
  [18, 'reconcile_operations', '?', () => SchedulerCallReconcileOperations],
  [10, 'message', '?', () => SchedulerCallMessage],
  [11, 'request', '?', () => SchedulerCallRequest],
  [16, 'suppress', '?', () => SchedulerCallSuppress],
  [19, 'update_framework', '?', () => SchedulerCallUpdateFramework],
]);

export type V0SchedulerCallType =
  | 'UNKNOWN'
  | 'SUBSCRIBE'
  | 'TEARDOWN'
  | 'ACCEPT'
  | 'DECLINE'
  | 'ACCEPT_INVERSE_OFFERS'
  | 'DECLINE_INVERSE_OFFERS'
  | 'REVIVE'
  | 'KILL'
  | 'SHUTDOWN'
  | 'ACKNOWLEDGE'
  | 'ACKNOWLEDGE_OPERATION_STATUS'
  | 'RECONCILE'
  | 'RECONCILE_OPERATIONS'
  | 'MESSAGE'
  | 'REQUEST'
  | 'SUPPRESS'
  | 'UPDATE_FRAMEWORK';
export const V0SchedulerCallType: EnumType<V0SchedulerCallType> = enumeration('mesos.scheduler.Call.Type', {
  UNKNOWN: 0,
  SUBSCRIBE: 1,
  TEARDOWN: 2,
  ACCEPT: 3,
  DECLINE: 4,
  ACCEPT_INVERSE_OFFERS: 13,
  DECLINE_INVERSE_OFFERS: 14,
  REVIVE: 5,
  KILL: 6,
  SHUTDOWN: 7,
  ACKNOWLEDGE: 8,
  ACKNOWLEDGE_OPERATION_STATUS: 15,
  RECONCILE: 9,
  RECONCILE_OPERATIONS: 16,
  MESSAGE: 10,
  REQUEST: 11,
  SUPPRESS: 12,
  UPDATE_FRAMEWORK: 17,
});

export interface V0SchedulerCallSubscribe {
  framework_info: FrameworkInfo;
  force?: boolean | undefined;
  suppressed_roles?: string[] | undefined;
  offer_constraints?: SchedulerOfferConstraints | undefined;
}
export const V0SchedulerCallSubscribe: MessageType<V0SchedulerCallSubscribe> = message('mesos.scheduler.Call.Subscribe', [
  [1, 'framework_info', '!', () => FrameworkInfo],
  [2, 'force', '?', 'bool'],
  [3, 'suppressed_roles', '*', 'string'],
  [4, 'offer_constraints', '?', () => SchedulerOfferConstraints],
]);

export interface V0SchedulerCallAccept {
  offer_ids?: OfferID[] | undefined;
  operations?: OfferOperation[] | undefined;
  filters?: Filters | undefined;
}
export const V0SchedulerCallAccept: MessageType<V0SchedulerCallAccept> = message('mesos.scheduler.Call.Accept', [
  [1, 'offer_ids', '*', () => OfferID],
  [2, 'operations', '*', () => OfferOperation],
  [3, 'filters', '?', () => Filters],
]);

export interface V0SchedulerCallDecline {
  offer_ids?: OfferID[] | undefined;
  filters?: Filters | undefined;
}
export const V0SchedulerCallDecline: MessageType<V0SchedulerCallDecline> = message('mesos.scheduler.Call.Decline', [
  [1, 'offer_ids', '*', () => OfferID],
  [2, 'filters', '?', () => Filters],
]);

export interface V0SchedulerCallAcceptInverseOffers {
  inverse_offer_ids?: OfferID[] | undefined;
  filters?: Filters | undefined;
}
export const V0SchedulerCallAcceptInverseOffers: MessageType<V0SchedulerCallAcceptInverseOffers> = message('mesos.scheduler.Call.AcceptInverseOffers', [
  [1, 'inverse_offer_ids', '*', () => OfferID],
  [2, 'filters', '?', () => Filters],
]);

export interface V0SchedulerCallDeclineInverseOffers {
  inverse_offer_ids?: OfferID[] | undefined;
  filters?: Filters | undefined;
}
export const V0SchedulerCallDeclineInverseOffers: MessageType<V0SchedulerCallDeclineInverseOffers> = message('mesos.scheduler.Call.DeclineInverseOffers', [
  [1, 'inverse_offer_ids', '*', () => OfferID],
  [2, 'filters', '?', () => Filters],
]);

export interface V0SchedulerCallRevive {
  roles?: string[] | undefined;
}
export const V0SchedulerCallRevive: MessageType<V0SchedulerCallRevive> = message('mesos.scheduler.Call.Revive', [
  [1, 'roles', '*', 'string'],
]);

export interface V0SchedulerCallKill {
  task_id: TaskID;
  agent_id?: AgentID | undefined;
  kill_policy?: KillPolicy | undefined;
}
export const V0SchedulerCallKill: MessageType<V0SchedulerCallKill> = message('mesos.scheduler.Call.Kill', [
  [1, 'task_id', '!', () => TaskID],
  [2, 'agent_id', '?', () => AgentID],
  [3, 'kill_policy', '?', () => KillPolicy],
]);

export interface V0SchedulerCallShutdown {
  executor_id: ExecutorID;
  agent_id: AgentID;
}
export const V0SchedulerCallShutdown: MessageType<V0SchedulerCallShutdown> = message('mesos.scheduler.Call.Shutdown', [
  [1, 'executor_id', '!', () => ExecutorID],
  [2, 'agent_id', '!', () => AgentID],
]);

export interface V0SchedulerCallAcknowledge {
  agent_id: AgentID;
  task_id: TaskID;
  uuid: Uint8Array;
}
export const V0SchedulerCallAcknowledge: MessageType<V0SchedulerCallAcknowledge> = message('mesos.scheduler.Call.Acknowledge', [
  [1, 'agent_id', '!', () => AgentID],
  [2, 'task_id', '!', () => TaskID],
  [3, 'uuid', '!', 'bytes'],
]);

export interface V0SchedulerCallAcknowledgeOperationStatus {
  agent_id?: AgentID | undefined;
  resource_provider_id?: ResourceProviderID | undefined;
  uuid: Uint8Array;
  operation_id: OperationID;
}
export const V0SchedulerCallAcknowledgeOperationStatus: MessageType<V0SchedulerCallAcknowledgeOperationStatus> = message('mesos.scheduler.Call.AcknowledgeOperationStatus', [
  [1, 'agent_id', '?', () => AgentID],
  [2, 'resource_provider_id', '?', () => ResourceProviderID],
  [3, 'uuid', '!', 'bytes'],
  [4, 'operation_id', '!', () => OperationID],
]);

export interface V0SchedulerCallReconcile {
  tasks?: SchedulerCallReconcileTask[] | undefined;
}
export const V0SchedulerCallReconcile: MessageType<V0SchedulerCallReconcile> = message('mesos.scheduler.Call.Reconcile', [
  [1, 'tasks', '*', () => SchedulerCallReconcileTask],
]);

export interface V0SchedulerCallReconcileTask {
  task_id: TaskID;
  agent_id?: AgentID | undefined;
}
export const V0SchedulerCallReconcileTask: MessageType<V0SchedulerCallReconcileTask> = message('mesos.scheduler.Call.Reconcile.Task', [
  [1, 'task_id', '!', () => TaskID],
  [2, 'agent_id', '?', () => AgentID],
]);

export interface V0SchedulerCallReconcileOperations {
  operations?: SchedulerCallReconcileOperationsOperation[] | undefined;
}
export const V0SchedulerCallReconcileOperations: MessageType<V0SchedulerCallReconcileOperations> = message('mesos.scheduler.Call.ReconcileOperations', [
  [1, 'operations', '*', () => SchedulerCallReconcileOperationsOperation],
]);

export interface V0SchedulerCallReconcileOperationsOperation {
  operation_id: OperationID;
  agent_id?: AgentID | undefined;
  resource_provider_id?: ResourceProviderID | undefined;
}
export const V0SchedulerCallReconcileOperationsOperation: MessageType<V0SchedulerCallReconcileOperationsOperation> = message('mesos.scheduler.Call.ReconcileOperations.Operation', [
  [1, 'operation_id', '!', () => OperationID],
  [2, 'agent_id', '?', () => AgentID],
  [3, 'resource_provider_id', '?', () => ResourceProviderID],
]);

export interface V0SchedulerCallMessage {
  agent_id: AgentID;
  executor_id: ExecutorID;
  data: Uint8Array;
}
export const V0SchedulerCallMessage: MessageType<V0SchedulerCallMessage> = message('mesos.scheduler.Call.Message', [
  [1, 'agent_id', '!', () => AgentID],
  [2, 'executor_id', '!', () => ExecutorID],
  [3, 'data', '!', 'bytes'],
]);

export interface V0SchedulerCallRequest {
  requests?: Request[] | undefined;
}
export const V0SchedulerCallRequest: MessageType<V0SchedulerCallRequest> = message('mesos.scheduler.Call.Request', [
  [1, 'requests', '*', () => Request],
]);

export interface V0SchedulerCallSuppress {
  roles?: string[] | undefined;
}
export const V0SchedulerCallSuppress: MessageType<V0SchedulerCallSuppress> = message('mesos.scheduler.Call.Suppress', [
  [1, 'roles', '*', 'string'],
]);

export interface V0SchedulerCallUpdateFramework {
  framework_info: FrameworkInfo;
  suppressed_roles?: string[] | undefined;
  offer_constraints?: SchedulerOfferConstraints | undefined;
}
export const V0SchedulerCallUpdateFramework: MessageType<V0SchedulerCallUpdateFramework> = message('mesos.scheduler.Call.UpdateFramework', [
  [1, 'framework_info', '!', () => FrameworkInfo],
  [2, 'suppressed_roles', '*', 'string'],
  [3, 'offer_constraints', '?', () => SchedulerOfferConstraints],
]);
