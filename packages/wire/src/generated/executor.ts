// Generated from the .proto file of the same name by tools/codegen/generate.mjs. Do not edit.
import { type EnumType, enumeration, type MessageType, message } from '../codec/schema.ts';
import { AgentInfo, ContainerID, ExecutorID, ExecutorInfo, FrameworkID, FrameworkInfo, KillPolicy, TaskGroupInfo, TaskID, TaskInfo, TaskStatus } from './mesos.ts';

export interface ExecutorEvent {
  type?: ExecutorEventType | undefined;
  subscribed?: ExecutorEventSubscribed | undefined;
  acknowledged?: ExecutorEventAcknowledged | undefined;
  launch?: ExecutorEventLaunch | undefined;
  launch_group?: ExecutorEventLaunchGroup | undefined;
  kill?: ExecutorEventKill | undefined;
  message?: ExecutorEventMessage | undefined;
  error?: ExecutorEventError | undefined;
}
export const ExecutorEvent: MessageType<ExecutorEvent> = message('mesos.v1.executor.Event', [
  [1, 'type', '?', () => ExecutorEventType],
  [2, 'subscribed', '?', () => ExecutorEventSubscribed],
  [3, 'acknowledged', '?', () => ExecutorEventAcknowledged],
  [4, 'launch', '?', () => ExecutorEventLaunch],
  [8, 'launch_group', '?', () => ExecutorEventLaunchGroup],
  [5, 'kill', '?', () => ExecutorEventKill],
  [6, 'message', '?', () => ExecutorEventMessage],
  [7, 'error', '?', () => ExecutorEventError],
]);

export type ExecutorEventType =
  | 'UNKNOWN'
  | 'SUBSCRIBED'
  | 'LAUNCH'
  | 'LAUNCH_GROUP'
  | 'KILL'
  | 'ACKNOWLEDGED'
  | 'MESSAGE'
  | 'ERROR'
  | 'SHUTDOWN'
  | 'HEARTBEAT';
export const ExecutorEventType: EnumType<ExecutorEventType> = enumeration('mesos.v1.executor.Event.Type', {
  UNKNOWN: 0,
  SUBSCRIBED: 1,
  LAUNCH: 2,
  LAUNCH_GROUP: 8,
  KILL: 3,
  ACKNOWLEDGED: 4,
  MESSAGE: 5,
  ERROR: 6,
  SHUTDOWN: 7,
  HEARTBEAT: 9,
});

export interface ExecutorEventSubscribed {
  executor_info: ExecutorInfo;
  framework_info: FrameworkInfo;
  agent_info: AgentInfo;
  container_id?: ContainerID | undefined;
}
export const ExecutorEventSubscribed: MessageType<ExecutorEventSubscribed> = message('mesos.v1.executor.Event.Subscribed', [
  [1, 'executor_info', '!', () => ExecutorInfo],
  [2, 'framework_info', '!', () => FrameworkInfo],
  [3, 'agent_info', '!', () => AgentInfo],
  [4, 'container_id', '?', () => ContainerID],
]);

export interface ExecutorEventLaunch {
  task: TaskInfo;
}
export const ExecutorEventLaunch: MessageType<ExecutorEventLaunch> = message('mesos.v1.executor.Event.Launch', [
  [1, 'task', '!', () => TaskInfo],
]);

export interface ExecutorEventLaunchGroup {
  task_group: TaskGroupInfo;
}
export const ExecutorEventLaunchGroup: MessageType<ExecutorEventLaunchGroup> = message('mesos.v1.executor.Event.LaunchGroup', [
  [1, 'task_group', '!', () => TaskGroupInfo],
]);

export interface ExecutorEventKill {
  task_id: TaskID;
  kill_policy?: KillPolicy | undefined;
}
export const ExecutorEventKill: MessageType<ExecutorEventKill> = message('mesos.v1.executor.Event.Kill', [
  [1, 'task_id', '!', () => TaskID],
  [2, 'kill_policy', '?', () => KillPolicy],
]);

export interface ExecutorEventAcknowledged {
  task_id: TaskID;
  uuid: Uint8Array;
}
export const ExecutorEventAcknowledged: MessageType<ExecutorEventAcknowledged> = message('mesos.v1.executor.Event.Acknowledged', [
  [1, 'task_id', '!', () => TaskID],
  [2, 'uuid', '!', 'bytes'],
]);

export interface ExecutorEventMessage {
  data: Uint8Array;
}
export const ExecutorEventMessage: MessageType<ExecutorEventMessage> = message('mesos.v1.executor.Event.Message', [
  [1, 'data', '!', 'bytes'],
]);

export interface ExecutorEventError {
  message: string;
}
export const ExecutorEventError: MessageType<ExecutorEventError> = message('mesos.v1.executor.Event.Error', [
  [1, 'message', '!', 'string'],
]);

export interface ExecutorCall {
  executor_id: ExecutorID;
  framework_id: FrameworkID;
  type?: ExecutorCallType | undefined;
  subscribe?: ExecutorCallSubscribe | undefined;
  update?: ExecutorCallUpdate | undefined;
  message?: ExecutorCallMessage | undefined;
}
export const ExecutorCall: MessageType<ExecutorCall> = message('mesos.v1.executor.Call', [
  [1, 'executor_id', '!', () => ExecutorID],
  [2, 'framework_id', '!', () => FrameworkID],
  [3, 'type', '?', () => ExecutorCallType],
  [4, 'subscribe', '?', () => ExecutorCallSubscribe],
  [5, 'update', '?', () => ExecutorCallUpdate],
  [6, 'message', '?', () => ExecutorCallMessage],
]);

export type ExecutorCallType =
  | 'UNKNOWN'
  | 'SUBSCRIBE'
  | 'UPDATE'
  | 'MESSAGE'
  | 'HEARTBEAT';
export const ExecutorCallType: EnumType<ExecutorCallType> = enumeration('mesos.v1.executor.Call.Type', {
  UNKNOWN: 0,
  SUBSCRIBE: 1,
  UPDATE: 2,
  MESSAGE: 3,
  HEARTBEAT: 4,
});

export interface ExecutorCallSubscribe {
  unacknowledged_tasks?: TaskInfo[] | undefined;
  unacknowledged_updates?: ExecutorCallUpdate[] | undefined;
}
export const ExecutorCallSubscribe: MessageType<ExecutorCallSubscribe> = message('mesos.v1.executor.Call.Subscribe', [
  [1, 'unacknowledged_tasks', '*', () => TaskInfo],
  [2, 'unacknowledged_updates', '*', () => ExecutorCallUpdate],
]);

export interface ExecutorCallUpdate {
  status: TaskStatus;
}
export const ExecutorCallUpdate: MessageType<ExecutorCallUpdate> = message('mesos.v1.executor.Call.Update', [
  [1, 'status', '!', () => TaskStatus],
]);

export interface ExecutorCallMessage {
  data: Uint8Array;
}
export const ExecutorCallMessage: MessageType<ExecutorCallMessage> = message('mesos.v1.executor.Call.Message', [
  [2, 'data', '!', 'bytes'],
]);
