import { ExecutorCall, ExecutorEvent, type TaskInfo } from '@mesolite/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExecutorClient, type ExecutorHandlers, type ExecutorOptions, readExecutorEnvironment } from '../src/index.ts';
import { evenRandom, ManualTime, ScriptedServer, until } from './scripted-server.ts';

type Agent = ScriptedServer<ExecutorCall, ExecutorEvent>;

let agent: Agent;
let time: ManualTime;
let forced: number;
const clients: ExecutorClient[] = [];

beforeEach(async () => {
  time = new ManualTime();
  forced = 0;
  agent = await new ScriptedServer(ExecutorCall, ExecutorEvent).listen();
});

afterEach(async () => {
  for (const client of clients.splice(0)) void client.close(0);
  time.advance(1);
  await agent.close();
});

const SUBSCRIBED: ExecutorEvent = {
  type: 'SUBSCRIBED',
  subscribed: {
    executor_info: { executor_id: { value: 'E' } },
    framework_info: { user: 'u', name: 'f' },
    agent_info: { hostname: 'h' },
  },
};

const TASK: TaskInfo = { name: 't', task_id: { value: 't' }, agent_id: { value: 'A' } };

function environment(more: Record<string, string> = {}): Record<string, string> {
  return {
    MESOS_FRAMEWORK_ID: 'F',
    MESOS_EXECUTOR_ID: 'E',
    'MESOS_SLAVE_ID': 'A',
    'MESOS_SLAVE_PID': `slave(1)@${agent.origin}`,
    MESOS_AGENT_ENDPOINT: agent.origin,
    MESOS_DIRECTORY: '/sandbox',
    MESOS_CHECKPOINT: '0',
    MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: '5secs',
    ...more,
  };
}

async function subscribe(
  handlers: ExecutorHandlers = {},
  env: Record<string, string> = {},
  options: Partial<ExecutorOptions> = {},
): Promise<ExecutorClient> {
  const made = ExecutorClient.fromEnvironment({
    env: environment(env),
    clock: time,
    timers: time,
    random: evenRandom(),
    forceExit: () => forced++,
    ...options,
  });
  if (!made.ok) throw new Error(made.error);
  clients.push(made.value.start(handlers));
  await until(() => agent.streams.length > 0, 'a stream');
  agent.send(SUBSCRIBED);
  await until(() => made.value.connected, 'SUBSCRIBED');
  return made.value;
}

const updates = () => agent.calls('UPDATE').map((call) => call.update!.status);

describe('the environment of an executor', () => {
  it('tells who it is and where its agent is', () => {
    const read = readExecutorEnvironment(environment({ MESOS_CHECKPOINT: '1', MESOS_RECOVERY_TIMEOUT: '1mins' }));
    expect(read).toMatchObject({
      ok: true,
      value: {
        frameworkId: 'F',
        executorId: 'E',
        agentId: 'A',
        origin: `http://${agent.origin}`,
        path: '/slave(1)/api/v1/executor',
        sandbox: '/sandbox',
        checkpoint: true,
        recoveryTimeoutMs: 60_000,
        maxBackoffMs: 2_000,
        shutdownGraceMs: 5_000,
      },
    });
  });

  it.each([
    [{ MESOS_FRAMEWORK_ID: '' }, 'MESOS_FRAMEWORK_ID is not set'],
    [{ MESOS_AGENT_ENDPOINT: 'here' }, "MESOS_AGENT_ENDPOINT 'here': expecting host:port"],
    [{ MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: 'soon' }, 'MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: Invalid duration'],
  ])('is refused with words: %j', (more, words) => {
    expect(ExecutorClient.fromEnvironment({ env: environment(more) })).toMatchObject({
      ok: false,
      error: expect.stringContaining(words),
    });
  });
});

