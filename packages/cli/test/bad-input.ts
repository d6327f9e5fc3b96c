/** What may not be asked of a cluster, each with what the answer must say. Amounts may be those that JSON has no words for. */
import type { Resource, SchedulerAttributeConstraint, WeightInfo } from '@mesolite/wire';

export const ROLE = 'dev';
export const DYNAMIC: NonNullable<Resource['reservations']> = [{ type: 'DYNAMIC', role: ROLE }];

export function scalar(name: string, value: number): Resource {
  return { name, type: 'SCALAR', scalar: { value }, reservations: DYNAMIC };
}

export function range(name: string, ...list: (readonly [begin: number, end: number])[]): Resource {
  return {
    name,
    type: 'RANGES',
    ranges: { range: list.map(([begin, end]) => ({ begin, end })) },
    reservations: DYNAMIC,
  };
}

export function volume(id: string, value: number): Resource {
  return { ...scalar('disk', value), disk: { persistence: { id }, volume: { mode: 'RW', container_path: 'data' } } };
}

/** Role names that break a rule each. */
export const ILLEGAL_ROLES: readonly (readonly [role: string, says: RegExp])[] = [
  ['', /empty string/],
  ['/a', /start with a slash/],
  ['a/', /end with a slash/],
  ['a//b', /two adjacent slashes/],
  ['.', /'\.' as a component/],
  ['a/..', /'\.\.' as a component/],
  ['a/*', /'\*' as a component/],
  ['-a', /starts with a dash/],
  ['a/-b', /starts with a dash/],
  ['a b', /backspace or whitespace/],
  ['a\tb', /backspace or whitespace/],
  ['a\nb', /backspace or whitespace/],
  ['a\x0bb', /backspace or whitespace/],
  ['a\x0cb', /backspace or whitespace/],
  ['a\rb', /backspace or whitespace/],
  ['a\x7fb', /backspace or whitespace/],
  ['\x00', /control character or backslash/],
  ['a\x00b', /control character or backslash/],
  ['a/b\x1b', /control character or backslash/],
  ['a\\b', /control character or backslash/],
  ['a\u{fffd}b', /not valid UTF-8/],
  ['x'.repeat(256), /'x{40}…' is longer than 255 bytes/],
  [`y/${'x'.repeat(254)}`, /'y\/x{38}…' is longer than 255 bytes/],
  ['ä'.repeat(128), /'ä{40}…' is longer than 255 bytes/],
];

/** What stands for no character where JSON has it in a string, with other characters around it. */
export const LONE_SURROGATES: readonly (readonly [what: string, escaped: string])[] = [
  ['a first half alone', 'q\\ud800'],
  ['another first half', 'q\\udbffr'],
  ['a first half before a character', 'q\\ud800\\u0041'],
  ['a first half twice', '\\ud800\\ud800'],
  ['a second half alone', 'q\\udc00'],
  ['the halves in the wrong order', '\\udc00\\ud800'],
  ['a first half behind a backslash', '\\\\\\ud801'],
];

