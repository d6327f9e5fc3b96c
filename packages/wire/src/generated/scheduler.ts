// Generated from the .proto file of the same name by tools/codegen/generate.mjs. Do not edit.
import { type EnumType, enumeration, type MessageType, message } from '../codec/schema.ts';
import { AgentID, ExecutorID, Filters, FrameworkID, FrameworkInfo, InverseOffer, KillPolicy, MasterInfo, Offer, OfferID, OfferOperation, OperationID, OperationStatus, Request, ResourceProviderID, TaskID, TaskStatus } from './mesos.ts';

export interface SchedulerEvent {
  type?: SchedulerEventType | undefined;
  subscribed?: SchedulerEventSubscribed | undefined;
  offers?: SchedulerEventOffers | undefined;
  inverse_offers?: SchedulerEventInverseOffers | undefined;
  rescind?: SchedulerEventRescind | undefined;
  rescind_inverse_offer?: SchedulerEventRescindInverseOffer | undefined;
  update?: SchedulerEventUpdate | undefined;
  update_operation_status?: SchedulerEventUpdateOperationStatus | undefined;
  message?: SchedulerEventMessage | undefined;
  failure?: SchedulerEventFailure | undefined;
  error?: SchedulerEventError | undefined;
}
export const SchedulerEvent: MessageType<SchedulerEvent> = message('mesos.v1.scheduler.Event', [
  [1, 'type', '?', () => SchedulerEventType],
  [2, 'subscribed', '?', () => SchedulerEventSubscribed],
  [3, 'offers', '?', () => SchedulerEventOffers],
  [9, 'inverse_offers', '?', () => SchedulerEventInverseOffers],
  [4, 'rescind', '?', () => SchedulerEventRescind],
  [10, 'rescind_inverse_offer', '?', () => SchedulerEventRescindInverseOffer],
  [5, 'update', '?', () => SchedulerEventUpdate],
  [11, 'update_operation_status', '?', () => SchedulerEventUpdateOperationStatus],
  [6, 'message', '?', () => SchedulerEventMessage],
  [7, 'failure', '?', () => SchedulerEventFailure],
  [8, 'error', '?', () => SchedulerEventError],
]);

export type SchedulerEventType =
  | 'UNKNOWN'
  | 'SUBSCRIBED'
  | 'OFFERS'
  | 'INVERSE_OFFERS'
  | 'RESCIND'
  | 'RESCIND_INVERSE_OFFER'
  | 'UPDATE'
  | 'UPDATE_OPERATION_STATUS'
  | 'MESSAGE'
  | 'FAILURE'
  | 'ERROR'
  | 'HEARTBEAT';
export const SchedulerEventType: EnumType<SchedulerEventType> = enumeration('mesos.v1.scheduler.Event.Type', {
  UNKNOWN: 0,
  SUBSCRIBED: 1,
  OFFERS: 2,
  INVERSE_OFFERS: 9,
  RESCIND: 3,
  RESCIND_INVERSE_OFFER: 10,
  UPDATE: 4,
  UPDATE_OPERATION_STATUS: 11,
  MESSAGE: 5,
  FAILURE: 6,
  ERROR: 7,
  HEARTBEAT: 8,
});

export interface SchedulerEventSubscribed {
  framework_id: FrameworkID;
  heartbeat_interval_seconds?: number | undefined;
  master_info?: MasterInfo | undefined;
}
export const SchedulerEventSubscribed: MessageType<SchedulerEventSubscribed> = message('mesos.v1.scheduler.Event.Subscribed', [
  [1, 'framework_id', '!', () => FrameworkID],
  [2, 'heartbeat_interval_seconds', '?', 'double'],
  [3, 'master_info', '?', () => MasterInfo],
]);

export interface SchedulerEventOffers {
  offers?: Offer[] | undefined;
}
export const SchedulerEventOffers: MessageType<SchedulerEventOffers> = message('mesos.v1.scheduler.Event.Offers', [
  [1, 'offers', '*', () => Offer],
]);