describe.each(['protobuf', 'json'] as const)('an executor in %s', (codec) => {
  it('gets tasks and tells their states, in order', async () => {
    const launched: string[] = [];
    const executor = await subscribe(
      {
        launch: (task) => {
          launched.push(task.task_id.value);
          for (const state of ['TASK_RUNNING', 'TASK_FINISHED'] as const)
            executor.update({ task_id: task.task_id, state, data: Buffer.from(state) });
        },
      },
      { MESOS_EXECUTOR_AUTHENTICATION_TOKEN: 'secret' },
      { codec },
    );
    agent.send({ type: 'LAUNCH', launch: { task: TASK } });
    await until(() => updates().length === 2, 'updates');
    expect(launched).toEqual(['t']);
    expect(updates().map(({ state }) => state)).toEqual(['TASK_RUNNING', 'TASK_FINISHED']);
    expect(updates()[0]).toMatchObject({ source: 'SOURCE_EXECUTOR', executor_id: { value: 'E' }, timestamp: 1_000 });
    expect(updates()[0]?.uuid).toHaveLength(16);
    const { headers, path } = agent.received.at(-1)!;
    expect(path).toBe('/slave(1)/api/v1/executor');
    expect(headers.authorization).toBe('Bearer secret');
    await executor.message(Buffer.from('hello'));
    expect(Buffer.from(agent.calls('MESSAGE')[0]!.message!.data).toString()).toBe('hello');
  });
});

describe('what is not acknowledged', () => {
  it('is told again when a checkpointing executor subscribes again', async () => {
    const lost: string[] = [];
    const executor = await subscribe({ disconnected: (reason) => lost.push(reason) }, { MESOS_CHECKPOINT: '1' });
    agent.send({ type: 'LAUNCH', launch: { task: TASK } });
    agent.send({ type: 'LAUNCH', launch: { task: { ...TASK, task_id: { value: 'other' } } } });
    executor.update({ task_id: { value: 't' }, state: 'TASK_RUNNING' });
    executor.update({ task_id: { value: 't' }, state: 'TASK_FINISHED' });
    await until(() => updates().length === 2, 'updates');
    agent.send({ type: 'ACKNOWLEDGED', acknowledged: { task_id: { value: 't' }, uuid: updates()[0]!.uuid! } });
    await until(() => executor.unacknowledgedUpdates === 1, 'the acknowledgement');
    agent.drop();
    await until(() => lost.length === 1, 'the loss');
    executor.update({ task_id: { value: 'other' }, state: 'TASK_RUNNING' });
    await until(() => time.pendingMs.length > 0, 'the wait');
    time.advance(2_100);
    await until(() => agent.streams.length === 2, 'a second subscription');
    const { unacknowledged_tasks: tasks, unacknowledged_updates: again } = agent.calls('SUBSCRIBE').at(-1)!.subscribe!;
    expect(tasks?.map(({ task_id: id }) => id.value)).toEqual(['other']);
    expect(again?.map(({ status }) => [status.task_id.value, status.state])).toEqual([
      ['t', 'TASK_FINISHED'],
      ['other', 'TASK_RUNNING'],
    ]);
  });

  it('waits, in order, while the agent has no room', async () => {
    const executor = await subscribe();
    let refusals = 2;
    agent.answer = ({ call }, response) => {
      if (call.type !== 'UPDATE' || refusals === 0) return undefined;
      refusals--;
      response.writeHead(503).end('Too many updates wait');
      return true;
    };
    for (const id of ['a', 'b', 'c']) executor.update({ task_id: { value: id }, state: 'TASK_RUNNING' });
    for (const waitMs of [1_000, 2_000]) {
      await until(() => time.pendingMs.includes(waitMs), 'the wait');
      time.advance(waitMs);
    }
    await until(() => updates().length === 5, 'all updates');
    expect(updates().map(({ task_id: id }) => id.value)).toEqual(['a', 'a', 'a', 'b', 'c']);
    expect(executor.connected).toBe(true);
  });

  it('makes it subscribe again when the call breaks off', async () => {
    const executor = await subscribe({}, { MESOS_CHECKPOINT: '1' });
    let broken = false;
    agent.answer = ({ call, connection }) => {
      if (call.type !== 'UPDATE' || broken) return undefined;
      broken = true;
      connection.destroy();
      return true;
    };
    executor.update({ task_id: { value: 't' }, state: 'TASK_RUNNING' });
    await until(() => !executor.connected, 'the end of the stream');
    await until(() => time.pendingMs.length > 0, 'the wait');
    time.advance(2_100);
    await until(() => agent.streams.length === 2, 'a second subscription');
    expect(agent.calls('SUBSCRIBE').at(-1)!.subscribe!.unacknowledged_updates).toHaveLength(1);
  });
});

