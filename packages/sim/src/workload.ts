/**
 * A framework that does everything a framework does: subscribes, launches, declines, kills, reconciles, acknowledges,
 * loses its connection and subscribes again. What it remembers outlives its connections, as if it were stored.
 *
 * Never: looks into a core. All it knows came over its connection.
 */
import type { RandomStream } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import type {
  ExecutorInfo,
  FrameworkInfo,
  Offer,
  OfferID,
  OfferOperation,
  SchedulerCall,
  SchedulerEvent,
  TaskStatus,
} from '@mesolite/wire';
import type { Candidate } from './ensemble.ts';
import { EXECUTOR_WORD } from './fake-executor.ts';
import type { MasterGroup } from './master-group.ts';
import { Mischief } from './mischief.ts';
import type { SchedulerSession } from './scheduler-session.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

/** States after which nothing more is expected of a task, for this framework. */
const ENDED = new Set([
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_ERROR',
  'TASK_LOST',
  'TASK_DROPPED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
  'TASK_UNKNOWN',
]);

/** An agent that has been unreachable for so long has been replaced by another one. */
const PATIENCE_MS = 1_200_000;

export interface WorkloadTask {
  readonly id: string;
  readonly agentId: string;
  state: string;
  /** Virtual milliseconds at which it came to this state, and at which anything was heard of it. */
  sinceMs: number;
  heardMs: number;
}

export interface FrameworkObserver {
  frameworkUpdated(frameworkId: string, status: TaskStatus): void;
  /** It ended, by its own wish or because it stayed away too long. */
  frameworkGone(frameworkId: string): void;
}

export interface WorkloadOptions {
  readonly name: string;
  readonly role: string;
  readonly partitionAware: boolean;
  readonly checkpoint: boolean;
  /** Its tasks run under executors of its own, one on each agent, instead of as commands. */
  readonly customExecutors: boolean;
  /** Makes calls no scheduler should make. */
  readonly mischief: boolean;
  /** Seconds it may stay away before it is removed. */
  readonly failoverTimeout: number;
  /** Tasks it launches at most. */
  readonly maxTasks: number;
  /** Virtual time it takes to launch them all; 0: as fast as it gets offers. */
  readonly launchOverMs: number;
  readonly observer: FrameworkObserver;
}

export class Workload {
  readonly name: string;
  readonly tasks = new Map<string, WorkloadTask>();
  /** Whether some of its calls arrive twice. */
  stutters = false;
  readonly #world: World;
  readonly #masters: MasterGroup;
  readonly #random: RandomStream;
  readonly #options: WorkloadOptions;
  readonly #mischief: Mischief;
  /** Who leads, as far as it has heard. */
  #leader: Candidate | undefined;
  #session: SchedulerSession | undefined;
  #streamId: string | undefined;
  #frameworkId: string | undefined;
  #winding = false;
  /** It wants to end, until the master says that it did. */
  #leaving = false;
  #launched = 0;

  constructor(world: World, masters: MasterGroup, options: WorkloadOptions) {
    this.#world = world;
    this.#masters = masters;
    this.#options = options;
    this.#random = world.random.fork();
    this.#mischief = new Mischief(options.name, world.random.fork());
    this.name = options.name;
  }

  get frameworkId(): string | undefined {
    return this.#frameworkId;
  }

  get launched(): number {
    return this.#launched;
  }

  get unfinished(): WorkloadTask[] {
    const now = this.#world.nowMs;
    return [...this.tasks.values()].filter(
      ({ state, sinceMs }) => !ENDED.has(state) && !(state === 'TASK_UNREACHABLE' && now - sinceMs > PATIENCE_MS),
    );
  }

  start(): void {
    const { ensemble } = this.#masters;
    ensemble.detector(this.name).watch((leader) => {
      this.#leader = leader;
      if (leader === undefined) return;
      // The stream to the one that led before means nothing any more.
      this.#session?.drop();
      this.#session = undefined;
      this.#streamId = undefined;
      this.#subscribe();
    });
    this.#tick();
  }

