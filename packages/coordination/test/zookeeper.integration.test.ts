/** Sessions, elections and what breaks them, on a real ensemble of three servers with short sessions. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { systemClock, systemTimers } from '@mesolite/daemon';
import { silentLog } from '@mesolite/ports';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ZkContender } from '../src/election/zk-contender.ts';
import { ZkDetector } from '../src/election/zk-detector.ts';
import { ZooKeeperEnsemble, zookeeperObstacle } from '../src/testing/zookeeper-ensemble.ts';
import { type ZkEvent, ZkSession } from '../src/zookeeper/zk-session.ts';
import { until } from './until.ts';

const TIMEOUT_MS = 2000;
const obstacle = zookeeperObstacle();
if (obstacle !== undefined) console.log(`skipped: sessions, elections and stores in ZooKeeper: ${obstacle}`);

const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (data: Uint8Array | undefined): string | undefined => data && Buffer.from(data).toString();

describe.skipIf(obstacle !== undefined)('ZooKeeper', () => {
  let ensemble: ZooKeeperEnsemble;
  const sessions: ZkSession[] = [];
  const stops: (() => void)[] = [];

  beforeAll(async () => {
    ensemble = await ZooKeeperEnsemble.start(3);
  });
  afterAll(() => ensemble?.end());
  afterEach(async () => {
    for (const stop of stops.splice(0)) stop();
    for (const session of sessions.splice(0)) session.close();
    for (let i = 0; i < ensemble.size; i++) ensemble.resume(i);
  });

  function session(
    servers = ensemble.servers,
    credentials?: { user: string; password: string },
  ): {
    readonly zk: ZkSession;
    readonly events: ZkEvent[];
  } {
    const events: ZkEvent[] = [];
    const zk = new ZkSession({
      url: { servers, credentials },
      timeoutMs: TIMEOUT_MS,
      clock: systemClock,
      timers: systemTimers,
      log: silentLog,
    });
    zk.watch((event) => events.push(event));
    sessions.push(zk);
    return { zk, events };
  }

  /** The library takes the servers in an order of its own: as many sessions as it takes until one is as wanted. */
  async function sessionWith(
    server: string,
    servers: string,
    isWanted: () => boolean = () => true,
  ): Promise<ReturnType<typeof session> & { readonly tookMs: number }> {
    for (let i = 0; i < 50; i++) {
      const started = performance.now();
      const one = session(servers);
      await until('connected', () => one.zk.connected);
      if (one.zk.server === server && isWanted()) return { ...one, tookMs: performance.now() - started };
      one.zk.close();
    }
    throw new Error(`no session was with ${server}`);
  }

  /** Takes connections for a server, or for nobody: then nothing is ever said. */
  async function relay(target?: string): Promise<{ readonly address: string; accepted(): number; cut(): void }> {
    const sockets = new Set<Socket>();
    let accepted = 0;
    const listener = createServer((socket) => {
      accepted++;
      const ends = target === undefined ? [socket] : [socket, connect(Number(target.split(':')[1]), '127.0.0.1')];
      const [near, far] = ends;
      if (far !== undefined) near!.pipe(far).pipe(near!);
      for (const end of ends) {
        sockets.add(end);
        end.on('error', () => {});
        end.on('close', () => {
          sockets.delete(end);
          for (const other of ends) other.destroy();
        });
      }
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const cut = (): void => {
      for (const socket of sockets) socket.destroy();
    };
    stops.push(() => {
      listener.close();
      cut();
    });
    return { address: `127.0.0.1:${(listener.address() as AddressInfo).port}`, accepted: () => accepted, cut };
  }

  function detect(zk: ZkSession, path: string): { readonly seen: (string | undefined)[] } {
    const seen: (string | undefined)[] = [];
    const detector = new ZkDetector<string>({
      session: zk,
      path,
      parse: (_member, data) => Buffer.from(data).toString(),
      timers: systemTimers,
      log: silentLog,
    });
    detector.watch((leader) => seen.push(leader));
    stops.push(() => detector.close());
    return { seen };
  }

  function contend(
    zk: ZkSession,
    path: string,
    name: string,
  ): { readonly events: string[]; withdraw(): Promise<void> } {
    const events: string[] = [];
    const contender = new ZkContender({
      session: zk,
      path,
      label: 'json.info',
      data: bytes(name),
      timers: systemTimers,
      log: silentLog,
      joined: () => events.push('joined'),
      lost: () => events.push('lost'),
      refused: (why) => events.push(why),
    });
    stops.push(() => void contender.withdraw());
    return { events, withdraw: () => contender.withdraw() };
  }

  it('reads back what it wrote, and checks versions in transactions', async () => {
    const { zk } = session();
    expect(await zk.createPath('/notes/deep')).toEqual({ ok: true, value: undefined });
    expect((await zk.create('/notes/deep/a', bytes('1'), 'persistent')).ok).toBe(true);
    expect(await zk.write('/notes/deep/a', bytes('2'))).toEqual({ ok: true, value: 1 });
    const read = await zk.read('/notes/deep/a');
    expect(read.ok && text(read.value?.data)).toBe('2');
    const stale = await zk.transact([
      { kind: 'check', path: '/notes/deep/a', version: 7 },
      { kind: 'create', path: '/notes/deep/b', data: bytes('x') },
    ]);
    expect(stale.ok).toBe(false);
    expect(await zk.read('/notes/deep/b')).toEqual({ ok: true, value: undefined });
    const good = await zk.transact([
      { kind: 'check', path: '/notes/deep/a', version: 1 },
      { kind: 'create', path: '/notes/deep/b', data: bytes('x') },
      { kind: 'write', path: '/notes/deep/a', data: bytes('3'), version: 1 },
    ]);
    expect(good.ok).toBe(true);
    const again = await zk.create('/notes/deep/b', bytes('y'), 'persistent');
    expect(!again.ok && again.error.kind).toBe('node-exists');
  });

  it('lets nobody else write what was created with credentials', async () => {
    const owner = session(ensemble.servers, { user: 'mesos', password: 'secret:with:colons' });
    expect((await owner.zk.create('/guarded', bytes('mine'), 'persistent')).ok).toBe(true);
    const stranger = session();
    const read = await stranger.zk.read('/guarded');
    expect(read.ok && text(read.value?.data)).toBe('mine');
    const written = await stranger.zk.write('/guarded', bytes('theirs'));
    expect(!written.ok && written.error.kind).toBe('no-auth');
    expect((await owner.zk.write('/guarded', bytes('still mine'))).ok).toBe(true);
  });

  it('elects whoever stood first, then the next one', async () => {
    const path = '/election/plain';
    const watching = detect(session().zk, path);
    const first = session();
    const a = contend(first.zk, path, 'a');
    await until('a leads', () => watching.seen.at(-1) === 'a');
    const b = contend(session().zk, path, 'b');
    await until('b stands', () => b.events.length > 0);
    expect(watching.seen.at(-1)).toBe('a');
    await a.withdraw();
    await until('b leads', () => watching.seen.at(-1) === 'b');
    expect(watching.seen).toEqual([undefined, 'a', 'b']);
  });

  it('stands again when somebody removes its node', async () => {
    const path = '/election/removed';
    const watching = detect(session().zk, path);
    const a = contend(session().zk, path, 'a');
    await until('a leads', () => watching.seen.at(-1) === 'a');
    const vandal = session().zk;
    const children = await vandal.children(path);
    for (const name of children.ok ? children.value : []) await vandal.remove(`${path}/${name}`);
    await until('a stands again', () => a.events.join() === 'joined,lost,joined');
    await until('a leads again', () => watching.seen.at(-1) === 'a');
    expect(watching.seen).toEqual([undefined, 'a', undefined, 'a']);
  });

  it.each([
    ['a wrong password', { user: 'mesos', password: 'wrong' }],
    ['no password', undefined],
  ])('says that it may not stand, with %s', async (name, credentials) => {
    const path = `/election/guarded-${name.split(' ')[0]}`;
    const owner = session(ensemble.servers, { user: 'mesos', password: 'secret' });
    const watching = detect(owner.zk, path);
    contend(owner.zk, path, 'a');
    await until('a leads', () => watching.seen.at(-1) === 'a');
    const stranger = session(ensemble.servers, credentials);
    const b = contend(stranger.zk, path, 'b');
    await until('it is told', () => b.events.length > 0);
    expect(b.events).toEqual([expect.stringMatching(`create ${path}/json.info_: .*NO_AUTH`)]);
  });

  it('takes only candidates for members', async () => {
    const path = '/election/others';
    const { zk } = session();
    await zk.createPath(`${path}/log_replicas`);
    await zk.create(`${path}/unrelated`, bytes('nobody'), 'persistent');
    const watching = detect(zk, path);
    contend(session().zk, path, 'a');
    await until('a leads', () => watching.seen.length > 1);
    expect(watching.seen).toEqual([undefined, 'a']);
  });

  it('goes on in the same session when its server dies', async () => {
    const { zk, events } = session();
    await until('connected', () => zk.connected);
    await zk.create('/survivor', bytes('alive'), 'ephemeral');
    for (let i = 0; i < ensemble.size; i++) {
      await ensemble.kill(i);
      await until('the others answer', async () => (await zk.read('/survivor')).ok);
      ensemble.startServer(i);
      await ensemble.ready();
    }
    const read = await zk.read('/survivor');
    expect(read.ok && read.value?.isOurs).toBe(true);
    expect(events.filter(({ kind }) => kind === 'lost')).toEqual([]);
    expect(events.some(({ kind }) => kind === 'suspended')).toBe(true);
  });

  it('leaves a server that is stopped but still connected before its session is over', async () => {
    const leader = (await ensemble.leader())!;
    // One of the followers: without the leader the ensemble needs a while of its own.
    const follower = (leader + 1) % ensemble.size;
    const servers = `${ensemble.address(follower)},${ensemble.address(leader)}`;
    const { zk, events } = await sessionWith(ensemble.address(follower), servers);
    await zk.create('/half-open', bytes('x'), 'ephemeral');
    ensemble.stop(follower);
    const started = performance.now();
    let read = await zk.read('/half-open');
    while (!read.ok) read = await zk.read('/half-open');
    expect(zk.server).toBe(ensemble.address(leader));
    ensemble.resume(follower);
    expect(read.value?.isOurs).toBe(true);
    expect(events.map(({ kind }) => kind)).toEqual(['connected', 'suspended', 'connected']);
    expect(performance.now() - started).toBeLessThan(TIMEOUT_MS * 2);
  });

  it('passes over a server that takes connections and says nothing', async () => {
    const silent = await relay();
    const healthy = await relay(ensemble.address(0));
    const servers = `${silent.address},${healthy.address}`;
    // The first one may go to either.
    const { zk, events, tookMs } = await sessionWith(healthy.address, servers, () => silent.accepted() > 0);
    expect(silent.accepted()).toBeGreaterThan(0);
    expect(tookMs).toBeLessThan(TIMEOUT_MS * 0.9);
    expect(events.map(({ kind }) => kind)).toEqual(['connected']);
    await zk.create('/passed-over', bytes('x'), 'ephemeral');
    const before = silent.accepted();
    healthy.cut();
    await until('it is connected again', () => events.length > 1 && zk.connected);
    expect(silent.accepted()).toBeGreaterThan(before);
    expect(events.slice(1)).toEqual([{ kind: 'suspended' }, { kind: 'connected', fresh: false }]);
    const read = await zk.read('/passed-over');
    expect(read.ok && read.value?.isOurs).toBe(true);
  });

  it('counts its session as lost by its own clock when no server answers, and leads no more', async () => {
    const path = '/election/partition';
    const lonely = session();
    const a = contend(lonely.zk, path, 'a');
    const own = detect(lonely.zk, path);
    await until('a leads', () => own.seen.at(-1) === 'a');
    for (let i = 0; i < ensemble.size; i++) ensemble.stop(i);
    await until('a knows that it leads no more', () => own.seen.at(-1) === undefined && a.events.at(-1) === 'lost');
    for (let i = 0; i < ensemble.size; i++) ensemble.resume(i);
    await ensemble.ready();
    await until('a leads again', () => own.seen.at(-1) === 'a', 40_000);
    expect(a.events).toEqual(['joined', 'lost', 'joined']);
  });

  it('begins a new session when the ensemble has given up the former', async () => {
    const { zk, events } = session();
    await until('connected', () => zk.connected);
    await zk.create('/expires', bytes('x'), 'ephemeral');
    const before = performance.now();
    // Nothing in this process runs meanwhile: no ping goes out.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, TIMEOUT_MS * 2.5);
    expect(performance.now() - before).toBeGreaterThan(TIMEOUT_MS * 2);
    await until('it is lost and begun anew', () =>
      events
        .map(({ kind }) => kind)
        .join()
        .endsWith('lost,connected'),
    );
    expect(events.at(-1)).toEqual({ kind: 'connected', fresh: true });
    await until('the node is gone', async () => {
      const read = await zk.read('/expires');
      return read.ok && read.value === undefined;
    });
  });

  it('gives every operation an end, also without any server', async () => {
    const { zk } = session('127.0.0.1:1');
    const result = await zk.read('/anything');
    expect(!result.ok && ['unknown-outcome', 'session-lost']).toContain(!result.ok && result.error.kind);
    zk.close();
    const late = await zk.read('/anything');
    expect(!late.ok && late.error.kind).toBe('session-lost');
  });
});
