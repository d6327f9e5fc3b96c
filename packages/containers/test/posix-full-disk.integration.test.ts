/** The disk of the state directories is full, or they are gone: how commands end is known all the same. */
import { execFileSync, fork } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerId } from '@mesolite/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPosixContainerizer } from '../src/index.ts';
import { processExists, readIfThere, until, workplace } from './workplace.ts';

const place = workplace();
const states = join(place.root, 'state');
const filler = join(states, 'filler');
const containerizer = createPosixContainerizer();
let mounted = false;

beforeAll(() => {
  mkdirSync(states);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'test', states], { stdio: 'pipe' });
    mounted = true;
  } catch {
    console.log('skipped: state directories on a full disk (nothing can be mounted here)');
  }
});
afterAll(async () => {
  await containerizer.close();
  if (mounted) execFileSync('umount', ['-l', states]);
  place.remove();
});

// Waits for a file in its sandbox.
const GO = 'while [ ! -e go ]; do sleep 0.02; done';
const ENDS = [
  ['zero', `${GO}; exit 0`, { exitCode: 0 }],
  ['six', `${GO}; exit 6`, { exitCode: 6 }],
  ['not-a-signal', `${GO}; exit 143`, { exitCode: 143 }],
  ['terminated', `${GO}; kill -TERM $$`, { signal: 'SIGTERM' }],
  ['fault', `${GO}; ulimit -c 0; kill -SEGV $$`, { signal: 'SIGSEGV' }],
] as const;

function sandbox(id: string): string {
  return place.spec(id, '').sandbox;
}

/** Byte by byte at the end: whatever is left is taken. */
function fill(): void {
  const descriptor = openSync(filler, 'w');
  try {
    for (const size of [4096, 1]) {
      try {
        for (;;) writeSync(descriptor, Buffer.alloc(size));
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
      }
    }
  } finally {
    closeSync(descriptor);
  }
}

describe('on a full disk', () => {
  it('every end is told while the agent lives', async ({ skip }) => {
    if (!mounted) skip();
    for (const [id, command] of ENDS) await containerizer.launch(place.spec(id, command));
    fill();
    for (const [id] of ENDS) writeFileSync(join(sandbox(id), 'go'), '');
    for (const [id, , expected] of ENDS)
      expect(await containerizer.wait(id as ContainerId), id).toMatchObject({ ...expected, killed: false });
    rmSync(filler);
  });

  it('every end is found by the next agent', async ({ skip }) => {
    if (!mounted) skip();
    const later = ENDS.map(([id, command, expected]) => [`later-${id}`, command, expected] as const);
    const orders = later.map(([id, command]) => place.spec(id, command));
    const agent = fork(new URL('./agent-stand-in.mjs', import.meta.url), [JSON.stringify(orders)], {
      silent: true,
      execArgv: [],
    });
    let said = '';
    agent.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    // Before the shells have said who they are: that, too, has its place on the disk.
    await until(() => said.split('\n').length > orders.length, 'every launch');
    fill();
    agent.kill('SIGKILL');
    const pids = said.trim().split('\n');
    const supervisors = pids.map((line) => (JSON.parse(line) as { value: { pid: number } }).value.pid);
    for (const [id] of later) writeFileSync(join(sandbox(id), 'go'), '');
    await until(() => !supervisors.some(processExists), 'all ends');
    expect(await containerizer.recover(later.map(([id]) => place.known(id)))).toEqual([]);
    for (const [id, , expected] of later)
      expect(await containerizer.wait(id as ContainerId), id).toMatchObject({ ...expected, killed: false });
    rmSync(filler);
  });

  it('one that still runs is taken over', async ({ skip }) => {
    if (!mounted) skip();
    const order = place.spec('taken-over', `${GO}; exit 4`);
    const agent = fork(new URL('./agent-stand-in.mjs', import.meta.url), [JSON.stringify([order])], {
      silent: true,
      execArgv: [],
    });
    await new Promise((resolve) => agent.stdout?.once('data', resolve));
    fill();
    agent.kill('SIGKILL');
    expect(await containerizer.recover([place.known('taken-over')])).toMatchObject([{ state: 'running' }]);
    writeFileSync(join(sandbox('taken-over'), 'go'), '');
    expect(await containerizer.wait('taken-over' as ContainerId)).toMatchObject({ exitCode: 4 });
    rmSync(filler);
  });
});

describe('without its state directory', () => {
  it.each([0, 3])('an exit with %i is told by the supervisor itself', async (code) => {
    const id = `gone-${code}`;
    const spec = place.spec(id, `echo there; ${GO}; exit ${code}`);
    await containerizer.launch(spec);
    await until(() => readIfThere(join(spec.sandbox, 'stdout')) === 'there\n', 'its start');
    rmSync(spec.stateDirectory, { recursive: true });
    writeFileSync(join(spec.sandbox, 'go'), '');
    expect(await containerizer.wait(id as ContainerId)).toMatchObject({ exitCode: code, killed: false });
  });
});
