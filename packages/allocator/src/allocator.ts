/**
 * What an allocator is to the master: it is told who is there, what is held and what came back, and says who is
 * offered what. Resources count as held from the moment they are handed out by `allocate` until they are recovered.
 *
 * Times are milliseconds on one clock that never goes back; the allocator reads no clock of its own.
 */
import type { AgentId, FrameworkId, RandomStream } from '@mesolite/base';
import type { Resources } from '@mesolite/resources';
import type { AgentInfoCapabilityType, Attribute, FrameworkInfoCapabilityType } from '@mesolite/wire';

/** Amounts by resource name, in units. Something is worth offering when one member of the list is met in full. */
export type MinAllocatable = readonly Readonly<Record<string, number>>[];

export interface FrameworkOptions {
  readonly roles: readonly string[];
  /** Roles for which the framework wants no offers now. */
  readonly suppressedRoles: readonly string[];
  readonly capabilities: ReadonlySet<FrameworkInfoCapabilityType>;
  /** By role, in place of the allocator's own threshold. An empty list asks for nothing. */
  readonly minAllocatable?: ReadonlyMap<string, MinAllocatable> | undefined;
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
  readonly active: boolean;
}

export interface Allocation {
  readonly frameworkId: FrameworkId;
  readonly role: string;
  readonly agentId: AgentId;
  /** Allocated to `role`. */
  readonly resources: Resources;
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
  /** Changed attributes or capabilities void all filters on the agent: who refused it did not know it so. */
  updateAgent(id: AgentId, options: Pick<AgentOptions, 'hostname' | 'attributes' | 'capabilities'>): void;
  setAgentActive(id: AgentId, active: boolean): void;
  /** What is held there is forgotten with it. */
  removeAgent(id: AgentId): void;

  /**
   * Resources come back from an offer or a task. With `refuseMs` above 0 the framework is not offered the agent for
   * that role again, unless with more than this, until the time is over and one batch has passed.
   * What comes back from an agent or a framework that is gone is ignored.
   */
  recover(frameworkId: FrameworkId, agentId: AgentId, resources: Resources, nowMs: number, refuseMs?: number): void;
  /** Resources become held without having been offered: a task an agent tells of, an operator's launch. */
  use(frameworkId: FrameworkId, agentId: AgentId, resources: Resources): void;
  /** What a framework holds on an agent turns into something else, as an operation on an offer does it. */
  exchange(frameworkId: FrameworkId, agentId: AgentId, from: Resources, to: Resources): void;

  /** No roles: all of the framework's. */
  suppress(id: FrameworkId, roles: readonly string[]): void;
  /** Ends suppression and drops filters. No roles: all of the framework's. */
  revive(id: FrameworkId, roles: readonly string[]): void;

  /** An event since the last cycle asks for one before the next batch. Resources that come back do not. */
  readonly pending: boolean;
  /** One cycle over all agents (the batch) or those that changed. The result counts as held until recovered. */
  allocate(nowMs: number, scope: 'all' | 'dirty'): Allocation[];

  /** Refusals that count for `role`; those that ran out are counted until a batch comes by. */
  offerFilters(role: string): number;
  /** Largest fraction of any resource of the cluster that `role` and the roles below it hold, over its weight. */
  dominantShare(role: string): number;
  /** Roles that have a framework or hold something, sorted. */
  roles(): string[];
  /** Another number whenever {@link roles} answers something else. */
  readonly roleChanges: number;
  /** Cycles so far. */
  readonly runs: number;
  /** Scalars of the whole cluster by name, in units: all there are, and what is handed out or in use. */
  scalars(): ReadonlyMap<string, { readonly total: number; readonly held: number }>;

  /** Throws AssertionError when the books contradict each other. Scans everything: for tests and simulation. */
  check(): void;
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
  /** The master's region: agents of others only go to frameworks that know regions. */
  readonly region?: string | undefined;
}
