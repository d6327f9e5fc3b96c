/**
 * The clients against streams that Apache Mesos once sent, byte for byte: its own chunking, headers and field order.
 * Calls are answered as it did.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { ExecutorCall, SchedulerCall, type TaskStatus } from '@mesolite/wire';
import { afterEach, describe, expect, it } from 'vitest';
import { capturesDirectory } from '../../../conformance/captured-traffic.mjs';
import { type Codec, ExecutorClient, SchedulerClient } from '../src/index.ts';
import { ManualTime, until } from './scripted-server.ts';

const directory = capturesDirectory();
if (directory === undefined) console.log('skipped: no captures here (set MESOLITE_CAPTURES)');

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** The end of a chunked body. A replay leaves it out, so that the stream stays open until the client is done. */
const LAST_CHUNK = '0\r\n\r\n';

/** What the daemon sent on one recorded connection, from the head of its answer on. */
function recorded(capture: string, flow: string): Buffer {
  const flows = join(directory ?? '', capture, 'flows');
  const name = readdirSync(flows).find((file) => file.startsWith(flow) && file.endsWith('.s2c.bin'));
  const bytes = readFileSync(join(flows, name ?? flow));
  return bytes.toString('latin1').endsWith(`\r\n${LAST_CHUNK}`) ? bytes.subarray(0, -LAST_CHUNK.length) : bytes;
}

/** Answers the first request with `stream`, cut into pieces of odd sizes, and all others with 202. */
async function replay(stream: Buffer, calls: { path: string; body: Buffer; streamId: unknown }[]): Promise<string> {
  let first = true;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      calls.push({
        path: request.url ?? '',
        body: Buffer.concat(chunks),
        streamId: request.headers['mesos-stream-id'],
      });
      if (!first) {
        response.writeHead(202).end();
        return;
      }
      first = false;
      for (let at = 0, size = 1; at < stream.length; at += size, size = (size * 7) % 101 || 1)
        request.socket.write(stream.subarray(at, at + size));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

describe.skipIf(directory === undefined)('a recorded master', () => {
  it.each<[capture: string, codec: Codec, states: string[]]>([
    ['mesos-execute-command', 'protobuf', ['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']],
    ['v1-json-scheduler', 'json', ['TASK_STARTING', 'TASK_RUNNING', 'TASK_RUNNING', 'TASK_FINISHED']],
  ])('of %s is understood, and its updates are acknowledged', async (capture, codec, states) => {
    const calls: { path: string; body: Buffer; streamId: unknown }[] = [];
    const updates: TaskStatus[] = [];
    let offered = 0;
    let frameworkId = '';
    const time = new ManualTime();
    const scheduler = new SchedulerClient({
      master: await replay(recorded(capture, '002_'), calls),
      framework: { user: 'root', name: 'replayed' },
      codec,
      clock: time,
      timers: time,
    }).start({
      subscribed: (event) => {
        frameworkId = event.frameworkId;
      },
      offers: (offers) => {
        offered += offers.length;
      },
      update: (status) => void updates.push(status),
    });
    const decode = (body: Buffer) =>
      codec === 'json' ? SchedulerCall.fromJson(body.toString()) : SchedulerCall.decode(body);
    const withUuid = () => updates.filter(({ uuid }) => uuid !== undefined);
    await until(() => updates.length >= states.length && calls.length > withUuid().length, 'acknowledgements');
    expect(frameworkId).toMatch(/^[0-9a-f-]{36}-0000$/);
    expect(offered).toBeGreaterThan(0);
    expect(updates.map(({ state }) => state)).toEqual(states);
    const acknowledged = calls.slice(1).map(({ body }) => decode(body).acknowledge?.uuid);
    expect(acknowledged.map(hex)).toEqual(withUuid().map(({ uuid }) => hex(uuid)));
    expect(calls[1]?.streamId).toMatch(/^[0-9a-f-]{36}$/);
    await scheduler.close();
  });
});

describe.skipIf(directory === undefined)('a recorded agent', () => {
  it.each<[capture: string, codec: Codec]>([
    ['v1-test-http-framework', 'protobuf'],
    ['v1-json-executor', 'json'],
  ])('of %s is understood', async (capture, codec) => {
    const calls: { path: string; body: Buffer; streamId: unknown }[] = [];
    const endpoint = await replay(recorded(capture, '004_'), calls);
    const made = ExecutorClient.fromEnvironment({
      codec,
      env: {
        MESOS_FRAMEWORK_ID: 'F',
        MESOS_EXECUTOR_ID: 'E',
        MESOS_AGENT_ENDPOINT: endpoint,
        MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: '5secs',
      },
      forceExit: () => {},
    });
    if (!made.ok) throw new Error(made.error);
    const seen: string[] = [];
    const executor = made.value.start({
      subscribed: () => seen.push('subscribed'),
      launch: ({ task_id }) => {
        seen.push('launch');
        executor.update({ task_id, state: 'TASK_RUNNING' });
      },
      acknowledged: () => seen.push('acknowledged'),
    });
    await until(() => seen.includes('acknowledged') && calls.length > 1, 'the events');
    expect(seen.slice(0, 2)).toEqual(['subscribed', 'launch']);
    const call =
      codec === 'json' ? ExecutorCall.fromJson(calls[1]!.body.toString()) : ExecutorCall.decode(calls[1]!.body);
    expect(call).toMatchObject({ type: 'UPDATE', update: { status: { state: 'TASK_RUNNING' } } });
    await executor.close(0);
  });
});
