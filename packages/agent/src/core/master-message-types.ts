/** The messages an agent takes from a master or its observer, by input kind: what hosts decode by. */
import {
  AcknowledgeOperationStatusMessage,
  AgentRegisteredMessage,
  AgentReregisteredMessage,
  ApplyOperationMessage,
  CheckpointResourcesMessage,
  DrainAgentMessage,
  FrameworkToExecutorMessage,
  KillTaskMessage,
  type MessageType,
  PingAgentMessage,
  ReconcileOperationsMessage,
  RunTaskGroupMessage,
  RunTaskMessage,
  ShutdownExecutorMessage,
  ShutdownFrameworkMessage,
  ShutdownMessage,
  StatusUpdateAcknowledgementMessage,
  UpdateFrameworkMessage,
} from '@mesolite/wire';

export const MASTER_MESSAGE_TYPES = {
  'agent-registered': AgentRegisteredMessage,
  'agent-reregistered': AgentReregisteredMessage,
  'ping-received': PingAgentMessage,
  'run-task': RunTaskMessage,
  'run-task-group': RunTaskGroupMessage,
  'kill-task': KillTaskMessage,
  'shutdown-framework': ShutdownFrameworkMessage,
  'shutdown-executor': ShutdownExecutorMessage,
  'update-framework': UpdateFrameworkMessage,
  'status-update-acknowledged': StatusUpdateAcknowledgementMessage,
  'message-executor': FrameworkToExecutorMessage,
  'shutdown-agent': ShutdownMessage,
  'drain-agent': DrainAgentMessage,
  'apply-operation': ApplyOperationMessage,
  'reconcile-operations': ReconcileOperationsMessage,
  'operation-status-acknowledged': AcknowledgeOperationStatusMessage,
  'checkpoint-resources': CheckpointResourcesMessage,
};

type Types = typeof MASTER_MESSAGE_TYPES;

export type MasterMessages = { readonly [K in keyof Types]: Types[K] extends MessageType<infer M> ? M : never };