describe('the end of an executor', () => {
  it('comes on SHUTDOWN once its last updates are acknowledged', async () => {
    const executor = await subscribe({
      shutdown: () => void executor.update({ task_id: { value: 't' }, state: 'TASK_KILLED' }),
    });
    agent.send({ type: 'SHUTDOWN' });
    await until(() => updates().length === 1, 'the last update');
    expect(executor.connected).toBe(true);
    agent.send({ type: 'ACKNOWLEDGED', acknowledged: { task_id: { value: 't' }, uuid: updates()[0]!.uuid! } });
    expect(await executor.ended).toMatchObject({ reason: 'shutdown' });
    time.advance(60_000);
    expect(forced).toBe(0);
  });

  it('is forced after the grace period when the handler does not return', async () => {
    const executor = await subscribe({ shutdown: () => new Promise<void>(() => {}) });
    agent.send({ type: 'SHUTDOWN' });
    await until(() => time.pendingMs.includes(5_000), 'the grace period');
    time.advance(4_999);
    expect(forced).toBe(0);
    time.advance(1);
    expect(forced).toBe(1);
    expect(executor.connected).toBe(true);
  });

  it('comes with the agent, when the framework does not checkpoint', async () => {
    let told = 0;
    const executor = await subscribe({ shutdown: () => void told++ });
    agent.drop();
    expect(await executor.ended).toMatchObject({ reason: 'agent-lost' });
    expect(told).toBe(1);
  });

  it('comes when a checkpointing executor has waited for the recovery timeout', async () => {
    const executor = await subscribe({}, { MESOS_CHECKPOINT: '1', MESOS_RECOVERY_TIMEOUT: '10secs' });
    const origin = agent.origin;
    await agent.close();
    await until(() => !executor.connected, 'the loss');
    let ended = false;
    void executor.ended.then(() => {
      ended = true;
    });
    await until(() => {
      if (!ended && time.pendingMs.length > 0) time.advance(1_100);
      return ended;
    }, `the executor to give up on ${origin}`);
    expect(await executor.ended).toMatchObject({ reason: 'agent-lost' });
  });

  it('does not come while the agent has started only so far that it knows no path', async () => {
    agent.answer = (_received, response) => {
      agent.answer = () => undefined;
      response.writeHead(404).end('404 Not Found.');
      return true;
    };
    const made = ExecutorClient.fromEnvironment({
      env: environment({
        MESOS_CHECKPOINT: '1',
        MESOS_RECOVERY_TIMEOUT: '15mins',
        MESOS_SUBSCRIPTION_BACKOFF_MAX: '2secs',
      }),
      clock: time,
      timers: time,
      random: evenRandom(),
    });
    if (!made.ok) throw new Error(made.error);
    made.value.start({});
    await until(() => time.pendingMs.length > 0, 'a second attempt to be due');
    time.advance(2_000);
    await until(() => agent.streams.length === 1, 'the second attempt');
    made.value.close();
  });

  it('comes when the agent does not know it', async () => {
    agent.answer = (_received, response) => {
      response.writeHead(400).end('Framework cannot be found');
      return true;
    };
    const made = ExecutorClient.fromEnvironment({
      env: environment(),
      clock: time,
      timers: time,
      random: evenRandom(),
    });
    if (!made.ok) throw new Error(made.error);
    expect(await made.value.start({}).ended).toMatchObject({
      reason: 'refused',
      message: expect.stringContaining('Framework cannot be found'),
    });
  });
});
