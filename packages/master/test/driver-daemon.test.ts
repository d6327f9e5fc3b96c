/** v0 drivers at a whole master, over real sockets. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningDaemon } from '@mesolite/daemon';
import {
  DeactivateFrameworkMessage,
  FrameworkRegisteredMessage,
  FrameworkReregisteredMessage,
  ResourceOffersMessage,
  StatusUpdateMessage,
  UnregisterFrameworkMessage,
} from '@mesolite/wire';
import { describe, expect, it, onTestFinished } from 'vitest';
import { frameworkInfo, task } from './core-harness.ts';
import { eventually, post, startTestMaster, TestAgent, TestScheduler } from './running-master.ts';
import { TestDriver } from './test-driver.ts';

async function state(master: RunningDaemon): Promise<{
  frameworks: { id: string; pid?: string; active: boolean; connected: boolean; tasks: unknown[]; principal?: string }[];
  completed_frameworks: { id: string; completed_tasks: { id: string; state: string }[] }[];
}> {
  return JSON.parse((await post(master.port, '', {}, { method: 'GET', path: '/state' })).text);
}

async function metric(master: RunningDaemon, name: string): Promise<number | undefined> {
  return JSON.parse((await post(master.port, '', {}, { method: 'GET', path: '/metrics/snapshot' })).text)[name];
}

function credentials(): string {
  const directory = mkdtempSync(join(tmpdir(), 'mesolite-credentials-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, 'credentials');
  const known = [
    { principal: 'fw', secret: 'sesame' },
    { principal: 'ops', secret: 'open' },
  ];
  writeFileSync(path, JSON.stringify({ credentials: known }), { mode: 0o600 });
  return path;
}

describe('a driver', () => {
  it('registers, is offered, launches, hears of its tasks and acknowledges', async () => {
    const master = await startTestMaster();
    const agent = await TestAgent.register(master);
    const driver = await TestDriver.start(master.pid);
    await driver.register(frameworkInfo());
    const offer = await driver.offer();
    expect(driver.all(ResourceOffersMessage)[0]?.pids).toEqual([agent.pid]);
    const ids = ['1', '2', '3', '4', '5'];
    driver.launch(
      offer,
      ids.map((id) => task(id, agent.id)),
    );
    await eventually('all tasks to finish', () => ids.every((id) => driver.states(id).includes('TASK_FINISHED')));
    expect(agent.launched.map(({ pid }) => pid)).toEqual(ids.map(() => driver.pid));
    expect(new Set(driver.all(StatusUpdateMessage).map(({ pid }) => pid))).toEqual(new Set([agent.pid]));
    await eventually('the tasks to be forgotten', async () => (await state(master)).frameworks[0]?.tasks.length === 0);
    const [framework] = (await state(master)).frameworks;
    expect(framework).toMatchObject({ id: driver.frameworkId, pid: driver.pid, active: true, connected: true });
    driver.send(UnregisterFrameworkMessage, { framework_id: { value: driver.frameworkId } });
    await eventually('its end', async () => (await state(master)).completed_frameworks.length === 1);
    expect(agent.shutdowns).toEqual([driver.frameworkId]);
  });

  it('that aborts stays connected and gets no more offers', async () => {
    const master = await startTestMaster();
    await TestAgent.register(master);
    const driver = await TestDriver.start(master.pid);
    await driver.register(frameworkInfo());
    await driver.offer();
    driver.send(DeactivateFrameworkMessage, { framework_id: { value: driver.frameworkId } });
    await eventually('deactivation', async () => (await state(master)).frameworks[0]?.active === false);
    expect((await state(master)).frameworks[0]?.connected).toBe(true);
  });

  it('is taken over by force, and is refused when it then comes back without', async () => {
    const master = await startTestMaster();
    const old = await TestDriver.start(master.pid);
    await old.register(frameworkInfo());
    const id = { value: old.frameworkId };
    const next = await TestDriver.start(master.pid);
    await next.register(frameworkInfo({ id }), true);
    expect(next.errors()).toEqual([]);
    expect(next.all(FrameworkRegisteredMessage).map(({ framework_id }) => framework_id)).toEqual([id]);
    await eventually('the old one to be told', () => old.errors().length === 1);
    expect(old.errors()).toEqual(['Framework failed over']);
    old.subscribe(frameworkInfo({ id }), false);
    await eventually('the old one to be refused', () => old.errors().length === 2);
    expect(old.errors()[1]).toBe('Framework failed over');
    next.subscribe(frameworkInfo({ id }), false);
    await eventually('the same one to be welcome', () => next.all(FrameworkReregisteredMessage).length === 1);
    expect((await state(master)).frameworks.map(({ pid }) => pid)).toEqual([next.pid]);
  });

  it('that goes away is disconnected, and may fail over to HTTP', async () => {
    const master = await startTestMaster();
    const driver = await TestDriver.start(master.pid);
    await driver.register(frameworkInfo());
    await driver.stop();
    await eventually('the end of its link', async () => (await state(master)).frameworks[0]?.connected === false);
    expect((await state(master)).frameworks[0]?.pid).toBe(driver.pid);
    const scheduler = await TestScheduler.subscribe(master.port, frameworkInfo({ id: { value: driver.frameworkId } }));
    expect(scheduler.frameworkId).toBe(driver.frameworkId);
    expect((await state(master)).frameworks[0]).toMatchObject({ connected: true });
    expect((await state(master)).frameworks[0]?.pid).toBeUndefined();
  });
});

describe('authentication', () => {
  it('lets a driver in as whom it has proved to be', async () => {
    const master = await startTestMaster('--authenticate_frameworks', `--credentials=${credentials()}`);
    const driver = await TestDriver.start(master.pid);
    expect(await driver.authenticate({ principal: 'fw', secret: 'sesame' })).toEqual({ kind: 'accepted' });
    await driver.register(frameworkInfo());
    expect(driver.errors()).toEqual([]);
    expect((await state(master)).frameworks[0]?.principal).toBe('fw');
    expect(await metric(master, 'master/messages_authenticate')).toBe(1);
  });

  it('refuses a driver that has not, has the wrong secret, or says it is another', async () => {
    const master = await startTestMaster('--authenticate', `--credentials=${credentials()}`);
    const driver = await TestDriver.start(master.pid);
    await driver.register(frameworkInfo());
    expect(driver.errors()).toEqual([`Framework at ${driver.pid} is not authenticated`]);
    expect(await driver.authenticate({ principal: 'fw', secret: 'wrong' })).toEqual({ kind: 'refused' });
    expect(await driver.authenticate({ principal: 'fw', secret: 'sesame' })).toEqual({ kind: 'accepted' });
    driver.subscribe(frameworkInfo({ principal: 'ops' }));
    await eventually('the refusal', () => driver.errors().length === 2);
    expect(driver.errors()[1]).toBe("Framework principal 'ops' does not match authenticated principal 'fw'");
  });

  it('is demanded of HTTP schedulers when asked for', async () => {
    const master = await startTestMaster(
      '--authenticate_http_frameworks',
      '--http_framework_authenticators=basic',
      `--credentials=${credentials()}`,
    );
    const subscribe = (principal: string | undefined, authorization?: string) =>
      post(
        master.port,
        JSON.stringify({ type: 'SUBSCRIBE', subscribe: { framework_info: frameworkInfo({ principal }) } }),
        {
          'Content-Type': 'application/json',
          'Accept': 'application/json',
          ...(authorization === undefined
            ? {}
            : { 'Authorization': `Basic ${Buffer.from(authorization).toString('base64')}` }),
        },
      );
    for (const authorization of [undefined, 'fw:wrong', 'nobody:sesame', 'fw', ':']) {
      const answer = await subscribe(undefined, authorization);
      expect(answer).toMatchObject({ status: 401, text: '401 Unauthorized.' });
      expect(answer.headers['www-authenticate']).toBe('Basic realm="mesos-master-scheduler"');
    }
    const other = await subscribe('ops', 'fw:sesame');
    expect(other).toMatchObject({
      status: 400,
      text:
        "Failed to validate scheduler::Call: Authenticated principal 'fw' does not match principal 'ops' set in " +
        '`FrameworkInfo`',
    });
  });

  it.each([
    [['--authenticators=crammd5,other'], 'Multiple authenticators not supported'],
    [['--authenticators=gssapi'], "Authenticator 'gssapi' not found"],
    [['--credentials=/nonexistent'], "Failed to read the credentials file '/nonexistent'"],
    [['--authenticate_http_frameworks'], 'Missing `--http_framework_authenticators` flag'],
    [['--rate_limits={"limits":[{"principal":"a"},{"principal":"a"}]}'], 'Duplicate principal a'],
    [['--rate_limits={"limits":[{"principal":"a","qps":0}]}'], 'Invalid qps: 0. It must be a positive number'],
    [['--rate_limits={"aggregate_default_qps":-1}'], 'Invalid aggregate_default_qps: -1'],
  ])('is not begun with %j', async (argv, text) => {
    await expect(startTestMaster(...argv)).rejects.toThrow(text);
  });
});

describe('a rate limit', () => {
  it('lets messages through no faster than it says, and drops what is too much', async () => {
    const limits = { limits: [{ principal: 'slow', qps: 10, capacity: 2 }] };
    const master = await startTestMaster(`--rate_limits=${JSON.stringify(limits)}`);
    const driver = await TestDriver.start(master.pid);
    await driver.register(frameworkInfo({ principal: 'slow' }));
    for (let i = 0; i < 8; i++) driver.call({ type: 'REVIVE', revive: {} });
    await eventually('those beyond to be dropped', () => driver.errors().length >= 5);
    expect(new Set(driver.errors())).toEqual(new Set(['Message mesos.scheduler.Call dropped: capacity(2) exceeded']));
    await eventually('the others', async () => {
      const processed = await metric(master, 'frameworks/slow/messages_processed');
      return processed === 8 - driver.errors().length;
    });
    expect(await metric(master, 'frameworks/slow/messages_received')).toBe(8);
  });
});
