/** @packageDocumentation What framework authors install: scheduler, executor and operator clients, and builders. */

export { isTerminal } from '@mesolite/wire';
export {
  createVolumes,
  destroyVolumes,
  growVolume,
  launchTasks,
  type OperationOptions,
  reserve,
  shrinkVolume,
  unreserve,
} from './build/operations.ts';
export {
  type Reservation,
  type ReservationOptions,
  reservationOf,
  reserved,
  reservedOf,
  unreservedOf,
  type VolumeOptions,
  volume,
  volumeIdOf,
} from './build/reservations.ts';
export { fits, portsOf, type ResourceNeeds, resources, scalarOf } from './build/resources.ts';
export {
  type CommandOptions,
  type ExecutorInfoOptions,
  environment,
  executor,
  labels,
  program,
  shell,
  type TaskOptions,
  task,
} from './build/tasks.ts';
export { ExecutorClient, type ExecutorOptions, type TaskUpdate } from './executor/executor-client.ts';
export { type ExecutorEnvironment, readExecutorEnvironment } from './executor/executor-environment.ts';
export type { ExecutorEnd, ExecutorHandlers } from './executor/executor-handlers.ts';
export { ApiError, type ApiErrorKind } from './http/api-error.ts';
export type { BackoffOptions } from './http/backoff.ts';
export { type DaemonAddress, parseOrigin } from './http/daemon-address.ts';
export { EventSubscription } from './http/event-subscription.ts';
export type { Codec } from './http/message-codec.ts';
export { AgentClient } from './operator/agent-client.ts';
export { DaemonHttp, type OperatorOptions } from './operator/daemon-http.ts';
export { type FileChunk, type FileSource, readToEnd } from './operator/file-reads.ts';
export { MasterClient } from './operator/master-client.ts';
export { isTerminalOperation } from './scheduler/operation-ledger.ts';
export {
  type CallResult,
  type InverseOfferRef,
  type OfferRef,
  SchedulerCalls,
  type TaskRef,
} from './scheduler/scheduler-calls.ts';
export { SchedulerClient } from './scheduler/scheduler-client.ts';
export type {
  SchedulerEnd,
  SchedulerHandlers,
  SchedulerOptions,
  SchedulerSubscribed,
} from './scheduler/scheduler-options.ts';
export type { ClientPorts } from './system-ports.ts';
