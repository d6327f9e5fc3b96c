import { SchedulerCall, SchedulerEvent, type TaskStatus } from '@mesolite/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SchedulerClient, type SchedulerHandlers, type SchedulerOptions, task } from '../src/index.ts';
import { evenRandom, ManualTime, ScriptedServer, until } from './scripted-server.ts';

type Master = ScriptedServer<SchedulerCall, SchedulerEvent>;

let master: Master;
let time: ManualTime;
const clients: SchedulerClient[] = [];
const servers: Master[] = [];

async function newMaster(): Promise<Master> {
  const server = await new ScriptedServer(SchedulerCall, SchedulerEvent).listen();
  server.streamHeaders = () => ({ 'mesos-stream-id': `stream-${server.streams.length + 1}` });
  servers.push(server);
  return server;
}

beforeEach(async () => {
  time = new ManualTime();
  master = await newMaster();
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  for (const server of servers.splice(0)) await server.close();
});

function client(handlers: SchedulerHandlers = {}, options: Partial<SchedulerOptions> = {}): SchedulerClient {
  const made = new SchedulerClient({
    master: master.origin,
    framework: { user: 'u', name: 'f' },
    clock: time,
    timers: time,
    random: evenRandom(),
    ...options,
  });
  clients.push(made);
  return made.start(handlers);
}

const SUBSCRIBED: SchedulerEvent = {
  type: 'SUBSCRIBED',
  subscribed: { framework_id: { value: 'F' }, heartbeat_interval_seconds: 15 },
};

async function subscribe(handlers: SchedulerHandlers = {}, options: Partial<SchedulerOptions> = {}) {
  const before = master.streams.length;
  const made = client(handlers, options);
  await until(() => master.streams.length > before, 'a stream');
  master.send(SUBSCRIBED);
  await until(() => made.connected, 'SUBSCRIBED');
  return made;
}

function status(state: TaskStatus['state'], id = 't'): TaskStatus {
  return {
    task_id: { value: id },
    state,
    agent_id: { value: 'A' },
    uuid: Uint8Array.from({ length: 16 }, (_, i) => i),
  };
}

const update = (state: TaskStatus['state'], id?: string): SchedulerEvent => ({
  type: 'UPDATE',
  update: { status: status(state, id) },
});

describe.each(['protobuf', 'json'] as const)('a subscription in %s', (codec) => {
  it('sends calls with the framework id and the stream id', async () => {
    const seen: string[] = [];
    const scheduler = await subscribe(
      { offers: (offers) => seen.push(...offers.map(({ id }) => id.value)) },
      { codec },
    );
    const offer = {
      id: { value: 'O' },
      framework_id: { value: 'F' },
      agent_id: { value: 'A' },
      hostname: 'h',
    };
    master.send({ type: 'OFFERS', offers: { offers: [offer] } });
    await until(() => seen.length > 0, 'the offer');
    expect(seen).toEqual(['O']);
    expect((await scheduler.launch(offer, [task({ id: 't', command: 'true', cpus: 1 })])).ok).toBe(true);
    const { call, headers, path } = master.received.at(-1)!;
    expect(path).toBe('/api/v1/scheduler');
    expect(headers['mesos-stream-id']).toBe('stream-1');
    expect(headers['content-type']).toBe(codec === 'json' ? 'application/json' : 'application/x-protobuf');
    expect(call).toMatchObject({
      type: 'ACCEPT',
      framework_id: { value: 'F' },
      accept: { offer_ids: [{ value: 'O' }], operations: [{ launch: { task_infos: [{ agent_id: { value: 'A' } }] } }] },
    });
  });
});

