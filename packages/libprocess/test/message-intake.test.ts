/** What arrives: bytes on a socket, against a real server. */
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { RawClient, startNode } from './loopback.ts';
import { RecordingProcess } from './recording-process.ts';

const SENDER = 'slave(1)@127.0.0.1:5051';

async function startMaster(options = {}) {
  const node = await startNode(options);
  const master = new RecordingProcess();
  node.libprocess.spawn('master', master);
  return { node, master, client: new RawClient(node.port) };
}

function post(path: string, headers: string, body = ''): string {
  const tail =
    body === '' ? '\r\n' : `Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  return `POST ${path} HTTP/1.1\r\n${headers}${tail}`;
}

const FROM = `Libprocess-From: ${SENDER}\r\n`;

describe('who sends', () => {
  it('is told by either header, and Libprocess-From wins', async () => {
    const { master, client } = await startMaster();
    client.socket.write(post('/master/a', FROM));
    client.socket.write(post('/master/b', `User-Agent: libprocess/${SENDER}\r\n`));
    client.socket.write(post('/master/c', `User-Agent: libprocess/x@10.0.0.9:1\r\n${FROM}`));
    client.socket.write(post('/master/d', `User-Agent: curl/8\r\nLibprocess-From:   ${SENDER}  \r\n`));
    expect(await client.answers(4)).toEqual(Array(4).fill('202 Accepted'));
    expect(master.messages.map(({ from, name }) => `${name} ${from}`)).toEqual(
      ['a', 'b', 'c', 'd'].map((name) => `${name} ${SENDER}`),
    );
  });

  it('must be a PID: otherwise 500, and the connection goes on', async () => {
    const { master, client } = await startMaster();
    client.socket.write(post('/master/a', 'Libprocess-From: nobody\r\n', 'xyz'));
    client.socket.write(post('/master/b', 'User-Agent: libprocess/\r\n'));
    client.socket.write(post('/master/c', FROM));
    expect(await client.answers(3)).toEqual(['500 Internal Server Error', '500 Internal Server Error', '202 Accepted']);
    expect(master.messages.map(({ name }) => name)).toEqual(['c']);
  });

  it('may be held to the address it sends from', async () => {
    const { master, client } = await startMaster({ requirePeerAddressIpMatch: true });
    client.socket.write(post('/master/a', 'Libprocess-From: x@10.1.2.3:4\r\n'));
    client.socket.write(post('/master/b', FROM));
    expect(await client.answers(2)).toEqual(['400 Bad Request', '202 Accepted']);
    expect(client.received).toContain(
      'UPID IP address validation failed: Message from x@10.1.2.3:4 was sent from IP 127.0.0.1',
    );
    expect(master.messages.map(({ name }) => name)).toEqual(['b']);
  });
});

describe('what it came over', () => {
  it('is numbered as connections were made, whichever speaks first', async () => {
    const { node, master, client } = await startMaster();
    await once(client.socket, 'connect');
    const second = new RawClient(node.port);
    second.socket.write(post('/master/b', FROM));
    await second.answers(1);
    client.socket.write(post('/master/a', FROM));
    await client.answers(1);
    second.socket.write(post('/master/c', FROM));
    await second.answers(2);
    const [b, a, c] = master.messages.map(({ connection }) => connection ?? 0);
    expect(a).toBeLessThan(b ?? 0);
    expect(c).toBe(b);
    node.libprocess.send('master', `master@${node.libprocess.address}`, 'd', Buffer.alloc(0));
    await master.until('its own message', () => master.messages.length === 4);
    expect(master.messages[3]?.connection).toBeUndefined();
  });
});

describe('who receives', () => {
  it('is the first component of the path, decoded; nobody there is 404', async () => {
    const { node, master, client } = await startMaster();
    const agent = new RecordingProcess();
    node.libprocess.spawn('slave(1)', agent);
    client.socket.write(post('/slave(1)/a', FROM));
    client.socket.write(post('/slave%281%29/b', FROM));
    client.socket.write(post('/slave(2)/c', FROM));
    client.socket.write(post('/master/a/b/c?x=1', FROM));
    client.socket.write(post('/%zz/d', FROM));
    expect(await client.answers(5)).toEqual([
      '202 Accepted',
      '202 Accepted',
      '404 Not Found',
      '202 Accepted',
      '500 Internal Server Error',
    ]);
    expect(agent.messages.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(master.messages.map(({ name }) => name)).toEqual(['a/b/c']);
  });

  it('is gone after it terminated', async () => {
    const { node, client } = await startMaster();
    node.libprocess.terminate('master');
    client.socket.write(post('/master/a', FROM));
    expect(await client.answers(1)).toEqual(['404 Not Found']);
  });
});

describe('beside ordinary requests on one port', () => {
  it('leaves alone what is no message, with or without the process in front of the path', async () => {
    const { node, master, client } = await startMaster();
    node.server.route('/state', () => ({ status: 200, body: 'the state' }));
    client.socket.write('GET /state HTTP/1.1\r\n\r\n');
    client.socket.write(`GET /master/state HTTP/1.1\r\n${FROM}\r\n`);
    client.socket.write(post('/master/state', 'User-Agent: curl/8\r\n', 'form'));
    client.socket.write(post('/master/message', FROM));
    expect(await client.answers(4)).toEqual(['200 OK', '200 OK', '200 OK', '202 Accepted']);
    expect(master.messages.map(({ name }) => name)).toEqual(['message']);
  });

  it('answers pipelined requests in their order', async () => {
    const { node, client } = await startMaster();
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    node.server.route('/slow', async () => {
      await held;
      return { status: 200, body: 'slow' };
    });
    client.socket.write(`GET /slow HTTP/1.1\r\n\r\n${post('/master/a', FROM)}${post('/nobody/b', FROM)}`);
    setImmediate(release);
    expect(await client.answers(3)).toEqual(['200 OK', '202 Accepted', '404 Not Found']);
  });
});

describe('bodies', () => {
  it('arrive whole, however they are cut', async () => {
    const { master, client } = await startMaster();
    const bytes = post('/master/a', FROM, 'hello') + post('/master/b', FROM) + post('/master/c', FROM, 'world');
    client.socket.setNoDelay(true);
    for (const byte of bytes) await new Promise<void>((resolve) => client.socket.write(byte, () => resolve()));
    client.socket.write(`POST /master/d HTTP/1.1\r\n${FROM}Content-Length: 3\r\n\r\nabc`);
    client.socket.write(
      `POST /master/e HTTP/1.1\r\n${FROM}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n`,
    );
    await client.answers(5);
    expect(master.messages.map(({ name, body }) => `${name}=${body}`)).toEqual([
      'a=hello',
      'b=',
      'c=world',
      'd=abc',
      'e=abc',
    ]);
  });

  it('are lost with a connection that breaks inside them', async () => {
    const { node, master, client } = await startMaster();
    client.socket.write(`${post('/master/a', FROM)}POST /master/b HTTP/1.1\r\n${FROM}Content-Length: 9\r\n\r\nabc`);
    await client.answers(1);
    client.socket.destroy();
    const other = new RawClient(node.port);
    other.socket.write(post('/master/c', FROM));
    expect(await other.answers(1)).toEqual(['202 Accepted']);
    expect(master.messages.map(({ name }) => name)).toEqual(['a', 'c']);
  });

  it('have a limit: 413, and the connection ends', async () => {
    const { node, master, client } = await startMaster({ bodyLimitBytes: 1000 });
    client.socket.write(post('/master/a', FROM, 'x'.repeat(1000)));
    client.socket.write(post('/master/b', FROM, 'x'.repeat(1001)));
    client.socket.write(post('/master/c', FROM));
    expect(await client.answers(3)).toEqual(['202 Accepted', '413 Payload Too Large']);
    expect(client.received).toContain('Message body is larger than 1000 bytes');
    expect(client.closed).toBe(true);
    const other = new RawClient(node.port);
    other.socket.write(post('/master/d', FROM));
    expect(await other.answers(1)).toEqual(['202 Accepted']);
    expect(master.messages.map(({ name }) => name)).toEqual(['a', 'd']);
  });

  it('have a limit together: 503, and what broke off is given back', async () => {
    const { node, master, client } = await startMaster({ bodiesLimitBytes: 1000 });
    const begun = `POST /master/a HTTP/1.1\r\n${FROM}Content-Length: 2000\r\n\r\n${'x'.repeat(900)}`;
    client.socket.write(post('/master/first', FROM) + begun);
    await client.answers(1);
    const whole = `POST /master/b HTTP/1.1\r\n${FROM}Content-Length: 900\r\n\r\n${'x'.repeat(900)}`;
    const offer = async (): Promise<string | undefined> => {
      const other = new RawClient(node.port);
      other.socket.write(whole);
      return (await other.answers(1))[0];
    };
    expect(await offer()).toBe('503 Service Unavailable');
    client.socket.destroy();
    // The server learns of the end of that connection in its own time.
    let answer = await offer();
    for (let attempt = 0; attempt < 100 && answer !== '202 Accepted'; attempt += 1) answer = await offer();
    expect(answer).toBe('202 Accepted');
    expect(master.messages.map(({ name }) => name)).toEqual(['first', 'b']);
  });
});
