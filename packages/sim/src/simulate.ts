/**
 * One run: a cluster, a workload and faults from one seed; then the faults stop, everything is wound down, and the
 * cluster has to come to rest. What is found on the way ends the run and is told with the log.
 */
import { AssertionError } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import { AgentLoad } from './agent-load.ts';
import { AgentNode } from './agent-node.ts';
import { Faults, type FaultWeights } from './faults.ts';
import { MaintenanceOperator } from './maintenance-operator.ts';
import { MasterDues } from './master-dues.ts';
import { allOf, MasterNode } from './master-node.ts';
import { Network } from './network.ts';
import { OfferLedger } from './offer-ledger.ts';
import { OfferProbe } from './offer-probe.ts';
import { UpdateWatch } from './update-watch.ts';
import { Violation } from './violation.ts';
import { Workload } from './workload.ts';
import { World } from './world.ts';

export interface Scenario {
  readonly name: string;
  readonly agents: number;
  readonly frameworks: number;
  readonly tasksPerFramework: number;
  /** Seconds; frameworks have them in turn. */
  readonly failoverTimeouts: readonly number[];
  readonly faults: FaultWeights;
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
}

export interface SimulateOptions {
  readonly logLines?: number | undefined;
}

const LINK = { minDelayMs: 0.1, maxDelayMs: 20 };
/** Time for everything that is free to be offered, a batch or two. */
const PROBE_MS = 5000;
/** Units of a slice of an allocation: one agent at a time, two or so, as in a daemon. */
const SLICES = [1, 250, undefined] as const;
const MASTER = { ip: '10.0.0.1', port: 5050 };

export function simulate(scenario: Scenario, seed: number, options: SimulateOptions = {}): Outcome {
  const world = new World(seed, { logLines: options.logLines });
  let launched = 0;
  let violation: string | undefined;
  try {
    const run = new Run(world, scenario);
    run.play();
    launched = run.launched;
  } catch (error) {
    if (!(error instanceof Violation || error instanceof AssertionError)) throw error;
    violation = error.message;
    world.note('checker', `finds: ${violation}`);
  }
  const { hash, log, events, nowMs: virtualMs } = world;
  return { seed, violation, hash, log, events, virtualMs, launched };
}

class Run {
  readonly #world: World;
  readonly #scenario: Scenario;
  readonly #master: MasterNode;
  readonly #agents: AgentNode[] = [];
  readonly #frameworks: Workload[] = [];
  readonly #faults: Faults;
  readonly #operator: MaintenanceOperator;
  readonly #updates = new UpdateWatch();