describe('calls', () => {
  it('arrive in the order they were made, over one connection', async () => {
    const scheduler = await subscribe();
    const results = await Promise.all(Array.from({ length: 200 }, (_, i) => scheduler.kill({ taskId: `t${i}` })));
    expect(results.every(({ ok }) => ok)).toBe(true);
    const kills = master.received.filter(({ call }) => call.type === 'KILL');
    expect(kills.map(({ call }) => call.kill?.task_id.value)).toEqual(Array.from({ length: 200 }, (_, i) => `t${i}`));
    expect(new Set(kills.map(({ connection }) => connection)).size).toBe(1);
  });

  it('are refused while nobody listens, and when too many wait', async () => {
    expect(await client().revive()).toMatchObject({ ok: false, error: { kind: 'disconnected' } });
    await until(() => master.streams.length > 0, 'a stream');
    const scheduler = await subscribe({}, { maxCallsInFlight: 2 });
    const results = await Promise.all([scheduler.revive(), scheduler.revive(), scheduler.revive()]);
    expect(results.map((result) => (result.ok ? 'ok' : result.error.kind))).toEqual(['ok', 'ok', 'overloaded']);
  });

  it('hand on the words of a refusal', async () => {
    const scheduler = await subscribe();
    master.answer = ({ call }, response) => {
      if (call.type !== 'REVIVE') return undefined;
      response.writeHead(400).end('Framework cannot be found');
      return true;
    };
    const result = await scheduler.revive();
    expect(result).toMatchObject({ ok: false, error: { kind: 'refused', status: 400 } });
    expect(!result.ok && result.error.message).toContain('Framework cannot be found');
  });

  it('cannot be written when the message is incomplete', async () => {
    const scheduler = await subscribe();
    expect(await scheduler.kill({ taskId: undefined as unknown as string })).toMatchObject({
      ok: false,
      error: { kind: 'invalid' },
    });
  });

  it('that launch are never sent twice when the connection breaks; those that may be repeated are', async () => {
    const scheduler = await subscribe();
    let broken = 0;
    master.answer = ({ call, connection }) => {
      if (call.type === 'SUBSCRIBE' || broken >= 2) return undefined;
      broken++;
      connection.destroy();
      return true;
    };
    expect(await scheduler.accept(['O'], [])).toMatchObject({ ok: false, error: { kind: 'lost' } });
    expect(master.calls('ACCEPT')).toHaveLength(1);
    expect((await scheduler.kill({ taskId: 't' })).ok).toBe(true);
    expect(master.calls('KILL')).toHaveLength(2);
  });
});

describe('updates', () => {
  it('are acknowledged when the handler returns, or its promise', async () => {
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await subscribe({ update: ({ task_id: { value } }) => (value === 'slow' ? held : undefined) });
    master.send(update('TASK_RUNNING', 'slow'));
    master.send(update('TASK_RUNNING', 'quick'));
    await until(() => master.calls('ACKNOWLEDGE').length === 1, 'an acknowledgement');
    expect(master.calls('ACKNOWLEDGE')[0]).toMatchObject({
      acknowledge: {
        task_id: { value: 'quick' },
        agent_id: { value: 'A' },
        uuid: Buffer.from(status('TASK_RUNNING').uuid!),
      },
    });
    release();
    await until(() => master.calls('ACKNOWLEDGE').length === 2, 'the other');
  });

  it('are acknowledged whatever an arrow function happens to return', async () => {
    const seen: unknown[] = [];
    await subscribe({ update: ((one: unknown) => seen.push(one)) as never });
    master.send(update('TASK_RUNNING', 'counted'));
    await until(() => master.calls('ACKNOWLEDGE').length === 1, 'an acknowledgement');
  });

  it('are not acknowledged when the handler throws, when explicit, or without uuid', async () => {
    const seen: string[] = [];
    await subscribe({
      update: ({ task_id: { value } }) => {
        seen.push(value);
        if (value === 'bad') throw new Error('handler');
      },
    });
    master.send(update('TASK_RUNNING', 'bad'));
    master.send({ type: 'UPDATE', update: { status: { ...status('TASK_LOST', 'made up'), uuid: undefined } } });
    master.send(update('TASK_RUNNING', 'good'));
    await until(() => master.calls('ACKNOWLEDGE').length > 0, 'an acknowledgement');
    expect(seen).toEqual(['bad', 'made up', 'good']);
    expect(master.calls('ACKNOWLEDGE').map((call) => call.acknowledge?.task_id.value)).toEqual(['good']);

    const explicit = await subscribe(
      { update: ({ task_id: { value } }) => void seen.push(value) },
      { explicitAcknowledgements: true },
    );
    master.send(update('TASK_RUNNING', 'mine'));
    await until(() => seen.includes('mine'), 'the update');
    await explicit.acknowledge(status('TASK_RUNNING', 'mine'));
    expect(master.calls('ACKNOWLEDGE').map((call) => call.acknowledge?.task_id.value)).toEqual(['good', 'mine']);
  });
});

