#!/usr/bin/env node
/**
 * `npm test`: every check of the repository, one step after the other, ending with `N passed, N failed`.
 * `npm test -- unit lint` runs only the named steps; `--ci` adds what build machines run besides.
 */
import './repository/node-version.mjs';
import { ensureInstalled } from './repository/install.mjs';
import { runSteps } from './testing/run-steps.mjs';

async function main(args) {
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
  let stopped = false;
  const stop = () => {
    stopped = true;
  };
  // Running programs are ended by who runs them; here only the steps to come are given up.
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const { failed } = await runSteps(chosen, { print: (line) => console.log(line), stopped: () => stopped });
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
