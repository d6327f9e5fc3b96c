/**
 * Runs one agent core: turns sockets, timers, containers and the disk into inputs and carries out its effects, in order.
 * What follows a write waits until it is done, so that nothing is acknowledged or forwarded before it is on disk. Dull by
 * design: no rule about tasks lives here.
 */
import { rm, statfs } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { Alarm, Exchanges, type FilesApi, type HttpReply, type MediaType } from '@mesolite/daemon';
import type { Clock, Disk, Links, Log, Timers } from '@mesolite/ports';
import { AGENT_PROCESS_ID, ExecutorEvent } from '@mesolite/wire';
import type { AgentCore, AgentEffect, AgentInput, ConnectionId } from '../core/index.ts';
import type { ContainerDriver } from './container-driver.ts';
import type { MasterAuthentication } from './master-authentication.ts';
import { commitResources } from './resource-files.ts';

/** A SUBSCRIBE request: where its events go, and how they are written. */
export interface StreamClient {
  readonly response: ServerResponse;
  readonly mediaType: MediaType;
}

export interface AgentHostOptions {
  readonly core: AgentCore;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly links: Links;
  readonly disk: Disk;
  readonly files: Pick<FilesApi, 'attach' | 'detach'>;
  readonly log: Log;
  /** Tells the host, by an input, who leads now. */
  readonly detectLeader: () => void;
  /** Carries out attempts to authenticate, where there is a credential. */
  readonly authentication?: MasterAuthentication | undefined;
  /** The core is done, or gave up: the process must end. */
  readonly exit: (code: number, text: string) => void;
}

/** Effects that may wait for the disk. More mean that it has stalled for good, and memory is not for that. */
const MAX_WAITING_EFFECTS = 200_000;

export class AgentHost {
  readonly #options: AgentHostOptions;
  readonly #exchanges: Exchanges<ExecutorEvent>;
  readonly #alarm: Alarm;
  #containers: ContainerDriver | undefined;
  #scheduled = false;
  #closed = false;
  #queue: AgentEffect[] = [];
  #whenIdle: () => void = () => {};
  /** File effects begun and not done. */
  #writing = 0;

  constructor(options: AgentHostOptions) {
    this.#options = options;
    this.#exchanges = new Exchanges(ExecutorEvent, options.log);
    this.#alarm = new Alarm({ ...options, ring: () => this.submit({ kind: 'timer-fired' }) });
  }

  /** Gives the host what carries out container effects; to be called before the first input. */
  useContainers(containers: ContainerDriver): void {
    this.#containers = containers;
  }

  /** Gives an input to the core; its effects are begun before this turn of the event loop ends. */
  submit(input: AgentInput): void {
    if (this.#closed) return;
    const { core, clock } = this.#options;
    try {
      core.step(input, { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() });
    } catch (error) {
      this.#giveUp(error);
      return;
    }
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#drain());
  }

  /** Submits a call that the core answers with one `reply`, and resolves with it. */
  demand(make: (connection: ConnectionId) => AgentInput): Promise<HttpReply> {
    return this.#exchanges.demand((connection) => this.submit(make(connection)));
  }

  /** As {@link demand} for SUBSCRIBE: resolves with nothing when the core opened a stream on the response instead. */
  subscribe(client: StreamClient, make: (connection: ConnectionId) => AgentInput): Promise<HttpReply | undefined> {
    return this.#exchanges.subscribe(client, (connection) => this.submit(make(connection)));
  }

  /** Lets the core end what must not outlive the process, then closes. Resolves when that is done. */
  async stop(): Promise<void> {
    if (!this.#closed) {
      const idle = new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
      this.submit({ kind: 'stop' });
      await idle;
    }
    this.close();
    await this.#containers?.settled();
  }

  /** Ends streams and timers; inputs that still arrive are ignored, and a stop under way waits for no more writes. */
  close(): void {
    this.#closed = true;
    this.#alarm.cancel();
    this.#exchanges.close();
    this.#whenIdle();
  }

  #drain(): void {
    this.#scheduled = false;
    let effects: readonly AgentEffect[];
    try {
      effects = this.#options.core.drain();
    } catch (error) {
      this.#giveUp(error);
      return;
    }
    for (const effect of effects) {
      if (effect.kind === 'wake-at') this.#alarm.set(effect.monotonicMs);
      // A slow disk must not make a living agent look dead.
      else if (effect.kind === 'send' && effect.urgent) this.#act(effect);
      else this.#queue.push(effect);
    }
    if (this.#queue.length > MAX_WAITING_EFFECTS) {
      this.#options.exit(1, `The disk has not kept up: ${this.#queue.length} effects wait for its writes`);
    }
    this.#perform();
  }

