/**
 * The rules of offers once more, as plainly as possible: every figure is computed anew from lists whenever it is needed.
 * Slow and short, so that one can see that it is right. Knows nothing of the allocator; the random stream, and how far a
 * cycle goes at a time, come from outside.
 */
import type { RandomStream } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import type { Resource } from '@mesolite/wire';

export interface TwinFramework {
  readonly id: string;
  roles: string[];
  suppressed: Set<string>;
  active: boolean;
  readonly capabilities: ReadonlySet<string>;
}

export interface TwinAgent {
  total: Resources;
  active: boolean;
  readonly hostname: string;
  readonly capabilities: ReadonlySet<string>;
  readonly region: string | undefined;
}

interface TwinRefusal {
  readonly frameworkId: string;
  readonly role: string;
  readonly agentId: string;
  readonly refused: Resources;
  readonly untilMs: number;
  readonly batches: number;
}

export interface TwinHolding {
  readonly frameworkId: string;
  readonly role: string;
  readonly agentId: string;
  resources: Resources;
}

interface Client {
  readonly frameworkId: string;
  readonly role: string;
}

interface TwinCycle {
  readonly scope: 'all' | 'dirty';
  readonly agents: string[];
  guarantees: boolean;
  next: number;
}

type Units = Readonly<Record<string, number>>;

export class NaiveTwin {
  readonly agents = new Map<string, TwinAgent>();
  readonly frameworks = new Map<string, TwinFramework>();
  readonly weights = new Map<string, number>();
  readonly quotas = new Map<string, { readonly guarantees: Units; readonly limits: Units }>();
  whitelist: ReadonlySet<string> | undefined;
  holdings: TwinHolding[] = [];
  refusals: TwinRefusal[] = [];
  readonly #served = new Map<string, number>();
  readonly #dirty = new Set<string>();
  #allDirty = false;
  #batches = 0;
  #cycle: TwinCycle | undefined;
  readonly #random: RandomStream;
  readonly #intervalMs: number;

  constructor(random: RandomStream, intervalMs: number) {
    this.#random = random;
    this.#intervalMs = intervalMs;
  }

  get cycling(): boolean {
    return this.#cycle !== undefined;
  }

  touch(agentId?: string): void {
    if (agentId === undefined) this.#allDirty = true;
    else this.#dirty.add(agentId);
  }

  removeAgent(id: string): void {
    this.agents.delete(id);
    this.#dirty.delete(id);
    this.holdings = this.holdings.filter((holding) => holding.agentId !== id);
    this.refusals = this.refusals.filter((refusal) => refusal.agentId !== id);
    this.forgetIdle();
  }

  removeFramework(id: string): void {
    this.frameworks.delete(id);
    this.holdings = this.holdings.filter((holding) => holding.frameworkId !== id);
    this.dropRefusals(id);
    this.forgetIdle();
  }

  dropRefusals(frameworkId: string, role?: string): void {
    this.refusals = this.refusals.filter(
      (refusal) => refusal.frameworkId !== frameworkId || (role !== undefined && refusal.role !== role),
    );
  }

