#!/usr/bin/env node
/**
 * `npm run conformance -- [ID…] [--allow-skips] [--verbose]`: runs programs that nobody here wrote, and recorded
 * traffic of the original, against our own daemons as real processes. One line per check, then the counts. A check that
 * could not run (a registry is out of reach) is skipped with its reason and counts as a failure unless skips are allowed.
 */
import '../tools/repository/node-version.mjs';
import { ensureBuilt } from '../tools/build.mjs';
import { ensureInstalled } from '../tools/repository/install.mjs';

const OPTIONS = ['--allow-skips', '--verbose'];

async function main(args) {
  if (!(await ensureInstalled()) || !(await ensureBuilt())) return 1;
  // Only now: the checks need what was just built.
  const { CHECKS } = await import('./checks.mjs');
  const { Findings, Unobtainable } = await import('./findings.mjs');
  const wanted = args.filter((argument) => !argument.startsWith('-'));
  const unknown = [
    ...wanted.filter((id) => !CHECKS.some((check) => check.id === id)),
    ...args.filter((argument) => argument.startsWith('-') && !OPTIONS.includes(argument)),
  ];
  if (unknown.length > 0) {
    const known = CHECKS.map(({ id, title }) => `  ${id.padEnd(8)} ${title}`).join('\n');
    console.error(`Unknown: ${unknown.join(' ')}. Checks:\n${known}\nOptions: ${OPTIONS.join(' ')}`);
    return 2;
  }
  const verbose = args.includes('--verbose');
  const outcomes = [];
  for (const check of CHECKS.filter(({ id }) => wanted.length === 0 || wanted.includes(id))) {
    const startedAt = performance.now();
    const findings = new Findings({ verbose });
    console.log(`\n=== ${check.id}: ${check.title}`);
    let outcome;
    try {
      await check.run(findings);
      outcome = findings.failed === 0 ? 'passed' : `failed: ${findings.firstFailure}`;
    } catch (error) {
      outcome = error instanceof Unobtainable ? `skipped: ${error.message}` : `failed: ${error.message}`;
      if (!(error instanceof Unobtainable)) console.log(error.stack);
    }
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`--- ${findings.held} held, ${findings.failed} did not, ${seconds} s`);
    outcomes.push({ id: check.id, outcome });
  }
  console.log('');
  for (const { id, outcome } of outcomes) console.log(`${id} ${outcome.split('\n')[0]}`);
  const count = (kind) => outcomes.filter(({ outcome }) => outcome.startsWith(kind)).length;
  console.log(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
  return count('failed') === 0 && (count('skipped') === 0 || args.includes('--allow-skips')) ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