  /** A bug may have left a table half changed: nothing more is done, and the process ends. What a restart finds is whole. */
  #giveUp(error: unknown): void {
    this.close();
    this.#options.exit(1, `The core failed: ${error instanceof Error ? error.stack : error}`);
  }

  #perform(): void {
    let done = 0;
    for (const effect of this.#queue) {
      if (this.#closed) return;
      if (!this.#write(effect)) {
        if (this.#writing > 0) break;
        this.#act(effect);
      }
      done++;
    }
    this.#queue = done === this.#queue.length ? [] : this.#queue.slice(done);
    if (this.#queue.length === 0 && this.#writing === 0) this.#whenIdle();
  }

  /** Begins a file effect; false for any other. */
  #write(effect: AgentEffect): boolean {
    const { disk } = this.#options;
    switch (effect.kind) {
      case 'write-file':
        this.#await(disk.writeAtomic(effect.path, effect.data), `Failed to write ${effect.path}`);
        return true;
      case 'append-file':
        this.#await(disk.append(effect.path, effect.data), `Failed to write ${effect.path}`);
        return true;
      case 'remove-file':
        this.#await(disk.remove(effect.path), `Failed to remove ${effect.path}`);
        return true;
      case 'symlink':
        this.#await(disk.symlink(effect.target, effect.path), `Failed to write ${effect.path}`);
        return true;
      default:
        return false;
    }
  }

  #await(write: Promise<void>, failed: string): void {
    this.#writing++;
    write.then(
      () => {
        this.#writing--;
        if (this.#writing === 0) this.#perform();
      },
      (error: Error) => {
        // What was to be promised is not on disk: a restart finds the state that is.
        this.#options.exit(1, `${failed}: ${error.message}`);
      },
    );
  }

  #act(effect: AgentEffect): void {
    const { links, files, disk } = this.#options;
    switch (effect.kind) {
      // Begun when nothing is being written, and counted as a write: two of them never overlap.
      case 'commit-resources':
        this.#await(commitResources(disk, effect), 'Failed to sync checkpointed resources');
        return;
      case 'send':
        if (effect.attempt !== undefined && effect.attempt !== this.#options.core.state.registrationAttempt) return;
        links.send(AGENT_PROCESS_ID, effect.to, effect.name, effect.body);
        return;
      case 'link':
        links.link(AGENT_PROCESS_ID, effect.to);
        return;
      case 'authenticate':
        this.#options.authentication?.begin(effect.attempt, effect.master);
        return;
      case 'cancel-authentication':
        this.#options.authentication?.cancel();
        return;
      case 'launch-container':
        this.#containers?.launch(effect);
        return;
      case 'recover-containers':
        this.#containers?.recover(effect);
        return;
      case 'signal-container':
        this.#containers?.signal(effect.containerId, effect.signal);
        return;
      case 'destroy-container':
        this.#containers?.destroy(effect.containerId);
        return;
      case 'forget-container':
        this.#containers?.forget(effect.containerId);
        return;
      case 'update-container':
        this.#containers?.update(effect);
        return;
      case 'attach-files':
        files.attach(effect.realPath, effect.virtualPath);
        return;
      case 'detach-files':
        files.detach(effect.virtualPath);
        return;
      case 'stream-event':
        this.#exchanges.send(effect.connection, effect.event);
        return;
      case 'open-stream':
        this.#openStream(effect.connection);
        return;
      case 'close-stream':
        this.#exchanges.closeStream(effect.connection);
        return;
      case 'reply':
        this.#exchanges.reply(effect.connection, effect.status, effect.text);
        return;
      case 'remove-paths':
        void this.#removePaths(effect.paths);
        return;
      case 'measure-disk':
        void this.#measureDisk();
        return;
      case 'detect-leader':
        this.#options.detectLeader();
        return;
      case 'exit':
        this.#options.exit(effect.code, effect.text);
        return;
    }
  }

  #openStream(connection: ConnectionId): void {
    this.#exchanges.openStream(connection, {}, () => this.submit({ kind: 'executor-stream-closed', connection }));
  }

  async #removePaths(paths: readonly string[]): Promise<void> {
    let removed = 0;
    for (const path of paths) {
      try {
        await rm(path, { recursive: true, force: true });
        removed++;
      } catch (error) {
        this.#options.log.warning(`Failed to delete '${path}': ${(error as Error).message}`);
      }
    }
    this.submit({ kind: 'paths-removed', removed, failed: paths.length - removed });
  }

  async #measureDisk(): Promise<void> {
    try {
      const { blocks, bfree } = await statfs(this.#options.core.options.workDirectory);
      this.submit({ kind: 'disk-usage-measured', usage: blocks === 0 ? 0 : (blocks - bfree) / blocks });
    } catch (error) {
      this.#options.log.error(`Failed to get disk usage: ${(error as Error).message}`);
    }
  }
}