export interface SchedulerEventInverseOffers {
  inverse_offers?: InverseOffer[] | undefined;
}
export const SchedulerEventInverseOffers: MessageType<SchedulerEventInverseOffers> = message('mesos.v1.scheduler.Event.InverseOffers', [
  [1, 'inverse_offers', '*', () => InverseOffer],
]);

export interface SchedulerEventRescind {
  offer_id: OfferID;
}
export const SchedulerEventRescind: MessageType<SchedulerEventRescind> = message('mesos.v1.scheduler.Event.Rescind', [
  [1, 'offer_id', '!', () => OfferID],
]);

export interface SchedulerEventRescindInverseOffer {
  inverse_offer_id: OfferID;
}
export const SchedulerEventRescindInverseOffer: MessageType<SchedulerEventRescindInverseOffer> = message('mesos.v1.scheduler.Event.RescindInverseOffer', [
  [1, 'inverse_offer_id', '!', () => OfferID],
]);

export interface SchedulerEventUpdate {
  status: TaskStatus;
}
export const SchedulerEventUpdate: MessageType<SchedulerEventUpdate> = message('mesos.v1.scheduler.Event.Update', [
  [1, 'status', '!', () => TaskStatus],
]);

export interface SchedulerEventUpdateOperationStatus {
  status: OperationStatus;
}
export const SchedulerEventUpdateOperationStatus: MessageType<SchedulerEventUpdateOperationStatus> = message('mesos.v1.scheduler.Event.UpdateOperationStatus', [
  [1, 'status', '!', () => OperationStatus],
]);

export interface SchedulerEventMessage {
  agent_id: AgentID;
  executor_id: ExecutorID;
  data: Uint8Array;
}
export const SchedulerEventMessage: MessageType<SchedulerEventMessage> = message('mesos.v1.scheduler.Event.Message', [
  [1, 'agent_id', '!', () => AgentID],
  [2, 'executor_id', '!', () => ExecutorID],
  [3, 'data', '!', 'bytes'],
]);

export interface SchedulerEventFailure {
  agent_id?: AgentID | undefined;
  executor_id?: ExecutorID | undefined;
  status?: number | undefined;
}
export const SchedulerEventFailure: MessageType<SchedulerEventFailure> = message('mesos.v1.scheduler.Event.Failure', [
  [1, 'agent_id', '?', () => AgentID],
  [2, 'executor_id', '?', () => ExecutorID],
  [3, 'status', '?', 'int32'],
]);

export interface SchedulerEventError {
  message: string;
}
export const SchedulerEventError: MessageType<SchedulerEventError> = message('mesos.v1.scheduler.Event.Error', [
  [1, 'message', '!', 'string'],
]);

export interface SchedulerResponse {
  type?: SchedulerResponseType | undefined;
  reconcile_operations?: SchedulerResponseReconcileOperations | undefined;
}
export const SchedulerResponse: MessageType<SchedulerResponse> = message('mesos.v1.scheduler.Response', [
  [1, 'type', '?', () => SchedulerResponseType],
  [2, 'reconcile_operations', '?', () => SchedulerResponseReconcileOperations, { deprecated: true }],
]);

export type SchedulerResponseType =
  | 'UNKNOWN'
  | 'RECONCILE_OPERATIONS';
export const SchedulerResponseType: EnumType<SchedulerResponseType> = enumeration('mesos.v1.scheduler.Response.Type', {
  UNKNOWN: 0,
  RECONCILE_OPERATIONS: 1,
});

export interface SchedulerResponseReconcileOperations {
  operation_statuses?: OperationStatus[] | undefined;
}
export const SchedulerResponseReconcileOperations: MessageType<SchedulerResponseReconcileOperations> = message('mesos.v1.scheduler.Response.ReconcileOperations', [
  [1, 'operation_statuses', '*', () => OperationStatus, { deprecated: true }],
]);

