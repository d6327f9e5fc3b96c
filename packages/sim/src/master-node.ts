/**
 * A master under virtual time: its core, its host on the simulated network, its schedulers' connections and its durable
 * registry. May crash and start again; only the registry survives.
 *
 * Never: decides anything the core decides, or lets the core see the world.
 */
import { uuidText } from '@mesolite/base';
import {
  type InputOf,
  MASTER_MESSAGE_TYPES,
  MasterCore,
  type MasterEffect,
  type MasterInput,
  type MasterOptions,
  observerProcess,
  RegistryContents,
} from '@mesolite/master/core';
import { silentLog } from '@mesolite/ports';
import { type MessageType, type SchedulerCall, type SchedulerCallSubscribe, wireName } from '@mesolite/wire';
import type { Host, Network } from './network.ts';
import { plainMetrics } from './plain-metrics.ts';
import { type SchedulerClient, SchedulerSession, type SessionOptions } from './scheduler-session.ts';
import type { World } from './world.ts';

const KINDS: ReadonlyMap<string, readonly [string, MessageType<object>]> = new Map(
  Object.entries<MessageType<object>>(MASTER_MESSAGE_TYPES).map(([kind, type]) => [wireName(type), [kind, type]]),
);

/** Sees all that goes into and comes out of a core. */
export interface MasterObserver {
  masterStarted(): void;
  masterInput(input: MasterInput): void;
  masterEffect(effect: MasterEffect): void;
  /** All effects of a turn are out. */
  masterRested(): void;
}

/** Several observers as one, told in order. */
export function allOf(...observers: readonly Partial<MasterObserver>[]): MasterObserver {
  return {
    masterStarted: () => observers.forEach((one) => void one.masterStarted?.()),
    masterInput: (input) => observers.forEach((one) => void one.masterInput?.(input)),
    masterEffect: (effect) => observers.forEach((one) => void one.masterEffect?.(effect)),
    masterRested: () => observers.forEach((one) => void one.masterRested?.()),
  };
}

export interface MasterNodeOptions {
  readonly ip: string;
  readonly port: number;
  readonly core: Partial<MasterOptions>;
  readonly session: SessionOptions;
  readonly registryDelayMs: { readonly min: number; readonly max: number };
  /** Check all tables after each so many turns. */
  readonly checkEvery: number;
  readonly observer: MasterObserver;
}

export type MaintenanceDemand =
  | Omit<InputOf<'update-maintenance-schedule'>, 'connection'>
  | Omit<InputOf<'start-maintenance'>, 'connection'>
  | Omit<InputOf<'stop-maintenance'>, 'connection'>;

/** Whoever watches over daemons starts one that ended by itself again after this time. */
const RESTART_MS = 3000;
/** Longest time from one slice of an allocation to the next. */
const SLICE_MS = 20;

export class MasterNode {
  readonly pid: string;
  readonly address: string;
  readonly registry = new RegistryContents();
  readonly #world: World;
  readonly #network: Network;
  readonly #options: MasterNodeOptions;
  readonly #random;
  readonly #sessions = new Set<SchedulerSession>();
  /** Of requests not answered yet and of streams. */
  readonly #sessionOf = new Map<number, SchedulerSession>();
  /** Each write waits for those before it, so that answers come in order. */
  #registryFreeMs = 0;
  #registryFails = false;
  #incarnation = 0;
  #connections = 0;
  #turns = 0;
  #draining = false;
  #wake: { cancel(): void } | undefined;
  #host: Host | undefined;
  #core: MasterCore | undefined;

  constructor(world: World, network: Network, options: MasterNodeOptions) {
    this.#world = world;
    this.#network = network;
    this.#options = options;
    this.#random = world.random.fork();
    this.address = `${options.ip}:${options.port}`;
    this.pid = `master@${this.address}`;
  }

  get core(): MasterCore | undefined {
    return this.#core;
  }

