/** Addresses of masters as operators write them, and what masters of all versions say of themselves. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemTimers } from '@mesolite/daemon';
import { silentLog } from '@mesolite/ports';
import { MasterInfo } from '@mesolite/wire';
import { describe, expect, it, onTestFinished } from 'vitest';
import { leadingMaster } from '../src/election/leading-master.ts';
import { detectMaster, masterPlace } from '../src/election/master-detector.ts';
import { membersOf } from '../src/election/members.ts';
import { parseZkUrl } from '../src/zookeeper/zk-url.ts';

const INFO: MasterInfo = {
  id: 'm1',
  ip: 0x0a01_a8c0,
  port: 5050,
  pid: 'master@192.168.1.10:5050',
  hostname: 'alpha.example',
  address: { hostname: 'alpha.example', ip: '192.168.1.10', port: 5050 },
};

describe('addresses', () => {
  it.each([
    ['10.0.0.1:5050', { kind: 'address', host: '10.0.0.1', port: 5050 }],
    ['master@10.0.0.1:5050', { kind: 'address', host: '10.0.0.1', port: 5050 }],
    [' alpha.example:80\n', { kind: 'address', host: 'alpha.example', port: 80 }],
    ['zk://a:1,b/mesos', { kind: 'zookeeper', url: { servers: 'a:1,b:2181', path: '/mesos' } }],
    [
      'zk://u:p:w@a:1/deep/path',
      { kind: 'zookeeper', url: { servers: 'a:1', path: '/deep/path', credentials: { user: 'u', password: 'p:w' } } },
    ],
  ])('%s', async (text, place) => {
    expect(await masterPlace(text, silentLog)).toEqual({ ok: true, value: place });
  });

  it.each([
    ['zk://a:1', "Expecting a (chroot) path for ZooKeeper ('/' is not supported)"],
    ['zk://a:1/', "Expecting a (chroot) path for ZooKeeper ('/' is not supported)"],
    ['zk://a:0/mesos', "not 'a:0'"],
    ['zk://secret@a:1/mesos', "Expecting 'user:password' before the '@'"],
    ['zk://a:1/mesos/', "not '/mesos/'"],
    ['zk:///mesos', "not ''"],
    ['nonsense', "Failed to parse 'nonsense'"],
    ['a:99999', "Failed to parse 'a:99999'"],
    ['file:///nowhere/at/all', "Failed to read from file at '/nowhere/at/all'"],
  ])('%s is refused', async (text, why) => {
    const place = await masterPlace(text, silentLog);
    expect(!place.ok && place.error).toContain(why);
    expect(!place.ok && place.error).not.toContain('secret');
  });

  it('may stand in a file', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'mesolite-detector-'));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    const path = join(directory, 'master');
    await writeFile(path, 'zk://a:1/mesos\n');
    const url = parseZkUrl('zk://a:1/mesos');
    expect(await masterPlace(`file://${path}`, silentLog)).toEqual({
      ok: true,
      value: { kind: 'zookeeper', url: url.ok && url.value },
    });
  });

  it('of one master are known at once, or as soon as its name is resolved', async () => {
    for (const host of ['127.0.0.1', 'localhost']) {
      const detector = detectMaster(
        { kind: 'address', host, port: 5050 },
        { clock: systemClock, timers: systemTimers, log: silentLog },
      );
      const leader = await new Promise((resolve) => {
        detector.watch((found) => found !== undefined && resolve(found));
      });
      expect(leader).toMatchObject({ pid: 'master@127.0.0.1:5050', hostname: host, ip: '127.0.0.1', port: 5050 });
      detector.close();
    }
  });
});

describe('members', () => {
  it('come in the order in which they joined, whatever their label', () => {
    const names = ['json.info_0000000012', 'info_0000000003', '0000000007', 'log_replicas', 'json.info_12', 'x'];
    expect(membersOf(names)).toEqual([
      { name: 'info_0000000003', label: 'info', sequence: 3 },
      { name: '0000000007', label: undefined, sequence: 7 },
      { name: 'json.info_0000000012', label: 'json.info', sequence: 12 },
    ]);
  });

  it('say who they are in the forms of all versions', () => {
    const known = {
      id: 'm1',
      pid: 'master@192.168.1.10:5050',
      hostname: 'alpha.example',
      ip: '192.168.1.10',
      port: 5050,
    };
    expect(leadingMaster({ label: 'json.info' }, Buffer.from(MasterInfo.toJson(INFO)))).toMatchObject(known);
    expect(leadingMaster({ label: 'info' }, MasterInfo.encode(INFO))).toMatchObject(known);
    const { address: _, ...old } = INFO;
    expect(leadingMaster({ label: 'info' }, MasterInfo.encode(old))).toMatchObject(known);
    expect(leadingMaster({ label: undefined }, Buffer.from('master@192.168.1.10:5050'))).toMatchObject({
      pid: 'master@192.168.1.10:5050',
      ip: '192.168.1.10',
    });
  });

  it.each([
    ['json.info', '{"id": "m1"'],
    ['json.info', '{"id": "m1"}'],
    ['info', 'text'],
    [undefined, 'not a pid'],
    ['strange', ''],
  ])('that say nothing understandable are refused (%s: %s)', (label, data) => {
    expect(() => leadingMaster({ label }, Buffer.from(data))).toThrow();
  });
});
