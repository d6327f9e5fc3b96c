/**
 * What a master core is told: facts in the past tense, demands in the imperative. A closed union; core.ts has one
 * handler for each.
 *
 * Never: holds anything but plain data, valid in shape (what is malformed is refused at the rim, see rim/).
 */
import type { AgentId, FrameworkId } from '@mesolite/base';
import type {
  AgentInfo,
  DrainConfig,
  DrainInfo,
  MachineID,
  MachineInfo,
  MaintenanceSchedule,
  OfferOperation,
  QuotaConfig,
  QuotaRequest,
  SchedulerCall,
  SchedulerCallSubscribe,
  WeightInfo,
} from '@mesolite/wire';
import type { AgentMessages } from './agent-message-types.ts';
import type { DriverMessages } from './driver-message-types.ts';
import type { FrameworkMemory } from './state/framework-memory.ts';

/** Names one HTTP request or stream; chosen by the host, never used twice. */
export type ConnectionId = number;

/** Names one record of the pending table. */
export type PendingId = number;

export type { AgentMessages };
export type AgentMessageKind = keyof AgentMessages;

export type AgentMessageInput = {
  [K in AgentMessageKind]: {
    readonly kind: K;
    readonly from: string;
    readonly message: AgentMessages[K];
    /** What it came over, numbered as connections were made. */
    readonly connection?: number | undefined;
  };
}[AgentMessageKind];

/** `from` is the pid of whoever sent it. */
export type DriverMessageKind = keyof DriverMessages;

export type DriverMessageInput = {
  [K in DriverMessageKind]: { readonly kind: K; readonly from: string; readonly message: DriverMessages[K] };
}[DriverMessageKind];

/** The durable truth as read back at the start. Resources in either reservation format. */
export interface RecoveredRegistry {
  readonly admitted: readonly AgentInfo[];
  readonly unreachable: readonly { readonly agentId: AgentId; readonly wallMs: number }[];
  readonly gone: readonly { readonly agentId: AgentId; readonly wallMs: number }[];
  /** Of admitted and unreachable agents: out of service. With `drain`, to be emptied. */
  readonly deactivated?: readonly { readonly agentId: AgentId; readonly drain?: DrainInfo | undefined }[] | undefined;
  readonly frameworks?: readonly FrameworkMemory[] | undefined;
  readonly weights?: readonly WeightInfo[] | undefined;
  readonly quotas?: readonly QuotaConfig[] | undefined;
  readonly machines?: readonly MachineInfo[] | undefined;
  readonly schedules?: readonly MaintenanceSchedule[] | undefined;
}

export type MasterInput =
  | AgentMessageInput
  | DriverMessageInput
  /** How an authentication ended that `authenticate-client` began. */
  | { readonly kind: 'client-authenticated'; readonly pid: string; readonly principal: string }
  | { readonly kind: 'client-refused'; readonly pid: string }
  /** The first input: this master leads. With what its registry holds. */
  | { readonly kind: 'started'; readonly registry?: RecoveredRegistry | undefined }
  /** At or after the time asked for by `wake-at`. */
  | { readonly kind: 'timer-fired' }
  /** The later turn that `continue-soon` asked for. */
  | { readonly kind: 'turn-came' }
  /** The persistent connection to a peer broke. */
  | { readonly kind: 'link-exited'; readonly pid: string }
  /** An agent's answer to a ping, received by the process `slave-observer(observer)`. */
  | { readonly kind: 'pong-received'; readonly observer: number }
  /** What `write-registry` asked for is durable, or will never be. */
  | { readonly kind: 'registry-written'; readonly pending: PendingId; readonly error?: string | undefined }
  /** A valid SUBSCRIBE of the scheduler API. Answered by `open-stream` or `reply`. */
  | {
      readonly kind: 'subscribe-scheduler';
      readonly connection: ConnectionId;
      readonly subscribe: SchedulerCallSubscribe;
      /** Who authenticated, if anybody. */
      readonly principal?: string | undefined;
    }
  /** Any other valid call of the scheduler API. Answered by `reply`. */
  | {
      readonly kind: 'call-scheduler';
      readonly connection: ConnectionId;
      readonly call: SchedulerCall;
      /** Value of the header Mesos-Stream-Id. */
      readonly streamId?: string | undefined;
      readonly principal?: string | undefined;
    }
  /** The client went away, or was dropped because it stopped reading. */
  | { readonly kind: 'stream-closed'; readonly connection: ConnectionId }
  /** An operator ends a framework. Answered by `reply`. */
  | {
      readonly kind: 'teardown-framework';
      readonly connection: ConnectionId;
      readonly frameworkId: FrameworkId;
      readonly principal?: string | undefined;
    }
  /** The file of hostnames whose agents are offered was read and says something new. Nothing: all agents are. */
  | { readonly kind: 'whitelist-read'; readonly hostnames: readonly string[] | undefined }
  /** Operators set weights and quota. Answered by `reply`, once it is durable. */
  | { readonly kind: 'update-weights'; readonly connection: ConnectionId; readonly weights: readonly WeightInfo[] }
  | {
      readonly kind: 'update-quota';
      readonly connection: ConnectionId;
      readonly configs: readonly QuotaConfig[];
      /** Even if it overcommits the cluster. */
      readonly force: boolean;
    }
  /** Quota in its old form: guarantees that are limits too, for a role without quota. */
  | { readonly kind: 'set-quota'; readonly connection: ConnectionId; readonly request: QuotaRequest }
  | {
      readonly kind: 'remove-quota';
      readonly connection: ConnectionId;
      readonly role: string;
      /** Of the request, where it came by path. */
      readonly path?: string | undefined;
    }
  /** Operators plan the maintenance of machines, and do it. Answered by `reply`, once it is durable. */
  | {
      readonly kind: 'update-maintenance-schedule';
      readonly connection: ConnectionId;
      /** In place of the one before. */
      readonly schedule: MaintenanceSchedule;
    }
  | { readonly kind: 'start-maintenance'; readonly connection: ConnectionId; readonly machines: readonly MachineID[] }
  | { readonly kind: 'stop-maintenance'; readonly connection: ConnectionId; readonly machines: readonly MachineID[] }
  /** Operators take an agent out of service and back, or say that it is gone for ever. Answered by `reply`, once it is durable. */
  | {
      readonly kind: 'drain-agent';
      readonly connection: ConnectionId;
      readonly agentId: AgentId;
      readonly config: DrainConfig;
    }
  | { readonly kind: 'deactivate-agent'; readonly connection: ConnectionId; readonly agentId: AgentId }
  | { readonly kind: 'reactivate-agent'; readonly connection: ConnectionId; readonly agentId: AgentId }
  | { readonly kind: 'mark-agent-gone'; readonly connection: ConnectionId; readonly agentId: AgentId }
  /** An operator changes what an agent's resources are set aside for. Answered by `reply`. */
  | {
      readonly kind: 'operate-agent';
      readonly connection: ConnectionId;
      readonly agentId: AgentId;
      readonly operation: OfferOperation;
      readonly principal?: string | undefined;
    };

export type MasterInputKind = MasterInput['kind'];
export type InputOf<K extends MasterInputKind> = Extract<MasterInput, { readonly kind: K }>;
