/**
 * A master core without a host: tests step it, the registry answers at once unless told to wait, and what it wants done
 * is collected and decoded.
 */
import type { AgentId } from '@mesolite/base';
import { seededRandom } from '@mesolite/base';
import { MetricsRegistry } from '@mesolite/daemon';
import { silentLog } from '@mesolite/ports';
import {
  type AgentInfo,
  type AgentInfoCapability,
  AgentRegisteredMessage,
  type FrameworkInfo,
  type MessageType,
  type Offer,
  type OfferOperation,
  type Resource,
  RunTaskMessage,
  type SchedulerCall,
  type SchedulerEvent,
  type SchedulerOfferConstraints,
  type StatusUpdate,
  type TaskInfo,
  type TaskState,
  type TaskStatus,
  wireName,
} from '@mesolite/wire';
import { MasterCore, type MasterEffect, type MasterInput, type MasterOptions } from '../src/core/index.ts';

export const MASTER_ID = '2c1b0f6e-4f6d-4d6a-9d55-0d1f8a3f2a10';

export const MASTER_INFO: MasterOptions['info'] = {
  id: MASTER_ID,
  ip: 16777343,
  port: 5050,
  pid: 'master@127.0.0.1:5050',
  hostname: 'localhost',
};

/** The wall clock of tests starts here. */
const EPOCH_MS = 1_767_225_600_000;

export type Effect<K extends MasterEffect['kind']> = Extract<MasterEffect, { readonly kind: K }>;

export function scalar(name: string, value: number): Resource {
  return { name, type: 'SCALAR', scalar: { value } };
}

export function ports(begin: number, end: number): Resource {
  return { name: 'ports', type: 'RANGES', ranges: { range: [{ begin, end }] } };
}

export const AGENT_RESOURCES: Resource[] = [
  ports(31000, 32000),
  scalar('cpus', 8),
  scalar('mem', 8192),
  scalar('disk', 20480),
];

export const AGENT_CAPABILITIES: readonly AgentInfoCapability[] = [
  { type: 'MULTI_ROLE' },
  { type: 'HIERARCHICAL_ROLE' },
  { type: 'RESERVATION_REFINEMENT' },
  { type: 'TASK_RESOURCE_LIMITS' },
  { type: 'AGENT_DRAINING' },
];

export function frameworkInfo(fields: Partial<FrameworkInfo> = {}): FrameworkInfo {
  return {
    user: 'nobody',
    name: 'test',
    roles: ['*'],
    capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }, { type: 'PARTITION_AWARE' }],
    failover_timeout: 60,
    checkpoint: true,
    ...fields,
  };
}

export interface Scheduler {
  readonly connection: number;
  readonly streamId: string;
  /** Empty when it was refused. */
  readonly id: string;
}

export interface RegisteredAgent {
  readonly id: AgentId;
  readonly pid: string;
}

export class CoreHarness {
  readonly core: MasterCore;
  readonly metrics = new MetricsRegistry();
  nowMs = 0;
  /** Registry writes are kept here while this is set, to be answered by {@link answerRegistry}. */
  registryWaits = false;
  readonly waiting: Effect<'write-registry'>[] = [];
  /** Later turns that the core asks for wait while this is set, for {@link nextTurn}; otherwise they come at once. */
  turnsWait = false;
  /** A later turn is asked for and waits. */
  turnAsked = false;
  readonly effects: MasterEffect[] = [];
  #connections = 0;
  #agents = 0;

  constructor(options: Partial<MasterOptions> = {}) {
    this.core = new MasterCore({
      info: MASTER_INFO,
      allocationIntervalMs: 1000,
      minAllocatable: [{ cpus: 0.01 }, { mem: 32 }],
      fairSharingExcludedResourceNames: [],
      filterGpuResources: true,
      agentPingTimeoutMs: 15_000,
      maxAgentPingTimeouts: 5,
      agentReregisterTimeoutMs: 600_000,
      maxCompletedFrameworks: 50,
      maxCompletedTasksPerFramework: 1000,
      maxUnreachableTasksPerFramework: 1000,
      rootSubmissions: true,
      log: silentLog,
      metrics: this.metrics,
      random: seededRandom(7),
      ...options,
    });
  }

  /** What the next scheduler to subscribe will be known by. */
  get nextConnection(): number {
    return this.#connections + 1;
  }

  start(registry?: Extract<MasterInput, { kind: 'started' }>['registry']): this {
    this.step({ kind: 'started', registry });
    return this;
  }

