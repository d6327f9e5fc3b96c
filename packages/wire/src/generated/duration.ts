// Generated from the .proto file of the same name by tools/codegen/generate.mjs. Do not edit.
import { type MessageType, message } from '../codec/schema.ts';

export interface Duration {
  seconds?: number | undefined;
  nanos?: number | undefined;
}
export const Duration: MessageType<Duration> = message('google.protobuf.Duration', [
  [1, 'seconds', '?', 'int64:number'],
  [2, 'nanos', '?', 'int32'],
]);
