/**
 * Runs one master core: turns sockets, timers and the registry into inputs and carries out its effects, in order. Dull by
 * design: no rule about clusters lives here.
 */
import type { HttpReply } from '@mesolite/daemon';
import type { Clock, Links, Log, TimerHandle, Timers } from '@mesolite/ports';
import { PongAgentMessage, wireName } from '@mesolite/wire';
import type { ConnectionId, MasterCore, MasterEffect, MasterInput } from '../core/index.ts';
import type { RegistryStore } from './registry-store.ts';
import type { SchedulerExchange } from './scheduler-exchange.ts';

/** Where the process that gets messages for the master is found. */
export const MASTER_PROCESS = 'master';

const PONG = wireName(PongAgentMessage);
/** What agents before 0.26 answered pings with. */
const OLD_PONG = 'PONG';

export interface MasterHostOptions {
  readonly core: MasterCore;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly links: Links;
  readonly registry: RegistryStore;
  readonly log: Log;
  /** The core gave up: state may be wrong, or a promise cannot be kept. */
  readonly exit: (code: number, text: string) => void;
}

export class MasterHost {
  readonly #options: MasterHostOptions;
  readonly #exchanges = new Map<ConnectionId, SchedulerExchange>();
  readonly #replies = new Map<ConnectionId, (reply: HttpReply) => void>();
  #lastConnection: ConnectionId = 0;
  #draining = false;
  #closed = false;
  #timer: TimerHandle | undefined;
  #timerDueMs = Number.POSITIVE_INFINITY;
  #wakeAtMs = Number.POSITIVE_INFINITY;

  constructor(options: MasterHostOptions) {
    this.#options = options;
  }

  /** Gives an input to the core; its effects are carried out before this turn of the event loop ends. */
  submit(input: MasterInput): void {
    if (this.#closed) return;
    const { core, clock } = this.#options;
    core.step(input, { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() });
    if (this.#draining) return;
    this.#draining = true;
    queueMicrotask(() => this.#drain());
  }

  /** Submits a demand that the core answers with one `reply`, and resolves with it. */
  demand(make: (connection: ConnectionId) => MasterInput): Promise<HttpReply> {
    const connection = ++this.#lastConnection;
    return new Promise((resolve) => {
      this.#replies.set(connection, resolve);
      this.submit(make(connection));
    });
  }

  /** As {@link demand} for SUBSCRIBE: resolves with nothing when the core opened a stream on the exchange instead. */
  subscribe(
    exchange: SchedulerExchange,
    make: (connection: ConnectionId) => MasterInput,
  ): Promise<HttpReply | undefined> {
    const connection = ++this.#lastConnection;
    this.#exchanges.set(connection, exchange);
    return new Promise((resolve) => {
      this.#replies.set(connection, (reply) => {
        this.#exchanges.delete(connection);
        resolve(reply);
      });
      exchange.onOpen = () => {
        this.#replies.delete(connection);
        resolve(undefined);
      };
      this.submit(make(connection));
    });
  }

  /** Ends streams and timers; inputs that still arrive are ignored. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    for (const exchange of this.#exchanges.values()) exchange.close();
    this.#exchanges.clear();
  }

  #drain(): void {
    this.#draining = false;
    // Performing may submit again (local messages do), which queues another round.
    for (const effect of this.#options.core.drain()) {
      if (this.#closed) return;
      this.#perform(effect);
    }
    this.#arm();
  }

  #perform(effect: MasterEffect): void {
    const { links, registry } = this.#options;
    switch (effect.kind) {
      case 'send':
        links.send(effect.from, effect.to, effect.name, effect.body);
        return;
      case 'stream-event':
        this.#exchanges.get(effect.connection)?.send(effect.event);
        return;
      case 'reply': {
        const resolve = this.#replies.get(effect.connection);
        this.#replies.delete(effect.connection);
        resolve?.(replyOf(effect));
        return;
      }
      case 'open-stream':
        this.#openStream(effect.connection, effect.streamId);
        return;
      case 'close-stream':
        this.#exchanges.get(effect.connection)?.close();
        this.#exchanges.delete(effect.connection);
        return;
      case 'link':
        links.link(MASTER_PROCESS, effect.to);
        return;
      case 'spawn-observer':
        this.#spawnObserver(effect.observer);
        return;
      case 'terminate-observer':
        links.terminate(observerProcess(effect.observer));
        return;
      case 'write-registry':
        registry.apply(effect.operation, (error) =>
          this.submit({ kind: 'registry-written', pending: effect.pending, ...(error === undefined ? {} : { error }) }),
        );
        return;
      case 'wake-at':
        this.#wakeAtMs = effect.monotonicMs;
        return;
      case 'exit':
        this.#options.exit(effect.code, effect.text);
        return;
    }
  }

  #openStream(connection: ConnectionId, streamId: string): void {
    const exchange = this.#exchanges.get(connection);
    exchange?.open(streamId, () => {
      if (this.#exchanges.delete(connection)) this.submit({ kind: 'stream-closed', connection });
    });
  }

  #spawnObserver(observer: number): void {
    this.#options.links.spawn(observerProcess(observer), {
      message: (_from, name) => {
        if (name === PONG || name === OLD_PONG) this.submit({ kind: 'pong-received', observer });
      },
      exited: () => {},
    });
  }

  /** One timer for all that waits; one that is early by a later wish looks again. */
  #arm(): void {
    if (this.#closed || this.#wakeAtMs >= this.#timerDueMs) return;
    this.#timer?.cancel();
    this.#timerDueMs = this.#wakeAtMs;
    const delayMs = Math.max(0, this.#wakeAtMs - this.#options.clock.monotonicMs());
    this.#timer = this.#options.timers.after(delayMs, () => {
      this.#timerDueMs = Number.POSITIVE_INFINITY;
      if (this.#wakeAtMs <= this.#options.clock.monotonicMs()) {
        this.#wakeAtMs = Number.POSITIVE_INFINITY;
        this.submit({ kind: 'timer-fired' });
      }
      this.#arm();
    });
  }
}

function observerProcess(observer: number): string {
  return `slave-observer(${observer})`;
}

function replyOf(effect: Extract<MasterEffect, { kind: 'reply' }>): HttpReply {
  const { status, text } = effect;
  return text === undefined ? { status } : { status, body: text, contentType: 'text/plain; charset=utf-8' };
}
