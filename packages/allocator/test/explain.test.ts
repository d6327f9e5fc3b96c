/** What is told of a cycle beforehand is what the cycle does. */
import type { AgentId, FrameworkId } from '@mesolite/base';
import { seededRandom } from '@mesolite/base';
import { describe, expect, it } from 'vitest';
import { type AgentVerdict, createAllocator } from '../src/index.ts';
import { historyOf, live } from './differential/history.ts';
import type { Pair } from './differential/pair.ts';
import { MODERN, resourcesOf } from './script.ts';

const SEEDS = 400;
const STEPS = 30;

const key = (framework: string, role: string, agent: string): string => `${framework} ${role} ${agent}`;

/** Verdicts of all frameworks, in roles that want offers, on all agents. */
function verdictsOf({ allocator, reference: { books }, nowMs }: Pair): Map<string, AgentVerdict> {
  const verdicts = new Map<string, AgentVerdict>();
  for (const { id, roles } of books.frameworks.values())
    for (const role of roles) {
      const explanation = allocator.explain(role, nowMs, id as FrameworkId);
      if (explanation === undefined || explanation.obstacle !== undefined) continue;
      for (const agentId of books.agents.keys()) {
        const verdict = explanation.of(agentId as AgentId);
        if (verdict !== undefined) verdicts.set(key(id, role, agentId), verdict);
      }
    }
  return verdicts;
}

