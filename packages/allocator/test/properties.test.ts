import { type AgentId, AssertionError, type FrameworkId, type RandomStream, seededRandom } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Allocation, type Allocator, createAllocator } from '../src/index.ts';
import { NaiveTwin } from './naive-twin.ts';
import { MODERN, resourcesOf } from './script.ts';

const INTERVAL_MS = 1000;
const ROLES = ['a', 'a/x', 'a/y', 'b', 'c/z'];
const TOTALS = ['cpus:4;mem:400', 'cpus:8;mem:100', 'cpus:1;mem:3200', 'cpus:2;cpus(a):1;mem:64;mem(c):40'].map(
  resourcesOf,
);

function newAllocator(seed: number): Allocator {
  return createAllocator({
    random: seededRandom(seed),
    allocationIntervalMs: INTERVAL_MS,
    minAllocatable: [{ cpus: 0.01 }, { mem: 32 }],
    excludedResourceNames: [],
  });
}

/** An allocator and its naive twin, told the same and compared after each cycle. */
class Pair {
  readonly allocator: Allocator;
  readonly twin: NaiveTwin;
  readonly #random: RandomStream;
  #nowMs = 0;
  #names = 0;
  /** Allocations compared so far. */
  handedOut = 0;

  constructor(seed: number) {
    this.allocator = newAllocator(seed);
    this.twin = new NaiveTwin(seededRandom(seed), INTERVAL_MS);
    this.#random = seededRandom(seed + 1);
  }

  step(): void {
    const random = this.#random;
    const actions = [
      () => this.#addAgent(),
      () => this.#addFramework(),
      () => this.#cycle('all'),
      () => this.#cycle('all'),
      () => this.#cycle('dirty'),
      () => this.#recover(),
      () => this.#recover(),
      () => this.#recover(),
      () => this.#recover(),
      () => this.#suppress(),
      () => this.#revive(),
      () => this.#flip(),
      () => this.#updateFramework(),
      () => this.#updateAgent(),
      () => random.below(3) === 0 && this.#remove(),
    ];
    actions[random.below(actions.length)]!();
    this.#nowMs += random.below(700);
    this.allocator.check();
  }

  #pick<T>(items: Iterable<T>): T | undefined {
    const all = [...items];
    return all[this.#random.below(Math.max(1, all.length))];
  }

  #some(roles: readonly string[]): string[] {
    return roles.filter(() => this.#random.below(2) === 0);
  }

