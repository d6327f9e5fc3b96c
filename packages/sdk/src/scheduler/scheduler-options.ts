/** What a scheduler tells its client at the start, and what the client tells it back. */
import type { Log } from '@mesolite/ports';
import type {
  FrameworkInfo,
  InverseOffer,
  MasterInfo,
  Offer,
  OperationStatus,
  SchedulerEventFailure,
  SchedulerEventMessage,
  SchedulerOfferConstraints,
  TaskStatus,
} from '@mesolite/wire';
import type { BackoffOptions } from '../http/backoff.ts';
import type { DaemonAddress } from '../http/daemon-address.ts';
import type { Codec } from '../http/message-codec.ts';
import type { ClientPorts } from '../system-ports.ts';

export interface SchedulerOptions extends ClientPorts {
  readonly master: DaemonAddress;
  /** With an `id` the framework takes up where an earlier scheduler of that id left off. */
  readonly framework: FrameworkInfo;
  /** Default `protobuf`. */
  readonly codec?: Codec;
  /** HTTP Basic credentials. */
  readonly principal?: string | undefined;
  readonly secret?: string | undefined;
  readonly suppressedRoles?: readonly string[];
  readonly offerConstraints?: SchedulerOfferConstraints;
  /**
   * True when the scheduler calls `acknowledge` and `acknowledgeOperationStatus` itself. Default false: the client does
   * when the handler returns.
   */
  readonly explicitAcknowledgements?: boolean;
  /** Waits between attempts to connect. Default 100 ms doubling to 10 s. */
  readonly backoff?: BackoffOptions;
  /**
   * How long the client goes on trying without a subscription, in milliseconds, before it ends with `unreachable`.
   * Default: for ever.
   */
  readonly giveUpAfterMs?: number;
  /** Beats missed in a row before the stream counts as dead. Default 5, as in Mesos. */
  readonly missedHeartbeats?: number;
  /** Calls that may wait for an answer at once; more are refused as `overloaded`. Default 10,000. */
  readonly maxCallsInFlight?: number;
  /** Tasks, and operations with an id, remembered for reconciliation. Default 200,000 of each. */
  readonly maxTrackedTasks?: number;
  readonly log?: Log;
}

/**
 * Called one at a time, in the order of the stream. None may throw: what is thrown is logged, and the update that caused
 * it is not acknowledged, so that the agent sends it again.
 */
export interface SchedulerHandlers {
  /** After each subscription; `resumed` unless it is the first of this client. */
  subscribed?(event: SchedulerSubscribed): void;
  offers?(offers: Offer[]): void;
  /** Another framework's use, a lost agent or a timeout took an offer back. */
  rescind?(offerId: string): void;
  /** Delivered at least once. Acknowledged when it returns (or its promise resolves) unless acknowledgements are explicit. */
  update?(status: TaskStatus): void | Promise<void>;
  message?(event: SchedulerEventMessage): void;
  /** An agent or an executor was lost. Unreliable: the tasks' own updates are what counts. */
  failure?(event: SchedulerEventFailure): void;
  /** Agents on which this framework holds something will be out for maintenance: may they be taken down? */
  inverseOffers?(offers: InverseOffer[]): void;
  /** The schedule changed, the agent is away, or nobody answered in time. Another one may follow. */
  rescindInverseOffer?(offerId: string): void;
  /**
   * What became of an operation with an id, at least once. Acknowledged when it returns (or its promise resolves) unless
   * acknowledgements are explicit; an answer to a reconciliation, which has no uuid, needs no acknowledgement.
   */
  updateOperationStatus?(status: OperationStatus): void | Promise<void>;
  heartbeat?(): void;
  /** The stream is gone; the client connects again after `retryMs` unless it was closed. Offers held are void. */
  disconnected?(reason: string, retryMs: number): void;
}

export interface SchedulerSubscribed {
  readonly frameworkId: string;
  readonly masterInfo: MasterInfo | undefined;
  readonly resumed: boolean;
}

/**
 * Why a scheduler client stopped for good: `closed` and `torn-down` by itself; `error` told by the master (the framework
 * was removed, failed over to another scheduler, or refused); `unreachable` after `giveUpAfterMs`.
 */
export interface SchedulerEnd {
  readonly reason: 'closed' | 'torn-down' | 'error' | 'unreachable';
  readonly message: string;
}
