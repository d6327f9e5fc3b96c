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
import type { FrameworkInfo, FrameworkInfoCapabilityType, SchedulerOfferConstraints } from '@mesolite/wire';
import type { ConnectionId } from '../inputs.ts';
import type { ExecutorRecord } from './agents.ts';
import { FrameworkCounts } from './framework-counts.ts';
import type { TaskRecord } from './task.ts';

/**
 * recovered: known from an agent only; disconnected: its scheduler went away; inactive: connected, gets no offers.
 */
export type FrameworkState = 'recovered' | 'disconnected' | 'inactive' | 'active';

export interface SchedulerStream {
  readonly connection: ConnectionId;
  /** Value of Mesos-Stream-Id. */
  readonly streamId: string;
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
  stream: SchedulerStream | undefined;
  /** Unset while recovered. */
  registeredWallMs: number | undefined;
  reregisteredWallMs: number | undefined;
  unregisteredWallMs: number | undefined;
  /** Monotonic time at which it ends if no scheduler has come back by then; set while disconnected. */
  failoverAtMs: number | undefined;
  /** When the master looks at that next: one deadline per framework, however often it comes and goes. */
  failoverCheckMs: number | undefined;
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
  /** What its tasks and executors hold, by agent and in sum. */
  readonly used: Map<AgentId, Resources>;
  totalUsed: Resources;
  totalOffered: Resources;
}

export function isConnected(framework: FrameworkRecord): boolean {
  return framework.state === 'active' || framework.state === 'inactive';
}

export class Frameworks {
  readonly registered = new Map<FrameworkId, FrameworkRecord>();
  /** Oldest first. */
  readonly completed: BoundedMap<FrameworkId, FrameworkRecord>;
  readonly #byConnection = new Map<ConnectionId, FrameworkRecord>();
  /** Counters for gauges. */
  connected = 0;
  active = 0;

  constructor(maxCompleted: number) {
    this.completed = new BoundedMap(maxCompleted);
  }

  byConnection(connection: ConnectionId): FrameworkRecord | undefined {
    return this.#byConnection.get(connection);
  }

  add(framework: FrameworkRecord): void {
    assert(!this.registered.has(framework.id), `framework ${framework.id} added twice`);
    this.registered.set(framework.id, framework);
    this.#count(framework, 1);
    if (framework.stream !== undefined) this.#byConnection.set(framework.stream.connection, framework);
  }

  /** The one that is forgotten for it, if any. */
  complete(framework: FrameworkRecord): FrameworkRecord | undefined {
    this.setStream(framework, undefined);
    this.setState(framework, 'disconnected');
    assert(this.registered.delete(framework.id), `framework ${framework.id} is not registered`);
    return this.completed.set(framework.id, framework);
  }

  setState(framework: FrameworkRecord, state: FrameworkState): void {
    this.#count(framework, -1);
    framework.state = state;
    this.#count(framework, 1);
  }

  setStream(framework: FrameworkRecord, stream: SchedulerStream | undefined): void {
    if (framework.stream !== undefined) this.#byConnection.delete(framework.stream.connection);
    framework.stream = stream;
    framework.reconciliations = 0;
    if (stream !== undefined) this.#byConnection.set(stream.connection, framework);
  }

  check(): void {
    let connected = 0;
    let active = 0;
    let streams = 0;
    for (const framework of this.registered.values()) {
      if (isConnected(framework)) connected++;
      if (framework.state === 'active') active++;
      assert(
        isConnected(framework) === (framework.stream !== undefined),
        `framework ${framework.id} is ${framework.state} ${framework.stream === undefined ? 'without' : 'with'} a stream`,
      );
      if (framework.stream !== undefined) {
        streams++;
        assert(
          this.#byConnection.get(framework.stream.connection) === framework,
          `framework ${framework.id} is not found by its connection`,
        );
      }
      assert(!this.completed.has(framework.id), `framework ${framework.id} is registered and completed`);
      for (const id of framework.unreachableTasks.keys())
        assert(!framework.tasks.has(id), `task ${id} of framework ${framework.id} is unreachable and known`);
    }
    assert(connected === this.connected && active === this.active, 'counters of frameworks are wrong');
    assert(streams === this.#byConnection.size, 'index of frameworks by connection is wrong');
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
    | 'stream'
    | 'registeredWallMs'
    | 'metricsPrefix'
  >,
  limits: { readonly completedTasks: number; readonly unreachableTasks: number; readonly none: Resources },
): FrameworkRecord {
  return {
    ...fields,
    reregisteredWallMs: undefined,
    unregisteredWallMs: undefined,
    failoverAtMs: undefined,
    failoverCheckMs: undefined,
    reconciliations: 0,
    tasks: new Map(),
    unreachableTasks: new BoundedMap(limits.unreachableTasks),
    completedTasks: new RingBuffer(limits.completedTasks),
    executors: new Map(),
    offers: new Set(),
    counts: new FrameworkCounts(),
    used: new Map(),
    totalUsed: limits.none,
    totalOffered: limits.none,
  };
}
