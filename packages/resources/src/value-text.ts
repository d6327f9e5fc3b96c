/** The text grammar of values: `[1-3,5-9]` ranges, `{a,b}` set, a number, else text. Spaces mean nothing. */
import { err, MAX_SCALAR, ok, type Result } from '@mesolite/base';
import type { Value, ValueRange } from '@mesolite/wire';
import { expandRanges, flattenRanges } from './value-ranges.ts';

const SMALLEST_NORMAL = 2 ** -1022;

/** The value a text denotes. The error names the rule, not the text: the caller names that. */
export function parseValue(text: string): Result<Value> {
  const compact = text.replaceAll(' ', '').trim();
  if (compact === '') return err('Expecting non-empty string');
  for (const pair of ['{}', '[]', '()']) if (!matches(compact, pair)) return err('Mismatched brackets');
  if (compact.startsWith('[')) return parseRanges(compact);
  if (compact.includes('[')) return err("Unexpected '[' found");
  if (compact.startsWith('{')) return parseSet(compact);
  if (compact.includes('{')) return err("Unexpected '{' found");
  const number = parseNumber(compact);
  if (number === undefined || !Number.isFinite(number) || number < 0)
    return ok({ type: 'TEXT', text: { value: compact } });
  if (number > 0 && number < SMALLEST_NORMAL) return err('Subnormal values not supported');
  if (number > MAX_SCALAR) return err(`Values above ${MAX_SCALAR} not supported`);
  return ok({ type: 'SCALAR', scalar: { value: number } });
}

/** A decimal number with an optional exponent, or a hexadecimal integer. */
function parseNumber(text: string): number | undefined {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) || /^0x[0-9a-f]+$/i.test(text)) return Number(text);
  return undefined;
}

function parseRanges(text: string): Result<Value> {
  if (!text.endsWith(']')) return err(`Unexpected text after ']'`);
  const ranges: ValueRange[] = [];
  for (const token of tokens(text)) {
    const parts = /^([^-]+)-([^-]+)$/.exec(token);
    if (parts === null) return err('Expecting one or more "ranges"');
    if (!/^\d+$/.test(parts[1]!) || !/^\d+$/.test(parts[2]!))
      return err(`Expecting non-negative integers in '${token}'`);
    ranges.push({ begin: Number(parts[1]), end: Number(parts[2]) });
  }
  // A reversed range is left for validation to name.
  const reversed = ranges.some(({ begin, end }) => begin > end);
  return ok({ type: 'RANGES', ranges: { range: reversed ? ranges : expandRanges(flattenRanges(ranges)) } });
}

function parseSet(text: string): Result<Value> {
  if (!text.endsWith('}')) return err(`Unexpected text after '}'`);
  return ok({ type: 'SET', set: { item: tokens(text) } });
}

function tokens(text: string): string[] {
  return text
    .slice(1, -1)
    .split(/[,\n]/)
    .filter((token) => token !== '');
}

function matches(text: string, pair: string): boolean {
  let depth = 0;
  for (const c of text) {
    if (c === pair[0]) depth++;
    else if (c === pair[1] && --depth < 0) return false;
  }
  return depth === 0;
}
