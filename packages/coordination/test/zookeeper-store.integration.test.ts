/** The store in a real ensemble of three servers, through their deaths, and with what others may do to its nodes. */
import { systemClock, systemTimers } from '@mesolite/daemon';
import { silentLog } from '@mesolite/ports';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZooKeeperStore } from '../src/store/zookeeper-store.ts';
import { ZooKeeperEnsemble, zookeeperObstacle } from '../src/testing/zookeeper-ensemble.ts';
import { ZkSession } from '../src/zookeeper/zk-session.ts';
import { changes, contentsOf, describeFence, describeStore, type StorePlace } from './store-contract.ts';
import { until } from './until.ts';

const obstacle = zookeeperObstacle();
if (obstacle !== undefined) console.log(`skipped: sessions, elections and stores in ZooKeeper: ${obstacle}`);

describe.skipIf(obstacle !== undefined)('ZooKeeper', () => {
  let ensemble: ZooKeeperEnsemble;
  const sessions: ZkSession[] = [];
  let places = 0;

  beforeAll(async () => {
    ensemble = await ZooKeeperEnsemble.start(3);
  });
  afterAll(async () => {
    for (const each of sessions) each.close();
    await ensemble?.end();
  });

  function session(): ZkSession {
    const zk = new ZkSession({
      url: { servers: ensemble.servers },
      timeoutMs: 2000,
      clock: systemClock,
      timers: systemTimers,
      log: silentLog,
    });
    sessions.push(zk);
    return zk;
  }

  function storeAt(path: string, zk = session()): ZooKeeperStore {
    return new ZooKeeperStore({
      session: zk,
      path,
      fetchTimeoutMs: 20_000,
      storeTimeoutMs: 20_000,
      clock: systemClock,
      timers: systemTimers,
      log: silentLog,
    });
  }

  async function makePlace(): Promise<StorePlace> {
    const path = `/place-${places++}/mesos-store`;
    return { holder: () => storeAt(path) };
  }

  describeStore('ZooKeeper', makePlace);
  describeFence('ZooKeeper', makePlace);

  it('packs ten thousand agents into few nodes', async () => {
    const path = '/large/mesos-store';
    const store = storeAt(path);
    await store.open();
    for (let first = 0; first < 10_000; first += 500) {
      const batch: Record<string, string> = {};
      for (let i = first; i < first + 500; i++) batch[`agents/admitted/${i}`] = `${i}`.padEnd(600, 'r');
      expect((await store.write(changes(batch))).ok).toBe(true);
    }
    const children = await session().children(path);
    expect(children.ok && children.value.length).toBeLessThan(30);
    expect(Object.keys(await contentsOf(storeAt(path)))).toHaveLength(10_000);
  });

  it('refuses more than ZooKeeper takes at once, and goes on', async () => {
    const place = await makePlace();
    const store = place.holder();
    await store.open();
    const refused = await store.write(changes({ large: 'x'.repeat(1_000_000) }));
    expect(!refused.ok && refused.error.kind).toBe('too-large');
    expect((await store.write(changes({ small: 'x' }))).ok).toBe(true);
    expect(await contentsOf(place.holder())).toEqual({ small: 'x' });
  });

  it('loses no confirmed write and doubles none while servers die', async () => {
    const path = '/dying/mesos-store';
    const store = storeAt(path);
    await store.open();
    const expected: Record<string, string> = {};
    let stop = false;
    const writing = (async () => {
      for (let i = 0; !stop; i++) {
        const written = await store.write(changes({ [`key-${i}`]: `${i}` }));
        expect(written).toEqual({ ok: true, value: undefined });
        expected[`key-${i}`] = `${i}`;
      }
    })();
    for (let i = 0; i < ensemble.size; i++) {
      const had = Object.keys(expected).length;
      await until('writes go through', () => Object.keys(expected).length > had + 5);
      await ensemble.kill(i);
      ensemble.startServer(i);
      await ensemble.ready();
    }
    stop = true;
    await writing;
    const sorted = Object.fromEntries(Object.entries(expected).sort());
    expect(await contentsOf(storeAt(path))).toEqual(sorted);
  });

  it.each([
    ['head', 'garbage'],
    ['head', '{"format":9,"generation":0,"parts":0,"firstLog":1}'],
    ['log-0000000001', 'garbage'],
    ['log-0000000002', undefined],
  ])('refuses a store whose %s is spoiled (%s), and says what to do', async (name, data) => {
    const path = `/spoiled-${places++}/mesos-store`;
    const zk = session();
    const store = storeAt(path);
    await store.open();
    for (const key of ['a', 'b', 'c']) await store.write(changes({ [key]: key }));
    await (data === undefined ? zk.remove(`${path}/${name}`) : zk.write(`${path}/${name}`, Buffer.from(data)));
    const opened = await storeAt(path).open();
    expect(!opened.ok && opened.error.kind).toBe('corrupt');
    expect(!opened.ok && opened.error.text).toContain(`${path}/${name}`);
    const left = await zk.children(path);
    expect(left.ok && left.value.filter((child) => child.startsWith('log-')).length).toBe(data === undefined ? 2 : 3);
  });

  it('leaves nodes of others alone', async () => {
    const zk = session();
    await zk.createPath('/theirs/mesos-store/something');
    const opened = await storeAt('/theirs/mesos-store').open();
    expect(!opened.ok && opened.error).toMatchObject({ kind: 'corrupt', text: expect.stringContaining('something') });
    expect(await zk.children('/theirs/mesos-store')).toEqual({ ok: true, value: ['something'] });
  });
});
