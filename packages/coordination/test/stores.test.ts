/** The stores that need no server. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClassicLevel } from 'classic-level';
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

  /** As LevelDB leaves it when a process has been killed and started again: a table and a log, both with records. */
  async function withTable(): Promise<string> {
    const path = await written();
    const store = open(path);
    await store.open();
    for (let i = 50; i < 70; i++) await store.write(changes({ [`agents/${i}`]: `agent ${i} `.repeat(20) }));
    await store.close();
    const names = await readdir(path);
    expect(names.filter((name) => name.endsWith('.ldb')).length).toBeGreaterThan(0);
    return path;
  }

  async function everyByte(path: string): Promise<Record<string, string>> {
    const files: Record<string, string> = {};
    for (const name of (await readdir(path)).sort())
      files[name] = (await stat(join(path, name)).then(
        (one) => (one.isFile() ? readFile(join(path, name), 'latin1') : 'no file'),
        () => 'dangling',
      )) as string;
    return files;
  }

  /** What it said; afterwards nothing has changed, and nothing is beside it. */
  async function refusal(path: string): Promise<{ kind: string; text: string }> {
    const before = await everyByte(path);
    const beside = await readdir(dirname(path));
    const refused = await open(path).open();
    expect(await everyByte(path)).toEqual(before);
    expect(await readdir(dirname(path))).toEqual(beside);
    if (refused.ok) throw new Error('it was opened');
    return refused.error;
  }

  async function named(path: string, pattern: RegExp): Promise<string> {
    return join(path, (await readdir(path)).filter((name) => pattern.test(name)).at(-1)!);
  }

  async function flip(file: string, share: number): Promise<void> {
    const bytes = await readFile(file);
    const at = Math.floor(bytes.length * share);
    bytes[at] = bytes[at]! ^ 1;
    await writeFile(file, bytes);
  }

  async function inLevelDb(path: string, change: (level: ClassicLevel<string, Uint8Array>) => Promise<void>) {
    const level = new ClassicLevel<string, Uint8Array>(path, { keyEncoding: 'utf8', valueEncoding: 'view' });
    await level.open();
    await change(level);
    await level.close();
  }

  it.each<[string, (path: string) => Promise<unknown>, RegExp]>([
    [
      'a bit flipped in the log',
      async (path) => flip(await named(path, /\.log$/), 0.25),
      /last write was number 70, .*To go on as of write number \d+, remove mesolite\.sequence/,
    ],
    ['a bit flipped in a table', async (path) => flip(await named(path, /\.ldb$/), 0.6), /registry cannot be trusted/],
    ['a table cut off', async (path) => truncate(await named(path, /\.ldb$/), 500), /\d\.ldb/],
    ['a table missing', async (path) => rm(await named(path, /\.ldb$/)), /\d\.ldb/],
    ['no log', async (path) => rm(await named(path, /\.log$/)), /last write was number 70/],
    ['CURRENT flipped', async (path) => flip(join(path, 'CURRENT'), 0.8), /MANIFEST/],
    ['CURRENT empty', async (path) => truncate(join(path, 'CURRENT'), 0), /CURRENT/],
    ['CURRENT missing', async (path) => rm(join(path, 'CURRENT')), /the file CURRENT is missing/],
    [
      'CURRENT dangling',
      async (path) => {
        await rm(join(path, 'CURRENT'));
        await symlink('nowhere', join(path, 'CURRENT'));
      },
      /CURRENT/,
    ],
    ['no manifest', async (path) => rm(await named(path, /^MANIFEST/)), /MANIFEST/],
    ['a manifest cut off', async (path) => truncate(await named(path, /^MANIFEST/), 20), /registry cannot be trusted/],
    [
      'a manifest that is a directory',
      async (path) => {
        const manifest = await named(path, /^MANIFEST/);
        await rm(manifest);
        await mkdir(manifest);
      },
      /MANIFEST/,
    ],
    [
      'a damaged mesolite.sequence',
      async (path) => writeFile(join(path, 'mesolite.sequence'), 'zero\n'),
      /mesolite\.sequence is damaged/,
    ],
    [
      'a record of somebody else',
      async (path) => inLevelDb(path, (level) => level.put('foreign', Buffer.from('hello'))),
      /the record 'foreign' is damaged/,
    ],
    [
      'a record removed',
      async (path) => inLevelDb(path, (level) => level.del('agents/7')),
      /should have 70 records, 69 are readable/,
    ],
  ])('changes nothing when it refuses: %s', async (_, damage, expected) => {
    const path = await withTable();
    await damage(path);
    for (let attempt = 0; attempt < 2; attempt++) {
      const error = await refusal(path);
      expect(error.kind).toBe('corrupt');
      expect(error.text).toContain(`The store at ${path} cannot be trusted: `);
      expect(error.text).toMatch(expected);
      expect(error.text).toContain('Nothing was changed. ');
      expect(error.text).not.toContain('.copy-');
    }
  });

  it('goes on with what can be read when its number of the last write is taken away', async () => {
    const path = await withTable();
    await flip(await named(path, /\.log$/), 0.25);
    const { text } = await refusal(path);
    const last = Number(/To go on as of write number (\d+)/.exec(text)?.[1]);
    await rm(join(path, 'mesolite.sequence'));
    expect(Object.keys(await contentsOf(open(path)))).toHaveLength(last);
  });

  it('is fenced by another process, whose files it leaves as they are', async () => {
    const path = await withTable();
    const other = await holder(path);
    try {
      expect(await refusal(path)).toEqual({
        kind: 'fenced',
        text: `The store at ${path} is in use by another process`,
      });
    } finally {
      const gone = new Promise((resolve) => other.once('exit', resolve));
      other.kill('SIGKILL');
      await gone;
    }
    expect((await open(path).open()).ok).toBe(true);
  });

  /** A process that has the directory open, and is given it before this resolves. */
  async function holder(path: string): Promise<ChildProcess> {
    const script = `
      import { ClassicLevel } from 'classic-level';
      await new ClassicLevel(process.argv[1]).open();
      console.log('open');
      setInterval(() => {}, 1000);`;
    const cwd = fileURLToPath(new URL('.', import.meta.url));
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, path], { cwd });
    await new Promise((resolve, reject) => {
      child.stdout.once('data', resolve);
      child.once('exit', () => reject(new Error('the other process ended')));
    });
    return child;
  }

  it('keeps others out once it is open', async () => {
    const path = await withTable();
    const store = open(path);
    await store.open();
    await expect(holder(path)).rejects.toThrow('the other process ended');
    expect((await store.write(changes({ a: '1' }))).ok).toBe(true);
  });

  it('removes copies that a killed process left, and only those', async () => {
    const path = await written();
    const gone = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => gone.once('exit', resolve));
    const stale = [`registry.copy-${gone.pid}-abcdef`, `registry.copy-${process.pid}-abcdef`];
    const others = [`registry.copy-${process.ppid}-abcdef`, 'registry.copy-of-mine', 'registry.copy-1-of-mine'];
    for (const name of [...stale, ...others]) await mkdir(join(dirname(path), name));
    expect((await open(path).open()).ok).toBe(true);
    expect((await readdir(dirname(path))).sort()).toEqual([...others, 'registry'].sort());
  });

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
      expect(!refused.ok && refused.error.text).toMatch(/mesolite\.sequence: EISDIR/);
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
        const before = await everyByte(copy);
        const result = await store.open();
        if (!result.ok) expect(await everyByte(copy)).toEqual(before);
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
