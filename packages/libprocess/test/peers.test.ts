/** What goes out, byte by byte, and peers that behave badly. */
import { expect, it } from 'vitest';
import { RawPeer, startNode } from './loopback.ts';
import { eventually, RecordingProcess } from './recording-process.ts';

it('writes what the original writes', async () => {
  const peer = await RawPeer.recording();
  const node = await startNode({ advertise: { ip: '10.0.0.1', port: 5050 } });
  node.libprocess.spawn('master', new RecordingProcess());
  const to = `slave(1)@127.0.0.1:${peer.port}`;
  node.libprocess.link('master', to);
  node.libprocess.send('master', to, 'mesos.internal.PingSlaveMessage', Buffer.from('\x08\x01'));
  node.libprocess.send('observer(1)@10.0.0.1:5050', to, 'mesos.internal.ShutdownMessage', Buffer.alloc(0));
  node.libprocess.send('master', `@127.0.0.1:${peer.port}`, 'x', Buffer.alloc(17));
  const head = (from: string) =>
    `User-Agent: libprocess/${from}\r\nLibprocess-From: ${from}\r\nConnection: Keep-Alive\r\nHost: 127.0.0.1:${peer.port}\r\n`;
  const expected =
    `POST /slave(1)/mesos.internal.PingSlaveMessage HTTP/1.1\r\n${head('master@10.0.0.1:5050')}` +
    'Transfer-Encoding: chunked\r\n\r\n2\r\n\x08\x01\r\n0\r\n\r\n' +
    `POST /slave(1)/mesos.internal.ShutdownMessage HTTP/1.1\r\n${head('observer(1)@10.0.0.1:5050')}\r\n` +
    `POST /x HTTP/1.1\r\n${head('master@10.0.0.1:5050')}` +
    `Transfer-Encoding: chunked\r\n\r\n11\r\n${'\0'.repeat(17)}\r\n0\r\n\r\n`;
  await eventually('all bytes', () => peer.text.length >= expected.length);
  expect(peer.text).toBe(expected);
});

it('reads answers and cares for none of them', async () => {
  const answers = [
    'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 500 Internal Server Error\r\nConnection: close\r\n\r\n',
    '\0\xff not HTTP at all\r\n\r\n',
    'x'.repeat(1 << 20),
  ];
  const peer = await RawPeer.listen((socket, self) => {
    socket.on('data', (chunk) => {
      self.received.push(chunk);
      for (const answer of answers) socket.write(answer, 'latin1');
    });
  });
  const node = await startNode();
  const process = new RecordingProcess();
  node.libprocess.spawn('master', process);
  const to = `x@127.0.0.1:${peer.port}`;
  node.libprocess.link('master', to);
  for (let i = 0; i < 20; i += 1) {
    node.libprocess.send('master', to, `n${i}.`, Buffer.alloc(10));
    await eventually(`message ${i}`, () => peer.text.includes(`/x/n${i}.`));
  }
  expect(peer.sockets.length).toBe(1);
  expect(process.exits).toEqual([]);
});

it('treats a peer that stops reading as gone when the bound is reached, and serves the others', async () => {
  const slow = await RawPeer.listen((socket) => socket.pause());
  const quick = await RawPeer.recording();
  const limit = 8 << 20;
  const node = await startNode({ queueLimitBytes: limit });
  const process = new RecordingProcess();
  node.libprocess.spawn('master', process);
  const to = `slow@127.0.0.1:${slow.port}`;
  node.libprocess.link('master', to);
  await eventually('the connection', () => slow.sockets.length === 1);
  const body = Buffer.alloc(1 << 20);
  let sent = 0;
  // The operating system takes some megabytes before anything waits here.
  while (process.exits.length === 0 && sent < 100) {
    node.libprocess.send('master', to, 'm', body);
    sent += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await process.until('the end', () => process.exits.length === 1);
  expect(process.exits).toEqual([to]);
  expect(sent).toBeGreaterThan(8);
  node.libprocess.send('master', `x@127.0.0.1:${quick.port}`, 'still-here', Buffer.alloc(0));
  await eventually('a message to another peer', () => quick.text.includes('still-here'));
});

it('bounds what waits for its own processes, too', async () => {
  const node = await startNode({ queueLimitBytes: 10_000 });
  const process = new RecordingProcess();
  node.libprocess.spawn('master', process);
  for (let i = 0; i < 1_000; i += 1)
    node.libprocess.send('master', `master@${node.libprocess.address}`, 'm', Buffer.alloc(1_000));
  await process.until('the first', () => process.messages.length > 0);
  expect(process.messages.length).toBeLessThan(10);
  const before = process.messages.length;
  node.libprocess.send('master', `master@${node.libprocess.address}`, 'later', Buffer.alloc(1_000));
  await process.until('one more', () => process.messages.length === before + 1);
});

it('notices a peer that closes only its own side', async () => {
  const peer = await RawPeer.listen((socket) => socket.end());
  const node = await startNode();
  const process = new RecordingProcess();
  node.libprocess.spawn('master', process);
  node.libprocess.link('master', `x@127.0.0.1:${peer.port}`);
  await process.until('the end', () => process.exits.length === 1);
});
