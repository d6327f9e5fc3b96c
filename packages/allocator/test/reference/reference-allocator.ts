/**
 * An allocator written from the specification (kernel part 6, with 1.10, 2.7 and 5) and, where that says too little, from
 * what the original does; as plainly as can be. It is told the same as the allocator under test and must decide the same,
 * and it uses nothing of that one. Every rule is a function that names where the specification says it.
 *
 * What the specification leaves to chance is fed from outside: in which order agents come in each stage, and the turns
 * that random sorters give; so are the slices: the reference goes by one agent whenever it is told to.
 *
 * Departs from the specification where the allocator says so too: agents on which something came back join the next
 * triggered cycle; limits bind sub-roles; the headroom required falls with whatever a guaranteed role gets; resources
 * held count for their role before their framework is known, and can come back; an agent that is activated asks for a
 * cycle.
 */
import { assert } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import type { Attribute, SchedulerOfferConstraints, Unavailability } from '@mesolite/wire';
import { Books, type Holding, type Quantities, type ReferenceAgent, type ReferenceFramework } from './books.ts';
import { type Chance, FairOrder, permuted, type ReferenceSorter } from './fair-order.ts';
import { Filters } from './filters.ts';
import { type GateOptions, isAllocatable, isOfferable, type Skip, skipOf, strip } from './gates.ts';
import { type InverseOffer, InverseOffers } from './inverse-offers.ts';
import {
  consumed,
  countsForQuota,
  headroomAllowance,
  isReserved,
  isRevocable,
  limitAllowance,
  shrink,
  unsatisfied,
} from './quota.ts';

export interface ReferenceOptions extends GateOptions {
  readonly allocationIntervalMs: number;
  readonly excludedResourceNames: readonly string[];
  readonly roleSorter: ReferenceSorter;
  readonly frameworkSorter: ReferenceSorter;
  readonly agentRecoveryFactor: number;
  readonly recoveryTimeoutMs: number;
  readonly chance: Chance;
  /** Told of each rule that keeps something from somebody, so that tests can see whether they reach it. */
  readonly note?: ((rule: Withheld) => void) | undefined;
}

export type Withheld = Skip | 'stripped' | 'not allocatable' | 'refused' | 'shared once a cycle' | 'cut by quota';

export interface FrameworkFacts {
  readonly roles: readonly string[];
  readonly suppressedRoles: readonly string[];
  readonly capabilities: ReadonlySet<string>;
  readonly minAllocatable?: ReadonlyMap<string, readonly Quantities[]> | undefined;
  readonly constraints?: SchedulerOfferConstraints | undefined;
}

export interface AgentFacts {
  readonly hostname: string;
  readonly attributes: readonly Attribute[];
  readonly capabilities: ReadonlySet<string>;
  readonly region?: string | undefined;
  readonly zone?: string | undefined;
}

interface Cycle {
  readonly scope: 'all' | 'dirty';
  agents: readonly string[];
  /** Kernel 6.1: first guarantees, then everybody. */
  stage: 1 | 2;
  next: number;
  /** Kernel 6.1: shared resources of an agent that this cycle has offered already. */
  readonly shared: Map<string, Resources>;
}

export class ReferenceAllocator {
  readonly books = new Books();
  readonly order: FairOrder;
  readonly filters: Filters;
  readonly inverse: InverseOffers;
  readonly #options: ReferenceOptions;
  readonly #candidates = new Set<string>();
  #allAreCandidates = false;
  #asked = false;
  #cycle: Cycle | undefined;
  #awaited: { readonly agents: number; readonly untilMs: number } | undefined;

  constructor(options: ReferenceOptions) {
    this.#options = options;
    this.filters = new Filters(options.allocationIntervalMs);
    this.inverse = new InverseOffers(this.books, this.filters);
    const sorters = { roles: options.roleSorter, frameworks: options.frameworkSorter };
    this.order = new FairOrder(this.books, options.excludedResourceNames, sorters, options.chance);
  }

