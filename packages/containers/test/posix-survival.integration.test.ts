/** An agent dies, its containers do not; the next one takes them over. */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerId, Result } from '@mesolite/base';
import { afterAll, describe, expect, it } from 'vitest';
import { createPosixContainerizer, type LaunchedContainer, type LaunchFailure } from '../src/index.ts';
import { processExists, readIfThere, until, workplace } from './workplace.ts';

const place = workplace();
const containerizer = createPosixContainerizer();
afterAll(async () => {
  await containerizer.close();
  place.remove();
});

/** Launches in another process, which is then killed with -9. Answers the supervisors' pids. */
async function launchAndDie(commands: Readonly<Record<string, string>>): Promise<number[]> {
  const orders = Object.entries(commands).map(([id, command]) => place.spec(id, command));
  const agent = startAgent(orders);
  let said = '';
  agent.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const lines = await until(() => {
    const all = said.split('\n').slice(0, -1);
    return all.length === orders.length && all;
  }, 'every launch');
  await killed(agent);
  return lines.map((line) => {
    const launched = JSON.parse(line) as Result<LaunchedContainer, LaunchFailure>;
    if (!launched.ok) throw new Error(launched.error.message);
    return launched.value.pid;
  });
}

function startAgent(orders: readonly object[]): ChildProcess {
  return fork(new URL('./agent-stand-in.mjs', import.meta.url), [JSON.stringify(orders)], {
    silent: true,
    execArgv: [],
  });
}

function killed(agent: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => {
    agent.once('exit', resolve);
    agent.kill('SIGKILL');
  });
}

describe('after kill -9 of the agent', () => {
  it('commands live on, write on, and their status lands on disk', async () => {
    const [pid] = await launchAndDie({
      lives: 'echo before; while [ ! -e go ]; do sleep 0.02; done; echo after; exit 5',
    });
    expect(processExists(pid!)).toBe(true);
    const { sandbox, stateDirectory } = place.spec('lives', '');
    writeFileSync(join(sandbox, 'go'), '');
    const status = (): string => (readIfThere(join(stateDirectory, 'status')) ?? '').trim();
    expect(await until(() => status() !== '' && status(), 'the status')).toBe('end 5');
    expect(place.read('lives', 'stdout')).toBe('before\nafter\n');
    await until(() => !processExists(pid!), 'end of the supervisor');
  });

  it('running ones are taken over: waited for, measured, killed', async () => {
    const [waited, ended] = await launchAndDie({
      waited: 'while [ ! -e go ]; do sleep 0.02; done; exit 6',
      ended: 'exec sleep 1000',
    });
    const recovered = await containerizer.recover(['waited', 'ended'].map((id) => place.known(id)));
    expect(recovered).toMatchObject([
      { containerId: 'waited', state: 'running', pid: waited },
      { containerId: 'ended', state: 'running', pid: ended },
    ]);
    expect(await containerizer.usage('ended' as ContainerId)).toMatchObject({ processes: expect.any(Number) });
    writeFileSync(join(place.spec('waited', '').sandbox, 'go'), '');
    expect(await containerizer.wait('waited' as ContainerId)).toMatchObject({ exitCode: 6, killed: false });
    containerizer.kill('ended' as ContainerId, 'SIGTERM');
    expect(await containerizer.wait('ended' as ContainerId)).toMatchObject({ signal: 'SIGTERM', killed: true });
    expect(containerizer.containers()).toEqual([]);
  });

  it('those that ended meanwhile tell how', async () => {
    const [pid] = await launchAndDie({ meanwhile: 'kill -SEGV $$' });
    await until(() => !processExists(pid!), 'its end');
    expect(await containerizer.recover([place.known('meanwhile')])).toEqual([]);
    expect(await containerizer.wait('meanwhile' as ContainerId)).toMatchObject({ signal: 'SIGSEGV', killed: false });
  });

  it('destroy ends recovered ones with all they started', async () => {
    await launchAndDie({ tree: 'echo $$ >> pids; setsid sh -c "echo \\$\\$ >> pids; exec sleep 1000" & sleep 1000' });
    const file = join(place.spec('tree', '').sandbox, 'pids');
    const pids = await until(() => {
      const all = (readIfThere(file) ?? '').split('\n').slice(0, -1);
      return all.length === 2 && all.map(Number);
    }, 'two processes');
    await containerizer.recover([place.known('tree')]);
    await containerizer.destroy('tree' as ContainerId);
    expect(pids.filter(processExists)).toEqual([]);
    expect(await containerizer.wait('tree' as ContainerId)).toMatchObject({ signal: 'SIGKILL', killed: true });
  });
});

describe('recovery', () => {
  it('is not deceived by a reused pid', async () => {
    const { stateDirectory } = place.spec('reused', '');
    mkdirSync(stateDirectory, { recursive: true });
    // This very process, said to have started at another time.
    const mine = readIfThere('/proc/self/stat') ?? '';
    const fields = mine.slice(mine.lastIndexOf(')') + 2).split(' ');
    fields[19] = String(Number(fields[19]) - 1);
    writeFileSync(join(stateDirectory, 'supervisor'), `${process.pid} (dash) ${fields.join(' ')}`);
    expect(await containerizer.recover([place.known('reused')])).toEqual([]);
    expect(await containerizer.wait('reused' as ContainerId)).toEqual({
      message: 'Failed to get exit status for Command',
      killed: false,
    });
  });

  it('knows nothing of containers that left nothing', async () => {
    expect(await containerizer.recover([place.known('nothing')])).toEqual([]);
    expect(await containerizer.wait('nothing' as ContainerId)).toMatchObject({ killed: false });
  });

  it.each([
    ['whole', 'Killed\nend 137\n      ', { signal: 'SIGKILL' }],
    ['torn', 'Killed\nend 13       ', { message: 'Failed to get exit status for Command' }],
  ])('of a record that is %s', async (id, record, expected) => {
    const { stateDirectory } = place.spec(id, '');
    mkdirSync(stateDirectory, { recursive: true });
    writeFileSync(join(stateDirectory, 'status'), record);
    await containerizer.recover([place.known(id)]);
    expect(await containerizer.wait(id as ContainerId)).toMatchObject(expected);
  });
});
