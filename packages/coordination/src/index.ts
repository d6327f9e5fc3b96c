/** @packageDocumentation Who leads, who belongs to a group, and what must outlive a leader. */

export { type LeadingMaster, leadingMaster } from './election/leading-master.ts';
export {
  detectMaster,
  type MasterDetector,
  type MasterDetectorOptions,
  type MasterPlace,
  masterPlace,
} from './election/master-detector.ts';
export { BINARY_LABEL, JSON_LABEL, type Member } from './election/members.ts';
export { type ContenderOptions, ZkContender } from './election/zk-contender.ts';
export { type DetectorOptions, ZkDetector } from './election/zk-detector.ts';
export { LevelStore } from './store/level-store.ts';
export { MemoryShelf, MemoryStore } from './store/memory-store.ts';
export type { Store, StoreChanges, StoreError, StoreErrorKind } from './store/store.ts';
export { ZooKeeperStore, type ZooKeeperStoreOptions } from './store/zookeeper-store.ts';
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
