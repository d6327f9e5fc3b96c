/** Reads what the counting reporter wrote: how many tests passed, which failed or were skipped, and why. */
import { stripVTControlCharacters } from 'node:util';

const LONGEST_MESSAGE = 2_000;

/**
 * @typedef {{ name: string, message: string }} Failure
 * @typedef {{ name: string, reason: string }} Skip
 * @param {import('./counting-reporter.mjs').TestRecord[]} records
 * @param {number} exitCode of vitest itself
 * @returns {{ passed: number, failures: Failure[], skips: Skip[] }}
 */
export function countTests(records, exitCode) {
  let passed = 0;
  const failures = [];
  const skipped = [];
  /** Reasons printed, by test file; those of shared files under ''. */
  const reasons = new Map();
  const unfinished = new Set();
  for (const record of records) {
    if (record.kind === 'begun') unfinished.add(record.file);
    else if (record.kind === 'ended') unfinished.delete(record.file);
    else if (record.kind === 'passed') passed += 1;
    else if (record.kind === 'failed') failures.push({ name: record.name, message: record.message || 'no message' });
    else if (record.kind === 'reason') {
      reasons.set(record.file, (reasons.get(record.file) ?? new Set()).add(record.text));
    } else if (record.kind === 'skipped') skipped.push(record);
  }
  for (const file of unfinished) failures.push({ name: file, message: 'did not finish: the run ended before it' });
  if (exitCode !== 0 && failures.length === 0) {
    const message = `exited with ${exitCode} without naming a failed test; see its output above`;
    failures.push({ name: 'vitest', message });
  }
  const printed = (name) => {
    const texts = reasons.get(name.split(' > ')[0]) ?? reasons.get('') ?? [];
    return [...texts].join('; ') || 'no reason given';
  };
  return {
    passed,
    failures: failures.map(({ name, message }) => ({
      name,
      message: stripVTControlCharacters(message).slice(0, LONGEST_MESSAGE),
    })),
    skips: skipped.map(({ name, reason }) => ({ name, reason: reason ?? printed(name) })),
  };
}

/**
 * @param {string} text one record a line; a last line that was cut off is left out
 * @returns {import('./counting-reporter.mjs').TestRecord[]}
 */
export function readRecords(text) {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
