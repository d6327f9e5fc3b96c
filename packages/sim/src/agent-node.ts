/**
 * An agent's process under virtual time: its core, its host on the simulated network, and its writes, which take time and
 * may fail. After a crash it starts again on the same machine, reads what is on the disk and goes on.
 *
 * Never: decides anything the core decides.
 */
import {
  AgentCore,
  type AgentEffect,
  type AgentInput,
  type AgentOptions,
  type Leader,
  MASTER_MESSAGE_TYPES,
} from '@mesolite/agent/core';
import { type Detector, silentLog } from '@mesolite/ports';
import { type MessageType, wireName } from '@mesolite/wire';
import { AgentMachine, type RunObserver, WORK_DIRECTORY } from './agent-machine.ts';
import { readMemory } from './agent-memory.ts';
import type { Host, Network } from './network.ts';
import { NodeClock } from './node-clock.ts';
import { receive } from './opened-messages.ts';
import { plainMetrics } from './plain-metrics.ts';
import type { World } from './world.ts';

const KINDS: ReadonlyMap<string, readonly [string, MessageType<object>]> = new Map(
  Object.entries<MessageType<object>>(MASTER_MESSAGE_TYPES).map(([kind, type]) => [wireName(type), [kind, type]]),
);

/** Sees all that goes into and comes out of a core. */
export interface AgentObserver {
  /** `recovered`: as the agent that ran there before. */
  agentStarted(name: string, recovered: boolean): void;
  agentInput(name: string, input: AgentInput): void;
  /** Just before it is carried out; what it must not come before is on the disk. */
  agentEffect(name: string, effect: AgentEffect): void;
}

export interface AgentNodeOptions {
  readonly name: string;
  readonly ip: string;
  readonly port: number;
  readonly detector: Detector<Leader>;
  readonly core: Pick<AgentOptions, 'resources'> & Partial<AgentOptions>;
  readonly checkEvery: number;
  /** A write takes up to so long; what was asked for after it waits. */
  readonly maxWriteMs: number;
  readonly observer: AgentObserver & RunObserver;
}

export class AgentNode {
  readonly name: string;
  readonly address: string;
  readonly clock: NodeClock;
  readonly machine: AgentMachine;
  readonly #world: World;
  readonly #network: Network;
  readonly #options: AgentNodeOptions;
  readonly #random;
  #incarnation = 0;
  #turns = 0;
  #draining = false;
  /** Effects that wait for the disk, which is busy with one write at a time. */
  #waiting: AgentEffect[] = [];
  #writing: AgentEffect | undefined;
  #wake: { cancel(): void } | undefined;
  #host: Host | undefined;
  #core: AgentCore | undefined;
  #stopWatching: () => void = () => {};
  #leader: Leader | undefined;
  /** Writes take so many times longer. */
  slowness = 1;

  constructor(world: World, network: Network, options: AgentNodeOptions) {
    this.#world = world;
    this.#network = network;
    this.#options = options;
    this.#random = world.random.fork();
    this.name = options.name;
    this.address = `${options.ip}:${options.port}`;
    this.clock = new NodeClock(world);
    this.machine = new AgentMachine(world, { name: options.name, observer: options.observer });
  }

  get core(): AgentCore | undefined {
    return this.#core;
  }

  /** Who it has been told leads. */
  get leader(): Leader | undefined {
    return this.#leader;
  }