describe('a broken stream', () => {
  it('is opened again after a wait that grows, with the framework id, and resumed', async () => {
    const events: string[] = [];
    const scheduler = await subscribe({
      subscribed: ({ resumed }) => events.push(resumed ? 'resumed' : 'subscribed'),
      disconnected: (_reason, retryMs) => events.push(`retry ${retryMs}`),
    });
    master.answer = ({ call }, response) => {
      if (call.type !== 'SUBSCRIBE') return undefined;
      response.writeHead(503).end('Master has not finished recovery');
      return true;
    };
    master.streams[0]!.end();
    for (const retry of ['retry 50', 'retry 100', 'retry 200']) {
      await until(() => events.includes(retry), retry);
      time.advance(Number(retry.slice(6)));
    }
    await until(() => events.includes('retry 400'), 'the next wait');
    master.answer = () => undefined;
    time.advance(400);
    await until(() => master.streams.length === 2, 'a second stream');
    expect(master.calls('SUBSCRIBE').at(-1)).toMatchObject({
      framework_id: { value: 'F' },
      subscribe: { framework_info: { id: { value: 'F' } } },
    });
    expect(scheduler.connected).toBe(false);
    master.send(SUBSCRIBED);
    await until(() => scheduler.connected, 'SUBSCRIBED');
    await scheduler.revive();
    expect(master.received.at(-1)?.headers['mesos-stream-id']).toBe('stream-2');
    expect(events).toEqual(['subscribed', 'retry 50', 'retry 100', 'retry 200', 'retry 400', 'resumed']);
  });

  it('is noticed when heartbeats stop, not before', async () => {
    const reasons: string[] = [];
    await subscribe({ disconnected: (reason) => reasons.push(reason) });
    time.advance(60_000);
    master.send({ type: 'HEARTBEAT' });
    let beats = 0;
    clients[0]!.close().catch(() => {});
    await clients[0]!.ended;
    expect(reasons).toEqual([]);
    const second = await newMaster();
    master = second;
    await subscribe({ disconnected: (reason) => reasons.push(reason), heartbeat: () => beats++ });
    time.advance(70_000);
    second.send({ type: 'HEARTBEAT' });
    await until(() => beats === 1, 'the heartbeat');
    time.advance(70_000);
    expect(reasons).toEqual([]);
    time.advance(5_001);
    await until(() => reasons.length > 0, 'the silence to be noticed');
    expect(reasons[0]).toContain('no heartbeat for 75000 ms');
  });

  it('is given up when a record cannot be read', async () => {
    const reasons: string[] = [];
    await subscribe({ disconnected: (reason) => reasons.push(reason) });
    master.sendRaw(Buffer.from('5\nxxxxx'));
    await until(() => reasons.length > 0, 'the end');
    expect(reasons[0]).toContain('cannot read mesos.v1.scheduler.Event');
  });
});

describe('reconciliation', () => {
  it('after a reconnection asks for each unfinished task until it is answered for, and once for all', async () => {
    let beats = 0;
    const scheduler = await subscribe({ heartbeat: () => beats++ });
    await scheduler.accept(
      ['O'],
      [
        {
          type: 'LAUNCH',
          launch: {
            task_infos: ['a', 'b', 'done'].map((id) => ({ ...task({ id, command: 'x' }), agent_id: { value: 'A' } })),
          },
        },
      ],
    );
    master.send(update('TASK_FINISHED', 'done'));
    await until(() => master.calls('ACKNOWLEDGE').length === 1, 'the update to be handled');
    expect(master.calls('RECONCILE')).toEqual([]);

    master.streams[0]!.end();
    await until(() => !scheduler.connected, 'the end of the stream');
    await until(() => time.pendingMs.includes(50), 'the wait');
    time.advance(50);
    await until(() => master.streams.length === 2, 'a second stream');
    master.send(SUBSCRIBED);
    const asked = () =>
      master.calls('RECONCILE').map((call) => (call.reconcile?.tasks ?? []).map(({ task_id: id }) => id.value));
    await until(() => asked().length === 2, 'the questions');
    expect(asked()).toEqual([['a', 'b'], []]);
    master.send({ type: 'UPDATE', update: { status: { ...status('TASK_RUNNING', 'a'), uuid: undefined } } });
    master.send({ type: 'HEARTBEAT' });
    await until(() => beats === 1, 'the answer and what came after it');
    time.advance(5_000);
    await until(() => asked().length === 3, 'the next round');
    expect(asked().at(-1)).toEqual(['b']);
    // A master may be silent for ten minutes about tasks of an agent that may yet come back, and longer when told to.
    for (let round = 4; round <= 40; round++) {
      time.advance(60_000);
      master.send({ type: 'HEARTBEAT' });
      await until(() => asked().length === round, `round ${round}`);
    }
  });
});

