/**
 * What an allocator is to the master: it is told who is there, what is held and what came back, and says who is
 * offered what. Resources count as held from the moment they are handed out by `allocate` until they are recovered.
 *
 * Times are milliseconds on one clock that never goes back; the allocator reads no clock of its own.
 */
import type { AgentId, FrameworkId, RandomStream } from '@mesolite/base';
import type { Resources } from '@mesolite/resources';
import type {
  AgentInfoCapabilityType,
  Attribute,
  FrameworkInfoCapabilityType,
  InverseOfferStatus,
  Unavailability,
} from '@mesolite/wire';
import type { RoleExplanation } from './explain.ts';
import type { OfferConstraints } from './offer-constraints.ts';
import type { Quota } from './quota-book.ts';
import type { Sorter } from './role-order.ts';

/** Amounts by resource name, in units. Something is worth offering when one member of the list is met in full. */
export type MinAllocatable = readonly Readonly<Record<string, number>>[];

export interface FrameworkOptions {
  readonly roles: readonly string[];
  /** Roles for which the framework wants no offers now. */
  readonly suppressedRoles: readonly string[];
  readonly capabilities: ReadonlySet<FrameworkInfoCapabilityType>;
  /** By role, in place of the allocator's own threshold. An empty list asks for nothing. */
  readonly minAllocatable?: ReadonlyMap<string, MinAllocatable> | undefined;
  /** By role, which agents it may be offered at all. */
  readonly constraints?: OfferConstraints | undefined;
}

export interface AgentOptions {
  readonly hostname: string;
  readonly total: Resources;
  /** What is held already, each part allocated to its role; also by frameworks not added (yet). */
  readonly used: ReadonlyMap<FrameworkId, Resources>;
  readonly capabilities: ReadonlySet<AgentInfoCapabilityType>;
  readonly attributes: readonly Attribute[];
  /** Fault domain region; unset: the master's own. */
  readonly region?: string | undefined;
  readonly zone?: string | undefined;
  readonly active: boolean;
}

/** What of an agent can change without its resources. What is not given stays. */
export type AgentFacts = Pick<AgentOptions, 'hostname' | 'attributes' | 'capabilities'> &
  Partial<Pick<AgentOptions, 'region' | 'zone'>>;

export interface Allocation {
  readonly frameworkId: FrameworkId;
  readonly role: string;
  readonly agentId: AgentId;
  /** Allocated to `role`. */
  readonly resources: Resources;
}

/** A framework is asked to leave an agent for the time of `unavailability`. */
export interface InverseAllocation {
  readonly frameworkId: FrameworkId;
  readonly agentId: AgentId;
  readonly unavailability: Unavailability;
}

/** How an inverse offer ended. */
export interface InverseOfferEnd {
  /** The framework's answer; none when the offer was rescinded or ran out. */
  readonly status?: InverseOfferStatus | undefined;
  readonly nowMs: number;
  /** Above 0: for so long the framework gets no other one for the agent. */
  readonly refuseMs?: number | undefined;
}

/** How resources come back. */
export interface HoldingEnd {
  readonly nowMs: number;
  /**
   * Above 0: the framework is not offered the agent for that role again, unless with more than this, until the time is
   * over and one batch has passed.
   */
  readonly refuseMs?: number | undefined;
}

/** What is known after a failover, before agents have come back. */
export interface Recovery {
  readonly quotas: ReadonlyMap<string, Quota>;
  /** Agents in the registry. */
  readonly knownAgents: number;
  readonly nowMs: number;
}

export interface Allocator {
  addFramework(id: FrameworkId, options: FrameworkOptions, active: boolean): void;
  /** New roles get offers at once; filters of roles left behind are dropped, what is held there stays held. */
  updateFramework(id: FrameworkId, options: FrameworkOptions): void;
  /** Whatever it still holds is free again. */
  removeFramework(id: FrameworkId): void;
  activateFramework(id: FrameworkId): void;
  /** No more offers, and its filters are dropped; what it holds stays held. */
  deactivateFramework(id: FrameworkId): void;

  addAgent(id: AgentId, options: AgentOptions): void;
  /** May leave more held than there is; nothing is offered then until enough came back. */
  updateAgentTotal(id: AgentId, total: Resources): void;
  /** Changed attributes, capabilities or places void all filters on the agent: who refused it did not know it so. */
  updateAgent(id: AgentId, facts: AgentFacts): void;
  setAgentActive(id: AgentId, active: boolean): void;
  /** What is held there is forgotten with it. */
  removeAgent(id: AgentId): void;

  /** Resources come back from an offer or a task. What comes back from an agent or a framework that is gone is ignored. */
  recover(frameworkId: FrameworkId, agentId: AgentId, resources: Resources, end: HoldingEnd): void;
  /** Resources become held without having been offered: a task an agent tells of, an operator's launch. */
  use(frameworkId: FrameworkId, agentId: AgentId, resources: Resources): void;
  /** What a framework holds on an agent turns into something else, as an operation on an offer does it. */
  exchange(frameworkId: FrameworkId, agentId: AgentId, from: Resources, to: Resources): void;

  /** No roles: all of the framework's. */
  suppress(id: FrameworkId, roles: readonly string[]): void;
  /** Ends suppression and drops filters, those of inverse offers in any case. No roles: all of the framework's. */
  revive(id: FrameworkId, roles: readonly string[]): void;

