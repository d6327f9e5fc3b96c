/** Reads what `vitest --reporter=json` wrote: how many tests passed and failed, and why. */

const LONGEST_MESSAGE = 2_000;

/**
 * @typedef {{ name: string, message: string }} Failure
 * @param {any} report the parsed file, or undefined when vitest wrote none
 * @param {number} exitCode of vitest itself
 * @returns {{ passed: number, failures: Failure[] }}
 */
export function countTests(report, exitCode) {
  let passed = 0;
  const failures = [];
  for (const file of report?.testResults ?? []) {
    const tests = file.assertionResults ?? [];
    for (const test of tests) {
      if (test.status === 'passed') passed += 1;
      else if (test.status === 'failed')
        failures.push({ name: `${file.name} > ${test.fullName}`, message: text(test.failureMessages) });
    }
    // A file that does not even load has no tests to fail.
    if (file.status === 'failed' && !tests.some((test) => test.status === 'failed')) {
      failures.push({ name: file.name, message: file.message || 'the file failed outside its tests' });
    }
  }
  if (exitCode !== 0 && failures.length === 0) {
    failures.push({
      name: 'vitest',
      message: `exited with ${exitCode} without naming a failed test; see its output above`,
    });
  }
  return {
    passed,
    failures: failures.map(({ name, message }) => ({ name, message: message.slice(0, LONGEST_MESSAGE) })),
  };
}

/** @param {string[] | undefined} messages */
function text(messages) {
  return (messages ?? []).join('\n') || 'no message';
}
