/**
 * Recorded answers of the original's read endpoints, in a form in which bodies of two clusters can be compared: without what
 * tells one build, machine or moment from another.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capturesDirectory } from './captured-traffic.mjs';

const PASSING = /^(version|git_.*|build_.*|flags|.*_time|timestamp|nanoseconds|uuid|status_update_uuid)$/;

/** @returns {boolean} false, with a printed reason, when there is nothing to compare with */
export function haveRecordedAnswers() {
  const captures = capturesDirectory();
  if (captures !== undefined && existsSync(join(captures, 'operator'))) return true;
  console.log('skipped: comparisons with recorded answers, as no recorded traffic was found');
  return false;
}

/** Without passing values; resources, which stand in no particular order, sorted by name; offers without their number. */
export function comparable(value, key = '') {
  if (Array.isArray(value)) {
    const items = value.map((item) => comparable(item));
    return items.every((item) => 'name' in Object(item) && 'type' in Object(item))
      ? items.sort((a, b) => (a.name < b.name ? -1 : 1))
      : items;
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => !PASSING.test(name))
        .map(([name, item]) => [name, comparable(item, name)]),
    );
  }
  return (key === 'id' || key === 'value') && typeof value === 'string' ? value.replace(/-O\d+$/, '-O') : value;
}

/** The body kept in `operator/<file>`, comparable, with the recorded master's id replaced by `masterId`. */
export function recordedAnswer(file, masterId) {
  const text = readFileSync(join(capturesDirectory() ?? '', 'operator', file), 'utf8');
  return comparable(JSON.parse(text.replaceAll('589b53c9-c810-4989-8256-0bcd142e67de', masterId)));
}