  /** Of a top-level role; nothing: no guarantees and no limits. Counts from the next cycle on and asks for none. */
  updateQuota(role: string, quota: Quota | undefined): void;
  quota(role: string): Quota | undefined;
  /** Units that `role`, a top-level one, has consumed of its quota: reserved for it, or held of what is unreserved. */
  consumedQuota(role: string): ReadonlyMap<string, number>;
  /** Of roles at any depth, against their siblings. Counts from the next cycle on and asks for none. */
  updateWeights(weights: ReadonlyMap<string, number>): void;
  /** Hostnames whose agents are offered; nothing: all. */
  updateWhitelist(hostnames: ReadonlySet<string> | undefined): void;
  /**
   * After a failover, before anything else: with quotas, nothing is offered until enough of the known agents are back or
   * the recovery timeout is over.
   */
  awaitAgents(recovery: Recovery): void;
  /** Nothing is offered now, because agents are awaited. */
  readonly paused: boolean;

  /** When an agent will be out for maintenance; nothing: not any more. Answers to earlier inverse offers are forgotten. */
  updateUnavailability(id: AgentId, unavailability: Unavailability | undefined): void;
  /**
   * Inverse offers owed since the last call, for agents the cycles came by. Each is out until its end is told. Those beyond
   * `most` are owed still.
   */
  inverseOffers(nowMs: number, most?: number): InverseAllocation[];
  /** Ignored when no inverse offer is out, except for the time of refusal. */
  endInverseOffer(frameworkId: FrameworkId, agentId: AgentId, end: InverseOfferEnd): void;
  /** The last answer of each framework, for agents with maintenance ahead. */
  inverseOfferStatuses(): ReadonlyMap<AgentId, ReadonlyMap<FrameworkId, InverseOfferStatus>>;

  /** An event since the last cycle asks for one before the next batch. Resources that come back do not. */
  readonly pending: boolean;
  /** One cycle over all agents (the batch) or those that changed. The result counts as held until recovered. */
  allocate(nowMs: number, scope: 'all' | 'dirty'): Allocation[];
  /**
   * The same in slices, so that nobody waits long: a cycle is begun, then gone on with until it is no longer under way.
   * A unit is about a framework asked; an offer costs some hundreds. Anything may be told between two slices: agents and
   * frameworks that are gone are passed over, and what comes back is handed out by this cycle when it comes by the agent
   * later on, by the next one otherwise. Slices without anything told in between hand out what one cycle does.
   */
  beginCycle(scope: 'all' | 'dirty'): void;
  continueCycle(nowMs: number, units: number): Allocation[];
  readonly cycling: boolean;

  /**
   * Why agents are, or are not, offered to a framework in a role, or to anybody in a role when no framework is named. A
   * pure read, good until something is told; nothing for a framework that is not there.
   */
  explain(role: string, nowMs: number, id?: FrameworkId): RoleExplanation | undefined;

  /** Refusals that count for `role`; those that ran out are counted until a batch comes by. */
  offerFilters(role: string): number;
  /** Largest fraction of any resource of the cluster that `role` and the roles below it hold, over its weight. */
  dominantShare(role: string): number;
  /** Units of a scalar that `role` and the roles below it hold or are offered, reserved or not. */
  held(role: string, name: string): number;
  /** Roles that have a framework or hold something, sorted. */
  roles(): string[];
  /** Another number whenever {@link roles} answers something else. */
  readonly roleChanges: number;
  /** Cycles so far. */
  readonly runs: number;
  /** Scalars of the whole cluster by name, in units: all there are, and what is handed out or in use. */
  scalars(): ReadonlyMap<string, { readonly total: number; readonly held: number }>;

  /** What it has been told, to be compared with what was meant. Sums up everything: for tests and simulation. */
  books(): AllocatorBooks;
  /** Throws AssertionError when the books contradict each other. Scans everything: for tests and simulation. */
  check(): void;
}

export interface AllocatorBooks {
  /** `held`: allocated, in sum over roles. */
  readonly agents: ReadonlyMap<
    AgentId,
    { readonly total: Resources; readonly active: boolean; readonly held: ReadonlyMap<FrameworkId, Resources> }
  >;
  /** Other than 1. */
  readonly weights: ReadonlyMap<string, number>;
  readonly quotas: ReadonlyMap<string, Quota>;
}

export interface AllocatorOptions {
  readonly random: RandomStream;
  /** A refusal lasts no shorter than this. */
  readonly allocationIntervalMs: number;
  /** An empty list: anything is worth offering. */
  readonly minAllocatable: MinAllocatable;
  /** Resources that do not count in shares. */
  readonly excludedResourceNames: readonly string[];
  /** Agents with GPUs are offered only to frameworks that know GPUs. Default true. */
  readonly filterGpuResources?: boolean | undefined;
  /** How roles, and frameworks of a role, take turns. Default by dominant share. */
  readonly roleSorter?: Sorter | undefined;
  readonly frameworkSorter?: Sorter | undefined;
  /** Part of the known agents that is awaited after a failover, and for how long at most. */
  readonly agentRecoveryFactor?: number | undefined;
  readonly recoveryTimeoutMs?: number | undefined;
  /** The master's region: agents of others only go to frameworks that know regions. */
  readonly region?: string | undefined;
}
