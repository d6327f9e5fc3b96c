/** Two and more nodes over real sockets: messages, links, exits. */
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type Node, RawPeer, startNode } from './loopback.ts';
import { eventually, RecordingProcess } from './recording-process.ts';

const NOTHING = new Uint8Array();

function spawn(node: Node, id: string): { process: RecordingProcess; pid: string } {
  const process = new RecordingProcess();
  node.libprocess.spawn(id, process);
  return { process, pid: `${id}@${node.libprocess.address}` };
}

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function linkedPair() {
  const [a, b] = [await startNode(), await startNode()];
  const master = spawn(a, 'master');
  const agent = spawn(b, 'slave(1)');
  a.libprocess.link('master', agent.pid);
  a.libprocess.send('master', agent.pid, 'hello', NOTHING);
  await agent.process.until('the first message', () => agent.process.messages.length === 1);
  return { a, b, master, agent };
}

describe('messages', () => {
  it('arrive in order, with sender, name and body', async () => {
    const [a, b] = [await startNode(), await startNode()];
    const master = spawn(a, 'master');
    const agent = spawn(b, 'slave(1)');
    a.libprocess.link('master', agent.pid);
    for (let i = 0; i < 2_000; i += 1) a.libprocess.send('master', agent.pid, `n${i}`, Buffer.alloc(i % 700, i));
    const { messages } = agent.process;
    await agent.process.until('all of them', () => messages.length === 2_000);
    expect(messages.map(({ name }) => name)).toEqual(Array.from({ length: 2_000 }, (_, i) => `n${i}`));
    expect(messages.every(({ from, body }, i) => from === master.pid && body.equals(Buffer.alloc(i % 700, i)))).toBe(
      true,
    );
  });

  it('go both ways, each over the connection of its sender', async () => {
    const { a, b, master, agent } = await linkedPair();
    b.libprocess.send('slave(1)', master.pid, 'pong', Buffer.from('x'));
    await master.process.until('the answer', () => master.process.messages.length === 1);
    expect(master.process.messages[0]).toMatchObject({ from: agent.pid, name: 'pong' });
    expect(a.libprocess.address).not.toBe(b.libprocess.address);
  });

  it('reach ids that need escapes in a path', async () => {
    const [a, b] = [await startNode(), await startNode()];
    spawn(a, 'master');
    for (const id of ['a%41', 'what?', '#1', 'x@y', '(!$&)']) {
      const { process, pid } = spawn(b, id);
      a.libprocess.send('master', pid, 'hello', NOTHING);
      await process.until(`the message to ${id}`, () => process.messages.length === 1);
    }
  });

  it('of one MiB arrive whole between small ones', async () => {
    const [a, b] = [await startNode(), await startNode()];
    spawn(a, 'master');
    const agent = spawn(b, 'slave(1)');
    const sizes = [1, 1 << 20, 0, 3 << 20, 5];
    for (const size of sizes) a.libprocess.send('master', agent.pid, 'm', Buffer.alloc(size, size & 255));
    await agent.process.until('all of them', () => agent.process.messages.length === sizes.length);
    expect(agent.process.messages.map(({ body }) => body.length)).toEqual(sizes);
  });

  it('to a process of one’s own take no socket, keep their order and never arrive within send', async () => {
    const node = await startNode({ advertise: { ip: '127.0.0.1', port: 1 } });
    spawn(node, 'master');
    const other = spawn(node, 'other');
    for (const [i, to] of [other.pid, `other@127.0.0.1:${node.port}`, other.pid].entries()) {
      node.libprocess.send('master', to, `n${i}`, NOTHING);
    }
    node.libprocess.send('master', `nobody@${node.libprocess.address}`, 'lost', NOTHING);
    expect(other.process.messages).toEqual([]);
    await other.process.until('all of them', () => other.process.messages.length === 3);
    expect(other.process.messages.map(({ name }) => name)).toEqual(['n0', 'n1', 'n2']);
    expect(other.process.messages[0]?.from).toBe('master@127.0.0.1:1');
  });

  it('to nobody or to nonsense are dropped, not thrown', async () => {
    const { a, agent } = await linkedPair();
    for (const to of [
      'nonsense',
      '',
      'x@y',
      'x@127.0.0.1:99999',
      'a b@127.0.0.1:1',
      `none@127.0.0.1:${await freePort()}`,
    ]) {
      a.libprocess.send('master', to, 'lost', NOTHING);
    }
    a.libprocess.send('master', agent.pid, 'bad name\r\nX: y', NOTHING);
    a.libprocess.send('master', agent.pid.replace('slave(1)', 'nobody'), 'lost', NOTHING);
    a.libprocess.send('master', agent.pid, 'last', NOTHING);
    await agent.process.until('the last', () => agent.process.messages.length === 2);
    expect(agent.process.messages.map(({ name }) => name)).toEqual(['hello', 'last']);
  });
});

