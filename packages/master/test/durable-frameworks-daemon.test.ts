/** Frameworks outlive a whole master whose registry is on disk. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningDaemon } from '@mesolite/daemon';
import { expect, it, onTestFinished } from 'vitest';
import { startMaster } from '../src/index.ts';
import { frameworkInfo } from './core-harness.ts';
import { eventually, post, TestScheduler } from './running-master.ts';

it('frameworks outlive a master, and their ends do', async () => {
  const workDirectory = mkdtempSync(join(tmpdir(), 'master-frameworks-'));
  onTestFinished(() => rmSync(workDirectory, { recursive: true }));
  const start = async (...flags: string[]): Promise<RunningDaemon> => {
    const argv = ['--ip=127.0.0.1', '--port=0', '--quiet', `--work_dir=${workDirectory}`, ...flags];
    const started = await startMaster({ argv, env: {} });
    if (!started.ok) throw new Error(started.error.text);
    onTestFinished(() => started.value.stop());
    return started.value;
  };
  const known = async ({ port }: RunningDaemon): Promise<unknown> => {
    const { text } = await post(port, '', {}, { path: '/frameworks', method: 'GET' });
    const body = JSON.parse(text) as Record<
      'frameworks' | 'completed_frameworks',
      { name: string; recovered: boolean }[]
    >;
    return [body.frameworks, body.completed_frameworks].map((list) =>
      list.map(({ name, recovered }) => `${name}${recovered ? ', recovered' : ''}`),
    );
  };
  // The store appends: each write of a framework names it once more.
  const mentions = (id: string): number => {
    const directory = join(workDirectory, 'registry');
    const files = readdirSync(directory).filter((name) => name.endsWith('.log'));
    return files.reduce((sum, name) => sum + readFileSync(join(directory, name), 'latin1').split(id).length - 1, 0);
  };
  const first = await start();
  const stays = await TestScheduler.subscribe(first.port, frameworkInfo({ name: 'stays', failover_timeout: 600 }));
  const ends = await TestScheduler.subscribe(first.port, frameworkInfo({ name: 'ends', failover_timeout: 600 }));
  await TestScheduler.subscribe(first.port, frameworkInfo({ name: 'never there', failover_timeout: 0 }));
  await eventually('both are remembered', () => [stays, ends].every(({ frameworkId }) => mentions(frameworkId) > 0));
  const begun = mentions(ends.frameworkId);
  await ends.call({ type: 'TEARDOWN' });
  await eventually('its end', () => ends.ended);
  await eventually('its end is remembered', () => mentions(ends.frameworkId) > begun);
  await first.stop();

  const second = await start();
  expect(await known(second)).toEqual([['stays, recovered'], ['ends']]);
  const refused = await TestScheduler.subscribe(second.port, frameworkInfo({ id: { value: ends.frameworkId } }));
  expect(refused.events).toMatchObject([{ type: 'ERROR', error: { message: 'Framework has been removed' } }]);
  const back = await TestScheduler.subscribe(
    second.port,
    frameworkInfo({ name: 'stays', failover_timeout: 600, id: { value: stays.frameworkId } }),
  );
  expect(back.frameworkId).toBe(stays.frameworkId);
  expect(await known(second)).toEqual([['stays'], ['ends']]);
  await second.stop();

  const third = await start('--no-durable_frameworks');
  expect(await known(third)).toEqual([[], []]);
  await third.stop();
  expect(await known(await start())).toEqual([[], []]);
});
