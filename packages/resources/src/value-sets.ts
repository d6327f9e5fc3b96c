/**
 * Sets of strings as sorted arrays without duplicates (order of UTF-16 code units). Every function expects and answers
 * that form and changes no argument. Departs from Mesos: items come out sorted, not in the order they were given.
 */
export type SortedItems = readonly string[];

export const NO_ITEMS: SortedItems = [];

export function sortItems(list: readonly string[] | undefined): SortedItems {
  if (list === undefined || list.length === 0) return NO_ITEMS;
  return [...new Set(list)].sort();
}

export function unionItems(a: SortedItems, b: SortedItems): SortedItems {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const out: string[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i]! < b[j]!) out.push(a[i++]!);
    else if (a[i]! > b[j]!) out.push(b[j++]!);
    else {
      out.push(a[i++]!);
      j++;
    }
  }
  while (i < a.length) out.push(a[i++]!);
  while (j < b.length) out.push(b[j++]!);
  return out;
}

export function subtractItems(a: SortedItems, b: SortedItems): SortedItems {
  if (a.length === 0 || b.length === 0) return a;
  const out: string[] = [];
  let j = 0;
  for (const item of a) {
    while (j < b.length && b[j]! < item) j++;
    if (b[j] !== item) out.push(item);
  }
  return out;
}

export function containsItems(a: SortedItems, b: SortedItems): boolean {
  let i = 0;
  for (const item of b) {
    while (i < a.length && a[i]! < item) i++;
    if (a[i] !== item) return false;
    i++;
  }
  return true;
}

export function equalItems(a: SortedItems, b: SortedItems): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Text form `{a, b}`. */
export function formatItems(items: SortedItems): string {
  return `{${items.join(', ')}}`;
}
