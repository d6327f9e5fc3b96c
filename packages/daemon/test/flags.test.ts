/** Flags from every source, end to end: what is taken, what is refused and with which words. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type FlagProgram, type Flags, flagCatalog, loadFlags } from '../src/index.ts';

type Files = Readonly<Record<string, string>>;

/** A file system of `files`, keyed by absolute path. */
function inMemory(files: Files) {
  return {
    read: (path: string) => files[path],
    list: (path: string) => {
      const names = new Map<string, boolean>();
      for (const file of Object.keys(files)) {
        if (!file.startsWith(`${path}/`)) continue;
        const [name, ...deeper] = file.slice(path.length + 1).split('/');
        names.set(name!, deeper.length > 0);
      }
      return [...names].sort().map(([name, directory]) => ({ name, directory }));
    },
  };
}

interface Sources {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Files;
  readonly given?: readonly string[];
}

/** What each program must be told, so that a test is about something else; `given` says that the sources tell it. */
const NEEDED: Readonly<Record<FlagProgram, readonly string[]>> = {
  master: ['--registry=in_memory'],
  agent: ['--master=10.0.0.1:5050', '--work_dir=/w'],
};

function load(program: FlagProgram, { argv = [], env = {}, files = {}, given = [] }: Sources) {
  const told = (flag: string, name: string): boolean => flag.startsWith(`--${name}=`);
  const needed = NEEDED[program].filter(
    (flag) =>
      !given.some((name) => told(flag, name)) && !argv.some((own) => told(own, flag.slice(2, flag.indexOf('=')))),
  );
  return loadFlags(program, { argv: [...needed, ...argv], env, files: inMemory(files) });
}

function loaded(program: FlagProgram, sources: Sources): { flags: Flags; warnings: readonly string[] } {
  const result = load(program, sources);
  if (!result.ok) throw new Error(result.error.text);
  return result.value;
}

function refusal(program: FlagProgram, sources: Sources): string {
  const result = load(program, sources);
  if (result.ok) throw new Error('was not refused');
  expect(result.error.exitCode).toBe(1);
  const [first, usage] = result.error.text.split('\n\n');
  expect(usage).toBe(`Usage: mesolite ${program} [options]; --help lists all flags.\n`);
  return first!;
}

describe('the catalog', () => {
  it.each(['master', 'agent'] as const)('of the %s has defaults that parse and print as themselves', (program) => {
    const { flags } = loaded(program, {});
    const names = new Set<string>();
    for (const spec of flagCatalog(program)) {
      for (const name of [spec.name, ...(spec.aliases ?? [])]) {
        expect(names.has(name), `${name} is there twice`).toBe(false);
        names.add(name);
      }
      if (spec.default === undefined || NEEDED[program].some((flag) => flag.startsWith(`--${spec.name}=`))) continue;
      expect(flags.text(spec.name), spec.name).toBe(spec.default);
      const value = { argv: [`--${spec.name}=${spec.default}`] };
      if (spec.name !== 'help' && spec.name !== 'version') expect(load(program, value).ok, spec.name).toBe(true);
      expect(spec.help, spec.name).toMatch(/\.$/);
    }
  });

  it('refuses any other value of what is not built, by name', () => {
    const other = { boolean: 'true', integer: '7', number: '7', duration: '7secs', bytes: '7KB', json: '{}' };
    for (const program of ['master', 'agent'] as const) {
      for (const spec of flagCatalog(program)) {
        if (spec.status !== 'refused') continue;
        const plain = spec.type === 'text' || spec.type === 'path' ? 'something' : other[spec.type];
        const value = spec.type === 'boolean' && spec.default === 'true' ? 'false' : plain;
        expect(refusal(program, { argv: [`--${spec.name}=${value}`] })).toMatch(
          new RegExp(`^--${spec.name}: not built yet in Mesolite \\d+\\.\\d+\\.\\d+: `),
        );
      }
    }
  });
});

