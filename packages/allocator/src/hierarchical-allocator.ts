/**
 * Fair shares by role and then by framework (dominant resource fairness), whole agents at a time: agents come in
 * random order, and whoever has the smallest share takes all that is free on the next one and that quota lets him have.
 *
 * Owns: the books of who holds what, filters and suppression. Never: reads a clock or makes offers (the master does).
 *
 * Departs from Mesos: agents to which something comes back join the next triggered cycle, not only the batch; an agent
 * that is activated asks for a cycle. A refusal is bound to the end of a batch by counting batches instead of by a second
 * timer. Agents that come while others are awaited are offered in the first cycle after the wait.
 */
import { type AgentId, assert, type FrameworkId, must } from '@mesolite/base';
import type { Resources } from '@mesolite/resources';
import type { InverseOfferStatus, Unavailability } from '@mesolite/wire';
import { AgentRow } from './agent-row.ts';
import { AllocationCycle } from './allocation-cycle.ts';
import type {
  AgentFacts,
  AgentOptions,
  Allocation,
  Allocator,
  AllocatorBooks,
  AllocatorOptions,
  FrameworkOptions,
  HoldingEnd,
  InverseAllocation,
  InverseOfferEnd,
  Recovery,
} from './allocator.ts';
import { type Reckoning, ScalarNames } from './amounts.ts';
import { checkBooks } from './check-books.ts';
import { type Client, Framework, type Thresholds, thresholdsOf } from './client.ts';
import { Clients } from './clients.ts';
import { type AgentBar, type ExplainedBooks, explainRole, type RoleExplanation } from './explain.ts';
import { Maintenance } from './maintenance.ts';
import { type Quota, QuotaBook } from './quota-book.ts';
import { RecoveryWait } from './recovery-wait.ts';
import { RefusalBook } from './refusal-book.ts';
import { RoleOrder } from './role-order.ts';
import { ShareTree } from './share-tree.ts';
import { changeAt } from './shared-volumes.ts';

/** Refusals swept up after each cycle, and each slice of one: fewer than a millisecond's worth. */
const SWEPT_AT_ONCE = 10_000;

export function createAllocator(options: AllocatorOptions): Allocator {
  return new HierarchicalAllocator(options);
}

class HierarchicalAllocator implements Allocator, ExplainedBooks {
  readonly options: AllocatorOptions;
  readonly thresholds: Thresholds;
  readonly names = new ScalarNames();
  readonly quotas = new QuotaBook(this.names);
  readonly order: RoleOrder;
  readonly tree: ShareTree<Client>;
  readonly clients: Clients;
  readonly agents = new Map<AgentId, AgentRow>();
  /** Of agents that are gone; all below the most agents there ever were. */
  readonly #freeSlots: number[] = [];
  readonly #refusals: RefusalBook;
  readonly #maintenance = new Maintenance();
  readonly wait: RecoveryWait;
  readonly #dirty = new Set<AgentRow>();
  #whitelist: ReadonlySet<string> | undefined;
  #allDirty = false;
  #pending = false;
  #runs = 0;
  #cycle: AllocationCycle | undefined;

