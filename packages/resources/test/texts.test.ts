import type { Resource } from '@mesolite/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attributesToV0Json,
  defaultResources,
  fillResources,
  formatResource,
  parseAgentResources,
  parseAttributes,
  parseResources,
  Resources,
} from '../src/index.ts';

const parsed = (text: string, role = '*'): string => {
  const result = parseResources(text, role);
  return result.ok ? String(Resources.from(result.value)) : `refused: ${result.error}`;
};

describe('--resources', () => {
  it.each<[string, string]>([
    ['cpus:8;mem:8192;disk:20480;ports:[31000-32000]', 'cpus:8; mem:8192; disk:20480; ports:[31000-32000]'],
    ['cpus : 4 ; mem: 1024', 'cpus:4; mem:1024'],
    ['cpus(web):2;cpus:1;', 'cpus(reservations: [(STATIC,web)]):2; cpus:1'],
    ['cpus(*):2', 'cpus:2'],
    ['zones:{b,a}', 'zones:{a, b}'],
    ['cpus:1;cpus:2', 'cpus:3'],
    ['cpus:0', '{}'],
    ['', '{}'],
    ['cpus', "refused: Bad value for resources, missing or extra ':' in cpus"],
    ['cpus:1:2', "refused: Bad value for resources, missing or extra ':' in cpus:1:2"],
    ['cpus)(:1', 'refused: Bad value for resources, mismatched parentheses in cpus)(:1'],
    ['cpus(web:1', 'refused: Bad value for resources, mismatched parentheses in cpus(web:1'],
    ['cpus:[1-', 'refused: Failed to parse resource cpus value [1- error Mismatched brackets'],
    ['cpus:many', 'refused: Bad type for resource cpus value many type TEXT'],
    ['cpus(-x):1', "refused: Role component '-x' is invalid because it starts with a dash"],
    ['cpus:1;cpus:[1-2]', "refused: Resources with the same name ('cpus') but different types are not allowed"],
  ])('%s', (text, expected) => {
    expect(parsed(text)).toBe(expected);
  });

  it('reserves what names no role to the default role', () => {
    expect(parsed('cpus:1;mem(db):2', 'web')).toBe(
      'cpus(reservations: [(STATIC,web)]):1; mem(reservations: [(STATIC,db)]):2',
    );
  });

  it('keeps zeros, which say that a resource shall not be detected', () => {
    const result = parseResources('cpus:0;gpus:0', '*');
    expect(result.ok && result.value.map(({ name }) => name)).toEqual(['cpus', 'gpus']);
  });

  const json = (...list: object[]): string => ` ${JSON.stringify(list)}`;
  const cpus = { name: 'cpus', type: 'SCALAR', scalar: { value: 1.5 } };
  const disk = (source: object): object => ({ name: 'disk', type: 'SCALAR', scalar: { value: 1 }, disk: { source } });

  it('may be JSON, in either format', () => {
    expect(parsed(json(cpus), 'web')).toBe('cpus(reservations: [(STATIC,web)]):1.5');
    expect(parsed(json({ ...cpus, role: 'db' }), 'web')).toBe('cpus(reservations: [(STATIC,db)]):1.5');
    expect(parsed(json({ ...cpus, reservations: [{ type: 'STATIC', role: 'db' }] }))).toBe(
      'cpus(reservations: [(STATIC,db)]):1.5',
    );
    const disk = {
      name: 'disk',
      type: 'SCALAR',
      scalar: { value: 1 },
      disk: { source: { type: 'MOUNT', mount: { root: '/mnt' } } },
    };
    expect(parsed(json(disk))).toBe('disk[MOUNT:/mnt]:1');
    expect(parsed('[]')).toBe('{}');
  });

  it.each<[string, object]>([
    [
      'Persistent volumes cannot be specified',
      {
        name: 'disk',
        type: 'SCALAR',
        scalar: { value: 1 },
        role: 'a',
        disk: { persistence: { id: 'x' }, volume: { container_path: 'c', mode: 'RW' } },
      },
    ],
    ['Revocable resources cannot be specified', { ...cpus, revocable: {} }],
    ["PATH disk root directory is not specified 'disk[PATH]:1'", disk({ type: 'PATH', path: {} })],
    ["MOUNT disk root directory is not specified 'disk[MOUNT]:1'", disk({ type: 'MOUNT' })],
    ["Unsupported 'DiskInfo.Source.Type' in 'disk[RAW(,i,)]:1'", disk({ type: 'RAW', id: 'i' })],
    ['Dynamic reservations cannot be specified', { ...cpus, reservations: [{ type: 'DYNAMIC', role: 'a' }] }],
    ['value <= 0', { ...cpus, scalar: { value: -1 } }],
    ['Some JSON resources were not formatted properly', { type: 'SCALAR' }],
  ])('JSON: %s', (error, resource) => {
    expect(parsed(json(resource))).toMatch(/^refused: /);
    expect(parsed(json(resource))).toContain(error);
  });

  it('text that only looks like JSON is refused, not thrown', () => {
    expect(parsed('[1-2')).toContain('Some JSON resources were not formatted properly');
    expect(parsed('[{"name": 1}]')).toContain('refused');
  });
});

