/** @packageDocumentation The agent's core, for hosts and the simulator: deterministic, synchronous, without a clock. */
export { AgentCore } from './core.ts';
export type {
  AgentEffect,
  CommitResources,
  ContainerToRecover,
  KillSignal,
  LaunchContainer,
  RecoverContainers,
} from './effects.ts';
export { EXECUTOR_MESSAGE_TYPES, type ExecutorMessages } from './executor-message-types.ts';
export type {
  AgentInput,
  AgentInputKind,
  AuthenticationOutcome,
  ConnectionId,
  ContainerEnd,
  ExecutorInput,
  InputOf,
  Leader,
  MasterInput,
  MasterMessageKind,
  MasterMessages,
  Now,
  RunningContainer,
} from './inputs.ts';
export { MASTER_MESSAGE_TYPES } from './master-message-types.ts';
export type {
  AgentOptions,
  AuthenticationTimes,
  FormerSelf,
  RecoveredOperation,
  RecoveredOperations,
} from './options.ts';
export type {
  RecoveredAgent,
  RecoveredExecutor,
  RecoveredFramework,
  RecoveredGarbage,
  RecoveredTask,
  RecoveredTransport,
} from './recovered-agent.ts';
export { type VolumeChanges, volumeChanges, volumesPlaceError } from './volumes.ts';
