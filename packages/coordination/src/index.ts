/** @packageDocumentation Who leads, who belongs to a group, and what must outlive a leader. */

export type { ZkError, ZkErrorKind } from './zookeeper/zk-error.ts';
export {
  type NodeMode,
  type ZkChange,
  type ZkEvent,
  type ZkNode,
  ZkSession,
  type ZkSessionOptions,
} from './zookeeper/zk-session.ts';
export { parseZkPlace, parseZkUrl, type ZkUrl } from './zookeeper/zk-url.ts';