/** Resources that make no sense by themselves. */
export const BAD_RESOURCES: readonly (readonly [what: string, resource: Resource, says: RegExp])[] = [
  ['a negative scalar', scalar('cpus', -1), /cpus.*value <= 0/],
  ['a scalar below a thousandth', scalar('cpus', 0.0001), /cpus.*value <= 0/],
  ['not a number', scalar('mem', Number.NaN), /value/],
  ['an infinite scalar', scalar('mem', Number.POSITIVE_INFINITY), /value/],
  ['a negative infinite scalar', scalar('mem', Number.NEGATIVE_INFINITY), /value/],
  ['a reversed range', range('ports', [31010, 31000]), /ports.*begin > end/],
  ['overlapping ranges', range('ports', [31000, 31010], [31005, 31020]), /ports.*overlapping ranges/],
  ['overlapping ranges out of order', range('ports', [31005, 31020], [31000, 31010]), /ports.*overlapping ranges/],
  ['ranges that share an end', range('ports', [31000, 31010], [31010, 31020]), /ports.*overlapping ranges/],
  [
    'a set with an item twice',
    { name: 'zones', type: 'SET', set: { item: ['a', 'b', 'a'] }, reservations: DYNAMIC },
    /zones.*duplicated elements/,
  ],
  [
    'a scalar without an amount',
    { name: 'cpus', type: 'SCALAR', reservations: DYNAMIC },
    /cpus.*Invalid scalar resource/,
  ],
  [
    'a scalar with ranges',
    { ...range('cpus', [1, 2]), type: 'SCALAR', scalar: { value: 1 } },
    /cpus.*Invalid scalar resource/,
  ],
  ['ranges with a scalar', { ...range('ports', [1, 2]), scalar: { value: 1 } }, /ports.*Invalid ranges resource/],
  ['ranges without any', { name: 'ports', type: 'RANGES', reservations: DYNAMIC }, /ports.*Invalid ranges resource/],
  ['a set without items', { name: 'zones', type: 'SET', reservations: DYNAMIC }, /zones.*Invalid set resource/],
  ['a text', { name: 'words', type: 'TEXT', reservations: DYNAMIC }, /words.*Unsupported resource type/],
  ['no name', scalar('', 1), /Empty resource name/],
  ['a disk that is none', { ...scalar('mem', 1), disk: { persistence: { id: 'v' } } }, /DiskInfo.*mem/],
  ['cpus to share', { ...scalar('cpus', 1), shared: {} }, /cpus cannot be shared/],
  ['disk to share', { ...scalar('disk', 1), shared: {} }, /persistent volumes can be shared/],
  [
    'a reservation of no type',
    { ...scalar('cpus', 1), reservations: [{ role: ROLE }] },
    /ReservationInfo\.type' field must be set/,
  ],
  [
    'a reservation for nobody',
    { ...scalar('cpus', 1), reservations: [{ type: 'DYNAMIC' }] },
    /ReservationInfo\.role' field must be set/,
  ],
  [
    'a reservation for everybody',
    { ...scalar('cpus', 1), reservations: [{ type: 'DYNAMIC', role: '*' }] },
    /role "\*" cannot be reserved/,
  ],
  [
    'a refinement that is static',
    { ...scalar('cpus', 1), reservations: [...DYNAMIC, { type: 'STATIC', role: `${ROLE}/x` }] },
    /refined reservation cannot be STATIC/,
  ],
  [
    'a refinement for another role',
    { ...scalar('cpus', 1), reservations: [...DYNAMIC, { type: 'DYNAMIC', role: 'ops' }] },
    /'ops' is not a refinement of 'dev'/,
  ],
  ['a role that is not the reserved one', { ...scalar('cpus', 1), role: 'ops' }, /'Resource\.role'.*'ops'/],
];

/** Values of `--resources` that no agent starts with. */
export const BAD_RESOURCE_FLAGS: readonly (readonly [text: string, says: RegExp])[] = [
  ['cpus:-1', /cpus/],
  ['cpus:nan', /cpus/],
  ['cpus:inf', /cpus/],
  ['cpus:1e999', /cpus/],
  ['cpus:0.0001', /value <= 0/],
  ['cpus:4;cpus:[1-2]', /'cpus'.*different types/],
  ['ports:[31010-31000]', /begin > end/],
  ['ports:[1-2', /ports.*[Mm]ismatched/],
  ['ports:[1-]', /ports.*ranges/],
  ['ports:[a-b]', /integers/],
  ['zones:{a,b,a}', /duplicated elements/],
  ['words:some', /words.*type TEXT/],
  ['cpus', /missing or extra ':'/],
  ['cpus:1:2', /missing or extra ':'/],
  [':1', /missing or extra ':'/],
  ['cpus)dev(:1', /mismatched parentheses/],
];

export const BAD_WEIGHTS: readonly (readonly [what: string, weights: readonly WeightInfo[], says: RegExp])[] = [
  ['0', [{ role: ROLE, weight: 0 }], /'dev'.*weight '0'.*positive/],
  ['less than 0', [{ role: ROLE, weight: -2.5 }], /'dev'.*weight '-2.5'.*positive/],
  ['not a number', [{ role: ROLE, weight: Number.NaN }], /weight/],
  ['infinite', [{ role: ROLE, weight: Number.POSITIVE_INFINITY }], /weight/],
  [
    '0 of the second of two',
    [
      { role: 'one', weight: 3 },
      { role: 'two', weight: 0 },
    ],
    /'two'.*weight '0'/,
  ],
  ['for nobody', [{ weight: 1 }], /empty string/],
  [
    'for more roles than one call may name',
    Array.from({ length: 4001 }, (_, i) => ({ role: `r${i}`, weight: 1 })),
    /'weight_infos' has more than 4000 roles/,
  ],
];

