// Generated from the .proto file of the same name by tools/codegen/generate.mjs. Do not edit.
import { type EnumType, enumeration, type MessageType, message } from '../codec/schema.ts';
import { CommandInfoURI, DurationInfo } from './mesos.ts';

export interface FetcherInfo {
  sandbox_directory: string;
  cache_directory?: string | undefined;
  items?: FetcherInfoItem[] | undefined;
  user?: string | undefined;
  frameworks_home?: string | undefined;
  stall_timeout?: DurationInfo | undefined;
}
export const FetcherInfo: MessageType<FetcherInfo> = message('mesos.fetcher.FetcherInfo', [
  [1, 'sandbox_directory', '!', 'string'],
  [2, 'cache_directory', '?', 'string'],
  [3, 'items', '*', () => FetcherInfoItem],
  [4, 'user', '?', 'string'],
  [5, 'frameworks_home', '?', 'string'],
  [6, 'stall_timeout', '?', () => DurationInfo],
]);

export interface FetcherInfoItem {
  uri: CommandInfoURI;
  action: FetcherInfoItemAction;
  cache_filename?: string | undefined;
}
export const FetcherInfoItem: MessageType<FetcherInfoItem> = message('mesos.fetcher.FetcherInfo.Item', [
  [1, 'uri', '!', () => CommandInfoURI],
  [2, 'action', '!', () => FetcherInfoItemAction],
  [3, 'cache_filename', '?', 'string'],
]);

export type FetcherInfoItemAction =
  | 'BYPASS_CACHE'
  | 'DOWNLOAD_AND_CACHE'
  | 'RETRIEVE_FROM_CACHE';
export const FetcherInfoItemAction: EnumType<FetcherInfoItemAction> = enumeration('mesos.fetcher.FetcherInfo.Item.Action', {
  BYPASS_CACHE: 0,
  DOWNLOAD_AND_CACHE: 1,
  RETRIEVE_FROM_CACHE: 2,
});