describe('the command line', () => {
  it('takes values, booleans and their negation', () => {
    const { flags } = loaded('agent', { argv: ['--port=6000', '--no-switch_user', '--quiet', '--gc_delay=2days'] });
    expect(flags.integer('port')).toBe(6000);
    expect(flags.bool('switch_user')).toBe(false);
    expect(flags.bool('quiet')).toBe(true);
    expect(flags.durationMs('gc_delay')).toBe(172_800_000);
    expect(flags.given('gc_delay')).toBe(true);
    expect(flags.given('gc_disk_headroom')).toBe(false);
    expect(flags.number('gc_disk_headroom')).toBe(0.1);
    expect(flags.bytes('fetcher_cache_size')).toBe(2 * 1024 ** 3);
    expect(flags.text('resources')).toBeUndefined();
    expect(loaded('agent', { argv: ['--SWITCH_USER=false'] }).flags.bool('switch_user')).toBe(false);
    expect(loaded('agent', { argv: ['--attributes=a=b;c:d'] }).flags.text('attributes')).toBe('a=b;c:d');
    expect(loaded('agent', { argv: ['--', '--nonsense'] }).flags.integer('port')).toBe(5051);
  });

  it.each([
    [['--work_dri=/x'], "Failed to load unknown flag 'work_dri'. Did you mean '--work_dir'?"],
    [['--no-prot'], "Failed to load unknown flag 'prot' via 'no-prot'. Did you mean '--port'?"],
    [['--zzzzzzzzzz'], "Failed to load unknown flag 'zzzzzzzzzz'."],
    [['-port=1'], "Unexpected argument '-port=1'. Did you mean '--port=1'?"],
    [['port=1'], "Unexpected argument 'port=1'. Flags are written --name=value."],
    [['--port'], "Failed to load non-boolean flag 'port': Missing value (write --port=VALUE)"],
    [['--no-port'], "Failed to load non-boolean flag 'port' via 'no-port'"],
    [['--no-quiet=true'], "Failed to load boolean flag 'quiet' via 'no-quiet' with value 'true'"],
    [
      ['--quiet=maybe'],
      "Failed to load flag 'quiet': Failed to load value 'maybe': Expecting a boolean (e.g., true or false)",
    ],
    [
      ['--port=-1'],
      "Failed to load flag 'port': Failed to load value '-1': Expecting a number that is not negative, but got -1",
    ],
    [['--port=70000'], '--port: Expecting a port between 0 and 65535, but got 70000'],
    [['--ip=localhost'], "--ip: Expecting an IPv4 address, but got 'localhost'"],
    [
      ['--port=1', '--port=2'],
      "Duplicate flag: Flag 'port' is already loaded via name 'port' (both from the command line)",
    ],
    [
      ['--ip=1.2.3.4', '--ip_discovery_command=x'],
      'Only one of `--ip` or `--ip_discovery_command` should be specified',
    ],
    [
      ['--logging_level=LOUD'],
      "--logging_level: 'LOUD' is not a valid logging level. Possible values for 'logging_level' flag are: 'INFO', 'WARNING', 'ERROR'.",
    ],
  ])('refuses %j', (argv, text) => {
    expect(refusal('master', { argv })).toBe(text);
  });

  it.each([
    ['--agent_ping_timeout=100ms', 'Expected `--agent_ping_timeout` to be between 1secs and 15mins'],
    ['--max_agent_ping_timeouts=0', 'Expected `--max_agent_ping_timeouts` to be at least 1'],
    [
      '--agent_reregister_timeout=1mins',
      "Invalid value '1mins' for --agent_reregister_timeout: Must be at least 10mins",
    ],
    ['--offer_timeout=0secs', "Invalid value '0ns' for --offer_timeout: Must be greater than zero"],
    ['--registry=sqlite', "'sqlite' is not a supported option for registry persistence"],
    ['--registry_gc_interval=0secs', 'Expected `--registry_gc_interval` to be at least 1secs'],
    ['--registry_max_agent_count=1000001', 'Expected `--registry_max_agent_count` to be between 0 and 1000000'],
  ])('knows the ranges of the master: %s', (flag, text) => {
    expect(refusal('master', { argv: [flag] })).toContain(text);
  });

  it.each([
    ['--master=nonsense', "--master: Expecting host:port, zk://host:port/path or file:///path, but got 'nonsense'"],
    ['--authenticatee=kerberos', "--authenticatee: Could not create authenticatee module 'kerberos'"],
    [
      '--executor_reregistration_timeout=16secs',
      'Expected `--executor_reregistration_timeout` to be not more than 15secs',
    ],
    ['--registration_backoff_factor=2mins', 'Must be less than 1mins'],
    ['--gc_disk_headroom=1.5', "Invalid value '1.5' for --gc_disk_headroom. Must be between 0.0 and 1.0"],
    ['--containerizers=docker,mesos', "--containerizers: Expecting 'mesos'"],
    ['--isolation=posix/cpu,cgroups/mem', "The isolator 'cgroups/mem' is not built yet"],
    ['--launcher=linux', "--launcher: Expecting 'posix'"],
    ['--executor_environment_variables={"A":1}', '`executor_environment_variables` must only contain string values'],
    ['--executor_environment_variables={"A"', "Failed to load flag 'executor_environment_variables'"],
  ])('knows the ranges of the agent: %s', (flag, text) => {
    expect(refusal('agent', { argv: [flag] })).toContain(text);
  });

  it('demands what a program cannot do without', () => {
    const bare = (program: FlagProgram, argv: string[]) => {
      const result = loadFlags(program, { argv, env: {}, files: inMemory({}) });
      return result.ok ? 'ok' : result.error.text.split('\n')[0];
    };
    expect(bare('master', [])).toBe('--work_dir needed for replicated log based registry');
    expect(bare('master', ['--registry=in_memory'])).toBe('ok');
    expect(bare('master', ['--work_dir=/w'])).toBe('ok');
    expect(bare('agent', [])).toBe("Flag 'work_dir' is required, but it was not provided");
    expect(bare('agent', ['--work_dir=/w'])).toBe('Missing required option `--master`');
    expect(bare('agent', ['--work_dir=/w', '--master=h:1'])).toBe('ok');
  });

  it('prints all flags, and the version', () => {
    for (const program of ['master', 'agent'] as const) {
      const help = load(program, { argv: ['--help', '--nonsense'] });
      expect(help).toMatchObject({ ok: false, error: { exitCode: 0 } });
      for (const spec of flagCatalog(program)) {
        const name = spec.type === 'boolean' ? `--[no-]${spec.name}` : `--${spec.name}=VALUE`;
        expect(!help.ok && help.error.text).toContain(name);
      }
    }
    expect(load('agent', { argv: ['--version'] })).toMatchObject({
      error: { exitCode: 0, text: expect.stringMatching(/^mesolite \d+\.\d+\.\d+ \(mesos 1\.12\.0\)\n$/) },
    });
  });

  it('takes older names with a warning, and shows them as they were given', () => {
    const { flags, warnings } = loaded('master', { argv: ['--slave_ping_timeout=20secs'] });
    expect(flags.durationMs('agent_ping_timeout')).toBe(20_000);
    expect(warnings).toEqual(["Loaded deprecated flag 'slave_ping_timeout': its name is 'agent_ping_timeout' now"]);
    expect(flags.effective()).toMatchObject({ 'slave_ping_timeout': '20secs' });
    expect(flags.effective()).not.toHaveProperty('agent_ping_timeout');
    expect(refusal('master', { argv: ['--slave_ping_timeout=20secs', '--agent_ping_timeout=20secs'] })).toContain(
      "Flag 'agent_ping_timeout' is already loaded via name 'slave_ping_timeout'",
    );
  });

  it('refuses what tunes something that is not built', () => {
    expect(refusal('agent', { argv: ['--docker=/usr/bin/docker'] })).toContain('--docker: not built yet in Mesolite ');
    expect(loaded('agent', { argv: ['--perf_duration=10secs'] }).warnings).toEqual([]);
  });

  it('takes any quorum of masters, as it means nothing', () => {
    expect(loaded('master', { argv: ['--quorum=2'] }).warnings).toEqual([]);
    expect(refusal('master', { argv: ['--quorum=0'] })).toContain('--quorum: Expecting at least 1');
  });

  it('needs no work directory where the registry is in ZooKeeper', () => {
    expect(loaded('master', { argv: ['--zk=zk://a:1/mesos'] }).warnings).toEqual([]);
  });

  it('is read, below the command line', () => {
    const env = { MESOS_PORT: '6000', MESOS_QUIET: '', 'MESOS_SLAVE_PING_TIMEOUT': '30secs', PORT: '7', OTHER: 'x' };
    const { flags, warnings } = loaded('master', { env, argv: ['--port=6001'] });
    expect(flags.integer('port')).toBe(6001);
    expect(flags.bool('quiet')).toBe(true);
    expect(flags.durationMs('agent_ping_timeout')).toBe(30_000);
    expect(warnings).toContain("Flag 'port' is set by the command line and by MESOS_PORT: the first one counts");
  });

  it('may hold names that are no flags', () => {
    const env = { MESOS_SANDBOX: '/s', MESOS_DOCKER: 'docker', MESOS_WORK_DRI: '/x' };
    expect(loaded('master', { env }).warnings).toEqual([
      "Failed to load unknown flag 'work_dri' (from MESOS_WORK_DRI). Did you mean '--work_dir'? It is ignored.",
    ]);
  });

  it('is named when its value is bad', () => {
    expect(refusal('master', { env: { MESOS_PORT: 'x' } })).toMatch(/\(from MESOS_PORT\)$/);
  });
});

