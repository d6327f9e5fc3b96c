// Generated from the .proto file of the same name by tools/codegen/generate.mjs. Do not edit.
import { type EnumType, enumeration, type MessageType, message } from '../codec/schema.ts';
import { ContainerID, ExecutorID, FrameworkID } from './mesos.ts';

export interface QoSCorrection {
  type: QoSCorrectionType;
  kill?: QoSCorrectionKill | undefined;
}
export const QoSCorrection: MessageType<QoSCorrection> = message('mesos.agent.QoSCorrection', [
  [1, 'type', '!', () => QoSCorrectionType],
  [2, 'kill', '?', () => QoSCorrectionKill],
]);

export type QoSCorrectionType =
  | 'KILL';
export const QoSCorrectionType: EnumType<QoSCorrectionType> = enumeration('mesos.agent.QoSCorrection.Type', {
  KILL: 1,
});

export interface QoSCorrectionKill {
  framework_id?: FrameworkID | undefined;
  executor_id?: ExecutorID | undefined;
  container_id?: ContainerID | undefined;
}
export const QoSCorrectionKill: MessageType<QoSCorrectionKill> = message('mesos.agent.QoSCorrection.Kill', [
  [1, 'framework_id', '?', () => FrameworkID],
  [2, 'executor_id', '?', () => ExecutorID],
  [3, 'container_id', '?', () => ContainerID],
]);
