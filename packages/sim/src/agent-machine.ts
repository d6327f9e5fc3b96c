/**
 * The machine an agent runs on: its disk, the containers and custom executors in it, and their exit statuses. They outlive
 * the agent's process, as far as they were launched to, and end with the machine.
 *
 * Never: decides anything the core decides.
 */
import type { AgentEffect, AgentInput, LaunchContainer, RecoverContainers } from '@mesolite/agent/core';
import type { ContainerId, RandomStream } from '@mesolite/base';
import { type ContainerTermination, FakeContainerizer } from '@mesolite/containers';
import { EXECUTOR_WORD, FakeExecutor } from './fake-executor.ts';
import { VirtualDisk } from './virtual-disk.ts';
import type { World } from './world.ts';

/** Told what really runs. A command task's executor has the name of the task. */
export interface RunObserver {
  taskStarted(where: string, frameworkId: string, taskId: string): void;
  taskStopped(where: string, frameworkId: string, taskId: string): void;
}

/** Of the agent, on the disk of its machine. */
export const WORK_DIRECTORY = '/work';

interface Run {
  readonly effect: LaunchContainer;
  launched: boolean;
  executor: FakeExecutor | undefined;
  /** Set when it has ended. */
  end: ContainerTermination | undefined;
}

export class AgentMachine {
  readonly name: string;
  readonly disk: VirtualDisk;
  bootId = 'boot-1';
  readonly #world: World;
  readonly #random: RandomStream;
  readonly #observer: RunObserver;
  #containers: FakeContainerizer;
  readonly #runs = new Map<ContainerId, Run>();
  /** The agent's process, while there is one. */
  #submit: ((input: AgentInput) => void) | undefined;
  #connections = 0;
  #boots = 1;

  constructor(world: World, options: { readonly name: string; readonly observer: RunObserver }) {
    this.#world = world;
    this.#random = world.random.fork();
    this.#observer = options.observer;
    this.name = options.name;
    this.disk = new VirtualDisk(() => world.nowMs);
    this.#containers = this.#newContainers();
  }

  /** Containers that have not ended. */
  get runningContainers(): readonly ContainerId[] {
    return this.#containers.containers().map(({ containerId }) => containerId);
  }

  /** An agent's process begins to run here. */
  attach(submit: (input: AgentInput) => void): void {
    this.#submit = submit;
  }

  /** It is gone. What may not outlive it ends, and so does what was only being launched. */
  detach(): void {
    this.#submit = undefined;
    for (const { executor } of this.#runs.values()) if (executor?.stream !== undefined) executor.closed();
    for (const { containerId, state } of this.#containers.containers())
      if (state === 'preparing' || this.#runs.get(containerId)?.effect.checkpoint !== true)
        void this.#containers.destroy(containerId);
  }

  /** Every process ends at once and nobody sees how; the disk stays. */
  reboot(): void {
    this.detach();
    this.bootId = `boot-${++this.#boots}`;
    for (const [containerId, run] of this.#runs) this.#stopped(containerId, run);
    this.#runs.clear();
    this.#containers = this.#newContainers();
  }

  /** Another machine comes in its place. */
  replace(): void {
    this.reboot();
    this.disk.remove(WORK_DIRECTORY);
  }

  launch(effect: LaunchContainer): void {
    const { containerId } = effect;
    const run: Run = { effect, launched: false, executor: undefined, end: undefined };
    this.#runs.set(containerId, run);
    const isCurrent = (): boolean => this.#runs.get(containerId) === run;
    this.#containers.start(
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
        launched: (result) => {
          if (!isCurrent()) return;
          if (!result.ok) {
            this.#submit?.({ kind: 'container-launch-failed', containerId, ...result.error });
            return;
          }
          run.launched = true;
          this.#started(run);
          this.#submit?.({ kind: 'container-launched', containerId, pid: result.value.pid });
        },
        ended: (termination) => {
          if (!isCurrent()) return;
          run.end = termination;
          this.#stopped(containerId, run);
          if (run.launched) this.#submit?.(endOf(containerId, termination));
        },
      },
    );
  }

  /** Answers what still runs; the ends of the others follow. What is not asked for has no owner any more. */
  recover({ containers }: RecoverContainers): void {
    const wanted = new Set(containers.map(({ containerId }) => containerId));
    const alive = this.#containers.containers().filter(({ state }) => state !== 'preparing');
    for (const { containerId } of alive) if (!wanted.has(containerId)) void this.#containers.destroy(containerId);
    const running = alive.filter(({ containerId }) => wanted.has(containerId));
    this.#submit?.({
      kind: 'containers-recovered',
      running: running.map(({ containerId, pid }) => ({ containerId, pid })),
    });
    const found = new Set(running.map(({ containerId }) => containerId));
    for (const { containerId } of containers)
      if (!found.has(containerId)) this.#submit?.(endOf(containerId, this.#runs.get(containerId)?.end));
  }

