/** Recorded traffic of the original: we write the same bytes, and take theirs. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CapturedMessage, capturesDirectory, readFlows } from '../../../conformance/captured-traffic.mjs';
import { parsePid } from '../src/index.ts';
import { encodeAll, encodeHead } from '../src/message-encoding.ts';
import { RawClient, startNode } from './loopback.ts';
import { RecordingProcess } from './recording-process.ts';

const directory = capturesDirectory();
if (directory === undefined) console.log('skipped: no captures here (set MESOLITE_CAPTURES)');

function isMessage({ start, headers, complete }: CapturedMessage): boolean {
  return complete && start.startsWith('POST ') && headers['libprocess-from'] !== undefined;
}

/** `/receiver/name` of the first line. */
function targetOf(message: CapturedMessage): { to: string; name: string } {
  const [, to = '', name = ''] = /^POST \/([^/]+)\/(\S+) /.exec(message.start) ?? [];
  return { to, name };
}

const flows = (directory === undefined ? [] : readdirSync(directory)).flatMap((capture) => {
  const folder = join(directory ?? '', capture, 'flows');
  if (!existsSync(folder)) return [];
  return readFlows(folder)
    .filter((flow) => flow.requests.length > 0 && flow.requests.every(isMessage))
    .map((flow) => ({ ...flow, title: `${capture} ${flow.name}`, file: join(folder, `${flow.name}.c2s.bin`) }));
});

describe.skipIf(directory === undefined)('recorded messages', () => {
  it('are there', () => {
    expect(flows.length).toBeGreaterThan(10);
    expect(flows.flatMap((flow) => flow.requests).length).toBeGreaterThan(100);
  });

  it('are written by us with the same bytes', () => {
    for (const flow of flows) {
      const written = flow.requests.map((message) => {
        const { to, name } = targetOf(message);
        const receiver = parsePid(`${to}@${message.headers['host']}`);
        if (!receiver.ok) throw new Error(receiver.error);
        const head = encodeHead(message.headers['libprocess-from'] ?? '', receiver.value, name, message.body.length);
        return { head, body: message.body };
      });
      const bytes = encodeAll(written);
      expect(bytes.equals(readFileSync(flow.file).subarray(0, bytes.length)), flow.title).toBe(true);
    }
  });

  it('are delivered in their order, and answered as the original did', async () => {
    for (const flow of flows) {
      const node = await startNode();
      const expected = flow.requests.map((message) => ({
        ...targetOf(message),
        from: message.headers['libprocess-from'] ?? '',
        body: message.body,
      }));
      const receivers = new Map<string, RecordingProcess>();
      for (const { to } of expected) {
        if (receivers.has(to)) continue;
        receivers.set(to, new RecordingProcess());
        node.libprocess.spawn(to, receivers.get(to) ?? new RecordingProcess());
      }
      const client = new RawClient(node.port);
      client.socket.write(readFileSync(flow.file));
      const statuses = await client.answers(expected.length);
      expect(new Set(statuses), flow.title).toEqual(new Set(['202 Accepted']));
      for (const [to, process] of receivers) {
        const wanted = expected
          .filter((message) => message.to === to)
          .map(({ from, name, body }) => ({ from, name, body, connection: 1 }));
        expect(process.messages, flow.title).toEqual(wanted);
      }
      client.socket.destroy();
      await node.stop();
    }
  });
});
