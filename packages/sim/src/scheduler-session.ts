/**
 * One scheduler's HTTP connection to a master: calls one way, answers and events the other, each way in order and late.
 * A broken connection loses what is under way in both directions; each side notices by itself.
 */
import type { RandomStream } from '@mesolite/base';
import { SchedulerCall, type SchedulerCallSubscribe, SchedulerEvent } from '@mesolite/wire';
import type { World } from './world.ts';

/** The scheduler's end. */
export interface SchedulerClient {
  opened(streamId: string): void;
  event(event: SchedulerEvent): void;
  /** The answer to a call. 202 for those that were taken. */
  replied(status: number, text: string | undefined): void;
  /** The connection is gone; nothing comes any more. */
  closed(): void;
}

/** The master's end, by the number it knows the connection by. */
export interface SchedulerServer {
  subscribe(connection: number, subscribe: SchedulerCallSubscribe): void;
  call(connection: number, call: SchedulerCall, streamId: string | undefined): void;
  closed(connection: number): void;
}

export interface SessionOptions {
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
}

export class SchedulerSession {
  readonly #world: World;
  readonly #random: RandomStream;
  readonly #options: SessionOptions;
  readonly #client: SchedulerClient;
  readonly #server: SchedulerServer;
  readonly #connection: () => number;
  readonly #lastArrivalMs = { toServer: 0, toClient: 0 };
  #stream: number | undefined;
  #broken = false;
  #stalled = false;

  /** `connection` gives a new number for each request. */
  constructor(
    world: World,
    options: SessionOptions,
    ends: { readonly client: SchedulerClient; readonly server: SchedulerServer; readonly connection: () => number },
  ) {
    this.#world = world;
    this.#random = world.random.fork();
    this.#options = options;
    this.#client = ends.client;
    this.#server = ends.server;
    this.#connection = ends.connection;
  }

  get open(): boolean {
    return !this.#broken;
  }

  get stalled(): boolean {
    return this.#stalled;
  }

  /** What the master calls the event stream. */
  get stream(): number | undefined {
    return this.#stream;
  }

  subscribe(subscribe: SchedulerCallSubscribe): void {
    this.#travel('toServer', () => {
      this.#stream = this.#connection();
      this.#server.subscribe(this.#stream, subscribe);
    });
  }

  call(call: SchedulerCall, streamId: string): void {
    this.#world.hit(`call ${call.type}`);
    const bytes = SchedulerCall.encode(call);
    this.#travel('toServer', () => this.#server.call(this.#connection(), SchedulerCall.decode(bytes), streamId));
  }

  /** For the master: the answer to a request of this session. */
  reply(status: number, text: string | undefined): void {
    this.#travel('toClient', () => this.#client.replied(status, text));
  }

  accept(streamId: string): void {
    this.#travel('toClient', () => this.#client.opened(streamId));
  }

  send(event: SchedulerEvent): void {
    this.#world.hit(`event ${event.type}`);
    const bytes = SchedulerEvent.encode(event);
    this.#travel('toClient', () => this.#client.event(SchedulerEvent.decode(bytes)));
  }

  /** The master ends the stream in good order: what it sent before still arrives. */
  finish(): void {
    this.#travel('toClient', () => {
      this.#broken = true;
      this.#client.closed();
    });
  }

  /** What is sent from now on is lost, and after `forMs` both ends notice. */
  stall(forMs: number): void {
    if (this.#broken || this.#stalled) return;
    this.#stalled = true;
    this.#world.after(forMs, () => this.drop());
  }

  /** Both ends notice, each after its own while. `serverGone`: there is nobody left to notice on that side. */
  drop(serverGone = false): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#world.after(this.#delayMs(), () => this.#client.closed());
    if (serverGone) return;
    this.#world.after(this.#delayMs(), () => {
      if (this.#stream !== undefined) this.#server.closed(this.#stream);
    });
  }

  #travel(direction: 'toServer' | 'toClient', arrive: () => void): void {
    if (this.#broken || this.#stalled) return;
    const atMs = Math.max(this.#world.nowMs + this.#delayMs(), this.#lastArrivalMs[direction]);
    this.#lastArrivalMs[direction] = atMs;
    this.#world.after(atMs - this.#world.nowMs, () => {
      if (!this.#broken && !this.#stalled) arrive();
    });
  }

  #delayMs(): number {
    const { minDelayMs, maxDelayMs } = this.#options;
    return minDelayMs + this.#random.next() * (maxDelayMs - minDelayMs);
  }
}
