/** The stores that need no server. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { LevelStore } from '../src/store/level-store.ts';
import { MemoryShelf, MemoryStore } from '../src/store/memory-store.ts';
import { changes, contentsOf, describeFence, describeStore, type StorePlace } from './store-contract.ts';

const made: string[] = [];
const opened: LevelStore[] = [];

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'mesolite-store-'));
  made.push(path);
  return path;
}

function open(path: string): LevelStore {
  const store = new LevelStore(path);
  opened.push(store);
  return store;
}

afterAll(async () => {
  for (const store of opened) await store.close();
  for (const path of made) await rm(path, { recursive: true, force: true });
});

async function levelPlace(): Promise<StorePlace> {
  const path = await directory();
  return { holder: () => open(join(path, 'registry')) };
}

async function memoryPlace(): Promise<StorePlace> {
  const shelf = new MemoryShelf();
  return { holder: () => new MemoryStore(shelf) };
}

describeStore('memory', memoryPlace);
describeFence('memory', memoryPlace);
describeStore('LevelDB', levelPlace);

describe('LevelDB', () => {
  async function written(): Promise<string> {
    const path = join(await directory(), 'registry');
    const store = open(path);
    await store.open();
    for (let i = 0; i < 50; i++) await store.write(changes({ [`agents/${i}`]: `agent ${i} `.repeat(20) }));
    await store.close();
    return path;
  }

  it('is held by one at a time', async () => {
    const path = join(await directory(), 'registry');
    const first = open(path);
    await first.open();
    const second = await open(path).open();
    expect(!second.ok && second.error.kind).toBe('fenced');
    expect((await first.write(changes({ a: '1' }))).ok).toBe(true);
  });

  it('refuses a file of its own that cannot be read, and lets go of the store', async () => {
    const path = await written();
    await rm(join(path, 'mesolite.sequence'));
    await mkdir(join(path, 'mesolite.sequence'));
    for (let attempt = 0; attempt < 2; attempt++) {
      const refused = await open(path).open();
      expect(!refused.ok && refused.error.text).toContain('EISDIR');
    }
  });

  it("leaves another program's directory alone", async () => {
    const path = await directory();
    await writeFile(join(path, 'important.txt'), 'text');
    const refused = await open(path).open();
    expect(!refused.ok && refused.error).toMatchObject({
      kind: 'corrupt',
      text: expect.stringContaining('important.txt'),
    });
    expect(await readdir(path)).toEqual(['important.txt']);
  });

  it('notices every altered byte of what counts, says which store, and changes nothing', async () => {
    const path = await written();
    const names = (await readdir(path)).filter((name) => /^(\d+\.(log|ldb)|MANIFEST-\d+|CURRENT)$/.test(name));
    expect(names.some((name) => name.endsWith('.log') || name.endsWith('.ldb'))).toBe(true);
    let noticed = 0;
    for (const name of names.filter((each) => each.endsWith('.log') || each.endsWith('.ldb'))) {
      const copy = join(await directory(), 'registry');
      const good = await readFile(join(path, name));
      for (let at = 11; at < good.length; at += Math.ceil(good.length / 25)) {
        await rm(copy, { recursive: true, force: true });
        await cp(path, copy, { recursive: true });
        const bad = Buffer.from(good);
        bad[at] = bad[at]! ^ 0x40;
        await writeFile(join(copy, name), bad);
        const store = open(copy);
        const result = await store.open();
        if (result.ok) {
          // Only where the byte meant nothing: then everything is as it was.
          expect(result.value.size).toBe(50);
        } else {
          expect(result.error.kind).toBe('corrupt');
          expect(result.error.text).toContain(copy);
          noticed++;
        }
        await store.close();
      }
    }
    expect(noticed).toBeGreaterThan(20);
  });

  it('has the last write that was confirmed when its log is cut off behind it', async () => {
    const path = join(await directory(), 'registry');
    const store = open(path);
    await store.open();
    await store.write(changes({ a: '1' }));
    const [log] = (await readdir(path)).filter((name) => name.endsWith('.log'));
    const durable = (await readFile(join(path, log!))).length;
    await store.write(changes({ b: '2' }));
    await store.close();
    // As when the machine stops in the middle of the second write.
    const whole = await readFile(join(path, log!));
    await writeFile(join(path, log!), whole.subarray(0, durable + 9));
    await writeFile(join(path, 'mesolite.sequence'), '0000000000000001\n');
    expect(await contentsOf(open(path))).toEqual({ a: '1' });
  });
});
