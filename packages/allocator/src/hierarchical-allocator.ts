/**
 * Fair shares by role and then by framework (dominant resource fairness), whole agents at a time: agents come in
 * random order, and whoever has the smallest share takes all that is free on the next one.
 *
 * Owns: the books of who holds what, filters and suppression. Never: reads a clock or makes offers (the master does).
 *
 * Departs from Mesos: agents on which something came free join the next triggered cycle, not only the batch. A refusal
 * is bound to the end of a batch by counting batches instead of by a second timer. Of shared volumes each client
 * counts its own copy.
 */
import { type AgentId, assert, type FrameworkId, fromMillis, must } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import { AgentRow } from './agent-row.ts';
import type { AgentOptions, Allocation, Allocator, AllocatorOptions, FrameworkOptions } from './allocator.ts';
import { Client, Framework, isAllocatable } from './client.ts';
import { type Amounts, type ShareNode, ShareTree } from './share-tree.ts';

/** Each batch sweeps the refusals of one agent in so many. */
const SWEEP_FRACTION = 10;

export function createAllocator(options: AllocatorOptions): Allocator {
  return new HierarchicalAllocator(options);
}

/** One agent on its way through the tree. */
interface Visit {
  readonly agent: AgentRow;
  readonly nowMs: number;
  /** Free and not taken by anybody in this visit. */
  left: Resources;
  readonly taken: { readonly client: Client; readonly resources: Resources }[];
}

class HierarchicalAllocator implements Allocator {
  readonly #options: AllocatorOptions;
  readonly #frameworks = new Map<FrameworkId, Framework>();
  readonly #clients = new Map<FrameworkId, Map<string, Client>>();
  readonly #agents = new Map<AgentId, AgentRow>();
  readonly #tree: ShareTree<Client>;
  readonly #dirty = new Set<AgentRow>();
  readonly #freeSlots: number[] = [];
  #slots = 0;
  #allDirty = false;
  #pending = false;
  #batches = 0;
  #runs = 0;
  #sweepFrom = 0;

  constructor(options: AllocatorOptions) {
    this.#options = options;
    this.#tree = new ShareTree(options.excludedResourceNames);
  }

  get runs(): number {
    return this.#runs;
  }

  get roleChanges(): number {
    return this.#tree.roleChanges;
  }

  get pending(): boolean {
    return this.#pending;
  }

