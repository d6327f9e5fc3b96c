/** Long texts that are put together bit by bit, so that nobody waits for them. */

/** Pieces of one turn of the event loop: well under a millisecond's work. */
const PIECES = 500;

/** Joins texts that are made as they are asked for; every few hundred of them others get their turn. */
export async function textInParts(pieces: Iterable<string>, separator: string): Promise<string> {
  const parts: string[] = [];
  let part: string[] = [];
  for (const piece of pieces) {
    part.push(piece);
    if (part.length < PIECES) continue;
    parts.push(part.join(separator));
    part = [];
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (part.length > 0) parts.push(part.join(separator));
  return parts.join(separator);
}

export function* mapped<T, U>(items: Iterable<T>, map: (item: T) => U): Generator<U> {
  for (const item of items) yield map(item);
}
