/**
 * A master under virtual time: its process on the simulated network, its place in the election, its core once it leads, and
 * its schedulers' connections. May crash and start again; only the registry outlives it, which all masters share.
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
  type RecoveredRegistry,
} from '@mesolite/master/core';
import { silentLog } from '@mesolite/ports';
import { type MessageType, type SchedulerCall, type SchedulerCallSubscribe, wireName } from '@mesolite/wire';
import type { Candidate, Ensemble } from './ensemble.ts';
import { describe } from './master-inputs.ts';
import type { MasterObserver } from './master-observer.ts';
import type { Host, Network } from './network.ts';
import { NodeClock } from './node-clock.ts';
import { receive } from './opened-messages.ts';
import { plainMetrics } from './plain-metrics.ts';
import type { RegistryShelf } from './registry-shelf.ts';
import { type SchedulerClient, SchedulerSession, type SessionOptions } from './scheduler-session.ts';
import type { World } from './world.ts';

const KINDS: ReadonlyMap<string, readonly [string, MessageType<object>]> = new Map(
  Object.entries<MessageType<object>>(MASTER_MESSAGE_TYPES).map(([kind, type]) => [wireName(type), [kind, type]]),
);

export interface MasterNodeOptions {
  readonly name: string;
  readonly ip: string;
  readonly port: number;
  readonly core: Partial<MasterOptions>;
  readonly session: SessionOptions;
  readonly ensemble: Ensemble;
  readonly registry: RegistryShelf;
  /** Check all tables after each so many turns. */
  readonly checkEvery: number;
  readonly observer: MasterObserver;
}

/** What an operator may ask for. */
export type OperatorDemand = {
  [K in OperatorDemandKind]: Omit<InputOf<K>, 'connection'>;
}[OperatorDemandKind];
type OperatorDemandKind =
  | 'update-maintenance-schedule'
  | 'start-maintenance'
  | 'stop-maintenance'
  | 'drain-agent'
  | 'deactivate-agent'
  | 'reactivate-agent'
  | 'mark-agent-gone'
  | 'teardown-framework';

/** Whoever watches over daemons starts one that ended by itself again after this time. */
const RESTART_MS = 3000;
/** Longest time from one slice of an allocation to the next. */
const SLICE_MS = 20;

export class MasterNode {
  readonly name: string;
  readonly pid: string;
  readonly address: string;
  readonly clock: NodeClock;
  readonly #world: World;
  readonly #network: Network;
  readonly #options: MasterNodeOptions;
  readonly #random;
  readonly #sessions = new Set<SchedulerSession>();
  /** Of requests not answered yet and of streams. */
  readonly #sessionOf = new Map<number, SchedulerSession>();
  /** Each write arrives, and is answered, after those before it. */
  #askedMs = 0;
  #answeredMs = 0;
  #incarnation = 0;
  #connections = 0;
  #turns = 0;
  #draining = false;
  #running = false;
  #wake: { cancel(): void } | undefined;
  #host: Host | undefined;
  #membership: { leave(): void } | undefined;
  #candidate: Candidate | undefined;
  #elected = false;
  #holder = 0;
  #core: MasterCore | undefined;

  constructor(world: World, network: Network, options: MasterNodeOptions) {
    this.#world = world;
    this.#network = network;
    this.#options = options;
    this.#random = world.random.fork();
    this.name = options.name;
    this.address = `${options.ip}:${options.port}`;
    this.pid = `master@${this.address}`;
    this.clock = new NodeClock(world);
  }

  /** Only of a master that takes itself for the leader and has read the registry. */
  get core(): MasterCore | undefined {
    return this.#core;
  }

  get running(): boolean {
    return this.#running;
  }

  /** Its number as a holder of the registry. */
  get holder(): number {
    return this.#holder;
  }