  /** One input, one turn; what it caused, registry answers included. */
  step(input: MasterInput): MasterEffect[] {
    const from = this.effects.length;
    this.#feed(input);
    this.core.check();
    return this.effects.slice(from);
  }

  #feed(input: MasterInput): void {
    this.core.step(input, this.now());
    const effects = this.core.drain();
    this.effects.push(...effects);
    for (const effect of effects)
      if (effect.kind === 'continue-soon') {
        if (this.turnsWait) this.turnAsked = true;
        else this.#feed({ kind: 'turn-came' });
      } else if (effect.kind === 'write-registry') {
        if (this.registryWaits || this.waiting.length > 0) this.waiting.push(effect);
        else this.#feed({ kind: 'registry-written', pending: effect.pending });
      }
  }

  /** The turn that was asked for comes; what it caused. */
  nextTurn(): MasterEffect[] {
    if (!this.turnAsked) throw new Error('no turn is asked for');
    this.turnAsked = false;
    return this.step({ kind: 'turn-came' });
  }

  /** In order: what is asked for meanwhile comes after what waits. */
  answerRegistry(error?: string): MasterEffect[] {
    const from = this.effects.length;
    for (let left = this.waiting.length; left > 0 || (!this.registryWaits && this.waiting.length > 0); left--)
      this.#feed({ kind: 'registry-written', pending: this.waiting.shift()!.pending, error });
    this.core.check();
    return this.effects.slice(from);
  }

  now(): { wallMs: number; monotonicMs: number } {
    return { wallMs: EPOCH_MS + this.nowMs, monotonicMs: this.nowMs };
  }

  /** Time passes; the core is woken whenever it wants. */
  advance(ms: number): MasterEffect[] {
    const from = this.effects.length;
    const untilMs = this.nowMs + ms;
    for (;;) {
      const next = this.core.state.deadlines.nextMs;
      if (next === undefined || next > untilMs) break;
      this.nowMs = Math.max(this.nowMs, next);
      this.step({ kind: 'timer-fired' });
    }
    this.nowMs = untilMs;
    return this.effects.slice(from);
  }

  /** Time passes and every registered agent answers its pings. */
  advanceAlive(ms: number): MasterEffect[] {
    const from = this.effects.length;
    for (let left = ms; left > 0; left -= 1000) {
      this.advance(Math.min(1000, left));
      for (const agent of this.core.state.agents.registered.values())
        if (!agent.pongReceived) this.step({ kind: 'pong-received', observer: agent.observer });
    }
    return this.effects.slice(from);
  }

  subscribe(
    info: FrameworkInfo = frameworkInfo(),
    more: { suppressedRoles?: string[]; principal?: string; constraints?: SchedulerOfferConstraints | undefined } = {},
  ): Scheduler {
    const connection = ++this.#connections;
    const effects = this.step({
      kind: 'subscribe-scheduler',
      connection,
      subscribe: {
        framework_info: info,
        suppressed_roles: more.suppressedRoles,
        offer_constraints: more.constraints,
      },
      principal: more.principal,
    });
    const opened = effects.find((effect) => effect.kind === 'open-stream' && effect.connection === connection);
    const subscribed = eventsIn(effects, connection).find(({ type }) => type === 'SUBSCRIBED')?.subscribed;
    return {
      connection,
      streamId: opened?.kind === 'open-stream' ? opened.streamId : '',
      id: subscribed?.framework_id.value ?? '',
    };
  }

  call(scheduler: Scheduler, call: Omit<SchedulerCall, 'framework_id'>): MasterEffect[] {
    return this.step({
      kind: 'call-scheduler',
      connection: ++this.#connections,
      call: { ...call, framework_id: { value: scheduler.id } },
      streamId: scheduler.streamId,
    });
  }

  addAgent(
    fields: {
      pid?: string;
      hostname?: string;
      resources?: Resource[];
      capabilities?: readonly AgentInfoCapability[];
      place?: Pick<AgentInfo, 'attributes' | 'domain'>;
    } = {},
  ): RegisteredAgent {
    const pid = fields.pid ?? `slave(1)@127.0.0.1:${5051 + this.#agents++}`;
    const effects = this.step({
      kind: 'register-agent',
      from: pid,
      message: {
        agent: {
          hostname: fields.hostname ?? 'localhost',
          port: 5051,
          resources: fields.resources ?? AGENT_RESOURCES,
          checkpoint: true,
          ...fields.place,
        },
        version: '1.12.0',
        agent_capabilities: [...(fields.capabilities ?? AGENT_CAPABILITIES)],
      },
    });
    const [reply] = sent(effects, pid, AgentRegisteredMessage);
    return { id: (reply?.agent_id.value ?? '') as AgentId, pid };
  }

  /** Offers that are out for the scheduler, after a batch. */
  offers(scheduler: Scheduler): Offer[] {
    const fresh = eventsIn(this.advanceAlive(1000), scheduler.connection).flatMap(({ offers }) => offers?.offers ?? []);
    const known = eventsIn(this.effects, scheduler.connection).flatMap(({ offers }) => offers?.offers ?? []);
    return [...new Map([...known, ...fresh].map((offer) => [offer.id.value, offer])).values()].filter(({ id }) =>
      this.core.state.offers.get(id.value as never),
    );
  }

  launch(scheduler: Scheduler, offer: Offer, tasks: readonly TaskInfo[]): MasterEffect[] {
    return this.accept(scheduler, [offer.id.value], [{ type: 'LAUNCH', launch: { task_infos: [...tasks] } }]);
  }

  accept(
    scheduler: Scheduler,
    offerIds: readonly string[],
    operations: OfferOperation[],
    refuseSeconds = 0,
  ): MasterEffect[] {
    return this.call(scheduler, {
      type: 'ACCEPT',
      accept: {
        offer_ids: offerIds.map((value) => ({ value })),
        operations,
        filters: { refuse_seconds: refuseSeconds },
      },
    });
  }

  /** An update as an agent sends it. */
  update(
    agent: RegisteredAgent,
    scheduler: Scheduler,
    taskId: string,
    state: TaskState,
    fields: { uuid?: Uint8Array; latest?: TaskState; status?: Partial<TaskStatus> } = {},
  ): MasterEffect[] {
    const uuid = fields.uuid ?? uuidOf(taskId, state);
    const update: StatusUpdate = {
      framework_id: { value: scheduler.id },
      agent_id: { value: agent.id },
      executor_id: { value: taskId },
      status: { task_id: { value: taskId }, state, source: 'SOURCE_EXECUTOR', uuid, ...fields.status },
      timestamp: this.now().wallMs / 1000,
      uuid,
      latest_state: fields.latest ?? state,
    };
    return this.step({ kind: 'status-updated', from: agent.pid, message: { update, pid: agent.pid } });
  }

  acknowledge(agent: RegisteredAgent, scheduler: Scheduler, taskId: string, state: TaskState): MasterEffect[] {
    return this.call(scheduler, {
      type: 'ACKNOWLEDGE',
      acknowledge: { agent_id: { value: agent.id }, task_id: { value: taskId }, uuid: uuidOf(taskId, state) },
    });
  }

  metric(name: string): number {
    return this.metrics.snapshot()[name] ?? Number.NaN;
  }
}