describe('any text', () => {
  const words = fc.constantFrom(
    ...['cpus', 'ports', 'x', ':', ';', '(', ')', '*', 'a/b', '[', ']', '{', '}', '-', ',', '1', '0.0005', '1e9', '-1'],
    ...['NaN', 'inf', '5-1', '1-3,2-4', '18446744073709551615', '9e15', '\n', ' ', '"', '{"name":"x"}', 'null', 'é'],
  );
  const text = fc.array(words, { maxLength: 14 }).map((list) => list.join(''));
  /** Right but for a word or two. */
  const pairs = fc
    .array(
      fc.tuple(fc.constantFrom('cpus', 'x', 'ports(a)', 'mem( a/b )'), fc.oneof(words, fc.constantFrom('2', '[1-3]'))),
      {
        maxLength: 3,
      },
    )
    .map((list) => list.map((pair) => pair.join(':')).join(';'));

  it('makes valid resources and attributes, or a reason why not', () => {
    let made = 0;
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          pairs,
          text.map((inner) => `[${inner}]`),
          fc.string(),
        ),
        (any) => {
          for (const parse of [parseResources, parseAgentResources]) {
            const result = parse(any, '*');
            if (!result.ok) expect(result.error).not.toBe('');
            else {
              expect(Resources.validate(result.value)).toBeUndefined();
              if (result.value.length > 0) made++;
            }
          }
          const attributes = parseAttributes(any);
          if (!attributes.ok) expect(attributes.error).not.toBe('');
        },
      ),
      { numRuns: 3000 },
    );
    expect(made).toBeGreaterThan(20);
  });

  it.each<[string, string]>([
    ['ports:[5-1]', 'Invalid ranges resource: begin > end'],
    ['ports:[1-18446744073709551615]', 'Invalid ranges resource: bounds must be integers from 0 to 9007199254740991'],
    ['cpus:0.0001', 'Invalid scalar resource: value <= 0'],
    ['cpus:nan', 'Bad type for resource cpus value nan type TEXT'],
    ['cpus:-1', 'Bad type for resource cpus value -1 type TEXT'],
    ['cpus:1e400', 'Bad type for resource cpus value 1e400 type TEXT'],
    ['cpus:1e13', 'Failed to parse resource cpus value 1e13 error Values above 9007199254740 not supported'],
    ['cpus(*/a):1', "Role '*/a' cannot include '*' as a component"],
    ['cpus():1', 'Role names cannot be the empty string'],
    ['set:{a,a}', 'Invalid set resource: duplicated elements'],
  ])('%s is refused', (given, why) => {
    expect(parsed(given)).toBe(`refused: ${why}`);
  });
});

describe('--attributes', () => {
  const attributes = (text: string): unknown => {
    const result = parseAttributes(text);
    return result.ok ? attributesToV0Json(result.value) : `refused: ${result.error}`;
  };

  it.each<[string, unknown]>([
    ['rack:2;gen:[1-3];os:ubuntu', { rack: 2, gen: '[1-3]', os: 'ubuntu' }],
    ['url:http://host:80', { url: 'http://host:80' }],
    ['a:1;a:2', { a: 2 }],
    ['a:1\nb:2', { a: 1, b: 2 }],
    ['', {}],
    ['rack', "refused: Invalid attribute key:value pair 'rack'"],
    [':x', "refused: Invalid attribute key:value pair ':x'"],
    ['x:', "refused: Invalid attribute key:value pair 'x:'"],
    ['x:{a}', 'refused: Bad type for attribute x text {a} type SET'],
    ['x:[1', 'refused: Failed to parse attribute x text [1 error Mismatched brackets'],
  ])('%s', (text, expected) => {
    expect(attributes(text)).toEqual(expected);
  });

  it('keep their order and repeat', () => {
    const result = parseAttributes('b:1;a:2;b:3');
    expect(result.ok && result.value.map(({ name }) => name)).toEqual(['b', 'a', 'b']);
  });
});

describe('what a machine offers by itself', () => {
  const GIB = 2 ** 30;
  const large = { cores: 8, memoryBytes: 16 * GIB, diskBytes: 100 * GIB };

  it('leaves room for the system', () => {
    expect(String(Resources.from(defaultResources(large)))).toBe('cpus:8; mem:15360; disk:97280; ports:[31000-32000]');
    const small = { cores: 1, memoryBytes: 1 * GIB, diskBytes: 4 * GIB };
    expect(String(Resources.from(defaultResources(small)))).toBe('cpus:1; mem:512; disk:2048; ports:[31000-32000]');
  });

  it('fills in only what was not named, in the default role', () => {
    const given = parseResources('cpus:0;mem(db):10', '*');
    const list = fillResources(given.ok ? given.value : [], large, 'web');
    expect(String(Resources.from(list))).toBe(
      'mem(reservations: [(STATIC,db)]):10; disk(reservations: [(STATIC,web)]):97280; ' +
        'ports(reservations: [(STATIC,web)]):[31000-32000]',
    );
  });
});