  constructor(world: World, scenario: Scenario) {
    this.#world = world;
    this.#scenario = scenario;
    const { checkEvery } = scenario;
    const network = new Network(world, LINK);
    this.#master = new MasterNode(world, network, {
      ...MASTER,
      // So few that a cycle takes several turns.
      core: { allocationSliceUnits: SLICES[world.random.below(SLICES.length)] },
      session: LINK,
      registryDelayMs: { min: 0.5, max: 50 },
      checkEvery,
      observer: allOf(new OfferLedger(), new MasterDues(world)),
    });
    const totals = new Map<string, Resources>();
    const load = new AgentLoad(totals);
    for (let i = 0; i < scenario.agents; i++) {
      const name = `agent-${i}`;
      const resources = [
        { name: 'cpus', type: 'SCALAR' as const, scalar: { value: 2 + world.random.below(7) } },
        { name: 'mem', type: 'SCALAR' as const, scalar: { value: 512 * (1 + world.random.below(8)) } },
        { name: 'disk', type: 'SCALAR' as const, scalar: { value: 10_240 } },
        { name: 'ports', type: 'RANGES' as const, ranges: { range: [{ begin: 31_000, end: 32_000 }] } },
      ];
      totals.set(name, Resources.from(resources));
      this.#agents.push(
        new AgentNode(world, network, {
          name,
          ip: `10.1.${i >> 8}.${i & 255}`,
          port: 5051,
          leader: { pid: this.#master.pid, hostname: 'master' },
          core: { resources },
          checkEvery,
          maxWriteMs: scenario.maxWriteMs,
          observer: {
            agentStarted: (who) => {
              load.agentStarted(who);
              this.#updates.agentStarted(who);
            },
            agentInput: (who, input) => load.agentInput(who, input),
            agentEffect: (who, effect) => {
              load.agentEffect(who, effect);
              this.#updates.agentEffect(who, effect);
            },
          },
        }),
      );
    }
    for (let i = 0; i < scenario.frameworks; i++)
      this.#frameworks.push(
        new Workload(world, this.#master, {
          name: `framework-${i}`,
          role: ['dev', 'ops', 'dev/qa'][i % 3] ?? '*',
          partitionAware: world.random.below(2) === 0,
          checkpoint: world.random.below(3) > 0,
          customExecutors: world.random.below(3) === 0,
          mischief: world.random.below(3) === 0,
          failoverTimeout: scenario.failoverTimeouts[i % scenario.failoverTimeouts.length] ?? 0,
          maxTasks: scenario.tasksPerFramework,
          observer: this.#updates,
        }),
      );
    this.#operator = new MaintenanceOperator(world, this.#master, this.#agents);
    const cluster = {
      network,
      master: this.#master,
      agents: this.#agents,
      frameworks: this.#frameworks,
      operator: this.#operator,
    };
    this.#faults = new Faults(world, cluster, scenario.faults);
  }

  get launched(): number {
    return this.#frameworks.reduce((sum, framework) => sum + framework.launched, 0);
  }

  play(): void {
    const { stormMs, restMs, meanFaultMs } = this.#scenario;
    const world = this.#world;
    this.#master.start();
    for (const node of this.#agents) world.after(world.random.next() * 1000, () => node.start());
    for (const framework of this.#frameworks) world.after(world.random.next() * 3000, () => framework.start());
    this.#faults.start(meanFaultMs);
    world.run(stormMs);
    this.#faults.stop();
    if (this.#master.core === undefined) this.#master.start();
    for (const agent of this.#agents) if (agent.core === undefined) agent.start();
    this.#operator.finish();
    for (const framework of this.#frameworks) framework.windDown();
    const deadlineMs = world.nowMs + restMs;
    let unrest: string | undefined = 'never looked';
    while (unrest !== undefined && world.nowMs < deadlineMs) {
      world.run(world.nowMs + 5000);
      unrest = this.#unrest();
    }
    if (unrest !== undefined) throw new Violation(`after ${restMs / 1000} s without faults, ${unrest}`);
    this.#allFree();
    this.#master.core?.check();
    for (const agent of this.#agents) agent.core?.check();
    world.note('world', `at rest; ${this.launched} tasks were launched`);
  }

  /** Everything has come back: a framework that asks now is offered every agent in full. */
  #allFree(): void {
    const probe = new OfferProbe(this.#master);
    this.#world.run(this.#world.nowMs + PROBE_MS);
    for (const { id, total } of this.#master.core?.state.agents.registered.values() ?? []) {
      const offered = probe.offeredOf(id);
      if (!offered.equals(total))
        throw new Violation(`all is at rest, but of agent ${id} with ${total} only ${offered} is free`);
    }
  }

  /** Why the cluster is not at rest, or nothing. */
  #unrest(): string | undefined {
    const core = this.#master.core;
    if (core === undefined) return 'the master is down';
    if (!this.#operator.isDone) return 'machines are in maintenance';
    for (const framework of this.#frameworks) {
      const [task] = framework.unfinished;
      if (task !== undefined) return `task ${task.id} on ${task.agentId} is ${task.state} for its framework`;
    }
    for (const agent of this.#agents) {
      const running = agent.runningContainers.length;
      if (running > 0) return `${agent.name} still runs ${running} containers`;
    }
    const [unheard] = this.#updates.unheard();
    if (unheard !== undefined) return `an update of ${unheard} has never been heard`;
    const { agents, frameworks } = core.state;
    if (agents.active < this.#agents.length) return `only ${agents.active} agents are active`;
    for (const framework of frameworks.registered.values()) {
      const [task] = framework.tasks.keys();
      if (task !== undefined) return `the master still has task ${task} of ${framework.id}`;
    }
    if (!core.state.usedResources.isEmpty) return `the master takes ${core.state.usedResources} for used`;
    return undefined;
  }
}
