/** What an agent offers by its flags, and which flags it refuses to start with. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadFlags } from '@mesolite/daemon';
import { Resources } from '@mesolite/resources';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentResources } from '../src/agent-options.ts';
import { startAgent } from '../src/index.ts';

const GIB = 2 ** 30;
const facts = { cores: 4, memoryBytes: 16 * GIB, diskBytes: 100 * GIB };

const disk = (source: object): object => ({ name: 'disk', type: 'SCALAR', disk: { source } });

function offered(...argv: string[]): string {
  const loaded = loadFlags('agent', {
    argv: ['--work_dir=/nowhere', '--master=127.0.0.1:5050', ...argv],
    env: {},
    files: { read: () => undefined, list: () => [] },
  });
  if (!loaded.ok) throw new Error(loaded.error.text);
  const resources = agentResources(loaded.value.flags, facts);
  return resources.ok ? Resources.from(resources.value).toString() : resources.error;
}

describe('resources', () => {
  it('are those of the machine but for a reserve', () => {
    expect(offered()).toBe('cpus:4; mem:15360; disk:97280; ports:[31000-32000]');
  });

  it('are what the flag says, and of the machine what it does not say', () => {
    expect(offered('--resources=cpus:1;mem:512')).toBe('cpus:1; mem:512; disk:97280; ports:[31000-32000]');
  });

  it('are not offered when the flag says zero', () => {
    expect(offered('--resources=disk:0;ports:[]')).not.toContain('disk');
  });

  it('belong to the default role', () => {
    expect(offered('--resources=cpus:1', '--default_role=web')).toMatch(/^cpus\(reservations: .*web.*\):1/);
  });

  it('may come from a file', () => {
    const loaded = loadFlags('agent', {
      argv: ['--work_dir=/nowhere', '--master=127.0.0.1:5050', '--resources=file:///list'],
      env: {},
      files: {
        read: (path) => (path === '/list' ? JSON.stringify([disk({ type: 'PATH', path: { root: 'p' } })]) : undefined),
        list: () => [],
      },
    });
    if (!loaded.ok) throw new Error(loaded.error.text);
    const sizes = new Map([['p', 20 * GIB]]);
    const resources = agentResources(loaded.value.flags, { ...facts, disks: sizes });
    expect(resources.ok && Resources.from(resources.value).toString()).toBe(
      'disk[PATH:p]:15360; cpus:4; mem:15360; ports:[31000-32000]',
    );
    expect(offered('--resources=/list')).toMatch(/^--resources: Bad value.* given as file:\/\/\/list$/);
  });

  it('are as many GPUs as the flag says, which nobody looks for', () => {
    expect(offered('--resources=gpus:2;cpus:1')).toMatch(/^gpus:2; cpus:1; /);
    expect(offered()).not.toContain('gpus');
    for (const flag of ['--nvidia_gpu_devices=0,1', '--isolation=gpu/nvidia'])
      expect(() => offered(flag)).toThrow(/nvidia.*not.*built/s);
  });

  it.each([
    ['--resources=cpus', '--resources: '],
    ['--resources=cpus:-1', '--resources: '],
    ['--default_role=a b', '--default_role: '],
  ])('%s is refused with the name of the flag', (flag, prefix) => {
    expect(offered(flag)).toContain(prefix);
  });
});

describe('an agent does not start', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'agent-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const refusal = async (...argv: string[]): Promise<unknown> => {
    const started = await startAgent({
      argv: [`--config_root=${directory}`, '--quiet', '--ip=127.0.0.1', '--port=0', ...argv],
      env: {},
    });
    if (started.ok) await started.value.stop();
    return started.ok ? 'started' : started.error;
  };

  it.each([
    [['--work_dir=x'], /--master/],
    [['--master=127.0.0.1:5050'], /work_dir/],
    [['--master=127.0.0.1:5050', '--work_dir=/dev/null/work'], /work_dir/],
    [['--master=127.0.0.1:5050', '--work_dir=WORK', '--runtime_dir=/dev/null/run'], /--runtime_dir/],
    [['--master=127.0.0.1:5050', '--work_dir=WORK', '--attributes=:'], /--attributes/],
    [['--master=127.0.0.1:5050', '--work_dir=WORK', '--resources=cpus:many'], /--resources/],
    [['--master=zk://127.0.0.1:2181', '--work_dir=WORK'], /Failed to create a master detector/],
    [['--master=127.0.0.1:5050', '--work_dir=WORK', '--credential=/dev/null/secret'], /credential file/],
    [['--master=127.0.0.1:5050', '--work_dir=WORK', '--domain={}'], /--domain: `domain` must define `fault_domain`/],
    [['--master=127.0.0.1:5050', '--work_dir=WORK', '--domain={'], /domain/],
    [['--master=127.0.0.1:5050', '--work_dir=WORK', '--nonsense=1'], /nonsense/],
  ])('with %o', async (argv, text) => {
    const real = argv.map((flag) => flag.replace('WORK', join(directory, 'work')));
    expect(await refusal(...real)).toMatchObject({ exitCode: 1, text: expect.stringMatching(text) });
  });

  it('with a disk that is not mounted, or whose file system tells no size', async () => {
    const flags = ['--master=127.0.0.1:5050', `--work_dir=${directory}/work`];
    const on = (root: string): string => `--resources=${JSON.stringify([disk({ type: 'MOUNT', mount: { root } })])}`;
    expect(await refusal(...flags, on(directory))).toMatchObject({
      text: `Failed to find mount '${directory}' in /proc/mounts\n`,
    });
    expect(await refusal(...flags, on('/proc'))).toMatchObject({
      text: "Failed to determine the size of disk 'disk[MOUNT:/proc]:0': the file system of '/proc' tells none\n",
    });
  });

  it('without a line about what it offers', async () => {
    const lines: string[] = [];
    const started = await startAgent({
      argv: [
        '--master=127.0.0.1:5050',
        `--config_root=${directory}`,
        '--ip=127.0.0.1',
        '--port=0',
        '--hostname=here',
        `--work_dir=${directory}/work`,
        '--resources=cpus:2;mem:1;disk:0;ports:[]',
        '--attributes=rack:2;os:plan9;gen:[1-3]',
      ],
      env: {},
      stderr: (line) => lines.push(line),
    });
    if (!started.ok) throw new Error(started.error.text);
    await started.value.stop();
    const text = lines.join('');
    expect(text).toContain('Agent attributes: [ rack=2, os=plan9, gen=[1-3] ]');
    expect(text).toContain('Agent hostname: here');
    const list = JSON.parse(/Agent resources: (\[.*\])/.exec(text)?.[1] ?? '') as unknown;
    expect(list).toEqual([
      { name: 'cpus', type: 'SCALAR', scalar: { value: 2 } },
      { name: 'mem', type: 'SCALAR', scalar: { value: 1 } },
    ]);
  });

  it('on an address that is taken', async () => {
    const flags = ['--master=127.0.0.1:5050', `--config_root=${directory}`, '--quiet', '--ip=127.0.0.1'];
    const first = await startAgent({ argv: [...flags, `--work_dir=${directory}/1`, '--port=0'], env: {} });
    if (!first.ok) throw new Error(first.error.text);
    const second = await startAgent({
      argv: [...flags, `--work_dir=${directory}/2`, `--port=${first.value.port}`],
      env: {},
    });
    await first.value.stop();
    expect(second).toMatchObject({ ok: false, error: { text: expect.stringContaining('in use') } });
  });
});
