/**
 * A custom executor under virtual time: subscribes to its agent, runs its tasks for a while, keeps what the agent has not
 * acknowledged, comes back when its stream breaks, and leaves when it is told to or has had nothing to do.
 *
 * Never: is a process. Its container is a fake one that ends when it does.
 */
import type { RandomStream } from '@mesolite/base';
import { ExecutorCall, ExecutorEvent, type TaskInfo, type TaskState, type TaskStatus } from '@mesolite/wire';
import type { World } from './world.ts';

/** A word in the command of a task's executor that asks for this one. */
export const EXECUTOR_WORD = 'executor';

export interface FakeExecutorOptions {
  readonly frameworkId: string;
  readonly executorId: string;
  /** Gives a call to the agent; a subscription comes with the number of its stream. */
  readonly call: (call: ExecutorCall) => number;
  /** The process ends. */
  readonly exit: (code: number) => void;
  readonly started: (taskId: string) => void;
  readonly stopped: (taskId: string) => void;
}

/** Nothing to do for so long: it leaves. */
const IDLE_MS = 4000;

export class FakeExecutor {
  readonly #world: World;
  readonly #random: RandomStream;
  readonly #options: FakeExecutorOptions;
  readonly #running = new Map<string, TaskInfo>();
  readonly #unacknowledgedTasks = new Map<string, TaskInfo>();
  readonly #unacknowledged: TaskStatus[] = [];
  #stream: number | undefined;
  #ended = false;
  #idle: { cancel(): void } | undefined;

  constructor(world: World, random: RandomStream, options: FakeExecutorOptions) {
    this.#world = world;
    this.#random = random;
    this.#options = options;
    this.#later(500, () => this.#subscribe());
    this.#watchIdle();
  }

  get stream(): number | undefined {
    return this.#stream;
  }

  /** Its container is gone, and it with it. */
  end(): void {
    this.#ended = true;
    this.#idle?.cancel();
    for (const id of this.#running.keys()) this.#options.stopped(id);
  }

  /** The stream broke, or the agent closed it. */
  closed(): void {
    this.#stream = undefined;
    if (this.#ended) return;
    this.#later(1000, () => this.#subscribe());
  }

  handle(given: ExecutorEvent): void {
    const event = ExecutorEvent.decode(ExecutorEvent.encode(given));
    if (this.#ended) return;
    switch (event.type) {
      case 'LAUNCH':
        if (event.launch !== undefined) this.#launch(event.launch.task);
        return;
      case 'KILL':
        if (event.kill !== undefined) this.#finish(event.kill.task_id.value, 'TASK_KILLED');
        return;
      case 'ACKNOWLEDGED': {
        const uuid = Buffer.from(event.acknowledged?.uuid ?? []);
        const index = this.#unacknowledged.findIndex((status) => uuid.equals(status.uuid ?? new Uint8Array()));
        if (index >= 0) this.#unacknowledged.splice(index, 1);
        this.#unacknowledgedTasks.delete(event.acknowledged?.task_id.value ?? '');
        return;
      }
      case 'SHUTDOWN':
        for (const id of [...this.#running.keys()]) this.#finish(id, 'TASK_KILLED');
        this.#later(1000, () => this.#options.exit(0));
        return;
      default:
        return;
    }
  }

  #subscribe(): void {
    if (this.#stream !== undefined) return;
    this.#stream = this.#call({
      type: 'SUBSCRIBE',
      subscribe: {
        unacknowledged_tasks: [...this.#unacknowledgedTasks.values()],
        unacknowledged_updates: this.#unacknowledged.map((status) => ({ status })),
      },
    });
  }

  #launch(task: TaskInfo): void {
    const id = task.task_id.value;
    this.#running.set(id, task);
    this.#options.started(id);
    this.#unacknowledgedTasks.set(id, task);
    this.#idle?.cancel();
    this.#update(id, 'TASK_RUNNING');
    this.#later(15_000, () => this.#finish(id, this.#random.below(5) === 0 ? 'TASK_FAILED' : 'TASK_FINISHED'));
  }

  #finish(id: string, state: TaskState): void {
    if (!this.#running.delete(id)) return;
    this.#options.stopped(id);
    this.#update(id, state);
    this.#watchIdle();
  }

  #update(id: string, state: TaskState): void {
    const status: TaskStatus = {
      task_id: { value: id },
      executor_id: { value: this.#options.executorId },
      state,
      source: 'SOURCE_EXECUTOR',
      uuid: this.#random.bytes(16),
      timestamp: this.#world.wallMs() / 1000,
    };
    this.#unacknowledged.push(status);
    if (this.#stream !== undefined) this.#call({ type: 'UPDATE', update: { status } });
  }

  #watchIdle(): void {
    this.#idle?.cancel();
    if (this.#running.size > 0) return;
    this.#idle = this.#world.after(IDLE_MS, () => {
      if (this.#ended) return;
      if (this.#unacknowledged.length === 0) this.#options.exit(0);
      else this.#watchIdle();
    });
  }

  #call(call: Pick<ExecutorCall, 'type' | 'subscribe' | 'update'>): number {
    const { frameworkId, executorId } = this.#options;
    const whole = { ...call, framework_id: { value: frameworkId }, executor_id: { value: executorId } };
    return this.#options.call(ExecutorCall.decode(ExecutorCall.encode(whole)));
  }

  #later(withinMs: number, act: () => void): void {
    this.#world.after(this.#random.next() * withinMs, () => {
      if (!this.#ended) act();
    });
  }
}
