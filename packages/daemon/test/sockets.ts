/** Clients for the tests of this package that speak bytes over real sockets on loopback. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { silentLog } from '@mesolite/ports';
import { onTestFinished } from 'vitest';
import { HttpServer, type HttpServerOptions } from '../src/index.ts';

/** A server on a free port that ends with the test; `routes` runs before it listens. */
export async function serve(
  routes: (server: HttpServer) => void,
  options: Partial<HttpServerOptions> = {},
): Promise<number> {
  const server = new HttpServer({ ip: '127.0.0.1', port: 0, log: silentLog, processIds: ['master'], ...options });
  routes(server);
  await server.listen();
  onTestFinished(() => server.close());
  return server.address.port;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly text: string;
}

export async function ask(
  port: number,
  path: string,
  options: { method?: string; headers?: Record<string, string | number>; body?: string | Uint8Array } = {},
): Promise<Answer> {
  const sent = request({ host: '127.0.0.1', port, path, method: options.method ?? 'GET', headers: options.headers });
  sent.end(options.body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return { status: response.statusCode ?? 0, headers: response.headers, body, text: body.toString() };
}

export async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
  });
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** Sends `bytes` and answers everything that comes back until the server closes. */
export async function exchange(port: number, bytes: string): Promise<string> {
  const socket = await connected(port);
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
  });
  socket.write(bytes);
  await once(socket, 'close');
  return received;
}

/** Waits until `condition` holds; fails the test after 10 s. */
export async function eventually(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`did not happen within 10 s: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
