/** The messages an agent takes from drivers of executors, by input kind: what hosts decode by. */
import {
  ExecutorToFrameworkMessage,
  type MessageType,
  RegisterExecutorMessage,
  ReregisterExecutorMessage,
  StatusUpdateMessage,
} from '@mesolite/wire';

export const EXECUTOR_MESSAGE_TYPES = {
  'register-executor': RegisterExecutorMessage,
  'reregister-executor': ReregisterExecutorMessage,
  'update-status': StatusUpdateMessage,
  'message-framework': ExecutorToFrameworkMessage,
};

type Types = typeof EXECUTOR_MESSAGE_TYPES;

export type ExecutorMessages = { readonly [K in keyof Types]: Types[K] extends MessageType<infer M> ? M : never };