  recover(holding: TwinHolding, part: Resources, nowMs: number, refuseMs: number): void {
    const { frameworkId, role, agentId } = holding;
    holding.resources = holding.resources.minus(part);
    this.holdings = this.holdings.filter(({ resources }) => !resources.isEmpty);
    this.#dirty.add(agentId);
    if (refuseMs > 0 && this.wants({ frameworkId, role })) {
      const untilMs = nowMs + Math.max(refuseMs, this.#intervalMs);
      // It must not end before a batch that begins after it has come by.
      const batches = this.#batches + (this.#cycle?.scope === 'all' ? 1 : 0);
      this.refusals.push({ frameworkId, role, agentId, refused: part, untilMs, batches });
    }
    this.forgetIdle();
  }

  begin(scope: 'all' | 'dirty'): void {
    const ids = [...(scope === 'all' || this.#allDirty ? this.agents.keys() : this.#dirty)];
    this.#allDirty = false;
    this.#dirty.clear();
    const somebody = this.#clients().some((client) => this.wants(client));
    const agents = somebody ? ids.filter((id) => this.#mayOffer(id)) : [];
    this.#cycle = { scope, agents: this.#random.shuffle(agents), guarantees: this.#unmet().length > 0, next: 0 };
  }

  /** Goes on to the next agent. */
  visitNext(nowMs: number): TwinHolding[] {
    const cycle = this.#cycle!;
    const taken: TwinHolding[] = [];
    if (cycle.guarantees && (cycle.next >= cycle.agents.length || this.#unmet().length === 0)) {
      cycle.guarantees = false;
      cycle.next = 0;
      this.#random.shuffle(cycle.agents);
    }
    const id = cycle.agents[cycle.next++];
    if (id !== undefined && this.#mayOffer(id)) this.#offer(id, nowMs, taken);
    if (!cycle.guarantees && cycle.next >= cycle.agents.length) {
      if (cycle.scope === 'all') this.#batches++;
      this.#cycle = undefined;
    }
    return taken;
  }

  /** Thousandths of `name` that count against the quota of a top-level role: reserved for it, or held unreserved. */
  consumed(top: string, name: string): number {
    let millis = 0;
    for (const { total } of this.agents.values())
      millis += total
        .filter((r) => r.name === name && topOf(r.reservations?.at(-1)?.role ?? '') === top)
        .scalarMillis(name);
    for (const { role, resources } of this.holdings)
      if (topOf(role) === top) millis += resources.filter(counts).scalarMillis(name);
    return millis;
  }

  wants({ frameworkId, role }: Client): boolean {
    const framework = this.frameworks.get(frameworkId);
    return framework?.active === true && framework.roles.includes(role) && !framework.suppressed.has(role);
  }

  /** Paths nobody is under any more lose their count. To be called after roles have changed. */
  forgetIdle(): void {
    const alive = new Set([...this.#clients(), ...this.holdings].flatMap(paths));
    for (const path of [...this.#served.keys()]) if (!alive.has(path)) this.#served.delete(path);
  }

  #clients(): Client[] {
    return [...this.frameworks.values()].flatMap(({ id, roles }) => roles.map((role) => ({ frameworkId: id, role })));
  }

  #mayOffer(id: string): boolean {
    const agent = this.agents.get(id);
    return agent?.active === true && this.whitelist?.has(agent.hostname) !== false;
  }

  #offer(agentId: string, nowMs: number, taken: TwinHolding[]): void {
    const agent = this.agents.get(agentId)!;
    for (const client of this.#inOrder()) {
      const framework = this.frameworks.get(client.frameworkId)!;
      if (!mayReceive(framework, agent, client.role)) continue;
      const held = this.holdings.filter((holding) => holding.agentId === agentId).map(({ resources }) => resources);
      const left = agent.total.minus(Resources.sum(held)).allocatableTo(client.role);
      const known = left.filter((r) => framework.capabilities.has('REVOCABLE_RESOURCES') || r.revocable === undefined);
      const offered = this.#cycle!.guarantees ? this.#guaranteed(known, client.role) : this.#rest(known, client.role);
      if (offered.scalarMillis('cpus') < 10 && offered.scalarMillis('mem') < 32_000) continue;
      if (this.#refused(client, agentId, offered, nowMs)) continue;
      const taker = { ...client, agentId, resources: offered };
      this.#hold(taker);
      taken.push(taker);
    }
    // How often somebody was served counts from the next agent on.
    for (const taker of taken)
      for (const path of paths(taker)) this.#served.set(path, (this.#served.get(path) ?? 0) + 1);
  }

  #hold(taker: TwinHolding): void {
    const known = this.holdings.find(
      (h) => h.frameworkId === taker.frameworkId && h.role === taker.role && h.agentId === taker.agentId,
    );
    if (known === undefined) this.holdings.push({ ...taker });
    else known.resources = known.resources.plus(taker.resources);
  }

  /** First stage: the missing guarantee, and if there is any of it, the rest within limits and headroom. */
  #guaranteed(resources: Resources, role: string): Resources {
    const granted = cut(resources.filter(counts), (name) => this.#missing(role, name));
    if (granted.isEmpty) return Resources.empty;
    const rest = resources.filter(counts).minus(granted);
    const extra = this.#within(rest, role, (name) => granted.scalarMillis(name));
    return resources.minus(rest.minus(extra));
  }

  /** Second stage: what does not count for quota always; what does, within limits and headroom. */
  #rest(resources: Resources, role: string): Resources {
    const counted = resources.filter(counts);
    return resources.minus(counted.minus(this.#within(counted, role, () => 0)));
  }

  #within(resources: Resources, role: string, before: (name: string) => number): Resources {
    const limits = this.quotas.get(topOf(role))?.limits ?? {};
    const limited = cut(resources, (name) => {
      const limit = limits[name];
      return limit === undefined
        ? Number.POSITIVE_INFINITY
        : limit * 1000 - this.consumed(topOf(role), name) - before(name);
    });
    const tops = this.#unmet();
    if (tops.length === 0) return limited;
    return cut(limited, (name) => this.#free(name) - tops.reduce((sum, top) => sum + this.#missing(top, name), 0));
  }

  #missing(role: string, name: string): number {
    const guarantee = this.quotas.get(role)?.guarantees[name] ?? 0;
    return Math.max(0, guarantee * 1000 - (guarantee > 0 ? this.consumed(role, name) : 0));
  }

  /** Top-level roles whose guarantee is not met. */
  #unmet(): string[] {
    return [...this.quotas]
      .filter(([role, { guarantees }]) => Object.keys(guarantees).some((name) => this.#missing(role, name) > 0))
      .map(([role]) => role);
  }

  #free(name: string): number {
    let millis = 0;
    for (const { total } of this.agents.values()) millis += total.filter(counts).scalarMillis(name);
    for (const { resources } of this.holdings) millis -= resources.filter(counts).scalarMillis(name);
    return millis;
  }

  #refused(client: Client, agentId: string, offered: Resources, nowMs: number): boolean {
    return this.refusals.some(
      (refusal) =>
        refusal.agentId === agentId &&
        refusal.frameworkId === client.frameworkId &&
        refusal.role === client.role &&
        refusal.refused.contains(offered) &&
        (nowMs < refusal.untilMs || this.#batches <= refusal.batches),
    );
  }

  /** Clients that want offers, each level of their paths by share, times served and name. */
  #inOrder(): Client[] {
    const shares = new Map<string, number>();
    const share = (path: string): number => {
      const known = shares.get(path) ?? this.#share(path);
      shares.set(path, known);
      return known;
    };
    return this.#clients()
      .filter((client) => this.wants(client))
      .sort((a, b) => {
        const [pathsA, pathsB] = [paths(a), paths(b)];
        const level = pathsA.findIndex((path, i) => path !== pathsB[i]);
        const [x, y] = [pathsA[level] ?? '', pathsB[level] ?? ''];
        if (share(x) !== share(y)) return share(x) - share(y);
        const [servedX, servedY] = [this.#served.get(x) ?? 0, this.#served.get(y) ?? 0];
        return servedX !== servedY ? servedX - servedY : x < y ? -1 : 1;
      });
  }

  #share(path: string): number {
    const held = this.holdings.filter((holding) => paths(holding).includes(path));
    let share = 0;
    for (const name of ['cpus', 'mem', 'disk', 'gpus']) {
      let total = 0;
      for (const agent of this.agents.values()) total += agent.total.scalarMillis(name);
      if (total === 0) continue;
      let millis = 0;
      for (const { resources } of held) millis += resources.scalarMillis(name);
      share = Math.max(share, millis / total);
    }
    return share / (this.weights.get(path) ?? 1);
  }
}

function mayReceive({ capabilities }: TwinFramework, agent: TwinAgent, role: string): boolean {
  if (agent.total.scalarMillis('gpus') > 0 && !capabilities.has('GPU_RESOURCES')) return false;
  if (agent.region !== undefined && agent.region !== 'here' && !capabilities.has('REGION_AWARE')) return false;
  if (role.includes('/') && !agent.capabilities.has('HIERARCHICAL_ROLE')) return false;
  return !capabilities.has('MULTI_ROLE') || agent.capabilities.has('MULTI_ROLE');
}

/** What quota is about. */
function counts(resource: Resource): boolean {
  return resource.type === 'SCALAR' && resource.reservations === undefined && resource.revocable === undefined;
}

/** Scalars cut to what is allowed of each name, in the order in which they stand; a MOUNT disk whole or not at all. */
function cut(resources: Resources, allowedMillis: (name: string) => number): Resources {
  const kept: Resource[] = [];
  for (const resource of resources.toProto()) {
    const { name } = resource;
    const millis = Math.round((resource.scalar?.value ?? 0) * 1000);
    const used = Resources.from(kept).scalarMillis(name);
    const allowed = Math.min(millis, Math.max(0, allowedMillis(name) - used));
    const whole = resource.disk?.source?.type === 'MOUNT';
    if (allowed < millis && whole) continue;
    kept.push({ ...resource, scalar: { value: allowed / 1000 } });
  }
  return Resources.from(kept);
}

function topOf(role: string): string {
  return role.split('/')[0] ?? '';
}

/** From the top role down: `a`, `a/b`, `a/b/.`, `a/b/./framework`. */
function paths({ role, frameworkId }: Client): string[] {
  const parts = role.split('/');
  return [...parts.map((_, i) => parts.slice(0, i + 1).join('/')), `${role}/.`, `${role}/./${frameworkId}`];
}
