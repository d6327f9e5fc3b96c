/**
 * Ranges of non-negative integers as one flat sorted array `[begin, end, begin, end, …]`, bounds inclusive, disjoint
 * and coalesced (neighbours touch nowhere). Every function expects and answers that form and changes no argument.
 */
import type { ValueRange } from '@mesolite/wire';

export type FlatRanges = readonly number[];

export const NO_RANGES: FlatRanges = [];

/** The flat form of `list`, in any order, overlapping or touching. No item may have begin > end. */
export function flattenRanges(list: readonly ValueRange[] | undefined): FlatRanges {
  if (list === undefined || list.length === 0) return NO_RANGES;
  if (list.length === 1) return [list[0]!.begin, list[0]!.end];
  const flat: number[] = [];
  for (const range of [...list].sort((a, b) => a.begin - b.begin)) append(flat, range.begin, range.end);
  return flat;
}

export function expandRanges(flat: FlatRanges): ValueRange[] {
  const list: ValueRange[] = [];
  for (let i = 0; i < flat.length; i += 2) list.push({ begin: flat[i]!, end: flat[i + 1]! });
  return list;
}

/** Adds a range that begins no earlier than the last one in `flat`. */
function append(flat: number[], begin: number, end: number): void {
  const last = flat.length - 1;
  if (last > 0 && begin <= flat[last]! + 1) {
    if (end > flat[last]!) flat[last] = end;
  } else {
    flat.push(begin, end);
  }
}

export function unionRanges(a: FlatRanges, b: FlatRanges): FlatRanges {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const out: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (j >= b.length || (i < a.length && a[i]! <= b[j]!)) {
      append(out, a[i]!, a[i + 1]!);
      i += 2;
    } else {
      append(out, b[j]!, b[j + 1]!);
      j += 2;
    }
  }
  return out;
}

/** What is in `a` and not in `b`. */
export function subtractRanges(a: FlatRanges, b: FlatRanges): FlatRanges {
  if (a.length === 0 || b.length === 0) return a;
  const out: number[] = [];
  let j = 0;
  for (let i = 0; i < a.length; i += 2) {
    let begin = a[i]!;
    const end = a[i + 1]!;
    while (j < b.length && b[j + 1]! < begin) j += 2;
    let k = j;
    while (begin <= end && k < b.length && b[k]! <= end) {
      if (b[k]! > begin) out.push(begin, b[k]! - 1);
      begin = b[k + 1]! + 1;
      k += 2;
    }
    if (begin <= end) out.push(begin, end);
  }
  return out;
}

export function containsRanges(a: FlatRanges, b: FlatRanges): boolean {
  let i = 0;
  for (let j = 0; j < b.length; j += 2) {
    while (i < a.length && a[i + 1]! < b[j]!) i += 2;
    if (i >= a.length || a[i]! > b[j]! || a[i + 1]! < b[j + 1]!) return false;
  }
  return true;
}

export function equalRanges(a: FlatRanges, b: FlatRanges): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** How many integers the ranges hold. */
export function countRanges(flat: FlatRanges): number {
  let count = 0;
  for (let i = 0; i < flat.length; i += 2) count += flat[i + 1]! - flat[i]! + 1;
  return count;
}

/** Text form `[31000-32000, 33000-33001]`. */
export function formatRanges(flat: FlatRanges): string {
  let text = '';
  for (let i = 0; i < flat.length; i += 2) text += `${i === 0 ? '' : ', '}${flat[i]}-${flat[i + 1]}`;
  return `[${text}]`;
}