/** One more than an operation may name. */
export const TOO_MANY = 1001;

/** Amounts that neither a guarantee nor a limit may be. */
export const BAD_AMOUNTS: readonly (readonly [what: string, name: string, value: number, says: RegExp])[] = [
  ['negative', 'cpus', -1, /'cpus': -1.*Negative values/],
  ['not a number', 'cpus', Number.NaN, /cpus.*(NaN|number)|value/],
  ['infinite', 'cpus', Number.POSITIVE_INFINITY, /cpus|value/],
  ['negative infinite', 'cpus', Number.NEGATIVE_INFINITY, /cpus|value/],
  ['subnormal', 'cpus', 5e-324, /cpus.*Subnormal values/],
  ['beyond a trillion', 'cpus', 1e12 + 1, /'cpus'.*trillion/],
  ['beyond an exabyte', 'mem', 2 ** 40 + 1, /'mem'.*exabyte/],
];

/** What the old form of quota may not guarantee. */
export const BAD_GUARANTEES: readonly (readonly [what: string, guarantee: readonly Resource[], says: RegExp])[] = [
  ['nothing', [], /empty 'guarantee'/],
  ['what is reserved', [scalar('cpus', 1)], /ReservationInfo/],
  ['a disk', [{ ...bare('disk', 1), disk: { source: { type: 'PATH' } } }], /DiskInfo/],
  ['what can be revoked', [{ ...bare('cpus', 1), revocable: {} }], /RevocableInfo/],
  ['ports', [{ name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 1, end: 2 }] } }], /non-scalar/],
  ['cpus twice', [bare('cpus', 1), bare('cpus', 2)], /duplicate resource name 'cpus'/],
  ['less than nothing', [bare('cpus', -1)], /cpus.*value <= 0/],
];

export function bare(name: string, value: number): Resource {
  return { name, type: 'SCALAR', scalar: { value } };
}

/** Patterns that are refused. */
export const BAD_PATTERNS: readonly (readonly [what: string, regex: string])[] = [
  ['an open parenthesis', '(a'],
  ['an open class', '[a'],
  ['a reversed class', '[b-a]'],
  ['nothing to repeat', '*a'],
  ['a backslash at the end', 'a\\'],
  ['a reference to a group', '(a+)\\1'],
  ['a look ahead', 'a(?=b)'],
  ['a look behind', '(?<=a)b'],
  ['more repetitions than are counted', 'a{2000}'],
  ['repetitions of repetitions', '((a{0,100}){0,100}){0,100}'],
  ['a program too large', '(abc|def){300}'],
  ['a text too large', 'a'.repeat(100_000)],
  ['a repetition many times over', 'a{1000}'.repeat(585)],
  ['a choice of repetitions', 'a{99}|b{98}|'.repeat(340)],
  ['more properties than are compiled in time', '\\pL|'.repeat(1023)],
  ['wider classes than are folded in time', `(?i)[${'a-\u{ffff}'.repeat(800)}]`],
];

/** Patterns that are fine, and on which an engine that goes back would never end. */
export const SLOW_PATTERNS: readonly string[] = ['(a+)+$', '(a|a)*b', '(a*)*b', '([a-z]+)*1', '(.*)(.*)(.*)(.*)x'];

export const SLOW_TEXT = `${'a'.repeat(2000)}!`;

type Constraint = Partial<SchedulerAttributeConstraint>;

/** Constraints that are wrong whatever their patterns. */
export const BAD_CONSTRAINTS: readonly (readonly [what: string, constraint: Constraint, says: RegExp])[] = [
  ['no selector', { selector: {}, predicate: { exists: {} } }, /Selector/],
  ['no predicate', { selector: { attribute_name: 'rack' }, predicate: {} }, /predicate/],
];
