/**
 * An agent under virtual time: its core, its host on the simulated network, fake containers and files in memory. A crash
 * ends its containers and forgets its files: it comes back as another agent at the same address.
 *
 * Never: decides anything the core decides.
 */
import {
  AgentCore,
  type AgentEffect,
  type AgentInput,
  type AgentOptions,
  MASTER_MESSAGE_TYPES,
} from '@mesolite/agent/core';
import type { ContainerId } from '@mesolite/base';
import { type ContainerTermination, FakeContainerizer } from '@mesolite/containers';
import { silentLog } from '@mesolite/ports';
import { type MessageType, wireName } from '@mesolite/wire';
import { EXECUTOR_WORD, FakeExecutor } from './fake-executor.ts';
import type { Host, Network } from './network.ts';
import { plainMetrics } from './plain-metrics.ts';
import type { World } from './world.ts';

const KINDS: ReadonlyMap<string, readonly [string, MessageType<object>]> = new Map(
  Object.entries<MessageType<object>>(MASTER_MESSAGE_TYPES).map(([kind, type]) => [wireName(type), [kind, type]]),
);

/** Sees all that goes into and comes out of a core. */
export interface AgentObserver {
  agentStarted(name: string): void;
  agentInput(name: string, input: AgentInput): void;
  agentEffect(name: string, effect: AgentEffect): void;
}

export interface AgentNodeOptions {
  readonly name: string;
  readonly ip: string;
  readonly port: number;
  readonly leader: { readonly pid: string; readonly hostname: string };
  readonly core: Pick<AgentOptions, 'resources'> & Partial<AgentOptions>;
  readonly checkEvery: number;
  /** A write takes up to so long; what was asked for after it waits. */
  readonly maxWriteMs: number;
  readonly observer: AgentObserver;
}

export class AgentNode {
  readonly name: string;
  readonly address: string;
  readonly #world: World;
  readonly #network: Network;
  readonly #options: AgentNodeOptions;
  readonly #random;
  #files = new Map<string, Uint8Array>();
  #incarnation = 0;
  #turns = 0;
  #draining = false;
  /** Effects that wait for the disk, which is busy with one write at a time. */
  #waiting: AgentEffect[] = [];
  #writing = false;
  #wake: { cancel(): void } | undefined;
  #host: Host | undefined;
  #core: AgentCore | undefined;
  #containers: FakeContainerizer | undefined;
  /** Custom executors by container. */
  readonly #executors = new Map<ContainerId, FakeExecutor>();
  #connections = 0;

  constructor(world: World, network: Network, options: AgentNodeOptions) {
    this.#world = world;
    this.#network = network;
    this.#options = options;
    this.#random = world.random.fork();
    this.name = options.name;
    this.address = `${options.ip}:${options.port}`;
  }

  get core(): AgentCore | undefined {
    return this.#core;
  }

  /** Containers that have not ended. */
  get runningContainers(): readonly ContainerId[] {
    return this.#containers?.containers().map(({ containerId }) => containerId) ?? [];
  }

  /** What has been written, by path. */
  get files(): ReadonlyMap<string, Uint8Array> {
    return this.#files;
  }