  signal({ containerId, signal }: Extract<AgentEffect, { kind: 'signal-container' }>): void {
    this.#containers.kill(containerId, signal);
  }

  destroy(containerId: ContainerId): void {
    void this.#containers.destroy(containerId);
  }

  forget(containerId: ContainerId): void {
    if (this.#runs.get(containerId)?.end !== undefined) this.#runs.delete(containerId);
  }

  /** The executor that has this stream to the agent, or asks for it. */
  executorOf(connection: number): FakeExecutor | undefined {
    for (const { executor } of this.#runs.values()) if (executor?.stream === connection) return executor;
    return undefined;
  }

  /** One running container, chosen by `pick`, dies of a signal nobody sent. */
  killContainer(pick: (bound: number) => number): void {
    const running = this.#containers.containers().filter(({ state }) => state === 'running');
    const victim = running[pick(Math.max(1, running.length))];
    if (victim === undefined) return;
    this.#world.note(this.name, `container of pid ${victim.pid} crashes`);
    this.#containers.crash(victim.containerId, { kind: 'signaled', signal: 11, coreDumped: false });
  }

  /** The stream between the agent and one of its executors breaks. */
  dropExecutor(pick: (bound: number) => number): void {
    const executors = [...this.#runs.values()].flatMap(({ executor }) =>
      executor?.stream === undefined ? [] : [executor],
    );
    const executor = executors[pick(Math.max(1, executors.length))];
    const stream = executor?.stream;
    if (executor === undefined || stream === undefined) return;
    this.#world.note(this.name, `loses the stream ${stream} of an executor`);
    executor.closed();
    this.#submit?.({ kind: 'executor-stream-closed', connection: stream });
  }

  #newContainers(): FakeContainerizer {
    return new FakeContainerizer({ timers: this.#world, now: () => this.#world.wallMs() });
  }

  #started(run: Run): void {
    const { containerId, frameworkId, executorId, command } = run.effect;
    if (command.value?.split(' ').includes(EXECUTOR_WORD) !== true) {
      this.#observer.taskStarted(this.name, frameworkId, executorId);
      return;
    }
    const executor: FakeExecutor = new FakeExecutor(this.#world, this.#random.fork(), {
      frameworkId,
      executorId,
      call: (call) => {
        const connection = ++this.#connections;
        const agent = this.#submit;
        this.#world.hit(`executor ${call.type}`);
        this.#world.after(0.2, () => {
          if (agent !== undefined && agent === this.#submit) agent({ kind: 'executor-called', connection, call });
          else if (executor.stream === connection) executor.closed();
        });
        return connection;
      },
      exit: (code) => this.#containers.crash(containerId, { kind: 'exited', code }),
      started: (taskId) => this.#observer.taskStarted(this.name, frameworkId, taskId),
      stopped: (taskId) => this.#observer.taskStopped(this.name, frameworkId, taskId),
    });
    run.executor = executor;
  }

  #stopped(containerId: ContainerId, run: Run): void {
    if (!run.launched) return;
    if (run.executor === undefined)
      this.#observer.taskStopped(this.name, run.effect.frameworkId, run.effect.executorId);
    run.executor?.end();
    run.executor = undefined;
    this.#world.note(this.name, `container ${containerId.slice(0, 8)} of ${run.effect.executorId} is no more`);
  }
}

function endOf(containerId: ContainerId, termination: ContainerTermination | undefined): AgentInput {
  const { status, reason, message } = termination ?? {};
  return { kind: 'container-ended', containerId, end: { status, reason, message } };
}