  #addAgent(): void {
    const id = `a${this.#names++}`;
    const total = this.#pick(TOTALS)!;
    const active = this.#random.below(5) > 0;
    this.twin.agents.set(id, { total, active });
    this.twin.touch(id);
    this.allocator.addAgent(id as AgentId, {
      hostname: id,
      total,
      active,
      used: new Map(),
      capabilities: new Set(MODERN),
      attributes: [],
    });
  }

  #addFramework(): void {
    const id = `f${this.#names++}`;
    const roles = this.#some(ROLES);
    const suppressedRoles = this.#some(roles).slice(0, 1);
    const active = this.#random.below(5) > 0;
    this.twin.frameworks.set(id, { id, roles, suppressed: new Set(suppressedRoles), active });
    if (active && suppressedRoles.length < roles.length) this.twin.touch();
    const capabilities = new Set(['MULTI_ROLE'] as const);
    this.allocator.addFramework(id as FrameworkId, { roles, suppressedRoles, capabilities }, active);
  }

  #updateFramework(): void {
    const framework = this.#pick(this.twin.frameworks.values());
    if (framework === undefined) return;
    const wanted = (role: string): boolean =>
      framework.active && framework.roles.includes(role) && !framework.suppressed.has(role);
    const before = new Set(ROLES.filter(wanted));
    const roles = this.#some(ROLES);
    const suppressedRoles = this.#some(roles).slice(0, 1);
    for (const role of ROLES) {
      const revived = framework.suppressed.has(role) && !suppressedRoles.includes(role);
      if (!roles.includes(role) || revived) this.twin.dropRefusals(framework.id, role);
    }
    framework.roles = roles;
    framework.suppressed = new Set(suppressedRoles);
    if (ROLES.some((role) => wanted(role) && !before.has(role))) this.twin.touch();
    this.twin.forgetIdle();
    const capabilities = new Set(['MULTI_ROLE'] as const);
    this.allocator.updateFramework(framework.id as FrameworkId, { roles, suppressedRoles, capabilities });
  }

  #updateAgent(): void {
    const entry = this.#pick(this.twin.agents);
    if (entry === undefined) return;
    const [id, agent] = entry;
    if (this.#random.below(2) === 0) {
      agent.active = !agent.active;
      if (agent.active) this.twin.touch(id);
      this.allocator.setAgentActive(id as AgentId, agent.active);
    } else {
      const total = this.#pick(TOTALS)!;
      if (!total.equals(agent.total)) this.twin.touch(id);
      agent.total = total;
      this.allocator.updateAgentTotal(id as AgentId, total);
    }
  }

  #suppress(): void {
    const framework = this.#pick(this.twin.frameworks.values());
    if (framework === undefined) return;
    const roles = this.#some(framework.roles);
    for (const role of roles.length === 0 ? framework.roles : roles) framework.suppressed.add(role);
    this.allocator.suppress(framework.id as FrameworkId, roles);
  }

  #revive(): void {
    const framework = this.#pick(this.twin.frameworks.values());
    if (framework === undefined) return;
    const roles = this.#some(framework.roles);
    for (const role of roles.length === 0 ? framework.roles : roles) {
      framework.suppressed.delete(role);
      this.twin.dropRefusals(framework.id, role);
    }
    this.twin.touch();
    this.allocator.revive(framework.id as FrameworkId, roles);
  }

  #flip(): void {
    const framework = this.#pick(this.twin.frameworks.values());
    if (framework === undefined) return;
    framework.active = !framework.active;
    if (framework.active) {
      this.twin.touch();
      this.allocator.activateFramework(framework.id as FrameworkId);
    } else {
      this.twin.dropRefusals(framework.id);
      this.allocator.deactivateFramework(framework.id as FrameworkId);
    }
  }

  #remove(): void {
    const agent = this.#pick(this.twin.agents.keys());
    const framework = this.#pick(this.twin.frameworks.keys());
    if (agent !== undefined && this.#random.below(2) === 0) {
      this.twin.removeAgent(agent);
      this.allocator.removeAgent(agent as AgentId);
    } else if (framework !== undefined) {
      this.twin.removeFramework(framework);
      this.allocator.removeFramework(framework as FrameworkId);
    }
  }

  #recover(): void {
    const holding = this.#pick(this.twin.holdings);
    if (holding === undefined) return;
    const part = this.#random.below(3) === 0 ? resourcesOf('cpus:0.5') : holding.resources;
    if (!holding.resources.contains(part)) return;
    const refuseMs = this.#pick([0, 0, 1, 900, 5000])!;
    const { frameworkId, role, agentId } = holding;
    this.twin.recover(holding, part, this.#nowMs, refuseMs);
    const returned = part.allocate(role);
    this.allocator.recover(frameworkId as FrameworkId, agentId as AgentId, returned, this.#nowMs, refuseMs);
  }

  #cycle(scope: 'all' | 'dirty'): void {
    const mine = this.allocator.allocate(this.#nowMs, scope);
    const theirs = this.twin.allocate(this.#nowMs, scope);
    expect(mine.map(line)).toEqual(theirs.map(line));
    this.handedOut += mine.length;
  }
}

function line(allocation: { frameworkId: string; role: string; agentId: string; resources: Resources }): string {
  const { frameworkId, role, agentId, resources } = allocation;
  return `${frameworkId} ${role} ${agentId} ${resources.unallocate()}`;
}

describe('allocator', () => {
  it('does what its naive twin does', () => {
    let handedOut = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const pair = new Pair(seed);
      for (let i = 0; i < 120; i++) pair.step();
      handedOut += pair.handedOut;
    }
    expect(handedOut).toBeGreaterThan(1000);
  });

  it('never hands out what is held, and has everything again when all has come back', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.array(fc.tuple(fc.nat(3), fc.nat(), fc.nat(3000)), { maxLength: 40 }),
        (seed, steps) => {
          const allocator = newAllocator(seed);
          const frameworks = 4;
          addAgents(allocator, 5);
          addFrameworks(allocator, frameworks);
          const out: Allocation[] = [];
          let nowMs = 0;
          for (const [action, choice, delayMs] of steps) {
            nowMs += delayMs;
            if (action === 0) out.push(...allocator.allocate(nowMs, choice % 2 === 0 ? 'all' : 'dirty'));
            const [back] = out.length === 0 ? [] : out.splice(choice % out.length, action > 0 ? 1 : 0);
            if (back !== undefined)
              allocator.recover(back.frameworkId, back.agentId, back.resources, nowMs, choice % 9000);
            for (let i = 0; i < 5; i++) {
              const held = out.filter((allocation) => allocation.agentId === `a${i}`);
              expect(TOTALS[i % TOTALS.length]!.contains(sum(held))).toBe(true);
            }
          }
          for (const back of out) allocator.recover(back.frameworkId, back.agentId, back.resources, nowMs);
          for (let i = 0; i < frameworks; i++) allocator.revive(`f${i}` as FrameworkId, []);
          const all = sum(allocator.allocate(nowMs, 'all'));
          expect(
            all.equals(Resources.sum([0, 1, 2, 3, 4].map((i) => TOTALS[i % TOTALS.length]!)).filterKind(forSomebody)),
          ).toBe(true);
          allocator.check();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps the shares of equal frameworks within one agent of each other', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 8 }),
        (seed, agents, count) => {
          const allocator = newAllocator(seed);
          for (let i = 0; i < agents; i++) addAgent(allocator, i, resourcesOf('cpus:4;mem:400'));
          addFrameworks(allocator, count);
          const served = new Map<string, number>();
          for (const { frameworkId } of allocator.allocate(0, 'all'))
            served.set(frameworkId, (served.get(frameworkId) ?? 0) + 1);
          const figures = Array.from({ length: count }, (_, i) => served.get(`f${i}`) ?? 0);
          expect(Math.max(...figures) - Math.min(...figures)).toBeLessThanOrEqual(1);
          expect(figures.reduce((a, b) => a + b)).toBe(agents);
        },
      ),
    );
  });

  it('offers everybody something in the end when all decline', () => {
    const allocator = newAllocator(3);
    addAgents(allocator, 4);
    addFrameworks(allocator, 10);
    const asked = new Set<string>();
    for (let cycle = 0; cycle < 10; cycle++)
      for (const { frameworkId, agentId, resources } of allocator.allocate(cycle * 1000, 'all')) {
        asked.add(`${frameworkId} ${agentId}`);
        allocator.recover(frameworkId, agentId, resources, cycle * 1000, 3_600_000);
      }
    expect(asked.size).toBeGreaterThanOrEqual(4 * 10);
  });

  it('refuses at once what cannot be', () => {
    const impossible: readonly ((allocation: Allocation, allocator: Allocator) => void)[] = [
      // A framework returns twice what it was given.
      ({ frameworkId, agentId, resources }, allocator) => {
        allocator.recover(frameworkId, agentId, resources, 0);
        allocator.recover(frameworkId, agentId, resources, 0);
      },
      // Resources of a role it was not given any in, or of no role.
      ({ frameworkId, agentId, resources }, allocator) =>
        allocator.recover(frameworkId, agentId, resources.unallocate().allocate('other'), 0),
      ({ frameworkId, agentId, resources }, allocator) =>
        allocator.recover(frameworkId, agentId, resources.unallocate(), 0),
      (_, allocator) => addAgent(allocator, 0, resourcesOf('cpus:1')),
      (_, allocator) => addFrameworks(allocator, 1),
    ];
    for (const attempt of impossible) {
      const allocator = newAllocator(1);
      addAgents(allocator, 1);
      addFrameworks(allocator, 1);
      const [allocation] = allocator.allocate(0, 'all');
      expect(() => attempt(allocation!, allocator)).toThrow(AssertionError);
    }
  });
});

function forSomebody(kind: { reservationRole: string | undefined }): boolean {
  return kind.reservationRole === undefined || kind.reservationRole === 'a';
}

function addAgents(allocator: Allocator, count: number): void {
  for (let i = 0; i < count; i++) addAgent(allocator, i, TOTALS[i % TOTALS.length]!);
}

function addAgent(allocator: Allocator, i: number, total: Resources): void {
  allocator.addAgent(`a${i}` as AgentId, {
    hostname: 'host',
    total,
    used: new Map(),
    capabilities: new Set(MODERN),
    attributes: [],
    active: true,
  });
}

function addFrameworks(allocator: Allocator, count: number): void {
  for (let i = 0; i < count; i++) {
    const options = { roles: ['a'], suppressedRoles: [], capabilities: new Set(['MULTI_ROLE'] as const) };
    allocator.addFramework(`f${i}` as FrameworkId, options, true);
  }
}

function sum(allocations: readonly Allocation[]): Resources {
  return Resources.sum(allocations.map(({ resources }) => resources.unallocate()));
}
