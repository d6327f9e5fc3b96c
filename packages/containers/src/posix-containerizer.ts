/**
 * Containers that are plain processes: a sandbox, fetched files, a supervisor shell, the command. Limits nothing.
 *
 * Owns the life of a container from launch to the last of its processes. Each has a session of its own and writes to
 * files, so it lives on when the agent dies, and what is on disk is enough to take it over (see posix/exit-record.ts).
 * Must never remove a file: sandboxes and state directories are the agent's to collect.
 *
 * Departs from Mesos: processes that leave the command's session are found by a mark in their environment and end with
 * the container; those the command leaves behind end with it as well.
 */
import { BoundedMap, type ContainerId, err, ok, type Result } from '@mesolite/base';
import { type Log, type Metrics, silentLog } from '@mesolite/ports';
import type { Resource, ResourceStatistics, TaskStatusReason } from '@mesolite/wire';
import type {
  Containerizer,
  ContainerSignal,
  ContainerSpec,
  ContainerSummary,
  ContainerTermination,
  ContainerVolume,
  LaunchedContainer,
  LaunchFailure,
  RecoverableContainer,
} from './containerizer.ts';
import { Fetcher } from './fetcher/fetcher.ts';
import { supervisorCommand } from './posix/command-line.ts';
import { Container } from './posix/container.ts';
import { type ContainerCounters, containerCounters } from './posix/container-counters.ts';
import { isAlive, type ProcessIdentity, readExitRecord, readSupervisor } from './posix/exit-record.ts';
import { Identities, type Identity } from './posix/identity.ts';
import { ProcessStarter } from './posix/process-starter.ts';
import type { ProcessStat } from './posix/process-table.ts';
import { statisticsOf } from './posix/process-usage.ts';
import { closeFiles, makeSandbox, type SandboxFiles } from './posix/sandbox.ts';
import { systemTools } from './posix/system-tools.ts';
import { TreeSignals } from './posix/tree-signals.ts';
import { Turns } from './posix/turns.ts';
import { linkVolumes } from './posix/volume-links.ts';
import { terminationOf } from './termination.ts';
import type { ExitOutcome } from './wait-status.ts';

export interface PosixContainerizerOptions {
  readonly log?: Log;
  /** Gets the original's `containerizer/fetcher/task_fetches_{succeeded,failed}` and `containerizer/mesos/container_destroy_errors`. */
  readonly metrics?: Metrics | undefined;
  /** Where relative URIs are looked up (`--frameworks_home`). */
  readonly frameworksHome?: string | undefined;
  /** A download slower than 1 byte a second for this long fails (`--fetcher_stall_timeout`). Default one minute. */
  readonly fetcherStallTimeoutMs?: number | undefined;
  /** Containers fetching at the same time; others wait. Default 16. */
  readonly concurrentFetches?: number | undefined;
  /** Off: everything runs as the agent's own user (`--no-switch_user`). */
  readonly switchUser?: boolean | undefined;
}

/** Ends remembered for late `wait`s. */
const MOST_ENDED = 1000;
/** Between looks at supervisors that are not our children. */
const WATCH_MS = 100;
/** What a container leaves behind is swept this long after its end, many containers at once. */
const SWEEP_DELAY_MS = 100;
/** Between tries to signal a command that its supervisor has not started yet, and between tries to end a container. */
const RETRY_MS = 10;
/** Tries to find a command to signal. It starts within milliseconds; a machine under load may take seconds. */
const MOST_TRIES = 500;
/** Ends of a tree tried before its supervisor goes the same way. */
const TRIES_BEFORE_SUPERVISOR = 100;

export function createPosixContainerizer(options: PosixContainerizerOptions = {}): Containerizer {
  return new PosixContainerizer(options);
}

class PosixContainerizer implements Containerizer {
  readonly #containers = new Map<ContainerId, Container>();
  readonly #ended = new BoundedMap<ContainerId, Container>(MOST_ENDED);
  readonly #recovered = new Map<Container, ProcessIdentity>();
  readonly #identities = new Identities();
  readonly #signals = new TreeSignals();
  readonly #turns = new Turns();
  readonly #fetcher: Fetcher;
  readonly #switchUser: boolean;
  readonly #log: Log;
  readonly #counters: ContainerCounters | undefined;
  readonly #starter = new ProcessStarter();
  /** Ended, and not yet swept. */
  readonly #left: Container[] = [];
  #watch: NodeJS.Timeout | undefined;

