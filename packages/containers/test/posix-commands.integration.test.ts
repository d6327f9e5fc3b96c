/** Real commands: how they are started, what they see, how their ends are told. */
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerId } from '@mesolite/base';
import type { CommandInfo } from '@mesolite/wire';
import { afterAll, describe, expect, it } from 'vitest';
import { type ContainerSpec, type ContainerTermination, createPosixContainerizer } from '../src/index.ts';
import { containerizerContract } from './containerizer-contract.ts';
import { readIfThere, until, workplace } from './workplace.ts';

const root = process.geteuid?.() === 0;
if (!root) console.log('Skipped: running as other users needs root');

const place = workplace();
const containerizer = createPosixContainerizer();
afterAll(async () => {
  await containerizer.close();
  place.remove();
});

containerizerContract('the posix containerizer', () => ({
  containerizer: createPosixContainerizer(),
  spec: (id, command) => ({ ...place.spec(`contract-${id}`, command), containerId: id as ContainerId }),
  settle: (promise) => promise,
}));

async function run(
  id: string,
  command: string | CommandInfo,
  more: Partial<ContainerSpec> = {},
): Promise<ContainerTermination> {
  await containerizer.launch(place.spec(id, command, more));
  return containerizer.wait(id as ContainerId);
}

function environmentOf(id: string): Map<string, string> {
  const lines = place.read(id, 'stdout').trimEnd().split('\n');
  return new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

describe('ends', () => {
  it.each([
    ['exit 0', { status: 0, exitCode: 0, message: 'Command exited with status 0' }],
    ['exit 255', { status: 0xff00, exitCode: 255, message: 'Command exited with status 255' }],
    // Not a signal, though shells use the number for one.
    ['exit 143', { status: 143 << 8, exitCode: 143, message: 'Command exited with status 143' }],
    ['kill -TERM $$', { status: 15, signal: 'SIGTERM', message: 'Command terminated with signal Terminated' }],
    ['kill -KILL $$', { status: 9, signal: 'SIGKILL', message: 'Command terminated with signal Killed' }],
    [
      'kill -USR1 $$',
      { status: 10, signal: 'SIGUSR1', message: 'Command terminated with signal User defined signal 1' },
    ],
    ['kill -40 $$', { status: 40, signal: 'SIG40', message: 'Command terminated with signal Real-time signal 6' }],
    ['no-such-program-anywhere', { exitCode: 127, message: 'Command exited with status 127' }],
  ])('of %j', async (command, expected) => {
    expect(await run(`end ${command}`, command)).toMatchObject({ ...expected, killed: false });
  });

  it('stand on disk, outside of the sandbox', async () => {
    await run('on-disk', 'kill -9 $$');
    const spec = place.spec('on-disk', '');
    expect(readIfThere(join(spec.stateDirectory, 'status'))?.trim()).toBe('Killed\nend 137');
    expect(readIfThere(join(spec.stateDirectory, 'supervisor'))).toMatch(/^\d+ \(/);
    expect(statSync(spec.stateDirectory).mode & 0o777).toBe(0o700);
  });

  it('are not confused by a command that signals its own group', async () => {
    expect(await run('group', 'kill -KILL 0')).toMatchObject({ signal: 'SIGKILL', killed: false });
  });

  it('come without a status when the supervisor is killed, and nothing lives on', async () => {
    const spec = place.spec('orphaned', 'exec sleep 1000');
    const launched = await containerizer.launch(spec);
    const usage = await untilUsage('orphaned');
    expect(usage.processes).toBe(1);
    if (launched.ok) process.kill(launched.value.pid, 'SIGKILL');
    expect(await containerizer.wait(spec.containerId)).toEqual({
      message: 'Failed to get exit status for Command',
      killed: false,
    });
    await containerizer.destroy(spec.containerId);
  });
});

async function untilUsage(id: string): Promise<{ processes?: number | undefined }> {
  let usage = await containerizer.usage(id as ContainerId);
  const deadline = performance.now() + 10_000;
  while ((usage?.processes ?? 0) === 0 && performance.now() < deadline)
    usage = await containerizer.usage(id as ContainerId);
  return usage ?? {};
}

describe('commands', () => {
  it('start in a sandbox of mode 0750 with output in two files', async () => {
    await run('where', 'pwd; echo oops >&2');
    expect(place.read('where', 'stdout')).toBe(`${place.spec('where', '').sandbox}\n`);
    expect(place.read('where', 'stderr')).toBe('oops\n');
    expect(statSync(place.spec('where', '').sandbox).mode & 0o777).toBe(0o750);
  });

  it('without a shell get their arguments as argv, the first included', async () => {
    const script = 'printf "%s|" "$0" "$@"';
    await run('argv', {
      shell: false,
      value: '/bin/sh',
      arguments: ['renamed', '-c', script, 'zero', 'a b', '$X', ''],
    });
    expect(place.read('argv', 'stdout')).toBe('zero|a b|$X||');
    await run('argv0', { shell: false, value: '/bin/cat', arguments: ['my-cat', '/proc/self/cmdline'] });
    expect(place.read('argv0', 'stdout')).toBe('my-cat\0/proc/self/cmdline\0');
    await run('no-argv', { shell: false, value: 'pwd' });
    expect(place.read('no-argv', 'stdout')).toBe(`${place.spec('no-argv', '').sandbox}\n`);
  });

  it('without a shell are not read by one', async () => {
    await run('plain', { shell: false, value: '/bin/echo', arguments: ['/bin/echo', '$HOME; false', '*'] });
    expect(place.read('plain', 'stdout')).toBe('$HOME; false *\n');
  });

  it.each([
    ['absent', '/no/such/file', 'No such file or directory'],
    ['unknown', "it's nowhere", 'No such file or directory'],
    ['a-file', '/etc/passwd', 'Permission denied'],
    ['a-directory', '/etc', 'Permission denied'],
  ])('that cannot be executed say why and end with 1: %s', async (name, value, why) => {
    expect(await run(name, { shell: false, value })).toMatchObject({ exitCode: 1 });
    expect(place.read(name, 'stderr')).toBe(`Failed to execute '${value}': ${why}\n`);
  });

  it('have stdin at its end, a session of their own, and signals as they should be', async () => {
    await run('state', 'cat; cut -d" " -f1,6 /proc/self/stat; grep -E "^Sig(Ign|Blk)" /proc/self/status');
    const [, stat] = /(\d+ \d+)\n/.exec(place.read('state', 'stdout')) ?? [];
    const [pid, session] = (stat ?? '').split(' ');
    expect(session).not.toBe(String(process.pid));
    expect(Number(pid)).toBeGreaterThan(Number(session));
    expect(place.read('state', 'stdout')).toContain('SigIgn:\t0000000000000000');
    expect(place.read('state', 'stdout')).toContain('SigBlk:\t0000000000000000');
  });

  it('have no descriptor of the agent', async () => {
    await run('descriptors', { shell: false, value: '/bin/ls', arguments: ['/bin/ls', '/proc/self/fd'] });
    // What this process was born with goes on to every child; nothing of its own may.
    const inherited = execFileSync('/bin/ls', ['/proc/self/fd'], { encoding: 'utf8' });
    expect(place.read('descriptors', 'stdout')).toBe(inherited);
  });

  it('must be there', async () => {
    const messages = [{}, { shell: false }, { value: 'a\0b' }].map(async (command, index) => {
      const launched = await containerizer.launch(place.spec(`missing-${index}`, command));
      return launched.ok ? undefined : launched.error.message;
    });
    expect(await Promise.all(messages)).toEqual([
      'Shell command is not specified',
      'Executable of the command is not specified',
      'Command and arguments must not contain NUL',
    ]);
  });

  it('that are too long are refused with a reason', async () => {
    const launched = await containerizer.launch(place.spec('long', `: ${'x'.repeat(3_000_000)}`));
    expect(launched).toMatchObject({ ok: false, error: { message: expect.stringContaining('E2BIG') } });
  });
});

describe('environments', () => {
  const env: CommandInfo = { shell: false, value: '/usr/bin/env', arguments: ['/usr/bin/env'] };

  it('are what the agent gives, a PATH, and the mark; nothing of the agent itself', async () => {
    await run('env', env, { env: { MESOS_SANDBOX: '/x', EMPTY: '' } });
    expect(Object.fromEntries(environmentOf('env'))).toEqual({
      MESOS_SANDBOX: '/x',
      EMPTY: '',
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      MESOLITE_CONTAINER: place.spec('env', '').stateDirectory,
    });
  });

  it('of the command win over those of the agent', async () => {
    const variables = [{ name: 'A', value: 'command' }, { name: 'PATH', value: '/usr/bin' }, { name: 'NONE' }];
    await run('win', { ...env, environment: { variables } }, { env: { A: 'agent', B: 'agent' } });
    expect(Object.fromEntries(environmentOf('win'))).toMatchObject({
      A: 'command',
      B: 'agent',
      PATH: '/usr/bin',
      NONE: '',
    });
  });

  it('may hold any name and value', async () => {
    const odd = {
      'a.b': 'dotted',
      'with-dash': '1',
      UID: '7',
      OPTIND: 'x',
      IFS: ':',
      PWD: '/elsewhere',
      Q: '$(id) `id` "\' \\',
      x_Q: 'named like a carrier',
      x_00: 'and this',
    };
    await run('odd', env, { env: odd });
    expect(Object.fromEntries(environmentOf('odd'))).toMatchObject(odd);
  });

  it.skipIf(!root)('are not read by programs that still run as the agent', async () => {
    const more = { env: { LD_PRELOAD: '/no/such/library.so' }, user: 'nobody' };
    await run('preload', { shell: false, value: '/bin/true', arguments: ['/bin/true'] }, more);
    // One complaint, of the command itself.
    expect(place.read('preload', 'stderr').trim().split('\n')).toHaveLength(1);
  });

  it.skipIf(!root)('reach the commands of other users whole', async () => {
    const odd = { 'a.b': 'dotted', OPTIND: 'x', IFS: ':', Q: '$(id) `id` "\' \\', LD_LIBRARY_PATH: '/x' };
    await run('odd-other', env, { env: odd, user: 'nobody' });
    expect(Object.fromEntries(environmentOf('odd-other'))).toMatchObject(odd);
  });

  it('never show in an argument list', async () => {
    await containerizer.launch(
      place.spec('hidden', 'exec sleep 1000', { env: { PASSWORD: 'swordfish', 'pass.word': 'swordfish' } }),
    );
    const { pid } = containerizer.containers().find((one) => one.containerId === 'hidden') ?? {};
    await untilUsage('hidden');
    expect(readIfThere(`/proc/${pid}/cmdline`)).not.toContain('swordfish');
    await containerizer.destroy('hidden' as ContainerId);
  });

  it.each([
    [{ name: 'S', type: 'SECRET' as const }, "Environment variable 'S' of type 'SECRET' is not supported"],
    [{ name: 'A=B', value: '' }, "Environment variable 'A=B' must have a name without '=' and NUL"],
    [{ name: '', value: '' }, "Environment variable '' must have a name without '=' and NUL"],
    [{ name: 'V', value: 'a\0b' }, "Value of environment variable 'V' must not contain NUL"],
  ])('are refused with a reason: %j', async (variable, reason) => {
    const id = `refused ${variable.name}`;
    const launched = await containerizer.launch(
      place.spec(id, { value: 'true', environment: { variables: [variable] } }),
    );
    expect(launched).toMatchObject({
      ok: false,
      error: { reason: 'REASON_CONTAINER_LAUNCH_FAILED', message: expect.stringContaining(reason) },
    });
  });
});

describe('users', () => {
  it.skipIf(!root)('own their sandbox and run with their groups only', async () => {
    expect(await run('nobody', 'id -un; id -G; touch mine; cat /etc/shadow', { user: 'nobody' })).toMatchObject({
      exitCode: 1,
    });
    expect(place.read('nobody', 'stdout')).toBe('nobody\n65534\n');
    const { sandbox, stateDirectory } = place.spec('nobody', '');
    for (const path of [sandbox, join(sandbox, 'stdout'), join(sandbox, 'stderr'), join(sandbox, 'mine')])
      expect(statSync(path).uid).toBe(65534);
    expect(statSync(stateDirectory).uid).toBe(0);
  });

  it.skipIf(!root)('may come with the command, and are ignored when switching is off', async () => {
    await run('absent-for-nobody', { shell: false, value: '/no/such/file', user: 'nobody' });
    expect(place.read('absent-for-nobody', 'stderr')).toContain('No such file or directory');
    await run('by-command', { value: 'id -un', user: 'nobody' });
    expect(place.read('by-command', 'stdout')).toBe('nobody\n');
    const staying = createPosixContainerizer({ switchUser: false });
    await staying.launch(place.spec('staying', 'id -u', { user: 'nobody' }));
    await staying.wait('staying' as ContainerId);
    expect(place.read('staying', 'stdout')).toBe('0\n');
  });

  it.skipIf(!root)('cannot signal what holds their command', async () => {
    await run('attack', 'kill -9 $PPID; ls $(dirname /proc/$PPID/cwd); echo still here', { user: 'nobody' });
    expect(place.read('attack', 'stdout')).toContain('still here');
  });

  it('must exist', async () => {
    const spec = place.spec('stranger', 'true', { user: 'no-such-user' });
    expect(await containerizer.launch(spec)).toEqual({
      ok: false,
      error: {
        reason: 'REASON_CONTAINER_LAUNCH_FAILED',
        message: `Failed to chown '${spec.sandbox}/stdout' to user 'no-such-user' : No such user 'no-such-user'`,
      },
    });
    expect(await containerizer.wait(spec.containerId)).toMatchObject({ reason: 'REASON_CONTAINER_LAUNCH_FAILED' });
  });

  it.each(['0', '-u', '', '+0', 'a b'])('are names, not %j', async (user) => {
    expect(await containerizer.launch(place.spec(`name ${user}`, 'true', { user }))).toMatchObject({ ok: false });
  });
});

describe('usage', () => {
  it('counts the processes of the command', async () => {
    const spec = place.spec('usage', 'sleep 1000 & sleep 1000 & while :; do :; done');
    await containerizer.launch({ ...spec, resources: [{ name: 'mem', type: 'SCALAR', scalar: { value: 64 } }] });
    let used = await containerizer.usage(spec.containerId);
    const deadline = performance.now() + 20_000;
    while ((used?.processes !== 3 || used.cpus_user_time_secs === 0) && performance.now() < deadline)
      used = await containerizer.usage(spec.containerId);
    expect(used).toMatchObject({ processes: 3, threads: 3, mem_limit_bytes: 64 * 1024 * 1024 });
    expect(used?.cpus_user_time_secs).toBeGreaterThan(0);
    expect(used?.mem_rss_bytes).toBeGreaterThan(100_000);
    containerizer.update(spec.containerId, [{ name: 'mem', type: 'SCALAR', scalar: { value: 32 } }]);
    expect(await containerizer.usage(spec.containerId)).toMatchObject({ mem_limit_bytes: 32 * 1024 * 1024 });
    await containerizer.destroy(spec.containerId);
  });
});

describe('a sandbox that cannot be made', () => {
  it('is a launch failure', async () => {
    const spec = place.spec('nowhere', 'true');
    const launched = await containerizer.launch({ ...spec, sandbox: '/dev/null/below' });
    expect(launched).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining("Failed to create executor directory '/dev/null/below'") },
    });
    expect(existsSync(spec.sandbox)).toBe(false);
    expect(await until(() => containerizer.containers().length === 0, 'nothing is left')).toBe(true);
  });
});
