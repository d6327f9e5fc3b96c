/** What an agent core is made of: its place, its resources, its limits and its ports. */
import type { AgentId } from '@mesolite/base';
import type { Log, Metrics, Random } from '@mesolite/ports';
import type { AgentInfoCapabilityType, Attribute, DomainInfo, Operation, Resource } from '@mesolite/wire';

/** An operation from before this process started, whose outcome is not acknowledged. */
export interface RecoveredOperation {
  readonly operation: Operation;
  /** Its outcome is in its own file already. */
  readonly recorded: boolean;
}

export interface RecoveredOperations {
  readonly operations: readonly RecoveredOperation[];
  /** Directories of operations that are settled. */
  readonly discard: readonly string[];
}

/** The agent that this process goes on as. */
export interface FormerSelf extends RecoveredOperations {
  readonly agentId: AgentId;
}

/** In milliseconds. */
export interface AuthenticationTimes {
  readonly backoffMs: number;
  readonly timeoutMinMs: number;
  readonly timeoutMaxMs: number;
}

export interface AgentOptions {
  /** Libprocess pid, `slave(1)@ip:port`. */
  readonly pid: string;
  readonly ip: string;
  readonly port: number;
  readonly hostname: string;
  /** Post-refinement format. */
  readonly resources: readonly Resource[];
  /** Reservations made and volumes created before this process started; `resources` must have room for them. */
  readonly checkpointedResources?: readonly Resource[] | undefined;
  /** Set when an earlier process registered from here, and this one is to be the same agent. */
  readonly former?: FormerSelf | undefined;
  readonly attributes: readonly Attribute[];
  readonly domain?: DomainInfo | undefined;
  readonly capabilities: readonly AgentInfoCapabilityType[];
  /** Absolute paths. */
  readonly workDirectory: string;
  readonly version: string;
  /** Boot id of the machine, kept in `meta/boot_id`. */
  readonly bootId?: string | undefined;
  readonly registrationBackoffMs: number;
  /** How long attempts to authenticate may take; unset when the agent has no credential. */
  readonly authentication?: AuthenticationTimes | undefined;
  readonly executorRegistrationTimeoutMs: number;
  readonly executorReregistrationTimeoutMs: number;
  /** After which executors of the old driver are called back again; unset: once is enough. */
  readonly executorReconnectIntervalMs?: number | undefined;
  readonly executorShutdownGracePeriodMs: number;
  readonly recoveryTimeoutMs: number;
  /** What becomes of executors that an earlier process launched; `reconnect` when unset. */
  readonly recover?: 'reconnect' | 'cleanup' | undefined;
  readonly gcDelayMs: number;
  readonly gcDiskHeadroom: number;
  readonly diskWatchIntervalMs: number;
  readonly maxCompletedExecutorsPerFramework: number;
  readonly switchUser: boolean;
  readonly httpCommandExecutor: boolean;
  /** Variables every executor gets, besides those about itself. */
  readonly executorEnvironment?: Readonly<Record<string, string>> | undefined;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly random: Random;
}

/** Bounds that no flag changes. */
export const MAX_COMPLETED_FRAMEWORKS = 50;
export const MAX_COMPLETED_TASKS_PER_EXECUTOR = 200;
/** States a task is remembered to have been in; older ones are forgotten, as by the master. */
export const MAX_STATUSES_PER_TASK = 100;
export const REGISTER_RETRY_MAX_MS = 60_000;
export const DEFAULT_PING_TIMEOUT_MS = 75_000;
export const UPDATE_RETRY_MIN_MS = 10_000;
export const UPDATE_RETRY_MAX_MS = 600_000;
export const EXECUTOR_HEARTBEAT_MS = 30 * 60_000;
/** What a built-in command executor is taken to use beside its task: cpus, and MB. */
export const COMMAND_EXECUTOR_CPUS = 0.1;
export const COMMAND_EXECUTOR_MEM_MB = 32;