  /** No more launches; what runs is killed until it has ended. */
  windDown(): void {
    this.#winding = true;
  }

  /** Nothing comes through its connection for a while, then it breaks. */
  stall(forMs: number): void {
    this.#session?.stall(forMs);
  }

  /** Nothing is wrong with its connection any more. */
  mend(): void {
    this.stutters = false;
    if (this.#session?.stalled === true) this.#session.drop();
  }

  /** The connection breaks; it comes back by itself. */
  disconnect(): void {
    this.#session?.drop();
  }

  /** It ends, and begins again as another framework that knows nothing of the tasks of this one. */
  tearDown(): void {
    if (this.#frameworkId === undefined) return;
    this.#world.note(this.name, 'tears down');
    this.#leaving = true;
    this.#call({ type: 'TEARDOWN' });
  }

  /** Another instance takes over while this one is still connected. */
  failOver(): void {
    if (this.#frameworkId === undefined) return;
    this.#world.note(this.name, 'fails over');
    this.#session = undefined;
    this.#subscribe();
  }

  #subscribe(): void {
    this.#streamId = undefined;
    if (this.#leader === undefined) return;
    const session: SchedulerSession = this.#masters.connect(this.#leader, {
      opened: (streamId) => {
        if (this.#session === session) this.#streamId = streamId;
      },
      event: (event) => {
        if (this.#session === session) this.#handle(event);
      },
      replied: (status, text) => {
        // 403 and 400 follow a stream that was taken over; anything else is a bug of the scenario or of the master.
        if (status !== 202) this.#world.note(this.name, `is answered ${status}: ${text ?? ''}`);
      },
      closed: () => {
        if (this.#session !== session) return;
        this.#world.note(this.name, 'loses its connection');
        this.#session = undefined;
        this.#world.after(this.#random.next() * 5000, () => {
          if (this.#session === undefined) this.#subscribe();
        });
      },
    });
    this.#session = session;
    session.subscribe({ framework_info: this.#info() });
  }

  #info(): FrameworkInfo {
    const { name, role, partitionAware, checkpoint } = this.#options;
    return {
      user: 'nobody',
      name,
      roles: [role],
      checkpoint,
      failover_timeout: this.#options.failoverTimeout,
      capabilities: [{ type: 'MULTI_ROLE' }, ...(partitionAware ? [{ type: 'PARTITION_AWARE' as const }] : [])],
      ...(this.#frameworkId === undefined ? {} : { id: { value: this.#frameworkId } }),
    };
  }

  #handle(event: SchedulerEvent): void {
    switch (event.type) {
      case 'SUBSCRIBED':
        this.#frameworkId ??= event.subscribed?.framework_id.value;
        this.#world.note(this.name, `is subscribed as ${this.#frameworkId}`);
        if (this.#leaving) this.#call({ type: 'TEARDOWN' });
        this.#reconcile([...this.tasks.values()]);
        return;
      case 'OFFERS':
        this.#offered(event.offers?.offers ?? []);
        return;
      case 'INVERSE_OFFERS':
        for (const { id } of event.inverse_offers?.inverse_offers ?? []) this.#answer(id);
        return;
      case 'UPDATE':
        if (event.update !== undefined) this.#update(event.update.status);
        return;
      case 'ERROR':
        // An older instance's subscription may arrive after ours; its end follows, and ours comes again.
        if (event.error?.message === 'Framework failed over') return;
        if (event.error?.message === 'Framework has been removed') {
          this.#beginAnew();
          return;
        }
        throw new Violation(`framework ${this.name} is told an error: ${event.error?.message}`);
      default:
        return;
    }
  }

  /** Whatever it says, it stays. */
  #answer(id: OfferID): void {
    const answer = { inverse_offer_ids: [id], filters: { refuse_seconds: this.#random.below(10) } };
    const what = this.#random.below(3);
    if (what === 0) this.#call({ type: 'ACCEPT_INVERSE_OFFERS', accept_inverse_offers: answer });
    else if (what === 1) this.#call({ type: 'DECLINE_INVERSE_OFFERS', decline_inverse_offers: answer });
  }

  #beginAnew(): void {
    this.#world.note(this.name, `is ${this.#frameworkId} no more`);
    this.#options.observer.frameworkGone(this.#frameworkId ?? '');
    this.#frameworkId = undefined;
    this.#leaving = false;
    this.tasks.clear();
  }

  /** Something is to be heard of this task. */
  #expect(id: string, agentId: string): void {
    const { nowMs } = this.#world;
    if (!this.tasks.has(id)) this.tasks.set(id, { id, agentId, state: 'TASK_STAGING', sinceMs: nowMs, heardMs: nowMs });
  }

  #misbehave(offer: Offer): void {
    const { calls, ghosts } = this.#mischief.next(offer, [...this.tasks.keys()]);
    for (const ghost of ghosts) this.#expect(ghost, offer.agent_id.value);
    for (const call of calls) {
      this.#world.note(this.name, `misbehaves: ${call.type}`);
      this.#call(call);
    }
  }

  /** Those it does not take it declines together. Who needs no more does not want to hear of it soon. */
  #offered(offers: readonly Offer[]): void {
    const isDone = this.#winding || this.#leaving || this.#launched >= this.#options.maxTasks;
    const mayLaunch = this.#mayLaunch();
    const declined: Offer[] = [];
    for (const offer of offers) {
      if (this.#options.mischief && !this.#winding && this.#random.below(5) === 0) this.#misbehave(offer);
      if (!isDone && this.#launched < mayLaunch && this.#random.below(4) > 0) this.#launchOn(offer);
      else declined.push(offer);
    }
    if (declined.length === 0) return;
    for (const offer of declined) this.#mischief.used(offer);
    const refuse = this.#winding ? 3600 : isDone ? 30 + this.#random.below(60) : this.#random.below(8);
    const offer_ids = declined.map(({ id }) => id);
    this.#call({ type: 'DECLINE', decline: { offer_ids, filters: { refuse_seconds: refuse } } });
  }

  /** How many tasks in all by now. */
  #mayLaunch(): number {
    const { maxTasks, launchOverMs } = this.#options;
    return launchOverMs === 0 ? maxTasks : Math.min(maxTasks, Math.ceil((maxTasks * this.#world.nowMs) / launchOverMs));
  }

  #launchOn(offer: Offer): void {
    const executor = this.#options.customExecutors ? this.#executor(offer.agent_id.value) : undefined;
    const own = Resources.from(executor?.resources);
    const free = Resources.from(offer.resources).unallocate().minus(own);
    const cpuMillis = 100 * (1 + this.#random.below(10));
    const memory = 32 * (1 + this.#random.below(4));
    const most = Math.min(Math.floor(free.scalarMillis('cpus') / cpuMillis), Math.floor(free.scalar('mem') / memory));
    const count = Math.min(1 + this.#random.below(6), most, this.#mayLaunch() - this.#launched);
    const resources = [
      { name: 'cpus', type: 'SCALAR' as const, scalar: { value: cpuMillis / 1000 } },
      { name: 'mem', type: 'SCALAR' as const, scalar: { value: memory } },
    ];
    const good = Array.from({ length: Math.max(0, count) }, () => {
      const id = `${this.name}-t${this.#launched++}`;
      return {
        name: id,
        task_id: { value: id },
        agent_id: offer.agent_id,
        resources,
        ...(executor === undefined ? { command: { value: this.#command() } } : { executor }),
      };
    });
    const tasks = this.#options.mischief ? [...good, ...this.#mischief.badTasks(offer, good)] : good;
    for (const { name } of tasks) this.#expect(name, offer.agent_id.value);
    this.#mischief.used(offer);
    this.#world.note(this.name, `launches ${tasks.map(({ name }) => name).join(' ')} on ${offer.id.value}`);
    const operations: OfferOperation[] = tasks.length === 0 ? [] : [{ type: 'LAUNCH', launch: { task_infos: tasks } }];
    const filters = { refuse_seconds: this.#random.below(3) };
    this.#call({ type: 'ACCEPT', accept: { offer_ids: [offer.id], operations, filters } });
  }

  /** One on each agent. It may be there already, and then costs nothing again. */
  #executor(agentId: string): ExecutorInfo {
    return {
      type: 'CUSTOM',
      executor_id: { value: `${this.name}-on-${agentId}` },
      command: { value: `sim: launch=200ms run=forever ${EXECUTOR_WORD}` },
      resources: [
        { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } },
        { name: 'mem', type: 'SCALAR', scalar: { value: 32 } },
      ],
    };
  }

  /** In the language of the fake containers. */
  #command(): string {
    const run = this.#random.below(5) === 0 ? 'forever' : `${this.#random.below(20_000)}ms`;
    const launch = `launch=${this.#random.below(500)}ms`;
    switch (this.#random.below(8)) {
      case 0:
        return `sim: ${launch} fail-launch`;
      case 1:
        return `sim: ${launch} run=${run} exit=3`;
      case 2:
        return `sim: ${launch} run=${run} ignore-kill`;
      case 3:
        return `sim: ${launch} run=${run} kill=${this.#random.below(2000)}ms`;
      default:
        return `sim: ${launch} run=${run}`;
    }
  }

  #update(status: TaskStatus): void {
    const id = status.task_id.value;
    const { state = '', uuid, agent_id } = status;
    const task = this.tasks.get(id);
    if (task === undefined)
      throw new Violation(`framework ${this.name} is told of task ${id}, which it never launched`);
    this.#world.note(this.name, `hears ${id} ${state}${uuid === undefined ? '' : ' and acknowledges'}`);
    this.#options.observer.frameworkUpdated(this.#frameworkId ?? '', status);
    if (task.state !== state) task.sinceMs = this.#world.nowMs;
    task.state = state;
    task.heardMs = this.#world.nowMs;
    if (uuid === undefined || agent_id === undefined) return;
    const acknowledge = { agent_id, task_id: status.task_id, uuid };
    this.#call({ type: 'ACKNOWLEDGE', acknowledge });
  }

  #tick(): void {
    this.#world.after(2000 + this.#random.below(3000), () => {
      const now = this.#world.nowMs;
      const quiet = this.unfinished.filter(({ heardMs }) => now - heardMs > 15_000);
      if (quiet.length > 0) this.#reconcile(quiet);
      // What was given up for lost may run all the same; only asking for everything tells.
      if (this.#random.below(6) === 0) this.#call({ type: 'RECONCILE', reconcile: {} });
      for (const task of this.unfinished)
        if (this.#winding || this.#random.below(40) === 0) {
          this.#call({ type: 'KILL', kill: { task_id: { value: task.id }, agent_id: { value: task.agentId } } });
        }
      if (!this.#winding && this.#random.below(6) === 0) this.#call({ type: 'REVIVE' });
      this.#tick();
    });
  }

  #reconcile(tasks: readonly WorkloadTask[]): void {
    if (tasks.length === 0) return;
    const list = tasks.map(({ id, agentId }) => ({ task_id: { value: id }, agent_id: { value: agentId } }));
    this.#call({ type: 'RECONCILE', reconcile: { tasks: list } });
  }

  #call(call: SchedulerCall): void {
    if (this.#session === undefined || this.#streamId === undefined || this.#frameworkId === undefined) return;
    const whole = { ...call, framework_id: { value: this.#frameworkId } };
    this.#session.call(whole, this.#streamId);
    if (!this.stutters || this.#random.below(4) > 0) return;
    this.#world.hit(`twice ${call.type}`);
    this.#session.call(whole, this.#streamId);
  }
}
