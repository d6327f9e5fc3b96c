/** What a flag is, as data: programs load by it, `--help` and `docs/flags.md` are made from it. */
import { err, formatByteSize, formatDuration, ok, parseByteSize, parseDuration, type Result } from '@mesolite/base';
import { PRODUCT_VERSION } from '../version.ts';

export type FlagProgram = 'master' | 'agent';

export type FlagType = 'boolean' | 'text' | 'path' | 'integer' | 'number' | 'duration' | 'bytes' | 'json';

/**
 * `works`: as documented. `refused`: known but not built yet, or tuning what is not: any value other than the default stops
 * the program.
 */
export type FlagStatus = 'works' | 'refused';

/** Durations in milliseconds, sizes in bytes, JSON as its text. */
export type FlagValue = string | number | boolean;

export interface FlagSpec {
  readonly name: string;
  readonly type: FlagType;
  /** In the form `/flags` prints. Absent: unset. */
  readonly default?: string;
  readonly help: string;
  /** Older names, still read with a warning. */
  readonly aliases?: readonly string[];
  readonly status: FlagStatus;
  /** Product version since which it works. */
  readonly since?: string;
  /** The build option of the original without which it does not know the flag: then `/flags` shows it only when given. */
  readonly build?: string;
  /** What the documentation shows for a default that depends on the machine. */
  readonly defaultShown?: string;
  readonly required?: boolean;
  /** The values that are built, when not all are; shown in the documentation. */
  readonly only?: string;
  /** A reason why `value` is refused, to follow the flag's name, or nothing. */
  readonly check?: (value: FlagValue) => string | undefined;
}

/** Parses the text of a value. The error says what was expected. */
export function parseFlagValue(type: FlagType, text: string): Result<FlagValue> {
  switch (type) {
    case 'boolean':
      if (text === 'true' || text === '1') return ok(true);
      if (text === 'false' || text === '0') return ok(false);
      return err('Expecting a boolean (e.g., true or false)');
    case 'integer': {
      const value = /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : Number.NaN;
      if (!Number.isSafeInteger(value)) return err(`Failed to convert '${text}' to number: expecting an integer`);
      return value < 0 ? err(`Expecting a number that is not negative, but got ${value}`) : ok(value);
    }
    case 'number': {
      const value = text.trim() === '' ? Number.NaN : Number(text);
      return Number.isFinite(value) ? ok(value) : err(`Failed to convert '${text}' to number`);
    }
    case 'duration': {
      const value = parseDuration(text);
      return value.ok && value.value < 0 ? err(`Expecting a duration that is not negative, but got ${text}`) : value;
    }
    case 'bytes':
      return parseByteSize(text);
    case 'json':
      try {
        return ok(JSON.stringify(JSON.parse(text)));
      } catch (error) {
        return err(`Failed to parse JSON: ${(error as Error).message}`);
      }
    case 'text':
    case 'path':
      return ok(text);
  }
}

/** The text `/flags` shows. */
export function formatFlagValue(type: FlagType, value: FlagValue): string {
  if (type === 'duration') return formatDuration(value as number);
  if (type === 'bytes') return formatByteSize(value as number);
  return String(value);
}

/** What a flag may have beside name, type, default and help. */
export type FlagExtras = Omit<FlagSpec, 'name' | 'type' | 'default' | 'help' | 'status' | 'since'>;

type SpecOf = (
  name: string,
  type: FlagType,
  fallback: string | undefined,
  help: string,
  extras?: FlagExtras,
) => FlagSpec;

const specOf =
  (status: FlagStatus): SpecOf =>
  (name, type, fallback, help, extras) => ({
    name,
    type,
    ...(fallback === undefined ? {} : { default: fallback }),
    help,
    status,
    ...(status === 'works' ? { since: PRODUCT_VERSION } : {}),
    ...extras,
  });

/** The catalog's own words: one call a flag. */
export const works: SpecOf = specOf('works');
export const refused: SpecOf = specOf('refused');

/** A check for a text of which only some values are built. `expected` completes "Expecting …". */
export function oneOf(values: readonly string[], expected: string): (value: FlagValue) => string | undefined {
  return (value) => (values.includes(value as string) ? undefined : `Expecting ${expected}, but got '${value}'`);
}