  constructor(options: AllocatorOptions) {
    this.options = options;
    this.thresholds = thresholdsOf(options.minAllocatable);
    this.tree = new ShareTree(this.names, options.excludedResourceNames);
    const sorters = { roles: options.roleSorter ?? 'drf', frameworks: options.frameworkSorter ?? 'drf' } as const;
    this.order = new RoleOrder(this.tree, sorters, options.random);
    this.#refusals = new RefusalBook(options.allocationIntervalMs);
    this.clients = new Clients({ tree: this.tree, quotas: this.quotas, refusals: this.#refusals });
    this.wait = new RecoveryWait(options);
  }

  get runs(): number {
    return this.#runs;
  }

  get roleChanges(): number {
    return this.tree.roleChanges;
  }

  get pending(): boolean {
    return this.#pending && !this.paused;
  }

  get paused(): boolean {
    return this.wait.isOn;
  }

  get cycling(): boolean {
    return this.#cycle !== undefined;
  }

  addFramework(id: FrameworkId, options: FrameworkOptions, active: boolean): void {
    assert(!this.clients.frameworks.has(id), `framework ${id} is added twice`);
    this.#setFramework(new Framework(id, options, active));
  }

  updateFramework(id: FrameworkId, options: FrameworkOptions): void {
    this.#setFramework(new Framework(id, options, this.clients.framework(id).active));
  }

  removeFramework(id: FrameworkId): void {
    this.clients.framework(id);
    this.clients.frameworks.delete(id);
    this.#maintenance.removeFramework(id);
    for (const client of this.clients.of(id)) {
      client.framework = undefined;
      client.subscribed = false;
      this.#refusals.voidAll(client.slot);
      this.clients.refresh(client);
      for (const agent of [...client.agents]) this.#account(agent, client, must(agent.held.get(client), 'holding'), -1);
      this.clients.dropIfIdle(client);
    }
  }

  activateFramework(id: FrameworkId): void {
    this.clients.framework(id).active = true;
    for (const client of this.clients.of(id)) this.clients.refresh(client);
    this.#trigger();
  }

  deactivateFramework(id: FrameworkId): void {
    this.clients.framework(id).active = false;
    this.#maintenance.forgetRefusalsBy(id);
    for (const client of this.clients.of(id)) {
      this.#refusals.voidAll(client.slot);
      this.clients.refresh(client);
    }
  }

  addAgent(id: AgentId, options: AgentOptions): void {
    assert(!this.agents.has(id), `agent ${id} is added twice`);
    const slot = this.#freeSlots.pop() ?? this.agents.size;
    const agent = new AgentRow({ id, slot }, options, this.#refusals);
    this.agents.set(id, agent);
    this.#addTotal(options.total, 1);
    for (const [frameworkId, resources] of options.used) this.use(frameworkId, id, resources);
    this.wait.noteAgents(this.agents.size);
    this.#trigger(agent);
  }

  updateAgentTotal(id: AgentId, total: Resources): void {
    const agent = this.#agent(id);
    if (agent.total.equals(total)) return;
    this.#addTotal(agent.total, -1);
    agent.setTotal(total);
    this.#addTotal(total, 1);
    this.#trigger(agent);
  }

  updateAgent(id: AgentId, facts: AgentFacts): void {
    const agent = this.#agent(id);
    const change = agent.setFacts(facts);
    if (change === undefined) return;
    for (const client of this.clients.all()) client.forgetExclusions(agent);
    if (change === 'changed') this.#maintenance.forgetRefusalsOf(agent);
    this.#trigger(agent);
  }

  setAgentActive(id: AgentId, active: boolean): void {
    const agent = this.#agent(id);
    if (agent.active === active) return;
    agent.active = active;
    if (active) this.#trigger(agent);
  }

  removeAgent(id: AgentId): void {
    const agent = this.#agent(id);
    for (const [client, resources] of [...agent.held]) {
      this.#account(agent, client, resources, -1);
      this.clients.dropIfIdle(client);
    }
    agent.refusals.clear();
    for (const client of this.clients.all()) client.forgetExclusions(agent);
    this.#maintenance.removeAgent(agent);
    this.#addTotal(agent.total, -1);
    this.agents.delete(id);
    this.#freeSlots.push(agent.slot);
    this.#dirty.delete(agent);
  }

  recover(frameworkId: FrameworkId, agentId: AgentId, resources: Resources, end: HoldingEnd): void {
    const { nowMs, refuseMs = 0 } = end;
    const agent = this.agents.get(agentId);
    if (agent === undefined || resources.isEmpty) return;
    for (const [role, part] of agent.byRole(resources)) {
      const client = this.clients.get(frameworkId, role);
      if (client === undefined) {
        assert(!this.clients.frameworks.has(frameworkId), `framework ${frameworkId} holds nothing under '${role}'`);
        continue;
      }
      this.#account(agent, client, part, -1);
      if (refuseMs > 0 && client.wantsOffers) {
        const untilMs = nowMs + Math.max(refuseMs, this.options.allocationIntervalMs);
        // A batch that is under way may have come by the agent before.
        const batches = this.#refusals.batches + (this.#cycle?.scope === 'all' ? 1 : 0);
        agent.refusals.add(client.slot, agent.unallocated(part), untilMs, batches);
      }
      this.clients.dropIfIdle(client);
    }
    this.#dirty.add(agent);
  }

  use(frameworkId: FrameworkId, agentId: AgentId, resources: Resources): void {
    const agent = this.#agent(agentId);
    for (const [role, part] of resources.byRole())
      this.#account(agent, this.clients.obtain(frameworkId, role), part, 1, true);
    agent.measureStrain();
  }

  exchange(frameworkId: FrameworkId, agentId: AgentId, from: Resources, to: Resources): void {
    const agent = this.#agent(agentId);
    const touched = new Set<Client>();
    const move = (resources: Resources, sign: 1 | -1): void => {
      for (const [role, part] of resources.byRole()) {
        const client = this.clients.obtain(frameworkId, role);
        this.#account(agent, client, part, sign);
        touched.add(client);
      }
    };
    move(to, 1);
    move(from, -1);
    for (const client of touched) this.clients.dropIfIdle(client);
    agent.measureStrain();
  }

  suppress(id: FrameworkId, roles: readonly string[]): void {
    for (const client of this.clients.subscribed(id, roles)) {
      client.suppressed = true;
      this.clients.refresh(client);
    }
  }

  revive(id: FrameworkId, roles: readonly string[]): void {
    this.#maintenance.forgetRefusalsBy(id);
    for (const client of this.clients.subscribed(id, roles)) {
      client.suppressed = false;
      this.#refusals.voidAll(client.slot);
      this.clients.refresh(client);
    }
    this.#trigger();
  }

  updateQuota(role: string, quota: Quota | undefined): void {
    this.quotas.set(role, quota);
    this.order.forgetUnmet();
  }

  quota(role: string): Quota | undefined {
    return this.quotas.get(role)?.quota;
  }

  consumedQuota(role: string): ReadonlyMap<string, number> {
    return this.quotas.consumedUnits(role);
  }

  updateWeights(weights: ReadonlyMap<string, number>): void {
    for (const [role, weight] of weights) this.tree.setWeight(role, weight);
  }

  updateWhitelist(hostnames: ReadonlySet<string> | undefined): void {
    this.#whitelist = hostnames;
  }

  awaitAgents(recovery: Recovery): void {
    for (const [role, quota] of recovery.quotas) this.updateQuota(role, quota);
    if (recovery.quotas.size > 0) this.wait.begin(recovery);
  }

  updateUnavailability(id: AgentId, unavailability: Unavailability | undefined): void {
    const agent = this.#agent(id);
    this.#maintenance.plan(agent, unavailability);
    this.#trigger(agent);
  }

  inverseOffers(nowMs: number, most = Number.POSITIVE_INFINITY): InverseAllocation[] {
    if (this.wait.isOnAt(nowMs)) return [];
    return this.#maintenance.offers(nowMs, (id) => this.clients.frameworks.get(id)?.active === true, most);
  }

  endInverseOffer(frameworkId: FrameworkId, agentId: AgentId, end: InverseOfferEnd): void {
    const agent = this.agents.get(agentId);
    if (agent !== undefined && this.clients.frameworks.has(frameworkId)) this.#maintenance.end(agent, frameworkId, end);
  }

  inverseOfferStatuses(): ReadonlyMap<AgentId, ReadonlyMap<FrameworkId, InverseOfferStatus>> {
    return this.#maintenance.statuses();
  }

  allocate(nowMs: number, scope: 'all' | 'dirty'): Allocation[] {
    const allocations = this.#cycle === undefined ? [] : this.continueCycle(nowMs, Number.POSITIVE_INFINITY);
    this.beginCycle(scope);
    return allocations.concat(this.continueCycle(nowMs, Number.POSITIVE_INFINITY));
  }

  beginCycle(scope: 'all' | 'dirty'): void {
    assert(this.#cycle === undefined, 'a cycle is begun while another one is under way');
    const candidates = [...(scope === 'all' || this.#allDirty ? this.agents.values() : this.#dirty)];
    this.#dirty.clear();
    this.#allDirty = false;
    this.#pending = false;
    this.#maintenance.noteCandidates(candidates);
    // Nobody wants offers: nothing to do, however many agents there are.
    const agents = this.order.isEmpty ? [] : candidates.filter((agent) => this.mayOffer(agent));
    this.#cycle = new AllocationCycle(this, scope, agents);
  }

  continueCycle(nowMs: number, units: number): Allocation[] {
    const cycle = must(this.#cycle, 'cycle under way');
    if (this.wait.isOnAt(nowMs)) {
      this.#allDirty = true;
      this.#cycle = undefined;
      return [];
    }
    this.tree.refresh();
    const allocations = cycle.advance(nowMs, units);
    if (cycle.isDone) {
      this.#runs++;
      if (cycle.scope === 'all') this.#refusals.batches++;
      this.#cycle = undefined;
    }
    this.#refusals.sweep(nowMs, SWEPT_AT_ONCE);
    return allocations;
  }

  explain(role: string, nowMs: number, id?: FrameworkId): RoleExplanation | undefined {
    return explainRole(this, { role, id, nowMs });
  }

  offerFilters(role: string): number {
    return this.clients.refusalsIn(role);
  }

  dominantShare(role: string): number {
    this.tree.refresh();
    return this.tree.role(role)?.share ?? 0;
  }

  held(role: string, name: string): number {
    return this.tree.held(role, name);
  }

  roles(): string[] {
    return this.tree.rolePaths();
  }

  scalars(): ReadonlyMap<string, { readonly total: number; readonly held: number }> {
    return this.tree.scalars();
  }

  books(): AllocatorBooks {
    const agents = [...this.agents.values()].map(
      (agent) => [agent.id, { total: agent.total, active: agent.active, held: agent.heldByFramework() }] as const,
    );
    return { agents: new Map(agents), weights: this.tree.weights, quotas: this.quotas.settings() };
  }

  check(): void {
    for (const agent of this.#dirty) assert(this.agents.get(agent.id) === agent, `${agent.id} is gone but dirty`);
    const agents = [...this.agents.values()];
    const { clients, tree, quotas, names } = this;
    checkBooks({ agents, clients, tree, quotas, names, refusals: this.#refusals });
  }

  mayOffer(agent: AgentRow): boolean {
    return this.agents.get(agent.id) === agent && this.bar(agent) === undefined;
  }

  bar(agent: AgentRow): AgentBar | undefined {
    if (!agent.active) return 'agent-inactive';
    return this.#whitelist?.has(agent.options.hostname) === false ? 'not-whitelisted' : undefined;
  }

  handOut(agent: AgentRow, client: Client, resources: Resources): void {
    this.#move(agent, client, resources, 1, true);
  }

  #setFramework(framework: Framework): void {
    this.clients.frameworks.set(framework.id, framework);
    if (this.clients.subscribe(framework)) this.#trigger();
  }

  #addTotal(total: Resources, sign: 1 | -1): void {
    this.tree.addTotals(this.names.amountsOf(total), sign);
    this.quotas.addTotal(total, sign);
  }

  /** In all books. */
  #account(agent: AgentRow, client: Client, resources: Resources, sign: 1 | -1, serves = false): void {
    this.quotas.hold(client.quota, this.#move(agent, client, resources, sign, serves).counted, sign);
  }

  /** In the agent's row and in the shares. */
  #move(agent: AgentRow, client: Client, resources: Resources, sign: 1 | -1, serves: boolean): Reckoning {
    const reckoning = agent.reckon(resources, this.names);
    const before = reckoning.hasShared ? agent.held.get(client) : undefined;
    if (sign === 1) agent.take(client, resources);
    else agent.give(client, resources);
    if (!reckoning.hasShared) {
      this.tree.add(client.node, reckoning.all, sign, serves);
      return reckoning;
    }
    const change = changeAt(agent, client, resources, before, sign, this.names);
    this.tree.add(client.node, reckoning.all, sign, serves, change);
    return reckoning;
  }

  #trigger(agent?: AgentRow): void {
    if (agent === undefined) this.#allDirty = true;
    else this.#dirty.add(agent);
    this.#pending = true;
  }

  #agent(id: AgentId): AgentRow {
    return must(this.agents.get(id), `agent ${id} in the allocator`);
  }
}