  start(): void {
    const { ip, port, core, leader, name } = this.#options;
    this.#world.note(name, 'starts');
    this.#host = this.#network.host(this.address);
    this.#host.spawn(AGENT_PROCESS, {
      message: (from, messageName, body) => {
        const known = KINDS.get(messageName);
        if (known === undefined) throw new Error(`agent ${name} was sent ${messageName} by ${from}`);
        this.#submit({ kind: known[0], from, message: known[1].decode(body) } as AgentInput);
      },
      exited: (pid) => this.#submit({ kind: 'link-exited', pid }),
    });
    this.#incarnation++;
    this.#containers = new FakeContainerizer({ timers: this.#world, now: () => this.#world.wallMs() });
    this.#core = new AgentCore({
      pid: `${AGENT_PROCESS}@${this.address}`,
      ip,
      port,
      hostname: name,
      attributes: [],
      capabilities: ['MULTI_ROLE', 'HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT'],
      workDirectory: '/work',
      version: '1.12.0',
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
    this.#options.observer.agentStarted(name);
    this.#submit({ kind: 'started' });
    this.#submit({ kind: 'leader-detected', leader });
  }

  crash(): void {
    if (this.#core === undefined) return;
    this.#world.note(this.name, 'crashes');
    this.#incarnation++;
    this.#core = undefined;
    this.#containers = undefined;
    for (const executor of this.#executors.values()) executor.end();
    this.#executors.clear();
    this.#files = new Map();
    this.#waiting = [];
    this.#writing = false;
    this.#draining = false;
    this.#wake?.cancel();
    this.#wake = undefined;
    this.#network.crash(this.address);
  }

  /** One running container, chosen by `pick`, dies of a signal nobody sent. */
  killContainer(pick: (bound: number) => number): void {
    const running = this.#containers?.containers().filter(({ state }) => state === 'running') ?? [];
    const victim = running[pick(Math.max(1, running.length))];
    if (victim === undefined) return;
    this.#world.note(this.name, `container of pid ${victim.pid} crashes`);
    this.#containers?.crash(victim.containerId, { kind: 'signaled', signal: 11, coreDumped: false });
  }

  /** The stream between the agent and one of its executors breaks. */
  dropExecutor(pick: (bound: number) => number): void {
    const executors = [...this.#executors.values()].filter(({ stream }) => stream !== undefined);
    const stream = executors[pick(Math.max(1, executors.length))]?.stream;
    if (stream === undefined) return;
    this.#world.note(this.name, `loses the stream ${stream} of an executor`);
    this.#executorOf(stream)?.closed();
    this.#submit({ kind: 'executor-stream-closed', connection: stream });
  }

  #executorOf(connection: number): FakeExecutor | undefined {
    for (const executor of this.#executors.values()) if (executor.stream === connection) return executor;
    return undefined;
  }

  #submit(input: AgentInput): void {
    if (this.#core === undefined) return;
    if (input.kind !== 'timer-fired' && input.kind !== 'ping-received')
      this.#world.note(this.name, `takes ${describe(input)}`);
    this.#options.observer.agentInput(this.name, input);
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
      if (effect.kind === 'wake-at' || (effect.kind === 'send' && effect.urgent === true)) this.#act(effect);
      else this.#waiting.push(effect);
    }
    this.#performWaiting();
    if (this.#core === core && ++this.#turns % this.#options.checkEvery === 0) core.check();
  }

  /** In order, and nothing before the writes it comes after are on disk. */
  #performWaiting(): void {
    const incarnation = this.#incarnation;
    while (!this.#writing) {
      const effect = this.#waiting.shift();
      if (effect === undefined) return;
      if (WRITES.has(effect.kind) && this.#options.maxWriteMs > 0) {
        this.#writing = true;
        const written = this.#current(() => {
          this.#writing = false;
          this.#act(effect);
          this.#performWaiting();
        });
        this.#world.after(this.#random.next() ** 4 * this.#options.maxWriteMs, written);
        return;
      }
      this.#act(effect);
      if (this.#incarnation !== incarnation) return;
    }
  }

  #act(effect: AgentEffect): void {
    this.#options.observer.agentEffect(this.name, effect);
    this.#perform(effect);
  }

  #perform(effect: AgentEffect): void {
    const [host, containers] = [this.#host, this.#containers];
    if (host === undefined || containers === undefined) return;
    switch (effect.kind) {
      case 'send':
        host.send(AGENT_PROCESS, effect.to, effect.name, effect.body);
        return;
      case 'link':
        host.link(AGENT_PROCESS, effect.to);
        return;
      case 'launch-container':
        this.#launch(effect);
        return;
      case 'signal-container':
        containers.kill(effect.containerId, effect.signal);
        return;
      case 'destroy-container':
        void containers.destroy(effect.containerId);
        return;
      case 'write-file':
        this.#files.set(effect.path, effect.data);
        return;
      case 'commit-resources':
        for (const { path, data } of effect.files) this.#files.set(path, data);
        this.#removeFiles(effect.discard);
        return;
      case 'append-file':
        this.#files.set(effect.path, Buffer.concat([this.#files.get(effect.path) ?? Buffer.alloc(0), effect.data]));
        return;
      case 'remove-paths':
        this.#removePaths(effect.paths);
        return;
      case 'measure-disk':
        this.#world.after(
          1,
          this.#current(() => this.#submit({ kind: 'disk-usage-measured', usage: 0.5 })),
        );
        return;
      case 'wake-at':
        this.#wakeAt(effect.monotonicMs);
        return;
      case 'detect-leader': {
        const { leader } = this.#options;
        this.#world.after(
          1,
          this.#current(() => this.#submit({ kind: 'leader-detected', leader })),
        );
        return;
      }
      case 'exit':
        this.#world.note(this.name, `exits: ${effect.text}`);
        this.crash();
        this.#world.after(RESTART_MS, () => this.#core ?? this.start());
        return;
      case 'stream-event':
        this.#executorOf(effect.connection)?.handle(effect.event);
        return;
      case 'close-stream':
        this.#executorOf(effect.connection)?.closed();
        return;
      case 'reply':
        // Refused: there is no stream after all. Answers to other calls come under numbers of their own.
        if (effect.status !== 202) this.#executorOf(effect.connection)?.closed();
        return;
      // Nobody looks at sandboxes.
      case 'open-stream':
      case 'forget-container':
      case 'update-container':
      case 'recover-containers':
      case 'remove-file':
      case 'symlink':
      case 'attach-files':
      case 'detach-files':
        return;
    }
  }

  #launch(effect: Extract<AgentEffect, { kind: 'launch-container' }>): void {
    const { containerId } = effect;
    let launched = false;
    this.#containers?.start(
      {
        containerId,
        sandbox: effect.sandbox,
        command: effect.command,
        env: effect.environment,
        checkpoint: effect.checkpoint,
        stateDirectory: `/run/${containerId}`,
        resources: [...effect.resources],
      },
      {
        launched: this.#current((result) => {
          if (result.ok) {
            launched = true;
            this.#submit({ kind: 'container-launched', containerId, pid: result.value.pid });
            if (effect.command.value?.split(' ').includes(EXECUTOR_WORD)) this.#startExecutor(effect);
          } else {
            this.#submit({ kind: 'container-launch-failed', containerId, ...result.error });
          }
        }),
        ended: this.#current((termination: ContainerTermination) => {
          this.#executors.get(containerId)?.end();
          this.#executors.delete(containerId);
          const { status, reason, message } = termination;
          if (launched) this.#submit({ kind: 'container-ended', containerId, end: { status, reason, message } });
        }),
      },
    );
  }

  #startExecutor({ containerId, frameworkId, executorId }: Extract<AgentEffect, { kind: 'launch-container' }>): void {
    const submit = this.#current((input: AgentInput) => this.#submit(input));
    const executor = new FakeExecutor(this.#world, this.#random.fork(), {
      frameworkId,
      executorId,
      call: (call) => {
        const connection = ++this.#connections;
        this.#world.after(0.2, () => submit({ kind: 'executor-called', connection, call }));
        return connection;
      },
      exit: (code) => this.#containers?.crash(containerId, { kind: 'exited', code }),
    });
    this.#executors.set(containerId, executor);
  }

  #removeFiles(paths: readonly string[]): void {
    for (const path of paths)
      for (const file of [...this.#files.keys()]) if (file.startsWith(`${path}/`)) this.#files.delete(file);
  }

  #removePaths(paths: readonly string[]): void {
    this.#removeFiles(paths);
    this.#world.after(
      1,
      this.#current(() => this.#submit({ kind: 'paths-removed', removed: paths.length, failed: 0 })),
    );
  }

  #wakeAt(monotonicMs: number | undefined): void {
    this.#wake?.cancel();
    this.#wake = undefined;
    if (monotonicMs === undefined) return;
    this.#wake = this.#world.after(Math.max(0, monotonicMs - this.#world.nowMs), () => {
      this.#wake = undefined;
      this.#submit({ kind: 'timer-fired' });
    });
  }

  /** `act`, unless the agent crashed meanwhile. */
  #current<A extends readonly unknown[]>(act: (...args: A) => void): (...args: A) => void {
    const incarnation = this.#incarnation;
    return (...args) => {
      if (incarnation === this.#incarnation) act(...args);
    };
  }
}

/** Whoever watches over daemons starts one that ended by itself again after this time. */
const RESTART_MS = 3000;
const WRITES: ReadonlySet<string> = new Set(['write-file', 'append-file', 'commit-resources']);

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
    default:
      return input.kind;
  }
}
