/** What goes wrong in a simulated cluster, at random times, until it is told to stop. Everything it parted it heals. */
import type { RandomStream } from '@mesolite/base';
import type { AgentNode } from './agent-node.ts';
import type { MaintenanceOperator } from './maintenance-operator.ts';
import type { MasterNode } from './master-node.ts';
import type { Network } from './network.ts';
import type { Workload } from './workload.ts';
import type { World } from './world.ts';

/** How often each fault strikes, relative to the others; 0: never. */
export interface FaultWeights {
  readonly breakLink: number;
  readonly partition: number;
  readonly dropScheduler: number;
  readonly failOverScheduler: number;
  readonly tearDown: number;
  readonly crashAgent: number;
  readonly crashContainer: number;
  readonly dropExecutor: number;
  readonly crashMaster: number;
  /** One write of the registry fails: the master has to end. */
  readonly failRegistry: number;
  /** An operator plans, starts or ends maintenance. */
  readonly maintain: number;
}

export const NO_FAULTS: FaultWeights = {
  breakLink: 0,
  partition: 0,
  dropScheduler: 0,
  failOverScheduler: 0,
  tearDown: 0,
  crashAgent: 0,
  crashContainer: 0,
  dropExecutor: 0,
  crashMaster: 0,
  failRegistry: 0,
  maintain: 0,
};

export interface Cluster {
  readonly network: Network;
  readonly master: MasterNode;
  readonly agents: readonly AgentNode[];
  readonly frameworks: readonly Workload[];
  readonly operator: MaintenanceOperator;
}

export class Faults {
  readonly #world: World;
  readonly #cluster: Cluster;
  readonly #random: RandomStream;
  readonly #bag: (keyof FaultWeights)[];
  #stopped = false;

  constructor(world: World, cluster: Cluster, weights: FaultWeights) {
    this.#world = world;
    this.#cluster = cluster;
    this.#random = world.random.fork();
    this.#bag = (Object.keys(weights) as (keyof FaultWeights)[]).flatMap((name) =>
      Array.from({ length: weights[name] }, () => name),
    );
  }

  /** A fault each `meanMs` on average. */
  start(meanMs: number): void {
    if (this.#bag.length === 0) return;
    this.#world.after(this.#random.next() * 2 * meanMs, () => {
      if (this.#stopped) return;
      this.#strike(this.#pick(this.#bag));
      this.start(meanMs);
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#world.note('faults', 'stop');
    this.#cluster.network.healAll();
  }

  #strike(fault: keyof FaultWeights): void {
    const { network, master, agents, frameworks, operator } = this.#cluster;
    const agent = this.#pick(agents);
    const framework = this.#pick(frameworks);
    switch (fault) {
      case 'breakLink': {
        const ends = [master.address, agent.address] as const;
        const [from, to] = this.#random.below(2) === 0 ? ends : ([ends[1], ends[0]] as const);
        this.#world.note('faults', `break the link from ${from} to ${to}`);
        network.breakLink(from, to);
        return;
      }
      case 'partition': {
        const forMs = this.#random.next() ** 3 * 150_000;
        this.#world.note('faults', `part the master from ${agent.name} for ${forMs.toFixed(0)} ms`);
        network.part(master.address, agent.address);
        this.#world.after(forMs, () => network.heal(master.address, agent.address));
        return;
      }
      case 'dropScheduler':
        framework.disconnect();
        return;
      case 'failOverScheduler':
        framework.failOver();
        return;
      case 'tearDown':
        framework.tearDown();
        return;
      case 'crashAgent':
        agent.crash();
        this.#world.after(this.#random.next() * 10_000, () => agent.core ?? agent.start());
        return;
      case 'crashContainer':
        agent.killContainer((bound) => this.#random.below(bound));
        return;
      case 'dropExecutor':
        agent.dropExecutor((bound) => this.#random.below(bound));
        return;
      case 'maintain':
        operator.act(this.#random);
        return;
      case 'failRegistry':
        master.failRegistry();
        return;
      case 'crashMaster':
        master.crash();
        this.#world.after(this.#random.next() * 20_000, () => master.core ?? master.start());
        return;
    }
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.#random.below(items.length)]!;
  }
}
