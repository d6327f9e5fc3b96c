// Generated from the .proto file of the same name by tools/codegen/generate.mjs. Do not edit.
import { type EnumType, enumeration, type MessageType, message } from '../codec/schema.ts';
import { FrameworkID, TimeInfo } from './mesos.ts';

export interface InverseOfferStatus {
  status: InverseOfferStatusStatus;
  framework_id: FrameworkID;
  timestamp: TimeInfo;
}
export const InverseOfferStatus: MessageType<InverseOfferStatus> = message('mesos.v1.allocator.InverseOfferStatus', [
  [1, 'status', '!', () => InverseOfferStatusStatus],
  [2, 'framework_id', '!', () => FrameworkID],
  [3, 'timestamp', '!', () => TimeInfo],
]);

export type InverseOfferStatusStatus =
  | 'UNKNOWN'
  | 'ACCEPT'
  | 'DECLINE';
export const InverseOfferStatusStatus: EnumType<InverseOfferStatusStatus> = enumeration('mesos.v1.allocator.InverseOfferStatus.Status', {
  UNKNOWN: 1,
  ACCEPT: 2,
  DECLINE: 3,
});
