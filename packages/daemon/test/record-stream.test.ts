/** Event streams over real sockets: one record a chunk, order, the end, and readers that do not read. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { RecordParser } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { RecordStream, type RecordStreamOptions } from '../src/index.ts';
import { connected, eventually, serve } from './sockets.ts';

const JSON_STREAM = { contentType: 'application/json' } as const;

/** A client that has subscribed, and the server's end of its stream. */
async function subscribe(options: RecordStreamOptions): Promise<{
  socket: Awaited<ReturnType<typeof connected>>;
  stream: RecordStream;
}> {
  let opened: ((response: ServerResponse) => void) | undefined;
  const response = new Promise<ServerResponse>((resolve) => {
    opened = resolve;
  });
  const port = await serve((server) =>
    server.route('/events', (_request, taken) => {
      opened?.(taken);
      return undefined;
    }),
  );
  const socket = await connected(port);
  socket.write('POST /events HTTP/1.1\r\nContent-Length: 0\r\n\r\n');
  return { socket, stream: new RecordStream(await response, options) };
}

describe('RecordStream', () => {
  it('sends its header at once, and each record as one chunk of its own', async () => {
    const { socket, stream } = await subscribe({ ...JSON_STREAM, headers: { 'Mesos-Stream-Id': 'id' } });
    const [head] = (await once(socket, 'data')) as [Buffer];
    expect(head.toString()).toMatch(
      /^HTTP\/1\.1 200 OK\r\nMesos-Stream-Id: id\r\nContent-Type: application\/json\r\n[\s\S]*Transfer-Encoding: chunked\r\n\r\n$/,
    );
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString();
    });
    stream.write(Buffer.from('{"type":"SUBSCRIBED"}'));
    stream.write(Buffer.from('{"type":"HEARTBEAT"}'));
    stream.close();
    expect(stream.write(Buffer.from('late'))).toBe(false);
    await eventually(() => received.endsWith('0\r\n\r\n'), 'the end of the stream');
    expect(received).toBe('18\r\n21\n{"type":"SUBSCRIBED"}\r\n17\r\n20\n{"type":"HEARTBEAT"}\r\n0\r\n\r\n');
  });

  it('brings records of every size to their reader', async () => {
    const { socket, stream } = await subscribe({ contentType: 'application/x-protobuf' });
    const sizes = [0, 1, 127, 70_000, 3, 1_000_000];
    const parser = new RecordParser(2_000_000);
    const seen: number[] = [];
    let bytes = Buffer.alloc(0);
    let inBody = false;
    const feed = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk]);
      if (!inBody) {
        const end = bytes.indexOf('\r\n\r\n');
        if (end < 0) return;
        bytes = bytes.subarray(end + 4);
        inBody = true;
      }
      for (;;) {
        const line = bytes.indexOf('\r\n');
        if (line < 0) return;
        const length = Number.parseInt(bytes.toString('latin1', 0, line), 16);
        if (length === 0 || bytes.length < line + 2 + length + 2) return;
        const records = parser.push(bytes.subarray(line + 2, line + 2 + length));
        expect(records.length).toBe(1);
        for (const record of records) seen.push(record.length);
        bytes = bytes.subarray(line + 2 + length + 2);
      }
    };
    socket.on('data', feed);
    for (const size of sizes) stream.write(Buffer.alloc(size, 'x'));
    await eventually(() => seen.length === sizes.length, 'all records arrive');
    expect(seen).toEqual(sizes);
  });

  it('drops a reader that does not read, at the stated limit, whatever the first record was', async () => {
    const reasons: string[] = [];
    const { socket, stream } = await subscribe({
      ...JSON_STREAM,
      maxBufferedBytes: 1_000_000,
      dropped: (why) => reasons.push(why),
    });
    socket.pause();
    let closed = 0;
    stream.onClose(() => closed++);
    stream.write(Buffer.alloc(5_000_000, 's'));
    expect(stream.open).toBe(true);
    const record = Buffer.alloc(100_000, 'x');
    let sent = 0;
    while (stream.write(record)) {
      sent++;
      expect(stream.bufferedBytes).toBeLessThan(6_100_000);
      await new Promise((resolve) => setImmediate(resolve));
      if (sent > 1000) break;
    }
    expect(sent).toBeLessThan(1000);
    expect(stream.open).toBe(false);
    expect(reasons).toEqual([expect.stringMatching(/^\d+ bytes wait to be read$/)]);
    await eventually(() => closed === 1, 'the listener hears of it');
    stream.onClose(() => closed++);
    expect(closed).toBe(2);
  });

  it('drops a reader that takes nothing for the stated time', async () => {
    const reasons: string[] = [];
    const { socket, stream } = await subscribe({ ...JSON_STREAM, stalledMs: 50, dropped: (why) => reasons.push(why) });
    socket.pause();
    stream.write(Buffer.alloc(14_000_000, 'x'));
    await eventually(() => !stream.open, 'the stalled reader is dropped');
    expect(reasons).toEqual(['nothing was read for 0.05 s']);
  });

  it('tells its owner when the client leaves', async () => {
    const { socket, stream } = await subscribe(JSON_STREAM);
    let closed = false;
    stream.onClose(() => {
      closed = true;
    });
    socket.destroy();
    await eventually(() => closed, 'the owner hears of it');
    expect(stream.open).toBe(false);
    expect(stream.write(Buffer.from('x'))).toBe(false);
  });

  it('starts closed for a client that is gone already', async () => {
    let gone: ServerResponse | undefined;
    const port = await serve((server) =>
      server.route('/events', (_request, response) => {
        gone = response;
        return undefined;
      }),
    );
    const socket = await connected(port);
    socket.write('GET /events HTTP/1.1\r\n\r\n');
    await eventually(() => gone !== undefined, 'the request arrives');
    socket.destroy();
    await eventually(() => gone!.closed, 'the server notices');
    const stream = new RecordStream(gone!, JSON_STREAM);
    let closed = false;
    stream.onClose(() => {
      closed = true;
    });
    expect(closed).toBe(true);
    expect(stream.write(Buffer.from('x'))).toBe(false);
  });
});
