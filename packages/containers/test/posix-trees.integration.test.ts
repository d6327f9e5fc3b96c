/** Signals reach every process of a container, also those that try to leave, and nobody else. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { ContainerId } from '@mesolite/base';
import { afterAll, describe, expect, it } from 'vitest';
import { createPosixContainerizer } from '../src/index.ts';
import { processExists, readIfThere, until, workplace } from './workplace.ts';

const place = workplace();
const containerizer = createPosixContainerizer();
afterAll(async () => {
  await containerizer.close();
  place.remove();
});

/** Launches a command which writes pids into the file `pids`, and waits for `count` of them. */
async function launchTree(id: string, command: string, count: number): Promise<number[]> {
  const spec = place.spec(id, command);
  await containerizer.launch(spec);
  const file = join(spec.sandbox, 'pids');
  const complete = () => {
    const words = (readIfThere(file) ?? '').split('\n').slice(0, -1);
    return words.length >= count && words;
  };
  return (await until(complete, `${count} processes of ${id}`)).map(Number);
}

async function allGone(pids: readonly number[]): Promise<void> {
  await until(() => !pids.some(processExists), `end of ${pids.join(' ')}`);
}

const note = 'echo $$ >> pids';

describe('kill', () => {
  it('reaches children and grandchildren', async () => {
    const pids = await launchTree('tree', `${note}; sh -c '${note}; sh -c "${note}; sleep 1000" & wait' & wait`, 3);
    containerizer.kill('tree' as ContainerId, 'SIGTERM');
    expect(await containerizer.wait('tree' as ContainerId)).toMatchObject({ signal: 'SIGTERM', killed: true });
    await allGone(pids);
  });

  it('reaches those with a session of their own and another parent', async () => {
    const leave = `setsid sh -c '${note}; exec sleep 1000' & setsid sh -c 'setsid sh -c "${note}; exec sleep 1000" &' & ${note}; sleep 1000`;
    const pids = await launchTree('escape', leave, 3);
    containerizer.kill('escape' as ContainerId, 'SIGKILL');
    expect(await containerizer.wait('escape' as ContainerId)).toMatchObject({ signal: 'SIGKILL', killed: true });
    await allGone(pids);
  });

  it('reaches orphans of the session that lost the mark', async () => {
    const clean = `sh -c 'env -i sh -c "${note}; exec sleep 1000" &' ; ${note}; sleep 1000`;
    const pids = await launchTree('clean', clean, 2);
    containerizer.kill('clean' as ContainerId, 'SIGKILL');
    await containerizer.wait('clean' as ContainerId);
    await allGone(pids);
  });

  it('is remembered: what ignored SIGTERM without mark, session or parent ends with the container', async () => {
    const deaf = `env -i setsid sh -c 'trap "" TERM; ${note}; while :; do sleep 1000; done' & ${note}; sleep 1000`;
    const pids = await launchTree('deaf', deaf, 2);
    containerizer.kill('deaf' as ContainerId, 'SIGTERM');
    expect(await containerizer.wait('deaf' as ContainerId)).toMatchObject({ signal: 'SIGTERM', killed: true });
    await allGone(pids);
  });

  it('ends a tree that keeps forking', async () => {
    const spec = place.spec(
      'forks',
      `grow() { while :; do sh -c 'sleep 0.2' & sleep 0.01; done; }; ${note}; grow & grow & grow`,
    );
    await containerizer.launch(spec);
    await until(() => readIfThere(join(spec.sandbox, 'pids')), 'the first fork');
    await until(() => containerizer.containers().length > 0, 'it runs');
    await containerizer.destroy(spec.containerId);
    expect(await containerizer.wait(spec.containerId)).toMatchObject({ signal: 'SIGKILL' });
  });

  it('lets a command that handles SIGTERM finish', async () => {
    const command = `trap 'echo bye; exit 7' TERM; ${note}; while :; do sleep 0.05; done`;
    await launchTree('polite', command, 1);
    containerizer.kill('polite' as ContainerId, 'SIGTERM');
    expect(await containerizer.wait('polite' as ContainerId)).toMatchObject({ exitCode: 7, killed: true });
    expect(place.read('polite', 'stdout')).toBe('bye\n');
  });

  it('waits for a command that was not started yet', async () => {
    for (let round = 0; round < 20; round++) {
      const id = `at-once-${round}` as ContainerId;
      await containerizer.launch(place.spec(id, 'sleep 1000'));
      containerizer.kill(id, 'SIGTERM');
      expect(await containerizer.wait(id)).toMatchObject({ signal: 'SIGTERM', killed: true });
    }
  });

  it('stops and continues', async () => {
    const pids = await launchTree('stopped', `${note}; exec sleep 1000`, 1);
    const state = () => /\) (\w) /.exec(readIfThere(`/proc/${pids[0]}/stat`) ?? '')?.[1];
    containerizer.kill('stopped' as ContainerId, 'SIGSTOP');
    await until(() => state() === 'T', 'it stands still');
    containerizer.kill('stopped' as ContainerId, 'SIGCONT');
    await until(() => state() !== 'T', 'it goes on');
    containerizer.kill('stopped' as ContainerId, 'SIGSTOP');
    await containerizer.destroy('stopped' as ContainerId);
    await allGone(pids);
  });

  it('spares bystanders in the session of the agent and marked ones of others', async () => {
    const bystander = spawn('sleep', ['1000']);
    const other = spawn('sleep', ['1000'], {
      env: { ...process.env, MESOLITE_CONTAINER: '/another' },
      detached: true,
    });
    await launchTree('near', `${note}; exec sleep 1000`, 1);
    await containerizer.destroy('near' as ContainerId);
    expect([bystander, other].map((child) => processExists(child.pid!))).toEqual([true, true]);
    for (const child of [bystander, other]) await ended(child);
  });
});

function ended(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill('SIGKILL');
  });
}

describe('the end of a command', () => {
  it('is the end of what it left behind', async () => {
    const command = `setsid sh -c '${note}; exec sleep 1000' & sh -c '${note}; exec sleep 1000' & while [ "$(wc -l < pids)" != 2 ]; do :; done; exit 4`;
    const pids = await launchTree('leaver', `: > pids; ${command}`, 2);
    expect(await containerizer.wait('leaver' as ContainerId)).toMatchObject({ exitCode: 4, killed: false });
    await allGone(pids);
  });
});

describe('destroy', () => {
  it('leaves the files where they are', async () => {
    await launchTree('kept', `${note}; echo text; exec sleep 1000`, 1);
    await containerizer.destroy('kept' as ContainerId);
    expect(place.read('kept', 'stdout')).toBe('text\n');
    expect(readIfThere(join(place.spec('kept', '').stateDirectory, 'status'))?.trim()).toBe('Killed\nend 137');
  });

  it('works before anything was started', async () => {
    const spec = place.spec('early', 'sleep 1000');
    const launching = containerizer.launch(spec);
    const destroyed = containerizer.destroy(spec.containerId);
    expect(await launching).toMatchObject({ ok: false, error: { message: 'Container destroyed during preparing' } });
    await destroyed;
    expect(await containerizer.wait(spec.containerId)).toMatchObject({ killed: true });
  });

  it('has ended everything when it says so', async () => {
    const pids = await launchTree('thorough', `setsid sh -c '${note}; exec sleep 1000' & ${note}; sleep 1000`, 2);
    await containerizer.destroy('thorough' as ContainerId);
    expect(pids.filter(processExists)).toEqual([]);
  });
});
