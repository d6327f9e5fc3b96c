import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../repository/layout.mjs';
import { runSteps } from '../run-steps.mjs';
import { runVitest } from '../steps.mjs';
import { countTests, readRecords } from '../vitest-report.mjs';

describe('counting records', () => {
  it('counts a file that was begun and never ended as failed', () => {
    const outcome = countTests(
      [
        { kind: 'begun', file: 'a.test.ts' },
        { kind: 'begun', file: 'b.test.ts' },
        { kind: 'passed', name: 'a.test.ts > works' },
        { kind: 'ended', file: 'a.test.ts' },
      ],
      1,
    );
    expect(outcome.passed).toBe(1);
    expect(outcome.failures).toEqual([{ name: 'b.test.ts', message: 'did not finish: the run ended before it' }]);
  });

  it('does not believe in success when vitest exits with a code and names nobody', () => {
    expect(countTests([], 137).failures[0]?.message).toContain('exited with 137');
    expect(countTests([], 0).failures).toEqual([]);
  });

  it('gives a skipped test the reason its file printed, or its own', () => {
    const { skips } = countTests(
      [
        { kind: 'reason', file: 'a.test.ts', text: 'no docker here' },
        { kind: 'reason', file: '', text: 'no captures' },
        { kind: 'skipped', name: 'a.test.ts > one', reason: undefined },
        { kind: 'skipped', name: 'a.test.ts > two', reason: 'needs root' },
        { kind: 'skipped', name: 'b.test.ts > three', reason: undefined },
      ],
      0,
    );
    expect(skips).toEqual([
      { name: 'a.test.ts > one', reason: 'no docker here' },
      { name: 'a.test.ts > two', reason: 'needs root' },
      { name: 'b.test.ts > three', reason: 'no captures' },
    ]);
  });

  it('leaves out a record that was cut off by a crash', () => {
    expect(readRecords('{"kind":"passed","name":"a"}\n{"kind":"pas')).toEqual([{ kind: 'passed', name: 'a' }]);
    expect(readRecords('')).toEqual([]);
  });
});

describe('running steps', () => {
  it('goes on after a step that throws, and counts it as one failure', async () => {
    const lines: string[] = [];
    const counts = await runSteps(
      [
        { name: 'bad', title: 'bad', run: () => Promise.reject(new Error('boom')) },
        {
          name: 'good',
          title: 'good',
          run: () => {
            const skips = ['a > 1', 'a > 2', 'b > 3'].map((name) => ({ name, reason: 'no cgroups' }));
            return Promise.resolve({ passed: 2, failures: [], skips });
          },
        },
      ],
      { print: (line) => lines.push(line) },
    );
    expect(counts).toEqual({ passed: 2, failed: 1 });
    expect(lines.at(-1)).toBe('2 passed, 1 failed');
    expect(lines.join('\n')).toContain('bad: bad crashed\n    Error: boom');
    expect(lines).toContain('good: a (2 tests): no cgroups');
    expect(lines).toContain('good: b > 3: no cgroups');
  });

  it('counts what an interruption kept from running as failed', async () => {
    const step = (name: string) => ({
      name,
      title: name,
      run: () => Promise.resolve({ passed: 1, failures: [], skips: [] }),
    });
    let begun = 0;
    const counts = await runSteps([step('first'), step('second')], { print: () => {}, stopped: () => begun++ > 0 });
    expect(counts).toEqual({ passed: 1, failed: 1 });
  });
});

describe('vitest, counted', () => {
  let directory = '';

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'mesolite-runner-'));
    mkdirSync(join(directory, 'tests'));
    symlinkSync(at('node_modules'), join(directory, 'node_modules'));
    const reporter = pathToFileURL(at('tools', 'testing', 'counting-reporter.mjs')).href;
    writeFileSync(
      join(directory, 'vitest.config.mjs'),
      `import { reporters } from ${JSON.stringify(reporter)};\n` +
        `export default { test: { reporters: reporters(), include: ['tests/*.test.ts'], maxWorkers: 1 } };\n`,
    );
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('tells passed, failed, skipped, unloadable and crashing files apart', async () => {
    const file = (name: string, text: string) => writeFileSync(join(directory, 'tests', `${name}.test.ts`), text);
    const imports = `import { beforeAll, describe, expect, it } from 'vitest';\n`;
    file(
      'mixed',
      `${imports}it('adds', () => expect(1 + 1).toBe(2));\nit('errs', () => expect('odd').toBe('even'));\n` +
        `it('waits', (context) => context.skip('no docker here'));\n`,
    );
    file(
      'elsewhere',
      `${imports}console.log('skipped: no cgroups here');\ndescribe.skipIf(true)('s', () => { it('counts', () => {}); });\n`,
    );
    file('slow', `${imports}it('hangs', () => new Promise(() => {}), 50);\n`);
    file('syntax', `${imports}it('never', () => {{{);\n`);
    file('missing', `import './no-such-module.ts';\n${imports}it('never', () => {});\n`);
    file(
      'hook',
      `${imports}describe('s', () => { beforeAll(() => { throw new Error('hook broke'); }); it('x', () => {}); });\n`,
    );
    file(
      'crash',
      `${imports}it('dies', () => { process.kill(process.pid, 'SIGKILL'); return new Promise(() => {}); });\n`,
    );
    const outcome = await runVitest({ cwd: directory, args: [], quiet: true });
    expect(outcome.passed).toBe(1);
    expect(outcome.skips).toContainEqual({ name: 'tests/mixed.test.ts > waits', reason: 'no docker here' });
    expect(outcome.skips).toContainEqual({ name: 'tests/elsewhere.test.ts > s > counts', reason: 'no cgroups here' });
    const failureOf = (name: string) => outcome.failures.find((failure) => failure.name.includes(name));
    expect(failureOf('mixed.test.ts > errs')?.message).toContain("expected 'odd' to be 'even'");
    expect(failureOf('slow.test.ts > hangs')?.message).toContain('timed out in 50ms');
    for (const name of ['syntax', 'missing', 'hook', 'crash']) expect(failureOf(`tests/${name}`), name).toBeDefined();
  }, 60_000);
});
