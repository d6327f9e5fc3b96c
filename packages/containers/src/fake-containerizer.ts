/**
 * A containerizer without processes, for simulations and tests of agents: deterministic, driven by the timers port.
 * What a container does is read from its command's value, a list of words:
 *   `sim:` optional prefix · `run=500ms` how long (default: for ever for `sleep`, else at once) · `exit=3` · `signal=SIGSEGV`
 *   `launch=20ms` time until launched · `fail-launch` or `fail-launch=text` · `ignore-kill` SIGTERM does nothing
 *   `kill=100ms` time a killed container takes to end.
 * Anything else is taken as a command that exits with status 0 at once, but for `true`, `false`, `exit N`, `sleep SECONDS`.
 * Must never touch the host.
 */
import { type ContainerId, err, ok, parseDuration, type Result } from '@mesolite/base';
import type { TimerHandle, Timers } from '@mesolite/ports';
import type { Resource, ResourceStatistics } from '@mesolite/wire';
import type {
  Containerizer,
  ContainerSignal,
  ContainerSpec,
  ContainerState,
  ContainerSummary,
  ContainerTermination,
  LaunchedContainer,
  LaunchFailure,
  RecoverableContainer,
} from './containerizer.ts';
import { terminationOf } from './termination.ts';
import { type ExitOutcome, signalNumber } from './wait-status.ts';

/** What a fake container will do. Durations in milliseconds. */
export interface FakeBehaviour {
  readonly launchMs: number;
  readonly launchFailure: string | undefined;
  /** Undefined: until killed. */
  readonly runMs: number | undefined;
  readonly outcome: ExitOutcome;
  readonly ignoreTerm: boolean;
  readonly killMs: number;
}

/** Called synchronously from `start` or from a timer, `launched` always before `ended`. */
export interface FakeCallbacks {
  launched(result: Result<LaunchedContainer, LaunchFailure>): void;
  ended(termination: ContainerTermination): void;
}

interface FakeContainer {
  readonly spec: ContainerSpec;
  readonly behaviour: FakeBehaviour;
  readonly pid: number;
  state: ContainerState;
  killed: boolean;
  timer: TimerHandle | undefined;
  termination: ContainerTermination | undefined;
  readonly callbacks: FakeCallbacks;
  readonly waiters: ((termination: ContainerTermination) => void)[];
}

function duration(text: string, fallback: number): number {
  const parsed = parseDuration(text.replace(/(\d)s$/, '$1secs'));
  return parsed.ok ? parsed.value : fallback;
}

/** Reads a behaviour from a command's value; see the head of this file for the words. */
export function parseFakeBehaviour(value: string): FakeBehaviour {
  const words = value.replace(/^sim:/, '').trim().split(/\s+/);
  const option = (name: string): string | undefined =>
    words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
  const sleep = words[0] === 'sleep' ? Number(words[1]) * 1000 : undefined;
  const exit = option('exit') ?? (words[0] === 'exit' ? words[1] : words[0] === 'false' ? '1' : undefined);
  const signal = signalNumber(option('signal') ?? '');
  const run = option('run');
  return {
    launchMs: duration(option('launch') ?? '', 0),
    launchFailure: words.includes('fail-launch') ? 'Simulated launch failure' : option('fail-launch'),
    runMs:
      run === 'forever'
        ? undefined
        : run !== undefined
          ? duration(run, 0)
          : sleep === undefined
            ? 0
            : Number.isFinite(sleep)
              ? sleep
              : undefined,
    outcome:
      signal === undefined
        ? { kind: 'exited', code: (Number(exit ?? 0) || 0) & 0xff }
        : { kind: 'signaled', signal, coreDumped: false },
    ignoreTerm: words.includes('ignore-kill'),
    killMs: duration(option('kill') ?? '', 0),
  };
}

export class FakeContainerizer implements Containerizer {
  readonly #timers: Timers;
  readonly #now: () => number;
  readonly #containers = new Map<ContainerId, FakeContainer>();
  #nextPid = 1000;

  /** `now` gives seconds-exact time for statistics, in milliseconds. */
  constructor(options: { readonly timers: Timers; readonly now?: () => number }) {
    this.#timers = options.timers;
    this.#now = options.now ?? (() => 0);
  }

  /** The synchronous form of launch and wait. With zero durations `launched` comes before this returns; the end never does. */
  start(spec: ContainerSpec, callbacks: FakeCallbacks): void {
    if (this.#containers.has(spec.containerId)) {
      callbacks.launched(
        err({ reason: 'REASON_CONTAINER_LAUNCH_FAILED', message: `Container '${spec.containerId}' already started` }),
      );
      return;
    }
    const container: FakeContainer = {
      spec,
      behaviour: parseFakeBehaviour(spec.command.value ?? ''),
      pid: this.#nextPid++,
      state: 'preparing',
      killed: false,
      timer: undefined,
      termination: undefined,
      callbacks,
      waiters: [],
    };
    this.#containers.set(spec.containerId, container);
    if (container.behaviour.launchMs === 0) this.#launched(container);
    else container.timer = this.#timers.after(container.behaviour.launchMs, () => this.#launched(container));
  }