describe('files', () => {
  it('hold one flag each, above the environment and below the command line', () => {
    const files = {
      '/etc/mesos-master/port': '6000\n',
      '/etc/mesos-master/?quiet': '',
      '/etc/mesos-master/?no-hostname_lookup': '',
      '/etc/mesos-master/cluster': '  my cluster \n',
      '/etc/mesos-master/.hidden': 'x',
      '/etc/mesos-master/port.rpmsave': '7',
      '/etc/mesos-master/port~': '8',
      '/etc/mesos-slave/port': '9',
    };
    const { flags } = loaded('master', { files, env: { MESOS_PORT: '6001' } });
    expect(flags.integer('port')).toBe(6000);
    expect(flags.bool('quiet')).toBe(true);
    expect(flags.bool('hostname_lookup')).toBe(false);
    expect(flags.text('cluster')).toBe('my cluster');
    expect(loaded('master', { files, argv: ['--port=6002'] }).flags.integer('port')).toBe(6002);
    expect(refusal('master', { files: { '/etc/mesos-master/prot': '1' } })).toBe(
      "Failed to load unknown flag 'prot' (from /etc/mesos-master/prot). Did you mean '--port'?",
    );
    expect(refusal('master', { files: { '/etc/mesos-master/port': 'x' } })).toMatch(
      /\(from \/etc\/mesos-master\/port\)$/,
    );
  });

  it('of the agent may be split by attribute and resource, and lie in the directory of its older name', () => {
    const files = {
      '/etc/mesos-slave/attributes/rack': 'r1\n',
      '/etc/mesos-slave/attributes/zone': 'a',
      '/etc/mesos-slave/attributes/empty': '',
      '/etc/mesos-slave/resources/cpus': '4',
      '/etc/mesos-slave/resources/ports(web)': '[80-90]',
      '/etc/mesos-slave/port': '6000',
      '/etc/mesos-agent/port': '6001',
    };
    const { flags, warnings } = loaded('agent', { files });
    expect(flags.text('attributes')).toBe('rack:r1;zone:a');
    expect(flags.text('resources')).toBe('cpus:4;ports(web):[80-90]');
    expect(flags.integer('port')).toBe(6001);
    expect(warnings).toEqual([
      "Flag 'port' is set by /etc/mesos-agent/port and by /etc/mesos-slave/port: the first one counts",
    ]);
    expect(loaded('master', { files: { '/etc/mesos-master/sub/x': '1' } }).warnings).toEqual([
      'Directory /etc/mesos-master/sub is ignored: flags are plain files',
    ]);
  });

  it('of /etc/default are read as a shell would', () => {
    const files = {
      '/etc/default/mesos': '# common\nLOGS=/var/log/mesos\nULIMIT="-n 8192"\nexport MESOS_QUIET=true\n',
      '/etc/default/mesos-master':
        'PORT=6000\nCLUSTER="the $NAME""cluster" # comment\nMESOS_MAX_COMPLETED_FRAMEWORKS=7\n',
    };
    const { flags, warnings } = loaded('master', { files, env: { MESOS_MAX_COMPLETED_FRAMEWORKS: '9' } });
    expect(flags.text('log_dir')).toBe('/var/log/mesos');
    expect(flags.integer('port')).toBe(6000);
    expect(flags.text('cluster')).toBe('the cluster');
    expect(flags.bool('quiet')).toBe(true);
    expect(flags.integer('max_completed_frameworks')).toBe(7);
    expect(warnings.join()).toContain('ULIMIT in /etc/default/mesos is ignored');
    const over = loaded('master', { files: { ...files, '/etc/mesos-master/port': '6001' } });
    expect(over.flags.integer('port')).toBe(6001);
  });

  it('of /etc/mesos tell both programs where to find the other', () => {
    const zk = { '/etc/mesos/zk': 'zk://localhost:2181/mesos\n' };
    expect(loaded('master', { files: zk }).flags.text('zk')).toBe('zk://localhost:2181/mesos');
    expect(loaded('agent', { files: zk, given: ['master'] }).flags.text('master')).toBe('zk://localhost:2181/mesos');
    expect(refusal('agent', { files: { '/etc/mesos/zk': 'nobody' }, given: ['master'] })).toMatch(
      /^--master: Expecting host:port, .*\(from \/etc\/mesos\/zk\)$/,
    );
    const assignment = 'MASTER=`cat /etc/mesos/zk`\n';
    const files = { '/etc/default/mesos-slave': assignment, '/etc/mesos/zk': 'h:5050' };
    const master = loaded('agent', { files, given: ['master'] });
    expect(master.flags.text('master')).toBe('h:5050');
    const others = { '/etc/mesos/masters': 'a', '/etc/mesos/mesos-master-env.sh': 'x', '/etc/mesos/cluster': 'c' };
    const { flags, warnings } = loaded('master', { files: others });
    expect(flags.text('cluster')).toBe('c');
    expect(warnings).toEqual([]);
  });

  it('are fetched for file:// values, but not where the value is a path', () => {
    const files = { '/v/cluster': 'from a file\n', '/v/env': '{"A": "b"}', '/v/master': 'h:5050\n' };
    expect(loaded('master', { files, argv: ['--cluster=file:///v/cluster'] }).flags.text('cluster')).toBe(
      'from a file',
    );
    expect(loaded('agent', { files, argv: ['--master=file:///v/master'] }).flags.text('master')).toBe('h:5050');
    expect(loaded('agent', { files, argv: ['--work_dir=file:///v/x'] }).flags.text('work_dir')).toBe('/v/x');
    for (const value of ['/v/env', 'file:///v/env', '{"A":"b"}']) {
      const { flags } = loaded('agent', { files, argv: [`--executor_environment_variables=${value}`] });
      expect(flags.text('executor_environment_variables')).toBe('{"A":"b"}');
    }
    expect(refusal('master', { argv: ['--cluster=file:///nope'] })).toBe(
      "Failed to load flag 'cluster': Error reading file '/nope': No such file or directory",
    );
  });

  it('are looked for below --config_root on a real disk', async () => {
    const root = await mkdtemp(join(tmpdir(), 'flags-'));
    onTestFinished(() => rm(root, { recursive: true, force: true }));
    const write = async (path: string, text: string): Promise<void> => {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    };
    await write('etc/mesos-agent/work_dir', '/w\n');
    await write('etc/mesos-agent/?gc_non_executor_container_sandboxes', '');
    await write('etc/mesos-slave/attributes/rack', 'r1');
    await write('etc/default/mesos-slave', 'MASTER=$(cat /etc/mesos/zk)\n');
    await write('etc/mesos/zk', 'h:5050\n');
    const refused = loadFlags('agent', { argv: [`--config_root=${root}`], env: {} });
    expect(!refused.ok && refused.error.text).toMatch(/^--gc_non_executor_container_sandboxes: not built yet/);
    await rm(join(root, 'etc/mesos-agent/?gc_non_executor_container_sandboxes'));
    const result = loadFlags('agent', { argv: [], env: { MESOS_CONFIG_ROOT: root } });
    expect(result.ok && result.value.flags.effective()).toMatchObject({
      work_dir: '/w',
      attributes: 'rack:r1',
      master: 'h:5050',
      config_root: root,
    });
  });
});
