/**
 * One cycle as data: the agents it comes by, in random order, and how far it is. First roles with unmet guarantees are
 * served, then, in another order of agents, all roles. Whoever comes first takes all of an agent that he may have.
 *
 * Cut into slices by counting, not by a clock; between two slices anything may change.
 *
 * Departs from Mesos: a limit binds the sub-roles of the role too, so that it holds. Where several disks must be cut to
 * a limit, those are cut that stand last, rather than random ones. Where more is held than there is, a framework may get
 * of an agent in either stage; that is not made one offer.
 */
import { must } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import type { AgentRow } from './agent-row.ts';
import type { Allocation, AllocatorOptions } from './allocator.ts';
import { type Client, isAllocatable, type Thresholds } from './client.ts';
import { type QuotaBook, type RoleQuota, UNKNOWN_NAMES } from './quota-book.ts';
import type { Leaves, RoleOrder } from './role-order.ts';
import { guaranteedPart, knowsRole, type QuotaBooks, unreceivable, withinQuota } from './serving-rules.ts';

/** Units a host does well to ask for at a time: well under a millisecond's work, and a few of them before the code is warm. */
export const SLICE_UNITS = 5_000;

/** Units, beside one for each role come by and framework asked: what an agent with something free and an offer cost. */
const AGENT_UNITS = 10;
const OFFER_UNITS = 200;

/** What a cycle reads and changes. */
export interface CycleBooks extends QuotaBooks {
  readonly options: AllocatorOptions;
  readonly quotas: QuotaBook;
  /** What is worth offering, where a framework says nothing else. */
  readonly thresholds: Thresholds;
  readonly order: RoleOrder;
  /** The agent is there, active and not kept off by the whitelist. */
  mayOffer(agent: AgentRow): boolean;
  /** Enters the taking in the books, those of quota apart. */
  handOut(agent: AgentRow, client: Client, resources: Resources): void;
}

/** One agent on its way through the roles. */
interface Visit {
  readonly agent: AgentRow;
  readonly nowMs: number;
  /** Free and not taken by anybody in this visit. */
  left: Resources;
  /** Names of scalars in it, as bits, when it has nothing that quota does not count and is the same for all roles. */
  names: number;
  /** No role has room for any of these names. */
  isBarren: boolean;
  readonly taken: { readonly client: Client; readonly resources: Resources }[];
}

export class AllocationCycle {
  readonly scope: 'all' | 'dirty';
  readonly #books: CycleBooks;
  readonly #agents: AgentRow[];
  readonly #serve: (leaves: Leaves) => boolean;
  /** Shared volumes handed out: each only once in a cycle. */
  readonly #sharedOut = new Map<AgentRow, Resources>();
  /** Names of scalars for which nobody has room, as sets of bits; handing out never makes room. */
  readonly #barren = new Set<number>();
  #relief = -1;
  #version = -1;
  #guarantees: boolean;
  #next = 0;
  #spent = 0;
  #visit: Visit | undefined;

  constructor(books: CycleBooks, scope: 'all' | 'dirty', agents: AgentRow[]) {
    this.#books = books;
    this.scope = scope;
    this.#agents = books.options.random.shuffle(agents);
    this.#guarantees = books.quotas.unmetRoles > 0;
    this.#serve = (leaves) => this.#serveRole(leaves, must(this.#visit, 'visit'));
  }

  get isDone(): boolean {
    return !this.#guarantees && this.#next >= this.#agents.length;
  }

  /** Goes on for about `units`: agents and roles come by, frameworks asked. */
  advance(nowMs: number, units: number): Allocation[] {
    const allocations: Allocation[] = [];
    this.#spent = 0;
    while (!this.isDone && this.#spent < units) {
      if (this.#guarantees && (this.#next >= this.#agents.length || this.#books.quotas.unmetRoles === 0)) {
        this.#guarantees = false;
        this.#barren.clear();
        this.#next = 0;
        this.#books.options.random.shuffle(this.#agents);
        continue;
      }
      this.#offer(this.#agents[this.#next++]!, nowMs, allocations);
    }
    return allocations;
  }

