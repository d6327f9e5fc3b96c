/** A task that is not heard of after Ctrl-C: a master that takes KILL and says nothing, and time as the test has it. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { frameRecord, SchedulerCall, SchedulerEvent } from '@mesolite/wire';
import { expect, it } from 'vitest';
import type { ExecuteOptions } from '../src/commands/execute.ts';
import { executeTask } from '../src/execute/execute-task.ts';
import { recordedTerminal } from './recorded-terminal.ts';

const FRAMEWORK = { value: 'F' };
const OFFER = {
  id: { value: 'O' },
  framework_id: FRAMEWORK,
  agent_id: { value: 'S' },
  hostname: 'gone',
  resources: [
    { name: 'cpus', type: 'SCALAR', scalar: { value: 1 }, allocation_info: { role: '*' } },
    { name: 'mem', type: 'SCALAR', scalar: { value: 128 }, allocation_info: { role: '*' } },
  ],
} as const;

async function silentMaster() {
  const calls: (string | undefined)[] = [];
  let stream: ServerResponse | undefined;
  const send = (event: SchedulerEvent): unknown => stream?.write(frameRecord(SchedulerEvent.encode(event)));
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const call = SchedulerCall.decode(Buffer.concat(chunks));
    calls.push(call.type);
    if (call.type !== 'SUBSCRIBE') {
      response.writeHead(202).end();
      return;
    }
    stream = response.writeHead(200, { 'content-type': 'application/x-protobuf', 'mesos-stream-id': 'one' });
    send({ type: 'SUBSCRIBED', subscribed: { framework_id: FRAMEWORK, heartbeat_interval_seconds: 15 } });
    send({ type: 'OFFERS', offers: { offers: [{ ...OFFER, resources: [...OFFER.resources] }] } });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    calls,
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await new Promise((wake) => setImmediate(wake));
  }
}

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('is given up 30 seconds after %s, its framework removed, and answers %d', async (signal, exitCode) => {
  const master = await silentMaster();
  const timers: { ms: number; fire: () => void }[] = [];
  const terminal = recordedTerminal();
  const options: ExecuteOptions = {
    master: master.address,
    command: 'sleep 1000',
    shell: true,
    role: '*',
    checkpoint: false,
    partition_aware: true,
    content_type: 'protobuf',
  };
  try {
    const running = executeTask(options, terminal, (ms, fire) => {
      timers.push({ ms, fire });
      return () => {};
    });
    await until(() => master.calls.includes('ACCEPT'));
    expect(timers.map(({ ms }) => ms)).not.toContain(30_000);
    terminal.press(signal);
    await until(() => master.calls.includes('KILL'));
    timers.find(({ ms }) => ms === 30_000)?.fire();
    expect(await running).toBe(exitCode);
    expect(terminal.err()).toContain('the task was not heard to end within 30 s');
    expect(master.calls.at(-1)).toBe('TEARDOWN');
  } finally {
    master.close();
  }
});
