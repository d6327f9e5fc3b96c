import { describe, expect, it } from 'vitest';
import { run } from '../src/command-line.ts';
import { buildProgram } from '../src/program.ts';
import { wantsColor } from '../src/terminal.ts';
import { recordedTerminal } from './recorded-terminal.ts';

async function mesolite(...argv: string[]) {
  const terminal = recordedTerminal();
  const code = await run(argv, terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}

describe('help', () => {
  it('lists every command, with and without being asked', async () => {
    for (const argv of [[], ['--help'], ['help']]) {
      const { code, out } = await mesolite(...argv);
      expect(code).toBe(0);
      for (const command of ['master', 'agent', 'local', 'execute', 'ps', 'tail', 'cat'])
        expect(out).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
      expect(out).toContain('Examples:');
    }
  });

  it.each(['local', 'execute', 'ps', 'tail', 'cat'])('of %s ends with examples', async (command) => {
    const { code, out } = await mesolite(command, '--help');
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`Usage: mesolite ${command}`));
    expect(out).toMatch(new RegExp(`Examples:\n  mesolite ${command}`));
  });

  it.each(['master', 'agent'])('of %s is that of the daemon', async (program) => {
    for (const argv of [
      [program, '--help'],
      ['help', program],
    ]) {
      const { code, out } = await mesolite(...argv);
      expect(code).toBe(0);
      expect(out).toContain(`Usage: mesolite ${program} [options]`);
      expect(out).toContain('--work_dir=VALUE');
    }
  });

  it('tells the version', async () => {
    expect(await mesolite('--version')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^mesolite \d+\.\d+\.\d+\n$/),
    });
  });
});

describe('what is mistyped', () => {
  it('gets a suggestion', async () => {
    expect(await mesolite('excute')).toMatchObject({ code: 2, err: expect.stringContaining('Did you mean execute?') });
    expect(await mesolite('ps', '--al')).toMatchObject({
      code: 2,
      err: expect.stringContaining('Did you mean --all?'),
    });
    const master = await mesolite('master', '--work_dri=x');
    expect(master.code).toBe(1);
    expect(master.err).toContain('work_dir');
  });

  it('is told of a file that is to name the master and is not there', async () => {
    const { code, err } = await mesolite('ps', '--master=file:///nowhere/at/all');
    expect(code).toBe(1);
    expect(err).toContain("--master: Failed to read from file at '/nowhere/at/all'");
  });

  it.each([
    [['ps', '--master=a b'], "'a b' is no address"],
    [['ps', '--master=localhost:99999'], 'a port is between 1 and 65535'],
    [['ps', '--master=zk://a:2181'], 'zk://a:2181'],
    [['local', '--agents=0'], 'Expecting a whole number from 1'],
    [['local', '--port=70000'], 'Expecting a port'],
    [['execute', '--command=x', '--kill_after=soon'], "Invalid duration 'soon'"],
    [['execute', '--command=x', '--shell=perhaps'], 'Expecting true or false'],
    [['execute', '--command=x', '--content_type=xml'], 'Allowed choices are json, protobuf'],
    [['execute', '--command=x', '--docker_image=alpine'], '--docker_image is not built yet'],
    [['execute'], 'give --command'],
    [['tail'], 'say which task'],
    [['fit', '--cpus=1'], "required option '--mem <MiB>' not specified"],
    [['fit', '--cpus=0', '--mem=0'], 'an instance must need something'],
    [['fit', '--cpus=-1', '--mem=1'], "'--cpus <number>' argument '-1' is invalid"],
    [['fit', '--cpus=1', '--mem=Infinity'], "'--mem <MiB>' argument 'Infinity' is invalid"],
    [['fit', '--cpus=1', '--mem=NaN'], "'--mem <MiB>' argument 'NaN' is invalid"],
    [['fit', '--cpus=0.0001', '--mem=1'], 'no less than 0.001'],
    [['fit', '--cpus=1', '--mem=1', '--disk=9e99'], "'--disk <MiB>' argument '9e99' is invalid"],
    [['fit', '--cpus=1', '--mem=1', '--gpus=many'], "'--gpus <number>' argument 'many' is invalid"],
    [['fit', '--cpus=1', '--mem=1', '--ports=-3'], "'--ports <count>' argument '-3' is invalid"],
    [['fit', '--cpus=1', '--mem=1', '--instances=0'], 'Expecting a whole number from 1 to 100000'],
    [['fit', '--cpus=1', '--mem=1', '--role=a//b'], "'--role <role>' argument 'a//b' is invalid"],
    [['fit', '--cpus=1', '--mem=1', '--constraint=rack'], 'must have either 2 or 3 fields'],
    [
      ['fit', '--cpus=1', '--mem=1', '--constraint=rack:NEAR'],
      "argument 'rack:NEAR' is invalid. Constraint operator must",
    ],
    [['fit', '--cpus=1', '--mem=1', '--constraint=rack:LIKE:a('], "'a(' is not a valid regular expression"],
    [['fit', '--cpus=1', '--mem=1', '--constraint=rack:LIKE:(abcd){900}'], 'too complex'],
    [['fit', '--cpus=1', '--mem=1', '--constraint=rack:MAX_PER:x'], 'is not a number'],
  ])('%j is refused with words', async (argv, words) => {
    const { code, err } = await mesolite(...argv);
    expect(code).toBe(2);
    expect(err).toContain(words);
  });
});