export interface SchedulerAttributeConstraint {
  selector: SchedulerAttributeConstraintSelector;
  predicate: SchedulerAttributeConstraintPredicate;
}
export const SchedulerAttributeConstraint: MessageType<SchedulerAttributeConstraint> = message('mesos.v1.scheduler.AttributeConstraint', [
  [1, 'selector', '!', () => SchedulerAttributeConstraintSelector],
  [2, 'predicate', '!', () => SchedulerAttributeConstraintPredicate],
]);

export interface SchedulerAttributeConstraintSelector {
  pseudoattribute_type?: SchedulerAttributeConstraintSelectorPseudoattributeType | undefined;
  attribute_name?: string | undefined;
}
export const SchedulerAttributeConstraintSelector: MessageType<SchedulerAttributeConstraintSelector> = message('mesos.v1.scheduler.AttributeConstraint.Selector', [
  [1, 'pseudoattribute_type', '?', () => SchedulerAttributeConstraintSelectorPseudoattributeType],
  [2, 'attribute_name', '?', 'string'],
]);

export type SchedulerAttributeConstraintSelectorPseudoattributeType =
  | 'UNKNOWN'
  | 'HOSTNAME'
  | 'REGION'
  | 'ZONE';
export const SchedulerAttributeConstraintSelectorPseudoattributeType: EnumType<SchedulerAttributeConstraintSelectorPseudoattributeType> = enumeration('mesos.v1.scheduler.AttributeConstraint.Selector.PseudoattributeType', {
  UNKNOWN: 0,
  HOSTNAME: 1,
  REGION: 2,
  ZONE: 3,
});

export interface SchedulerAttributeConstraintPredicate {
  exists?: SchedulerAttributeConstraintPredicateExists | undefined;
  not_exists?: SchedulerAttributeConstraintPredicateNotExists | undefined;
  text_equals?: SchedulerAttributeConstraintPredicateTextEquals | undefined;
  text_not_equals?: SchedulerAttributeConstraintPredicateTextNotEquals | undefined;
  text_matches?: SchedulerAttributeConstraintPredicateTextMatches | undefined;
  text_not_matches?: SchedulerAttributeConstraintPredicateTextNotMatches | undefined;
}
export const SchedulerAttributeConstraintPredicate: MessageType<SchedulerAttributeConstraintPredicate> = message('mesos.v1.scheduler.AttributeConstraint.Predicate', [
  [1, 'exists', '?', () => SchedulerAttributeConstraintPredicateExists],
  [2, 'not_exists', '?', () => SchedulerAttributeConstraintPredicateNotExists],
  [3, 'text_equals', '?', () => SchedulerAttributeConstraintPredicateTextEquals],
  [4, 'text_not_equals', '?', () => SchedulerAttributeConstraintPredicateTextNotEquals],
  [5, 'text_matches', '?', () => SchedulerAttributeConstraintPredicateTextMatches],
  [6, 'text_not_matches', '?', () => SchedulerAttributeConstraintPredicateTextNotMatches],
]);

export interface SchedulerAttributeConstraintPredicateExists {
}
export const SchedulerAttributeConstraintPredicateExists: MessageType<SchedulerAttributeConstraintPredicateExists> = message('mesos.v1.scheduler.AttributeConstraint.Predicate.Exists', [
]);

export interface SchedulerAttributeConstraintPredicateNotExists {
}
export const SchedulerAttributeConstraintPredicateNotExists: MessageType<SchedulerAttributeConstraintPredicateNotExists> = message('mesos.v1.scheduler.AttributeConstraint.Predicate.NotExists', [
]);

export interface SchedulerAttributeConstraintPredicateTextEquals {
  value: string;
}
export const SchedulerAttributeConstraintPredicateTextEquals: MessageType<SchedulerAttributeConstraintPredicateTextEquals> = message('mesos.v1.scheduler.AttributeConstraint.Predicate.TextEquals', [
  [1, 'value', '!', 'string'],
]);

