/** The real disk: whole files or none, in the order of the calls. */
import { mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SystemDisk } from '../src/index.ts';

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'disk-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

const text = (data: Uint8Array | undefined): string | undefined => (data === undefined ? undefined : data.toString());

describe.each([{ strict: false }, { strict: true }])('SystemDisk %j', (options) => {
  it('writes into directories that are not there yet, and leaves nothing else behind', async () => {
    const root = await directory();
    const disk = new SystemDisk(options);
    const path = join(root, 'a/b/c.info');
    expect(await disk.read(path)).toBeUndefined();
    await disk.writeAtomic(path, Buffer.from('one'));
    expect(text(await disk.read(path))).toBe('one');
    expect(await disk.list(join(root, 'a/b'))).toEqual(['c.info']);
    await disk.append(join(root, 'x/updates'), Buffer.from('1'));
    await disk.append(join(root, 'x/updates'), Buffer.from('2'));
    expect(text(await disk.read(join(root, 'x/updates')))).toBe('12');
    await disk.remove(join(root, 'a'));
    await disk.remove(join(root, 'a'));
    expect(await disk.list(join(root, 'a'))).toEqual([]);
    expect(await disk.list(root)).toEqual(['x']);
  });

  it('shows a reader one whole version, never a mixture', async () => {
    const root = await directory();
    const disk = new SystemDisk(options);
    const path = join(root, 'state');
    const version = (i: number): Buffer => Buffer.alloc(200_000, 97 + (i % 26));
    await disk.writeAtomic(path, version(0));
    let writing = true;
    const seen = new Set<number>();
    const reads = (async () => {
      while (writing) {
        const data = await readFile(path);
        expect(data.length).toBe(200_000);
        expect(data.every((byte) => byte === data[0])).toBe(true);
        seen.add(data[0]!);
      }
    })();
    for (let i = 1; i < 40; i++) await disk.writeAtomic(path, version(i));
    writing = false;
    await reads;
    expect(seen.size).toBeGreaterThan(1);
    expect(await readdir(root)).toEqual(['state']);
  });

  it('keeps the order of calls for one path, without being awaited', async () => {
    const root = await directory();
    const disk = new SystemDisk(options);
    const path = join(root, 'state');
    const writes: Promise<void>[] = [];
    for (let i = 0; i < 50; i++) {
      writes.push(disk.writeAtomic(path, Buffer.from(String(i))));
      writes.push(disk.append(join(root, 'log'), Buffer.from(`${i} `)));
    }
    await Promise.all(writes);
    expect(text(await disk.read(path))).toBe('49');
    expect(text(await disk.read(join(root, 'log')))).toBe(`${Array.from({ length: 50 }, (_, i) => i).join(' ')} `);
  });

  it('replaces links whole', async () => {
    const root = await directory();
    const disk = new SystemDisk(options);
    await disk.symlink('one', join(root, 'runs/latest'));
    await disk.symlink('two', join(root, 'runs/latest'));
    expect(await readlink(join(root, 'runs/latest'))).toBe('two');
    expect(await disk.list(join(root, 'runs'))).toEqual(['latest']);
  });

  it('says when it cannot make a directory', async () => {
    const root = await directory();
    const disk = new SystemDisk(options);
    await writeFile(join(root, 'file'), '');
    await expect(disk.makeDirectory(join(root, 'file'))).rejects.toThrow('EEXIST');
    await expect(disk.makeDirectory(join(root, 'file/a'))).rejects.toThrow('ENOTDIR');
    if (process.platform === 'linux') await expect(disk.makeDirectory('/proc/none/a')).rejects.toThrow('ENOENT');
    await Promise.all(['x/y', 'x/y/z', 'x', 'x/y'].map((path) => disk.makeDirectory(join(root, path))));
    expect((await readdir(join(root, 'x'))).sort()).toEqual(['y']);
  });

  it('says when it cannot write, and goes on', async () => {
    const root = await directory();
    const disk = new SystemDisk(options);
    await disk.makeDirectory(join(root, 'taken'));
    await expect(disk.writeAtomic(join(root, 'taken'), Buffer.from('x'))).rejects.toThrow();
    await disk.writeAtomic(join(root, 'free'), Buffer.from('x'));
    expect((await readdir(root)).sort()).toEqual(['free', 'taken']);
    await writeFile(join(root, '.0123abcd-7.tmp'), 'left behind by a crash');
    expect(await disk.list(root)).toEqual(['free', 'taken']);
  });
});
