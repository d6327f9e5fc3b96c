/** Real servers and sockets on loopback for the tests of this package, all closed at the end of the test. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { HttpServer } from '@mesolite/daemon';
import { silentLog } from '@mesolite/ports';
import { onTestFinished } from 'vitest';
import { Libprocess, type LibprocessOptions } from '../src/index.ts';
import { eventually } from './recording-process.ts';

export interface Node {
  readonly libprocess: Libprocess;
  readonly server: HttpServer;
  readonly port: number;
  /** As a crash would: no farewell. */
  stop(): Promise<void>;
}

/** A started libprocess with a server of its own. `port` 0 picks one. */
export async function startNode(options: Partial<LibprocessOptions> & { readonly port?: number } = {}): Promise<Node> {
  const { port = 0, ...rest } = options;
  const server = new HttpServer({ ip: '127.0.0.1', port, log: silentLog, processIds: ['master'] });
  await server.listen();
  const libprocess = new Libprocess({ server, log: silentLog, ...rest });
  libprocess.start();
  let stopped = false;
  const stop = async (): Promise<void> => {
    if (stopped) return;
    stopped = true;
    await Promise.all([server.close(), libprocess.close()]);
  };
  onTestFinished(stop);
  return { libprocess, server, port: server.address.port, stop };
}

/** A client that speaks bytes. */
export class RawClient {
  readonly socket: Socket;
  #received = '';
  closed = false;

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1' });
    this.socket.setEncoding('latin1');
    this.socket.on('data', (text: string) => {
      this.#received += text;
    });
    this.socket.on('error', () => {});
    this.socket.on('close', () => {
      this.closed = true;
    });
    onTestFinished(() => {
      this.socket.destroy();
    });
  }

  get received(): string {
    return this.#received;
  }

  /** First lines of the answers so far. */
  get statuses(): string[] {
    return this.#received.match(/HTTP\/1\.1 \d{3}[^\r]*/g) ?? [];
  }

  async answers(count: number): Promise<string[]> {
    await eventually(`${count} answers`, () => this.statuses.length >= count || this.closed);
    return this.statuses.map((line) => line.replace('HTTP/1.1 ', ''));
  }
}

/** A server that takes bytes and answers only what it is told to. */
export class RawPeer {
  readonly port: number;
  readonly sockets: Socket[] = [];
  readonly received: Buffer[] = [];
  readonly #server: Server;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async listen(onSocket: (socket: Socket, peer: RawPeer) => void = () => {}): Promise<RawPeer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const peer = new RawPeer(server, address.port);
    server.on('connection', (socket) => {
      peer.sockets.push(socket);
      socket.on('error', () => {});
      onSocket(socket, peer);
    });
    onTestFinished(() => peer.close());
    return peer;
  }

  /** Keeps everything that arrives on a socket. */
  static recording(): Promise<RawPeer> {
    return RawPeer.listen((socket, peer) => socket.on('data', (chunk) => peer.received.push(chunk)));
  }

  get text(): string {
    return Buffer.concat(this.received).toString('latin1');
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.#server.close();
  }
}