describe('flags that are so or not', () => {
  const options = async (...argv: string[]): Promise<Record<string, unknown>> => {
    const program = buildProgram(recordedTerminal(), () => {});
    // Only what is understood: nothing runs here.
    await program.parseAsync(argv, { from: 'user' });
    return program.commands.find((command) => command.name() === argv[0])?.opts() ?? {};
  };

  it('can be negated, as those of the daemons', async () => {
    expect(await options('execute')).toMatchObject({ shell: true, partition_aware: true, checkpoint: false });
    expect(await options('execute', '--no-shell', '--no-partition_aware', '--checkpoint')).toMatchObject({
      shell: false,
      partition_aware: false,
      checkpoint: true,
    });
    expect(await options('execute', '--no-shell', '--shell')).toMatchObject({ shell: true });
    expect(await options('ps', '--all', '--json', '--no-all')).toMatchObject({ all: false, json: true });
    expect(await options('ps')).not.toHaveProperty('all');
    expect(await options('tail', '-f', '--no-follow', 'task')).toMatchObject({ follow: false });
    expect(await options('local', '--no-demo')).toMatchObject({ demo: false });
  });

  it('are negated without a value, and the others not at all', async () => {
    for (const argv of [
      ['execute', '--no-shell=false'],
      ['execute', '--no-name'],
      ['ps', '--no-master'],
    ])
      expect(await mesolite(...argv)).toMatchObject({ code: 2, err: expect.stringContaining('unknown option') });
  });
});

describe('a master that does not answer', () => {
  it.each([
    [['ps']],
    [['cat', 'x']],
    [['tail', 'x']],
    [['execute', '--command=true']],
  ])('makes %j fail with a hint', async (argv) => {
    const { code, err } = await mesolite(argv[0]!, '--master=127.0.0.1:1', ...argv.slice(1));
    expect(code).toBe(1);
    expect(err).toContain('cannot connect to http://127.0.0.1:1');
    expect(err).toContain('mesolite local');
  }, 15_000);
});

describe('colours', () => {
  it('are for terminals, unless the environment says otherwise', () => {
    expect(wantsColor(true, {})).toBe(true);
    expect(wantsColor(false, {})).toBe(false);
    expect(wantsColor(true, { NO_COLOR: '1' })).toBe(false);
    expect(wantsColor(true, { NO_COLOR: '', TERM: 'xterm' })).toBe(true);
    expect(wantsColor(true, { TERM: 'dumb' })).toBe(false);
    expect(wantsColor(false, { FORCE_COLOR: '1' })).toBe(true);
    expect(wantsColor(false, { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
  });
});
