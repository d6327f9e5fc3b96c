import { type AgentId, AssertionError, type FrameworkId, seededRandom } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Allocation, type Allocator, createAllocator } from '../src/index.ts';
import { MODERN, resourcesOf } from './script.ts';

const TOTALS = ['cpus:4;mem:400', 'cpus:8;mem:100', 'cpus:1;mem:3200', 'cpus:2;cpus(a):1;mem:64;mem(c):40'].map(
  resourcesOf,
);

function newAllocator(seed: number): Allocator {
  return createAllocator({
    random: seededRandom(seed),
    allocationIntervalMs: 1000,
    minAllocatable: [{ cpus: 0.01 }, { mem: 32 }],
    excludedResourceNames: [],
  });
}

describe('allocator', () => {
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
              allocator.recover(back.frameworkId, back.agentId, back.resources, { nowMs, refuseMs: choice % 9000 });
            for (let i = 0; i < 5; i++) {
              const held = out.filter((allocation) => allocation.agentId === `a${i}`);
              expect(TOTALS[i % TOTALS.length]!.contains(sum(held))).toBe(true);
            }
          }
          for (const back of out) allocator.recover(back.frameworkId, back.agentId, back.resources, { nowMs });
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
        allocator.recover(frameworkId, agentId, resources, { nowMs: cycle * 1000, refuseMs: 3_600_000 });
      }
    expect(asked.size).toBeGreaterThanOrEqual(4 * 10);
  });

  it('refuses at once what cannot be', () => {
    const impossible: readonly ((allocation: Allocation, allocator: Allocator) => void)[] = [
      // A framework returns twice what it was given.
      ({ frameworkId, agentId, resources }, allocator) => {
        allocator.recover(frameworkId, agentId, resources, { nowMs: 0 });
        allocator.recover(frameworkId, agentId, resources, { nowMs: 0 });
      },
      // Resources of a role it was not given any in, or of no role.
      ({ frameworkId, agentId, resources }, allocator) =>
        allocator.recover(frameworkId, agentId, resources.unallocate().allocate('other'), { nowMs: 0 }),
      ({ frameworkId, agentId, resources }, allocator) =>
        allocator.recover(frameworkId, agentId, resources.unallocate(), { nowMs: 0 }),
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