  addFramework(id: FrameworkId, options: FrameworkOptions, active: boolean): void {
    assert(!this.#frameworks.has(id), `framework ${id} is added twice`);
    const framework = new Framework(id, options, active);
    this.#frameworks.set(id, framework);
    for (const client of this.#clientsOf(id)) client.framework = framework;
    this.#subscribe(framework);
  }

  updateFramework(id: FrameworkId, options: FrameworkOptions): void {
    const framework = this.#framework(id);
    framework.options = options;
    this.#subscribe(framework);
  }

  removeFramework(id: FrameworkId): void {
    this.#framework(id);
    this.#frameworks.delete(id);
    for (const client of [...this.#clientsOf(id)]) {
      client.framework = undefined;
      client.subscribed = false;
      client.dropRefusals();
      this.#refresh(client);
      for (const agent of [...client.agents]) this.#give(agent, client, must(agent.held.get(client), 'holding'));
      this.#dropIfIdle(client);
    }
  }

  activateFramework(id: FrameworkId): void {
    this.#framework(id).active = true;
    for (const client of this.#clientsOf(id)) this.#refresh(client);
    this.#trigger();
  }

  deactivateFramework(id: FrameworkId): void {
    this.#framework(id).active = false;
    for (const client of this.#clientsOf(id)) {
      client.dropRefusals();
      this.#refresh(client);
    }
  }

  addAgent(id: AgentId, options: AgentOptions): void {
    assert(!this.#agents.has(id), `agent ${id} is added twice`);
    const agent = new AgentRow(id, options);
    this.#agents.set(id, agent);
    this.#tree.addTotals(this.#amounts(options.total), 1);
    for (const [frameworkId, resources] of options.used) this.use(frameworkId, id, resources);
    this.#trigger(agent);
  }

  updateAgentTotal(id: AgentId, total: Resources): void {
    const agent = this.#agent(id);
    if (agent.total.equals(total)) return;
    this.#tree.addTotals(this.#amounts(agent.total), -1);
    agent.setTotal(total);
    this.#tree.addTotals(this.#amounts(total), 1);
    this.#trigger(agent);
  }

  updateAgent(id: AgentId, options: Pick<AgentOptions, 'hostname' | 'attributes' | 'capabilities'>): void {
    const agent = this.#agent(id);
    const before = agent.options;
    const changed =
      JSON.stringify(before.attributes) !== JSON.stringify(options.attributes) ||
      [...before.capabilities].sort().join() !== [...options.capabilities].sort().join();
    agent.options = { ...before, ...options };
    if (!changed) return;
    agent.refusals.clear();
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
      this.#give(agent, client, resources);
      this.#dropIfIdle(client);
    }
    agent.refusals.clear();
    this.#tree.addTotals(this.#amounts(agent.total), -1);
    this.#agents.delete(id);
    this.#dirty.delete(agent);
  }

  recover(frameworkId: FrameworkId, agentId: AgentId, resources: Resources, nowMs: number, refuseMs = 0): void {
    const agent = this.#agents.get(agentId);
    if (agent === undefined || resources.isEmpty) return;
    for (const [role, part] of resources.byRole()) {
      const client = this.#clients.get(frameworkId)?.get(role);
      if (client === undefined) {
        assert(!this.#frameworks.has(frameworkId), `framework ${frameworkId} holds nothing under role '${role}'`);
        continue;
      }
      this.#give(agent, client, part);
      if (refuseMs > 0 && client.wantsOffers) {
        const untilMs = nowMs + Math.max(refuseMs, this.#options.allocationIntervalMs);
        agent.refusals.add(client, agent.intern(part.unallocate()), untilMs, this.#batches);
      }
      this.#dropIfIdle(client);
    }
    this.#dirty.add(agent);
  }

  use(frameworkId: FrameworkId, agentId: AgentId, resources: Resources): void {
    const agent = this.#agent(agentId);
    for (const [role, part] of resources.byRole()) this.#take(agent, this.#client(frameworkId, role), part, true);
    agent.measureStrain();
  }

  exchange(frameworkId: FrameworkId, agentId: AgentId, from: Resources, to: Resources): void {
    const agent = this.#agent(agentId);
    const touched = new Set<Client>();
    for (const [role, part] of to.byRole()) {
      const client = this.#client(frameworkId, role);
      this.#take(agent, client, part, false);
      touched.add(client);
    }
    for (const [role, part] of from.byRole()) {
      const client = this.#client(frameworkId, role);
      this.#give(agent, client, part);
      touched.add(client);
    }
    for (const client of touched) this.#dropIfIdle(client);
    agent.measureStrain();
  }

  suppress(id: FrameworkId, roles: readonly string[]): void {
    for (const client of this.#subscribed(id, roles)) {
      client.suppressed = true;
      this.#refresh(client);
    }
  }

  revive(id: FrameworkId, roles: readonly string[]): void {
    for (const client of this.#subscribed(id, roles)) {
      client.suppressed = false;
      client.dropRefusals();
      this.#refresh(client);
    }
    this.#trigger();
  }

  allocate(nowMs: number, scope: 'all' | 'dirty'): Allocation[] {
    const all = scope === 'all' || this.#allDirty;
    const agents = [...(all ? this.#agents.values() : this.#dirty)].filter((agent) => agent.active);
    this.#runs++;
    this.#dirty.clear();
    this.#allDirty = false;
    this.#pending = false;
    const allocations: Allocation[] = [];
    if (this.#tree.root.order.length > 0) {
      this.#tree.refresh();
      for (const agent of this.#options.random.shuffle(agents)) this.#offer(agent, nowMs, allocations);
    }
    if (scope === 'all') {
      this.#batches++;
      this.#sweep(nowMs);
    }
    return allocations;
  }

  offerFilters(role: string): number {
    let count = 0;
    for (const leaf of this.#tree.role(role)?.children.get('.')?.children.values() ?? [])
      count += leaf.item?.refusals ?? 0;
    return count;
  }

  dominantShare(role: string): number {
    this.#tree.refresh();
    return this.#tree.role(role)?.share ?? 0;
  }

  roles(): string[] {
    return this.#tree.rolePaths();
  }

  scalars(): ReadonlyMap<string, { readonly total: number; readonly held: number }> {
    const all = new Map<string, { readonly total: number; readonly held: number }>();
    for (const name of this.#tree.names)
      all.set(name, { total: fromMillis(this.#tree.totalOf(name)), held: fromMillis(this.#tree.heldOf(name)) });
    return all;
  }

  check(): void {
    const totals: Amounts = [];
    const held = new Map<Client, Amounts>();
    const refusals = new Map<object, number>();
    for (const [id, agent] of this.#agents) {
      assert(agent.id === id, `agent ${agent.id} is filed under ${id}`);
      agent.check();
      sumInto(totals, this.#amounts(agent.total));
      for (const [client, resources] of agent.held) {
        const amounts = held.get(client) ?? [];
        sumInto(amounts, this.#amounts(resources));
        held.set(client, amounts);
      }
      agent.refusals.forEachOwner((owner) => refusals.set(owner, (refusals.get(owner) ?? 0) + 1));
    }
    for (const agent of this.#dirty)
      assert(this.#agents.get(agent.id) === agent, `agent ${agent.id} is gone but dirty`);
    for (const clients of this.#clients.values())
      for (const client of clients.values()) {
        const name = `framework ${client.frameworkId} in role ${client.role}`;
        const amounts = held.get(client) ?? [];
        const known = client.node.amounts;
        for (let i = 0; i < Math.max(known.length, amounts.length); i++)
          assert((known[i] ?? 0) === (amounts[i] ?? 0), `the share of ${name} counts other resources than it holds`);
        assert(client.node.activeLeaves === (client.wantsOffers ? 1 : 0), `${name} is active iff it wants offers`);
        assert(client.subscribed || client.agents.size > 0, `${name} has no reason to be known`);
        assert(client.framework === this.#frameworks.get(client.frameworkId), `${name} has the wrong framework`);
        assert(client.refusals === (refusals.get(client) ?? 0), `the count of refusals of ${name} is wrong`);
        held.delete(client);
      }
    assert(held.size === 0, 'an agent is held by a client that is gone');
    this.#tree.check(totals);
  }

  #offer(agent: AgentRow, nowMs: number, allocations: Allocation[]): void {
    if (agent.available.isEmpty) return;
    const visit: Visit = { agent, nowMs, left: agent.available, taken: [] };
    this.#walk(this.#tree.root, visit);
    // Shares move only now, so that nobody is passed over or asked twice on the way.
    for (const { client, resources } of visit.taken) {
      this.#take(agent, client, resources, true);
      allocations.push({ frameworkId: client.frameworkId, role: client.role, agentId: agent.id, resources });
    }
  }

  /** Goes through a node's children in order. True when nothing is left. */
  #walk(node: ShareNode<Client>, visit: Visit): boolean {
    for (const child of node.order) {
      if (child.item !== undefined) return this.#serve(node.order, visit);
      if (this.#walk(child, visit)) return true;
    }
    return false;
  }

  /** Offers what is left to the clients of one role. True when nothing is left for anybody. */
  #serve(leaves: readonly ShareNode<Client>[], visit: Visit): boolean {
    const { agent } = visit;
    const { role } = must(leaves[0]?.item, 'client');
    if (role.includes('/') && !agent.options.capabilities.has('HIERARCHICAL_ROLE')) return false;
    let forRole = visit.left.allocatableTo(role);
    let worthIt: boolean | undefined;
    for (const { item } of leaves) {
      if (forRole.isEmpty) break;
      const client = must(item, 'client');
      const framework = must(client.framework, 'framework');
      const ownThreshold = framework.options.minAllocatable?.get(role);
      if (ownThreshold === undefined) {
        worthIt ??= isAllocatable(forRole, this.#options.minAllocatable);
        if (!worthIt) continue;
      }
      if (!this.#mayReceive(framework, agent)) continue;
      const offered = agent.hasSpecial ? framework.understood(forRole) : forRole;
      if (ownThreshold !== undefined || offered !== forRole) {
        if (!isAllocatable(offered, ownThreshold ?? this.#options.minAllocatable)) continue;
      }
      if (agent.refusals.refuses(client, offered, visit.nowMs, this.#batches)) continue;
      visit.taken.push({ client, resources: offered.allocate(role) });
      visit.left = visit.left.minus(offered);
      if (visit.left.isEmpty) return true;
      forRole = visit.left.allocatableTo(role);
      worthIt = undefined;
    }
    return false;
  }

  #mayReceive(framework: Framework, agent: AgentRow): boolean {
    const { capabilities } = framework.options;
    if (agent.hasGpus && this.#options.filterGpuResources !== false && !capabilities.has('GPU_RESOURCES')) return false;
    const { region } = agent.options;
    if (region !== undefined && region !== this.#options.region && !capabilities.has('REGION_AWARE')) return false;
    return !capabilities.has('MULTI_ROLE') || agent.options.capabilities.has('MULTI_ROLE');
  }

  #take(agent: AgentRow, client: Client, resources: Resources, serves: boolean): void {
    const before = agent.held.get(client);
    agent.take(client, resources);
    this.#account(agent, client, resources, before, 1, serves);
  }

  #give(agent: AgentRow, client: Client, resources: Resources): void {
    const before = agent.held.get(client);
    agent.give(client, resources);
    this.#account(agent, client, resources, before, -1, false);
  }

  #account(
    agent: AgentRow,
    client: Client,
    resources: Resources,
    before: Resources | undefined,
    sign: 1 | -1,
    serves: boolean,
  ): void {
    const delta: Amounts = [];
    if (resources.someKind((kind) => kind.shared)) {
      // A shared volume held twice counts once, so only the difference tells.
      sumInto(delta, this.#amounts(agent.held.get(client) ?? Resources.empty));
      sumInto(delta, this.#amounts(before ?? Resources.empty), -1);
    } else {
      sumInto(delta, this.#amounts(resources), sign);
    }
    this.#tree.add(client.node, delta, serves);
  }

  #amounts(resources: Resources): Amounts {
    const amounts: Amounts = [];
    resources.forEachScalar((name, millis) => {
      const index = this.#tree.nameIndex(name);
      while (amounts.length <= index) amounts.push(0);
      amounts[index] = amounts[index]! + millis;
    });
    return amounts;
  }

  /** Brings clients in line with the framework's roles and suppressed roles. */
  #subscribe(framework: Framework): void {
    const { roles, suppressedRoles } = framework.options;
    let woken = false;
    for (const role of new Set(roles)) {
      const client = this.#client(framework.id, role);
      const wanted = client.wantsOffers;
      client.subscribed = true;
      const suppressed = suppressedRoles.includes(role);
      if (client.suppressed && !suppressed) client.dropRefusals();
      client.suppressed = suppressed;
      if (!wanted && client.wantsOffers) woken = true;
      this.#refresh(client);
    }
    for (const client of [...this.#clientsOf(framework.id)]) {
      if (!client.subscribed || roles.includes(client.role)) continue;
      client.subscribed = false;
      client.suppressed = false;
      client.dropRefusals();
      this.#refresh(client);
      this.#dropIfIdle(client);
    }
    if (woken) this.#trigger();
  }

  #refresh(client: Client): void {
    this.#tree.setActive(client.node, client.wantsOffers);
  }

  #trigger(agent?: AgentRow): void {
    if (agent === undefined) this.#allDirty = true;
    else this.#dirty.add(agent);
    this.#pending = true;
  }

  #framework(id: FrameworkId): Framework {
    return must(this.#frameworks.get(id), `framework ${id} in the allocator`);
  }

  #agent(id: AgentId): AgentRow {
    return must(this.#agents.get(id), `agent ${id} in the allocator`);
  }

  #clientsOf(id: FrameworkId): Iterable<Client> {
    return this.#clients.get(id)?.values() ?? [];
  }

  #subscribed(id: FrameworkId, roles: readonly string[]): Client[] {
    this.#framework(id);
    return [...this.#clientsOf(id)].filter(
      (client) => client.subscribed && (roles.length === 0 || roles.includes(client.role)),
    );
  }

  #client(frameworkId: FrameworkId, role: string): Client {
    assert(role !== '', `resources of framework ${frameworkId} are not allocated to a role`);
    const clients = this.#clients.get(frameworkId) ?? new Map<string, Client>();
    this.#clients.set(frameworkId, clients);
    let client = clients.get(role);
    if (client === undefined) {
      client = new Client(frameworkId, role, this.#freeSlots.pop() ?? this.#slots++, this.#tree);
      client.framework = this.#frameworks.get(frameworkId);
      clients.set(role, client);
    }
    return client;
  }

  #dropIfIdle(client: Client): void {
    if (client.subscribed || client.agents.size > 0) return;
    const clients = must(this.#clients.get(client.frameworkId), 'clients');
    clients.delete(client.role);
    if (clients.size === 0) this.#clients.delete(client.frameworkId);
    client.dropRefusals();
    this.#tree.removeLeaf(client.node);
    this.#freeSlots.push(client.slot);
  }

  /** A part of the agents each time: refusals nobody runs into are not kept for ever. */
  #sweep(nowMs: number): void {
    const agents = [...this.#agents.values()];
    const count = Math.ceil(agents.length / SWEEP_FRACTION);
    for (let i = 0; i < count; i++) agents[(this.#sweepFrom + i) % agents.length]!.refusals.sweep(nowMs, this.#batches);
    this.#sweepFrom = agents.length === 0 ? 0 : (this.#sweepFrom + count) % agents.length;
  }
}

function sumInto(into: Amounts, amounts: Amounts, sign: 1 | -1 = 1): void {
  for (let i = 0; i < amounts.length; i++) {
    while (into.length <= i) into.push(0);
    into[i] = into[i]! + sign * amounts[i]!;
  }
}
