/**
 * An agent core without a host: tests step it, time stands still until told to move, and what it wants done is collected
 * and decoded. After each step the tables are checked against each other.
 */
import { type ContainerId, seededRandom } from '@mesolite/base';
import { MetricsRegistry } from '@mesolite/daemon';
import { silentLog } from '@mesolite/ports';
import {
  type ExecutorCall,
  type ExecutorEvent,
  type FrameworkInfo,
  type MessageType,
  type StatusUpdate,
  StatusUpdateMessage,
  type TaskInfo,
  wireName,
} from '@mesolite/wire';
import {
  AgentCore,
  type AgentEffect,
  type AgentInput,
  type AgentOptions,
  type ExecutorMessages,
  type MasterMessages,
} from '../src/core/index.ts';
import { framework, resources } from './tasks.ts';

export const MASTER = 'master@127.0.0.1:5050';
export const AGENT = 'M-S0';
export const EXECUTOR = 'executor(1)@127.0.0.1:7001';

/** The wall clock of tests starts here. */
export const EPOCH_MS = 1_767_225_600_000;

export type Effect<K extends AgentEffect['kind']> = Extract<AgentEffect, { readonly kind: K }>;

export class CoreHarness {
  readonly core: AgentCore;
  readonly metrics = new MetricsRegistry();
  /** Everything since the last `take`. */
  effects: AgentEffect[] = [];
  nowMs = 0;
  epochMs = EPOCH_MS;
  wakeAtMs: number | undefined;
  /** Sees effects as they are taken. */
  taken: (effects: readonly AgentEffect[]) => void = () => {};
  #connection = 0;

  constructor(options: Partial<AgentOptions> = {}) {
    this.core = new AgentCore({
      pid: 'slave(1)@127.0.0.1:5051',
      ip: '127.0.0.1',
      port: 5051,
      hostname: 'host',
      resources: resources(64, 65_536).map(({ allocation_info: _role, ...resource }) => resource),
      attributes: [],
      capabilities: ['MULTI_ROLE', 'RESERVATION_REFINEMENT'],
      workDirectory: '/work-dir',
      version: '1.12.0',
      registrationBackoffMs: 1_000,
      executorRegistrationTimeoutMs: 60_000,
      executorReregistrationTimeoutMs: 2_000,
      executorShutdownGracePeriodMs: 5_000,
      recoveryTimeoutMs: 900_000,
      gcDelayMs: 604_800_000,
      gcDiskHeadroom: 0.1,
      diskWatchIntervalMs: 60_000,
      maxCompletedExecutorsPerFramework: 150,
      switchUser: true,
      httpCommandExecutor: false,
      log: silentLog,
      metrics: this.metrics,
      random: seededRandom(7),
      ...options,
    });
  }

  step(input: AgentInput): void {
    this.core.step(input, { wallMs: this.epochMs + this.nowMs, monotonicMs: this.nowMs });
    for (const effect of this.core.drain()) {
      if (effect.kind === 'wake-at') this.wakeAtMs = effect.monotonicMs;
      else this.effects.push(effect);
    }
    this.core.check();
  }

  /** What it came over, when that matters. */
  connection: number | undefined;

  fromMaster<K extends keyof MasterMessages>(kind: K, message: MasterMessages[K], from = MASTER): void {
    this.step({ kind, from, message, connection: this.connection } as AgentInput);
  }

  /** A message of an executor's driver. */
  fromExecutor<K extends keyof ExecutorMessages>(kind: K, message: ExecutorMessages[K], from = EXECUTOR): void {
    this.step({ kind, from, message } as AgentInput);
  }

  /** Lets time pass, firing the timer as often as the core asked for it. */
  advance(ms: number): void {
    const end = this.nowMs + ms;
    while (this.wakeAtMs !== undefined && this.wakeAtMs <= end) {
      this.nowMs = Math.max(this.nowMs, this.wakeAtMs);
      this.wakeAtMs = undefined;
      this.step({ kind: 'timer-fired' });
    }
    this.nowMs = end;
  }

