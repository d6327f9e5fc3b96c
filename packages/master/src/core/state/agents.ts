/**
 * Every agent this master knows, in exactly one of: registered, recovered, unreachable, gone; and the bounded memory
 * of removed ones.
 *
 * Never: sends, asks the registry, or talks to the allocator (transitions do).
 */
import {
  type AgentId,
  assert,
  BoundedMap,
  type ExecutorId,
  type FrameworkId,
  type OfferId,
  type TaskId,
} from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import type {
  AgentInfo,
  AgentInfoCapability,
  AgentInfoCapabilityType,
  DrainInfo,
  ExecutorInfo,
  Unavailability,
} from '@mesolite/wire';
import { MAX_REGISTERED_OVER, MAX_REMEMBERED_LOST_AGENTS, MAX_REMOVED_AGENTS } from '../options.ts';
import type { MachineKey } from './maintenance-plan.ts';
import type { TaskRecord } from './task.ts';

export interface ExecutorRecord {
  readonly info: ExecutorInfo;
  readonly resources: Resources;
  /** Its agent registered without it, and may have been told to launch it only afterwards. */
  unmentioned: boolean;
}

export interface AgentRecord {
  readonly id: AgentId;
  /** Resources in post-refinement format; `id` set. */
  info: AgentInfo;
  pid: string;
  /** Of the pid. */
  ip: string;
  port: number;
  /** It runs on: its hostname and the address of its pid, which cannot change while it is registered. */
  readonly machine: MachineKey;
  /** When that machine will be out of service, if that is planned. */
  unavailability: Unavailability | undefined;
  version: string;
  capabilityList: readonly AgentInfoCapability[];
  capabilities: ReadonlySet<AgentInfoCapabilityType>;
  readonly registeredWallMs: number;
  reregisteredWallMs: number | undefined;
  /** Monotonic time at which it came with what it had begun before this master knew it; unset if it began anew. */
  readonly returnedMs: number | undefined;
  /** The link holds and the agent has (re)registered over it. */
  connected: boolean;
  /** Gets offers. */
  active: boolean;
  /** N of its `slave-observer(N)`. */
  readonly observer: number;
  /** Pings in a row without an answer, the one under way not counted. */
  missedPings: number;
  pongReceived: boolean;
  /** Distinguishes incarnations of the connection: timers of an older one are void. */
  epoch: number;
  total: Resources;
  /** What tasks and executors of each framework hold. */
  readonly used: Map<FrameworkId, Resources>;
  readonly offers: Set<OfferId>;
  offered: Resources;
  readonly tasks: Map<FrameworkId, Map<TaskId, TaskRecord>>;
  readonly executors: Map<FrameworkId, Map<ExecutorId, ExecutorRecord>>;
  /** Kills asked for while the agent was away, sent again when it returns. */
  readonly killedTasks: Map<FrameworkId, Set<TaskId>>;
  resourceVersion: Uint8Array | undefined;
  /** When it was told to drain, as far as this master knows. */
  drainStartWallMs: number | undefined;
}

/** An operator took the agent out of service; with `drain`, what runs there has to end. */
export interface Deactivation {
  readonly drain?: DrainInfo | undefined;
}

export interface UnreachableAgent {
  readonly wallMs: number;
  /** What its frameworks keep among their unreachable tasks. */
  readonly tasks: ReadonlyMap<FrameworkId, readonly TaskId[]>;
}

export class Agents {
  readonly registered = new Map<AgentId, AgentRecord>();
  /** In the registry, not yet back since this master began to lead. */
  readonly recovered = new Map<AgentId, AgentInfo>();
  /** How many there were when this master began. */
  recoveredAtStart = 0;
  readonly unreachable = new BoundedMap<AgentId, UnreachableAgent>(MAX_REMEMBERED_LOST_AGENTS);
  readonly gone = new BoundedMap<AgentId, { readonly wallMs: number }>(MAX_REMEMBERED_LOST_AGENTS);
  readonly removed = new BoundedMap<AgentId, true>(MAX_REMOVED_AGENTS);
  /** The connection of the last attempt to register, by pid. A pid that is forgotten here is believed. */
  readonly registeredOver = new BoundedMap<string, number>(MAX_REGISTERED_OVER);
  /** Waiting for the registry. */
  readonly registering = new Set<string>();
  readonly reregistering = new Set<AgentId>();
  readonly markingUnreachable = new Set<AgentId>();
  readonly removing = new Set<AgentId>();
  readonly markingGone = new Set<AgentId>();
  readonly markingDrained = new Set<AgentId>();
  /** Those lost long ago are being forgotten. */
  pruning = false;
  /** Registered, recovered or unreachable: whatever becomes of the agent, it gets no offers until it is taken back. */
  readonly deactivated = new Map<AgentId, Deactivation>();
  /** Wait for the removal rate limit before they are marked unreachable: why, oldest first. */
  readonly awaitingRemoval = new Map<AgentId, string>();
  /** Monotonic time from which the rate limit allows one more. */
  nextRemovalMs = 0;
  readonly #byPid = new Map<string, AgentRecord>();
  readonly #byObserver = new Map<number, AgentRecord>();
  readonly #byMachine = new Map<MachineKey, Set<AgentRecord>>();
  /** Counters for gauges. */
  connected = 0;
  active = 0;