  start(): void {
    this.#world.note(this.name, 'starts');
    this.#running = true;
    this.#incarnation++;
    this.#host = this.#network.host(this.address);
    this.#host.spawn('master', {
      message: (from, name, body, connection) => {
        const known = KINDS.get(name);
        if (known === undefined) throw new Error(`the master was sent ${name} by ${from}`);
        this.#submit({ kind: known[0], from, message: receive(known[1], body), connection } as MasterInput);
      },
      exited: (pid) => this.#submit({ kind: 'link-exited', pid }),
    });
    this.#candidate = { id: uuidText(this.#random.bytes(16)), pid: this.pid, hostname: this.name };
    this.#join(this.#candidate);
  }

  #join(candidate: Candidate): void {
    this.#membership = this.#options.ensemble.join(this.address, candidate, {
      leader: this.#current((leader) => this.#detected(leader)),
      lost: this.#current(() => {
        if (this.#elected) this.#exit('lost its candidacy');
        else
          this.#world.after(
            100,
            this.#current(() => this.#join(candidate)),
          );
      }),
    });
  }

  #detected(leader: Candidate | undefined): void {
    const isOwn = leader?.id === this.#candidate?.id;
    if (this.#elected && !isOwn) this.#exit('does not lead any more');
    if (this.#elected || !isOwn) return;
    this.#elected = true;
    this.#world.note(this.name, 'is elected');
    const { ensemble, registry } = this.#options;
    registry.open(
      () => ensemble.hasSession(leader),
      this.#current((holder, found) => this.#lead(holder, found)),
    );
  }

  #lead(holder: number, registry: RecoveredRegistry): void {
    const { ip, port, observer } = this.#options;
    this.#world.note(this.name, `leads, as holder ${holder} of the registry`);
    this.#holder = holder;
    this.#core = new MasterCore({
      info: {
        id: this.#candidate?.id ?? '',
        ip: Buffer.from(ip.split('.').map(Number)).readUInt32LE(0),
        port,
        pid: this.pid,
        hostname: this.name,
        version: '1.12.0',
        address: { hostname: this.name, ip, port },
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
    observer.masterStarted(holder);
    this.#askedMs = 0;
    this.#answeredMs = 0;
    this.#submit({ kind: 'started', registry });
  }

  /** The process is killed: everybody linked to it learns of it, what was not written is lost. */
  crash(): void {
    if (!this.#running) return;
    this.#world.note(this.name, 'crashes');
    this.#end();
  }

  #exit(text: string): void {
    this.#world.note(this.name, `exits: ${text}`);
    this.#end();
    this.#world.after(RESTART_MS, () => {
      if (!this.#running) this.start();
    });
  }

  #end(): void {
    this.#incarnation++;
    this.#running = false;
    this.#elected = false;
    this.#core = undefined;
    this.#draining = false;
    this.#membership?.leave();
    this.#membership = undefined;
    this.#wake?.cancel();
    this.#wake = undefined;
    this.#network.crash(this.address);
    for (const session of this.#sessions) session.drop(true);
    this.#sessions.clear();
    this.#sessionOf.clear();
  }

  /** What an operator wants. Nothing comes of it while this master does not lead. */
  operate(demand: OperatorDemand): void {
    this.#world.hit(`operator ${demand.kind}`);
    this.#submit({ ...demand, connection: ++this.#connections } as MasterInput);
  }

  /** A scheduler connects. Nothing comes of it while this master does not lead: the connection is closed again. */
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
      this.#world.note(this.name, `takes ${describe(input)}`);
    this.#options.observer.masterInput(input);
    this.#core.step(input, this.clock.now());
    if (this.#draining) return;
    this.#draining = true;
    this.#world.after(
      0,
      this.#current(() => {
        this.#draining = false;
        this.#drain();
      }),
    );
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
        // Slices take their time, and what arrives in it goes first.
        this.#world.after(
          this.#random.next() * SLICE_MS,
          this.#current(() => this.#submit({ kind: 'turn-came' })),
        );
        return;
      case 'exit':
        this.#exit(effect.text);
        return;
    }
  }

  /** It arrives at the store whatever becomes of this master meanwhile. */
  #write({ operation, pending }: Extract<MasterEffect, { kind: 'write-registry' }>): void {
    const { registry } = this.#options;
    const holder = this.#holder;
    const world = this.#world;
    this.#askedMs = Math.max(this.#askedMs, world.nowMs) + registry.delayMs();
    const answered = this.#current((error: string | undefined) => {
      if (error === undefined) registry.answered(holder, operation);
      this.#submit({ kind: 'registry-written', pending, error });
    });
    world.after(this.#askedMs - world.nowMs, () => {
      const error = registry.write(holder, operation);
      this.#answeredMs = Math.max(this.#answeredMs, world.nowMs) + registry.delayMs();
      world.after(this.#answeredMs - world.nowMs, () => answered(error));
    });
  }

  #wakeAt(monotonicMs: number): void {
    this.#wake?.cancel();
    this.#wake = this.#world.after(this.clock.worldMsUntil(monotonicMs), () => {
      this.#wake = undefined;
      this.#submit({ kind: 'timer-fired' });
    });
  }

  /** `act`, unless the process ended meanwhile. */
  #current<A extends readonly unknown[]>(act: (...args: A) => void): (...args: A) => void {
    const incarnation = this.#incarnation;
    return (...args) => {
      if (incarnation === this.#incarnation) act(...args);
    };
  }
}
