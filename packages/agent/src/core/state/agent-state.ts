/**
 * Everything the agent knows, and its outbox. Tables call nothing; transitions and capabilities change them.
 */
import { type AgentId, assert, BoundedMap, type ContainerId, type FrameworkId, uuidBytes } from '@mesolite/base';
import { applyCheckpointed, Resources } from '@mesolite/resources';
import type { DrainConfig } from '@mesolite/wire';
import type { AgentEffect } from '../effects.ts';
import type { ConnectionId, Leader, Now } from '../inputs.ts';
import { type AgentOptions, DEFAULT_PING_TIMEOUT_MS, MAX_COMPLETED_FRAMEWORKS } from '../options.ts';
import { Counters, type GaugeSource } from './counters.ts';
import { type Deadline, Deadlines } from './deadlines.ts';
import type { Executor } from './executor.ts';
import type { Framework } from './framework.ts';
import { GarbageQueue } from './garbage.ts';
import { Operations } from './operations.ts';
import { UpdateStreams } from './update-streams.ts';

/** While RECOVERING the agent speaks to no master, but answers its pings. */
export type AgentPhase = 'RECOVERING' | 'DISCONNECTED' | 'RUNNING' | 'TERMINATING';

/** An operator wants this agent empty. */
export interface Draining {
  readonly config: DrainConfig;
  readonly sinceWallMs: number;
}

/** How far the agent has proved to the master who it is. */
export interface Authentication {
  /** Of attempts, to know late answers. */
  attempt: number;
  state: 'none' | 'waiting' | 'trying' | 'accepted';
  /** Upper bound of how long the next attempt may take. */
  timeoutMaxMs: number;
  deadline: Deadline | undefined;
}

export class AgentState implements GaugeSource {
  readonly options: AgentOptions;
  /** What the flags give. */
  readonly given: Resources;
  /** The same after all operations: what there is now. */
  total: Resources;
  /** The part of the total that no flag tells, as it is on disk. */
  checkpointed: Resources;
  /** Tells the master which state of our resources a launch was made for. */
  readonly resourceVersion: Uint8Array;
  readonly frameworks = new Map<FrameworkId, Framework>();
  readonly completedFrameworks = new BoundedMap<FrameworkId, Framework>(MAX_COMPLETED_FRAMEWORKS);
  readonly executorOfContainer = new Map<ContainerId, Executor>();
  readonly executorOfConnection = new Map<ConnectionId, Executor>();
  readonly streams = new UpdateStreams();
  readonly operations = new Operations();
  readonly deadlines = new Deadlines();
  readonly garbage = new GarbageQueue();
  readonly counters: Counters;
  now: Now = { wallMs: 0, monotonicMs: 0 };
  startedAt: Now | undefined;
  phase: AgentPhase = 'DISCONNECTED';
  /** Containers of an earlier process are being looked for: executors that come back must wait. */
  recoveringContainers = false;
  recoverySecs = 0;
  /** The machine was started anew since the earlier process ran. */
  rebooted = false;
  /** A leader was detected before the recovery was over: it is asked for again. */
  detectedEarly = false;
  draining: Draining | undefined;
  leader: Leader | undefined;
  agentId: AgentId | undefined;
  pingTimeoutMs = DEFAULT_PING_TIMEOUT_MS;
  pingDeadline: Deadline | undefined;
  registrationDeadline: Deadline | undefined;
  readonly authentication: Authentication = { attempt: 0, state: 'none', timeoutMaxMs: 0, deadline: undefined };
  garbageDeadline: Deadline | undefined;
  /** Counts attempts to register, and what ends them: an answer, another leader. */
  registrationAttempt = 0;
  /** The total that the last attempt tells of. */
  registeredTotal: Resources | undefined;
  /** Upper bound of the next random wait before another attempt to register. */
  registrationBackoffMs = 0;
  /** What the last answer to a registration came over: what comes over an older one was sent before it. */
  leaderConnection: number | undefined;
  /** Counts what may have changed what a registration tells. */
  changes = 0;
  /** What the last attempt told, kept until there is an answer: the next one mostly tells the same. */
  lastRegistration: { readonly changes: number; readonly name: string; readonly body: Buffer } | undefined;
  used: Resources = Resources.empty;
  /** Age from which sandboxes are removed, by the last measure of the disk. */
  maxAllowedAgeMs: number;
  #outbox: AgentEffect[] = [];

  constructor(options: AgentOptions) {
    this.options = options;
    this.given = Resources.from(options.resources);
    this.checkpointed = Resources.from(options.checkpointedResources);
    const total = applyCheckpointed(this.given, this.checkpointed);
    assert(total.ok, 'checkpointed resources are compatible with those of the flags');
    this.total = total.value;
    this.agentId = options.former?.agentId;
    this.resourceVersion = uuidBytes(options.random.bytes(16));
    this.maxAllowedAgeMs = options.gcDelayMs;
    this.counters = new Counters(options.metrics, this);
  }

  effect(effect: AgentEffect): void {
    this.#outbox.push(effect);
  }

  drain(): AgentEffect[] {
    const effects = this.#outbox;
    this.#outbox = [];
    return effects;
  }

  get registered(): boolean {
    return this.phase === 'RUNNING';
  }

  get recoveryTimeSecs(): number {
    return this.recoverySecs;
  }

  get maxAllowedAgeSecs(): number {
    return this.maxAllowedAgeMs / 1000;
  }
}