  constructor(options: PosixContainerizerOptions) {
    this.#log = options.log ?? silentLog;
    this.#counters = options.metrics === undefined ? undefined : containerCounters(options.metrics);
    this.#switchUser = options.switchUser ?? true;
    this.#fetcher = new Fetcher({
      frameworksHome: options.frameworksHome,
      stallTimeoutMs: options.fetcherStallTimeoutMs ?? 60_000,
      concurrency: options.concurrentFetches ?? 16,
    });
  }

  async launch(spec: ContainerSpec): Promise<Result<LaunchedContainer, LaunchFailure>> {
    if (this.#find(spec.containerId) !== undefined) return failure(`Container '${spec.containerId}' already started`);
    const container = new Container(spec);
    this.#containers.set(spec.containerId, container);
    const launched = await this.#launch(spec, container);
    if (launched.ok) return launched;
    this.#log.warning(`Container ${spec.containerId} failed to launch: ${launched.error.message}`);
    this.#end(container, undefined, { message: launched.error.message, reason: launched.error.reason });
    return launched;
  }

  async #launch(spec: ContainerSpec, container: Container): Promise<Result<LaunchedContainer, LaunchFailure>> {
    const user = this.#switchUser ? (spec.user ?? spec.command.user) : undefined;
    const identity = user === undefined ? ok(undefined) : await this.#identities.resolve(user);
    if (!identity.ok) {
      this.#counters?.fetchesFailed.add();
      return failure(`Failed to chown '${spec.sandbox}/stdout' to user '${user}' : ${identity.error}`);
    }
    await this.#turns.next();
    const files = makeSandbox({ ...spec, identity: identity.value });
    if (!files.ok) return failure(files.error);
    try {
      const linked = this.#link(container, spec.volumes ?? []);
      if (!linked.ok) return failure(linked.error);
      return await this.#fetchAndStart(spec, container, { identity: identity.value, files: files.value });
    } finally {
      closeFiles(files.value);
    }
  }

  async #fetchAndStart(
    spec: ContainerSpec,
    container: Container,
    prepared: { readonly identity: Identity | undefined; readonly files: SandboxFiles },
  ): Promise<Result<LaunchedContainer, LaunchFailure>> {
    const { identity, files } = prepared;
    if (container.killed) return failure('Container destroyed during preparing');
    if ((spec.command.uris ?? []).length > 0) {
      container.state = 'fetching';
      const fetched = await this.#fetcher.fetch({
        containerId: spec.containerId,
        command: spec.command,
        sandbox: spec.sandbox,
        stderr: files.stderr,
        identity,
        abort: container.abort.signal,
      });
      if (container.killed) return failure('Container destroyed during fetching');
      if (!fetched.ok) {
        this.#counters?.fetchesFailed.add();
        return failure(fetched.error);
      }
    }
    // As the original counts: a launch without URIs has fetched all of them.
    this.#counters?.fetchesSucceeded.add();
    const line = supervisorCommand({ ...spec, identity, tools: systemTools() });
    if (!line.ok) return failure(line.error);
    const process = await this.#starter.start(line.value, { cwd: spec.sandbox, files });
    if (process instanceof Error) return failure(`Failed to start the command: ${process.message}`);
    const { pid } = process;
    container.pid = pid;
    container.started = true;
    container.state = 'running';
    void process.ended.then((end) => {
      if (end === 'lost') void this.#watchForEnd(container);
      else this.#end(container, readExitRecord(container.stateDirectory) ?? this.#seen(container, end));
    });
    this.#log.info(`Launched container ${spec.containerId} with pid ${pid}`);
    // Asked to end just while it started: nobody asks again.
    if (container.killed) void this.destroy(spec.containerId);
    return ok({ pid });
  }

  /** Without a record (its directory is gone, its disk broken, the supervisor killed) the supervisor's own end is all there is. */
  #seen(
    container: Container,
    end: { readonly code: number | null; readonly signal: string | null },
  ): ExitOutcome | undefined {
    if (end.signal !== null) return container.killed ? { kind: 'signaled', signal: 9, coreDumped: false } : undefined;
    return end.code === null ? undefined : { kind: 'exited', code: end.code };
  }

  wait(containerId: ContainerId): Promise<ContainerTermination> {
    const container = this.#find(containerId);
    return container?.ended ?? Promise.resolve(terminationOf(undefined, { killed: false }));
  }

  kill(containerId: ContainerId, signal: ContainerSignal): void {
    const container = this.#containers.get(containerId);
    if (container === undefined) return;
    container.killed = true;
    if (container.state === 'running' || container.state === 'destroying') void this.#signal(container, signal);
    else container.abort.abort();
  }

  /** The supervisor may not have started the command yet: tries until there is somebody to signal. */
  async #signal(container: Container, signal: ContainerSignal): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES && container.state !== 'ended'; tries++) {
      if ((await this.#signals.send(() => container.root(), signal)) > 0) return;
      await delay(RETRY_MS);
    }
  }

  async destroy(containerId: ContainerId): Promise<void> {
    const container = this.#find(containerId);
    if (container === undefined) return;
    if (container.state !== 'ended') {
      container.killed = true;
      container.abort.abort();
      if (container.state === 'running') {
        container.state = 'destroying';
        void this.#endTree(container);
      }
      await container.ended;
    }
    if (container.started) await this.#clear(container);
  }

  /** Ends what outlived the supervisor, until nothing is left. */
  async #clear(container: Container): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      if ((await this.#signals.send(() => container.root(), 'SIGKILL')) === 0) return;
      await delay(RETRY_MS);
    }
    this.#counters?.destroyErrors.add();
    this.#log.warning(`Processes of container ${container.id} cannot be killed`);
  }

  async #endTree(container: Container): Promise<void> {
    for (let tries = 0; container.state !== 'ended'; tries++) {
      await this.#signals.send(() => container.root(), 'SIGKILL');
      if (tries >= TRIES_BEFORE_SUPERVISOR) this.#endSupervisor(container);
      if (this.#recovered.has(container)) this.#look();
      await Promise.race([container.ended, delay(Math.min(RETRY_MS * (tries + 1), 1000))]);
    }
  }

  #endSupervisor(container: Container): void {
    const identity = this.#recovered.get(container);
    if (container.pid === undefined || (identity !== undefined && !isAlive(identity))) return;
    try {
      process.kill(container.pid, 'SIGKILL');
    } catch {
      // It ended just now.
    }
  }

  async usage(containerId: ContainerId): Promise<ResourceStatistics | undefined> {
    const container = this.#containers.get(containerId);
    if (container === undefined || container.state !== 'running') return undefined;
    const members: readonly ProcessStat[] = await this.#signals.members(() => container.root());
    return statisticsOf(members, { wallMs: Date.now(), resources: container.resources });
  }

  update(
    containerId: ContainerId,
    resources: readonly Resource[],
    volumes: readonly ContainerVolume[] = [],
  ): Result<undefined> {
    const container = this.#containers.get(containerId);
    if (container === undefined) return ok(undefined);
    container.resources = resources;
    return this.#link(container, volumes);
  }

  #link(container: Container, volumes: readonly ContainerVolume[]): Result<undefined> {
    const linked = linkVolumes(container.sandbox, {
      before: container.volumes,
      after: volumes,
      usedElsewhere: (source) =>
        [...this.#containers.values()].some((other) => other !== container && other.uses(source)),
    });
    if (linked.ok) container.volumes = volumes;
    return linked;
  }

  async recover(list: readonly RecoverableContainer[]): Promise<readonly ContainerSummary[]> {
    const recovered = await Promise.all(list.map((known) => this.#recover(known)));
    const running = recovered.filter((summary) => summary !== undefined);
    this.#log.info(`Recovered ${running.length} running containers of ${list.length}`);
    return running;
  }

  async #recover(known: RecoverableContainer): Promise<ContainerSummary | undefined> {
    if (this.#find(known.containerId) !== undefined) return undefined;
    const container = new Container(known);
    container.started = true;
    container.volumes = known.volumes ?? [];
    this.#containers.set(container.id, container);
    if (known.gone === true) {
      this.#end(container, readExitRecord(container.stateDirectory));
      return undefined;
    }
    if (!(await this.#watchForEnd(container))) return undefined;
    // Asked to end meanwhile: nobody asks again.
    if (container.killed) void this.destroy(container.id);
    return container.summary();
  }

  async endOrphan(stateDirectory: string): Promise<void> {
    const supervisor = readSupervisor(stateDirectory);
    const root = {
      mark: stateDirectory,
      supervisor: supervisor !== undefined && isAlive(supervisor) ? supervisor.pid : undefined,
    };
    let ended = 0;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const signalled = await this.#signals.send(() => root, 'SIGKILL');
      ended += signalled;
      if (signalled === 0 && (supervisor === undefined || !isAlive(supervisor))) break;
      await delay(RETRY_MS);
    }
    if (ended > 0) this.#log.info(`Ended an orphaned container: ${stateDirectory}`);
  }

  /** For containers whose supervisor is not, or no longer, a child that is waited for. False: it has ended. */
  async #watchForEnd(container: Container): Promise<boolean> {
    const supervisor = await this.#supervisorOf(container);
    container.pid = supervisor?.pid;
    if (supervisor === undefined || !isAlive(supervisor)) {
      this.#end(container, readExitRecord(container.stateDirectory));
      return false;
    }
    container.state = 'running';
    this.#recovered.set(container, supervisor);
    this.#watch ??= setInterval(() => this.#look(), WATCH_MS);
    return true;
  }

  /** When the earlier agent died right after a launch, the supervisor may not have written down yet who it is. */
  async #supervisorOf(container: Container): Promise<ProcessIdentity | undefined> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const supervisor = readSupervisor(container.stateDirectory);
      if (supervisor !== undefined) return supervisor;
      if ((await this.#signals.members(() => container.root())).length === 0) break;
      await delay(RETRY_MS);
    }
    return readSupervisor(container.stateDirectory);
  }

  /** Supervisors of an earlier agent are nobody's children any more: nothing but looking tells of their end. */
  #look(): void {
    for (const [container, supervisor] of this.#recovered) {
      if (isAlive(supervisor)) continue;
      this.#recovered.delete(container);
      this.#end(container, readExitRecord(container.stateDirectory));
    }
    if (this.#recovered.size > 0) return;
    clearInterval(this.#watch);
    this.#watch = undefined;
  }

  containers(): readonly ContainerSummary[] {
    return [...this.#containers.values()].map((container) => container.summary());
  }

  close(): Promise<void> {
    clearInterval(this.#watch);
    for (const container of this.#containers.values()) container.abort.abort();
    return this.#starter.close();
  }

  #find(containerId: ContainerId): Container | undefined {
    return this.#containers.get(containerId) ?? this.#ended.get(containerId);
  }

  #end(
    container: Container,
    outcome: ExitOutcome | undefined,
    failed: { readonly message?: string; readonly reason?: TaskStatusReason } = {},
  ): void {
    const termination = terminationOf(outcome, { killed: container.killed, ...failed });
    this.#containers.delete(container.id);
    this.#ended.set(container.id, container);
    container.end(termination);
    if (!container.started) return;
    this.#log.info(`Container ${container.id} ended: ${termination.message}`);
    this.#left.push(container);
    if (this.#left.length === 1) setTimeout(() => void this.#sweep(), SWEEP_DELAY_MS);
  }

  /** Whoever a command left behind in its container goes as well. */
  async #sweep(): Promise<void> {
    const ended = this.#left.splice(0);
    const left = await Promise.all(ended.map((container) => this.#signals.send(() => container.root(), 'SIGKILL')));
    const count = left.reduce((sum, one) => sum + one, 0);
    if (count > 0) this.#log.info(`Ended ${count} processes that outlived their containers`);
  }
}

function failure(message: string): Result<never, LaunchFailure> {
  return err({ reason: 'REASON_CONTAINER_LAUNCH_FAILED', message });
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