export interface SchedulerAttributeConstraintPredicateTextNotEquals {
  value: string;
}
export const SchedulerAttributeConstraintPredicateTextNotEquals: MessageType<SchedulerAttributeConstraintPredicateTextNotEquals> = message('mesos.v1.scheduler.AttributeConstraint.Predicate.TextNotEquals', [
  [1, 'value', '!', 'string'],
]);

export interface SchedulerAttributeConstraintPredicateTextMatches {
  regex: string;
}
export const SchedulerAttributeConstraintPredicateTextMatches: MessageType<SchedulerAttributeConstraintPredicateTextMatches> = message('mesos.v1.scheduler.AttributeConstraint.Predicate.TextMatches', [
  [1, 'regex', '!', 'string'],
]);

export interface SchedulerAttributeConstraintPredicateTextNotMatches {
  regex: string;
}
export const SchedulerAttributeConstraintPredicateTextNotMatches: MessageType<SchedulerAttributeConstraintPredicateTextNotMatches> = message('mesos.v1.scheduler.AttributeConstraint.Predicate.TextNotMatches', [
  [1, 'regex', '!', 'string'],
]);

export interface SchedulerOfferConstraints {
  role_constraints?: Record<string, SchedulerOfferConstraintsRoleConstraints> | undefined;
}
export const SchedulerOfferConstraints: MessageType<SchedulerOfferConstraints> = message('mesos.v1.scheduler.OfferConstraints', [
  [1, 'role_constraints', 'map', () => SchedulerOfferConstraintsRoleConstraints],
]);

export interface SchedulerOfferConstraintsRoleConstraints {
  groups?: SchedulerOfferConstraintsRoleConstraintsGroup[] | undefined;
}
export const SchedulerOfferConstraintsRoleConstraints: MessageType<SchedulerOfferConstraintsRoleConstraints> = message('mesos.v1.scheduler.OfferConstraints.RoleConstraints', [
  [1, 'groups', '*', () => SchedulerOfferConstraintsRoleConstraintsGroup],
]);

export interface SchedulerOfferConstraintsRoleConstraintsGroup {
  attribute_constraints?: SchedulerAttributeConstraint[] | undefined;
}
export const SchedulerOfferConstraintsRoleConstraintsGroup: MessageType<SchedulerOfferConstraintsRoleConstraintsGroup> = message('mesos.v1.scheduler.OfferConstraints.RoleConstraints.Group', [
  [1, 'attribute_constraints', '*', () => SchedulerAttributeConstraint],
]);