  // What asks for a cycle (kernel 6.1).

  get asked(): boolean {
    return this.#asked && this.#awaited === undefined;
  }

  #askForAll(): void {
    this.#asked = true;
    this.#allAreCandidates = true;
  }

  #askFor(agentId: string): void {
    this.#asked = true;
    this.#candidates.add(agentId);
  }

  /** After each event: what was reckoned is out of date, and who is tracked no longer is forgotten. */
  #settle(): void {
    this.books.changed();
    this.order.settle();
  }

  // Frameworks.

  addFramework(id: string, facts: FrameworkFacts, active: boolean): void {
    this.books.frameworks.set(id, { id, ...frameworkOf(facts), active });
    if (active && facts.suppressedRoles.length < facts.roles.length) this.#askForAll();
    this.#settle();
  }

  /** Kernel 6.2: sets the whole suppressed set; refusals end for roles left behind and for roles no longer suppressed. */
  updateFramework(id: string, facts: FrameworkFacts): void {
    const framework = this.books.frameworks.get(id)!;
    const before = new Set(framework.roles.filter((role) => this.books.wants(id, role)));
    const revived = [...framework.suppressed].filter((role) => !facts.suppressedRoles.includes(role));
    const left = framework.roles.filter((role) => !facts.roles.includes(role));
    for (const role of [...revived, ...left]) this.filters.dropOfRole(id, role);
    Object.assign(framework, frameworkOf(facts));
    if (facts.roles.some((role) => this.books.wants(id, role) && !before.has(role))) this.#askForAll();
    this.#settle();
  }

  removeFramework(id: string): void {
    this.books.frameworks.delete(id);
    this.filters.dropOfFramework(id);
    this.books.forget(({ frameworkId }) => frameworkId === id);
    this.inverse.forgetFramework(id);
    this.#settle();
  }

  activateFramework(id: string): void {
    this.books.frameworks.get(id)!.active = true;
    this.#askForAll();
    this.#settle();
  }

  /** Kernel 6.2: its refusals are dropped. */
  deactivateFramework(id: string): void {
    this.books.frameworks.get(id)!.active = false;
    this.filters.dropOfFramework(id);
    this.#settle();
  }

  /** Kernel 2.3: no roles means all. */
  suppress(id: string, roles: readonly string[]): void {
    const framework = this.books.frameworks.get(id)!;
    for (const role of roles.length === 0 ? framework.roles : roles) framework.suppressed.add(role);
    this.#settle();
  }

  /** Kernel 2.3 and 6.2: ends suppression and refusals of the roles, and all refusals of inverse offers. */
  revive(id: string, roles: readonly string[]): void {
    const framework = this.books.frameworks.get(id)!;
    for (const role of roles.length === 0 ? framework.roles : roles) {
      framework.suppressed.delete(role);
      this.filters.dropOfRole(id, role);
    }
    this.filters.dropInverseOfFramework(id);
    this.#askForAll();
    this.#settle();
  }

  // Agents.

  addAgent(
    id: string,
    facts: AgentFacts & { readonly total: Resources; readonly active: boolean },
    used: ReadonlyMap<string, Resources>,
  ): void {
    this.books.agents.set(id, { id, ...facts });
    for (const [frameworkId, resources] of used) this.#take(frameworkId, id, resources);
    if (this.#awaited !== undefined && this.books.agents.size >= this.#awaited.agents) this.#awaited = undefined;
    this.#askFor(id);
    this.#settle();
  }

  updateAgentTotal(id: string, total: Resources): void {
    const agent = this.books.agents.get(id)!;
    if (!agent.total.equals(total)) this.#askFor(id);
    agent.total = total;
    this.#settle();
  }

  /** Kernel 6.2: refusals are dropped when attributes, domain or capabilities change. */
  updateAgent(id: string, facts: AgentFacts): void {
    const agent = this.books.agents.get(id)!;
    const known = knownOf({ ...agent, hostname: facts.hostname });
    const changed = known !== knownOf({ ...agent, ...facts });
    if (changed) this.filters.dropOfAgent(id);
    if (changed || agent.hostname !== facts.hostname) this.#askFor(id);
    Object.assign(agent, facts);
    this.#settle();
  }

  setAgentActive(id: string, active: boolean): void {
    const agent = this.books.agents.get(id)!;
    if (active && !agent.active) this.#askFor(id);
    agent.active = active;
    this.#settle();
  }

  removeAgent(id: string): void {
    this.books.agents.delete(id);
    this.#candidates.delete(id);
    this.inverse.forgetAgent(id);
    this.books.forget(({ agentId }) => agentId === id);
    this.filters.dropOfAgent(id);
    this.#settle();
  }

  // Who holds what.

  /**
   * Kernel 6.1: what comes back waits for the next cycle and asks for none. A framework that is gone holds nothing; one
   * that is yet to come may (6.3), but refuses nothing.
   */
  recover(frameworkId: string, agentId: string, resources: Resources, nowMs: number, refuseMs: number): void {
    if (resources.isEmpty || !this.books.agents.has(agentId)) return;
    for (const [role, part] of resources.byRole()) {
      const returned = part.unallocate();
      this.books.setHeld(frameworkId, role, agentId, this.books.held(frameworkId, role, agentId).minus(returned));
      const refused = { frameworkId, role, agentId, resources: returned };
      if (this.books.frameworks.has(frameworkId))
        this.filters.refuse(refused, nowMs, refuseMs, this.#cycle?.scope === 'all');
    }
    this.#candidates.add(agentId);
    this.#settle();
  }

  use(frameworkId: string, agentId: string, resources: Resources): void {
    this.#take(frameworkId, agentId, resources);
    this.#settle();
  }

  /** An operation on an offer; nothing new is handed out, so nobody counts as served. */
  exchange(frameworkId: string, agentId: string, from: Resources, to: Resources): void {
    const roles = new Set([...from.byRole().keys(), ...to.byRole().keys()]);
    for (const role of roles) {
      const given = from.byRole().get(role)?.unallocate() ?? Resources.empty;
      const got = to.byRole().get(role)?.unallocate() ?? Resources.empty;
      const held = this.books.held(frameworkId, role, agentId);
      this.books.setHeld(frameworkId, role, agentId, held.minus(given).plus(got));
    }
    this.#settle();
  }

  #take(frameworkId: string, agentId: string, resources: Resources): void {
    for (const [role, part] of resources.byRole()) this.#grant({ frameworkId, role, agentId, resources: part });
  }

  /** Kernel 6.3: what is offered counts as allocated. */
  #grant({ frameworkId, role, agentId, resources }: Holding): void {
    const more = resources.unallocate();
    this.books.setHeld(frameworkId, role, agentId, this.books.held(frameworkId, role, agentId).plus(more));
    this.order.served(frameworkId, role);
  }

  // Quota, weights, whitelist, waiting (kernel 6.4, 6.5).

  updateQuota(role: string, quota: { guarantees: Quantities; limits: Quantities } | undefined): void {
    if (quota === undefined) this.books.quotas.delete(role);
    else this.books.quotas.set(role, quota);
    this.books.changed();
  }

  consumedQuota(role: string): ReadonlyMap<string, number> {
    return consumed(this.books, role);
  }

  updateWeight(role: string, weight: number): void {
    this.books.weights.set(role, weight);
    this.books.changed();
  }

  updateWhitelist(hostnames: ReadonlySet<string> | undefined): void {
    this.books.whitelist = hostnames;
  }

  /** Kernel 6.4: with quota, nothing is allocated until a part of the known agents is back, or the timeout is over. */
  awaitAgents(
    quotas: ReadonlyMap<string, { guarantees: Quantities; limits: Quantities }>,
    known: number,
    nowMs: number,
  ) {
    for (const [role, quota] of quotas) this.updateQuota(role, quota);
    const agents = Math.floor(known * this.#options.agentRecoveryFactor);
    if (quotas.size === 0 || agents === 0) return;
    this.#awaited = { agents, untilMs: nowMs + this.#options.recoveryTimeoutMs };
  }

  // Inverse offers (kernel 6.5): `inverse-offers.ts`.

  updateUnavailability(id: string, unavailability: Unavailability | undefined): void {
    this.inverse.schedule(id, unavailability);
    this.#askFor(id);
  }

  inverseOffers(nowMs: number): InverseOffer[] {
    return this.pausedAt(nowMs) ? [] : this.inverse.owed(nowMs);
  }

  // The cycle (kernel 6.1).

  get cycling(): boolean {
    return this.#cycle !== undefined;
  }

  /** Kernel 6.4: the wait ends by time, too. Whether nothing is offered now. */
  pausedAt(nowMs: number): boolean {
    if (this.#awaited !== undefined && nowMs >= this.#awaited.untilMs) this.#awaited = undefined;
    return this.#awaited !== undefined;
  }

  /** Kernel 6.1: a batch is about all agents, a triggered cycle about those that were asked for since the last one. */
  begin(scope: 'all' | 'dirty'): void {
    const { agents } = this.books;
    const ids = [...(scope === 'all' || this.#allAreCandidates ? agents.keys() : this.#candidates)];
    this.#asked = false;
    this.#allAreCandidates = false;
    this.#candidates.clear();
    for (const id of ids) this.inverse.comeBy(id);
    const offerable = ids.filter((id) => agents.has(id) && isOfferable(this.books, agents.get(id)!));
    const order = this.#inAnyOrder(this.books.somebodyWants() ? offerable : []);
    const stage = this.#someGuaranteeIsUnmet() ? 1 : 2;
    this.#cycle = { scope, agents: order, stage, next: 0, shared: new Map() };
  }

  /** Kernel 6.1: agents are shuffled in each of the two stages. */
  #inAnyOrder(agents: readonly string[]): string[] {
    return permuted(agents, (candidates) => this.#options.chance.agents(candidates));
  }

  /** Goes by the next agent, in the stage the cycle is in. */
  goByNextAgent(nowMs: number): Holding[] {
    const cycle = this.#cycle!;
    const taken: Holding[] = [];
    const agent = this.books.agents.get(cycle.agents[cycle.next++]!);
    if (agent !== undefined && isOfferable(this.books, agent)) this.#offerAgent(agent, cycle, nowMs, taken);
    return taken;
  }

  /** From the first stage to the second: when all agents have been come by, or nothing is missing to any guarantee. */
  beginSecondStage(): void {
    const cycle = this.#cycle!;
    assert(cycle.stage === 1, 'the second stage begins twice');
    assert(cycle.next === cycle.agents.length || !this.#someGuaranteeIsUnmet(), 'the first stage is not over');
    cycle.stage = 2;
    cycle.next = 0;
    cycle.agents = this.#inAnyOrder(cycle.agents);
  }

  end(): void {
    const cycle = this.#cycle!;
    assert(cycle.stage === 2 && cycle.next === cycle.agents.length, 'the cycle is not over');
    if (cycle.scope === 'all') this.filters.batchDone();
    this.#cycle = undefined;
  }

  /** Kernel 6.4: a cycle that is begun while agents are awaited comes to nothing. */
  abandon(): void {
    this.#cycle = undefined;
    this.#allAreCandidates = true;
  }

  #note(rule: Withheld): void {
    this.#options.note?.(rule);
  }

  #someGuaranteeIsUnmet(): boolean {
    return [...this.books.quotas.keys()].some((role) => unsatisfied(this.books, role).size > 0);
  }

  /**
   * Kernel 6.1: roles in the order of their sorter, and for each its frameworks in theirs, both as they stand when come
   * by; to the first taker goes all that is left and allowed.
   */
  #offerAgent(agent: ReferenceAgent, cycle: Cycle, nowMs: number, taken: Holding[]): void {
    for (const role of this.order.roles()) {
      if (cycle.stage === 1 && unsatisfied(this.books, role).size === 0) continue;
      for (const id of this.order.frameworks(role)) {
        const framework = this.books.frameworks.get(id)!;
        const skip = skipOf(framework, role, agent, this.#options);
        if (skip !== undefined) {
          this.#note(skip);
          continue;
        }
        const offerable = this.#offerableTo(role, agent, cycle);
        const available = strip(offerable, framework);
        if (available.size < offerable.size) this.#note('stripped');
        const offer = cycle.stage === 1 ? this.#guaranteed(available, role) : this.#withinQuota(available, role);
        if (!offer.isEmpty && !offer.equals(available)) this.#note('cut by quota');
        if (!isAllocatable(offer, framework, role, this.#options)) {
          if (!offer.isEmpty) this.#note('not allocatable');
          continue;
        }
        if (this.filters.isRefused(id, role, agent.id, offer, nowMs)) {
          this.#note('refused');
          continue;
        }
        const holding = { frameworkId: id, role, agentId: agent.id, resources: offer };
        this.#grant(holding);
        cycle.shared.set(agent.id, (cycle.shared.get(agent.id) ?? Resources.empty).plus(offer.shared()));
        taken.push(holding);
      }
    }
  }

  /** Kernel 5.4 and 6.1: the unreserved and what is reserved to the role or above it; shared resources once a cycle. */
  #offerableTo(role: string, agent: ReferenceAgent, cycle: Cycle): Resources {
    const offered = cycle.shared.get(agent.id) ?? Resources.empty;
    if (!offered.allocatableTo(role).isEmpty) this.#note('shared once a cycle');
    return this.books.availableOn(agent).minus(offered).allocatableTo(role);
  }

  /**
   * Kernel 6.1, stage 1: what is missing to the guarantees; with it all reservations of the role, all that is no scalar,
   * all that is revocable, and more of the scalars within limits and headroom. Nothing when nothing missing is here.
   */
  #guaranteed(available: Resources, role: string): Resources {
    const missing = unsatisfied(this.books, role);
    const scalars = available.filter(countsForQuota);
    const guaranteed = shrink(scalars, (name) => missing.get(name) ?? 0);
    if (guaranteed.isEmpty) return Resources.empty;
    const limit = limitAllowance(this.books, role);
    const withinLimit = shrink(scalars.minus(guaranteed), (name) => limit(name) - guaranteed.scalarMillis(name));
    const more = shrink(withinLimit, headroomAllowance(this.books));
    return guaranteed.plus(available.filter((resource) => !countsForQuota(resource))).plus(more);
  }

  /** Kernel 6.1, stage 2: reserved, non-scalar and revocable always; the other scalars cut by limit and by headroom. */
  #withinQuota(available: Resources, role: string): Resources {
    const always = available.filter(
      (resource) => isReserved(resource) || resource.type !== 'SCALAR' || isRevocable(resource),
    );
    const withinLimit = shrink(available.filter(countsForQuota), limitAllowance(this.books, role));
    return always.plus(shrink(withinLimit, headroomAllowance(this.books)));
  }
}

function frameworkOf(facts: FrameworkFacts): Omit<ReferenceFramework, 'id' | 'active'> {
  const { roles, suppressedRoles, capabilities, minAllocatable, constraints } = facts;
  return { roles, suppressed: new Set(suppressedRoles), capabilities, minAllocatable, constraints };
}

/** What of an agent a framework may have refused it for. */
function knownOf({ hostname, attributes, capabilities, region, zone }: AgentFacts): string {
  return JSON.stringify([hostname, attributes, [...capabilities].sort(), region ?? null, zone ?? null]);
}
