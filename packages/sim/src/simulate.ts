/**
 * One run: a cluster, a workload and faults from one seed; then the faults stop, everything is wound down, and the
 * cluster has to come to rest. What is found on the way ends the run and is told with the log.
 */
import type { AgentEffect, AgentInput } from '@mesolite/agent/core';
import { AssertionError, type RandomStream, seededRandom } from '@mesolite/base';
import type { AgentRecord, MasterCore } from '@mesolite/master/core';
import { Resources } from '@mesolite/resources';
import type { TaskStatus } from '@mesolite/wire';
import { AgentLoad } from './agent-load.ts';
import { AgentNode } from './agent-node.ts';
import { AgentOperator } from './agent-operator.ts';
import { Ensemble } from './ensemble.ts';
import { FaultStrikes } from './fault-strikes.ts';
import { type Fault, type FaultWeights, planFaults, planRandom, someFaults } from './faults.ts';
import { MaintenanceOperator } from './maintenance-operator.ts';
import { MasterDues } from './master-dues.ts';
import { MasterGroup } from './master-group.ts';
import { MasterNode } from './master-node.ts';
import { allOf } from './master-observer.ts';
import { Network } from './network.ts';
import { OfferLedger } from './offer-ledger.ts';
import { OfferProbe } from './offer-probe.ts';
import { AgentViews, unlessOutdated } from './outdated-messages.ts';
import { RegistryShelf } from './registry-shelf.ts';
import { RegistryWatch } from './registry-watch.ts';
import { TaskLedger } from './task-ledger.ts';
import { UpdateWatch } from './update-watch.ts';
import { Violation } from './violation.ts';
import { Workload } from './workload.ts';
import { World } from './world.ts';

export interface Scenario {
  readonly name: string;
  readonly masters: number;
  readonly agents: number;
  readonly frameworks: number;
  readonly tasksPerFramework: number;
  /** Virtual time most frameworks take to launch them; 0: as fast as they get offers. */
  readonly launchOverMs: number;
  /** Seconds; frameworks have them in turn. */
  readonly failoverTimeouts: readonly number[];
  /** With `swarm`, each seed takes some of them. */
  readonly faults: FaultWeights;
  readonly swarm: boolean;
  readonly meanFaultMs: number;
  /** Virtual time until faults stop and frameworks wind down. */
  readonly stormMs: number;
  /** Virtual time the cluster has to come to rest afterwards. */
  readonly restMs: number;
  /** Tables are checked after each so many turns of a core. */
  readonly checkEvery: number;
  /** Longest write of an agent's disk. */
  readonly maxWriteMs: number;
}

export interface Outcome {
  readonly seed: number;
  /** What was found, if anything. */
  readonly violation: string | undefined;
  /** Of the whole event log: two runs of a seed have the same. */
  readonly hash: string;
  readonly log: readonly string[];
  readonly events: number;
  readonly virtualMs: number;
  readonly launched: number;
  /** How often each fault struck, and each message and call was sent. */
  readonly hits: ReadonlyMap<string, number>;
  /** Faults of the run, and those that struck before something was found. */
  readonly faults: number;
}

export interface SimulateOptions {
  readonly logLines?: number | undefined;
  /** Of the plan of faults only these, by their place in it. */
  readonly onlyFaults?: readonly number[] | undefined;
}

const LINK = { minDelayMs: 0.1, maxDelayMs: 20 };
/** Time for everything that is free to be offered: others may be offered it first, and decline. */
const PROBE_MS = 60_000;
/** Units of a slice of an allocation: one agent at a time, two or so, as in a daemon. */
const SLICES = [1, 250, undefined] as const;

export function simulate(scenario: Scenario, seed: number, options: SimulateOptions = {}): Outcome {
  const world = new World(seed, { logLines: options.logLines });
  const plan = planOf(scenario, seed);
  const { onlyFaults } = options;
  let launched = 0;
  let violation: string | undefined;
  let run: Run | undefined;
  try {
    run = new Run(world, scenario);
    run.play(onlyFaults === undefined ? plan : plan.filter((_fault, index) => onlyFaults.includes(index)));
  } catch (error) {
    if (!(error instanceof Violation || error instanceof AssertionError)) throw error;
    violation = error.message;
    world.note('checker', `finds: ${violation}`);
  }
  launched = run?.launched ?? 0;
  const { hash, log, events, nowMs: virtualMs, hits } = world;
  const faults = plan.filter(({ atMs }) => atMs <= virtualMs).length;
  return { seed, violation, hash, log, events, virtualMs, launched, hits, faults };
}

