#!/usr/bin/env node
/**
 * `npm test`: every check of the repository, one step after the other, ending with `N passed, N failed`.
 * `npm test -- unit lint` runs only the named steps; `--ci` adds what build machines run besides.
 */
import './repository/node-version.mjs';
import { ensureInstalled } from './repository/install.mjs';

function seconds(sinceMs) {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
}

function indent(text) {
  return text.replace(/^/gm, '    ');
}

async function main(args) {
  const startedAt = performance.now();
  if (!(await ensureInstalled())) {
    console.log('0 passed, 1 failed');
    return 1;
  }
  // Only now: the steps' modules need what was just installed.
  const { STEPS } = await import('./testing/steps.mjs');
  const wanted = args.filter((argument) => !argument.startsWith('-'));
  const unknown = [
    ...wanted.filter((name) => !STEPS.some((step) => step.name === name)),
    ...args.filter((argument) => argument.startsWith('-') && argument !== '--ci'),
  ];
  if (unknown.length > 0) {
    console.error(`Unknown: ${unknown.join(' ')}. Steps: ${STEPS.map((step) => step.name).join(' ')}. Option: --ci.`);
    return 2;
  }
  const chosen = STEPS.filter((step) =>
    wanted.length > 0 ? wanted.includes(step.name) : !step.ci || args.includes('--ci'),
  );
  const summary = [];
  const failures = [];
  let passed = 0;
  for (const step of chosen) {
    const stepStartedAt = performance.now();
    console.log(`\n=== ${step.title}`);
    const result = await step.run();
    passed += result.passed;
    failures.push(...result.failures.map((failure) => ({ ...failure, step: step.name })));
    const outcome =
      result.skipped !== undefined
        ? `skipped: ${result.skipped}`
        : `${result.passed} passed, ${result.failures.length} failed`;
    summary.push(`${step.name.padEnd(12)} ${outcome}, ${seconds(stepStartedAt)}`);
    console.log(`--- ${summary.at(-1)}`);
  }
  console.log(`\n=== summary, ${seconds(startedAt)} in all`);
  for (const line of summary) console.log(line);
  if (failures.length > 0) console.log('\n=== failed');
  for (const { step, name, message } of failures) console.log(`${step}: ${name}\n${indent(message)}`);
  console.log(`${passed} passed, ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
