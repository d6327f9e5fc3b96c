/**
 * The steps of `npm test` as data, in the order in which they run: cheap and telling ones first. A step answers how
 * many tests passed and which failed; a step that is one program counts as one test.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ensureBuilt } from '../build.mjs';
import { at, root } from '../repository/layout.mjs';
import { runCommand } from '../repository/run-command.mjs';
import { countTests } from './vitest-report.mjs';

/** No single step may take longer; what it started is killed then. */
const STEP_LIMIT_MS = 15 * 60_000;

/** The end of a program's output, to be repeated beside its name in the list of failures. */
const TAIL_CHARACTERS = 3_000;

async function once(name, run) {
  let tail = '';
  const code = await run((chunk) => {
    tail = (tail + chunk.toString()).slice(-TAIL_CHARACTERS);
  });
  if (code === 0) return { passed: 1, failures: [] };
  return { passed: 0, failures: [{ name, message: `exited with ${code}\n${tail.trimEnd()}` }] };
}

function node(name, script, ...args) {
  if (!existsSync(at(script))) return Promise.resolve({ passed: 0, failures: [], skipped: `${script} does not exist` });
  return once(name, (sawOutput) =>
    runCommand(process.execPath, [at(script), ...args], { limitMs: STEP_LIMIT_MS, sawOutput }),
  );
}

function tool(name, program, ...args) {
  return once(name, (sawOutput) =>
    runCommand(at('node_modules', '.bin', program), args, { limitMs: STEP_LIMIT_MS, sawOutput }),
  );
}

async function vitest(project) {
  const directory = mkdtempSync(join(tmpdir(), 'mesolite-test-'));
  try {
    const output = join(directory, 'report.json');
    const code = await runCommand(
      at('node_modules', '.bin', 'vitest'),
      [
        'run',
        '--project',
        project,
        '--passWithNoTests',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${output}`,
      ],
      { limitMs: STEP_LIMIT_MS },
    );
    const report = existsSync(output) ? JSON.parse(readFileSync(output, 'utf8')) : undefined;
    const { passed, failures } = countTests(report, code);
    return {
      passed,
      failures: failures.map(({ name, message }) => ({ name: name.replace(root, '').replace(/^\//, ''), message })),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function types() {
  const sources = await tool('types of the packages', 'tsc', '-b');
  const tests = await tool('types of tests, examples and tools', 'tsc', '-p', relative(root, at('tsconfig.test.json')));
  return { passed: sources.passed + tests.passed, failures: [...sources.failures, ...tests.failures] };
}

/** `ci` marks what only the full run on a build machine does. */
export const STEPS = [
  { name: 'tidy', title: 'tidy: rules of this repository', run: () => node('tidy', 'tools/tidy/tidy.mjs') },
  {
    name: 'codegen',
    title: 'codegen: generated code is up to date',
    run: () => node('codegen', 'tools/codegen/generate.mjs', '--check'),
  },
  { name: 'types', title: 'types', run: types },
  { name: 'lint', title: 'lint: biome', run: () => tool('lint', 'biome', 'check', '.') },
  { name: 'build', title: 'build', run: () => once('build', async () => ((await ensureBuilt()) ? 0 : 1)) },
  { name: 'unit', title: 'unit and property tests', run: () => vitest('unit') },
  { name: 'simulation', title: 'simulation', run: () => node('simulation', 'tools/sim.mjs', '--seeds', '20') },
  { name: 'integration', title: 'integration tests', run: () => vitest('integration') },
  { name: 'bench', title: 'benchmarks in smoke size', run: () => node('bench', 'bench/run.mjs', '--smoke') },
  {
    name: 'conformance',
    title: 'conformance A2 and A5',
    ci: true,
    run: () => node('conformance', 'conformance/run.mjs', 'A2', 'A5'),
  },
];
