/**
 * Runs one master core: turns sockets, timers and the registry into inputs and carries out its effects, in order. Dull by
 * design: no rule about clusters lives here.
 */
import type { ServerResponse } from 'node:http';
import { Alarm, type CramMd5Authenticator, Exchanges, type HttpReply, type MediaType } from '@mesolite/daemon';
import type { Clock, Links, Log, Metrics, Timers } from '@mesolite/ports';
import { MASTER_PROCESS_ID, PongAgentMessage, SchedulerEvent, wireName } from '@mesolite/wire';
import {
  type ConnectionId,
  type MasterCore,
  type MasterEffect,
  type MasterInput,
  observerProcess,
} from '../core/index.ts';
import { AllocationStopwatch } from './allocation-stopwatch.ts';
import type { RegistryStore } from './registry-store.ts';

const PONG = wireName(PongAgentMessage);
/** What agents before 0.26 answered pings with. */
const OLD_PONG = 'PONG';

/** A SUBSCRIBE request: where its events go, and how they are written. */
export interface StreamClient {
  readonly response: ServerResponse;
  readonly mediaType: MediaType;
}

export interface MasterHostOptions {
  readonly core: MasterCore;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly links: Links;
  readonly registry: RegistryStore;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Unset: nobody can prove who they are. */
  readonly authenticator?: CramMd5Authenticator | undefined;
  /** The core gave up: state may be wrong, or a promise cannot be kept. */
  readonly exit: (code: number, text: string) => void;
}

export class MasterHost {
  readonly #options: MasterHostOptions;
  readonly #exchanges: Exchanges<SchedulerEvent>;
  readonly #alarm: Alarm;
  readonly #stopwatch: AllocationStopwatch;
  #draining = false;
  #closed = false;

  constructor(options: MasterHostOptions) {
    this.#options = options;
    this.#exchanges = new Exchanges(SchedulerEvent, options.log);
    this.#stopwatch = new AllocationStopwatch(options.core, options.metrics);
    this.#alarm = new Alarm({ ...options, ring: () => this.submit({ kind: 'timer-fired' }) });
  }

  /** Gives an input to the core; its effects are carried out before this turn of the event loop ends. */
  submit(input: MasterInput): void {
    if (this.#closed) return;
    const { core, clock } = this.#options;
    try {
      core.step(input, { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() });
    } catch (error) {
      this.#giveUp(error);
      return;
    }
    if (this.#draining) return;
    this.#draining = true;
    queueMicrotask(() => this.#drain());
  }

  /** Submits a demand that the core answers with one `reply`, and resolves with it. */
  demand(make: (connection: ConnectionId) => MasterInput): Promise<HttpReply> {
    return this.#exchanges.demand((connection) => this.submit(make(connection)));
  }

  /** As {@link demand} for SUBSCRIBE: resolves with nothing when the core opened a stream on the response instead. */
  subscribe(client: StreamClient, make: (connection: ConnectionId) => MasterInput): Promise<HttpReply | undefined> {
    return this.#exchanges.subscribe(client, (connection) => this.submit(make(connection)));
  }

  /** Ends streams and timers; inputs that still arrive are ignored. */
  close(): void {
    this.#closed = true;
    this.#alarm.cancel();
    this.#exchanges.close();
  }

  #drain(): void {
    this.#draining = false;
    const { core, clock } = this.#options;
    const beganMs = clock.monotonicMs();
    let effects: readonly MasterEffect[];
    try {
      effects = core.drain();
    } catch (error) {
      this.#giveUp(error);
      return;
    }
    this.#stopwatch.note(clock.monotonicMs() - beganMs);
    // Performing may submit again (local messages do), which queues another round.
    for (const effect of effects) {
      if (this.#closed) return;
      this.#perform(effect);
    }
  }

  /** A bug may have left a table half changed: nothing more is done, and the process ends. What a restart finds is whole. */
  #giveUp(error: unknown): void {
    this.close();
    this.#options.exit(1, `The core failed: ${error instanceof Error ? error.stack : error}`);
  }

  #perform(effect: MasterEffect): void {
    const { links, registry } = this.#options;
    switch (effect.kind) {
      case 'send':
        links.send(effect.from, effect.to, effect.name, effect.body);
        return;
      case 'stream-event':
        this.#exchanges.send(effect.connection, effect.event);
        return;
      case 'reply':
        this.#exchanges.reply(effect.connection, effect.status, effect.text);
        return;
      case 'open-stream':
        this.#openStream(effect.connection, effect.streamId);
        return;
      case 'close-stream':
        this.#exchanges.closeStream(effect.connection);
        return;
      case 'link':
        links.link(MASTER_PROCESS_ID, effect.to);
        return;
      case 'authenticate-client':
        this.#authenticate(effect.client, effect.peer);
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
        this.#alarm.set(effect.monotonicMs);
        return;
      case 'continue-soon':
        // Not a microtask: what has arrived on sockets meanwhile goes first.
        setImmediate(() => this.submit({ kind: 'turn-came' }));
        return;
      case 'exit':
        this.#options.exit(effect.code, effect.text);
        return;
    }
  }

  #openStream(connection: ConnectionId, streamId: string): void {
    this.#exchanges.openStream(connection, { 'Mesos-Stream-Id': streamId }, () =>
      this.submit({ kind: 'stream-closed', connection }),
    );
  }

  #authenticate(pid: string, peer: string): void {
    const { authenticator } = this.#options;
    if (authenticator === undefined) this.submit({ kind: 'client-refused', pid });
    else
      authenticator.authenticate(pid, peer, (verdict) =>
        this.submit(
          'principal' in verdict
            ? { kind: 'client-authenticated', pid, principal: verdict.principal }
            : { kind: 'client-refused', pid },
        ),
      );
  }

  #spawnObserver(observer: number): void {
    this.#options.links.spawn(observerProcess(observer), {
      message: (_from, name) => {
        if (name === PONG || name === OLD_PONG) this.submit({ kind: 'pong-received', observer });
      },
      exited: () => {},
    });
  }
}
