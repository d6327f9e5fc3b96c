/** `POST /api/v1/scheduler` as a transport: negotiation, status codes, order of checks, stream ids, heartbeats, limits. */
import { connect } from 'node:net';
import { ExecutorToFrameworkMessage, SchedulerCall } from '@mesolite/wire';
import { describe, expect, it, onTestFinished } from 'vitest';
import { frameworkInfo, scalar, task } from './core-harness.ts';
import { eventually, post, startTestMaster, TestAgent, TestScheduler } from './running-master.ts';

const JSON_BODY = { 'Content-Type': 'application/json', 'Accept': 'application/json' };
const PROTOBUF_BODY = { 'Content-Type': 'application/x-protobuf' };
const SUBSCRIBE = '{"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"u","name":"n"}}}';
const INVALID = 'Failed to validate scheduler::Call: ';

interface Refusal {
  readonly name: string;
  readonly body: string | Uint8Array;
  readonly headers?: Record<string, string>;
  readonly method?: string;
  readonly status: number;
  readonly text: string | RegExp;
}

const ACCEPT_OF_NOBODY = '{"type":"ACCEPT","framework_id":{"value":"zz"},"accept":{"offer_ids":[]}}';

const CPU = { name: 'cpus', type: 'SCALAR', scalar: { value: 1 } };

function acceptOf(...operations: object[]): string {
  return JSON.stringify({ type: 'ACCEPT', framework_id: { value: 'f' }, accept: { offer_ids: [], operations } });
}

const REFUSALS: readonly Refusal[] = [
  {
    name: 'more operations than one turn can bear',
    body: JSON.stringify({
      type: 'ACCEPT',
      framework_id: { value: 'f' },
      accept: { offer_ids: [], operations: Array(1001).fill({ type: 'RESERVE', reserve: { resources: [] } }) },
    }),
    status: 400,
    text: `${INVALID}'accept.operations' has more than 1000 operations`,
  },
  {
    name: 'more resources than one operation can bear',
    body: acceptOf({ type: 'CREATE', create: { volumes: Array(1001).fill(CPU) } }),
    status: 400,
    text: `${INVALID}'accept.operations': 'create.volumes' has more than 1000 resources`,
  },
  {
    name: 'more resources than a task can bear',
    body: acceptOf({
      type: 'LAUNCH',
      launch: {
        task_infos: [
          { name: 't', task_id: { value: 't' }, agent_id: { value: 'a' }, resources: Array(1001).fill(CPU) },
        ],
      },
    }),
    status: 400,
    text: `${INVALID}'accept.operations': 'task.resources' has more than 1000 resources`,
  },
  {
    name: 'more resources than one turn can bear',
    body: acceptOf(...Array(3).fill({ type: 'UNRESERVE', unreserve: { resources: Array(667).fill(CPU) } })),
    status: 400,
    text: `${INVALID}'accept.operations' exchange more than 2000 resources`,
  },
  {
    name: 'another method than POST',
    body: '',
    method: 'PUT',
    status: 405,
    text: "405 Method Not Allowed. Expecting one of { 'POST' }, but received 'PUT'.",
  },
  { name: 'no content type', body: '{}', headers: {}, status: 400, text: "Expecting 'Content-Type' to be present" },
  {
    name: 'another content type',
    body: '{}',
    headers: { 'Content-Type': 'text/plain' },
    status: 415,
    text: "Expecting 'Content-Type' of application/json or application/x-protobuf",
  },
  {
    name: 'SUBSCRIBE that accepts neither encoding',
    body: SUBSCRIBE,
    headers: { 'Content-Type': 'application/json', 'Accept': 'text/plain' },
    status: 406,
    text: "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'",
  },
  {
    name: 'RECONCILE_OPERATIONS that accepts neither encoding',
    body: '{"type":"RECONCILE_OPERATIONS","framework_id":{"value":"zz"},"reconcile_operations":{}}',
    headers: { 'Content-Type': 'application/json', 'Accept': 'text/plain' },
    status: 406,
    text: /Accept/,
  },
  { name: 'a body that is no JSON', body: '{nope', status: 400, text: /^Failed to parse body into JSON: / },
  { name: 'an empty body', body: '', status: 400, text: /^Failed to parse body into JSON: / },
  {
    name: 'JSON that lacks a required field',
    body: '{"type":"KILL","framework_id":{"value":"x"},"kill":{}}',
    status: 400,
    text: /^Failed to convert JSON into Call protobuf: .*task_id/,
  },
  {
    name: 'bytes that are no protobuf',
    body: Buffer.from([0xff, 0xff, 0xff]),
    headers: PROTOBUF_BODY,
    status: 400,
    text: 'Failed to parse body into Call protobuf',
  },
  { name: 'no type', body: '{}', status: 400, text: `${INVALID}Expecting 'type' to be present` },
  { name: 'an unknown type', body: '{"type":"BOGUS"}', status: 400, text: `${INVALID}Expecting 'type' to be present` },
  {
    name: 'SUBSCRIBE without its part',
    body: '{"type":"SUBSCRIBE"}',
    status: 400,
    text: `${INVALID}Expecting 'subscribe' to be present`,
  },
  {
    name: 'SUBSCRIBE with two ids that differ',
    body: '{"type":"SUBSCRIBE","framework_id":{"value":"a"},"subscribe":{"framework_info":{"user":"u","name":"n"}}}',
    status: 400,
    text: `${INVALID}'framework_id' differs from 'subscribe.framework_info.id'`,
  },
  {
    name: 'SUBSCRIBE with a stream id',
    body: SUBSCRIBE,
    headers: { ...JSON_BODY, 'Mesos-Stream-Id': 'x' },
    status: 400,
    text: "Subscribe calls should not include the 'Mesos-Stream-Id' header",
  },
  {
    name: 'a call without framework id',
    body: '{"type":"ACCEPT","accept":{"offer_ids":[]}}',
    status: 400,
    text: `${INVALID}Expecting 'framework_id' to be present`,
  },
  { name: 'a call of an unknown framework', body: ACCEPT_OF_NOBODY, status: 400, text: 'Framework cannot be found' },
  {
    name: 'an acknowledgement whose uuid has another length',
    body: '{"type":"ACKNOWLEDGE","framework_id":{"value":"zz"},"acknowledge":{"agent_id":{"value":"a"},"task_id":{"value":"t"},"uuid":"AAAA"}}',
    status: 400,
    text: `${INVALID}Not a valid UUID`,
  },
  ...[
    'ACCEPT',
    'DECLINE',
    'KILL',
    'SHUTDOWN',
    'ACKNOWLEDGE',
    'RECONCILE',
    'MESSAGE',
    'REQUEST',
    'UPDATE_FRAMEWORK',
  ].map((type) => ({
    name: `${type} without its part`,
    body: `{"type":"${type}","framework_id":{"value":"zz"}}`,
    status: 400,
    text: `${INVALID}Expecting '${type.toLowerCase()}' to be present`,
  })),
];