export interface SchedulerCall {
  framework_id?: FrameworkID | undefined;
  type?: SchedulerCallType | undefined;
  subscribe?: SchedulerCallSubscribe | undefined;
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
export const SchedulerCall: MessageType<SchedulerCall> = message('mesos.v1.scheduler.Call', [
  [1, 'framework_id', '?', () => FrameworkID],
  [2, 'type', '?', () => SchedulerCallType],
  [3, 'subscribe', '?', () => SchedulerCallSubscribe],
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

export type SchedulerCallType =
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
export const SchedulerCallType: EnumType<SchedulerCallType> = enumeration('mesos.v1.scheduler.Call.Type', {
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

export interface SchedulerCallSubscribe {
  framework_info: FrameworkInfo;
  suppressed_roles?: string[] | undefined;
  offer_constraints?: SchedulerOfferConstraints | undefined;
}
export const SchedulerCallSubscribe: MessageType<SchedulerCallSubscribe> = message('mesos.v1.scheduler.Call.Subscribe', [
  [1, 'framework_info', '!', () => FrameworkInfo],
  [2, 'suppressed_roles', '*', 'string'],
  [3, 'offer_constraints', '?', () => SchedulerOfferConstraints],
]);

export interface SchedulerCallAccept {
  offer_ids?: OfferID[] | undefined;
  operations?: OfferOperation[] | undefined;
  filters?: Filters | undefined;
}
export const SchedulerCallAccept: MessageType<SchedulerCallAccept> = message('mesos.v1.scheduler.Call.Accept', [
  [1, 'offer_ids', '*', () => OfferID],
  [2, 'operations', '*', () => OfferOperation],
  [3, 'filters', '?', () => Filters],
]);

export interface SchedulerCallDecline {
  offer_ids?: OfferID[] | undefined;
  filters?: Filters | undefined;
}
export const SchedulerCallDecline: MessageType<SchedulerCallDecline> = message('mesos.v1.scheduler.Call.Decline', [
  [1, 'offer_ids', '*', () => OfferID],
  [2, 'filters', '?', () => Filters],
]);

export interface SchedulerCallAcceptInverseOffers {
  inverse_offer_ids?: OfferID[] | undefined;
  filters?: Filters | undefined;
}
export const SchedulerCallAcceptInverseOffers: MessageType<SchedulerCallAcceptInverseOffers> = message('mesos.v1.scheduler.Call.AcceptInverseOffers', [
  [1, 'inverse_offer_ids', '*', () => OfferID],
  [2, 'filters', '?', () => Filters],
]);

export interface SchedulerCallDeclineInverseOffers {
  inverse_offer_ids?: OfferID[] | undefined;
  filters?: Filters | undefined;
}
export const SchedulerCallDeclineInverseOffers: MessageType<SchedulerCallDeclineInverseOffers> = message('mesos.v1.scheduler.Call.DeclineInverseOffers', [
  [1, 'inverse_offer_ids', '*', () => OfferID],
  [2, 'filters', '?', () => Filters],
]);

export interface SchedulerCallRevive {
  roles?: string[] | undefined;
}
export const SchedulerCallRevive: MessageType<SchedulerCallRevive> = message('mesos.v1.scheduler.Call.Revive', [
  [1, 'roles', '*', 'string'],
]);

export interface SchedulerCallKill {
  task_id: TaskID;
  agent_id?: AgentID | undefined;
  kill_policy?: KillPolicy | undefined;
}
export const SchedulerCallKill: MessageType<SchedulerCallKill> = message('mesos.v1.scheduler.Call.Kill', [
  [1, 'task_id', '!', () => TaskID],
  [2, 'agent_id', '?', () => AgentID],
  [3, 'kill_policy', '?', () => KillPolicy],
]);

export interface SchedulerCallShutdown {
  executor_id: ExecutorID;
  agent_id: AgentID;
}
export const SchedulerCallShutdown: MessageType<SchedulerCallShutdown> = message('mesos.v1.scheduler.Call.Shutdown', [
  [1, 'executor_id', '!', () => ExecutorID],
  [2, 'agent_id', '!', () => AgentID],
]);

export interface SchedulerCallAcknowledge {
  agent_id: AgentID;
  task_id: TaskID;
  uuid: Uint8Array;
}
export const SchedulerCallAcknowledge: MessageType<SchedulerCallAcknowledge> = message('mesos.v1.scheduler.Call.Acknowledge', [
  [1, 'agent_id', '!', () => AgentID],
  [2, 'task_id', '!', () => TaskID],
  [3, 'uuid', '!', 'bytes'],
]);

export interface SchedulerCallAcknowledgeOperationStatus {
  agent_id?: AgentID | undefined;
  resource_provider_id?: ResourceProviderID | undefined;
  uuid: Uint8Array;
  operation_id: OperationID;
}
export const SchedulerCallAcknowledgeOperationStatus: MessageType<SchedulerCallAcknowledgeOperationStatus> = message('mesos.v1.scheduler.Call.AcknowledgeOperationStatus', [
  [1, 'agent_id', '?', () => AgentID],
  [2, 'resource_provider_id', '?', () => ResourceProviderID],
  [3, 'uuid', '!', 'bytes'],
  [4, 'operation_id', '!', () => OperationID],
]);

export interface SchedulerCallReconcile {
  tasks?: SchedulerCallReconcileTask[] | undefined;
}
export const SchedulerCallReconcile: MessageType<SchedulerCallReconcile> = message('mesos.v1.scheduler.Call.Reconcile', [
  [1, 'tasks', '*', () => SchedulerCallReconcileTask],
]);

export interface SchedulerCallReconcileTask {
  task_id: TaskID;
  agent_id?: AgentID | undefined;
}
export const SchedulerCallReconcileTask: MessageType<SchedulerCallReconcileTask> = message('mesos.v1.scheduler.Call.Reconcile.Task', [
  [1, 'task_id', '!', () => TaskID],
  [2, 'agent_id', '?', () => AgentID],
]);

export interface SchedulerCallReconcileOperations {
  operations?: SchedulerCallReconcileOperationsOperation[] | undefined;
}
export const SchedulerCallReconcileOperations: MessageType<SchedulerCallReconcileOperations> = message('mesos.v1.scheduler.Call.ReconcileOperations', [
  [1, 'operations', '*', () => SchedulerCallReconcileOperationsOperation],
]);

export interface SchedulerCallReconcileOperationsOperation {
  operation_id: OperationID;
  agent_id?: AgentID | undefined;
  resource_provider_id?: ResourceProviderID | undefined;
}
export const SchedulerCallReconcileOperationsOperation: MessageType<SchedulerCallReconcileOperationsOperation> = message('mesos.v1.scheduler.Call.ReconcileOperations.Operation', [
  [1, 'operation_id', '!', () => OperationID],
  [2, 'agent_id', '?', () => AgentID],
  [3, 'resource_provider_id', '?', () => ResourceProviderID],
]);

export interface SchedulerCallMessage {
  agent_id: AgentID;
  executor_id: ExecutorID;
  data: Uint8Array;
}
export const SchedulerCallMessage: MessageType<SchedulerCallMessage> = message('mesos.v1.scheduler.Call.Message', [
  [1, 'agent_id', '!', () => AgentID],
  [2, 'executor_id', '!', () => ExecutorID],
  [3, 'data', '!', 'bytes'],
]);

export interface SchedulerCallRequest {
  requests?: Request[] | undefined;
}
export const SchedulerCallRequest: MessageType<SchedulerCallRequest> = message('mesos.v1.scheduler.Call.Request', [
  [1, 'requests', '*', () => Request],
]);

export interface SchedulerCallSuppress {
  roles?: string[] | undefined;
}
export const SchedulerCallSuppress: MessageType<SchedulerCallSuppress> = message('mesos.v1.scheduler.Call.Suppress', [
  [1, 'roles', '*', 'string'],
]);

export interface SchedulerCallUpdateFramework {
  framework_info: FrameworkInfo;
  suppressed_roles?: string[] | undefined;
  offer_constraints?: SchedulerOfferConstraints | undefined;
}
export const SchedulerCallUpdateFramework: MessageType<SchedulerCallUpdateFramework> = message('mesos.v1.scheduler.Call.UpdateFramework', [
  [1, 'framework_info', '!', () => FrameworkInfo],
  [2, 'suppressed_roles', '*', 'string'],
  [3, 'offer_constraints', '?', () => SchedulerOfferConstraints],
]);

export interface SchedulerAPIResult {
  status_code: number;
  response?: SchedulerResponse | undefined;
  error?: string | undefined;
}
export const SchedulerAPIResult: MessageType<SchedulerAPIResult> = message('mesos.v1.scheduler.APIResult', [
  [1, 'status_code', '!', 'uint32'],
  [2, 'response', '?', () => SchedulerResponse],
  [3, 'error', '?', 'string'],
]);
