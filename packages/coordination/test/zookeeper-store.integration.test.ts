/** The store in a real ensemble of three servers, through their deaths, and with what others may do to its nodes. */
import { err } from '@mesolite/base';
import { systemClock, systemTimers } from '@mesolite/daemon';
import { silentLog } from '@mesolite/ports';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_WRITE_BYTES, ZooKeeperStore } from '../src/store/zookeeper-store.ts';
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

  it('refuses more than can be meant, and goes on', async () => {
    const place = await makePlace();
    const store = place.holder();
    await store.open();
    const refused = await store.write(new Map([['large', new Uint8Array(MAX_WRITE_BYTES)]]));
    expect(!refused.ok && refused.error.kind).toBe('too-large');
    expect((await store.write(changes({ small: 'x' }))).ok).toBe(true);
    expect(await contentsOf(place.holder())).toEqual({ small: 'x' });
  });

  const LARGE = 'x'.repeat(3_000_000);

  /** As that session sees it: others may be with servers that lag behind. */
  async function childrenOf(path: string, zk: ZkSession): Promise<readonly string[]> {
    const children = await zk.children(path);
    if (!children.ok) throw new Error(children.error.text);
    return [...children.value].sort();
  }

  it('ignores what a holder had written of a large write when it died, and clears it away', async () => {
    const path = `/half-${places++}/mesos-store`;
    const dying = session();
    const store = storeAt(path, dying);
    expect(await contentsOf(store)).toEqual({});
    expect((await store.write(changes({ a: '1' }))).ok).toBe(true);
    let left = 2;
    const { transact } = dying;
    dying.transact = (all) =>
      left-- > 0 ? transact.call(dying, all) : Promise.resolve(err({ kind: 'refused', text: 'dead' }));
    expect((await store.write(changes({ a: '2', large: LARGE }))).ok).toBe(false);
    const half = ['head', 'log-0000000001', 'part-0000000002-0', 'part-0000000002-1', 'tail'];
    expect(await childrenOf(path, dying)).toEqual(half);
    const alive = session();
    const next = storeAt(path, alive);
    expect(await contentsOf(next)).toEqual({ a: '1' });
    expect(await childrenOf(path, alive)).toEqual(['head', 'log-0000000001', 'tail']);
    expect((await next.write(changes({ b: '2' }))).ok).toBe(true);
    expect(await contentsOf(storeAt(path))).toEqual({ a: '1', b: '2' });
  });

  it('lets nobody go on with a large write once another holds the store', async () => {
    const path = `/slow-${places++}/mesos-store`;
    const slow = session();
    const older = storeAt(path, slow);
    expect(await contentsOf(older)).toEqual({});
    expect((await older.write(changes({ a: '1' }))).ok).toBe(true);
    let parts = 0;
    let goOn = (): void => {};
    const paused = new Promise<void>((resolve) => {
      const { transact } = slow;
      slow.transact = async (all) => {
        if (parts++ === 2) {
          resolve();
          await new Promise<void>((release) => {
            goOn = release;
          });
        }
        return transact.call(slow, all);
      };
    });
    const late = older.write(changes({ a: 'older', large: LARGE }));
    await paused;
    const newer = storeAt(path);
    expect(await contentsOf(newer)).toEqual({ a: '1' });
    // With fewer parts of the same names.
    expect((await newer.write(changes({ large: 'y'.repeat(1_500_000) }))).ok).toBe(true);
    goOn();
    const refused = await late;
    expect(!refused.ok && refused.error.kind).toBe('fenced');
    expect(await contentsOf(storeAt(path))).toEqual({ a: '1', large: 'y'.repeat(1_500_000) });
  });

  it('writes parts that are left behind anew, and clears away those that count no more', async () => {
    const path = `/parts-${places++}/mesos-store`;
    const zk = session();
    const store = storeAt(path, zk);
    await store.open();
    await zk.create(`${path}/part-0000000001-0`, Buffer.from('old'), 'persistent');
    await zk.create(`${path}/part-0000000001-9`, Buffer.from('old'), 'persistent');
    const large = 'y'.repeat(1_500_000);
    // So much in the snapshot that the next large write stays in the log.
    expect((await store.write(changes({ large: LARGE }))).ok).toBe(true);
    expect((await store.write(changes({ large }))).ok).toBe(true);
    expect(await contentsOf(storeAt(path, zk))).toEqual({ large });
    const names = await childrenOf(path, zk);
    expect(names.filter((name) => !name.startsWith('snapshot-'))).toEqual([
      'head',
      'log-0000000002',
      'part-0000000002-0',
      'part-0000000002-1',
      'tail',
    ]);
    await zk.remove(`${path}/part-0000000002-1`);
    const opened = await storeAt(path).open();
    expect(!opened.ok && opened.error).toMatchObject({
      kind: 'corrupt',
      text: expect.stringContaining(`${path}/part-0000000002-1 is missing`),
    });
  });

  it('reads what former versions wrote, and writes it anew in its own form', async () => {
    const path = `/former-${places++}/mesos-store`;
    const zk = session();
    await zk.createPath(path);
    const nodes = {
      head: Buffer.from('{"format":1,"generation":3,"parts":2,"firstLog":7}'),
      // a=1, b=2; c=3; then b is removed, and d=4.
      'snapshot-3-0': Buffer.from('375f04d60000000100000001613100000001000000016232', 'hex'),
      'snapshot-3-1': Buffer.from('b53f508700000001000000016333', 'hex'),
      'log-0000000007': Buffer.from('b734cf9d00000001ffffffff62', 'hex'),
      'log-0000000008': Buffer.from('641a53e300000001000000016434', 'hex'),
    };
    for (const [name, data] of Object.entries(nodes)) await zk.create(`${path}/${name}`, data, 'persistent');
    const store = storeAt(path, zk);
    expect(await contentsOf(store)).toEqual({ a: '1', c: '3', d: '4' });
    expect(await childrenOf(path, zk)).toEqual(['head', 'snapshot-4-0', 'tail']);
    await store.write(changes({ e: '5' }));
    expect(await contentsOf(storeAt(path))).toEqual({ a: '1', c: '3', d: '4', e: '5' });
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

  it('refuses a store in which a digit of the head is another, and keeps all of its nodes', async () => {
    const path = `/head-${places++}/mesos-store`;
    const zk = session();
    const store = storeAt(path, zk);
    await store.open();
    for (const key of ['a', 'b', 'c']) await store.write(changes({ [key]: key }));
    const head = await zk.read(`${path}/head`);
    const text = Buffer.from((head.ok && head.value?.data) || '').toString();
    const names = await childrenOf(path, zk);
    for (let at = 0; at < text.length; at++) {
      if (!/\d/.test(text[at]!)) continue;
      const spoiled = `${text.slice(0, at)}${Number(text[at]) ^ 2}${text.slice(at + 1)}`;
      await zk.write(`${path}/head`, Buffer.from(spoiled));
      const opened = await storeAt(path, zk).open();
      expect(opened.ok ? spoiled : opened.error.text).toContain(`${path}/head`);
      expect(await childrenOf(path, zk)).toEqual(names);
    }
    await zk.write(`${path}/head`, Buffer.from(text));
    expect(Object.keys(await contentsOf(storeAt(path)))).toEqual(['a', 'b', 'c']);
  });

  it('refuses a store whose nodes are whole but not where they were, or not there any more', async () => {
    const path = `/moved-${places++}/mesos-store`;
    const zk = session();
    const store = storeAt(path, zk);
    await store.open();
    for (const key of ['a', 'b', 'c']) await store.write(changes({ [key]: key }));
    const log = (number: number): string => `${path}/log-000000000${number}`;
    const bytesOf = async (node: string): Promise<Buffer> => {
      const read = await zk.read(node);
      return Buffer.from((read.ok && read.value?.data) || '');
    };
    const refusal = async (): Promise<string> => {
      const opened = await storeAt(path, zk).open();
      return opened.ok ? 'opened' : opened.error.text;
    };
    const [first, second, last] = [await bytesOf(log(1)), await bytesOf(log(2)), await bytesOf(log(3))];
    await zk.write(log(1), second);
    await zk.write(log(2), first);
    expect(await refusal()).toContain(`${log(1)} is damaged`);
    await zk.write(log(1), first);
    await zk.write(log(2), second);
    await zk.create(log(4), last, 'persistent');
    expect(await refusal()).toContain(`${log(4)} is damaged`);
    await zk.remove(log(4));
    await zk.remove(log(3));
    expect(await refusal()).toContain(`${log(3)} is missing`);
    await zk.create(log(3), last, 'persistent');
    const tail = await bytesOf(`${path}/tail`);
    await zk.remove(`${path}/tail`);
    expect(await refusal()).toContain(`${path}/tail is missing`);
    await zk.create(`${path}/tail`, tail, 'persistent');
    expect(await refusal()).toBe('opened');
  });

  it('leaves nodes of others alone', async () => {
    const zk = session();
    await zk.createPath('/theirs/mesos-store/something');
    const opened = await storeAt('/theirs/mesos-store').open();
    expect(!opened.ok && opened.error).toMatchObject({ kind: 'corrupt', text: expect.stringContaining('something') });
    expect(await zk.children('/theirs/mesos-store')).toEqual({ ok: true, value: ['something'] });
  });
});
