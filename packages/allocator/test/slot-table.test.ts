import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NONE, SlotTable } from '../src/slot-table.ts';

describe('the slot table', () => {
  it('does what a Map does', () => {
    const step = fc.record({ slot: fc.nat(60), remove: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const slots: number[] = [];
        const table = new SlotTable((item) => slots[item]!);
        const map = new Map<number, number>();
        for (const { slot, remove } of steps) {
          const item = slots.push(slot) - 1;
          if (remove) {
            table.delete(slot);
            map.delete(slot);
          } else {
            table.set(item);
            map.set(slot, item);
          }
          for (let i = 0; i <= 61; i++) expect(table.get(i)).toBe(map.get(i) ?? NONE);
        }
        expect(table.items().sort()).toEqual([...map.values()].sort());
      }),
    );
  });
});
