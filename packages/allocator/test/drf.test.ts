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

const RUNS = 60;

const demand = fc.record({ cpus: fc.integer({ min: 1, max: 12 }), mem: fc.integer({ min: 1, max: 120 }) });
const demands = fc.array(demand, { minLength: 2, maxLength: 6 });

function dominantShare({ cpus, mem }: Demand): number {
  return Math.max(cpus / TOTAL.cpus, mem / TOTAL.mem);
}

interface Tree {
  /** By framework. */
  readonly roles: readonly string[];
  readonly weights: ReadonlyMap<string, number>;
}

/** How many tasks each framework runs in the end, when each launches one per offer, in a role of its own. */
function fill(wanted: readonly Demand[], tree?: Tree): { tasks: number[]; free: Resources } {
  const allocator = createAllocator({
    random: seededRandom(1),
    allocationIntervalMs: 1000,
    minAllocatable: [],
    excludedResourceNames: [],
  });
  let free = resourcesOf(`cpus:${TOTAL.cpus};mem:${TOTAL.mem}`);
  addAgent(allocator, free);
  for (const i of wanted.keys()) {
    const options = {
      roles: [tree?.roles[i] ?? `r${i}`],
      suppressedRoles: [],
      capabilities: new Set(['MULTI_ROLE'] as const),
    };
    allocator.addFramework(`f${i}` as FrameworkId, options, true);
  }
  allocator.updateWeights(tree?.weights ?? new Map());
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
      allocator.recover(frameworkId, agentId, resources.minus(task), { nowMs: 0 });
    } else {
      allocator.recover(frameworkId, agentId, resources, { nowMs: 0 });
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

/** How many tasks of `task` fit into what `count` of `claimed` need. */
function possible(claimed: Demand, count: number, task: Demand): number {
  const has = used(claimed, count);
  return Math.floor(Math.min(has.cpus / task.cpus, has.mem / task.mem));
}

const used = (task: Demand, count: number): Demand => ({ cpus: task.cpus * count, mem: task.mem * count });
const largestOf = (wanted: readonly Demand[]): number => Math.max(...wanted.map(dominantShare));

/** Which resource a framework has its dominant share in. */
const dominant = ({ cpus, mem }: Demand): string => (cpus / TOTAL.cpus >= mem / TOTAL.mem ? 'cpus' : 'mem');

/** What one framework may be behind another by, in tasks of `mine`, because tasks are whole. */
const slackOf = (wanted: readonly Demand[], mine: Demand): number =>
  Math.ceil(largestOf(wanted) / dominantShare(mine)) + 2;

describe('dominant resource fairness', () => {
  it('gives everybody at least the share of an equal division (sharing incentive)', () => {
    let telling = 0;
    let mixed = 0;
    fc.assert(
      fc.property(demands, (wanted) => {
        const { tasks } = fill(wanted);
        const promised = 1 / wanted.length - 2 * largestOf(wanted);
        if (promised > 1 / wanted.length / 2) telling++;
        if (new Set(wanted.map(dominant)).size > 1) mixed++;
        for (const [i, task] of wanted.entries())
          expect(dominantShare(used(task, tasks[i]!))).toBeGreaterThanOrEqual(promised);
      }),
      { numRuns: RUNS },
    );
    // In most cases the slack is less than half the promise, and frameworks want different things.
    expect(telling).toBeGreaterThan(RUNS / 2);
    expect(mixed).toBeGreaterThan(RUNS / 2);
  });

  it('leaves nobody who could do more with what another has (envy-freeness)', () => {
    let telling = 0;
    fc.assert(
      fc.property(demands, (wanted) => {
        const { tasks } = fill(wanted);
        for (const [i, mine] of wanted.entries())
          for (const [k, theirs] of wanted.entries()) {
            const slack = slackOf(wanted, mine);
            if (i !== k && tasks[i]! > 3 * slack) telling++;
            expect(possible(theirs, tasks[k]!, mine)).toBeLessThanOrEqual(tasks[i]! + slack);
          }
      }),
      { numRuns: RUNS },
    );
    expect(telling).toBeGreaterThan(RUNS);
  });

  it('gives nobody more for asking for something else (strategy-proofness)', () => {
    let different = 0;
    fc.assert(
      fc.property(demands, demand, (wanted, lie) => {
        const [honest] = wanted;
        const [truth] = fill(wanted).tasks;
        const [told] = fill([lie, ...wanted.slice(1)]).tasks;
        const useful = possible(lie, told!, honest!);
        if (useful < truth!) different++;
        expect(useful).toBeLessThanOrEqual(truth! + slackOf([lie, ...wanted], honest!));
      }),
      { numRuns: RUNS },
    );
    expect(different).toBeGreaterThan(RUNS / 4);
  });

  it('leaves nothing that somebody could use (Pareto efficiency)', () => {
    fc.assert(
      fc.property(demands, (wanted) => {
        const { free } = fill(wanted);
        for (const { cpus, mem } of wanted) expect(free.scalar('cpus') < cpus || free.scalar('mem') < mem).toBe(true);
      }),
    );
  });

  it('parts what a role gets among its sub-roles by their weights, at each level', () => {
    const weight = fc.integer({ min: 1, max: 4 });
    const branch = fc.record({ weight, children: fc.array(weight, { minLength: 1, maxLength: 3 }) });
    fc.assert(
      fc.property(demand, fc.array(branch, { minLength: 2, maxLength: 3 }), (task, branches) => {
        const roles = branches.flatMap(({ children }, i) => children.map((_, k) => `r${i}/s${k}`));
        const weights = new Map<string, number>();
        for (const [i, { weight: own, children }] of branches.entries()) {
          weights.set(`r${i}`, own);
          for (const [k, child] of children.entries()) weights.set(`r${i}/s${k}`, child);
        }
        const { tasks } = fill(
          roles.map(() => task),
          { roles, weights },
        );
        const within = (root: string): number =>
          tasks.filter((_, i) => roles[i]!.startsWith(`${root}/`) || roles[i] === root).reduce((a, b) => a + b, 0);
        const siblings = branches.map((_, i) => roles.filter((role) => role.startsWith(`r${i}/`)));
        for (const group of [branches.map((_, i) => `r${i}`), ...siblings])
          for (const mine of group)
            for (const other of group)
              expect((within(mine) - 1) / weights.get(mine)!).toBeLessThanOrEqual(within(other) / weights.get(other)!);
      }),
      { numRuns: RUNS },
    );
  });

  it('gives shares in the proportion of the weights', () => {
    fc.assert(
      fc.property(demand, fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 5 }), (task, weights) => {
        const roles = weights.map((_, i) => `r${i}`);
        const { tasks } = fill(
          weights.map(() => task),
          { roles, weights: new Map(weights.map((weight, i) => [`r${i}`, weight])) },
        );
        // Whoever is served last has run at most one task ahead of the others.
        for (const [i, weight] of weights.entries())
          for (const [k, other] of weights.entries())
            expect((tasks[i]! - 1) / weight).toBeLessThanOrEqual(tasks[k]! / other);
      }),
    );
  });
});
