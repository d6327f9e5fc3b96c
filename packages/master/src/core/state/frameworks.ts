/**
 * Every framework this master knows, and the bounded memory of completed ones, whose ids stay refused.
 *
 * Never: sends or talks to the allocator (transitions do).
 */
import {
  type AgentId,
  assert,
  BoundedMap,
  type ExecutorId,
  type FrameworkId,
  type OfferId,
  RingBuffer,
  type TaskId,
} from '@mesolite/base';
import type { Resources } from '@mesolite/resources';
import type {
  FrameworkID,
  FrameworkInfo,
  FrameworkInfoCapabilityType,
  SchedulerOfferConstraints,
} from '@mesolite/wire';
import type { ConnectionId } from '../inputs.ts';
import type { ExecutorRecord } from './agents.ts';
import { FrameworkCounts } from './framework-counts.ts';
import type { FrameworkMemory } from './framework-memory.ts';
import type { TaskRecord } from './task.ts';

/**
 * recovered: known from an agent only; disconnected: its scheduler went away; inactive: connected, gets no offers.
 */
export type FrameworkState = 'recovered' | 'disconnected' | 'inactive' | 'active';

/** How a scheduler is reached: events on an HTTP stream, or messages to the process of a v0 driver. */
export type SchedulerLink = SchedulerStream | SchedulerProcess;

export interface SchedulerStream {
  readonly kind: 'stream';
  readonly connection: ConnectionId;
  /** Value of Mesos-Stream-Id. */
  readonly streamId: string;
}

export interface SchedulerProcess {
  readonly kind: 'process';
  readonly pid: string;
}

export interface FrameworkRecord {
  readonly id: FrameworkId;
  /** `id` set. Replaced as a whole, never changed in place. */
  info: FrameworkInfo;
  capabilities: ReadonlySet<FrameworkInfoCapabilityType>;
  /** Subscribed roles, the default role included. */
  roles: readonly string[];
  suppressedRoles: ReadonlySet<string>;
  offerConstraints: SchedulerOfferConstraints | undefined;
  state: FrameworkState;
  /** Set while connected. */
  scheduler: SchedulerLink | undefined;
  /** Of its last scheduler, if that was a driver; stays when it disconnects, since the same driver may come back. */
  pid: string | undefined;
  /** Unset while recovered. */
  registeredWallMs: number | undefined;
  reregisteredWallMs: number | undefined;
  unregisteredWallMs: number | undefined;
  /** Monotonic time at which it ends if no scheduler has come back by then; set while disconnected. */
  failoverAtMs: number | undefined;
  /** When the master looks at that next: one deadline per framework, however often it comes and goes. */
  failoverCheckMs: number | undefined;
  /** What the registry has of it, or will have when what is being written is. */
  memory: FrameworkMemory | undefined;
  memoryBeingWritten: boolean;
  /** Reconciliations its current stream still gets answers to. */
  reconciliations: number;
  readonly tasks: Map<TaskId, TaskRecord>;
  /** Bounded by max_unreachable_tasks_per_framework. */
  readonly unreachableTasks: BoundedMap<TaskId, TaskRecord>;
  readonly completedTasks: RingBuffer<TaskRecord>;
  readonly executors: Map<AgentId, Map<ExecutorId, ExecutorRecord>>;
  readonly offers: Set<OfferId>;
  readonly counts: FrameworkCounts;
  /** With which the names of its metrics begin; of the name it first had. */
  readonly metricsPrefix: string;
  /** What its tasks and executors hold, by agent. */
  readonly used: Map<AgentId, Resources>;
}

export function isConnected(framework: FrameworkRecord): boolean {
  return framework.state === 'active' || framework.state === 'inactive';
}

export class Frameworks {
  readonly registered = new Map<FrameworkId, FrameworkRecord>();
  /** Oldest first. */
  readonly completed: BoundedMap<FrameworkId, FrameworkRecord>;
  readonly #byConnection = new Map<ConnectionId, FrameworkRecord>();
  /** No two have the same. */
  readonly #byPid = new Map<string, FrameworkRecord>();
  /** Counters for gauges. */
  connected = 0;
  active = 0;

  constructor(maxCompleted: number) {
    this.completed = new BoundedMap(maxCompleted);
  }

  byConnection(connection: ConnectionId): FrameworkRecord | undefined {
    return this.#byConnection.get(connection);
  }

  /** Connected or not. */
  byPid(pid: string): FrameworkRecord | undefined {
    return this.#byPid.get(pid);
  }

