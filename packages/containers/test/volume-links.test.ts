/** Volumes in a sandbox, on a real disk. */
import {
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContainerVolume } from '../src/index.ts';
import { linkVolumes } from '../src/posix/volume-links.ts';

const isRoot = process.geteuid?.() === 0;
if (!isRoot) console.log('skipped: who owns a volume (only root can give one away)');
let root: string;
let sandbox: string;
let source: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mesolite-volumes-'));
  sandbox = join(root, 'sandbox');
  source = join(root, 'volume');
  mkdirSync(sandbox);
  mkdirSync(source);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const volume = (containerPath = 'data'): ContainerVolume => ({ source, containerPath });
const link = (after: readonly ContainerVolume[], before: readonly ContainerVolume[] = [], used = false) =>
  linkVolumes(sandbox, { before, after, usedElsewhere: () => used });

describe('volumes of a container', () => {
  it('are links in its sandbox, made once', () => {
    expect(link([volume()])).toMatchObject({ ok: true });
    expect(readlinkSync(join(sandbox, 'data'))).toBe(source);
    expect(link([volume()])).toMatchObject({ ok: true });
  });

  it('go when they are no longer wanted, and their data does not', () => {
    link([volume()]);
    writeFileSync(join(sandbox, 'data', 'file'), 'kept');
    expect(link([], [volume()])).toMatchObject({ ok: true });
    expect(lstatSync(join(sandbox, 'data'), { throwIfNoEntry: false })).toBeUndefined();
    expect(statSync(join(source, 'file')).size).toBe(4);
    expect(link([], [volume()])).toMatchObject({ ok: true });
  });

  it('never replace what is in the sandbox already', () => {
    writeFileSync(join(sandbox, 'data'), '');
    const refused = link([volume()]);
    expect(refused.ok ? '' : refused.error).toContain(`'${join(sandbox, 'data')}' exists already`);
    symlinkSync('/etc', join(sandbox, 'other'));
    expect(link([volume('other')])).toMatchObject({ ok: false });
    expect(readlinkSync(join(sandbox, 'other'))).toBe('/etc');
  });

  it.each(['', '.', '..', 'a/b', '/data', '../data', 'a\0b'])('cannot be at %j', (path) => {
    const refused = link([volume(path)]);
    expect(refused.ok ? '' : refused.error).toContain('must be a single name in the sandbox');
  });

  it('must exist', () => {
    rmSync(source, { recursive: true });
    const refused = link([volume()]);
    expect(refused.ok ? '' : refused.error).toContain(`Failed to link the persistent volume at '${source}'`);
  });

  it.skipIf(!isRoot)('belong to whoever owns the sandbox, unless somebody else uses them or root asks', () => {
    const owner = (): number => statSync(source).uid;
    chownSync(source, 1, 1);
    link([volume('by-root')]);
    expect(owner()).toBe(1);
    chownSync(sandbox, 65534, 65534);
    link([volume('shared')], [], true);
    expect(owner()).toBe(1);
    link([volume()]);
    expect([owner(), statSync(source).gid]).toEqual([65534, 65534]);
  });
});
