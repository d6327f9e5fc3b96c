/**
 * One listening HTTP port for everything a daemon serves: its API, streams, files, metrics, and, through an interceptor,
 * libprocess messages. Owns sockets and routing; knows no route itself. A handler that throws costs its client a 500 and
 * nobody else anything.
 *
 * Departs from Mesos: an unknown HTTP method gets 400 instead of a closed connection; paths below a route are served only
 * where the route asks for it; bodies, headers and connections have limits.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { assert } from '@mesolite/base';
import type { Log } from '@mesolite/ports';
import { BodyBudget, DEFAULT_BODY_LIMIT_BYTES, readBody } from './body.ts';
import { refuseConnection } from './broken-request.ts';
import { HttpError, RequestAborted } from './http-error.ts';
import { type HttpReply, methodNotAllowed, notFound, notYet, sendReply, textReply } from './reply.ts';
import type { HttpRequest } from './request.ts';
import { parseRequestPath } from './request-path.ts';
import { Routes } from './routes.ts';

/** Answers a request. `undefined` means the handler has taken the response itself (streams). */
export type HttpHandler = (
  request: HttpRequest,
  response: ServerResponse,
) => HttpReply | undefined | Promise<HttpReply | undefined>;

/** Looks at a request before its route does; what it answers is the answer. */
export type HttpGuard = (request: { readonly path: string; readonly target: string }) => HttpReply | undefined;

export interface HttpServerOptions {
  readonly ip: string;
  /** 0 picks a free port. */
  readonly port: number;
  readonly log: Log;
  /** First path components that name a process here and are stripped, such as `master` or `slave(1)`. */
  readonly processIds: readonly string[];
  /** Default 64 MiB. */
  readonly bodyLimitBytes?: number;
  /** Connections beyond this are closed on arrival. Default 32768. */
  readonly maxConnections?: number;
  /** A client has this long to finish the header it began. Default 60 s. */
  readonly headersTimeoutMs?: number;
  /** Until {@link HttpServer.open} is called, whoever asks is asked to come later. */
  readonly opensLater?: boolean;
}

export interface RouteOptions {
  /** Other methods get 405. Absent: any method. */
  readonly methods?: readonly string[];
  /** Also serves deeper paths that no longer route claims. */
  readonly prefix?: boolean;
}

/** Sum of request line and headers; above it the answer is 431. */
const MAX_HEADER_BYTES = 64 * 1024;
const MAX_CONNECTIONS = 32_768;
/** All bodies being received at one time, together. */
const MAX_BODIES_BYTES = 512 * 1024 * 1024;
const HEADERS_TIMEOUT_MS = 60_000;

