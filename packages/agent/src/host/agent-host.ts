/**
 * Runs one agent core: turns sockets, timers, containers and the disk into inputs and carries out its effects, in order.
 * What follows a write waits until it is done, so that nothing is acknowledged or forwarded before it is on disk; records
 * are begun while messages before them still wait, so that one flush of the disk serves them all. Dull by design: no rule
 * about tasks lives here.
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

/** An effect and, if it changes the disk, how far that is. */
interface Queued {
  readonly effect: AgentEffect;
  write: 'begun' | 'done' | undefined;
}

/** Records may be written before these are sent: to whoever reads them later, one that was not sent might as well be lost. */
const PASSED_BY_RECORDS: ReadonlySet<AgentEffect['kind']> = new Set(['send', 'stream-event', 'reply']);

/** Effects that may wait for the disk. More mean that it has stalled for good, and memory is not for that. */
const MAX_WAITING_EFFECTS = 200_000;
/** So many that are over are worth a shorter queue. */
const MIN_FORGOTTEN = 1_000;

export class AgentHost {
  readonly #options: AgentHostOptions;
  readonly #exchanges: Exchanges<ExecutorEvent>;
  readonly #alarm: Alarm;
  #containers: ContainerDriver | undefined;
  #scheduled = false;
  #closed = false;
  #queue: Queued[] = [];
  /** Those before it in the queue are over. */
  #head = 0;
  /** Of those before it in the queue the writes are begun. */
  #ahead = 0;
  /** Messages between the two. */
  #passed = 0;
  #whenIdle: () => void = () => {};

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
      else this.#queue.push({ effect, write: undefined });
    }
    const waiting = this.#queue.length - this.#head;
    if (waiting > MAX_WAITING_EFFECTS) {
      this.#options.exit(1, `The disk has not kept up: ${waiting} effects wait for its writes`);
    }
    this.#perform();
  }

  /** A bug may have left a table half changed: nothing more is done, and the process ends. What a restart finds is whole. */
  #giveUp(error: unknown): void {
    this.close();
    this.#options.exit(1, `The core failed: ${error instanceof Error ? error.stack : error}`);
  }

  #perform(): void {
    for (;;) {
      if (this.#closed) return;
      this.#lookAhead();
      const entry = this.#queue[this.#head];
      if (entry === undefined || entry.write === 'begun') break;
      if (entry.write === undefined) {
        if (this.#head < this.#ahead) this.#passed--;
        else this.#ahead++;
        // Begun when nothing is being written, and counted as a write: two of them never overlap.
        if (entry.effect.kind === 'commit-resources') {
          this.#await(
            entry,
            commitResources(this.#options.disk, entry.effect),
            'Failed to sync checkpointed resources',
          );
          continue;
        }
        this.#act(entry.effect);
      }
      this.#head++;
    }
    this.#forgetDone();
  }

  /** Begins writes that may be begun: next to each other all of them; behind messages that wait, records. */
  #lookAhead(): void {
    for (; this.#ahead < this.#queue.length; this.#ahead++) {
      const entry = this.#queue[this.#ahead]!;
      const { kind } = entry.effect;
      if (PASSED_BY_RECORDS.has(kind) && this.#ahead > this.#head) this.#passed++;
      else if ((this.#passed > 0 && kind !== 'append-file') || !this.#write(entry)) return;
    }
  }

  #forgetDone(): void {
    if (this.#head === this.#queue.length) {
      this.#queue = [];
      this.#whenIdle();
    } else if (this.#head >= MIN_FORGOTTEN && 2 * this.#head > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head);
    } else return;
    this.#ahead -= this.#head;
    this.#head = 0;
  }

  /** Begins a file effect; false for any other. */
  #write(entry: Queued): boolean {
    const { disk } = this.#options;
    const { effect } = entry;
    switch (effect.kind) {
      case 'write-file':
        this.#await(entry, disk.writeAtomic(effect.path, effect.data), `Failed to write ${effect.path}`);
        return true;
      case 'append-file':
        this.#await(entry, disk.append(effect.path, effect.data), `Failed to write ${effect.path}`);
        return true;
      case 'remove-file':
        this.#await(entry, disk.remove(effect.path), `Failed to remove ${effect.path}`);
        return true;
      case 'symlink':
        this.#await(entry, disk.symlink(effect.target, effect.path), `Failed to write ${effect.path}`);
        return true;
      default:
        return false;
    }
  }

  #await(entry: Queued, write: Promise<void>, failed: string): void {
    entry.write = 'begun';
    write.then(
      () => {
        entry.write = 'done';
        if (this.#queue[this.#head] === entry) this.#perform();
      },
      (error: Error) => {
        // What was to be promised is not on disk: a restart finds the state that is.
        this.#options.exit(1, `${failed}: ${error.message}`);
      },
    );
  }

  #act(effect: AgentEffect): void {
    const { links, files } = this.#options;
    switch (effect.kind) {
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
