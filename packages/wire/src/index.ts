/**
 * @packageDocumentation The wire: message types with their codecs, RecordIO, v0 names. The only owner of field numbers
 * and of the word "slave".
 */
export { JsonSyntaxError, parseJson } from './codec/json-text.ts';
export { type EnumType, type Field, type MessageType, UNKNOWN } from './codec/message-type.ts';
export { frameRecord, MAX_RECORD_BYTES, RecordParser } from './codec/record-io.ts';
export { MissingFieldsError, WireError } from './codec/wire-error.ts';
export * from './generated/index.ts';
export { isTerminal } from './task-states.ts';
export { commandJson, type LegacyJson, labelsJson, legacySeconds, protobufJson, taskJson } from './v0/legacy-json.ts';
export { AGENT_PROCESS_ID, MASTER_PROCESS_ID, toV0Json, wireName } from './v0/message-names.ts';
