/** Ten thousand broken requests: whatever comes, the process lives, other connections go on, nothing piles up. */
import { seededRandom } from '@mesolite/base';
import { expect, it } from 'vitest';
import { RawClient, startNode } from './loopback.ts';
import { RecordingProcess } from './recording-process.ts';

const SEED = 20_260;
const CONNECTIONS = 400;
const REQUESTS_EACH = 25;

const GOOD = [
  'POST /master/mesos.internal.PongSlaveMessage HTTP/1.1\r\nUser-Agent: libprocess/slave(1)@127.0.0.1:5051\r\nLibprocess-From: slave(1)@127.0.0.1:5051\r\nConnection: Keep-Alive\r\nHost: 127.0.0.1:5050\r\n\r\n',
  'POST /master/mesos.scheduler.Call HTTP/1.1\r\nLibprocess-From: s@127.0.0.1:1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
  'POST /master/x HTTP/1.1\r\nUser-Agent: libprocess/s@127.0.0.1:1\r\nContent-Length: 5\r\n\r\nhello',
];

/** Pieces that mean something somewhere in a request. */
const PIECES = [
  '\r\n',
  '\r\n\r\n',
  ' ',
  '/',
  '%',
  '%00',
  '..',
  '@',
  ':',
  '\0',
  '\xff',
  '0',
  'ffffffffffffffff',
  '-1',
  'chunked',
  'x'.repeat(5_000),
];

type Random = ReturnType<typeof seededRandom>;

function below(random: Random, bound: number): number {
  return Math.floor(random.next() * bound);
}

function mutate(random: Random, text: string): string {
  let mutated = text;
  for (let changes = 1 + below(random, 4); changes > 0; changes -= 1) {
    const at = below(random, mutated.length + 1);
    const length = below(random, 8);
    const piece = PIECES[below(random, PIECES.length)] ?? '';
    const kind = below(random, 4);
    if (kind === 0) mutated = mutated.slice(0, at) + piece + mutated.slice(at);
    else if (kind === 1) mutated = mutated.slice(0, at) + mutated.slice(at + length);
    else if (kind === 2) mutated = mutated.slice(0, at) + piece + mutated.slice(at + length);
    else mutated = mutated.slice(0, at) + mutated.slice(Math.max(0, at - length)) + mutated.slice(at);
  }
  return mutated;
}

it('lives through mutated requests', async () => {
  const random = seededRandom(SEED);
  const node = await startNode({ bodyLimitBytes: 10_000 });
  const master = new RecordingProcess();
  node.libprocess.spawn('master', master);
  const witness = new RawClient(node.port);
  for (let connection = 1; connection <= CONNECTIONS; connection += 1) {
    const client = new RawClient(node.port);
    let bytes = '';
    for (let i = 0; i < REQUESTS_EACH; i += 1) {
      const good = GOOD[below(random, GOOD.length)] ?? '';
      bytes += random.next() < 0.5 ? good : mutate(random, good);
    }
    // Half of them hang up in the middle of something.
    if (random.next() < 0.5) client.socket.end(bytes, 'latin1');
    else await new Promise<void>((resolve) => client.socket.write(bytes, 'latin1', () => resolve()));
    witness.socket.write(GOOD[0] ?? '');
    const statuses = await witness.answers(connection);
    expect(statuses.at(-1), `after connection ${connection} of seed ${SEED}`).toBe('202 Accepted');
    client.socket.destroy();
  }
  const fromWitness = master.messages.filter(({ name }) => name === 'mesos.internal.PongSlaveMessage');
  expect(fromWitness.length).toBeGreaterThanOrEqual(CONNECTIONS);
  for (const { name } of master.messages) expect(name).not.toMatch(/[\r\n ]/);
});
