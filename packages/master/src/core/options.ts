/** What a master core is made of: its place, its limits and its ports. Times in milliseconds. */
import type { MinAllocatable, PatternLimits, Sorter } from '@mesolite/allocator';
import type { Role } from '@mesolite/base';
import type { Log, Metrics, Random } from '@mesolite/ports';
import type { MasterInfo } from '@mesolite/wire';
import type { RateLimitOptions } from './state/rate-limits.ts';

export interface MasterOptions {
  readonly info: MasterInfo;
  readonly allocationIntervalMs: number;
  /** Work of the allocator in one turn, in its units; unset: what it recommends. */
  readonly allocationSliceUnits?: number | undefined;
  readonly minAllocatable: MinAllocatable;
  /** In which order roles, and frameworks of a role, are served; unset: by share. */
  readonly roleSorter?: Sorter | undefined;
  readonly frameworkSorter?: Sorter | undefined;
  /** Weights of roles, to begin with: they count while the registry holds none. */
  readonly weights?: ReadonlyMap<string, number> | undefined;
  /** With quota: share of the agents in the registry, 0 to 1, that is awaited before anything is offered, and how long. */
  readonly agentRecoveryFactor?: number | undefined;
  readonly recoveryTimeoutMs?: number | undefined;
  /** Of each pattern in offer constraints; unset: the original's. */
  readonly patternLimits?: PatternLimits | undefined;
  /** Agents without a fault domain are not registered. */
  readonly requireAgentDomain?: boolean | undefined;
  readonly fairSharingExcludedResourceNames: readonly string[];
  readonly filterGpuResources: boolean;
  readonly agentPingTimeoutMs: number;
  readonly maxAgentPingTimeouts: number;
  readonly agentReregisterTimeoutMs: number;
  /** At most so many agents are marked unreachable per period; unset: no limit. */
  readonly agentRemovalRateLimit?: { readonly permits: number; readonly periodMs: number } | undefined;
  /** Share of the recovered agents, 0 to 1, that may fail to return in time; more of them end this master. */
  readonly recoveryAgentRemovalLimit?: number | undefined;
  /** Unset: offers stay out until somebody ends them. */
  readonly offerTimeoutMs?: number | undefined;
  readonly maxCompletedFrameworks: number;
  readonly maxCompletedTasksPerFramework: number;
  readonly maxUnreachableTasksPerFramework: number;
  readonly rootSubmissions: boolean;
  /** Metrics of each framework by itself. Unset: none. */
  readonly publishPerFrameworkMetrics?: boolean | undefined;
  /** How often agents lost long ago are forgotten, after what time, and how many stay at most; unset: the original's. */
  readonly registryGcIntervalMs?: number | undefined;
  readonly registryMaxAgentAgeMs?: number | undefined;
  readonly registryMaxAgentCount?: number | undefined;
  /** Whether the next master is to know frameworks with a failover timeout and when that is over; unset: it is. */
  readonly durableFrameworks?: boolean | undefined;
  /** Drivers and agents may prove who they are: the host has an authenticator. */
  readonly authenticates?: boolean | undefined;
  /** Drivers, and agents, that have not proved who they are may not register. */
  readonly authenticateFrameworks?: boolean | undefined;
  readonly authenticateAgents?: boolean | undefined;
  /** Of messages of drivers; unset: none. */
  readonly rateLimits?: RateLimitOptions | undefined;
  /** The only roles frameworks may use; unset: any. */
  readonly roles?: ReadonlySet<Role> | undefined;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly random: Random;
}

