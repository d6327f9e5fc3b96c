/** The HTTP server over real sockets: routing, refusals, limits, broken and slow clients. */
import { once } from 'node:events';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Log } from '@mesolite/ports';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptedMediaType, HttpError, HttpServer, jsonReply, requestMediaType } from '../src/index.ts';
import { ask, connected, eventually, exchange, serve } from './sockets.ts';

function echo(server: HttpServer): void {
  server.route('/echo', async (request) => ({ status: 200, body: await request.body() }), { methods: ['POST'] });
}

describe('routing', () => {
  const routes = (server: HttpServer): void => {
    server.route('/state', (request) => ({ status: 200, body: `state ${request.path}` }));
    server.route('/api/v1', (request) => ({ status: 200, body: `api ${request.path}` }), { prefix: true });
    server.route('/api/v1/scheduler', () => ({ status: 200, body: 'scheduler' }), { methods: ['POST'] });
    server.route('/', () => ({ status: 200, body: 'root' }));
    server.route('/health', () => ({ status: 200 }), { methods: ['GET'] });
  };

  it.each([
    ['/state', 'state /state'],
    ['/state/', 'state /state'],
    ['//state', 'state /state'],
    ['/st%61te', 'state /state'],
    ['/master/state', 'state /state'],
    ['/slave(1)/state', 'state /state'],
    ['/slave%281%29/state?x=/..', 'state /state'],
    ['/master', 'root'],
    ['/', 'root'],
    ['/api/v1', 'api /api/v1'],
    ['/master/api/v1/operator', 'api /api/v1/operator'],
    ['http://elsewhere:1/state?x', 'state /state'],
  ])('serves %s', async (path, body) => {
    const port = await serve(routes, { processIds: ['master', 'slave(1)'] });
    expect(await ask(port, path)).toMatchObject({ status: 200, text: body });
  });

  it.each([
    '/nosuch',
    '/nosuch/state',
    '/state/deeper',
    '/master/master/state',
    '/../etc/passwd',
    '/%2e%2e/state',
  ])('does not know %s', async (path) => {
    const port = await serve(routes);
    expect(await ask(port, path)).toMatchObject({
      status: 404,
      text: '404 Not Found.',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    });
  });

  it('asks to come later until the daemon has started', async () => {
    let opening: HttpServer | undefined;
    const port = await serve(
      (server) => {
        server.intercept((request, response) => {
          if (request.url !== '/peer') return false;
          response.end('peer');
          return true;
        });
        routes(server);
        opening = server;
      },
      { opensLater: true },
    );
    expect(await ask(port, '/state')).toMatchObject({ status: 503, text: 'The daemon is starting.' });
    expect(await ask(port, '/nosuch')).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(await ask(port, '/peer')).toMatchObject({ status: 200, text: 'peer' });
    opening?.open();
    expect(await ask(port, '/state')).toMatchObject({ status: 200, text: 'state /state' });
    expect(await ask(port, '/nosuch')).toMatchObject({ status: 404 });
  });

  it.each(['/%', '/%zz', '/%00'])('refuses the encoding of %s', async (path) => {
    expect((await ask(await serve(routes), path)).status).toBe(400);
  });

  it('says which methods a path takes', async () => {
    const port = await serve(routes);
    const answer = await ask(port, '/api/v1/scheduler');
    expect(answer).toMatchObject({
      status: 405,
      text: "405 Method Not Allowed. Expecting one of { 'POST' }, but received 'GET'.",
      headers: { allow: 'POST' },
    });
  });

  it('answers HEAD like GET, without a body', async () => {
    const port = await serve(routes);
    expect(await ask(port, '/health', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
    const state = await ask(port, '/state', { method: 'HEAD' });
    expect(state).toMatchObject({ status: 200, text: '', headers: { 'content-length': '12' } });
  });

  it('lets an interceptor take a request before its route', async () => {
    const port = await serve((server) => {
      routes(server);
      server.intercept((request, response) => {
        if (request.headers['libprocess-from'] === undefined) return false;
        response.writeHead(202).end();
        return true;
      });
    });
    expect((await ask(port, '/state', { headers: { 'Libprocess-From': 'x@1.2.3.4:5' } })).status).toBe(202);
    expect((await ask(port, '/state')).status).toBe(200);
  });
});

describe('bodies', () => {
  it('takes one of exactly the limit and refuses one byte more, announced or not', async () => {
    const port = await serve(echo, { bodyLimitBytes: 1000 });
    const fits = Buffer.alloc(1000, 'a');
    expect(await ask(port, '/echo', { method: 'POST', body: fits })).toMatchObject({ status: 200, body: fits });
    const over = Buffer.alloc(1001, 'a');
    const refused = { status: 413, text: 'Request body is larger than the limit of 1000B' };
    expect(await ask(port, '/echo', { method: 'POST', body: over })).toMatchObject(refused);
    const chunked = { 'Transfer-Encoding': 'chunked' };
    expect(await ask(port, '/echo', { method: 'POST', body: over, headers: chunked })).toMatchObject(refused);
  });

  it('refuses an announced oversize before it is sent', async () => {
    const port = await serve(echo, { bodyLimitBytes: 1000 });
    const socket = await connected(port);
    socket.write('POST /echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5000000\r\n\r\n');
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('inflates gzip, within the limit of the inflated size', async () => {
    const port = await serve(echo, { bodyLimitBytes: 1000 });
    const headers = { 'Content-Encoding': 'gzip' };
    const post = (body: Uint8Array) => ask(port, '/echo', { method: 'POST', body, headers });
    expect(await post(gzipSync('hello'))).toMatchObject({ status: 200, text: 'hello' });
    expect((await post(gzipSync(Buffer.alloc(1_000_000)))).status).toBe(413);
    expect((await post(Buffer.from('no gzip'))).status).toBe(400);
    const unknown = await ask(port, '/echo', { method: 'POST', body: 'x', headers: { 'Content-Encoding': 'br' } });
    expect(unknown.status).toBe(415);
  });

  it('compresses a long reply for those who ask', async () => {
    const long = JSON.stringify({ text: 'x'.repeat(5000) });
    const port = await serve((server) => server.route('/long', (request) => jsonReply(request, long)));
    const packed = await ask(port, '/long', { headers: { 'Accept-Encoding': 'gzip' } });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(packed.body).toString()).toBe(long);
    expect(await ask(port, '/long')).toMatchObject({ text: long });
    const none = await ask(port, '/long', { headers: { 'Accept-Encoding': 'gzip;q=0' } });
    expect(none.headers['content-encoding']).toBeUndefined();
  });

  it('ends nothing but the request of a client that leaves in the middle of a body', async () => {
    let failed: unknown;
    const port = await serve((server) => {
      echo(server);
      server.route('/watched', async (request) => {
        try {
          return { status: 200, body: await request.body() };
        } catch (error) {
          failed = error;
          throw error;
        }
      });
    });
    const socket = await connected(port);
    socket.write('POST /watched HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf');
    await eventually(() => socket.bytesWritten > 0, 'the half body is sent');
    socket.destroy();
    await eventually(() => failed !== undefined, 'the handler hears of the end');
    expect(await ask(port, '/echo', { method: 'POST', body: 'still here' })).toMatchObject({ text: 'still here' });
  });
});

describe('handlers that fail', () => {
  it('answers 500, logs the error, and lives on', async () => {
    const errors: string[] = [];
    const log: Log = { info: () => {}, warning: () => {}, error: (text) => errors.push(text) };
    const port = await serve(
      (server) => {
        server.route('/bug', () => {
          throw new Error('a bug');
        });
        server.route('/late-bug', async () => {
          await Promise.resolve();
          throw new Error('a late bug');
        });
        server.route('/bad-header', () => {
          throw new HttpError(418, 'short and stout', { 'X-Bad': 'line\nbreak' });
        });
        server.route('/refusal', () => {
          throw new HttpError(429, 'too often', { 'Retry-After': '5' });
        });
      },
      { log },
    );
    expect(await ask(port, '/bug')).toMatchObject({ status: 500, text: 'Internal error' });
    expect(await ask(port, '/late-bug')).toMatchObject({ status: 500, text: 'Internal error' });
    expect(errors.join()).toMatch(/GET \/bug threw: Error: a bug.*GET \/late-bug threw: Error: a late bug/s);
    expect(await exchange(port, 'GET /bad-header HTTP/1.1\r\n\r\n')).toBe('');
    expect(await ask(port, '/refusal')).toMatchObject({
      status: 429,
      text: 'too often',
      headers: { 'retry-after': '5', 'content-type': 'text/plain; charset=utf-8' },
    });
  });

  it('cuts an answer that breaks off', async () => {
    const port = await serve((server) =>
      server.route('/half', (_request, response) => {
        response.writeHead(200, { 'Content-Length': 100 });
        response.write('half');
        throw new Error('broken off');
      }),
    );
    expect(await exchange(port, 'GET /half HTTP/1.1\r\n\r\n')).not.toContain('Internal error');
  });
});

describe('broken requests', () => {
  it.each([
    ['an unknown method', 'FOO /state HTTP/1.1\r\n\r\n', '400 Bad Request'],
    ['no HTTP at all', '\x16\x03\x01\x00\xa5\x01\x00\x00', '400 Bad Request'],
    ['a broken header', 'GET / HTTP/1.1\r\nno colon\r\n\r\n', '400 Bad Request'],
    ['two lengths', 'POST /echo HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', '400 Bad Request'],
    [
      'length and chunks together',
      'POST /echo HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      '400 Bad Request',
    ],
    ['a huge header', `GET / HTTP/1.1\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`, '431 Request Header Fields Too Large'],
  ])('answers %s and closes', async (_name, bytes, status) => {
    const port = await serve(echo);
    expect(await exchange(port, bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status}\r\n`));
  });

  it('drops a client that is slow with its header, but not a connection that never spoke', async () => {
    const port = await serve(echo, { headersTimeoutMs: 50 });
    const silent = await connected(port);
    let silentEnded = false;
    silent.on('close', () => {
      silentEnded = true;
    });
    const answer = await exchange(port, 'GET / HTTP/1.1\r\nX-Slow: ');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(silentEnded).toBe(false);
    silent.write('POST /echo HTTP/1.1\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello');
    const [first] = (await once(silent, 'data')) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1\.1 200 [\s\S]*hello$/);
  });

  it('closes connections over the limit', async () => {
    const warnings: string[] = [];
    const log: Log = { info: () => {}, warning: (text) => warnings.push(text), error: () => {} };
    const port = await serve(echo, { maxConnections: 2, log });
    await connected(port);
    await connected(port);
    expect(await exchange(port, 'GET / HTTP/1.1\r\n\r\n')).toBe('');
    expect(warnings).toEqual(['Closed 1 connections over the limit of 2']);
  });

  it('answers pipelined requests in their order', async () => {
    const port = await serve((server) =>
      server.route('/echo', async (request) => ({ status: 200, body: await request.body() })),
    );
    const one = (text: string, more = ''): string =>
      `POST /echo HTTP/1.1\r\nContent-Length: ${text.length}\r\n${more}\r\n${text}`;
    const answer = await exchange(port, one('first') + one('second') + one('third', 'Connection: close\r\n'));
    expect(answer).toMatch(/first[\s\S]*second[\s\S]*third$/);
  });
});

describe('noise', () => {
  it('of any kind gets an answer or a closed door, and the server stays', { timeout: 60_000 }, async () => {
    const port = await serve(echo, { headersTimeoutMs: 200 });
    const whole = 'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\nhello';
    const edit = fc.tuple(fc.nat(whole.length), fc.nat(4), fc.string({ unit: 'binary', maxLength: 6 }));
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
        let bytes = whole;
        for (const [at, cut, text] of edits) bytes = bytes.slice(0, at) + text + bytes.slice(at + cut);
        const socket = await connected(port);
        socket.resume();
        socket.end(bytes, 'latin1');
        if (!socket.closed) await once(socket, 'close');
      }),
      { numRuns: 300 },
    );
    expect(await ask(port, '/echo', { method: 'POST', body: 'alive' })).toMatchObject({ status: 200, text: 'alive' });
  });
});

describe('negotiation', () => {
  const text = (header: Record<string, string>, negotiate: typeof requestMediaType): string => {
    try {
      return negotiate({ headers: header });
    } catch (error) {
      return error instanceof HttpError ? `${error.status} ${error.message}` : String(error);
    }
  };

  it('speaks as the original does about Content-Type', () => {
    expect(text({}, requestMediaType)).toBe("400 Expecting 'Content-Type' to be present");
    const unsupported = "415 Expecting 'Content-Type' of application/json or application/x-protobuf";
    expect(text({ 'content-type': 'text/plain' }, requestMediaType)).toBe(unsupported);
    expect(text({ 'content-type': 'application/json; charset=utf-8' }, requestMediaType)).toBe(unsupported);
    expect(text({ 'content-type': 'application/json' }, requestMediaType)).toBe('application/json');
  });

  it.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['application/*', 'application/json'],
    ['application/x-protobuf', 'application/x-protobuf'],
    ['application/json;q=0, application/x-protobuf', 'application/x-protobuf'],
    ['application/x-protobuf, application/json;q=0.1', 'application/json'],
    ['text/html', "406 Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'"],
    ['*/*;q=0', "406 Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'"],
  ])('takes Accept: %s for %s', (accept, answer) => {
    expect(text(accept === undefined ? {} : { accept }, acceptedMediaType)).toBe(answer);
  });

  it('wraps JSON for old pages, but only into names', async () => {
    const port = await serve((server) => server.route('/x', (request) => jsonReply(request, '{"a":1}')));
    expect(await ask(port, '/x?jsonp=cb')).toMatchObject({
      text: 'cb({"a":1})',
      headers: { 'content-type': 'text/javascript' },
    });
    expect((await ask(port, '/x?jsonp=alert(1)//')).status).toBe(400);
    expect(await ask(port, '/x')).toMatchObject({ text: '{"a":1}', headers: { 'content-type': 'application/json' } });
  });
});

describe('the address', () => {
  it('is told, and a taken one is refused with a reason', async () => {
    const port = await serve(echo);
    const second = new HttpServer({
      ip: '127.0.0.1',
      port,
      log: { info() {}, warning() {}, error() {} },
      processIds: [],
    });
    await expect(second.listen()).rejects.toThrow(`Failed to listen on 127.0.0.1:${port}: the address is in use`);
  });
});
