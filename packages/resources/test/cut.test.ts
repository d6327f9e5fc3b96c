import type { Resource } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { Resources } from '../src/index.ts';

const mount: Resource = {
  name: 'disk',
  type: 'SCALAR',
  scalar: { value: 100 },
  disk: { source: { type: 'MOUNT', mount: { root: '/mnt' } } },
};
const disk: Resource = { name: 'disk', type: 'SCALAR', scalar: { value: 50 } };
const cpus: Resource = { name: 'cpus', type: 'SCALAR', scalar: { value: 4 } };
const ports: Resource = { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 1, end: 3 }] } };

describe('resources cut to an allowance', () => {
  const all = Resources.from([mount, disk, cpus, ports]);
  const cut = (allowed: Record<string, number>): string =>
    String(
      all
        .cutTo(
          () => true,
          (name) => (allowed[name] ?? Number.POSITIVE_INFINITY) * 1000,
        )
        .toUnreserved(),
    );

  it('are the very same when everything fits', () => {
    expect(
      all.cutTo(
        () => true,
        () => Number.POSITIVE_INFINITY,
      ),
    ).toBe(all);
    expect(
      all.cutTo(
        () => true,
        (name) => (name === 'disk' ? 150_000 : 4000),
      ),
    ).toBe(all);
  });

  it('lose what is too much of a scalar, and never ranges', () => {
    expect(cut({ cpus: 1.5 })).toContain('cpus:1.5');
    expect(cut({ cpus: 0 })).not.toContain('cpus');
    expect(cut({ cpus: -1, ports: 0 })).toContain('ports:[1-3]');
  });

  it('keep an indivisible disk whole or not at all', () => {
    expect(cut({ disk: 120 })).toMatch(/^disk\[MOUNT:\/mnt\]:100; disk:20; /);
    expect(cut({ disk: 80 })).toMatch(/^disk:50; /);
  });

  it('are left alone where they do not count', () => {
    expect(
      all
        .cutTo(
          (kind) => kind.name === 'cpus',
          () => 0,
        )
        .scalar('disk'),
    ).toBe(150);
  });
});