export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #log: Log;
  readonly #routes = new Routes();
  readonly #processIds: ReadonlySet<string>;
  readonly #bodyLimit: number;
  readonly #budget = new BodyBudget(MAX_BODIES_BYTES);
  readonly #interceptors: ((request: IncomingMessage, response: ServerResponse) => boolean)[] = [];
  readonly #guards: HttpGuard[] = [];
  readonly #server: Server;
  /** The newest response of each connection. */
  readonly #latest = new WeakMap<Socket, ServerResponse>();
  readonly #numbers = new WeakMap<Socket, number>();
  #accepted = 0;
  #address: { ip: string; port: number } | undefined;
  #dropped = 0;
  #isOpen: boolean;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#isOpen = options.opensLater !== true;
    this.#log = options.log;
    this.#processIds = new Set(options.processIds);
    this.#bodyLimit = options.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES;
    const headersTimeout = options.headersTimeoutMs ?? HEADERS_TIMEOUT_MS;
    // Links between daemons and event streams live for days: no idle, request or per-socket limits, only for headers.
    this.#server = createServer({
      keepAliveTimeout: 0,
      requestTimeout: 0,
      headersTimeout,
      connectionsCheckingInterval: Math.ceil(headersTimeout / 2),
      requireHostHeader: false,
      maxHeaderSize: MAX_HEADER_BYTES,
      noDelay: true,
    });
    this.#server.timeout = 0;
    this.#server.maxRequestsPerSocket = 0;
    this.#server.maxConnections = options.maxConnections ?? MAX_CONNECTIONS;
    this.#server.on('connection', (socket) => this.#numbers.set(socket, ++this.#accepted));
    this.#server.on('request', (request, response) => this.#receive(request, response));
    this.#server.on('checkContinue', (request, response) => this.#checkContinue(request, response));
    this.#server.on('clientError', (error, socket) => {
      refuseConnection(error, socket as Socket, this.#latest.get(socket as Socket));
    });
    this.#server.on('drop', () => {
      this.#dropped++;
      // Once per power of two: the log stays readable while somebody hammers the port.
      if ((this.#dropped & (this.#dropped - 1)) === 0) {
        this.#log.warning(`Closed ${this.#dropped} connections over the limit of ${this.#server.maxConnections}`);
      }
    });
  }

  /** Serves `path` (without a process id, such as `/state`). Asserts that nobody else does. */
  route(path: string, handler: HttpHandler, options: RouteOptions = {}): void {
    this.#routes.add({ path, handler, methods: options.methods, prefix: options.prefix ?? false });
  }

  /** `handler` sees every request before routing, in the order of registration; answering true takes it. */
  intercept(handler: (request: IncomingMessage, response: ServerResponse) => boolean): void {
    this.#interceptors.push(handler);
  }

  /** Grows in the order in which connections were accepted. */
  connectionNumber(socket: Socket): number | undefined {
    return this.#numbers.get(socket);
  }

  /** `guard` sees every request for a route there is, in the order of registration. */
  guard(guard: HttpGuard): void {
    this.#guards.push(guard);
  }

  /** Paths served, sorted. */
  routes(): string[] {
    return this.#routes.paths();
  }

  /** Rejects with a readable error when the address cannot be bound. */
  listen(): Promise<void> {
    const { ip, port } = this.#options;
    return new Promise((resolve, reject) => {
      const onError = (error: NodeJS.ErrnoException): void => {
        reject(new Error(`Failed to listen on ${ip}:${port}: ${bindFailure(error)}`));
      };
      this.#server.once('error', onError);
      this.#server.listen({ host: ip, port, backlog: 1024 }, () => {
        this.#server.off('error', onError);
        this.#server.on('error', (error) => this.#log.error(`HTTP server on ${ip}:${port}: ${error.message}`));
        const bound = this.#server.address() as AddressInfo;
        this.#address = { ip: bound.address, port: bound.port };
        resolve();
      });
    });
  }

  /**
   * All routes are there. A daemon's port is bound before, since it is part of what the daemon says about itself; and 404
   * would be taken for final.
   */
  open(): void {
    this.#isOpen = true;
  }

  /** What is bound; only after {@link listen}. */
  get address(): { ip: string; port: number } {
    assert(this.#address !== undefined, 'the HTTP server does not listen yet');
    return this.#address;
  }

  /** Stops listening and cuts every connection. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #checkContinue(request: IncomingMessage, response: ServerResponse): void {
    if (Number(request.headers['content-length'] ?? 0) <= this.#bodyLimit) response.writeContinue();
    this.#receive(request, response);
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    // Without these a reset connection would surface as an uncaught error.
    request.on('error', ignore);
    response.on('error', ignore);
    this.#latest.set(request.socket, response);
    void this.#serve(request, response);
  }

  async #serve(raw: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      for (const interceptor of this.#interceptors) {
        if (interceptor(raw, response)) return;
      }
      if (!this.#isOpen) return await sendReply(raw, response, notYet());
      const reply = await this.#answer(raw, response);
      if (reply !== undefined) await sendReply(raw, response, reply);
    } catch (error) {
      try {
        await this.#fail(raw, response, error);
      } catch (worse) {
        this.#log.error(`Failed to answer ${raw.method} ${raw.url}: ${(worse as Error).message}`);
        response.destroy();
      }
    }
  }

  async #answer(raw: IncomingMessage, response: ServerResponse): Promise<HttpReply | undefined> {
    const target = raw.url ?? '/';
    const method = raw.method ?? 'GET';
    const parsed = parseRequestPath(target, this.#processIds);
    if (!parsed.ok)
      return parsed.error === 404 ? notFound() : textReply(400, 'Failed to decode the path of the request');
    const { path, query } = parsed.value;
    const route = this.#routes.find(path);
    if (route === undefined) return notFound();
    for (const guard of this.#guards) {
      const reply = guard({ path, target });
      if (reply !== undefined) return reply;
    }
    if (route.methods !== undefined && !allows(route.methods, method)) return methodNotAllowed(route.methods, method);
    let body: Promise<Buffer> | undefined;
    return route.handler(
      {
        method,
        path,
        target,
        query,
        headers: raw.headers,
        raw,
        body: (limitBytes = this.#bodyLimit) => {
          body ??= readBody(raw, limitBytes, this.#budget);
          return body;
        },
      },
      response,
    );
  }

  async #fail(raw: IncomingMessage, response: ServerResponse, error: unknown): Promise<void> {
    if (error instanceof RequestAborted) {
      response.destroy();
      return;
    }
    const refusal = error instanceof HttpError;
    if (!refusal) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#log.error(`Handler of ${raw.method} ${raw.url} threw: ${text}`);
    }
    if (response.headersSent) {
      // Half an answer is out: only a cut connection tells the client that it is not whole.
      response.destroy();
      return;
    }
    const reply = refusal ? textReply(error.status, error.message, error.headers) : textReply(500, 'Internal error');
    await sendReply(raw, response, reply);
  }
}

/** HEAD is answered where GET is; node leaves out the body. */
function allows(methods: readonly string[], method: string): boolean {
  return methods.includes(method) || (method === 'HEAD' && methods.includes('GET'));
}

function ignore(): void {}

function bindFailure(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return 'the address is in use (is another daemon running on this port?)';
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return 'this machine has no such address';
    case 'EACCES':
      return 'permission denied (ports below 1024 need a privilege)';
    default:
      return error.message;
  }
}
