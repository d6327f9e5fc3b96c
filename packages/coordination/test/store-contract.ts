/** What every backend of the store must do; run by a test of each. */
import { AssertionError } from '@mesolite/base';
import { describe, expect, it } from 'vitest';
import type { Store, StoreChanges } from '../src/store/store.ts';

export interface StorePlace {
  /** Another holder of the same store. */
  holder(): Store;
}

const bytes = (text: string): Uint8Array => Buffer.from(text);

/** Contents as text, sorted. */
export async function contentsOf(store: Store): Promise<Record<string, string>> {
  const opened = await store.open();
  if (!opened.ok) throw new Error(opened.error.text);
  return Object.fromEntries([...opened.value].sort().map(([key, value]) => [key, Buffer.from(value).toString()]));
}

export function changes(entries: Record<string, string | undefined>): StoreChanges {
  return new Map(Object.entries(entries).map(([key, value]) => [key, value === undefined ? undefined : bytes(value)]));
}

export function describeStore(name: string, makePlace: () => Promise<StorePlace>): void {
  describe(`${name}: as every store`, () => {
    it('is empty at first, and has what was written when it is opened again', async () => {
      const place = await makePlace();
      const first = place.holder();
      expect(await contentsOf(first)).toEqual({});
      expect(await first.write(changes({ 'agents/a': '1', 'agents/b': '2', empty: '' }))).toEqual({
        ok: true,
        value: undefined,
      });
      expect((await first.write(changes({ 'agents/a': '3', 'agents/b': undefined, 'ключ/ü': 'x' }))).ok).toBe(true);
      await first.close();
      expect(await contentsOf(place.holder())).toEqual({ 'agents/a': '3', empty: '', 'ключ/ü': 'x' });
    });

    it.each([
      ['alone', { 'roles/q\ud800': '1' }],
      ['with others', { 'roles/a': '1', 'roles/q\ud800': '2', 'roles/q\ud801': '3' }],
      ['to be removed', { 'roles/q\udc00': undefined }],
    ])('writes nothing when a key is no Unicode: %s', async (_, entries) => {
      const place = await makePlace();
      const store = place.holder();
      await store.open();
      expect((await store.write(changes({ 'roles/b': '1' }))).ok).toBe(true);
      await expect(store.write(changes(entries))).rejects.toThrow(AssertionError);
      expect((await store.write(changes({ 'roles/c': '1' }))).ok).toBe(true);
      await store.close();
      expect(await contentsOf(place.holder())).toEqual({ 'roles/b': '1', 'roles/c': '1' });
    });

    it('takes the removal of what is not there', async () => {
      const place = await makePlace();
      const store = place.holder();
      await store.open();
      expect((await store.write(changes({ nothing: undefined }))).ok).toBe(true);
      await store.close();
      expect(await contentsOf(place.holder())).toEqual({});
    });

    it('keeps many large writes', async () => {
      const place = await makePlace();
      const store = place.holder();
      await store.open();
      const expected: Record<string, string> = {};
      for (let round = 0; round < 12; round++) {
        const batch: Record<string, string | undefined> = {};
        for (let i = 0; i < 100; i++) {
          const key = `agents/${(round * 37 + i) % 500}`;
          const gone = (round + i) % 11 === 0;
          batch[key] = gone ? undefined : `${round}-${i}-`.padEnd(1500, 'x');
          if (gone) delete expected[key];
          else expected[key] = batch[key] as string;
        }
        expect((await store.write(changes(batch))).ok).toBe(true);
      }
      await store.close();
      const sorted = Object.fromEntries(Object.entries(expected).sort());
      expect(await contentsOf(place.holder())).toEqual(sorted);
    });

    it('keeps a write that is larger than what a server takes at once, and an entry that is', async () => {
      const place = await makePlace();
      const store = place.holder();
      await store.open();
      const many: Record<string, string> = {};
      for (let i = 0; i < 2000; i++) many[`machines/${i}`] = `${i}-`.padEnd(1000, 'm');
      expect((await store.write(changes({ before: '1', 'machines/0': 'gone' }))).ok).toBe(true);
      expect((await store.write(changes({ ...many, before: undefined }))).ok).toBe(true);
      expect((await store.write(changes({ large: 'x'.repeat(3_000_000), 'machines/1': undefined }))).ok).toBe(true);
      expect((await store.write(changes({ after: '1' }))).ok).toBe(true);
      await store.close();
      const again = place.holder();
      const { 'machines/1': _, ...left } = many;
      const expected = { ...left, large: 'x'.repeat(3_000_000), after: '1' };
      expect(await contentsOf(again)).toEqual(expected);
      expect((await again.write(changes({ large: 'y'.repeat(1_000_000) }))).ok).toBe(true);
      await again.close();
      expect(await contentsOf(place.holder())).toEqual({ ...expected, large: 'y'.repeat(1_000_000) });
    });

    it('refuses writes of who does not hold it', async () => {
      const place = await makePlace();
      const store = place.holder();
      await store.open();
      await store.close();
      const late = await store.write(changes({ a: '1' }));
      expect(!late.ok && late.error.kind).toBe('fenced');
    });
  });
}

/** For backends that a second holder can open while the first one lives. */
export function describeFence(name: string, makePlace: () => Promise<StorePlace>): void {
  describe(`${name}: two that believe they hold it`, () => {
    it('lets only the later one write', async () => {
      const place = await makePlace();
      const older = place.holder();
      const newer = place.holder();
      await older.open();
      await older.write(changes({ a: 'older' }));
      expect(await contentsOf(newer)).toEqual({ a: 'older' });
      const [late, fresh] = await Promise.all([
        older.write(changes({ a: 'late', b: 'late' })),
        newer.write(changes({ c: 'newer' })),
      ]);
      expect(!late.ok && late.error.kind).toBe('fenced');
      expect(fresh.ok).toBe(true);
      const again = await older.write(changes({ d: 'late' }));
      expect(!again.ok && again.error.kind).toBe('fenced');
      await newer.close();
      expect(await contentsOf(place.holder())).toEqual({ a: 'older', c: 'newer' });
    });
  });
}