/** The uuid that updates of tests carry. */
export function uuidOf(taskId: string, state: TaskState): Uint8Array {
  return Buffer.from(`${taskId}/${state}`.padEnd(16, '.').slice(-16));
}

export function task(id: string, agentId: string, fields: Partial<TaskInfo> = {}): TaskInfo {
  return {
    name: id,
    task_id: { value: id },
    agent_id: { value: agentId },
    resources: [scalar('cpus', 0.1), scalar('mem', 32)],
    command: { value: 'true' },
    ...fields,
  };
}

export function eventsIn(effects: readonly MasterEffect[], connection: number): SchedulerEvent[] {
  return effects.flatMap((effect) =>
    effect.kind === 'stream-event' && effect.connection === connection ? [effect.event] : [],
  );
}

export function statusesIn(effects: readonly MasterEffect[], connection: number): TaskStatus[] {
  return eventsIn(effects, connection).flatMap(({ update }) => update?.status ?? []);
}

export function errorsIn(effects: readonly MasterEffect[], connection: number): string[] {
  return eventsIn(effects, connection).flatMap(({ error }) => error?.message ?? []);
}

export function repliesIn(effects: readonly MasterEffect[]): { status: number; text?: string | undefined }[] {
  return effects.flatMap((effect) => (effect.kind === 'reply' ? [{ status: effect.status, text: effect.text }] : []));
}

/** Messages of one type to one pid, decoded. */
export function sent<M extends object>(effects: readonly MasterEffect[], to: string, type: MessageType<M>): M[] {
  return effects.flatMap((effect) =>
    effect.kind === 'send' && effect.to === to && effect.name === wireName(type) ? [type.decode(effect.body)] : [],
  );
}

export function launchedTasks(effects: readonly MasterEffect[], pid: string): RunTaskMessage[] {
  return sent(effects, pid, RunTaskMessage);
}
