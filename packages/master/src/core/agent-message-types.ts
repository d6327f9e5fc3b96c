/** The messages a master takes from agents, by input kind: what hosts decode by. */
import {
  ExecutorToFrameworkMessage,
  ExitedExecutorMessage,
  type MessageType,
  RegisterAgentMessage,
  ReregisterAgentMessage,
  StatusUpdateMessage,
  UnregisterAgentMessage,
  UpdateAgentMessage,
  UpdateOperationStatusMessage,
} from '@mesolite/wire';

export const AGENT_MESSAGE_TYPES = {
  'register-agent': RegisterAgentMessage,
  'reregister-agent': ReregisterAgentMessage,
  'unregister-agent': UnregisterAgentMessage,
  'update-agent': UpdateAgentMessage,
  'status-updated': StatusUpdateMessage,
  'executor-exited': ExitedExecutorMessage,
  'message-framework': ExecutorToFrameworkMessage,
  'operation-status-updated': UpdateOperationStatusMessage,
};

type Types = typeof AGENT_MESSAGE_TYPES;

export type AgentMessages = { readonly [K in keyof Types]: Types[K] extends MessageType<infer M> ? M : never };
