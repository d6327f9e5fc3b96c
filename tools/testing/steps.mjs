/**
 * The steps of `npm test` as data, in the order in which they run: cheap and telling ones first. A step answers how
 * many tests passed, which failed and which were skipped; a step that is one program counts as one test.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from '../build.mjs';
import { at, root } from '../repository/layout.mjs';
import { runCommand } from '../repository/run-command.mjs';
import { Project } from '../tidy/project.mjs';
import { RULES } from '../tidy/rules/all.mjs';
import { countTests, readRecords } from './vitest-report.mjs';

/**
 * @typedef {import('./vitest-report.mjs').Failure} Failure
 * @typedef {import('./vitest-report.mjs').Skip} Skip
 * @typedef {{ passed: number, failures: Failure[], skips: Skip[] }} Outcome
 * @typedef {{ name: string, title: string, ci?: boolean, run: () => Promise<Outcome> }} Step
 */

/** What a program may take, three times what it takes on a quiet machine; what it started is killed then. */
const TOOL_LIMIT_MS = 2 * 60_000;
const TESTS_LIMIT_MS = 15 * 60_000;

/** The end of a program's output, to be repeated beside its name in the list of failures. */
const TAIL_CHARACTERS = 3_000;

/** @returns {Promise<Outcome>} */
async function once(name, run) {
  let tail = '';
  const code = await run((chunk) => {
    tail = (tail + chunk.toString()).slice(-TAIL_CHARACTERS);
  });
  if (code === 0) return { passed: 1, failures: [], skips: [] };
  return { passed: 0, failures: [{ name, message: `exited with ${code}\n${tail.trimEnd()}` }], skips: [] };
}

/** @returns {Promise<Outcome>} */
async function node(name, script, args) {
  if (!existsSync(at(script)))
    return { passed: 0, failures: [], skips: [{ name, reason: `${script} does not exist` }] };
  return once(name, (sawOutput) =>
    runCommand(process.execPath, [at(script), ...args], { limitMs: TOOL_LIMIT_MS, sawOutput }),
  );
}

function tool(name, program, ...args) {
  return once(name, (sawOutput) =>
    runCommand(at('node_modules', '.bin', program), args, { limitMs: TOOL_LIMIT_MS, sawOutput }),
  );
}

/** One test a rule. @returns {Promise<Outcome>} */
async function tidy() {
  const project = Project.read(root);
  const failures = [];
  for (const rule of RULES) {
    const findings = rule.check(project).map(({ path, line, message }) => `${path}:${line} ${message}`);
    for (const finding of findings) console.log(`${rule.name}: ${finding}`);
    if (findings.length > 0) failures.push({ name: rule.name, message: findings.join('\n') });
  }
  return { passed: RULES.length - failures.length, failures, skips: [] };
}

/** @returns {Promise<Outcome>} */
async function types() {
  const sources = await tool('types of the packages', 'tsc', '-b');
  const tests = await tool('types of tests, examples and tools', 'tsc', '-p', 'tsconfig.test.json');
  return {
    passed: sources.passed + tests.passed,
    failures: [...sources.failures, ...tests.failures],
    skips: [],
  };
}

/** A line a check: `A2 passed`, `A5 skipped: no registry`. */
const VERDICT = /^(\w+) (passed|failed|skipped)(?:: (.*))?$/gm;

/**
 * Foreign programs come from registries; where none can be reached they are skipped, in words.
 * @param {readonly string[]} ids @returns {Promise<Outcome>}
 */
async function conformance(ids) {
  const script = 'conformance/run.mjs';
  let output = '';
  const code = await runCommand(process.execPath, [at(script), ...ids, '--allow-skips'], {
    limitMs: TESTS_LIMIT_MS,
    sawOutput: (chunk) => {
      output += chunk.toString();
    },
  });
  const verdicts = [...output.matchAll(VERDICT)].map(([, name, verdict, message]) => ({ name, verdict, message }));
  const of = (verdict) => verdicts.filter((found) => found.verdict === verdict);
  const failures = of('failed').map(({ name, message = 'no message' }) => ({ name, message }));
  if (failures.length === 0 && (code !== 0 || verdicts.length < ids.length)) {
    failures.push({ name: script, message: `exited with ${code}\n${output.slice(-TAIL_CHARACTERS)}` });
  }
  const skips = of('skipped').map(({ name, message = 'no reason given' }) => ({ name, reason: message }));
  return { passed: of('passed').length, failures, skips };
}

/**
 * Runs vitest and counts tests rather than trusting its exit code alone. `cwd` and `args` say which tests, `env` what they
 * are told.
 * @param {{ cwd?: string, args: readonly string[], env?: Record<string, string>, quiet?: boolean }} run
 * @returns {Promise<Outcome>}
 */
export async function runVitest({ cwd = root, args, env = {}, quiet = false }) {
  const directory = mkdtempSync(join(tmpdir(), 'mesolite-test-'));
  try {
    const records = join(directory, 'records.jsonl');
    const code = await runCommand(
      process.execPath,
      [at('node_modules', 'vitest', 'vitest.mjs'), 'run', ...args, '--passWithNoTests'],
      { cwd, env: { ...env, MESOLITE_TEST_RECORDS: records }, limitMs: TESTS_LIMIT_MS, quiet },
    );
    return countTests(existsSync(records) ? readRecords(readFileSync(records, 'utf8')) : [], code);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** `ci` marks what only the full run on a build machine does. @type {Step[]} */
export const STEPS = [
  { name: 'tidy', title: 'tidy: rules of this repository', run: tidy },
  {
    name: 'codegen',
    title: 'codegen: generated code is up to date',
    run: () => node('codegen', 'tools/codegen/generate.mjs', ['--check']),
  },
  { name: 'types', title: 'types', run: types },
  { name: 'lint', title: 'lint: biome', run: () => tool('lint', 'biome', 'check', '.') },
  { name: 'build', title: 'build', run: () => once('build', async () => ((await ensureBuilt()) ? 0 : 1)) },
  { name: 'unit', title: 'unit and property tests', run: () => runVitest({ args: ['--project', 'unit'] }) },
  {
    name: 'differential',
    title: 'the allocator against its reference, in 2000 more histories',
    ci: true,
    run: () =>
      runVitest({
        args: ['--project', 'unit', 'packages/allocator/test/differential.test.ts'],
        env: { MESOLITE_FIRST_SEED: '601', MESOLITE_SEEDS: '2000' },
      }),
  },
  { name: 'simulation', title: 'simulation', run: () => node('simulation', 'tools/sim.mjs', ['--seeds', '20']) },
  { name: 'integration', title: 'integration tests', run: () => runVitest({ args: ['--project', 'integration'] }) },
  { name: 'bench', title: 'benchmarks in smoke size', run: () => node('bench', 'bench/run.mjs', ['--smoke']) },
  {
    name: 'conformance',
    title: 'conformance A2, A5 and A6, masters that fail, recorded conversations',
    ci: true,
    run: () => conformance(['A2', 'A2zk', 'A3zk', 'A5', 'A5zk', 'A6', 'A6zk', 'wire']),
  },
];
