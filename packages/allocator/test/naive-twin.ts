/**
 * The allocator's rules once more, as plainly as possible: every figure is computed anew from lists whenever it is
 * needed. Slow and short, so that one can see that it is right.
 */
import type { RandomStream } from '@mesolite/base';
import { Resources } from '@mesolite/resources';

export interface TwinFramework {
  readonly id: string;
  roles: string[];
  suppressed: Set<string>;
  active: boolean;
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

export class NaiveTwin {
  readonly agents = new Map<string, { total: Resources; active: boolean }>();
  readonly frameworks = new Map<string, TwinFramework>();
  holdings: TwinHolding[] = [];
  refusals: TwinRefusal[] = [];
  readonly #served = new Map<string, number>();
  readonly #dirty = new Set<string>();
  #allDirty = false;
  #batches = 0;
  readonly #random: RandomStream;
  readonly #intervalMs: number;

  constructor(random: RandomStream, intervalMs: number) {
    this.#random = random;
    this.#intervalMs = intervalMs;
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
    if (refuseMs > 0 && this.#wants({ frameworkId, role })) {
      const untilMs = nowMs + Math.max(refuseMs, this.#intervalMs);
      this.refusals.push({ frameworkId, role, agentId, refused: part, untilMs, batches: this.#batches });
    }
    this.forgetIdle();
  }

  allocate(nowMs: number, scope: 'all' | 'dirty'): TwinHolding[] {
    const ids = [...(scope === 'all' || this.#allDirty ? this.agents.keys() : this.#dirty)];
    const active = ids.filter((id) => this.agents.get(id)!.active);
    this.#allDirty = false;
    this.#dirty.clear();
    const taken: TwinHolding[] = [];
    if (this.#clients().some((client) => this.#wants(client)))
      for (const id of this.#random.shuffle(active)) this.#offer(id, nowMs, taken);
    if (scope === 'all') this.#batches++;
    return taken;
  }

  #clients(): Client[] {
    return [...this.frameworks.values()].flatMap(({ id, roles }) => roles.map((role) => ({ frameworkId: id, role })));
  }

  #wants({ frameworkId, role }: Client): boolean {
    const framework = this.frameworks.get(frameworkId);
    return framework?.active === true && framework.roles.includes(role) && !framework.suppressed.has(role);
  }

  #offer(agentId: string, nowMs: number, taken: TwinHolding[]): void {
    let left = this.agents.get(agentId)!.total.minus(Resources.sum(this.#on(agentId)));
    const takers: TwinHolding[] = [];
    for (const client of this.#inOrder()) {
      const offered = left.allocatableTo(client.role);
      if (offered.scalarMillis('cpus') < 10 && offered.scalarMillis('mem') < 32_000) continue;
      if (this.#refused(client, agentId, offered, nowMs)) continue;
      takers.push({ ...client, agentId, resources: offered });
      left = left.minus(offered);
    }
    for (const taker of takers) {
      const known = this.holdings.find(
        (h) => h.frameworkId === taker.frameworkId && h.role === taker.role && h.agentId === agentId,
      );
      if (known === undefined) this.holdings.push({ ...taker });
      else known.resources = known.resources.plus(taker.resources);
      for (const path of paths(taker)) this.#served.set(path, (this.#served.get(path) ?? 0) + 1);
    }
    taken.push(...takers);
  }

  #on(agentId: string): Resources[] {
    return this.holdings.filter((holding) => holding.agentId === agentId).map((holding) => holding.resources);
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
      .filter((client) => this.#wants(client))
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
    for (const name of ['cpus', 'mem']) {
      let total = 0;
      for (const agent of this.agents.values()) total += agent.total.scalarMillis(name);
      if (total === 0) continue;
      let millis = 0;
      for (const { resources } of held) millis += resources.scalarMillis(name);
      share = Math.max(share, millis / total);
    }
    return share;
  }

  /** Paths nobody is under any more lose their count. To be called after roles have changed. */
  forgetIdle(): void {
    const alive = new Set([...this.#clients(), ...this.holdings].flatMap(paths));
    for (const path of [...this.#served.keys()]) if (!alive.has(path)) this.#served.delete(path);
  }
}

/** From the top role down: `a`, `a/b`, `a/b/.`, `a/b/./framework`. */
function paths({ role, frameworkId }: Client): string[] {
  const parts = role.split('/');
  return [...parts.map((_, i) => parts.slice(0, i + 1).join('/')), `${role}/.`, `${role}/./${frameworkId}`];
}
