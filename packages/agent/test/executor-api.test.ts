/** Custom executors over real HTTP: the process is real, its side of the API is played by the test. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Encoding, ExecutorClient } from './executor-client.ts';
import { type AgentUnderTest, runningAgent } from './running-agent.ts';
import { customExecutor, framework, resources } from './tasks.ts';
import { until } from './until.ts';

/** Does not mind being shut down, so its grace is short. */
const sleeper = { ...customExecutor('E', 'exec sleep 600'), shutdown_grace_period: { nanoseconds: 50_000_000n } };

const uuid = (n: number): Uint8Array => new Uint8Array(16).fill(n);

describe.each([
  'application/json',
  'application/x-protobuf',
] as Encoding[])('an executor that speaks %s', (encoding) => {
  let test: AgentUnderTest;
  beforeAll(async () => {
    test = await runningAgent();
  });
  afterAll(() => test.stop());
  const ids = { framework_id: { value: 'F' }, executor_id: { value: 'E' } };
  const status = (n: number, state: 'TASK_RUNNING' | 'TASK_FINISHED') => ({
    ...ids,
    type: 'UPDATE' as const,
    update: {
      status: { task_id: { value: 't' }, state, source: 'SOURCE_EXECUTOR' as const, uuid: uuid(n), data: uuid(7) },
    },
  });

  it('subscribes, runs a task, talks, and is shut down', async () => {
    const executor = new ExecutorClient(test.url, encoding);
    test.master.run(
      framework(),
      {
        name: 't',
        task_id: { value: 't' },
        resources: resources(0.1, 32),
        executor: sleeper,
        data: uuid(9),
      },
      true,
    );
    await until('the executor may subscribe', () => test.log.some((line) => line.includes('Got assigned [t]')));
    expect((await executor.call({ ...ids, type: 'MESSAGE', message: { data: uuid(1) } })).status).toBe(403);
    expect(await executor.subscribe(ids)).toBe(200);
    await until('the task is here', () => executor.events.length >= 2);
    expect(executor.types()).toEqual(['SUBSCRIBED', 'LAUNCH']);
    expect(Buffer.from(executor.events[1]?.launch?.task.data ?? [])).toEqual(Buffer.from(uuid(9)));

    expect(await executor.call(status(1, 'TASK_RUNNING'))).toEqual({ status: 202, text: '' });
    await until('the update is acknowledged', () => executor.types().at(-1) === 'ACKNOWLEDGED');
    await until('the update is with the master', () => test.master.statesOf('t').includes('TASK_RUNNING'));
    expect(test.master.statuses[0]).toMatchObject({ source: 'SOURCE_EXECUTOR', executor_id: { value: 'E' } });
    expect(Buffer.from(test.master.statuses[0]?.data ?? [])).toEqual(Buffer.from(uuid(7)));

    await executor.call({ ...ids, type: 'MESSAGE', message: { data: uuid(2) } });
    await until('the message is with the master', () => test.master.messages.length === 1);
    test.master.kill('F', 't');
    await until('the kill is here', () => executor.types().at(-1) === 'KILL');
    await executor.call(status(3, 'TASK_FINISHED'));
    await until('the end is with the master', () => test.master.statesOf('t').includes('TASK_FINISHED'));

    test.master.shutdownExecutor('F', 'E');
    await until('the shutdown is here', () => executor.types().at(-1) === 'SHUTDOWN');
    await until('its end is with the master', () => test.master.exitedExecutors.length === 1);
    await until('its stream is closed', () => executor.closed);
  });

  it('may come back on a new connection, which ends the old one', async () => {
    test.master.run(framework(), {
      name: 'u',
      task_id: { value: 'u' },
      resources: resources(0.1, 32),
      executor: sleeper,
    });
    await until('the executor may subscribe', () => test.log.some((line) => line.includes('Got assigned [u]')));
    const first = new ExecutorClient(test.url, encoding);
    await first.subscribe(ids);
    await until('the task is here', () => first.events.length >= 2);
    const task = first.events[1]?.launch?.task;
    const second = new ExecutorClient(test.url, encoding);
    await second.subscribe({ ...ids, subscribe: { unacknowledged_tasks: task === undefined ? [] : [task] } });
    await until('the first is closed', () => first.closed);
    await until('the second is in', () => second.types().includes('SUBSCRIBED'));
    expect(test.master.statesOf('u')).toEqual([]);
    second.disconnect();
    await until('the agent noticed', () => test.log.some((line) => line.includes('disconnected')));
  });
});

