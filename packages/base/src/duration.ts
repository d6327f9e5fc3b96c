/**
 * Durations in the original's text form: a number and a unit without a space, such as `10secs`, `1.5mins`, `100ms`.
 * In memory a duration is a number of milliseconds (fractions allowed) or, where the wire asks, of nanoseconds.
 */
import { err, ok, type Result } from './result.ts';

/** Sizes in milliseconds; whole milliseconds stay exact up to the largest duration. */
const UNITS: readonly (readonly [name: string, milliseconds: number])[] = [
  ['weeks', 604_800_000],
  ['days', 86_400_000],
  ['hrs', 3_600_000],
  ['mins', 60_000],
  ['secs', 1000],
  ['ms', 1],
  ['us', 1e-3],
  ['ns', 1e-6],
];

/** Largest duration: what fits a signed 64-bit count of nanoseconds. */
const MAX_MILLISECONDS = 9_223_372_036_854.775;

/** Milliseconds of a text such as `15secs`. The error says which form is wanted. */
export function parseDuration(text: string): Result<number> {
  const match = /^\s*(-?\d*\.?\d+)\s*([a-z]+)\s*$/.exec(text);
  if (match === null)
    return err(
      `Invalid duration '${text}': expecting a number and a unit (ns, us, ms, secs, mins, hrs, days, weeks), like 15secs`,
    );
  const unit = UNITS.find(([name]) => name === match[2]);
  if (unit === undefined)
    return err(
      `Unknown duration unit '${match[2]}' in '${text}': expecting ns, us, ms, secs, mins, hrs, days or weeks`,
    );
  const milliseconds = Number(match[1]) * unit[1];
  if (Math.abs(milliseconds) > MAX_MILLISECONDS) return err(`Duration '${text}' is out of range: at most 292 years`);
  return ok(milliseconds);
}

/** The exact text of `ms` milliseconds in the largest unit that divides it: 15secs, 1weeks, 1500ms. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0ns';
  if (Number.isInteger(ms)) {
    const unit = UNITS.find(([, size]) => Math.abs(ms) >= size && ms % size === 0)!;
    return `${ms / unit[1]}${unit[0]}`;
  }
  const nanoseconds = Math.round(ms * 1e6);
  return nanoseconds % 1000 === 0 ? `${nanoseconds / 1000}us` : `${nanoseconds}ns`;
}

export function millisecondsToNanoseconds(ms: number): bigint {
  return Number.isInteger(ms) ? BigInt(ms) * 1_000_000n : BigInt(Math.round(ms * 1e6));
}

export function nanosecondsToMilliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e6;
}
