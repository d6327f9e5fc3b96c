// Generated from the .proto file of the same name by tools/codegen/generate.mjs. Do not edit.
import { type EnumType, enumeration, type MessageType, message } from '../codec/schema.ts';

export interface StateOperation {
  type: StateOperationType;
  snapshot?: StateOperationSnapshot | undefined;
  diff?: StateOperationDiff | undefined;
  expunge?: StateOperationExpunge | undefined;
}
export const StateOperation: MessageType<StateOperation> = message('mesos.internal.state.Operation', [
  [1, 'type', '!', () => StateOperationType],
  [2, 'snapshot', '?', () => StateOperationSnapshot],
  [4, 'diff', '?', () => StateOperationDiff],
  [3, 'expunge', '?', () => StateOperationExpunge],
]);

export type StateOperationType =
  | 'SNAPSHOT'
  | 'DIFF'
  | 'EXPUNGE';
export const StateOperationType: EnumType<StateOperationType> = enumeration('mesos.internal.state.Operation.Type', {
  SNAPSHOT: 1,
  DIFF: 3,
  EXPUNGE: 2,
});

export interface StateOperationSnapshot {
  entry: StateEntry;
}
export const StateOperationSnapshot: MessageType<StateOperationSnapshot> = message('mesos.internal.state.Operation.Snapshot', [
  [1, 'entry', '!', () => StateEntry],
]);

export interface StateOperationDiff {
  entry: StateEntry;
}
export const StateOperationDiff: MessageType<StateOperationDiff> = message('mesos.internal.state.Operation.Diff', [
  [1, 'entry', '!', () => StateEntry],
]);

export interface StateOperationExpunge {
  name: string;
}
export const StateOperationExpunge: MessageType<StateOperationExpunge> = message('mesos.internal.state.Operation.Expunge', [
  [1, 'name', '!', 'string'],
]);

export interface StateEntry {
  name: string;
  uuid: Uint8Array;
  value: Uint8Array;
}
export const StateEntry: MessageType<StateEntry> = message('mesos.internal.state.Entry', [
  [1, 'name', '!', 'string'],
  [2, 'uuid', '!', 'bytes'],
  [3, 'value', '!', 'bytes'],
]);