  start(): void {
    this.#world.note('master', 'starts');
    this.#host = this.#network.host(this.address);
    this.#incarnation++;
    this.#host.spawn('master', {
      message: (from, name, body) => {
        const known = KINDS.get(name);
        if (known === undefined) throw new Error(`the master was sent ${name} by ${from}`);
        this.#submit({ kind: known[0], from, message: known[1].decode(body) } as MasterInput);
      },
      exited: (pid) => this.#submit({ kind: 'link-exited', pid }),
    });
    const { ip, port } = this.#options;
    this.#core = new MasterCore({
      info: {
        id: uuidText(this.#random.bytes(16)),
        ip: Buffer.from(ip.split('.').map(Number)).readUInt32LE(0),
        port,
        pid: this.pid,
        hostname: 'master',
        version: '1.12.0',
        address: { hostname: 'master', ip, port },
        capabilities: [{ type: 'AGENT_UPDATE' }],
      },
      allocationIntervalMs: 1000,
      minAllocatable: [{ cpus: 0.01 }, { mem: 32 }],
      fairSharingExcludedResourceNames: [],
      filterGpuResources: true,
      agentPingTimeoutMs: 15_000,
      maxAgentPingTimeouts: 5,
      agentReregisterTimeoutMs: 600_000,
      maxCompletedFrameworks: 50,
      maxCompletedTasksPerFramework: 1000,
      maxUnreachableTasksPerFramework: 1000,
      rootSubmissions: true,
      log: silentLog,
      metrics: plainMetrics(),
      random: this.#random.fork(),
      ...this.#options.core,
    });
    this.#options.observer.masterStarted();
    this.#registryFreeMs = 0;
    this.#submit({ kind: 'started', registry: this.registry.read() });
  }

  /** The process is killed: everybody linked to it learns of it, what was not written is lost. */
  crash(): void {
    if (this.#core === undefined) return;
    this.#world.note('master', 'crashes');
    this.#incarnation++;
    this.#core = undefined;
    this.#draining = false;
    this.#wake?.cancel();
    this.#wake = undefined;
    this.#network.crash(this.address);
    for (const session of this.#sessions) session.drop(true);
    this.#sessions.clear();
    this.#sessionOf.clear();
  }

  /** The next write of the registry will not become durable. */
  failRegistry(): void {
    this.#registryFails = true;
  }

  /** What an operator wants. Nothing comes of it while the master is down. */
  operate(demand: MaintenanceDemand): void {
    this.#submit({ ...demand, connection: ++this.#connections });
  }

  /** A scheduler connects. Nothing comes of it while the master is down: the connection is closed again. */
  connect(client: SchedulerClient): SchedulerSession {
    const session: SchedulerSession = new SchedulerSession(this.#world, this.#options.session, {
      client,
      connection: () => {
        this.#sessionOf.set(++this.#connections, session);
        return this.#connections;
      },
      server: {
        subscribe: (connection, subscribe) => this.#subscribe(connection, subscribe),
        call: (connection, call, streamId) => this.#call(connection, call, streamId),
        closed: (connection) => {
          if (this.#sessionOf.delete(connection)) this.#submit({ kind: 'stream-closed', connection });
        },
      },
    });
    if (this.#core === undefined) session.drop(true);
    else this.#sessions.add(session);
    return session;
  }

  #subscribe(connection: number, subscribe: SchedulerCallSubscribe): void {
    this.#submit({ kind: 'subscribe-scheduler', connection, subscribe });
  }

  #call(connection: number, call: SchedulerCall, streamId: string | undefined): void {
    this.#submit({ kind: 'call-scheduler', connection, call, streamId });
  }

  #submit(input: MasterInput): void {
    if (this.#core === undefined) return;
    if (input.kind !== 'timer-fired' && input.kind !== 'turn-came' && input.kind !== 'pong-received')
      this.#world.note('master', `takes ${describe(input)}`);
    this.#options.observer.masterInput(input);
    this.#core.step(input, { wallMs: this.#world.wallMs(), monotonicMs: this.#world.nowMs });
    if (this.#draining) return;
    this.#draining = true;
    const incarnation = this.#incarnation;
    this.#world.after(0, () => {
      if (incarnation !== this.#incarnation) return;
      this.#draining = false;
      this.#drain();
    });
  }

  #drain(): void {
    const core = this.#core;
    if (core === undefined) return;
    for (const effect of core.drain()) {
      this.#options.observer.masterEffect(effect);
      this.#perform(effect);
      if (this.#core !== core) return;
    }
    this.#options.observer.masterRested();
    if (++this.#turns % this.#options.checkEvery === 0) core.check();
  }

  #perform(effect: MasterEffect): void {
    const host = this.#host;
    if (host === undefined) return;
    switch (effect.kind) {
      case 'send':
        host.send(effect.from, effect.to, effect.name, effect.body);
        return;
      case 'link':
        host.link('master', effect.to);
        return;
      case 'authenticate-client':
        this.#submit({ kind: 'client-refused', pid: effect.client });
        return;
      case 'spawn-observer': {
        const { observer } = effect;
        const process = { message: () => this.#submit({ kind: 'pong-received', observer }), exited: () => {} };
        host.spawn(observerProcess(observer), process);
        return;
      }
      case 'terminate-observer':
        host.terminate(observerProcess(effect.observer));
        return;
      case 'reply': {
        const session = this.#sessionOf.get(effect.connection);
        this.#sessionOf.delete(effect.connection);
        session?.reply(effect.status, effect.text);
        return;
      }
      case 'open-stream':
        this.#sessionOf.get(effect.connection)?.accept(effect.streamId);
        return;
      case 'stream-event':
        this.#sessionOf.get(effect.connection)?.send(effect.event);
        return;
      case 'close-stream': {
        const session = this.#sessionOf.get(effect.connection);
        this.#sessionOf.delete(effect.connection);
        session?.finish();
        return;
      }
      case 'write-registry':
        this.#write(effect);
        return;
      case 'wake-at':
        this.#wakeAt(effect.monotonicMs);
        return;
      case 'continue-soon':
        this.#continue();
        return;
      case 'exit':
        this.#world.note('master', `exits: ${effect.text}`);
        this.crash();
        this.#world.after(RESTART_MS, () => this.#core ?? this.start());
        return;
    }
  }

  #write(effect: Extract<MasterEffect, { kind: 'write-registry' }>): void {
    const { min, max } = this.#options.registryDelayMs;
    const takesMs = min + this.#random.next() * (max - min);
    const incarnation = this.#incarnation;
    this.#registryFreeMs = Math.max(this.#registryFreeMs, this.#world.nowMs) + takesMs;
    this.#world.after(this.#registryFreeMs - this.#world.nowMs, () => {
      if (incarnation !== this.#incarnation) return;
      const { pending } = effect;
      if (this.#registryFails) {
        this.#registryFails = false;
        this.#submit({ kind: 'registry-written', pending, error: 'the disk is full' });
        return;
      }
      this.registry.apply(effect.operation);
      this.#submit({ kind: 'registry-written', pending });
    });
  }

  /** Slices take their time, and what arrives in it goes first. */
  #continue(): void {
    const incarnation = this.#incarnation;
    this.#world.after(this.#random.next() * SLICE_MS, () => {
      if (incarnation === this.#incarnation) this.#submit({ kind: 'turn-came' });
    });
  }

  #wakeAt(monotonicMs: number): void {
    this.#wake?.cancel();
    this.#wake = this.#world.after(Math.max(0, monotonicMs - this.#world.nowMs), () => {
      this.#wake = undefined;
      this.#submit({ kind: 'timer-fired' });
    });
  }
}

function describe(input: MasterInput): string {
  switch (input.kind) {
    case 'call-scheduler':
      return `${input.call.type} of ${input.call.framework_id?.value ?? '?'} on ${input.connection}`;
    case 'subscribe-scheduler':
      return `SUBSCRIBE of ${input.subscribe.framework_info.name} on ${input.connection}`;
    case 'status-updated': {
      const { status } = input.message.update;
      return `status-updated ${status.task_id.value} ${status.state} from ${input.from}`;
    }
    default:
      return 'from' in input ? `${input.kind} from ${input.from}` : input.kind;
  }
}