  byPid(pid: string): AgentRecord | undefined {
    return this.#byPid.get(pid);
  }

  byObserver(observer: number): AgentRecord | undefined {
    return this.#byObserver.get(observer);
  }

  /** A copy: they may be removed meanwhile. */
  onMachine(machine: MachineKey): AgentRecord[] {
    return [...(this.#byMachine.get(machine) ?? [])];
  }

  /** Whether it is registered, or may be again. */
  isKnown(agentId: AgentId): boolean {
    return this.registered.has(agentId) || this.recovered.has(agentId) || this.unreachable.has(agentId);
  }

  /** Another change of whether it is there waits for the registry. */
  isLeaving(agentId: AgentId): boolean {
    return this.markingUnreachable.has(agentId) || this.markingGone.has(agentId) || this.removing.has(agentId);
  }

  setUnreachable(agentId: AgentId, agent: UnreachableAgent): void {
    const { unreachable } = this;
    if (unreachable.size === unreachable.capacity && !unreachable.has(agentId)) {
      const [oldest] = unreachable.keys();
      if (oldest !== undefined) this.deactivated.delete(oldest);
    }
    unreachable.set(agentId, agent);
  }

  add(agent: AgentRecord): void {
    assert(!this.registered.has(agent.id), `agent ${agent.id} added twice`);
    assert(this.#byPid.get(agent.pid)?.connected !== true, `two agents at ${agent.pid}`);
    this.registered.set(agent.id, agent);
    this.#byPid.set(agent.pid, agent);
    this.#byObserver.set(agent.observer, agent);
    const onMachine = this.#byMachine.get(agent.machine) ?? new Set();
    this.#byMachine.set(agent.machine, onMachine.add(agent));
    if (agent.connected) this.connected++;
    if (agent.active) this.active++;
  }

  remove(agent: AgentRecord): void {
    assert(this.registered.delete(agent.id), `agent ${agent.id} is not registered`);
    this.#forgetPid(agent);
    this.#byObserver.delete(agent.observer);
    const onMachine = this.#byMachine.get(agent.machine);
    onMachine?.delete(agent);
    if (onMachine?.size === 0) this.#byMachine.delete(agent.machine);
    if (agent.connected) this.connected--;
    if (agent.active) this.active--;
    this.removed.set(agent.id, true);
  }

  setConnected(agent: AgentRecord, connected: boolean): void {
    if (agent.connected !== connected) this.connected += connected ? 1 : -1;
    agent.connected = connected;
  }

  setActive(agent: AgentRecord, active: boolean): void {
    if (agent.active !== active) this.active += active ? 1 : -1;
    agent.active = active;
  }

  setPid(agent: AgentRecord, pid: string, ip: string, port: number): void {
    this.#forgetPid(agent);
    agent.pid = pid;
    agent.ip = ip;
    agent.port = port;
    this.#byPid.set(pid, agent);
  }

  check(): void {
    let connected = 0;
    let active = 0;
    for (const agent of this.registered.values()) {
      if (agent.connected) connected++;
      if (agent.active) active++;
      assert(this.#byPid.get(agent.pid) === agent || !agent.connected, `agent ${agent.id} is not found by its pid`);
      assert(this.#byObserver.get(agent.observer) === agent, `agent ${agent.id} is not found by its observer`);
      assert(this.#byMachine.get(agent.machine)?.has(agent), `agent ${agent.id} is not found by its machine`);
      assert(!agent.active || agent.connected, `agent ${agent.id} is active but not connected`);
      assert(!agent.active || !this.deactivated.has(agent.id), `agent ${agent.id} is active but out of service`);
      for (const set of [this.recovered, this.unreachable, this.gone])
        assert(!set.has(agent.id), `agent ${agent.id} is registered and elsewhere`);
      let used = Resources.empty;
      for (const resources of agent.used.values()) used = used.plus(resources);
      // An agent may report more in use than it has; what is offered never takes part in that. Shared volumes may be out
      // more than once.
      assert(
        agent.total.minus(used.unallocate()).contains(agent.offered.unallocate().nonShared()),
        `agent ${agent.id} offers more than it has: used ${used}, offered ${agent.offered}, total ${agent.total}`,
      );
    }
    for (const id of this.deactivated.keys()) assert(this.isKnown(id), `agent ${id} is out of service but not known`);
    assert(connected === this.connected && active === this.active, 'counters of agents are wrong');
    for (const [pid, agent] of this.#byPid)
      assert(agent.pid === pid && this.registered.get(agent.id) === agent, `index of agents by pid is wrong at ${pid}`);
    assert(this.#byObserver.size === this.registered.size, 'index of agents by observer is wrong');
  }

  /** A disconnected agent may have lost its pid to another one. */
  #forgetPid(agent: AgentRecord): void {
    if (this.#byPid.get(agent.pid) === agent) this.#byPid.delete(agent.pid);
  }
}
