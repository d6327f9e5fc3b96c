/**
 * Regular expressions of users. They run in time linear in the text, whatever they are: RE2 syntax, so no
 * back-references and no look-around. Departs from Marathon, whose patterns may have both.
 */
import { err, ok, outgrows, type Result } from '@mesolite/base';
import { RE2JS } from 're2js';

/** Longest pattern, in characters, and largest program it may compile to, in instructions. */
const LONGEST_PATTERN = 1024;
const LARGEST_PROGRAM = 2000;

export interface Pattern {
  /** Whether all of `text` is matched, not just a part. */
  matches(text: string): boolean;
}

/** The error says why `text` is no pattern. */
export function compilePattern(text: string): Result<Pattern> {
  if (text.length > LONGEST_PATTERN) return err(`longer than ${LONGEST_PATTERN} characters`);
  if (outgrows(text, LARGEST_PROGRAM)) return err('too complex');
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(text);
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
  if (compiled.programSize() > LARGEST_PROGRAM) return err('too complex');
  return ok({ matches: (input) => compiled.matches(input) });
}
