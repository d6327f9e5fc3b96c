/**
 * Ways to spoil a request, drawn from a seeded stream: of bytes, of JSON structure, of headers, paths and queries. Pure:
 * one seed gives the same requests again.
 */

const TEXTS = [
  '',
  '.',
  '..',
  '../..',
  'a/b',
  '%2e%2e%2f',
  '\u0000',
  'ä\u2028\uD800',
  '*',
  '__proto__',
  'constructor',
  'x'.repeat(5_000),
  '$HOME`id`',
  '1e400',
  '-0',
  'null',
];
const NUMBERS = [0, -1, 1, 0.1, -0.5, 1e9, 4294967295, 4294967296, 2 ** 53, 2 ** 63, 1e300, -1e300];
const VALUES = [null, true, false, [], {}, [[]], [null], { value: null }, { value: {} }];

export function pick(random, list) {
  return list[random.below(list.length)];
}

/** A value of some other type or size than one would expect. */
function oddValue(random) {
  switch (random.below(4)) {
    case 0:
      return pick(random, TEXTS);
    case 1:
      return pick(random, NUMBERS);
    case 2:
      // A copy: what is put in may be spoiled again.
      return structuredClone(pick(random, VALUES));
    default:
      return nested(5 + random.below(300));
  }
}

function nested(depth) {
  let value = 1;
  for (let i = 0; i < depth; i += 1) value = i % 2 === 0 ? [value] : { value };
  return value;
}

/** Every place in a JSON value that can be changed: `[holder, key]`. */
function places(value, found = []) {
  if (value === null || typeof value !== 'object') return found;
  for (const key of Object.keys(value)) {
    found.push([value, key]);
    places(value[key], found);
  }
  return found;
}

/** JSON text with one to three places changed: another value, another name, gone, doubled. */
export function mutateJson(random, text) {
  const root = { root: JSON.parse(text) };
  for (let times = 1 + random.below(3); times > 0; times -= 1) {
    const [holder, key] = pick(random, places(root));
    switch (random.below(5)) {
      case 0:
        delete holder[key];
        break;
      case 1:
        if (holder !== root && !Array.isArray(holder)) holder[pick(random, TEXTS).slice(0, 50)] = holder[key];
        break;
      case 2:
        holder[key] = Array.isArray(holder[key]) ? [...holder[key], ...holder[key]] : [holder[key], holder[key]];
        break;
      default:
        holder[key] = oddValue(random);
    }
    if (root.root === undefined) return '';
  }
  return JSON.stringify(root.root) ?? '';
}

/** Bytes with bits flipped, a piece cut off, taken out, doubled or put in. */
export function mutateBytes(random, bytes) {
  const result = Buffer.from(bytes);
  if (result.length === 0) return Buffer.from(random.bytes(random.below(40)));
  const from = random.below(result.length);
  const length = 1 + random.below(Math.min(64, result.length));
  const piece = result.subarray(from, from + length);
  switch (random.below(7)) {
    case 0:
      return result.subarray(0, from);
    case 1:
      return Buffer.concat([result.subarray(0, from), result.subarray(from + length)]);
    case 2:
      return Buffer.concat([result.subarray(0, from), piece, result.subarray(from)]);
    case 3:
      return Buffer.concat([result.subarray(0, from), random.bytes(1 + random.below(12)), result.subarray(from)]);
    case 4:
      // A length or number of all ones, as long as protobuf allows and longer.
      return Buffer.concat([result.subarray(0, from), Buffer.alloc(1 + random.below(11), 0xff), result.subarray(from)]);
    default:
      for (let flips = 1 + random.below(4); flips > 0; flips -= 1)
        result[random.below(result.length)] ^= 1 << random.below(8);
      return result;
  }
}

const MEDIA = [
  'application/json',
  'application/x-protobuf',
  'application/json; charset=utf-8',
  'text/plain',
  '*/*',
  'application/*;q=0.1',
  ';;;',
  'x'.repeat(3_000),
  'application/recordio',
];

/** Headers with one of those that matter changed, missing or strange. */
export function mutateHeaders(random, headers) {
  const result = { ...headers };
  const name = pick(random, [
    'Content-Type',
    'Accept',
    'Mesos-Stream-Id',
    'Authorization',
    'Expect',
    'Content-Encoding',
  ]);
  if (random.below(3) === 0) delete result[name];
  else if (name === 'Authorization')
    result[name] = pick(random, ['Basic', 'Basic ====', 'Bearer a.b.c', 'Basic Tm9uZTpOb25l']);
  else if (name === 'Expect') result[name] = pick(random, ['100-continue', 'miracles']);
  else if (name === 'Content-Encoding') result[name] = pick(random, ['gzip', 'br', 'identity']);
  else if (name === 'Mesos-Stream-Id') result[name] = pick(random, ['x', '', '../..', 'y'.repeat(2_000)]);
  else result[name] = pick(random, MEDIA);
  return result;
}

const STEPS = [
  '/',
  '//',
  '/..',
  '/../..',
  '/%2e%2e',
  '/%2f',
  '/%00',
  '/.',
  '/%ff',
  '/x',
  '/é',
  `/${'y'.repeat(2_000)}`,
  '/api/v1',
  '?',
  '#x',
];

/** A path that is longer, doubled, escaped or otherwise not quite what it was. Never contains blanks or line ends. */
export function mutatePath(random, path) {
  switch (random.below(5)) {
    case 0:
      return path + encodeURI(pick(random, STEPS));
    case 1:
      return encodeURI(pick(random, STEPS)) + path;
    case 2:
      return `${pick(random, ['/master', '/slave(1)', '/files', '/nobody', '/master/master'])}${path}`;
    case 3:
      return path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
    default:
      return path.slice(0, 1 + random.below(path.length));
  }
}

const PARAMETERS = {
  path: [
    '/etc/passwd',
    '../../../../etc/passwd',
    '/master/log/../../../etc/passwd',
    '..',
    '',
    '/',
    '/slave/log',
    'a%00b',
    '/frameworks/..',
  ],
  offset: ['0', '-1', '1e99', 'NaN', '99999999999999999999', 'x', '', '0x10'],
  length: ['0', '-1', '1e99', '99999999999999999999', 'x', '10'],
  jsonp: ['f', '<script>', '', 'a(b'],
  limit: ['-1', '0', '1', 'x', '99999999999'],
  order: ['asc', 'des', 'x'],
  task_id: ['x', '..', ''],
  framework_id: ['x', '..', ''],
  frameworkId: ['x', ''],
  level: ['0', '-1', '99', 'x'],
  duration: ['1secs', '-1secs', 'x', '1e99weeks'],
  timeout: ['1secs', 'x', '-5mins', '0ns'],
};

/** A query of up to four parameters that endpoints know, with values they should not like. */
export function oddQuery(random) {
  const names = Object.keys(PARAMETERS);
  const parts = Array.from({ length: random.below(5) }, () => {
    const name = pick(random, names);
    return `${name}=${encodeURI(pick(random, PARAMETERS[name]))}`;
  });
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}
