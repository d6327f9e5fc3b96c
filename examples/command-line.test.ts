import { describe, expect, it } from 'vitest';
import { Example } from './testing/run-example.ts';

const FRAMEWORKS = [
  'hello/hello.js',
  'server-pool/server-pool.js',
  'work-queue/scheduler.js',
  'dynamic-reservation/dynamic-reservation.js',
  'persistent-volume/persistent-volume.js',
  'operation-feedback/operation-feedback.js',
  'inverse-offer/inverse-offer.js',
];

async function run(script: string, ...args: string[]) {
  const example = new Example(script, args);
  try {
    return { code: await example.ended, output: example.output };
  } finally {
    example.kill();
  }
}

describe.each(FRAMEWORKS)('%s', (script) => {
  it('shows its usage when asked', async () => {
    const { code, output } = await run(script, '--help');
    expect(code).toBe(0);
    expect(output).toMatch(new RegExp(`^Usage: node examples/dist/${script} `));
  });

  it.each([
    [['--mastre=127.0.0.1:5050'], "Unknown option '--mastre'"],
    [['--master'], "Option '--master <value>' argument missing"],
    [['--master=no address'], "--master: 'no address' is no address"],
    [['no address'], "--master: 'no address' is no address"],
    [['127.0.0.1:1', '127.0.0.1:2'], "'127.0.0.1:2' is one master too many"],
    [['--master=127.0.0.1:1', '127.0.0.1:2'], "'127.0.0.1:2' is one master too many"],
  ])('refuses %j with its usage', async (args, words) => {
    const { code, output } = await run(script, ...args);
    expect(code, output).toBe(2);
    expect(output).toContain(words);
    expect(output).toContain('\n\nUsage: ');
    expect(output).not.toMatch(/^ +at /m);
  });
});

it.each([
  ['server-pool/server-pool.js', 'instances'],
  ['work-queue/scheduler.js', 'jobs'],
  ['persistent-volume/persistent-volume.js', 'tasks-per-shard'],
])('%s wants a number of %s', async (script, name) => {
  for (const wrong of ['many', '0', '-1', '1.5', '10001', '']) {
    const { code, output } = await run(script, `--${name}=${wrong}`);
    expect(code, output).toBe(2);
    expect(output).toContain(`--${name}: '${wrong}' is no whole number from 1 to 10000`);
  }
});

it.each([
  ['persistent-volume/persistent-volume.js', 'role', '*', 'a role other than *'],
  ['dynamic-reservation/dynamic-reservation.js', 'principal', 'two words', 'a name without spaces'],
  ['operation-feedback/operation-feedback.js', 'unknown-reservations', 'forget', "'keep' or 'remove'"],
])('%s wants %s to make sense', async (script, name, wrong, meaning) => {
  const { code, output } = await run(script, `--${name}=${wrong}`);
  expect(code, output).toBe(2);
  expect(output).toContain(`--${name}: '${wrong}' is not ${meaning}\n\nUsage: `);
});

it('the executor says that only agents start it', async () => {
  for (const args of [[], ['--help']]) {
    const { code, output } = await run('work-queue/executor.js', ...args);
    expect(code).toBe(2);
    expect(output).toContain('an executor is started by an agent, not by hand\n\nUsage: ');
    expect(output).not.toMatch(/^ +at /m);
  }
});
