// Generated from the .proto file of the same name by tools/codegen/generate.mjs. Do not edit.
import { type EnumType, enumeration, type MessageType, message } from '../codec/schema.ts';

export interface LogPromise {
  proposal: bigint;
}
export const LogPromise: MessageType<LogPromise> = message('mesos.internal.log.Promise', [
  [1, 'proposal', '!', 'uint64'],
]);

export interface LogAction {
  position: bigint;
  promised: bigint;
  performed?: bigint | undefined;
  learned?: boolean | undefined;
  type?: LogActionType | undefined;
  nop?: LogActionNop | undefined;
  append?: LogActionAppend | undefined;
  truncate?: LogActionTruncate | undefined;
}
export const LogAction: MessageType<LogAction> = message('mesos.internal.log.Action', [
  [1, 'position', '!', 'uint64'],
  [2, 'promised', '!', 'uint64'],
  [3, 'performed', '?', 'uint64'],
  [4, 'learned', '?', 'bool'],
  [5, 'type', '?', () => LogActionType],
  [6, 'nop', '?', () => LogActionNop],
  [7, 'append', '?', () => LogActionAppend],
  [8, 'truncate', '?', () => LogActionTruncate],
]);

export type LogActionType =
  | 'NOP'
  | 'APPEND'
  | 'TRUNCATE';
export const LogActionType: EnumType<LogActionType> = enumeration('mesos.internal.log.Action.Type', {
  NOP: 1,
  APPEND: 2,
  TRUNCATE: 3,
});

export interface LogActionNop {
  tombstone?: boolean | undefined;
}
export const LogActionNop: MessageType<LogActionNop> = message('mesos.internal.log.Action.Nop', [
  [1, 'tombstone', '?', 'bool'],
]);

export interface LogActionAppend {
  bytes: Uint8Array;
  cksum?: Uint8Array | undefined;
}
export const LogActionAppend: MessageType<LogActionAppend> = message('mesos.internal.log.Action.Append', [
  [1, 'bytes', '!', 'bytes'],
  [2, 'cksum', '?', 'bytes'],
]);

export interface LogActionTruncate {
  to: bigint;
}
export const LogActionTruncate: MessageType<LogActionTruncate> = message('mesos.internal.log.Action.Truncate', [
  [1, 'to', '!', 'uint64'],
]);

export interface LogMetadata {
  status: LogMetadataStatus;
  promised: bigint;
}
export const LogMetadata: MessageType<LogMetadata> = message('mesos.internal.log.Metadata', [
  [1, 'status', '!', () => LogMetadataStatus, { default: "EMPTY" }],
  [2, 'promised', '!', 'uint64', { default: 0 }],
]);

export type LogMetadataStatus =
  | 'VOTING'
  | 'RECOVERING'
  | 'STARTING'
  | 'EMPTY';
export const LogMetadataStatus: EnumType<LogMetadataStatus> = enumeration('mesos.internal.log.Metadata.Status', {
  VOTING: 1,
  RECOVERING: 2,
  STARTING: 3,
  EMPTY: 4,
});

export interface LogRecord {
  type: LogRecordType;
  promise?: LogPromise | undefined;
  action?: LogAction | undefined;
  metadata?: LogMetadata | undefined;
}
export const LogRecord: MessageType<LogRecord> = message('mesos.internal.log.Record', [
  [1, 'type', '!', () => LogRecordType],
  [2, 'promise', '?', () => LogPromise],
  [3, 'action', '?', () => LogAction],
  [4, 'metadata', '?', () => LogMetadata],
]);

export type LogRecordType =
  | 'PROMISE'
  | 'ACTION'
  | 'METADATA';
export const LogRecordType: EnumType<LogRecordType> = enumeration('mesos.internal.log.Record.Type', {
  PROMISE: 1,
  ACTION: 2,
  METADATA: 3,
});

export interface LogPromiseRequest {
  proposal: bigint;
  position?: bigint | undefined;
}
export const LogPromiseRequest: MessageType<LogPromiseRequest> = message('mesos.internal.log.PromiseRequest', [
  [1, 'proposal', '!', 'uint64'],
  [2, 'position', '?', 'uint64'],
]);

export interface LogPromiseResponse {
  okay: boolean;
  type?: LogPromiseResponseType | undefined;
  proposal: bigint;
  position?: bigint | undefined;
  action?: LogAction | undefined;
}
export const LogPromiseResponse: MessageType<LogPromiseResponse> = message('mesos.internal.log.PromiseResponse', [
  [1, 'okay', '!', 'bool'],
  [5, 'type', '?', () => LogPromiseResponseType],
  [2, 'proposal', '!', 'uint64'],
  [4, 'position', '?', 'uint64'],
  [3, 'action', '?', () => LogAction],
]);

export type LogPromiseResponseType =
  | 'ACCEPT'
  | 'REJECT'
  | 'IGNORED';
export const LogPromiseResponseType: EnumType<LogPromiseResponseType> = enumeration('mesos.internal.log.PromiseResponse.Type', {
  ACCEPT: 1,
  REJECT: 2,
  IGNORED: 3,
});

export interface LogWriteRequest {
  proposal: bigint;
  position: bigint;
  learned?: boolean | undefined;
  type: LogActionType;
  nop?: LogActionNop | undefined;
  append?: LogActionAppend | undefined;
  truncate?: LogActionTruncate | undefined;
}
export const LogWriteRequest: MessageType<LogWriteRequest> = message('mesos.internal.log.WriteRequest', [
  [1, 'proposal', '!', 'uint64'],
  [2, 'position', '!', 'uint64'],
  [3, 'learned', '?', 'bool'],
  [4, 'type', '!', () => LogActionType],
  [5, 'nop', '?', () => LogActionNop],
  [6, 'append', '?', () => LogActionAppend],
  [7, 'truncate', '?', () => LogActionTruncate],
]);

export interface LogWriteResponse {
  okay: boolean;
  type?: LogWriteResponseType | undefined;
  proposal: bigint;
  position: bigint;
}
export const LogWriteResponse: MessageType<LogWriteResponse> = message('mesos.internal.log.WriteResponse', [
  [1, 'okay', '!', 'bool'],
  [4, 'type', '?', () => LogWriteResponseType],
  [2, 'proposal', '!', 'uint64'],
  [3, 'position', '!', 'uint64'],
]);

export type LogWriteResponseType =
  | 'ACCEPT'
  | 'REJECT'
  | 'IGNORED';
export const LogWriteResponseType: EnumType<LogWriteResponseType> = enumeration('mesos.internal.log.WriteResponse.Type', {
  ACCEPT: 1,
  REJECT: 2,
  IGNORED: 3,
});

export interface LogLearnedMessage {
  action: LogAction;
}
export const LogLearnedMessage: MessageType<LogLearnedMessage> = message('mesos.internal.log.LearnedMessage', [
  [1, 'action', '!', () => LogAction],
]);

export interface LogRecoverRequest {
}
export const LogRecoverRequest: MessageType<LogRecoverRequest> = message('mesos.internal.log.RecoverRequest', [
]);

export interface LogRecoverResponse {
  status: LogMetadataStatus;
  begin?: bigint | undefined;
  end?: bigint | undefined;
}
export const LogRecoverResponse: MessageType<LogRecoverResponse> = message('mesos.internal.log.RecoverResponse', [
  [1, 'status', '!', () => LogMetadataStatus],
  [2, 'begin', '?', 'uint64'],
  [3, 'end', '?', 'uint64'],
]);
