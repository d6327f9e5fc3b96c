import { BoundedMap, BoundedQueue, Heap, RingBuffer, seededRandom, uuidText } from '@mesolite/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('BoundedQueue', () => {
  it('keeps order and refuses beyond its capacity', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.option(fc.nat(), { nil: undefined }), { maxLength: 4000 }),
        (capacity, steps) => {
          const queue = new BoundedQueue<number>(capacity);
          const twin: number[] = [];
          for (const step of steps) {
            if (step === undefined) expect(queue.shift()).toBe(twin.shift());
            else expect(queue.push(step)).toBe(twin.length < capacity && twin.push(step) > 0);
            expect(queue.size).toBe(twin.length);
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('RingBuffer', () => {
  it('keeps the newest, oldest first', () => {
    const ring = new RingBuffer<number>(3);
    expect([1, 2, 3, 4].map((n) => ring.push(n))).toEqual([undefined, undefined, undefined, 1]);
    expect([...ring]).toEqual([2, 3, 4]);
    expect(new RingBuffer<number>(0).push(1)).toBe(1);
  });
});

describe('BoundedMap', () => {
  it('drops what was set longest ago', () => {
    const map = new BoundedMap<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    map.set('a', 3);
    expect(map.set('c', 4)).toBe(2);
    expect([...map.keys()]).toEqual(['a', 'c']);
  });
});

describe('Heap', () => {
  it('gives items in order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (numbers) => {
        const heap = new Heap<number>((a, b) => a < b);
        for (const n of numbers) heap.push(n);
        const out: number[] = [];
        while (heap.size > 0) out.push(heap.pop()!);
        expect(out).toEqual([...numbers].sort((a, b) => a - b));
      }),
    );
  });
});

describe('seededRandom', () => {
  it('repeats itself for one seed and differs for another', () => {
    const draw = (seed: number): number[] => {
      const random = seededRandom(seed);
      return Array.from({ length: 8 }, () => random.below(1000));
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('is roughly uniform', () => {
    const random = seededRandom(1);
    const buckets = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) buckets[random.below(10)]!++;
    for (const count of buckets) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('makes version 4 UUIDs', () => {
    expect(uuidText(seededRandom(3).bytes(16))).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });
});