describe('an explanation', () => {
  it('promises an offer exactly when the next cycle hands something out', () => {
    const obstacles = new Map<string, number>();
    let promised = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { pair } = live(seed, historyOf(seed).slice(0, STEPS));
      const { allocator, nowMs } = pair;
      if (allocator.cycling) allocator.continueCycle(nowMs, Number.POSITIVE_INFINITY);
      const verdicts = verdictsOf(pair);
      allocator.check();
      for (const { obstacle = 'none' } of verdicts.values())
        obstacles.set(obstacle, (obstacles.get(obstacle) ?? 0) + 1);
      const free = [...verdicts.values()].filter(({ obstacle }) => obstacle === undefined).length;
      const [first, ...others] = allocator.allocate(nowMs, 'all');
      expect(first === undefined, `seed ${seed}: ${free} promised, ${others.length} more handed out`).toBe(free === 0);
      if (first === undefined) continue;
      promised++;
      // Before the first one nothing had changed.
      const verdict = verdicts.get(key(first.frameworkId, first.role, first.agentId));
      expect(verdict?.obstacle, `seed ${seed}: ${first.agentId} went to ${first.frameworkId}`).toBeUndefined();
      expect(verdict?.offerable.equals(first.resources.unallocate()), `seed ${seed}`).toBe(true);
    }
    expect(promised).toBeGreaterThan(SEEDS / 10);
    // The histories meet nearly every rule.
    for (const obstacle of [
      'agent-inactive',
      'not-whitelisted',
      'nothing-free',
      'below-minimum',
      'no-hierarchical-role',
      'quota-limit',
      'held-back',
      'gpus-withheld',
      'other-region',
      'no-multi-role',
      'refused',
    ])
      expect(obstacles.get(obstacle) ?? 0, obstacle).toBeGreaterThan(0);
  });

  it('tells beforehand what would be said if offers came back', () => {
    const obstacles = new Set<string>();
    const facts = (verdict: AgentVerdict | undefined) =>
      verdict && {
        ...verdict,
        free: `${verdict.free}`,
        allocatable: `${verdict.allocatable}`,
        offerable: `${verdict.offerable}`,
        quota: verdict.quota(),
        refusal: verdict.refusal?.untilMs,
      };
    for (let seed = 1; seed <= SEEDS / 4; seed++) {
      const { pair } = live(seed, historyOf(seed).slice(0, STEPS));
      const { allocator, nowMs } = pair;
      const offers = allocator.allocate(nowMs, 'all');
      const agentId = offers.at(-1)?.agentId;
      if (agentId === undefined) continue;
      const back = offers.filter((offer) => offer.agentId === agentId);
      const ask = (held: typeof back) =>
        [...pair.reference.books.frameworks.values()].flatMap(({ id, roles }) =>
          [...roles].map((role) => facts(allocator.explain(role, nowMs, id as FrameworkId)?.of(agentId, held))),
        );
      const before = ask(back);
      allocator.check();
      for (const { frameworkId, resources } of back) allocator.recover(frameworkId, agentId, resources, { nowMs });
      expect(before, `seed ${seed}`).toEqual(ask([]));
      for (const verdict of before) {
        obstacles.add(verdict?.obstacle ?? 'none');
        if (verdict?.quota.surplus !== undefined) obstacles.add('surplus');
      }
    }
    for (const obstacle of ['none', 'quota-limit', 'surplus', 'refused']) expect(obstacles).toContain(obstacle);
  });

  it('changes nothing, drawn turns included', () => {
    const make = () => {
      const allocator = createAllocator({
        random: seededRandom(3),
        allocationIntervalMs: 1000,
        minAllocatable: [],
        excludedResourceNames: [],
        roleSorter: 'random',
        frameworkSorter: 'random',
      });
      for (const id of ['f1', 'f2', 'f3'])
        allocator.addFramework(
          id as FrameworkId,
          { roles: ['a', 'b'], suppressedRoles: [], capabilities: new Set(['MULTI_ROLE']) },
          true,
        );
      for (let i = 0; i < 10; i++)
        allocator.addAgent(`a${i}` as AgentId, {
          hostname: 'h',
          total: resourcesOf('cpus:1;mem:100'),
          used: new Map(),
          capabilities: new Set(MODERN),
          attributes: [],
          active: true,
        });
      return allocator;
    };
    const [asked, left] = [make(), make()];
    const explanation = asked.explain('a', 0, 'f2' as FrameworkId);
    expect(explanation).toMatchObject({ role: 'a', obstacle: undefined, ahead: undefined });
    for (let i = 0; i < 10; i++) expect(explanation?.of(`a${i}` as AgentId)?.obstacle).toBeUndefined();
    const plain = (allocator: typeof asked) =>
      allocator.allocate(0, 'all').map((one) => [one.frameworkId, one.role, one.agentId]);
    expect(plain(asked)).toEqual(plain(left));
  });

  it('says who is asked before', () => {
    const allocator = createAllocator({
      random: seededRandom(3),
      allocationIntervalMs: 1000,
      minAllocatable: [],
      excludedResourceNames: [],
    });
    for (const [id, role] of [
      ['f1', 'a'],
      ['f2', 'a'],
      ['f3', 'b'],
    ] as const)
      allocator.addFramework(
        id as FrameworkId,
        { roles: [role], suppressedRoles: [], capabilities: new Set(['MULTI_ROLE']) },
        true,
      );
    const agent = (used: 'f1' | 'f2' | 'f3', total: string) => ({
      hostname: 'h',
      total: resourcesOf('cpus:10'),
      used: new Map([[used as FrameworkId, resourcesOf(total).allocate(used === 'f3' ? 'b' : 'a')]]),
      capabilities: new Set(MODERN),
      attributes: [],
      active: true,
    });
    allocator.addAgent('a1' as AgentId, agent('f1', 'cpus:4'));
    allocator.addAgent('a2' as AgentId, agent('f3', 'cpus:2'));
    expect(allocator.explain('a', 0, 'f1' as FrameworkId)).toMatchObject({
      roleShare: 0.2,
      share: 0.2,
      ahead: {
        count: 2,
        first: [
          { frameworkId: 'f3', role: 'b', share: 0.1 },
          { frameworkId: 'f2', role: 'a', share: 0 },
        ],
      },
    });
    expect(allocator.explain('a', 0, 'nobody' as FrameworkId)).toBeUndefined();
    const anybody = allocator.explain('none', 0)?.of('a1' as AgentId);
    expect([anybody?.obstacle, anybody?.offerable.scalar('cpus')]).toEqual([undefined, 6]);
  });
});
