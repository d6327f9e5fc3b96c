/**
 * Runs steps one after the other and says what came of them. A step that throws counts as one failed test and does not
 * keep the others from running.
 */

/**
 * @param {import('./steps.mjs').Step[]} steps
 * @param {{ print: (line: string) => void, stopped?: () => boolean }} options `stopped`: no further step is begun
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runSteps(steps, { print, stopped = () => false }) {
  const startedAt = performance.now();
  const summary = [];
  const failures = [];
  const skips = [];
  let passed = 0;
  for (const step of steps) {
    if (stopped()) {
      failures.push({ step: step.name, name: 'interrupted', message: 'did not run' });
      continue;
    }
    const stepStartedAt = performance.now();
    print(`\n=== ${step.title}`);
    const outcome = await attempt(step);
    passed += outcome.passed;
    failures.push(...outcome.failures.map((failure) => ({ ...failure, step: step.name })));
    skips.push(...outcome.skips.map((skip) => ({ ...skip, step: step.name })));
    const skipped = outcome.skips.length > 0 ? `, ${outcome.skips.length} skipped` : '';
    summary.push(
      `${step.name.padEnd(12)} ${outcome.passed} passed, ${outcome.failures.length} failed${skipped}, ${seconds(stepStartedAt)}`,
    );
    print(`--- ${summary.at(-1)}`);
  }
  print(`\n=== summary, ${seconds(startedAt)} in all`);
  for (const line of summary) print(line);
  if (skips.length > 0) print('\n=== skipped');
  for (const line of bundled(skips)) print(line);
  if (failures.length > 0) print('\n=== failed');
  for (const { step, name, message } of failures) print(`${step}: ${name}\n${indent(message)}`);
  print(`${passed} passed, ${failures.length} failed`);
  return { passed, failed: failures.length };
}

/** @param {import('./steps.mjs').Step} step @returns {Promise<import('./steps.mjs').Outcome>} */
async function attempt(step) {
  try {
    return await step.run();
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { passed: 0, failures: [{ name: `${step.name} crashed`, message }], skips: [] };
  }
}

/** One line for all tests of a file that were skipped for one reason. */
function bundled(skips) {
  const counts = new Map();
  for (const { step, name, reason } of skips) {
    const file = name.split(' > ')[0];
    const key = JSON.stringify([step, file, reason]);
    counts.set(key, [...(counts.get(key) ?? []), name]);
  }
  return [...counts].map(([key, names]) => {
    const [step, file, reason] = JSON.parse(key);
    return `${step}: ${names.length === 1 ? names[0] : `${file} (${names.length} tests)`}: ${reason}`;
  });
}

function seconds(sinceMs) {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
}

function indent(text) {
  return text.replace(/^/gm, '    ');
}
