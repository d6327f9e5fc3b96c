/** The daemon around the core: what survives a restart, and what it does with messages nobody should send. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startMaster } from '../src/index.ts';
import { frameworkInfo } from './core-harness.ts';
import { eventually, post, startTestMaster, TestAgent, TestScheduler } from './running-master.ts';

function workDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'mesolite-master-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function snapshot(port: number): Promise<Record<string, number>> {
  const answer = await post(port, '', {}, { method: 'GET', path: '/metrics/snapshot' });
  return JSON.parse(answer.text) as Record<string, number>;
}

async function recoveredAgents(port: number): Promise<unknown> {
  const answer = await post(port, '', {}, { method: 'GET', path: '/state' });
  return (JSON.parse(answer.text) as Record<string, unknown>)['recovered_slaves'];
}

describe('a master started again on its work directory', () => {
  it('waits for the agents it knew', async () => {
    const workDir = `--work_dir=${workDirectory()}`;
    const first = await startTestMaster('--registry=replicated_log', workDir);
    const agent = await TestAgent.register(first);
    await first.stop();
    const second = await startTestMaster('--registry=replicated_log', workDir);
    expect(await recoveredAgents(second.port)).toMatchObject([{ id: { value: agent.id } }]);
  });

  it('refuses to begin with a registry it cannot read', async () => {
    const directory = workDirectory();
    writeFileSync(join(directory, 'registry'), Buffer.from([0xff, 0xff]));
    const started = await startMaster({
      argv: ['--ip=127.0.0.1', '--port=0', `--work_dir=${directory}`, '--quiet'],
      env: {},
    });
    expect(started).toMatchObject({ ok: false, error: { exitCode: 1 } });
    expect(started.ok ? '' : started.error.text).toContain(join(directory, 'registry'));
  });

  it('refuses to begin without a place for its registry or its log', async () => {
    const directory = workDirectory();
    mkdirSync(join(directory, 'registry'));
    writeFileSync(join(directory, 'registry', 'foreign'), '');
    writeFileSync(join(directory, 'file'), '');
    for (const [workDir, problem] of [
      [directory, 'cannot be trusted: foreign is no part of it'],
      [join(directory, 'file', 'below'), '--work_dir'],
      [`${directory} --log_dir=${join(directory, 'file')}`, '--log_dir'],
    ] as const) {
      const started = await startMaster({
        argv: ['--ip=127.0.0.1', '--port=0', ...`--work_dir=${workDir}`.split(' '), '--quiet'],
        env: {},
      });
      expect(started.ok ? '' : started.error.text).toContain(problem);
    }
  });
});

describe('messages to the process', () => {
  const message = (port: number, name: string, body: Uint8Array): Promise<{ status: number }> =>
    post(port, body, { 'Libprocess-From': 'slave(1)@127.0.0.1:9' }, { path: `/master/${name}` });

  it('that are malformed, or for somebody else, are dropped and counted', async () => {
    const master = await startTestMaster();
    const before = (await snapshot(master.port))['master/dropped_messages'] ?? 0;
    const garbage = Buffer.from([0xff, 0xff, 0xff, 0xff]);
    for (const name of [
      'RegisterSlaveMessage',
      'ReregisterSlaveMessage',
      'StatusUpdateMessage',
      'ExitedExecutorMessage',
    ])
      expect((await message(master.port, `mesos.internal.${name}`, garbage)).status).toBe(202);
    await message(master.port, 'mesos.internal.NoSuchMessage', Buffer.alloc(0));
    expect((await snapshot(master.port))['master/dropped_messages']).toBe(before + 5);
    await TestScheduler.subscribe(master.port, frameworkInfo());
  });
});

describe('an agent', () => {
  it('is disconnected when its process goes away', async () => {
    const master = await startTestMaster();
    const agent = await TestAgent.register(master);
    expect((await snapshot(master.port))['master/slaves_connected']).toBe(1);
    await agent.stop();
    await eventually('the broken link', async () => (await snapshot(master.port))['master/slaves_connected'] === 0);
  });

  it('is pinged by a process of its own, and its answers count', async () => {
    const master = await startTestMaster('--agent_ping_timeout=1secs', '--max_agent_ping_timeouts=1');
    const agent = await TestAgent.register(master);
    await eventually('three pings', () => agent.names.filter((name) => name.endsWith('PingSlaveMessage')).length >= 3);
    expect((await snapshot(master.port))['master/slaves_active']).toBe(1);
    agent.silent = true;
    await eventually(
      'the end of patience',
      async () => (await snapshot(master.port))['master/slaves_unreachable'] === 1,
    );
  });
});