describe('what is refused before anything is looked up', () => {
  it.each(REFUSALS)('$name: $status', async ({ body, headers, method, status, text }) => {
    const master = await startTestMaster();
    const answer = await post(master.port, body, headers ?? JSON_BODY, method === undefined ? {} : { method });
    expect(answer.status).toBe(status);
    if (typeof text === 'string') expect(answer.text).toBe(text);
    else expect(answer.text).toMatch(text);
  });

  it('refuses a body above the limit with 413 by its announced length alone', async () => {
    const master = await startTestMaster();
    const answer = await post(master.port, '', { ...JSON_BODY, 'Content-Length': String(65 * 1024 * 1024) });
    expect(answer.status).toBe(413);
    expect(answer.text).toContain('64');
  });
});

describe('the path', () => {
  it('is also served behind the id of the process', async () => {
    const master = await startTestMaster();
    const answer = await post(master.port, ACCEPT_OF_NOBODY, JSON_BODY, { path: '/master/api/v1/scheduler' });
    expect(answer).toMatchObject({ status: 400, text: 'Framework cannot be found' });
  });
});

describe('a stream', () => {
  it('has a type, an id and records of decimal length, newline, bytes', async () => {
    const master = await startTestMaster();
    const scheduler = await TestScheduler.subscribe(master.port, frameworkInfo());
    expect(scheduler.streamId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    await eventually('the first heartbeat', () => scheduler.events.length === 2);
    expect(scheduler.events.map(({ type }) => type)).toEqual(['SUBSCRIBED', 'HEARTBEAT']);
  });

  it('reports a refused framework as an event and ends', async () => {
    const master = await startTestMaster();
    const answer = await post(
      master.port,
      '{"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"u","name":"n","roles":["a"]}}}',
    );
    expect(answer.status).toBe(200);
    expect(answer.headers['mesos-stream-id']).toBeDefined();
    expect(answer.text).toBe(
      '121\n{"type":"ERROR","error":{"message":"\'FrameworkInfo.roles\' must not be set when the framework is not MULTI_ROLE capable"}}',
    );
  });

  it('ends with an error when another instance takes over, which works from then on', async () => {
    const master = await startTestMaster();
    const first = await TestScheduler.subscribe(master.port, frameworkInfo());
    const info = frameworkInfo({ id: { value: first.frameworkId } });
    const second = await TestScheduler.subscribe(master.port, info, 'application/x-protobuf');
    await eventually('the end of the first stream', () => first.ended);
    expect(first.events.at(-1)).toEqual({ type: 'ERROR', error: { message: 'Framework failed over' } });
    expect((await second.call({ type: 'REVIVE' })).status).toBe(202);
    expect(await first.call({ type: 'REVIVE' })).toMatchObject({
      status: 400,
      text: expect.stringMatching(/didn't match the stream ID/),
    });
  });

  it('is cut when its client stops reading, and nobody else notices', async () => {
    const master = await startTestMaster();
    const agent = await TestAgent.register(master);
    const stalled = await TestScheduler.subscribe(master.port, frameworkInfo());
    const lively = await TestScheduler.subscribe(master.port, frameworkInfo({ name: 'other' }));
    stalled.stall();
    const message = (frameworkId: string, size: number): ExecutorToFrameworkMessage => ({
      agent_id: { value: agent.id },
      framework_id: { value: frameworkId },
      executor_id: { value: 'e' },
      data: Buffer.alloc(size),
    });
    // Encoded as base64, a megabyte takes a third more on the stream: together far beyond its bound of 16 MiB.
    for (let i = 0; i < 60; i++) agent.send(ExecutorToFrameworkMessage, message(stalled.frameworkId, 1 << 20));
    agent.send(ExecutorToFrameworkMessage, message(lively.frameworkId, 1));
    await eventually('the other framework to get its message', () =>
      lively.events.some(({ type }) => type === 'MESSAGE'),
    );
    let answer = await stalled.call({ type: 'REVIVE' });
    for (let i = 0; answer.status === 202 && i < 1000; i++) answer = await stalled.call({ type: 'REVIVE' });
    expect(answer).toMatchObject({ status: 403, text: 'Framework is not subscribed' });
    expect((await lively.call({ type: 'REVIVE' })).status).toBe(202);
  });
});

describe('the order of checks for calls after SUBSCRIBE', () => {
  it('asks for the framework, its connection, a stream id, the right one', async () => {
    const master = await startTestMaster();
    const scheduler = await TestScheduler.subscribe(master.port, frameworkInfo());
    const call = `{"type":"REVIVE","framework_id":{"value":"${scheduler.frameworkId}"}}`;
    expect(await post(master.port, call)).toMatchObject({
      status: 400,
      text: "All non-subscribe calls should include the 'Mesos-Stream-Id' header",
    });
    expect(await post(master.port, call, { ...JSON_BODY, 'Mesos-Stream-Id': 'nope' })).toMatchObject({
      status: 400,
      text: `The stream ID 'nope' included in this request didn't match the stream ID currently associated with framework ID ${scheduler.frameworkId}`,
    });
    expect((await scheduler.call({ type: 'REVIVE' })).status).toBe(202);
    scheduler.disconnect();
    let answer = await scheduler.call({ type: 'REVIVE' });
    for (let i = 0; answer.status === 202 && i < 1000; i++) answer = await scheduler.call({ type: 'REVIVE' });
    expect(answer).toMatchObject({ status: 403, text: 'Framework is not subscribed' });
  });

  it('answers a call of type UNKNOWN with 501', async () => {
    const master = await startTestMaster();
    const scheduler = await TestScheduler.subscribe(master.port, frameworkInfo());
    expect((await scheduler.call({ type: 'UNKNOWN' })).status).toBe(501);
  });
});

describe('a call after SUBSCRIBE', () => {
  it('is accepted whatever it says, and its faults are told by events or not at all', async () => {
    const master = await startTestMaster();
    const scheduler = await TestScheduler.subscribe(master.port, frameworkInfo());
    const calls: Omit<SchedulerCall, 'framework_id'>[] = [
      { type: 'DECLINE', decline: { offer_ids: [{ value: 'nothing' }] } },
      { type: 'SUPPRESS', suppress: { roles: ['no such role'] } },
      { type: 'KILL', kill: { task_id: { value: 'nobody' } } },
      { type: 'SHUTDOWN', shutdown: { executor_id: { value: 'e' }, agent_id: { value: 'a' } } },
      { type: 'RECONCILE', reconcile: {} },
      { type: 'RECONCILE_OPERATIONS', reconcile_operations: { operations: [{ operation_id: { value: 'o' } }] } },
      { type: 'REQUEST', request: {} },
      {
        type: 'ACCEPT',
        accept: {
          offer_ids: [{ value: 'gone' }],
          operations: [
            { type: 'LAUNCH', launch: { task_infos: [task('t', 'a', { resources: [scalar('cpus', -1)] })] } },
          ],
        },
      },
    ];
    for (const call of calls) expect(await scheduler.call(call), call.type).toMatchObject({ status: 202, text: '' });
    await eventually('the answers', () => scheduler.events.length >= 5);
    expect(scheduler.events.slice(2)).toMatchObject([
      { update: { status: { task_id: { value: 'nobody' }, state: 'TASK_UNKNOWN' } } },
      { update_operation_status: { status: { operation_id: { value: 'o' }, state: 'OPERATION_UNKNOWN' } } },
      { update: { status: { task_id: { value: 't' }, state: 'TASK_DROPPED', reason: 'REASON_INVALID_OFFERS' } } },
    ]);
  });

  it('answers UPDATE_FRAMEWORK with 200 or the rule that was broken', async () => {
    const master = await startTestMaster();
    const scheduler = await TestScheduler.subscribe(master.port, frameworkInfo());
    const update = (fields: Parameters<typeof frameworkInfo>[0], suppressed: string[] = []) =>
      scheduler.call({
        type: 'UPDATE_FRAMEWORK',
        update_framework: {
          framework_info: frameworkInfo({ id: { value: scheduler.frameworkId }, ...fields }),
          suppressed_roles: suppressed,
        },
      });
    expect(await update({ roles: ['a', 'b'] })).toMatchObject({ status: 200, text: '' });
    expect(await update({ roles: ['a', 'a'] })).toMatchObject({
      status: 400,
      text: "Supplied FrameworkInfo is not valid: 'FrameworkInfo.roles' contains duplicate items: { a }",
    });
    expect(await update({ user: 'other' })).toMatchObject({
      status: 400,
      text: /^FrameworkInfo update is not valid: /,
    });
    expect(await update({ checkpoint: false })).toMatchObject({
      status: 400,
      text: expect.stringMatching(/'FrameworkInfo.checkpoint'/),
    });
    expect(await update({}, ['zzz'])).toMatchObject({
      status: 400,
      text: "'UpdateFramework' call is not valid: Suppressed roles { zzz } are not contained in the set of roles",
    });
  });
});

describe('calls in one burst on one connection', () => {
  it('are answered and carried out in order', async () => {
    const master = await startTestMaster();
    const scheduler = await TestScheduler.subscribe(master.port, frameworkInfo());
    const ids = Array.from({ length: 60 }, (_, i) => `x${i}`);
    const burst = ids.map((value, i) => {
      const call: SchedulerCall = {
        type: 'KILL',
        framework_id: { value: scheduler.frameworkId },
        // Long and short ones in turn: what takes longer to arrive must not be overtaken.
        kill: { task_id: { value }, agent_id: { value: 'a'.repeat(i % 3 === 0 ? 30_000 : 1) } },
      };
      const body = SchedulerCall.toJson(call);
      return (
        `POST /api/v1/scheduler HTTP/1.1\r\nHost: m\r\nContent-Type: application/json\r\n` +
        `Mesos-Stream-Id: ${scheduler.streamId}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
      );
    });
    const socket = connect(master.port, '127.0.0.1');
    onTestFinished(() => {
      socket.destroy();
    });
    let answers = '';
    socket.on('data', (bytes: Buffer) => {
      answers += bytes.toString('latin1');
    });
    socket.end(burst.join(''));
    const updates = (): string[] => scheduler.events.flatMap(({ update }) => update?.status.task_id.value ?? []);
    await eventually(
      'all answers',
      () => updates().length === ids.length && answers.split('HTTP/1.1').length > ids.length,
    );
    expect(updates()).toEqual(ids);
    expect(answers.match(/HTTP\/1.1 \d+/g)).toEqual(ids.map(() => 'HTTP/1.1 202'));
  });
});

describe('a protobuf body', () => {
  it('may be answered in JSON', async () => {
    const master = await startTestMaster();
    const body = SchedulerCall.encode({
      type: 'SUBSCRIBE',
      subscribe: { framework_info: { user: 'u', name: 'n', roles: ['a'] } },
    });
    const answer = await post(master.port, body, { ...PROTOBUF_BODY, 'Accept': 'application/json' });
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.text).toContain('"type":"ERROR"');
  });
});
