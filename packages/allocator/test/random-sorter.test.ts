/** Random sorters draw as often as the specification's weights say (kernel 6.3): measured over many cycles. */
import { type AgentId, type FrameworkId, seededRandom } from '@mesolite/base';
import type { Resources } from '@mesolite/resources';
import { describe, expect, it } from 'vitest';
import { createAllocator } from '../src/index.ts';
import { Books } from './reference/books.ts';
import { FairOrder } from './reference/fair-order.ts';
import { MODERN, resourcesOf } from './script.ts';

const DRAWS = 4000;

/** The chance of each role to come first, as the reference reckons it. */
function expected(roles: readonly string[], weights: ReadonlyMap<string, number>): Map<string, number> {
  const books = new Books();
  for (const role of roles)
    books.frameworks.set(role, {
      id: role,
      roles: [role],
      suppressed: new Set(),
      active: true,
      capabilities: new Set(),
    });
  for (const [role, weight] of weights) books.weights.set(role, weight);
  const chance = { agents: () => [], roles: () => [], frameworks: () => [] };
  return new FairOrder(books, [], { roles: 'random', frameworks: 'random' }, chance).drawnParts();
}

/** How often each of `roles` came first. Those of `sated` may have nothing. */
function draws(
  weights: Readonly<Record<string, number>>,
  roles: readonly string[],
  sated: readonly string[] = [],
): Map<string, number> {
  const allocator = createAllocator({
    random: seededRandom(11),
    allocationIntervalMs: 1000,
    minAllocatable: [],
    excludedResourceNames: [],
    roleSorter: 'random',
    frameworkSorter: 'random',
  });
  for (const role of roles)
    allocator.addFramework(
      role as FrameworkId,
      { roles: [role], suppressedRoles: [], capabilities: new Set(['MULTI_ROLE']) },
      true,
    );
  allocator.updateWeights(new Map(Object.entries(weights)));
  for (const role of sated) allocator.updateQuota(role, { guarantees: {}, limits: { cpus: 0 } });
  const options = { hostname: 'h', used: new Map<FrameworkId, Resources>(), attributes: [], active: true };
  const total = resourcesOf('cpus:1');
  allocator.addAgent('a' as AgentId, { ...options, total, capabilities: new Set(MODERN) });
  const drawn = new Map<string, number>();
  for (let i = 0; i < DRAWS; i++)
    for (const { frameworkId, role, agentId, resources } of allocator.allocate(0, 'all')) {
      drawn.set(role, (drawn.get(role) ?? 0) + 1);
      allocator.recover(frameworkId, agentId, resources, { nowMs: 0 });
    }
  return drawn;
}

describe('the random sorter', () => {
  const cases: readonly (readonly [string, readonly string[], Readonly<Record<string, number>>])[] = [
    ['siblings of different weights', ['a', 'b', 'c'], { a: 1, b: 2, c: 5 }],
    ['branches, where only the weights against siblings count', ['a/x', 'a/y', 'b'], { a: 3, 'a/x': 2, 'a/y': 6 }],
    ['a role beside its own sub-roles', ['a', 'a/x', 'b'], { a: 4, 'a/x': 3 }],
    ['equal weights', ['a', 'b', 'c/x', 'c/y/z'], {}],
  ];

  for (const [what, roles, weights] of cases)
    it(`draws ${what}`, () => {
      const drawn = draws(weights, roles);
      for (const [role, part] of expected(roles, new Map(Object.entries(weights)))) {
        // Five standard deviations: the draws are seeded, so this is no matter of luck.
        const slack = 5 * Math.sqrt((part * (1 - part)) / DRAWS);
        expect(Math.abs((drawn.get(role) ?? 0) / DRAWS - part), role).toBeLessThan(slack);
      }
    });

  it.each<[string, Record<string, number>, Record<string, number>]>([
    ['the largest weights beside a small one', { a: 1.7e308, b: 1.7e308, c: 1 }, { a: 0.5, b: 0.5, c: 0 }],
    ['the largest weights alone', { a: 1.7e308, b: 0.85e308, c: 0.85e308 }, { a: 0.5, b: 0.25, c: 0.25 }],
    ['the smallest weights', { a: 1e-323, b: 5e-324, c: 5e-324 }, { a: 0.5, b: 0.25, c: 0.25 }],
    [
      'small parts of small parts',
      { 'a': 1e308, 'b': 1e-308, 'b/x': 1e-308, 'b/y': 1e308, 'b/y/z': 1 },
      { 'a': 1, 'b/x': 0, 'b/y/z': 0 },
    ],
  ])('draws by %s', (_, weights, parts) => {
    const drawn = draws(weights, Object.keys(parts));
    for (const [role, part] of Object.entries(parts)) {
      const slack = 5 * Math.sqrt((part * (1 - part)) / DRAWS);
      expect(Math.abs((drawn.get(role) ?? 0) / DRAWS - part), role).toBeLessThanOrEqual(slack);
    }
  });

  it('draws also those that have next to nothing against another that wants no more', () => {
    const drawn = draws({ heavy: 1_000_000 }, ['a', 'b', 'heavy'], ['heavy']);
    const [a = 0, b = 0] = [drawn.get('a'), drawn.get('b')];
    expect(a + b).toBe(DRAWS);
    expect(Math.abs(a / DRAWS - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / DRAWS));
  });
});