  /** The framework with this id, if it is that of the driver at `pid`; otherwise why not. */
  ofDriver(
    pid: string,
    id: FrameworkID | undefined,
  ): FrameworkRecord | 'Framework cannot be found' | 'Call is not from registered framework' {
    const framework = this.registered.get(id?.value as FrameworkId);
    if (framework === undefined) return 'Framework cannot be found';
    return framework.pid === pid ? framework : 'Call is not from registered framework';
  }

  add(framework: FrameworkRecord): void {
    assert(!this.registered.has(framework.id), `framework ${framework.id} added twice`);
    this.registered.set(framework.id, framework);
    this.#count(framework, 1);
    this.setScheduler(framework, framework.scheduler);
  }

  /** Answers one that is forgotten for it. */
  complete(framework: FrameworkRecord): FrameworkRecord | undefined {
    this.setScheduler(framework, undefined);
    this.setState(framework, 'disconnected');
    if (framework.pid !== undefined) this.#byPid.delete(framework.pid);
    assert(this.registered.delete(framework.id), `framework ${framework.id} is not registered`);
    return this.completed.set(framework.id, framework);
  }

  setState(framework: FrameworkRecord, state: FrameworkState): void {
    this.#count(framework, -1);
    framework.state = state;
    this.#count(framework, 1);
  }

  setScheduler(framework: FrameworkRecord, scheduler: SchedulerLink | undefined): void {
    if (framework.scheduler?.kind === 'stream') this.#byConnection.delete(framework.scheduler.connection);
    framework.scheduler = scheduler;
    framework.reconciliations = 0;
    if (scheduler === undefined) return;
    if (scheduler.kind === 'stream') this.#byConnection.set(scheduler.connection, framework);
    if (framework.pid !== undefined) this.#byPid.delete(framework.pid);
    framework.pid = scheduler.kind === 'process' ? scheduler.pid : undefined;
    if (framework.pid === undefined) return;
    assert(!this.#byPid.has(framework.pid), `two frameworks at ${framework.pid}`);
    this.#byPid.set(framework.pid, framework);
  }

  check(): void {
    let connected = 0;
    let active = 0;
    let streams = 0;
    let processes = 0;
    for (const framework of this.registered.values()) {
      if (isConnected(framework)) connected++;
      if (framework.state === 'active') active++;
      assert(
        isConnected(framework) === (framework.scheduler !== undefined),
        `framework ${framework.id} is ${framework.state} ${framework.scheduler === undefined ? 'without' : 'with'} a scheduler`,
      );
      if (framework.scheduler?.kind === 'stream') {
        streams++;
        assert(
          this.#byConnection.get(framework.scheduler.connection) === framework,
          `framework ${framework.id} is not found by its connection`,
        );
      }
      if (framework.pid !== undefined) {
        processes++;
        assert(this.#byPid.get(framework.pid) === framework, `framework ${framework.id} is not found by its pid`);
      }
      if (framework.scheduler?.kind === 'process')
        assert(framework.scheduler.pid === framework.pid, `framework ${framework.id} has two pids`);
      assert(!this.completed.has(framework.id), `framework ${framework.id} is registered and completed`);
      for (const id of framework.unreachableTasks.keys())
        assert(!framework.tasks.has(id), `task ${id} of framework ${framework.id} is unreachable and known`);
    }
    assert(connected === this.connected && active === this.active, 'counters of frameworks are wrong');
    assert(streams === this.#byConnection.size, 'index of frameworks by connection is wrong');
    assert(processes === this.#byPid.size, 'index of frameworks by pid is wrong');
  }

  #count(framework: FrameworkRecord, by: number): void {
    if (isConnected(framework)) this.connected += by;
    if (framework.state === 'active') this.active += by;
  }
}

export function newFramework(
  fields: Pick<
    FrameworkRecord,
    | 'id'
    | 'info'
    | 'capabilities'
    | 'roles'
    | 'suppressedRoles'
    | 'offerConstraints'
    | 'state'
    | 'scheduler'
    | 'registeredWallMs'
    | 'metricsPrefix'
  >,
  limits: { readonly completedTasks: number; readonly unreachableTasks: number },
): FrameworkRecord {
  return {
    ...fields,
    pid: undefined,
    reregisteredWallMs: undefined,
    unregisteredWallMs: undefined,
    failoverAtMs: undefined,
    failoverCheckMs: undefined,
    memory: undefined,
    memoryBeingWritten: false,
    reconciliations: 0,
    tasks: new Map(),
    unreachableTasks: new BoundedMap(limits.unreachableTasks),
    completedTasks: new RingBuffer(limits.completedTasks),
    executors: new Map(),
    offers: new Set(),
    counts: new FrameworkCounts(),
    used: new Map(),
  };
}