describe('exits', () => {
  it('are told once to every linker of everybody at that address', async () => {
    const { a, b, master, agent } = await linkedPair();
    const observer = spawn(a, 'observer');
    const second = spawn(b, 'other');
    a.libprocess.link('master', agent.pid);
    a.libprocess.link('master', second.pid);
    a.libprocess.link('observer', agent.pid);
    await b.stop();
    await master.process.until('both ends', () => master.process.exits.length === 2);
    await observer.process.until('its end', () => observer.process.exits.length === 1);
    expect([...master.process.exits].sort()).toEqual([second.pid, agent.pid].sort());
    // Forgotten with the telling: what breaks later is nobody's loss.
    a.libprocess.send('master', agent.pid, 'lost', NOTHING);
    const third = await startNode();
    const { process, pid } = spawn(third, 'third');
    a.libprocess.send('master', pid, 'hello', NOTHING);
    await process.until('a later message', () => process.messages.length === 1);
    expect([master.process.exits.length, observer.process.exits.length]).toEqual([2, 1]);
  });

  it('follow a link that cannot connect, to nonsense, or to nobody here', async () => {
    const a = await startNode();
    const master = spawn(a, 'master');
    const targets = [`x@127.0.0.1:${await freePort()}`, 'nonsense', `nobody@${a.libprocess.address}`];
    for (const target of targets) a.libprocess.link('master', target);
    await master.process.until('three ends', () => master.process.exits.length === 3);
    expect([...master.process.exits].sort()).toEqual([...targets].sort());
  });

  it('of a local process are told to its local linkers', async () => {
    const a = await startNode();
    const master = spawn(a, 'master');
    const child = spawn(a, 'child');
    a.libprocess.link('master', child.pid);
    a.libprocess.terminate('child');
    await master.process.until('the end', () => master.process.exits.length === 1);
    expect(master.process.exits).toEqual([child.pid]);
    a.libprocess.link('master', child.pid);
    await master.process.until('nobody there', () => master.process.exits.length === 2);
  });

  it('are not told without a link, nor to a linker that is gone', async () => {
    const { a, b, master, agent } = await linkedPair();
    const witness = spawn(a, 'witness');
    const gone = spawn(a, 'gone');
    a.libprocess.link('gone', agent.pid);
    a.libprocess.terminate('gone');
    a.libprocess.link('never-spawned', agent.pid);
    await b.stop();
    await master.process.until('the end', () => master.process.exits.length === 1);
    expect([witness.process.exits, gone.process.exits]).toEqual([[], []]);
  });

  it('come after everything the peer sent before it died', async () => {
    const [a, b] = [await startNode(), await startNode()];
    const master = spawn(a, 'master');
    const agent = spawn(b, 'slave(1)');
    a.libprocess.link('master', agent.pid);
    b.libprocess.link('slave(1)', master.pid);
    for (let i = 0; i < 500; i += 1) b.libprocess.send('slave(1)', master.pid, `n${i}`, Buffer.alloc(100));
    await master.process.until('the first', () => master.process.messages.length > 0);
    await b.stop();
    await master.process.until('the end', () => master.process.exits.length === 1);
    expect(master.process.messages.map(({ name }) => name)).toEqual(master.process.messages.map((_, i) => `n${i}`));
  });
});

