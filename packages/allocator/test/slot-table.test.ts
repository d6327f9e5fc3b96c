import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SlotTable } from '../src/slot-table.ts';

describe('the slot table', () => {
  it('does what a Map does', () => {
    const step = fc.record({ slot: fc.nat(60), remove: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const table = new SlotTable<{ slot: number }>();
        const map = new Map<number, { slot: number }>();
        for (const { slot, remove } of steps) {
          const item = { slot };
          if (remove) {
            table.delete(slot);
            map.delete(slot);
          } else {
            table.set(item);
            map.set(slot, item);
          }
          for (let i = 0; i <= 61; i++) expect(table.get(i)).toBe(map.get(i));
        }
        expect(table.items().length).toBe(map.size);
      }),
    );
  });
});
