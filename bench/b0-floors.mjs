/** B0: what this machine can do at best, measured before anything of ours, so that results can be read against it. */
import { spawn } from 'node:child_process';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SchedulerEvent } from '@mesolite/wire';
import { quantile } from './measure.mjs';

const SIZES = {
  smoke: { syncs: 20, roundTrips: 200, spawns: 10, requests: 500, codecMs: 100, wakeUps: 50, copies: 20 },
  reference: {
    syncs: 500,
    roundTrips: 20_000,
    spawns: 300,
    requests: 50_000,
    codecMs: 3_000,
    wakeUps: 2_000,
    copies: 400,
  },
};

/** Milliseconds that each of so many small appends to a file takes to be on the medium. */
export function syncTimes(count) {
  const directory = mkdtempSync(join(tmpdir(), 'mesolite-floor-'));
  const file = openSync(join(directory, 'file'), 'a');
  const block = Buffer.alloc(4096, 1);
  const times = [];
  for (let i = 0; i < count; i += 1) {
    writeSync(file, block);
    const from = performance.now();
    fdatasyncSync(file);
    times.push(performance.now() - from);
  }
  closeSync(file);
  rmSync(directory, { recursive: true });
  return times;
}

function syncs(figures, count) {
  const times = syncTimes(count);
  figures.add('fdatasync_4k_p50_ms', quantile(times, 0.5), 'ms');
  figures.add('fdatasync_4k_p99_ms', quantile(times, 0.99), 'ms');
}

function listening(server) {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
}

async function roundTrips(figures, count) {
  const server = createTcpServer({ noDelay: true }, (socket) => socket.pipe(socket));
  const socket = connect({ port: await listening(server), host: '127.0.0.1', noDelay: true });
  const message = Buffer.alloc(100, 1);
  const times = [];
  for (let i = 0; i < count; i += 1) {
    const from = performance.now();
    socket.write(message);
    await new Promise((resolve) => socket.once('data', resolve));
    times.push(performance.now() - from);
  }
  socket.destroy();
  server.close();
  figures.add('loopback_round_trip_p50_us', quantile(times, 0.5) * 1000, 'µs');
}

async function spawns(figures, count) {
  const times = [];
  for (let i = 0; i < count; i += 1) {
    const from = performance.now();
    await new Promise((resolve, reject) => {
      spawn('/bin/true', { stdio: 'ignore' }).on('exit', resolve).on('error', reject);
    });
    times.push(performance.now() - from);
  }
  figures.add('spawn_and_exit_p50_ms', quantile(times, 0.5), 'ms');
}

async function requests(figures, count) {
  const server = createServer((_request, response) => response.end());
  const port = await listening(server);
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const from = performance.now();
  const one = () =>
    new Promise((resolve, reject) => {
      request({ port, host: '127.0.0.1', agent }, (response) => response.resume().on('end', resolve))
        .on('error', reject)
        .end();
    });
  const lane = async (share) => {
    for (let i = 0; i < share; i += 1) await one();
  };
  await Promise.all(Array.from({ length: 50 }, () => lane(count / 50)));
  figures.add('empty_http_requests_per_s', count / ((performance.now() - from) / 1000), '1/s', {
    params: { connections: 50, note: 'client and server share one thread' },
  });
  agent.destroy();
  server.close();
}

function codec(figures, limitMs) {
  const offer = {
    id: { value: '5b1e6ebd-b78e-4802-9f6f-2ab58ba17b4b-O0' },
    framework_id: { value: '5b1e6ebd-b78e-4802-9f6f-2ab58ba17b4b-0000' },
    agent_id: { value: '5b1e6ebd-b78e-4802-9f6f-2ab58ba17b4b-S0' },
    hostname: '127.0.0.1',
    resources: ['cpus', 'mem', 'disk'].map((name) => ({ name, type: 'SCALAR', scalar: { value: 8192 } })),
  };
  const event = { type: 'OFFERS', offers: { offers: Array(20).fill(offer) } };
  const bytes = SchedulerEvent.encode(event);
  const text = SchedulerEvent.toJson(event);
  const rate = (size, run) => {
    const until = performance.now() + limitMs / 4;
    let count = 0;
    for (; performance.now() < until; count += 1) run();
    return (count * size) / (limitMs / 4 / 1000) / 1e6;
  };
  figures.add(
    'protobuf_decode_mb_per_s',
    rate(bytes.length, () => SchedulerEvent.decode(bytes)),
    'MB/s',
  );
  figures.add(
    'protobuf_encode_mb_per_s',
    rate(bytes.length, () => SchedulerEvent.encode(event)),
    'MB/s',
  );
  figures.add(
    'json_decode_mb_per_s',
    rate(text.length, () => SchedulerEvent.fromJson(text)),
    'MB/s',
  );
  figures.add(
    'json_encode_mb_per_s',
    rate(text.length, () => SchedulerEvent.toJson(event)),
    'MB/s',
  );
}

async function wakeUps(figures, count) {
  const late = [];
  for (let i = 0; i < count; i += 1) {
    const from = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 1));
    late.push(performance.now() - from - 1);
  }
  figures.add('timer_lateness_p99_ms', quantile(late, 0.99), 'ms');
}

function copies(figures, count) {
  const from = Buffer.alloc(16 << 20, 1);
  const to = Buffer.alloc(16 << 20);
  const startedAt = performance.now();
  for (let i = 0; i < count; i += 1) from.copy(to);
  figures.add('memcpy_gb_per_s', (count * from.length) / ((performance.now() - startedAt) / 1000) / 1e9, 'GB/s');
}

/** @param {import('./measure.mjs').Figures} figures @param {{ size: string }} options */
export async function runFloors(figures, { size }) {
  const counts = SIZES[size] ?? SIZES.reference;
  syncs(figures, counts.syncs);
  await roundTrips(figures, counts.roundTrips);
  await spawns(figures, counts.spawns);
  await requests(figures, counts.requests);
  codec(figures, counts.codecMs);
  await wakeUps(figures, counts.wakeUps);
  copies(figures, counts.copies);
}
