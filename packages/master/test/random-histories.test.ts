/**
 * Random histories of a small cluster, under one master after the other: after every input the tables agree with each other
 * and with the allocator, and at the end the registry says what the master says, and, when everything has gone, nothing is
 * held.
 */
import { type RandomStream, seededRandom } from '@mesolite/base';
import type { TaskState } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { explainSteps } from '../src/core/capabilities/explain/explain.ts';
import { parseExplainQuery } from '../src/core/capabilities/explain/explain-query.ts';
import { type MasterInput, type MasterOptions, RegistryContents } from '../src/core/index.ts';
import {
  AGENT_CAPABILITIES,
  AGENT_RESOURCES,
  CoreHarness,
  frameworkInfo,
  type RegisteredAgent,
  type Scheduler,
  scalar,
  task,
} from './core-harness.ts';

const STATES: readonly TaskState[] = [
  'TASK_STARTING',
  'TASK_RUNNING',
  'TASK_KILLING',
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_LOST',
  'TASK_UNREACHABLE',
];

const OPERATOR = 1_000_000;
interface ExplainedRow {
  reason: string;
  text: string;
  used_by_total: number;
  held_by_total: number;
}

class History {
  master: CoreHarness;
  readonly #options: Partial<MasterOptions>;
  readonly #random: RandomStream;
  /** What is durable. */
  readonly #registry = new RegistryContents();
  #masters = 1;
  /** Effects of the present master that the registry has taken in. */
  #taken = 0;
  readonly #agents: RegisteredAgent[] = [];
  readonly #schedulers: Scheduler[] = [];
  #tasks = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.#options = {
      agentRemovalRateLimit: this.#random.below(2) === 0 ? undefined : { permits: 1, periodMs: 30_000 },
      offerTimeoutMs: this.#random.below(2) === 0 ? undefined : 20_000,
      allocationSliceUnits: this.#random.below(3) === 0 ? undefined : 1 + this.#random.below(500),
      maxCompletedTasksPerFramework: 5,
      maxUnreachableTasksPerFramework: 5,
      maxCompletedFrameworks: 3,
      registryGcIntervalMs: 30_000,
      registryMaxAgentAgeMs: 120_000,
      registryMaxAgentCount: 2,
      durableFrameworks: this.#random.below(4) > 0,
    };
    this.master = new CoreHarness({ ...this.#options, random: seededRandom(seed + 1) }).start();
  }

  step(): void {
    const actions: readonly (() => void)[] = [
      () => this.#agent(),
      () => this.#framework(),
      () => this.#accept(),
      () => this.#accept(),
      () => this.#accept(),
      () => this.#update(),
      () => this.#update(),
      () => this.#update(),
      () => this.#call(),
      () => this.#breakLink(),
      () => this.#return(),
      () => void this.master.advance(this.#random.below(20_000)),
      () => void this.master.advanceAlive(this.#random.below(5_000)),
      () => this.#answer(),
      () => this.#turn(),
      () => this.#turn(),
      () => this.#leave(),
      () => this.#serve(),
      () => this.#serve(),
      () => void (this.#random.below(4) === 0 && this.#failOver()),
      () => this.#explain(),
      () => this.#explain(),
    ];
    this.#pick(actions)?.();
  }

  finish(): void {
    this.master.turnsWait = false;
    if (this.master.turnAsked) this.master.nextTurn();
    this.master.registryWaits = false;
    this.master.answerRegistry();
    this.#compareRegistry();
    for (const id of [...this.master.core.state.frameworks.registered.keys()])
      this.master.step({ kind: 'teardown-framework', connection: OPERATOR, frameworkId: id });
    const { state } = this.master.core;
    expect(state.usedQuantities.isEmpty).toBe(true);
    expect(state.offers.size).toBe(0);
    for (const agent of state.agents.registered.values()) {
      expect(agent.used.size).toBe(0);
      expect(agent.offered.isEmpty).toBe(true);
      expect(agent.tasks.size).toBe(0);
      expect(agent.executors.size).toBe(0);
    }
    for (const count of state.tasksByState.values()) expect(count).toBe(0);
  }

  /** Once all that was asked for is durable. */
  #compareRegistry(): void {
    this.#takeIn();
    const { admitted, unreachable, gone, deactivated = [], frameworks = [] } = this.#registry.read();
    const { agents, frameworks: known } = this.master.core.state;
    const sorted = (ids: Iterable<string | undefined>): (string | undefined)[] => [...ids].sort();
    expect(sorted(admitted.map(({ id }) => id?.value))).toEqual(
      sorted([...agents.registered.keys(), ...agents.recovered.keys()]),
    );
    expect(sorted(unreachable.map(({ agentId }) => agentId))).toEqual(sorted(agents.unreachable.keys()));
    expect(sorted(gone.map(({ agentId }) => agentId))).toEqual(sorted(agents.gone.keys()));
    expect(new Map(deactivated.map(({ agentId, drain }) => [agentId, drain]))).toEqual(
      new Map([...agents.deactivated].map(([agentId, { drain }]) => [agentId, drain])),
    );
    const remembered = [...known.registered.values(), ...known.completed.values()].flatMap(
      ({ memory }) => memory ?? [],
    );
    const byId = (memories: typeof frameworks) => new Map(memories.map((memory) => [memory.info.id?.value, memory]));
    expect(byId(frameworks)).toEqual(byId(remembered));
    for (const set of [agents.registering, agents.reregistering, agents.markingUnreachable, agents.removing])
      expect(set.size).toBe(0);
    expect(agents.markingGone.size + agents.markingDrained.size).toBe(0);
  }

  #takeIn(): void {
    for (const effect of this.master.effects.slice(this.#taken))
      if (effect.kind === 'write-registry') this.#registry.apply(effect.operation);
    this.#taken = this.master.effects.length;
  }

  /** The next master knows what was written; of what was asked for last that may be all or nothing. */
  #failOver(): void {
    const { waiting, effects, nowMs } = this.master;
    const lost = new Set(this.#random.below(2) === 0 ? waiting : []);
    for (const effect of effects.slice(this.#taken))
      if (effect.kind === 'write-registry' && !lost.has(effect)) this.#registry.apply(effect.operation);
    this.#taken = 0;
    const info = { ...this.master.core.options.info, id: `master-${++this.#masters}` };
    const random = seededRandom(this.#random.below(1_000_000));
    const next = new CoreHarness({ ...this.#options, info, random });
    next.nowMs = nowMs + this.#random.below(60_000);
    this.master = next.start(this.#registry.read());
  }

  /** Operators take agents out of service and back, in any order. */
  #serve(): void {
    const { agents } = this.master.core.state;
    const known = [...agents.registered.keys(), ...agents.recovered.keys(), ...agents.unreachable.keys()];
    const agentId = this.#pick(known);
    if (agentId === undefined) return;
    const common = { connection: OPERATOR, agentId };
    const demands: readonly MasterInput[] = [
      { kind: 'drain-agent', ...common, config: { mark_gone: this.#random.below(4) === 0 } },
      { kind: 'deactivate-agent', ...common },
      { kind: 'reactivate-agent', ...common },
      { kind: 'reactivate-agent', ...common },
      ...(this.#random.below(3) === 0 ? [{ kind: 'mark-agent-gone' as const, ...common }] : []),
    ];
    this.master.step(this.#pick(demands)!);
  }

  /** Whatever has happened, there is an answer, and it goes by what the tables have. */
  #explain(): void {
    const { core } = this.master;
    const { state } = core;
    const now = this.master.now();
    const names = [...state.frameworks.registered.keys()].map((id) => `framework=${id}`);
    for (const text of [...names, 'cpus=2', ...names.map((name) => `${name}&cpus=2&mem=64`)]) {
      const query = parseExplainQuery(new URLSearchParams(text));
      if (!query.ok) throw new Error(query.error);
      const steps = explainSteps({ state, now, explain: core.explanations(now) }, query.value);
      let step = steps.next();
      while (step.done !== true) step = steps.next();
      if (!step.value.ok) throw new Error(step.value.error.text);
      const { total, agents } = step.value.value as unknown as { total: number; agents: ExplainedRow[] };
      expect([total, agents.length]).toEqual(Array(2).fill(state.agents.registered.size + state.agents.recovered.size));
      for (const { reason, text: words, used_by_total: users, held_by_total: offers } of agents) {
        expect(words, reason).not.toBe('');
        if (reason === 'used-by-tasks') expect(users).toBeGreaterThan(0);
        if (reason === 'held-by-offers' || reason === 'offered') expect(offers).toBeGreaterThan(0);
      }
    }
  }

  #pick<T>(items: readonly T[]): T | undefined {
    return items[this.#random.below(Math.max(1, items.length))];
  }

  #agent(): void {
    if (this.#agents.length >= 5) return;
    const agent = this.master.addAgent();
    if (agent.id !== '') this.#agents.push(agent);
  }

  #framework(): void {
    const known = this.#random.below(2) === 0 ? undefined : this.#pick(this.#schedulers);
    if (known === undefined && this.#schedulers.length >= 4) return;
    const scheduler = this.master.subscribe(
      frameworkInfo({
        id: known === undefined ? undefined : { value: known.id },
        roles: this.#random.below(3) === 0 ? ['a'] : ['*', 'a'],
        checkpoint: this.#random.below(2) === 0,
        failover_timeout: this.#random.below(60),
        capabilities:
          this.#random.below(2) === 0
            ? [{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }]
            : [{ type: 'MULTI_ROLE' }],
      }),
    );
    if (scheduler.id !== '') this.#schedulers.push(scheduler);
  }

  #accept(): void {
    const offers = [...this.master.core.state.offers.values()];
    const offer = this.#pick(offers);
    const scheduler = this.#pick(this.#schedulers);
    if (offer === undefined || scheduler === undefined) return;
    const owner = this.#schedulers.findLast(({ id }) => id === offer.frameworkId) ?? scheduler;
    const ids = offers
      .filter(({ agentId, role, frameworkId }) =>
        this.#random.below(10) === 0
          ? true
          : agentId === offer.agentId && role === offer.role && frameworkId === offer.frameworkId,
      )
      .map(({ id }) => id);
    const tasks = Array.from({ length: this.#random.below(4) }, () => {
      const id = this.#random.below(8) === 0 ? `t${this.#random.below(this.#tasks + 1)}` : `t${this.#tasks++}`;
      const resources = [scalar('cpus', this.#random.below(4000) / 1000), scalar('mem', this.#random.below(3000))];
      if (this.#random.below(3) > 0) return task(id, offer.agentId, { resources });
      const executor = {
        executor_id: { value: `e${this.#random.below(3)}` },
        command: { value: 'e' },
        resources: [scalar('cpus', 0.5)],
      };
      return task(id, offer.agentId, { resources, command: undefined, executor });
    });
    this.master.accept(owner, ids, [{ type: 'LAUNCH', launch: { task_infos: tasks } }], this.#random.below(10));
  }

  #update(): void {
    const framework = this.#pick([...this.master.core.state.frameworks.registered.values()]);
    const record = this.#pick([...(framework?.tasks.values() ?? [])]);
    const agent = this.#agents.find(({ id }) => id === record?.agentId);
    const scheduler = this.#schedulers.findLast(({ id }) => id === framework?.id);
    if (record === undefined || agent === undefined || scheduler === undefined) return;
    const state = this.#pick(STATES)!;
    this.master.update(agent, scheduler, record.id, state, {
      latest: this.#random.below(3) === 0 ? this.#pick(STATES)! : state,
    });
    if (this.#random.below(2) === 0) this.master.acknowledge(agent, scheduler, record.id, state);
    if (this.#random.below(10) === 0 && record.executorId !== undefined)
      this.master.step({
        kind: 'executor-exited',
        from: agent.pid,
        message: {
          agent_id: { value: agent.id },
          framework_id: { value: record.frameworkId },
          executor_id: { value: record.executorId },
          status: 0,
        },
      });
  }

  #call(): void {
    const scheduler = this.#pick(this.#schedulers);
    if (scheduler === undefined) return;
    const calls = [
      { type: 'SUPPRESS' },
      { type: 'REVIVE' },
      { type: 'RECONCILE', reconcile: {} },
      { type: 'KILL', kill: { task_id: { value: `t${this.#random.below(this.#tasks + 1)}` } } },
      {
        type: 'UPDATE_FRAMEWORK',
        update_framework: { framework_info: frameworkInfo({ id: { value: scheduler.id }, roles: ['*'] }) },
      },
    ] as const;
    this.master.call(scheduler, this.#random.below(30) === 0 ? { type: 'TEARDOWN' } : this.#pick(calls)!);
  }

  #breakLink(): void {
    const agent = this.#pick(this.#agents);
    if (agent !== undefined && this.#random.below(3) === 0) this.master.step({ kind: 'link-exited', pid: agent.pid });
    const scheduler = this.#pick(this.#schedulers);
    if (scheduler !== undefined && this.#random.below(4) === 0)
      this.master.step({ kind: 'stream-closed', connection: scheduler.connection });
  }

  /** An agent registers again with some of the tasks the master may know of it, or with all. */
  #return(): void {
    const agent = this.#pick(this.#agents);
    if (agent === undefined) return;
    const { frameworks } = this.master.core.state;
    const tasks = [...frameworks.registered.values()].flatMap((framework) =>
      [...framework.tasks.values(), ...framework.unreachableTasks.values(), ...framework.completedTasks].filter(
        ({ agentId }) => agentId === agent.id && this.#random.below(4) > 0,
      ),
    );
    this.master.step({
      kind: 'reregister-agent',
      from: this.#random.below(6) === 0 ? (this.#pick(this.#agents)?.pid ?? agent.pid) : agent.pid,
      message: {
        agent: { id: { value: agent.id }, hostname: 'localhost', resources: AGENT_RESOURCES, checkpoint: true },
        version: '1.12.0',
        agent_capabilities: [...AGENT_CAPABILITIES],
        frameworks: [...new Set(tasks.map(({ frameworkId }) => frameworkId))].map((value) =>
          frameworkInfo({ id: { value } }),
        ),
        tasks: tasks.map((record) => ({
          name: record.name,
          task_id: { value: record.id },
          framework_id: { value: record.frameworkId },
          agent_id: { value: agent.id },
          state: this.#random.below(3) === 0 ? 'TASK_FINISHED' : 'TASK_STAGING',
          resources: record.resources.toProto(),
        })),
      },
    });
  }

  #answer(): void {
    this.master.registryWaits = this.#random.below(3) === 0;
    // Registries answer in order.
    if (this.master.waiting.length > 0) this.master.answerRegistry();
  }

  /** The rest of a cycle waits while other things happen, or comes. */
  #turn(): void {
    if (this.master.turnAsked) this.master.nextTurn();
    else this.master.turnsWait = this.#random.below(4) > 0;
  }

  #leave(): void {
    const agent = this.#pick(this.#agents);
    if (agent === undefined || this.#random.below(4) > 0) return;
    this.master.step({ kind: 'unregister-agent', from: agent.pid, message: { agent_id: { value: agent.id } } });
    if (this.#random.below(2) === 0) this.#agents.splice(this.#agents.indexOf(agent), 1);
  }
}

describe('random histories', () => {
  it.each(Array.from({ length: 25 }, (_, seed) => seed))('seed %i', (seed) => {
    const history = new History(seed);
    for (let i = 0; i < 200; i++) history.step();
    history.finish();
  });
});
