// Generated from the .proto file of the same name by tools/codegen/generate.mjs. Do not edit.
import { type MessageType, message } from '../codec/schema.ts';
import { FrameworkInfo, TimeInfo } from './mesos.ts';

export interface DurableFramework {
  info: FrameworkInfo;
  failover_deadline?: TimeInfo | undefined;
  removed?: TimeInfo | undefined;
}
export const DurableFramework: MessageType<DurableFramework> = message('mesolite.DurableFramework', [
  [1, 'info', '!', () => FrameworkInfo],
  [2, 'failover_deadline', '?', () => TimeInfo],
  [3, 'removed', '?', () => TimeInfo],
]);