  start(): void {
    const { ip, port, core, name, detector, observer } = this.#options;
    this.#host = this.#network.host(this.address);
    this.#host.spawn(AGENT_PROCESS, {
      message: (from, messageName, body, connection) => {
        const known = KINDS.get(messageName);
        if (known === undefined) throw new Error(`agent ${name} was sent ${messageName} by ${from}`);
        this.#submit({ kind: known[0], from, message: receive(known[1], body), connection } as AgentInput);
      },
      exited: (pid) => this.#submit({ kind: 'link-exited', pid }),
    });
    this.#incarnation++;
    const { recovered, abandoned } = readMemory(this.machine.disk, WORK_DIRECTORY, this.machine.bootId);
    this.#world.note(name, recovered === undefined ? 'starts' : `starts again as ${recovered.agentId}`);
    this.#core = new AgentCore({
      pid: `${AGENT_PROCESS}@${this.address}`,
      ip,
      port,
      hostname: name,
      attributes: [],
      capabilities: ['MULTI_ROLE', 'HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT', 'AGENT_DRAINING'],
      workDirectory: WORK_DIRECTORY,
      version: '1.12.0',
      bootId: this.machine.bootId,
      former: recovered === undefined ? undefined : { agentId: recovered.agentId, operations: [], discard: [] },
      registrationBackoffMs: 1000,
      executorRegistrationTimeoutMs: 60_000,
      executorReregistrationTimeoutMs: 2000,
      executorShutdownGracePeriodMs: 5000,
      recoveryTimeoutMs: 900_000,
      gcDelayMs: 604_800_000,
      gcDiskHeadroom: 0.1,
      diskWatchIntervalMs: 60_000,
      maxCompletedExecutorsPerFramework: 150,
      switchUser: false,
      httpCommandExecutor: false,
      log: silentLog,
      metrics: plainMetrics(),
      random: this.#random.fork(),
      ...core,
    });
    observer.agentStarted(name, recovered !== undefined);
    this.machine.attach(this.#current((input: AgentInput) => this.#submit(input)));
    this.#submit({ kind: 'started', recovered, abandoned });
    this.#stopWatching = detector.watch(this.#current((leader) => this.#detected(leader)));
  }

  /** The process is killed. A write that was under way may be half done. */
  crash(): void {
    if (this.#core === undefined) return;
    this.#world.note(this.name, 'crashes');
    const torn = this.#writing;
    if (torn?.kind === 'append-file') {
      const bytes = this.#random.below(torn.data.length + 1);
      if (bytes === torn.data.length) this.#options.observer.agentEffect(this.name, torn);
      this.machine.disk.append(torn.path, torn.data.subarray(0, bytes));
    }
    this.#end();
  }

  /** The machine is started anew, and the agent with it some time later. */
  reboot(): void {
    this.#world.note(this.name, 'reboots');
    this.#end();
    this.machine.reboot();
  }

  /** Another machine takes over the address: nothing of this one is left. */
  replace(): void {
    this.#world.note(this.name, 'is replaced');
    this.#end();
    this.machine.replace();
  }

  #end(): void {
    this.#incarnation++;
    this.#core = undefined;
    this.#stopWatching();
    this.#leader = undefined;
    this.#waiting = [];
    this.#writing = undefined;
    this.#draining = false;
    this.#wake?.cancel();
    this.#wake = undefined;
    this.#network.crash(this.address);
    this.machine.detach();
  }

  #detected(leader: Leader | undefined): void {
    this.#leader = leader;
    this.#submit({ kind: 'leader-detected', leader });
  }

  #submit(input: AgentInput): void {
    if (this.#core === undefined) return;
    if (input.kind !== 'timer-fired' && input.kind !== 'ping-received')
      this.#world.note(this.name, `takes ${describe(input)}`);
    this.#options.observer.agentInput(this.name, input);
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
      if (effect.kind === 'wake-at' || (effect.kind === 'send' && effect.urgent === true)) this.#act(effect);
      else this.#waiting.push(effect);
    }
    this.#performWaiting();
    if (this.#core === core && ++this.#turns % this.#options.checkEvery === 0) core.check();
  }

  /** In order, and nothing before the writes it comes after are on disk. */
  #performWaiting(): void {
    const incarnation = this.#incarnation;
    while (this.#writing === undefined) {
      const effect = this.#waiting.shift();
      if (effect === undefined) return;
      const longestMs = this.#options.maxWriteMs * this.slowness;
      if (WRITES.has(effect.kind) && longestMs > 0) {
        this.#writing = effect;
        const written = this.#current(() => {
          this.#writing = undefined;
          this.#act(effect);
          this.#performWaiting();
        });
        this.#world.after(this.#random.next() ** 4 * longestMs, written);
        return;
      }
      this.#act(effect);
      if (this.#incarnation !== incarnation) return;
    }
  }

  #act(effect: AgentEffect): void {
    this.#options.observer.agentEffect(this.name, effect);
    if (!this.#write(effect)) this.#exit(`the disk refuses ${effect.kind}`);
    else this.#perform(effect);
  }

  /** False when the disk is full. */
  #write(effect: AgentEffect): boolean {
    const { disk } = this.machine;
    switch (effect.kind) {
      case 'write-file':
        return disk.write(effect.path, effect.data);
      case 'append-file':
        return disk.append(effect.path, effect.data);
      case 'symlink':
        return disk.symlink(effect.path, effect.target);
      case 'commit-resources':
        for (const path of effect.discard) disk.remove(path);
        return effect.files.every(({ path, data }) => disk.write(path, data));
      case 'remove-file':
        disk.remove(effect.path);
        return true;
      default:
        return true;
    }
  }

  #perform(effect: AgentEffect): void {
    const { machine } = this;
    switch (effect.kind) {
      case 'send':
        if (effect.attempt !== undefined && effect.attempt !== this.#core?.state.registrationAttempt) return;
        this.#host?.send(AGENT_PROCESS, effect.to, effect.name, effect.body);
        return;
      case 'link':
        this.#host?.link(AGENT_PROCESS, effect.to);
        return;
      case 'launch-container':
        machine.launch(effect);
        return;
      case 'recover-containers':
        this.#world.after(
          1,
          this.#current(() => machine.recover(effect)),
        );
        return;
      case 'signal-container':
        machine.signal(effect);
        return;
      case 'destroy-container':
        machine.destroy(effect.containerId);
        return;
      case 'forget-container':
        machine.forget(effect.containerId);
        return;
      case 'remove-paths':
        for (const path of effect.paths) machine.disk.remove(path);
        this.#later(() => ({ kind: 'paths-removed', removed: effect.paths.length, failed: 0 }));
        return;
      case 'measure-disk':
        this.#later(() => ({ kind: 'disk-usage-measured', usage: 0.5 }));
        return;
      case 'wake-at':
        this.#wakeAt(effect.monotonicMs);
        return;
      case 'detect-leader':
        // As it is by then: meanwhile it may have been told.
        this.#later(() => ({ kind: 'leader-detected', leader: this.#leader }));
        return;
      case 'exit':
        this.#exit(effect.text);
        return;
      case 'stream-event':
        machine.executorOf(effect.connection)?.handle(effect.event);
        return;
      case 'close-stream':
        machine.executorOf(effect.connection)?.closed();
        return;
      case 'reply':
        // Refused: there is no stream after all. Answers to other calls come under numbers of their own.
        if (effect.status !== 202) machine.executorOf(effect.connection)?.closed();
        return;
      // Written already, or of sandboxes, at which nobody looks.
      case 'write-file':
      case 'append-file':
      case 'commit-resources':
      case 'remove-file':
      case 'symlink':
      case 'open-stream':
      case 'update-container':
      case 'attach-files':
      case 'detach-files':
        return;
    }
  }

  #exit(text: string): void {
    this.#world.note(this.name, `exits: ${text}`);
    this.#end();
    this.#world.after(RESTART_MS, () => this.#core ?? this.start());
  }

  #later(input: () => AgentInput): void {
    this.#world.after(
      1,
      this.#current(() => this.#submit(input())),
    );
  }

  #wakeAt(monotonicMs: number | undefined): void {
    this.#wake?.cancel();
    this.#wake = undefined;
    if (monotonicMs === undefined) return;
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

/** Whoever watches over daemons starts one that ended by itself again after this time. */
const RESTART_MS = 3000;
const WRITES: ReadonlySet<string> = new Set(['write-file', 'append-file', 'symlink', 'commit-resources']);

/** What agents are called on the wire. */
const AGENT_PROCESS = 'slave(1)';

function describe(input: AgentInput): string {
  switch (input.kind) {
    case 'executor-called':
      return `${input.call.type} of executor ${input.call.executor_id.value} on ${input.connection}`;
    case 'run-task':
      return `run-task ${input.message.task.task_id.value}`;
    case 'kill-task':
      return `kill-task ${input.message.task_id.value}`;
    case 'status-update-acknowledged':
      return `acknowledgement of ${input.message.task_id.value}`;
    case 'leader-detected':
      return `leader-detected ${input.leader?.pid ?? 'nobody'}`;
    default:
      return input.kind;
  }
}