/** What an agent or framework is like does not depend on how many others there are: histories can be shrunk. */
function traitsRandom(seed: number, which: number): RandomStream {
  return seededRandom((seed * 7919 + which * 104_729) >>> 0);
}

/** What is to go wrong with this seed. */
function planOf({ faults, swarm, meanFaultMs, stormMs }: Scenario, seed: number): Fault[] {
  const random = planRandom(seed);
  const weights = swarm ? someFaults(faults, random) : faults;
  const meanMs = swarm ? meanFaultMs * (0.3 + 2 * random.next()) : meanFaultMs;
  return planFaults(weights, { meanMs, untilMs: stormMs, random });
}

class Run {
  readonly #world: World;
  readonly #scenario: Scenario;
  readonly #masters: MasterGroup;
  readonly #agents: AgentNode[] = [];
  readonly #frameworks: Workload[] = [];
  readonly #strikes: FaultStrikes;
  readonly #maintenance: MaintenanceOperator;
  readonly #operator: AgentOperator;
  /** Frameworks that were told they have ended. */
  readonly #ended = new Set<string>();
  readonly #updates = new UpdateWatch();
  readonly #tasks = new TaskLedger();

  constructor(world: World, scenario: Scenario) {
    this.#world = world;
    this.#scenario = scenario;
    const network = new Network(world, LINK);
    this.#masters = this.#createMasters(network);
    this.#createAgents(network);
    this.#createFrameworks();
    this.#maintenance = new MaintenanceOperator(world, this.#masters, this.#agents);
    this.#operator = new AgentOperator(world, this.#masters);
    this.#strikes = new FaultStrikes(world, {
      network,
      masters: this.#masters,
      agents: this.#agents,
      frameworks: this.#frameworks,
      maintenance: this.#maintenance,
      operator: this.#operator,
    });
  }

  get launched(): number {
    return this.#frameworks.reduce((sum, framework) => sum + framework.launched, 0);
  }

  #createMasters(network: Network): MasterGroup {
    const world = this.#world;
    const ensemble = new Ensemble(world);
    const watch = new RegistryWatch();
    const registry = new RegistryShelf(world, { delayMs: { min: 0.5, max: 50 }, observer: watch });
    // So few that a cycle takes several turns.
    const allocationSliceUnits = SLICES[world.random.below(SLICES.length)];
    const nodes = Array.from({ length: this.#scenario.masters }, (_one, i): MasterNode => {
      const clock = { monotonicMs: (): number => world.nowMs };
      return new MasterNode(world, network, {
        name: `master-${i}`,
        ip: `10.0.0.${i + 1}`,
        port: 5050,
        core: { allocationSliceUnits },
        session: LINK,
        ensemble,
        registry,
        checkEvery: this.#scenario.checkEvery,
        observer: unlessOutdated(allOf(new OfferLedger(), new MasterDues(clock), watch.observer())),
      });
    });
    return new MasterGroup(nodes, ensemble, registry);
  }

  #createAgents(network: Network): void {
    const { agents, checkEvery, maxWriteMs } = this.#scenario;
    const world = this.#world;
    const totals = new Map<string, Resources>();
    const load = new AgentLoad(totals);
    const [updates, tasks] = [this.#updates, this.#tasks];
    const views = new AgentViews();
    const observer = {
      agentStarted: (name: string, recovered: boolean) => {
        views.agentStarted(name);
        load.agentStarted(name);
        updates.agentStarted(name, recovered);
        tasks.agentStarted(name, recovered);
      },
      agentInput: (name: string, input: AgentInput) => {
        if (views.isOutdated(name, input)) return;
        load.agentInput(name, input);
        updates.agentInput(input);
        tasks.agentInput(name, input);
      },
      agentEffect: (name: string, effect: AgentEffect) => {
        load.agentEffect(name, effect);
        updates.agentEffect(name, effect);
        tasks.agentEffect(name, effect);
      },
      taskStarted: (where: string, framework: string, task: string) => tasks.taskStarted(where, framework, task),
      taskStopped: (where: string, framework: string, task: string) => tasks.taskStopped(where, framework, task),
    };
    for (let i = 0; i < agents; i++) {
      const name = `agent-${i}`;
      const random = traitsRandom(world.seed, 2 * i);
      const resources = [
        { name: 'cpus', type: 'SCALAR' as const, scalar: { value: 2 + random.below(7) } },
        { name: 'mem', type: 'SCALAR' as const, scalar: { value: 512 * (1 + random.below(8)) } },
        { name: 'disk', type: 'SCALAR' as const, scalar: { value: 10_240 } },
        { name: 'ports', type: 'RANGES' as const, ranges: { range: [{ begin: 31_000, end: 32_000 }] } },
      ];
      totals.set(name, Resources.from(resources));
      const ip = `10.1.${i >> 8}.${i & 255}`;
      const detector = this.#masters.ensemble.detector(`${ip}:5051`);
      this.#agents.push(
        new AgentNode(world, network, {
          name,
          ip,
          port: 5051,
          detector,
          core: { resources },
          checkEvery,
          maxWriteMs,
          observer,
        }),
      );
    }
  }

  #createFrameworks(): void {
    const { frameworks, failoverTimeouts, tasksPerFramework, launchOverMs } = this.#scenario;
    const world = this.#world;
    const [updates, tasks] = [this.#updates, this.#tasks];
    const observer = {
      frameworkUpdated: (frameworkId: string, status: TaskStatus) => {
        updates.frameworkUpdated(frameworkId, status);
        tasks.frameworkUpdated(frameworkId, status);
      },
      frameworkGone: (frameworkId: string) => {
        updates.frameworkGone(frameworkId);
        tasks.frameworkGone(frameworkId);
        this.#ended.add(frameworkId);
      },
    };
    for (let i = 0; i < frameworks; i++) {
      const random = traitsRandom(world.seed, 2 * i + 1);
      this.#frameworks.push(
        new Workload(world, this.#masters, {
          name: `framework-${i}`,
          role: ['dev', 'ops', 'dev/qa'][i % 3] ?? '*',
          partitionAware: random.below(2) === 0,
          checkpoint: random.below(3) > 0,
          customExecutors: random.below(3) === 0,
          mischief: random.below(3) === 0,
          failoverTimeout: failoverTimeouts[i % failoverTimeouts.length] ?? 0,
          maxTasks: tasksPerFramework,
          launchOverMs: random.below(4) === 0 ? 0 : launchOverMs * (0.3 + 0.7 * random.next()),
          observer,
        }),
      );
    }
  }

  play(plan: readonly Fault[]): void {
    const { stormMs, restMs } = this.#scenario;
    const world = this.#world;
    for (const node of this.#masters.nodes) world.after(world.random.next() * 500, () => node.running || node.start());
    for (const node of this.#agents) world.after(world.random.next() * 1000, () => node.core ?? node.start());
    for (const framework of this.#frameworks) world.after(world.random.next() * 3000, () => framework.start());
    this.#strikes.schedule(plan);
    world.run(stormMs);
    this.#strikes.stop();
    this.#maintenance.finish();
    this.#operator.finish();
    for (const framework of this.#frameworks) framework.windDown();
    const deadlineMs = world.nowMs + restMs;
    let unrest: string | undefined = 'never looked';
    while (unrest !== undefined && world.nowMs < deadlineMs) {
      world.run(world.nowMs + 5000);
      this.#endAgain();
      unrest = this.#unrest();
    }
    if (unrest !== undefined) throw new Violation(`after ${restMs / 1000} s without faults, ${unrest}`);
    this.#checkFates();
    this.#allFree();
    this.#masters.core?.check();
    for (const agent of this.#agents) agent.core?.check();
    world.note('world', `at rest; ${this.launched} tasks were launched`);
  }

  /**
   * That a framework has ended is not awaited by anybody: it may be lost with the master that wrote it, as in Mesos, and then
   * an operator has to end it again.
   */
  #endAgain(): void {
    for (const frameworkId of this.#masters.core?.state.frameworks.registered.keys() ?? [])
      if (this.#ended.has(frameworkId)) this.#masters.operate({ kind: 'teardown-framework', frameworkId });
  }

  /** What the word of an agent was on the end of a task is what its scheduler ends with, as long as anybody knows it. */
  #checkFates(): void {
    for (const { frameworkId = '', tasks } of this.#frameworks)
      for (const { id, state } of tasks.values()) {
        const end = this.#tasks.endOf(frameworkId, id);
        if (end === undefined || GIVEN_UP.has(end) || state === end || GIVEN_UP.has(state)) continue;
        throw new Violation(`task ${id} has ended as ${end} and is ${state} for its framework`);
      }
  }

  /** Everything has come back: a framework that asks now is offered every agent in full. */
  #allFree(): void {
    const { leader } = this.#masters;
    if (leader === undefined) throw new Violation('all is at rest, but no master leads');
    const probe = new OfferProbe(leader);
    const withheld = (): AgentRecord | undefined =>
      [...(leader.core?.state.agents.registered.values() ?? [])].find(
        ({ id, total }) => !probe.offeredOf(id).equals(total),
      );
    const deadlineMs = this.#world.nowMs + PROBE_MS;
    while (withheld() !== undefined && this.#world.nowMs < deadlineMs) this.#world.run(this.#world.nowMs + 2000);
    const agent = withheld();
    if (agent === undefined) return;
    const offered = probe.offeredOf(agent.id);
    throw new Violation(`all is at rest, but of agent ${agent.id} with ${agent.total} only ${offered} is free`);
  }

  /** Why the cluster is not at rest, or nothing. */
  #unrest(): string | undefined {
    const { core, leader, leading } = this.#masters;
    if (core === undefined || leader === undefined) return 'no master leads';
    if (leading.length > 1) return `${leading.length} masters take themselves for the leader`;
    if (!this.#maintenance.isDone) return 'machines are in maintenance';
    if (!this.#operator.isDone) return 'agents are out of service';
    for (const framework of this.#frameworks) {
      const [task] = framework.unfinished;
      if (task !== undefined) return `task ${task.id} on ${task.agentId} is ${task.state} for its framework`;
    }
    for (const agent of this.#agents) {
      const running = agent.machine.runningContainers.length;
      if (running > 0) return `${agent.name} still runs ${running} containers`;
      if (agent.leader?.pid !== leader.pid) return `${agent.name} takes ${agent.leader?.pid} for the leader`;
    }
    for (const [task, where] of this.#tasks.running) return `task ${task} still runs on ${where}`;
    const [unheard] = [...this.#updates.unheard(), ...this.#tasks.unheard()];
    if (unheard !== undefined) return `an update of ${unheard} has never been heard`;
    return this.#difference(core);
  }

  /** In what the views of the master and of the agents differ. */
  #difference({ state }: MasterCore): string | undefined {
    const { agents, frameworks } = state;
    if (agents.active < this.#agents.length) return `only ${agents.active} agents are active`;
    for (const agent of this.#agents) {
      const id = agent.core?.state.agentId;
      if (id === undefined || !agents.registered.has(id))
        return `${agent.name} is ${id}, which the master does not know`;
      for (const framework of agent.core?.state.frameworks.values() ?? [])
        if (framework.executors.size > 0) return `${agent.name} has executors of framework ${framework.id}`;
    }
    if (agents.registered.size > this.#agents.length) return `the master has ${agents.registered.size} agents`;
    for (const framework of frameworks.registered.values()) {
      const [task] = framework.tasks.keys();
      if (task !== undefined) return `the master still has task ${task} of ${framework.id}`;
    }
    return state.usedQuantities.isEmpty ? undefined : `the master takes ${state.usedQuantities} for used`;
  }
}

/** What is said of a task nobody knows any more. */
const GIVEN_UP: ReadonlySet<string> = new Set([
  'TASK_LOST',
  'TASK_DROPPED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
  'TASK_UNKNOWN',
  'TASK_UNREACHABLE',
  'TASK_ERROR',
]);
