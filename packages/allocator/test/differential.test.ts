/**
 * The allocator against a reference written from the specification alone: the same decisions in random histories, told in
 * slices too. Begin elsewhere with MESOLITE_FIRST_SEED; ask for more with MESOLITE_SEEDS.
 */
import { describe, expect, it } from 'vitest';
import { EVENT_WEIGHTS } from './differential/events.ts';
import { historyOf, live, report, type Spoil } from './differential/history.ts';

const SEEDS = Number(process.env['MESOLITE_SEEDS'] ?? 600);
const FIRST_SEED = Number(process.env['MESOLITE_FIRST_SEED'] ?? 1);

/** What histories have to come by, beside each event, to be worth anything. */
const CASES = [
  'GPUs',
  'another region',
  'no MULTI_ROLE',
  'no HIERARCHICAL_ROLE',
  'offer constraints',
  'stripped',
  'not allocatable',
  'refused',
  'shared once a cycle',
  'cut by quota',
  'second-stage',
  'paused',
  'inverse offer',
  'reserved offered',
  'refined offered',
  'shared offered',
  'volume offered',
  'revocable offered',
  'MOUNT offered',
  'ranges or set offered',
  'gpus offered',
  ...Object.keys(EVENT_WEIGHTS),
];

describe('the allocator', () => {
  it('decides what the reference decides', { timeout: 7_200_000 }, () => {
    const seen = new Map<string, number>();
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      const { pair, error } = live(seed, historyOf(seed));
      if (error !== undefined) throw new Error(report(seed), { cause: error });
      for (const [what, times] of pair.seen) seen.set(what, (seen.get(what) ?? 0) + times);
    }
    const figures = [...seen].sort().map(([what, times]) => `${what} ${times}`);
    if (process.env['MESOLITE_SEEDS'] !== undefined) console.info(figures.join('\n'));
    expect(seen.get('offer')).toBeGreaterThan(SEEDS * 5);
    if (SEEDS >= 100) expect(CASES.filter((one) => (seen.get(one) ?? 0) < SEEDS / 20)).toEqual([]);
  });

  const broken: Readonly<Record<string, Spoil>> = {
    'forgets weights': (allocator) => {
      allocator.updateWeights = () => undefined;
    },
    'forgets suppression': (allocator) => {
      allocator.suppress = () => undefined;
    },
    'forgets refusals': (allocator) => {
      const { recover } = allocator;
      allocator.recover = (...[id, agent, resources, { nowMs }]) =>
        recover.call(allocator, id, agent, resources, { nowMs });
    },
    'forgets guarantees': (allocator) => {
      const { updateQuota } = allocator;
      allocator.updateQuota = (role, quota) =>
        updateQuota.call(allocator, role, quota && { guarantees: {}, limits: quota.limits });
    },
    'forgets the whitelist': (allocator) => {
      allocator.updateWhitelist = () => undefined;
    },
  };

  for (const [what, spoil] of Object.entries(broken))
    it(`is found out when it ${what}`, () => {
      let seed = 1;
      while (seed < 50 && live(seed, historyOf(seed), spoil).error === undefined) seed++;
      expect(seed).toBeLessThan(50);
      expect(report(seed, spoil)).toMatch(/the allocator says|another set|is not over/);
    });
});