describe('bad input to the executor API', () => {
  let test: AgentUnderTest;
  beforeAll(async () => {
    test = await runningAgent();
  });
  afterAll(() => test.stop());

  const post = async (body: string | Uint8Array, headers: Record<string, string>): Promise<[number, string]> => {
    const response = await fetch(`${test.url}/api/v1/executor`, { method: 'POST', headers, body: Buffer.from(body) });
    return [response.status, await response.text()];
  };
  const json = { 'Content-Type': 'application/json' };
  const ids = { executor_id: { value: 'E' }, framework_id: { value: 'F' } };
  const status = {
    task_id: { value: 't' },
    state: 'TASK_RUNNING',
    source: 'SOURCE_EXECUTOR',
    uuid: Buffer.alloc(16).toString('base64'),
  };
  const update = (more: object): object => ({ ...ids, type: 'UPDATE', update: { status: { ...status, ...more } } });
  const invalid = 'Failed to validate Executor::Call: ';

  it.each([
    [{ ...ids }, `${invalid}Expecting 'type' to be present`],
    [{ ...ids, type: 'UPDATE' }, `${invalid}Expecting 'update' to be present`],
    [{ ...ids, type: 'MESSAGE' }, `${invalid}Expecting 'message' to be present`],
    [update({ uuid: undefined }), `${invalid}Expecting 'uuid' to be present`],
    [update({ uuid: 'AAAA' }), `${invalid}Not a valid UUID`],
    [
      update({ executor_id: { value: 'X' } }),
      `${invalid}ExecutorID in Call: E does not match ExecutorID in TaskStatus: X`,
    ],
    [
      update({ source: 'SOURCE_AGENT' }),
      `${invalid}Received Call from executor E of framework F with invalid source, expecting 'SOURCE_EXECUTOR'`,
    ],
    [
      update({ state: 'TASK_STAGING' }),
      `${invalid}Received TASK_STAGING from executor E of framework F which is not allowed`,
    ],
    [update({ check_status: {} }), `${invalid}CheckStatusInfo must specify 'type'`],
    [update({ check_status: { type: 'TCP' } }), `${invalid}Expecting 'tcp' to be set for TCP check's status`],
    [update({}), 'Framework cannot be found'],
    [{ ...ids, type: 'SUBSCRIBE', subscribe: {} }, 'Framework cannot be found'],
    [{ type: 'HEARTBEAT', framework_id: { value: 'F' } }, expect.stringContaining('executor_id')],
    [{ ...ids, type: 'DANCE' }, `${invalid}Expecting 'type' to be present`],
  ])('%o gets 400', async (call, text) => {
    expect(await post(JSON.stringify(call), json)).toEqual([400, text]);
  });

  it('is answered by what is wrong with the request', async () => {
    expect(await post('{', json)).toEqual([400, expect.stringContaining('Failed to parse body into JSON')]);
    expect(await post('{}', { 'Content-Type': 'text/plain' })).toEqual([
      415,
      "Expecting 'Content-Type' of application/json or application/x-protobuf",
    ]);
    expect(await post(new Uint8Array([255, 255]), { 'Content-Type': 'application/x-protobuf' })).toEqual([
      400,
      expect.stringContaining('Failed to parse body into Call protobuf'),
    ]);
    const subscribe = JSON.stringify({ ...ids, type: 'SUBSCRIBE', subscribe: {} });
    expect(await post(subscribe, { ...json, 'Accept': 'text/html' })).toEqual([
      406,
      "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'",
    ]);
    expect((await fetch(`${test.url}/api/v1/executor`)).status).toBe(405);
  });

  it('leaves a heartbeat of anybody accepted', async () => {
    expect(await post(JSON.stringify({ ...ids, type: 'HEARTBEAT' }), json)).toEqual([202, '']);
  });
});
