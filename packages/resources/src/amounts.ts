/**
 * Amounts by name: `[name, thousandths]` pairs sorted by name, each name once. The common ground of quantities and
 * limits, which differ in what a missing name means. Every function expects and answers that form, changes no argument.
 */
import { err, fromMillis, ok, type Result, toMillis } from '@mesolite/base';
import type { ValueScalar } from '@mesolite/wire';
import { parseValue } from './value-text.ts';

export type Amount = readonly [name: string, millis: number];
export type Amounts = readonly Amount[];

export const NO_AMOUNTS: Amounts = [];

/** Sorted; no name may appear twice. */
export function sortAmounts(list: Iterable<Amount>): Amounts {
  return [...list].sort((a, b) => (a[0] < b[0] ? -1 : 1));
}

/** Thousandths of `name`, if it is there. */
export function amountOf(amounts: Amounts, name: string): number | undefined {
  for (const [known, millis] of amounts) if (known === name) return millis;
  return undefined;
}

/** One pass over the names of both; what `combine` answers nothing for is left out. */
export function mergeAmounts(
  left: Amounts,
  right: Amounts,
  combine: (left: number | undefined, right: number | undefined) => number | undefined,
): Amounts {
  const merged: Amount[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    const l = left[i];
    const r = right[j];
    const name = r === undefined || (l !== undefined && l[0] < r[0]) ? l![0] : r[0];
    const fromLeft = l?.[0] === name ? l[1] : undefined;
    const fromRight = r?.[0] === name ? r[1] : undefined;
    if (fromLeft !== undefined) i++;
    if (fromRight !== undefined) j++;
    const millis = combine(fromLeft, fromRight);
    if (millis !== undefined) merged.push([name, millis]);
  }
  return merged;
}

export function equalAmounts(left: Amounts, right: Amounts): boolean {
  if (left.length !== right.length) return false;
  return left.every(([name, millis], i) => right[i]![0] === name && right[i]![1] === millis);
}

/**
 * The pairs of `cpus:1;mem:512`, in the order given. Quantities may repeat a name, limits may not. Error texts are
 * those of the original.
 */
export function parseAmounts(text: string, what: 'quantity' | 'limit'): Result<Amount[]> {
  const amounts: Amount[] = [];
  for (const token of text.split(';').filter((part) => part !== '')) {
    const pair = token.split(':').filter((part) => part !== '');
    if (pair.length !== 2) return err(`Failed to parse '${token}': missing or extra ':'`);
    const [name, valueText] = pair as [string, string];
    const parsed = parseValue(valueText);
    if (!parsed.ok) return err(`Failed to parse '${valueText}' to ${what}: ${parsed.error}`);
    if (parsed.value.type !== 'SCALAR')
      return err(`Failed to parse '${valueText}' to ${what}: only scalar values are allowed`);
    if (what === 'limit' && amountOf(amounts, name.trim()) !== undefined)
      return err(`Failed to parse '${valueText}' to limit: duplicate names are not allowed`);
    amounts.push([name.trim(), toMillis(parsed.value.scalar?.value ?? 0)]);
  }
  return ok(amounts);
}

/** The pairs of a protocol map, sorted. */
export function amountsOfMap(map: Readonly<Record<string, ValueScalar>> | undefined): Amounts {
  return sortAmounts(Object.entries(map ?? {}).map(([name, { value }]) => [name, toMillis(value)] as const));
}

export function mapOfAmounts(amounts: Amounts): Record<string, ValueScalar> {
  return Object.fromEntries(amounts.map(([name, millis]) => [name, { value: fromMillis(millis) }]));
}

/** `cpus:1; mem:512`, or `{}`. */
export function formatAmounts(amounts: Amounts): string {
  return amounts.length === 0 ? '{}' : amounts.map(([name, millis]) => `${name}:${fromMillis(millis)}`).join('; ');
}