  #offer(agent: AgentRow, nowMs: number, allocations: Allocation[]): void {
    this.#spent++;
    if (!this.#books.mayOffer(agent)) return;
    const left = agent.hasShared ? this.#withoutSharedOut(agent) : agent.available;
    if (left.isEmpty) return;
    const names = this.#namesIn(agent, left);
    if (this.#isBarren(names)) return;
    this.#spent += AGENT_UNITS;
    const visit: Visit = { agent, nowMs, left, names, isBarren: true, taken: [] };
    this.#visit = visit;
    const { order } = this.#books;
    if (this.#guarantees) order.forEachUnmet(this.#serve);
    else order.forEachRole(this.#serve);
    if (visit.isBarren && names !== UNKNOWN_NAMES) this.#barren.add(names);
    // Shares move only now, so that nobody is passed over or asked twice on the way.
    for (const { client, resources } of visit.taken) {
      this.#spent += OFFER_UNITS;
      this.#books.handOut(agent, client, resources);
      allocations.push({ frameworkId: client.frameworkId, role: client.role, agentId: agent.id, resources });
    }
    if (this.#guarantees) order.served(visit.taken.map(({ client }) => client));
  }

  /** Offers what is left to the clients of one role. True when nothing is left for anybody. */
  #serveRole(leaves: Leaves, visit: Visit): boolean {
    this.#spent++;
    const { agent } = visit;
    const { role, quota } = must(leaves[0]?.item, 'client');
    // Guarantees are those of the top-level role alone.
    if (this.#guarantees && !(quota.unmet && quota.role === role)) return false;
    if (visit.names !== UNKNOWN_NAMES && this.#nothingFor(quota, visit.names)) return false;
    visit.isBarren = false;
    if (!knowsRole(agent, role)) return false;
    const defaultThreshold = this.#books.thresholds;
    let forRole = agent.hasReserved ? visit.left.allocatableTo(role) : visit.left;
    let plain = this.#portion(forRole, quota);
    let isPlainWorthIt = isAllocatable(plain, defaultThreshold);
    for (const { item } of leaves) {
      if (forRole.isEmpty || (this.#guarantees && !quota.unmet)) break;
      this.#spent++;
      const client = must(item, 'client');
      const framework = must(client.framework, 'framework');
      const threshold = framework.thresholds.get(role);
      const understood = agent.hasSpecial ? framework.understood(forRole) : forRole;
      const offered = understood === forRole ? plain : this.#portion(understood, quota);
      if (offered === plain && threshold === undefined) {
        if (!isPlainWorthIt) continue;
      } else if (!isAllocatable(offered, threshold ?? defaultThreshold)) continue;
      if (agent.refusals.refuses(client.slot, offered, visit.nowMs)) continue;
      if (unreceivable(framework, agent, this.#books.options) !== undefined) continue;
      this.#spent += client.judgingUnits(agent);
      if (client.excludes(agent)) continue;
      this.#take(visit, client, offered);
      if (visit.left.isEmpty) return true;
      forRole = agent.hasReserved ? visit.left.allocatableTo(role) : visit.left;
      plain = this.#portion(forRole, quota);
      isPlainWorthIt = isAllocatable(plain, defaultThreshold);
    }
    return false;
  }

  #take(visit: Visit, client: Client, offered: Resources): void {
    const { agent } = visit;
    visit.taken.push({ client, resources: agent.allocated(offered, client.role) });
    const { resources } = visit.taken.at(-1)!;
    this.#books.quotas.hold(client.quota, agent.reckon(resources, this.#books.names).counted, 1);
    visit.left = visit.left.minus(offered);
    visit.names = this.#namesIn(agent, visit.left);
    if (!agent.hasShared) return;
    const shared = offered.shared();
    if (!shared.isEmpty) this.#sharedOut.set(agent, (this.#sharedOut.get(agent) ?? Resources.empty).plus(shared));
  }

  #withoutSharedOut(agent: AgentRow): Resources {
    const out = this.#sharedOut.get(agent);
    return out === undefined ? agent.available : agent.available.minus(out);
  }

  #isBarren(names: number): boolean {
    const { quotas, order } = this.#books;
    if (quotas.relief !== this.#relief || order.version !== this.#version) this.#barren.clear();
    this.#relief = quotas.relief;
    this.#version = order.version;
    return this.#barren.has(names);
  }

  #namesIn(agent: AgentRow, left: Resources): number {
    const { quotas, names } = this.#books;
    if (agent.hasReserved || agent.hasSpecial || agent.hasItems) return UNKNOWN_NAMES;
    return quotas.namesIn(names.amountsOf(left));
  }

  /** Quota leaves the role none of the scalars with these names. */
  #nothingFor(quota: RoleQuota, names: number): boolean {
    if (this.#guarantees) return (names & quota.missingNames) === 0;
    return (names & ~(quota.closedNames | this.#books.quotas.heldBackNames)) === 0;
  }

  /** What of `resources` quota lets the role have. */
  #portion(resources: Resources, quota: RoleQuota): Resources {
    if (this.#guarantees) return guaranteedPart(this.#books, resources, quota);
    return withinQuota(this.#books, resources, quota);
  }
}
