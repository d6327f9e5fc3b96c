/** Several masters and a real ensemble: one leads, the others send there, the next one knows what the former was told. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ZkSession } from '@mesolite/coordination';
import { ZooKeeperEnsemble, zookeeperObstacle } from '@mesolite/coordination/testing';
import { type RunningDaemon, systemClock, systemTimers } from '@mesolite/daemon';
import { silentLog } from '@mesolite/ports';
import { MasterInfo, ReregisterAgentMessage } from '@mesolite/wire';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startMaster } from '../src/index.ts';
import { eventually, post, TestAgent } from './running-master.ts';

const obstacle = zookeeperObstacle();
if (obstacle !== undefined) console.log(`skipped: several masters: ${obstacle}`);

describe.skipIf(obstacle !== undefined)('masters', () => {
  let ensemble: ZooKeeperEnsemble;
  let paths = 0;
  beforeAll(async () => {
    ensemble = await ZooKeeperEnsemble.start(3);
  });
  afterAll(() => ensemble?.end());

  interface Candidate {
    readonly daemon: RunningDaemon;
    readonly lines: string[];
    exitCode: number | undefined;
  }

  /** A path, which may have `user:password@` before it. */
  async function candidate(where: string, ...argv: string[]): Promise<Candidate> {
    const [, credentials, path] = /^([^/]*)(.*)$/.exec(where) ?? [];
    const lines: string[] = [];
    const started = await startMaster({
      argv: [
        '--ip=127.0.0.1',
        '--port=0',
        `--zk=zk://${credentials}${ensemble.servers}${path}`,
        '--zk_session_timeout=2secs',
        ...argv,
      ],
      env: {},
      stderr: (text) => lines.push(text),
    });
    if (!started.ok) throw new Error(started.error.text);
    const made: Candidate = { daemon: started.value, lines, exitCode: undefined };
    void started.value.stopped.then((code) => {
      made.exitCode = code;
    });
    onTestFinished(() => started.value.stop());
    return made;
  }

  function get(port: number, path: string): ReturnType<typeof post> {
    return post(port, '', {}, { method: 'GET', path });
  }

  async function elected({ daemon }: Candidate): Promise<boolean> {
    const snapshot = await get(daemon.port, '/metrics/snapshot');
    return JSON.parse(snapshot.text)['master/elected'] === 1 && (await get(daemon.port, '/state')).status === 200;
  }

  function session(): ZkSession {
    const zk = new ZkSession({
      url: { servers: ensemble.servers },
      timeoutMs: 2000,
      clock: systemClock,
      timers: systemTimers,
      log: silentLog,
    });
    onTestFinished(() => zk.close());
    return zk;
  }

  it('that do not lead send clients to the one that does, and answer for themselves', async () => {
    const path = `/masters-${paths++}`;
    const first = await candidate(path);
    await eventually('an election', () => elected(first));
    const second = await candidate(path);
    const { port } = first.daemon;
    await eventually('the second to know', async () => (await get(second.daemon.port, '/redirect')).status === 307);
    const leader = (await get(second.daemon.port, '/redirect')).headers.location;
    expect(leader).toMatch(new RegExp(`^//[^/]+:${port}$`));
    for (const target of ['/state', '/master/state?jsonp=x', '/slaves', '/roles', '/maintenance/schedule']) {
      const answer = await get(second.daemon.port, target);
      expect([answer.status, answer.headers.location]).toEqual([307, `${leader}${target}`]);
    }
    for (const target of ['/api/v1', '/api/v1/scheduler', '/master/api/v1/scheduler']) {
      const answer = await post(second.daemon.port, '{}', { 'Content-Type': 'application/json' }, { path: target });
      expect([answer.status, answer.headers.location]).toEqual([307, `${leader}${target}`]);
    }
    for (const target of ['/health', '/flags', '/version', '/metrics/snapshot'])
      expect((await get(second.daemon.port, target)).status).toBe(200);
    expect((await get(second.daemon.port, '/redirect/deeper')).status).toBe(404);
    expect((await get(first.daemon.port, '/redirect')).headers.location).toBe(leader);
  });

  it('write who they are as the original does', async () => {
    const path = `/masters-${paths++}`;
    const master = await candidate(path, `--zk_legacy_info_path=${path}-old`);
    await eventually('an election', () => elected(master));
    const zk = session();
    const children = await zk.children(path);
    expect(children).toMatchObject({ ok: true, value: [expect.stringMatching(/^json\.info_\d{10}$/)] });
    const node = await zk.read(`${path}/${children.ok ? children.value[0] : ''}`);
    const json = JSON.parse(Buffer.from((node.ok && node.value?.data) || '').toString());
    expect(json).toMatchObject({
      address: { hostname: expect.any(String), ip: '127.0.0.1', port: master.daemon.port },
      hostname: expect.any(String),
      id: expect.any(String),
      ip: 16777343,
      pid: `master@127.0.0.1:${master.daemon.port}`,
      port: master.daemon.port,
      version: expect.any(String),
    });
    await eventually('the node for old clients', async () => {
      const old = await zk.children(`${path}-old`);
      return old.ok && old.value.length === 1;
    });
    const old = await zk.children(`${path}-old`);
    const [name] = old.ok ? old.value : [];
    expect(name).toMatch(/^info_\d{10}$/);
    const binary = await zk.read(`${path}-old/${name}`);
    expect(MasterInfo.decode((binary.ok && binary.value?.data) || new Uint8Array()).id).toBe(json.id);
  });

  it.each([
    ['a wrong password', 'mesos:wrong@'],
    ['no password', ''],
  ])('end when they may not stand for election: %s', async (_, credentials) => {
    const path = `/masters-${paths++}`;
    const first = await candidate(`mesos:secret@${path}`);
    await eventually('an election', () => elected(first));
    const stranger = await candidate(`${credentials}${path}`);
    await eventually('its end', async () => stranger.exitCode !== undefined);
    expect(stranger.exitCode).toBe(1);
    expect(stranger.lines.join('')).toMatch(/Failed to contend: create .*NO_AUTH.*user and password in --zk/);
    expect(await elected(first)).toBe(true);
  });

  it('take over from one that ends, with agents, weights and quota', async () => {
    const path = `/masters-${paths++}`;
    const first = await candidate(path);
    await eventually('an election', () => elected(first));
    const others = [await candidate(path), await candidate(path)];
    const agent = await TestAgent.register(first.daemon);
    const weights = JSON.stringify([{ role: 'dev', weight: 2.5 }]);
    expect((await post(first.daemon.port, weights, {}, { method: 'PUT', path: '/weights' })).status).toBe(200);
    const registry = JSON.parse((await get(first.daemon.port, '/registrar(1)/registry')).text);
    expect(registry).toMatchObject({
      master: { info: { port: first.daemon.port } },
      'slaves': { 'slaves': [{ info: { id: { value: agent.id } } }] },
      weights: [{ info: { role: 'dev', weight: 2.5 } }],
    });
    await first.daemon.stop();
    expect(first.exitCode ?? 0).toBe(0);
    await eventually('a new leader', async () => (await elected(others[0]!)) || elected(others[1]!));
    const next = (await elected(others[0]!)) ? others[0]! : others[1]!;
    const state = JSON.parse((await get(next.daemon.port, '/state')).text);
    expect(state['recovered_slaves']).toMatchObject([{ id: { value: agent.id } }]);
    expect(JSON.parse((await get(next.daemon.port, '/weights')).text)).toEqual([{ role: 'dev', weight: 2.5 }]);
  });

  it('keep a schedule that is larger than a node of ZooKeeper, and an agent that says too much of itself out', async () => {
    const path = `/masters-${paths++}`;
    const first = await candidate(path);
    await eventually('an election', () => elected(first));
    const machine_ids = Array.from({ length: 10_000 }, (_, i) => ({ hostname: `machine-${i}.rack.example.org` }));
    const windows = [{ machine_ids, unavailability: { start: { nanoseconds: 5 }, duration: { nanoseconds: 7 } } }];
    const target = { path: '/maintenance/schedule' };
    const json = { 'Content-Type': 'application/json' };
    expect((await post(first.daemon.port, JSON.stringify({ windows }), json, target)).status).toBe(200);
    const wordy = (bytes: number) => [{ name: 'a', type: 'TEXT' as const, text: { value: 'x'.repeat(bytes) } }];
    const agent = await TestAgent.register(first.daemon, { attributes: wordy(200_000) });
    agent.send(ReregisterAgentMessage, {
      agent: { id: { value: agent.id }, hostname: '127.0.0.1', attributes: wordy(950_000), checkpoint: true },
      version: '1.12.0',
    });
    await eventually('it to be told', () => first.lines.join('').includes('at most 262144 go into the registry'));
    expect(first.exitCode).toBeUndefined();
    const second = await candidate(path);
    await first.daemon.stop();
    await eventually('a new leader', () => elected(second));
    const kept = JSON.parse((await get(second.daemon.port, '/maintenance/schedule')).text);
    expect(kept.windows[0].machine_ids).toHaveLength(10_000);
    const state = JSON.parse((await get(second.daemon.port, '/state')).text);
    expect(state['recovered_slaves']).toMatchObject([{ id: { value: agent.id } }]);
  });

  it('that led and lost the ensemble end, and those that did not lead go on', async () => {
    const path = `/masters-${paths++}`;
    const first = await candidate(path);
    await eventually('an election', () => elected(first));
    const second = await candidate(path);
    await eventually('the second to know', async () => (await get(second.daemon.port, '/redirect')).status === 307);
    for (let i = 0; i < ensemble.size; i++) ensemble.stop(i);
    await eventually('the leader to end', () => first.exitCode !== undefined);
    expect(first.exitCode).toBe(1);
    expect(first.lines.join('')).toContain('Lost');
    await eventually('nobody to lead', async () => (await get(second.daemon.port, '/state')).status === 503);
    expect(second.exitCode).toBeUndefined();
    for (let i = 0; i < ensemble.size; i++) ensemble.resume(i);
    await eventually('the second to lead', () => elected(second));
  });

  it('refuse a registry that is not theirs, say where it is, and leave it alone', async () => {
    const path = `/masters-${paths++}`;
    const zk = session();
    await zk.createPath(`${path}-store/strange`);
    const master = await candidate(path);
    await eventually('the end', () => master.exitCode !== undefined);
    expect(master.exitCode).toBe(1);
    expect(master.lines.join('')).toContain(`${path}-store/strange`);
    expect(await zk.children(`${path}-store`)).toEqual({ ok: true, value: ['strange'] });
  });

  it.each([
    ['--zk=zk://127.0.0.1:2181', "--zk: Expecting a (chroot) path for ZooKeeper ('/' is not supported)"],
    ['--zk=zk://user@127.0.0.1:2181/mesos', "--zk: Expecting 'user:password' before the '@'"],
    ['--zk=127.0.0.1:2181', "--zk: Expecting 'zk://' at the beginning of the URL"],
    ['--zk_legacy_info_path=/old', '--zk_legacy_info_path: there is no election without --zk'],
  ])('refuse %s', async (flag, why) => {
    const directory = mkdtempSync(join(tmpdir(), 'mesolite-master-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const argv = ['--ip=127.0.0.1', '--port=0', '--quiet', `--work_dir=${directory}`, flag];
    const started = await startMaster({ argv, env: {} });
    expect(started.ok ? '' : started.error.text).toContain(why);
  });
});
