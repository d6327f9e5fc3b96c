/** The question as it comes in a URL. Bad ones are refused with a text that names the parameter. */
import { err, MAX_SCALAR, ok, type Result, toMillis } from '@mesolite/base';
import { attributesToV0Json, parseAttributes, roleError } from '@mesolite/resources';

/** Names a size is given in, and their units. */
export const SIZE_NAMES = ['cpus', 'mem', 'disk', 'gpus', 'ports'] as const;

/** Agents, or offers, in one answer; who asks for more is refused. */
export const MAX_EXPLAINED = 1000;
const DEFAULT_EXPLAINED = 100;

export interface Page {
  readonly offset: number;
  readonly limit: number;
}

export interface ExplainQuery extends Page {
  /** Id or name. */
  readonly framework: string | undefined;
  readonly role: string | undefined;
  /** By name; an agent must have all of them. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Thousandths by name (of ports a thousand each); empty: any size. */
  readonly wanted: ReadonlyMap<string, number>;
}

export interface OffersQuery extends Page {
  readonly framework: string | undefined;
}

export function parseExplainQuery(query: URLSearchParams): Result<ExplainQuery> {
  const known = knownOnly(query, ['framework', 'role', ...SIZE_NAMES, 'attributes']);
  if (!known.ok) return known;
  const page = parsePage(query);
  if (!page.ok) return page;
  const role = query.get('role') ?? undefined;
  const badRole = role === undefined ? undefined : roleError(role);
  if (badRole !== undefined) return err(`Invalid 'role' query parameter '${role}': ${badRole}`);
  const wanted = new Map<string, number>();
  for (const name of SIZE_NAMES) {
    const text = query.get(name);
    if (text === null) continue;
    const millis = parseAmount(name, text);
    if (!millis.ok) return millis;
    if (millis.value > 0) wanted.set(name, millis.value);
  }
  const framework = query.get('framework') ?? undefined;
  if (framework === '') return err("Invalid 'framework' query parameter: expecting an id or a name");
  if (framework === undefined && wanted.size === 0)
    return err("Missing 'framework' query parameter, or a size: one of 'cpus', 'mem', 'disk', 'gpus', 'ports' above 0");
  const attributes = parseWantedAttributes(query.get('attributes') ?? '');
  return attributes.ok ? ok({ framework, role, wanted, attributes: attributes.value, ...page.value }) : attributes;
}

export function parseOffersQuery(query: URLSearchParams): Result<OffersQuery> {
  const known = knownOnly(query, ['framework']);
  if (!known.ok) return known;
  const page = parsePage(query);
  return page.ok ? ok({ framework: query.get('framework') ?? undefined, ...page.value }) : page;
}

function knownOnly(query: URLSearchParams, names: readonly string[]): Result<true> {
  const expected = [...names, 'limit', 'offset'];
  for (const name of new Set(query.keys())) {
    if (name === 'jsonp') continue;
    if (!expected.includes(name))
      return err(`Unknown query parameter '${name}': expecting ${expected.map((one) => `'${one}'`).join(', ')}`);
    if (query.getAll(name).length > 1) return err(`Query parameter '${name}' is given more than once`);
  }
  return ok(true);
}

function parsePage(query: URLSearchParams): Result<Page> {
  const offset = parseCount('offset', query.get('offset') ?? '0', Number.MAX_SAFE_INTEGER);
  if (!offset.ok) return offset;
  const limit = parseCount('limit', query.get('limit') ?? `${DEFAULT_EXPLAINED}`, MAX_EXPLAINED);
  return limit.ok ? ok({ offset: offset.value, limit: limit.value }) : limit;
}

function parseCount(name: string, text: string, most: number): Result<number> {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= most) return ok(value);
  return err(`Invalid '${name}' query parameter '${text}': expecting a whole number from 0 to ${most}`);
}

/** `rack:r1;zone:a`, as agents are given theirs. */
function parseWantedAttributes(text: string): Result<ReadonlyMap<string, string>> {
  const parsed = parseAttributes(text);
  if (!parsed.ok) return err(`Invalid 'attributes' query parameter '${text}': ${parsed.error}`);
  return ok(new Map(Object.entries(attributesToV0Json(parsed.value)).map(([name, value]) => [name, `${value}`])));
}

function parseAmount(name: string, text: string): Result<number> {
  const value = /^\d{1,16}(\.\d{1,16})?$/.test(text) ? Number(text) : Number.NaN;
  if (name === 'ports' && !Number.isInteger(value))
    return err(`Invalid 'ports' query parameter '${text}': expecting how many ports, a whole number`);
  if (value <= MAX_SCALAR) return ok(toMillis(value));
  return err(`Invalid '${name}' query parameter '${text}': expecting a number from 0 to ${MAX_SCALAR}`);
}
