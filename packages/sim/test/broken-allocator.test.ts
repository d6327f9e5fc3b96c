/** An allocator that hands an agent out twice: the simulation has to find it. */
import type { Allocation } from '@mesolite/allocator';
import { expect, it, vi } from 'vitest';

vi.mock('@mesolite/allocator', async (importOriginal) => {
  const original = await importOriginal<typeof import('@mesolite/allocator')>();
  return {
    ...original,
    createAllocator: (options: Parameters<typeof original.createAllocator>[0]) => {
      const allocator = original.createAllocator(options);
      const continueCycle = allocator.continueCycle.bind(allocator);
      allocator.continueCycle = (nowMs, units): Allocation[] => {
        const allocations = continueCycle(nowMs, units);
        const [first] = allocations;
        if (nowMs < 20_000 || first === undefined) return allocations;
        allocator.use(first.frameworkId, first.agentId, first.resources);
        return [...allocations, first];
      };
      return allocator;
    },
  };
});

it('finds that something is offered twice', { timeout: 60_000 }, async () => {
  const { scenarioNamed, simulate } = await import('../src/index.ts');
  const outcome = simulate(scenarioNamed('calm')!, 1);
  expect(outcome.violation).toMatch(/given away|holds more than it has|offered/);
  expect(outcome.virtualMs).toBeLessThan(60_000);
  expect(outcome.log.at(-1)).toContain('checker');
});