describe('a disk of its own without a size', () => {
  const GIB = 2 ** 30;
  const disk = (type: string, field: string, root: string): object => ({
    name: 'disk',
    type: 'SCALAR',
    disk: { source: { type, [field]: { root } } },
  });
  const text = JSON.stringify([disk('PATH', 'path', '/p'), disk('PATH', 'path', '/q'), disk('MOUNT', 'mount', '/m')]);

  it('has that of its file system: a mounted one all of it', () => {
    const given = parseAgentResources(text, '*');
    const disks = new Map([
      ['/p', 100 * GIB],
      ['/q', 2 * GIB],
      ['/m', 10 * GIB],
    ]);
    const facts = { cores: 1, memoryBytes: GIB, diskBytes: GIB, disks };
    const list = fillResources(given.ok ? given.value : [], facts, 'web');
    const shown = String(Resources.from(list).filterKind(({ name }) => name === 'disk'));
    expect(shown).toBe('disk[PATH:/p]:97280; disk[PATH:/q]:1024; disk[MOUNT:/m]:10240');
  });

  it('is for agents only, and only for such disks', () => {
    expect(parsed(text)).toContain('refused: Invalid scalar resource');
    for (const given of [
      { name: 'disk', type: 'SCALAR' },
      { name: 'cpus', type: 'SCALAR' },
    ]) {
      expect(parseAgentResources(JSON.stringify([given]), '*')).toEqual({
        ok: false,
        error: 'Invalid scalar resource',
      });
    }
    const rootless = JSON.stringify([{ name: 'disk', type: 'SCALAR', disk: { source: { type: 'PATH', path: {} } } }]);
    expect(parseAgentResources(rootless, '*')).toMatchObject({ ok: false });
  });
});

describe('as one line', () => {
  it.each<[string, Resource]>([
    ['cpus:1.5', { name: 'cpus', type: 'SCALAR', scalar: { value: 1.5 } }],
    [
      'cpus(allocated: web){REV}:0.1',
      { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 }, allocation_info: { role: 'web' }, revocable: {} },
    ],
    [
      'cpus(reservations: [(STATIC,a),(DYNAMIC,a/b,bob,{k: v, l})]):1',
      {
        name: 'cpus',
        type: 'SCALAR',
        scalar: { value: 1 },
        reservations: [
          { type: 'STATIC', role: 'a' },
          {
            type: 'DYNAMIC',
            role: 'a/b',
            principal: 'bob',
            labels: { labels: [{ key: 'k', value: 'v' }, { key: 'l' }] },
          },
        ],
      },
    ],
    [
      'disk[PATH:/p,v1:data]<SHARED>:1',
      {
        name: 'disk',
        type: 'SCALAR',
        scalar: { value: 1 },
        shared: {},
        disk: {
          source: { type: 'PATH', path: { root: '/p' } },
          persistence: { id: 'v1' },
          volume: { container_path: 'data', mode: 'RW' },
        },
      },
    ],
    [
      'disk[RAW(vendor,id,)]:1',
      {
        name: 'disk',
        type: 'SCALAR',
        scalar: { value: 1 },
        disk: { source: { type: 'RAW', vendor: 'vendor', id: 'id' } },
      },
    ],
    [
      'ports:[1-2, 4-4]',
      {
        name: 'ports',
        type: 'RANGES',
        ranges: {
          range: [
            { begin: 1, end: 2 },
            { begin: 4, end: 4 },
          ],
        },
      },
    ],
    ['z:{a}', { name: 'z', type: 'SET', set: { item: ['a'] } }],
  ])('%s', (text, resource) => {
    expect(formatResource(resource)).toBe(text);
  });
});

describe('as the object of v0 endpoints', () => {
  it('always has cpus, gpus, mem and disk, and keeps revocable ones apart', () => {
    expect(Resources.empty.toV0Json()).toEqual({ cpus: 0, gpus: 0, mem: 0, disk: 0 });
    const list: Resource[] = [
      { name: 'cpus', type: 'SCALAR', scalar: { value: 1 } },
      { name: 'cpus', type: 'SCALAR', scalar: { value: 2 }, reservations: [{ type: 'STATIC', role: 'a' }] },
      { name: 'cpus', type: 'SCALAR', scalar: { value: 4 }, revocable: {} },
      {
        name: 'ports',
        type: 'RANGES',
        ranges: {
          range: [
            { begin: 1, end: 2 },
            { begin: 5, end: 6 },
          ],
        },
      },
      { name: 'zones', type: 'SET', set: { item: ['b', 'a'] } },
      { name: 'bandwidth', type: 'SCALAR', scalar: { value: 0.5 } },
    ];
    expect(Resources.from(list).toV0Json()).toEqual({
      cpus: 3,
      gpus: 0,
      mem: 0,
      disk: 0,
      cpus_revocable: 4,
      bandwidth: 0.5,
      ports: '[1-2, 5-6]',
      zones: '{a, b}',
    });
  });
});