describe('the leader', () => {
  it('is found through redirects without a scheme, and gets the calls', async () => {
    const follower = await newMaster();
    follower.answer = (_received, response) => {
      response.writeHead(307, { location: `//${master.origin}/api/v1/scheduler` }).end();
      return true;
    };
    const scheduler = await subscribe({}, { master: follower.origin });
    expect(await scheduler.revive()).toMatchObject({ ok: true });
    expect(follower.received).toHaveLength(1);
    expect(master.calls('REVIVE')).toHaveLength(1);
  });

  it('is looked for at the next address when one is down', async () => {
    const down = await newMaster();
    await down.close();
    servers.pop();
    const reasons: string[] = [];
    client({ disconnected: (reason) => reasons.push(reason) }, { master: [down.origin, master.origin] });
    await until(() => reasons.length > 0, 'the first attempt to fail');
    expect(reasons[0]).toContain('cannot connect');
    time.advance(50);
    await until(() => master.streams.length === 1, 'the second address');
  });

  it('is not sought for ever in a circle', async () => {
    master.answer = (_received, response) => {
      response.writeHead(307, { location: `//${master.origin}/api/v1/scheduler` }).end();
      return true;
    };
    const reasons: string[] = [];
    client({ disconnected: (reason) => reasons.push(reason) });
    await until(() => reasons.length > 0, 'the end of the circle');
    expect(reasons[0]).toContain('more than 5 redirects');
    expect(master.received).toHaveLength(6);
  });
});

describe('the end', () => {
  it('comes with an ERROR event, without another attempt', async () => {
    const scheduler = await subscribe();
    master.send({ type: 'ERROR', error: { message: 'Framework has been removed' } });
    expect(await scheduler.ended).toEqual({ reason: 'error', message: 'Framework has been removed' });
    expect(time.pendingMs).toEqual([]);
  });

  it('comes when the subscription is refused for good', async () => {
    master.answer = (_received, response) => {
      response.writeHead(401).end('Unauthorized');
      return true;
    };
    const scheduler = client({}, { principal: 'p', secret: 's' });
    expect(await scheduler.ended).toMatchObject({ reason: 'error', message: expect.stringContaining('Unauthorized') });
    expect(master.received[0]?.headers.authorization).toBe(`Basic ${Buffer.from('p:s').toString('base64')}`);
  });

  it('comes at once when the address is none', async () => {
    const scheduler = client({}, { master: `${master.origin},no address` });
    expect(await scheduler.ended).toMatchObject({ reason: 'error', message: expect.stringContaining("'no address'") });
  });

  it.each([404, 429, 503])('does not come with %i, which passes', async (status) => {
    master.answer = (_received, response) => {
      master.answer = () => undefined;
      response.writeHead(status).end('later');
      return true;
    };
    const reasons: string[] = [];
    client({ disconnected: (reason) => reasons.push(reason) });
    await until(() => reasons.length === 1, 'the refusal');
    expect(reasons[0]).toContain('later');
    time.advance(50);
    await until(() => master.streams.length === 1, 'the second attempt');
  });

  it('comes when no master is found for too long', async () => {
    master.answer = (_received, response) => {
      response.writeHead(503).end('No leader elected');
      return true;
    };
    const waits: number[] = [];
    const scheduler = client({ disconnected: (_reason, retryMs) => waits.push(retryMs) }, { giveUpAfterMs: 1_000 });
    for (const wait of [50, 100, 200, 400]) {
      await until(() => waits.at(-1) === wait && time.pendingMs.includes(wait), `a wait of ${wait} ms`);
      time.advance(wait);
    }
    expect(await scheduler.ended).toMatchObject({
      reason: 'unreachable',
      message: expect.stringContaining('No leader elected'),
    });
  });

  it('by close waits for calls under way, and tears down when asked to', async () => {
    const scheduler = await subscribe({ update: () => void scheduler.close({ teardown: true }) });
    master.send(update('TASK_FINISHED'));
    expect(await scheduler.ended).toMatchObject({ reason: 'torn-down' });
    expect(master.received.map(({ call }) => call.type)).toEqual(['SUBSCRIBE', 'ACKNOWLEDGE', 'TEARDOWN']);
    expect(await scheduler.revive()).toMatchObject({ ok: false, error: { kind: 'disconnected' } });
  });
});
