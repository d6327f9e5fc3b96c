/** What became of operations: acknowledged, and asked about after a reconnection. */
import { type OperationStatus, SchedulerCall, SchedulerEvent } from '@mesolite/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  executor,
  launchTasks,
  reserve,
  reserved,
  resources,
  SchedulerClient,
  type SchedulerHandlers,
  type SchedulerOptions,
  task,
  unreserve,
} from '../src/index.ts';
import { evenRandom, ManualTime, ScriptedServer, until } from './scripted-server.ts';

const UUID = Uint8Array.from({ length: 16 }, (_, i) => i);
const OFFER = { id: { value: 'O' }, framework_id: { value: 'F' }, agent_id: { value: 'A' }, hostname: 'h' };
const CPUS = reserved(resources({ cpus: 1 }), { role: 'dev', principal: 'p' });

let master: ScriptedServer<SchedulerCall, SchedulerEvent>;
let time: ManualTime;
let scheduler: SchedulerClient;

beforeEach(async () => {
  time = new ManualTime();
  master = await new ScriptedServer(SchedulerCall, SchedulerEvent).listen();
});

afterEach(async () => {
  await scheduler.close();
  await master.close();
});

async function subscribe(handlers: SchedulerHandlers = {}, options: Partial<SchedulerOptions> = {}): Promise<void> {
  scheduler = new SchedulerClient({
    master: master.origin,
    framework: { user: 'u', name: 'f' },
    clock: time,
    timers: time,
    random: evenRandom(),
    ...options,
  }).start(handlers);
  await stream(1);
}

async function stream(number: number): Promise<void> {
  await until(() => master.streams.length === number, 'a stream');
  master.send({ type: 'SUBSCRIBED', subscribed: { framework_id: { value: 'F' }, heartbeat_interval_seconds: 15 } });
  await until(() => scheduler.connected, 'SUBSCRIBED');
}

async function reconnect(): Promise<void> {
  master.streams[0]!.end();
  await until(() => !scheduler.connected, 'the end of the stream');
  await until(() => time.pendingMs.includes(50), 'the wait');
  time.advance(50);
  await stream(2);
}

function tell(id: string, state: OperationStatus['state'], more: Partial<OperationStatus> = {}): void {
  const status: OperationStatus = {
    operation_id: { value: id },
    state,
    agent_id: { value: 'A' },
    uuid: { value: UUID },
    ...more,
  };
  master.send({ type: 'UPDATE_OPERATION_STATUS', update_operation_status: { status } });
}

const acknowledged = () =>
  master.calls('ACKNOWLEDGE_OPERATION_STATUS').map((call) => call.acknowledge_operation_status?.operation_id.value);
const asked = () =>
  master
    .calls('RECONCILE_OPERATIONS')
    .map((call) =>
      (call.reconcile_operations?.operations ?? []).map((one) => [one.operation_id.value, one.agent_id?.value]),
    );

describe('the outcome of an operation', () => {
  it('is acknowledged when the handler returns, or its promise', async () => {
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await subscribe({ updateOperationStatus: ({ operation_id: id }) => (id?.value === 'slow' ? held : undefined) });
    tell('slow', 'OPERATION_FINISHED');
    tell('quick', 'OPERATION_FINISHED');
    await until(() => acknowledged().length === 1, 'an acknowledgement');
    expect(master.calls('ACKNOWLEDGE_OPERATION_STATUS')[0]).toMatchObject({
      acknowledge_operation_status: {
        operation_id: { value: 'quick' },
        agent_id: { value: 'A' },
        uuid: Buffer.from(UUID),
      },
    });
    release();
    await until(() => acknowledged().length === 2, 'the other');
  });

  it('is not acknowledged when the handler fails, or without uuid', async () => {
    const seen: (string | undefined)[] = [];
    await subscribe({
      updateOperationStatus({ operation_id: id }) {
        seen.push(id?.value);
        if (id?.value === 'bad') throw new Error('handler');
        return id?.value === 'worse' ? Promise.reject(new Error('handler')) : undefined;
      },
    });
    tell('bad', 'OPERATION_FINISHED');
    tell('worse', 'OPERATION_FINISHED');
    tell('refused', 'OPERATION_ERROR', { uuid: undefined });
    tell('good', 'OPERATION_FINISHED');
    await until(() => acknowledged().length > 0, 'an acknowledgement');
    expect(seen).toEqual(['bad', 'worse', 'refused', 'good']);
    expect(acknowledged()).toEqual(['good']);
  });

  it('is acknowledged by the scheduler itself when it wants that', async () => {
    const seen: OperationStatus[] = [];
    await subscribe({ updateOperationStatus: (status) => void seen.push(status) }, { explicitAcknowledgements: true });
    tell('mine', 'OPERATION_FINISHED');
    await until(() => seen.length === 1, 'the status');
    expect(acknowledged()).toEqual([]);
    await scheduler.acknowledgeOperationStatus(seen[0]!);
    expect(acknowledged()).toEqual(['mine']);
  });
});

it('after a reconnection operations without an outcome are asked about until answered for, and once all', async () => {
  let beats = 0;
  await subscribe({ heartbeat: () => beats++ });
  await scheduler.accept([OFFER], [reserve(CPUS, { id: 'a' }), unreserve(CPUS, { id: 'b' }), unreserve(CPUS)]);
  await scheduler.accept(['P'], [reserve(CPUS, { id: 'c' }), reserve(CPUS, { id: 'done' })]);
  tell('done', 'OPERATION_FAILED');
  await until(() => acknowledged().length === 1, 'the status to be handled');
  expect(asked()).toEqual([]);

  await reconnect();
  await until(() => asked().length === 2, 'the questions');
  expect(asked()).toEqual([
    [
      ['a', 'A'],
      ['b', 'A'],
      ['c', undefined],
    ],
    [],
  ]);
  tell('a', 'OPERATION_PENDING', { uuid: undefined });
  tell('c', 'OPERATION_FINISHED');
  master.send({ type: 'HEARTBEAT' });
  await until(() => beats === 1, 'the answers and what came after them');
  time.advance(5_000);
  await until(() => asked().length === 3, 'the next round');
  expect(asked().at(-1)).toEqual([['b', 'A']]);
});

it('ACCEPT of whole offers fills in the agent of tasks and the framework of their executors', async () => {
  await subscribe();
  const own = executor({ id: 'e', command: 'x' });
  await scheduler.accept([OFFER], [reserve(CPUS), launchTasks([task({ id: 't', executor: own, resources: CPUS })])]);
  expect(master.calls('ACCEPT')[0]?.accept).toMatchObject({
    offer_ids: [{ value: 'O' }],
    operations: [
      { type: 'RESERVE' },
      { launch: { task_infos: [{ agent_id: { value: 'A' }, executor: { framework_id: { value: 'F' } } }] } },
    ],
  });
});