  launch(spec: ContainerSpec): Promise<Result<LaunchedContainer, LaunchFailure>> {
    return new Promise((resolve) => {
      this.start(spec, { launched: resolve, ended: () => {} });
    });
  }

  wait(containerId: ContainerId): Promise<ContainerTermination> {
    return new Promise((resolve) => {
      const container = this.#containers.get(containerId);
      if (container === undefined) resolve(terminationOf(undefined, { killed: false }));
      else if (container.termination !== undefined) resolve(container.termination);
      else container.waiters.push(resolve);
    });
  }

  kill(containerId: ContainerId, signal: ContainerSignal): void {
    const container = this.#containers.get(containerId);
    if (container === undefined || container.state !== 'running') return;
    const number = signalNumber(signal);
    if (number === undefined || (number !== 9 && container.behaviour.ignoreTerm)) return;
    container.killed = true;
    this.#endAfter(container, container.behaviour.killMs, { kind: 'signaled', signal: number, coreDumped: false });
  }

  destroy(containerId: ContainerId): Promise<void> {
    const container = this.#containers.get(containerId);
    if (container === undefined || container.state === 'ended') return Promise.resolve();
    container.killed = true;
    const launching = container.state === 'preparing';
    const outcome: ExitOutcome = { kind: 'signaled', signal: 9, coreDumped: false };
    container.state = 'destroying';
    return new Promise((resolve) => {
      container.waiters.push(() => resolve());
      if (!launching) return this.#endAfter(container, container.behaviour.killMs, outcome);
      container.timer?.cancel();
      container.callbacks.launched(
        err({ reason: 'REASON_CONTAINER_LAUNCH_FAILED', message: 'Container destroyed while preparing' }),
      );
      this.#end(container, undefined);
    });
  }

  usage(containerId: ContainerId): Promise<ResourceStatistics | undefined> {
    const container = this.#containers.get(containerId);
    if (container === undefined || container.state !== 'running') return Promise.resolve(undefined);
    return Promise.resolve({ timestamp: this.#now() / 1000, processes: 1, threads: 1 });
  }

  update(_containerId: ContainerId, _resources: readonly Resource[]): Result<undefined> {
    return ok(undefined);
  }

  recover(list: readonly RecoverableContainer[]): Promise<readonly ContainerSummary[]> {
    const wanted = new Set(list.map((container) => container.containerId));
    return Promise.resolve(
      this.containers().filter(({ containerId, state }) => wanted.has(containerId) && state === 'running'),
    );
  }

  endOrphan(): Promise<void> {
    return Promise.resolve();
  }

  containers(): readonly ContainerSummary[] {
    return [...this.#containers.values()]
      .filter((container) => container.state !== 'ended')
      .map(({ spec, state, pid }) => ({ containerId: spec.containerId, state, pid, sandbox: spec.sandbox }));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Ends a running container from outside, as if by itself. For fault injection. */
  crash(containerId: ContainerId, outcome: ExitOutcome): void {
    const container = this.#containers.get(containerId);
    if (container !== undefined && container.state === 'running') this.#end(container, outcome);
  }

  #launched(container: FakeContainer): void {
    const { behaviour } = container;
    if (behaviour.launchFailure !== undefined) {
      container.callbacks.launched(err({ reason: 'REASON_CONTAINER_LAUNCH_FAILED', message: behaviour.launchFailure }));
      this.#end(container, undefined);
      return;
    }
    container.state = 'running';
    container.timer = undefined;
    container.callbacks.launched(ok({ pid: container.pid }));
    // The callback may have destroyed the container.
    if (container.state === 'running' && container.timer === undefined && behaviour.runMs !== undefined) {
      this.#endAfter(container, behaviour.runMs, behaviour.outcome);
    }
  }

  #endAfter(container: FakeContainer, delayMs: number, outcome: ExitOutcome): void {
    container.timer?.cancel();
    container.timer = this.#timers.after(delayMs, () => this.#end(container, outcome));
  }

  #end(container: FakeContainer, outcome: ExitOutcome | undefined): void {
    container.timer?.cancel();
    container.state = 'ended';
    container.termination = terminationOf(outcome, { killed: container.killed });
    container.callbacks.ended(container.termination);
    for (const waiter of container.waiters.splice(0)) waiter(container.termination);
  }
}