  /** Starts and registers the agent, and forgets the effects of that. */
  register(): this {
    this.step({ kind: 'started' });
    this.step({ kind: 'leader-detected', leader: { pid: MASTER, hostname: 'master' } });
    this.advance(1_000);
    this.fromMaster('agent-registered', { agent_id: { value: AGENT }, connection: { total_ping_timeout_seconds: 75 } });
    this.take();
    return this;
  }

  take(): AgentEffect[] {
    const effects = this.effects;
    this.effects = [];
    this.taken(effects);
    return effects;
  }

  of<K extends AgentEffect['kind']>(kind: K): Effect<K>[] {
    return this.effects.filter((effect): effect is Effect<K> => effect.kind === kind);
  }

  /** Messages of one type sent since the last `take`. */
  sent<M extends object>(type: MessageType<M>): M[] {
    return this.of('send')
      .filter(({ name }) => name === wireName(type))
      .map(({ body }) => type.decode(body));
  }

  updates(): StatusUpdate[] {
    return this.sent(StatusUpdateMessage).map(({ update }) => update);
  }

  /** State, and reason where there is one, of each update sent since the last `take`. */
  told(): string[] {
    return this.updates().map(({ status }) =>
      [status.state, status.reason].filter((word) => word !== undefined).join(' '),
    );
  }

  events(): ExecutorEvent[] {
    return this.of('stream-event').map(({ event }) => event);
  }

  run(
    task: Partial<TaskInfo> & { readonly id: string },
    info: FrameworkInfo = framework(),
    launchExecutor?: boolean,
  ): void {
    this.fromMaster('run-task', {
      framework: info,
      task: taskInfo(task),
      pid: '@0.0.0.0:0',
      ...(launchExecutor === undefined ? {} : { launch_executor: launchExecutor }),
    });
  }

  /** The container of the last launch. */
  launched(): ContainerId {
    const launch = this.of('launch-container').at(-1);
    if (launch === undefined) throw new Error('nothing was launched');
    return launch.containerId;
  }

  /** Runs a command task up to TASK_RUNNING with all updates acknowledged, and forgets the effects. */
  running(id: string, info: FrameworkInfo = framework(), task: Partial<TaskInfo> = {}): ContainerId {
    this.run({ id, ...task }, info);
    const containerId = this.launched();
    this.step({ kind: 'container-launched', containerId, pid: 4711 });
    this.acknowledgeAll(info.id?.value);
    this.take();
    return containerId;
  }

  acknowledge(taskId: string, uuid: Uint8Array | undefined, frameworkId = 'F'): void {
    this.fromMaster('status-update-acknowledged', {
      agent_id: { value: AGENT },
      framework_id: { value: frameworkId },
      task_id: { value: taskId },
      uuid: uuid ?? new Uint8Array(16),
    });
  }

  /** Acknowledges every update as it comes, until none is left. */
  acknowledgeAll(frameworkId = 'F'): void {
    let done = 0;
    for (let updates = this.updates(); done < updates.length; updates = this.updates()) {
      const { status } = updates[done]!;
      done++;
      this.acknowledge(status.task_id.value, status.uuid, frameworkId);
    }
  }

  call(call: Omit<ExecutorCall, 'framework_id'>, frameworkId = 'F'): number {
    const connection = ++this.#connection;
    this.step({ kind: 'executor-called', connection, call: { ...call, framework_id: { value: frameworkId } } });
    return connection;
  }

  subscribe(executorId: string, more: ExecutorCall['subscribe'] = {}): number {
    return this.call({ type: 'SUBSCRIBE', executor_id: { value: executorId }, subscribe: more });
  }

  get metricsNow(): Record<string, number> {
    return this.metrics.snapshot();
  }
}

export function taskInfo({ id, ...more }: Partial<TaskInfo> & { readonly id: string }): TaskInfo {
  return {
    name: id,
    task_id: { value: id },
    agent_id: { value: AGENT },
    resources: resources(0.1, 32),
    ...(more.executor === undefined ? { command: { value: 'sleep 1000' } } : {}),
    ...more,
  };
}
