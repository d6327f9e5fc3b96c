/**
 * What an agent core is told: facts in the past tense, demands in the imperative. A closed union; core.ts has one
 * handler for each.
 *
 * Never: holds anything but plain data.
 */
import type { ContainerId } from '@mesolite/base';
import type { ExecutorCall, TaskResourceLimitation, TaskState, TaskStatusReason } from '@mesolite/wire';
import type { ExecutorMessages } from './executor-message-types.ts';
import type { MasterMessages } from './master-message-types.ts';
import type { RecoveredAgent } from './recovered-agent.ts';

/** The time of a step. Hosts read it from a Clock, the simulator from its own. */
export interface Now {
  /** Milliseconds since the epoch, for stamps. */
  readonly wallMs: number;
  /** Milliseconds that never go back, for deadlines. */
  readonly monotonicMs: number;
}

export interface Leader {
  /** Libprocess pid of the leading master, `master@ip:port`. */
  readonly pid: string;
  readonly hostname: string;
}

export type { MasterMessages };
export type MasterMessageKind = keyof MasterMessages;

export type MasterInput = {
  [K in MasterMessageKind]: {
    readonly kind: K;
    readonly from: string;
    readonly message: MasterMessages[K];
    /** What it came over, numbered as connections were made. */
    readonly connection?: number | undefined;
  };
}[MasterMessageKind];

/** Accepted and refused are final; after an error one may try again. */
export type AuthenticationOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'error'; readonly text: string };

/** Messages of executors that speak by libprocess. */
export type ExecutorInput = {
  [K in keyof ExecutorMessages]: {
    readonly kind: K;
    readonly from: string;
    readonly message: ExecutorMessages[K];
  };
}[keyof ExecutorMessages];

/** How a container ended. */
export interface ContainerEnd {
  /** Raw `waitpid` word; unset when nobody saw the end. */
  readonly status?: number | undefined;
  /** What a limitation or a failure adds to the final update. */
  readonly state?: TaskState | undefined;
  readonly reason?: TaskStatusReason | undefined;
  readonly message?: string | undefined;
  readonly limitation?: TaskResourceLimitation | undefined;
}

export interface RunningContainer {
  readonly containerId: ContainerId;
  /** Its root process. */
  readonly pid: number | undefined;
}

/** Names one HTTP request or stream of an executor; chosen by the host. */
export type ConnectionId = number;

export type AgentInput =
  | MasterInput
  | ExecutorInput
  /** With what the earlier process of the same agent left, if this one goes on as that agent. */
  | {
      readonly kind: 'started';
      readonly recovered?: RecoveredAgent | undefined;
      /** Directories of other agents that ran in this work directory. */
      readonly abandoned?: readonly string[] | undefined;
    }
  /** Of the containers that were to be recovered, those still there; the ends of the others follow. */
  | { readonly kind: 'containers-recovered'; readonly running: readonly RunningContainer[] }
  | { readonly kind: 'leader-detected'; readonly leader: Leader | undefined }
  | { readonly kind: 'link-exited'; readonly pid: string }
  /** How the attempt of that number to prove to the master who this is ended. */
  | { readonly kind: 'authentication-ended'; readonly attempt: number; readonly outcome: AuthenticationOutcome }
  | { readonly kind: 'timer-fired' }
  | { readonly kind: 'executor-called'; readonly connection: ConnectionId; readonly call: ExecutorCall }
  | { readonly kind: 'executor-stream-closed'; readonly connection: ConnectionId }
  | { readonly kind: 'container-launched'; readonly containerId: ContainerId; readonly pid: number }
  | {
      readonly kind: 'container-launch-failed';
      readonly containerId: ContainerId;
      readonly reason: TaskStatusReason;
      readonly message: string;
    }
  /** What its tasks were promised cannot be in its sandbox. */
  | { readonly kind: 'container-update-failed'; readonly containerId: ContainerId; readonly message: string }
  | { readonly kind: 'container-ended'; readonly containerId: ContainerId; readonly end: ContainerEnd }
  /** Share of the work directory's disk in use, 0 to 1. */
  | { readonly kind: 'disk-usage-measured'; readonly usage: number }
  | { readonly kind: 'paths-removed'; readonly removed: number; readonly failed: number }
  /** An operator's signal: end every task, say farewell to the master, exit. */
  | { readonly kind: 'unregister' }
  /** The process is about to end. Containers of frameworks that do not checkpoint end with it, the others live on. */
  | { readonly kind: 'stop' };

export type AgentInputKind = AgentInput['kind'];
export type InputOf<K extends AgentInputKind> = Extract<AgentInput, { readonly kind: K }>;
