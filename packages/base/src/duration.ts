/**
 * Durations in the original's text form: a number and a unit without a space, such as `10secs`, `1.5mins`, `100ms`.
 * In memory a duration is a number of milliseconds (fractions allowed) or, where the wire asks, of nanoseconds.
 */
import { err, ok, type Result } from './result.ts';

const UNITS: readonly (readonly [name: string, nanoseconds: number])[] = [
  ['weeks', 604_800e9],
  ['days', 86_400e9],
  ['hrs', 3_600e9],
  ['mins', 60e9],
  ['secs', 1e9],
  ['ms', 1e6],
  ['us', 1e3],
  ['ns', 1],
];

/** Largest duration: what fits a signed 64-bit count of nanoseconds. */
const MAX_NANOSECONDS = 9_223_372_036_854_775_807;

/** Milliseconds of a text such as `15secs`. The error says which form is wanted. */
export function parseDuration(text: string): Result<number> {
  const match = /^\s*(-?\d*\.?\d+)\s*([a-z]+)\s*$/.exec(text);
  if (match === null) return err(`Invalid duration '${text}': expecting a number and a unit (ns, us, ms, secs, mins, hrs, days, weeks), like 15secs`);
  const unit = UNITS.find(([name]) => name === match[2]);
  if (unit === undefined) return err(`Unknown duration unit '${match[2]}' in '${text}': expecting ns, us, ms, secs, mins, hrs, days or weeks`);
  const nanoseconds = Number(match[1]) * unit[1];
  if (Math.abs(nanoseconds) > MAX_NANOSECONDS) return err(`Duration '${text}' is out of range: at most 292 years`);
  return ok(nanoseconds / 1e6);
}

/** The shortest exact text of `ms` milliseconds in the largest unit that divides it: 15secs, 1weeks, 1.5secs. */
export function formatDuration(ms: number): string {
  const nanoseconds = Math.round(ms * 1e6);
  const magnitude = Math.abs(nanoseconds);
  if (magnitude === 0) return '0ns';
  for (const [name, size] of UNITS) {
    if (magnitude >= size && magnitude % size === 0) return `${nanoseconds / size}${name}`;
  }
  for (const [name, size] of UNITS) {
    if (magnitude >= size) return `${Number((nanoseconds / size).toPrecision(15))}${name}`;
  }
  return `${nanoseconds}ns`;
}

export function millisecondsToNanoseconds(ms: number): bigint {
  return BigInt(Math.round(ms * 1e6));
}

export function nanosecondsToMilliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e6;
}
