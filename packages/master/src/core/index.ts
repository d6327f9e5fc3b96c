/** @packageDocumentation The master's core, for hosts and the simulator: deterministic, synchronous, without a clock. */
export { AGENT_MESSAGE_TYPES } from './agent-message-types.ts';
export { MasterCore } from './core.ts';
export { DRIVER_MESSAGE_TYPES, MASTER_MESSAGE_TYPES } from './driver-message-types.ts';
export type { MasterEffect, MasterEffectKind } from './effects.ts';
export type {
  AgentMessageInput,
  AgentMessageKind,
  AgentMessages,
  ConnectionId,
  DriverMessageInput,
  DriverMessageKind,
  InputOf,
  MasterInput,
  MasterInputKind,
  PendingId,
  RecoveredRegistry,
} from './inputs.ts';
export type { MasterOptions } from './options.ts';
export { schedulerCallError } from './rules/scheduler-call-shape.ts';
export type { AgentRecord, Deactivation, ExecutorRecord } from './state/agents.ts';
export type { FrameworkMemory } from './state/framework-memory.ts';
export type { FrameworkRecord, FrameworkState } from './state/frameworks.ts';
export { machineInfos, schedules } from './state/maintenance-plan.ts';
export type { OfferRecord } from './state/offers.ts';
export type { RateLimit, RateLimitOptions } from './state/rate-limits.ts';
export { RegistryContents, type RegistryEntry } from './state/registry-contents.ts';
export type { RegistryOperation } from './state/registry-operation.ts';
export type { MasterState } from './state/state.ts';
export { type TaskRecord, taskToProto } from './state/task.ts';
export type { Now } from './time.ts';
export { observerProcess } from './transitions/agent-pings.ts';
