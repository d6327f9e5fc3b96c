/** Sizes in the original's text form: an integer and a unit of powers of 1024, such as `10MB`. */
import { err, ok, type Result } from './result.ts';

const UNITS: readonly (readonly [string, number])[] = [
  ['TB', 2 ** 40],
  ['GB', 2 ** 30],
  ['MB', 2 ** 20],
  ['KB', 2 ** 10],
  ['B', 1],
];

/** Bytes of a text such as `2GB`. */
export function parseByteSize(text: string): Result<number> {
  const match = /^\s*(\d+)\s*([A-Z]+)\s*$/.exec(text);
  const unit = match === null ? undefined : UNITS.find(([name]) => name === match[2]);
  if (match === null || unit === undefined)
    return err(`Invalid size '${text}': expecting an integer and a unit (B, KB, MB, GB, TB), like 10MB`);
  const bytes = Number(match[1]) * unit[1];
  return Number.isSafeInteger(bytes) ? ok(bytes) : err(`Size '${text}' is out of range`);
}

/** Text in the largest unit that divides `bytes`. */
export function formatByteSize(bytes: number): string {
  for (const [name, size] of UNITS) if (bytes >= size && bytes % size === 0) return `${bytes / size}${name}`;
  return `${bytes}B`;
}