describe('connections', () => {
  it('of a link is shared by all that goes to the address, and stays open while idle', async () => {
    const peer = await RawPeer.recording();
    const a = await startNode();
    const master = spawn(a, 'master');
    spawn(a, 'observer');
    a.libprocess.link('master', `x@127.0.0.1:${peer.port}`);
    a.libprocess.link('observer', `y@127.0.0.1:${peer.port}`);
    a.libprocess.send('observer', `z@127.0.0.1:${peer.port}`, 'm1', NOTHING);
    await eventually('m1', () => peer.text.includes('/z/m1'));
    a.libprocess.send('master', `x@127.0.0.1:${peer.port}`, 'm2', NOTHING);
    await eventually('m2', () => peer.text.includes('/x/m2'));
    expect(peer.sockets.length).toBe(1);
    expect(master.process.exits).toEqual([]);
  });

  it('without a link is closed when its queue has drained', async () => {
    let ended = 0;
    const peer = await RawPeer.listen((socket, self) => {
      socket.on('data', (chunk) => self.received.push(chunk));
      socket.on('end', () => {
        ended += 1;
      });
    });
    const a = await startNode();
    spawn(a, 'master');
    for (const name of ['m1', 'm2']) {
      a.libprocess.send('master', `x@127.0.0.1:${peer.port}`, name, NOTHING);
      await eventually(name, () => peer.text.includes(name) && ended === peer.sockets.length);
    }
    expect(peer.sockets.length).toBe(2);
  });

  it('ends when its last linker terminated, after what waited was sent', async () => {
    let ended = false;
    const peer = await RawPeer.listen((socket, self) => {
      socket.on('data', (chunk) => self.received.push(chunk));
      socket.on('end', () => {
        ended = true;
      });
    });
    const a = await startNode();
    spawn(a, 'master');
    a.libprocess.link('master', `x@127.0.0.1:${peer.port}`);
    a.libprocess.send('master', `x@127.0.0.1:${peer.port}`, 'farewell', NOTHING);
    a.libprocess.terminate('master');
    await eventually('the end', () => ended);
    expect(peer.text).toContain('/x/farewell');
  });

  it('is made anew by a link with reconnect; links and waiting messages live on', async () => {
    const { a, b, master, agent } = await linkedPair();
    a.libprocess.link('master', agent.pid, { reconnect: true });
    a.libprocess.send('master', agent.pid, 'after', NOTHING);
    await agent.process.until('the message', () => agent.process.messages.length === 2);
    expect(master.process.exits).toEqual([]);
    await b.stop();
    await master.process.until('the end', () => master.process.exits.length === 1);
    expect(master.process.exits).toEqual([agent.pid]);
  });

  it('can be had again after an exit, once the peer is back', async () => {
    const { a, b, master, agent } = await linkedPair();
    await b.stop();
    await master.process.until('the end', () => master.process.exits.length === 1);
    const back = await startNode({ port: b.port });
    const again = spawn(back, 'slave(1)');
    a.libprocess.link('master', agent.pid);
    a.libprocess.send('master', agent.pid, 'welcome-back', NOTHING);
    await again.process.until('the message', () => again.process.messages.length === 1);
    await back.stop();
    await master.process.until('the second end', () => master.process.exits.length === 2);
  });

  it('closes in order at the end: what was sent before still arrives', async () => {
    const { a, agent } = await linkedPair();
    for (let i = 0; i < 100; i += 1) a.libprocess.send('master', agent.pid, `n${i}`, Buffer.alloc(10_000));
    await a.libprocess.close();
    await agent.process.until('all of them', () => agent.process.messages.length === 101);
    a.libprocess.send('master', agent.pid, 'too-late', NOTHING);
    expect(agent.process.messages.at(-1)?.name).toBe('n99');
  });
});
