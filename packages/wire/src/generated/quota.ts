// Generated from the .proto file of the same name by tools/codegen/generate.mjs. Do not edit.
import { type MessageType, message } from '../codec/schema.ts';
import { Resource, ValueScalar } from './mesos.ts';

export interface QuotaInfo {
  role?: string | undefined;
  principal?: string | undefined;
  guarantee?: Resource[] | undefined;
}
export const QuotaInfo: MessageType<QuotaInfo> = message('mesos.v1.quota.QuotaInfo', [
  [1, 'role', '?', 'string'],
  [2, 'principal', '?', 'string'],
  [3, 'guarantee', '*', () => Resource],
]);

export interface QuotaRequest {
  force?: boolean | undefined;
  role?: string | undefined;
  guarantee?: Resource[] | undefined;
}
export const QuotaRequest: MessageType<QuotaRequest> = message('mesos.v1.quota.QuotaRequest', [
  [1, 'force', '?', 'bool'],
  [2, 'role', '?', 'string'],
  [3, 'guarantee', '*', () => Resource],
]);

export interface QuotaConfig {
  role: string;
  guarantees?: Record<string, ValueScalar> | undefined;
  limits?: Record<string, ValueScalar> | undefined;
}
export const QuotaConfig: MessageType<QuotaConfig> = message('mesos.v1.quota.QuotaConfig', [
  [1, 'role', '!', 'string'],
  [2, 'guarantees', 'map', () => ValueScalar],
  [3, 'limits', 'map', () => ValueScalar],
]);

export interface QuotaStatus {
  infos?: QuotaInfo[] | undefined;
  configs?: QuotaConfig[] | undefined;
}
export const QuotaStatus: MessageType<QuotaStatus> = message('mesos.v1.quota.QuotaStatus', [
  [1, 'infos', '*', () => QuotaInfo, { deprecated: true }],
  [2, 'configs', '*', () => QuotaConfig],
]);
