/**
 * What dominant resource fairness promises, on random demands: everybody gets at least his part, nobody would rather have
 * what somebody else has, and nothing is left that somebody could use. Tasks are not divisible, so each promise has
 * the slack of a task or two.
 */
import { type AgentId, type FrameworkId, seededRandom } from '@mesolite/base';
import type { Resources } from '@mesolite/resources';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Allocator, createAllocator } from '../src/index.ts';
import { MODERN, resourcesOf } from './script.ts';

interface Demand {
  readonly cpus: number;
  readonly mem: number;
}

/** Large against a task, so that the slack of a task or two is little against a share. */
const TOTAL: Demand = { cpus: 400, mem: 4000 };

const demand = fc.record({ cpus: fc.integer({ min: 1, max: 12 }), mem: fc.integer({ min: 1, max: 120 }) });
const demands = fc.array(demand, { minLength: 2, maxLength: 6 });

function dominantShare({ cpus, mem }: Demand): number {
  return Math.max(cpus / TOTAL.cpus, mem / TOTAL.mem);
}

/** How many tasks each framework runs in the end, when each launches one per offer, in a role of its own. */
function fill(wanted: readonly Demand[], weights: readonly number[] = []): { tasks: number[]; free: Resources } {
  const allocator = createAllocator({
    random: seededRandom(1),
    allocationIntervalMs: 1000,
    minAllocatable: [],
    excludedResourceNames: [],
  });
  let free = resourcesOf(`cpus:${TOTAL.cpus};mem:${TOTAL.mem}`);
  addAgent(allocator, free);
  for (const i of wanted.keys()) {
    const options = { roles: [`r${i}`], suppressedRoles: [], capabilities: new Set(['MULTI_ROLE'] as const) };
    allocator.addFramework(`f${i}` as FrameworkId, options, true);
    allocator.updateWeights(new Map([[`r${i}`, weights[i] ?? 1]]));
  }
  const tasks = wanted.map(() => 0);
  for (;;) {
    const [offer] = allocator.allocate(0, 'all');
    if (offer === undefined) return { tasks, free };
    const { frameworkId, agentId, role, resources } = offer;
    const index = Number(frameworkId.slice(1));
    const task = resourcesOf(`cpus:${wanted[index]!.cpus};mem:${wanted[index]!.mem}`).allocate(role);
    if (resources.contains(task)) {
      tasks[index] = tasks[index]! + 1;
      free = free.minus(task.unallocate());
      allocator.recover(frameworkId, agentId, resources.minus(task), 0);
    } else {
      allocator.recover(frameworkId, agentId, resources, 0);
      allocator.suppress(frameworkId, []);
    }
  }
}

function addAgent(allocator: Allocator, total: Resources): void {
  allocator.addAgent('a' as AgentId, {
    hostname: 'a',
    total,
    used: new Map(),
    capabilities: new Set(MODERN),
    attributes: [],
    active: true,
  });
}

const used = (task: Demand, count: number): Demand => ({ cpus: task.cpus * count, mem: task.mem * count });
const largestOf = (wanted: readonly Demand[]): number => Math.max(...wanted.map(dominantShare));

describe('dominant resource fairness', () => {
  it('gives everybody at least the share of an equal division (sharing incentive)', () => {
    fc.assert(
      fc.property(demands, (wanted) => {
        const { tasks } = fill(wanted);
        for (const [i, task] of wanted.entries()) {
          const share = dominantShare(used(task, tasks[i]!));
          expect(share).toBeGreaterThanOrEqual(1 / wanted.length - 2 * largestOf(wanted));
        }
      }),
    );
  });

  it('leaves nobody who could do more with what another has (envy-freeness)', () => {
    fc.assert(
      fc.property(demands, (wanted) => {
        const { tasks } = fill(wanted);
        for (const [i, mine] of wanted.entries())
          for (const [k, theirs] of wanted.entries()) {
            const has = used(theirs, tasks[k]!);
            const possible = Math.floor(Math.min(has.cpus / mine.cpus, has.mem / mine.mem));
            const slack = Math.ceil(largestOf(wanted) / dominantShare(mine)) + 2;
            expect(possible).toBeLessThanOrEqual(tasks[i]! + slack);
          }
      }),
    );
  });

  it('leaves nothing that somebody could use (Pareto efficiency)', () => {
    fc.assert(
      fc.property(demands, (wanted) => {
        const { free } = fill(wanted);
        for (const { cpus, mem } of wanted) expect(free.scalar('cpus') < cpus || free.scalar('mem') < mem).toBe(true);
      }),
    );
  });

  it('gives shares in the proportion of the weights', () => {
    fc.assert(
      fc.property(demand, fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 5 }), (task, weights) => {
        const { tasks } = fill(
          weights.map(() => task),
          weights,
        );
        // Whoever is served last has run at most one task ahead of the others.
        for (const [i, weight] of weights.entries())
          for (const [k, other] of weights.entries())
            expect((tasks[i]! - 1) / weight).toBeLessThanOrEqual(tasks[k]! / other);
      }),
    );
  });
});
