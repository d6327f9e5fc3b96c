/** The messages a master takes from v0 drivers, new and old, by input kind; and from clients that authenticate. */
import {
  AuthenticateMessage,
  DeactivateFrameworkMessage,
  FrameworkToExecutorMessage,
  KillTaskMessage,
  LaunchTasksMessage,
  type MessageType,
  ReconcileTasksMessage,
  RegisterFrameworkMessage,
  ReregisterFrameworkMessage,
  ResourceRequestMessage,
  ReviveOffersMessage,
  StatusUpdateAcknowledgementMessage,
  SubmitSchedulerRequest,
  UnregisterFrameworkMessage,
  V0SchedulerCall,
} from '@mesolite/wire';
import { AGENT_MESSAGE_TYPES } from './agent-message-types.ts';

export const DRIVER_MESSAGE_TYPES = {
  'call-as-driver': V0SchedulerCall,
  'register-framework': RegisterFrameworkMessage,
  'reregister-framework': ReregisterFrameworkMessage,
  'unregister-framework': UnregisterFrameworkMessage,
  'deactivate-framework': DeactivateFrameworkMessage,
  'request-resources': ResourceRequestMessage,
  'launch-tasks': LaunchTasksMessage,
  'revive-offers': ReviveOffersMessage,
  'kill-task': KillTaskMessage,
  'acknowledge-status-update': StatusUpdateAcknowledgementMessage,
  'message-executor': FrameworkToExecutorMessage,
  'reconcile-tasks': ReconcileTasksMessage,
  'submit-scheduler': SubmitSchedulerRequest,
  'authenticate-client': AuthenticateMessage,
};

/** All that the process `master` takes: what hosts decode by. */
export const MASTER_MESSAGE_TYPES = { ...AGENT_MESSAGE_TYPES, ...DRIVER_MESSAGE_TYPES };

type Types = typeof DRIVER_MESSAGE_TYPES;

export type DriverMessages = { readonly [K in keyof Types]: Types[K] extends MessageType<infer M> ? M : never };
