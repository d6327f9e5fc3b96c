/**
 * What quota promises, on random clusters: limits are kept, guarantees are met as soon as somebody wants them, what is
 * free always suffices for those that are not met yet, and nothing is handed out twice. Counted by what is handed out and
 * comes back here, not by what the allocator says of itself.
 */
import { type AgentId, type FrameworkId, type RandomStream, seededRandom } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import { describe, expect, it } from 'vitest';
import { type Allocation, type Allocator, createAllocator, type Quota } from '../src/index.ts';
import { chance, pick } from './differential/material.ts';
import { MODERN, resourcesOf } from './script.ts';

const SEEDS = 300;
const BATCHES = 12;
const REFUSED_MS = 3000;
const NAMES = ['cpus', 'mem'] as const;
const TOP_LEVEL = ['a', 'b', 'c', 'd'];
const ROLES = ['a', 'b', 'c', 'd', 'a/x', 'b/y'];
const TOTALS = ['cpus:4;mem:400', 'cpus:8;mem:100', 'cpus:1;mem:1000', 'cpus:2;cpus(a):1;mem:64;mem(b):40'];

class Cluster {
  readonly allocator: Allocator;
  readonly totals = new Map<string, Resources>();
  readonly quotas = new Map<string, Quota>();
  readonly wanted = new Set<string>();
  held: Allocation[] = [];

  constructor(random: RandomStream) {
    this.allocator = createAllocator({
      random: seededRandom(random.below(2 ** 32)),
      allocationIntervalMs: 1000,
      minAllocatable: [],
      excludedResourceNames: [],
    });
    for (let i = 0; i < 3 + random.below(5); i++) this.#addAgent(`a${i}`, pick(random, TOTALS)!);
    for (const role of ROLES) if (chance(random, 2)) this.want(role);
    for (const role of TOP_LEVEL) if (chance(random, 2)) this.#setQuota(random, role);
  }

  #addAgent(id: string, total: string): void {
    this.totals.set(id, resourcesOf(total));
    this.allocator.addAgent(id as AgentId, {
      hostname: id,
      total: resourcesOf(total),
      used: new Map(),
      capabilities: new Set(MODERN),
      attributes: [],
      active: true,
    });
  }

  want(role: string): void {
    if (this.wanted.has(role)) return;
    this.wanted.add(role);
    const options = { roles: [role], suppressedRoles: [], capabilities: new Set(['MULTI_ROLE'] as const) };
    this.allocator.addFramework(`f ${role}` as FrameworkId, options, true);
  }

  /** Guarantees take no more than what there is beside those of others. */
  #setQuota(random: RandomStream, role: string): void {
    const guarantees: Record<string, number> = {};
    const limits: Record<string, number> = {};
    for (const name of NAMES) {
      const spare = Math.floor(this.capacity(name) - this.required(name) - this.reservedFor(role, name));
      if (chance(random, 2) && spare > 0) guarantees[name] = this.reservedFor(role, name) + random.below(spare);
      if (chance(random, 2)) limits[name] = (guarantees[name] ?? 0) + random.below(name === 'cpus' ? 4 : 300);
    }
    this.quotas.set(role, { guarantees, limits });
    this.allocator.updateQuota(role, { guarantees, limits });
  }

  /** Unreserved units of the whole cluster. */
  capacity(name: string): number {
    return Resources.sum(this.totals.values()).unreserved().scalar(name);
  }

  free(name: string): number {
    const held = Resources.sum(this.held.map(({ resources }) => resources.unreserved()));
    return this.capacity(name) - held.scalar(name);
  }

  reservedFor(role: string, name: string): number {
    return Resources.sum(this.totals.values()).reservedToSubtree(role).scalar(name);
  }

  consumed(top: string, name: string): number {
    const within = this.held.filter(({ role }) => role === top || role.startsWith(`${top}/`));
    const held = Resources.sum(within.map(({ resources }) => resources.unreserved()));
    return held.scalar(name) + this.reservedFor(top, name);
  }

  missing(role: string, name: string): number {
    return Math.max(0, (this.quotas.get(role)?.guarantees[name] ?? 0) - this.consumed(role, name));
  }

  required(name: string): number {
    return TOP_LEVEL.reduce((sum, role) => sum + this.missing(role, name), 0);
  }

  batch(nowMs: number): void {
    this.held.push(...this.allocator.allocate(nowMs, 'all'));
    this.allocator.check();
  }

  giveBack(random: RandomStream, nowMs: number): void {
    const [back] = this.held.splice(random.below(this.held.length), 1);
    if (back === undefined) return;
    const part = chance(random, 3) ? back.resources.filter(({ name }) => name === 'cpus') : back.resources;
    if (!part.equals(back.resources)) this.held.push({ ...back, resources: back.resources.minus(part) });
    this.allocator.recover(back.frameworkId, back.agentId, part, { nowMs, refuseMs: pick(random, [0, 0, REFUSED_MS]) });
  }
}

describe('quota', () => {
  it('is never exceeded, and guarantees are always kept', () => {
    let atLimit = 0;
    let heldBack = 0;
    let met = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = seededRandom(seed);
      const cluster = new Cluster(random);
      const rooms = (): Map<string, number> =>
        new Map(TOP_LEVEL.flatMap((role) => NAMES.map((name) => [`${role} ${name}`, cluster.consumed(role, name)])));
      /** Until this batch something may be refused. */
      let refusedUntil = 0;
      for (let i = 0; i < BATCHES; i++) {
        const before = rooms();
        const lacking = TOP_LEVEL.filter((role) => NAMES.some((name) => cluster.missing(role, name) > 0));
        cluster.batch(i * 1000);
        for (const role of TOP_LEVEL)
          for (const name of NAMES) {
            const limit = cluster.quotas.get(role)?.limits[name] ?? Number.POSITIVE_INFINITY;
            const consumed = cluster.consumed(role, name);
            expect(consumed, `seed ${seed}: ${name} of ${role}`).toBeLessThanOrEqual(
              Math.max(limit, before.get(`${role} ${name}`) ?? 0),
            );
            if (consumed === limit) atLimit++;
          }
        for (const name of NAMES) {
          const [free, required] = [cluster.free(name), cluster.required(name)];
          expect(free, `seed ${seed}: headroom of ${name}`).toBeGreaterThanOrEqual(required);
          if (required > 0) heldBack++;
        }
        for (const role of lacking) {
          if (!cluster.wanted.has(role) || i < refusedUntil) continue;
          for (const name of NAMES) expect(cluster.missing(role, name), `seed ${seed}: ${name} of ${role}`).toBe(0);
          met++;
        }
        for (const [id, total] of cluster.totals) {
          const held = cluster.held.filter(({ agentId }) => agentId === id);
          expect(total.contains(Resources.sum(held.map(({ resources }) => resources.unallocate())))).toBe(true);
        }
        if (chance(random, 3)) cluster.want(pick(random, ROLES)!);
        for (let times = chance(random, 2) ? random.below(4) : 0; times > 0; times--) {
          cluster.giveBack(random, i * 1000);
          refusedUntil = i + 1 + REFUSED_MS / 1000;
        }
      }
    }
    // The clusters come by what this is about.
    expect(Math.min(atLimit, heldBack)).toBeGreaterThan(SEEDS);
    expect(met).toBeGreaterThan(SEEDS / 10);
  });
});