/** Between batches, allocations asked for by events are at least this far apart: a storm of revivals costs little. */
export const ALLOCATION_GAP_MS = 10;
/** Announced to schedulers and kept on every stream. */
export const HEARTBEAT_INTERVAL_MS = 15_000;
/** Agents, by pid, of which the connection they registered over is remembered. */
export const MAX_REGISTERED_OVER = 100_000;
/** Ids of removed agents that are remembered, to know their late messages. */
export const MAX_REMOVED_AGENTS = 100_000;
/** So long after an agent has returned, operations there of frameworks nobody knows are acknowledged by the master. */
export const ORPHANED_OPERATIONS_WAIT_MS = 10 * 60_000;
/** Refusals longer than this are shortened to it. */
export const MAX_REFUSE_SECONDS = 365 * 24 * 60 * 60;
export const DEFAULT_REFUSE_SECONDS = 5;
/** Frameworks whose last declined offer is remembered of an agent; the one that declined longest ago is forgotten. */
export const MAX_DECLINES_PER_AGENT = 32;
/** The oldest agent version that may register. */
export const MINIMUM_AGENT_VERSION = '1.0.0';
/** Bounds without an equivalent in the original: more than this is refused, see the message of the refusal. */
export const MAX_FRAMEWORKS = 20_000;
/** Of a FrameworkInfo: larger ones are not known to the next master before agents tell of them. */
export const MAX_REMEMBERED_FRAMEWORK_BYTES = 256 * 1024;
/** Of an AgentInfo in the registry: what is larger is not admitted. */
export const MAX_AGENT_INFO_BYTES = 256 * 1024;
export const MAX_PENDING = 100_000;
/** Unreachable agents that are remembered whatever the options say, and as many gone ones; the oldest go first. */
export const MAX_REMEMBERED_LOST_AGENTS = 1_000_000;
/** Agents that are forgotten in one change of the registry. */
export const MAX_PRUNED_AT_ONCE = 5_000;
/** The original's. */
export const REGISTRY_GC = { intervalMs: 15 * 60_000, maxAgeMs: 14 * 24 * 60 * 60_000, maxCount: 102_400 } as const;
export const MAX_ROLES_PER_FRAMEWORK = 10_000;
/**
 * Answers to one reconciliation: so many at once, the rest in slices with gaps, so that a scheduler that reads at an
 * ordinary pace is not cut off for what it asked itself. More reconciliations than this under way are not begun.
 */
export const FIRST_RECONCILED_SLICE = 10_000;
export const RECONCILED_SLICE = 1_000;
export const RECONCILED_GAP_MS = 50;
export const MAX_RECONCILIATIONS_PER_FRAMEWORK = 16;
/** Reservations, volumes and whatever else does not merge on an agent: what would make more is refused. */
export const MAX_KINDS_PER_AGENT = 10_000;
/** Operations of an agent that are remembered, as many as agents remember; more are refused. */
export const MAX_OPERATIONS_PER_AGENT = 10_000;
/** Statuses of an operation that are remembered; older ones are forgotten. */
export const MAX_STATUSES_PER_OPERATION = 100;
/** Of a pattern in offer constraints, unless the options say otherwise; larger ones are refused. */
export const PATTERN_LIMITS = { maxMemoryBytes: 4096, maxProgramSize: 100 } as const;
/** Roles that may have a weight, and as many a quota; and of how many one call may tell. */
export const MAX_ROLE_SETTINGS = 10_000;
export const MAX_ROLES_PER_CHANGE = 4_000;
/** Machines in the schedule of maintenance, and what it takes in the registry; more is refused. */
export const MAX_SCHEDULED_MACHINES = 100_000;
export const MAX_SCHEDULE_BYTES = 16 * 1024 * 1024;
/** States a task is remembered to have been in; older ones are forgotten. */
export const MAX_STATUSES_PER_TASK = 100;
/** Clients that may authenticate at once, as many as the authenticator takes; others are told to come back. */
export const MAX_CLIENTS_AUTHENTICATING = 10_000;
/** Clients remembered to have authenticated and not yet disconnected. */
export const MAX_AUTHENTICATED_CLIENTS = 200_000;
/** Messages of one principal that wait for its rate limit, where that names no smaller number. */
export const MAX_WAITING_MESSAGES = 100_000;
