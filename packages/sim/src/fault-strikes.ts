/** How each fault is done to a simulated cluster, and how everything is mended when faults stop. */
import { type RandomStream, seededRandom } from '@mesolite/base';
import type { AgentNode } from './agent-node.ts';
import type { AgentOperator } from './agent-operator.ts';
import type { Fault, FaultKind } from './faults.ts';
import type { MaintenanceOperator } from './maintenance-operator.ts';
import type { MasterGroup } from './master-group.ts';
import type { MasterNode } from './master-node.ts';
import type { Network } from './network.ts';
import type { Workload } from './workload.ts';
import type { World } from './world.ts';

export interface Cluster {
  readonly network: Network;
  readonly masters: MasterGroup;
  readonly agents: readonly AgentNode[];
  readonly frameworks: readonly Workload[];
  readonly maintenance: MaintenanceOperator;
  readonly operator: AgentOperator;
}

/** Longest time masters and agents stay down after a crash. */
const LONGEST_DOWN_MS = 15_000;
/** Clocks run so much fast or slow at most. */
const MOST_DRIFT = 0.01;
/** Operating systems go on trying for minutes. */
const LONGEST_LATE_MS = 60_000;
const LONGEST_JUMP_MS = 3_600_000;

export class FaultStrikes {
  readonly #world: World;
  readonly #cluster: Cluster;
  #stopped = false;

  constructor(world: World, cluster: Cluster) {
    this.#world = world;
    this.#cluster = cluster;
  }

  schedule(plan: readonly Fault[]): void {
    for (const { atMs, kind, seed } of plan)
      this.#world.after(atMs, () => {
        if (this.#stopped) return;
        this.#world.hit(`fault ${kind}`);
        this.#strike(kind, seededRandom(seed));
      });
  }

  /** From now on nothing goes wrong, and what did is mended. Clocks keep what they jumped. */
  stop(): void {
    const { network, masters, agents, frameworks } = this.#cluster;
    this.#stopped = true;
    this.#world.note('faults', 'stop');
    network.healAll();
    masters.ensemble.healAll();
    masters.registry.slowness = 1;
    for (const node of masters.nodes) {
      masters.ensemble.delayNews(node.address, 0);
      node.clock.drift(1);
      if (!node.running) node.start();
    }
    for (const agent of agents) {
      agent.clock.drift(1);
      agent.slowness = 1;
      agent.machine.disk.full = false;
      if (agent.core === undefined) agent.start();
    }
    for (const framework of frameworks) framework.mend();
  }

  #strike(kind: FaultKind, random: RandomStream): void {
    const { network, masters, agents, frameworks, maintenance, operator } = this.#cluster;
    const agent = pick(random, agents);
    const framework = pick(random, frameworks);
    // Mostly the one that matters.
    const master =
      random.below(3) === 0 ? pick(random, masters.nodes) : (masters.leader ?? pick(random, masters.nodes));
    const forMs = random.next() ** 3 * 150_000;
    const note = (what: string): void => this.#world.note('faults', what);
    switch (kind) {
      case 'breakLink': {
        const ends = [master.address, agent.address] as const;
        const [from, to] = random.below(2) === 0 ? ends : ([ends[1], ends[0]] as const);
        note(`break the link from ${from} to ${to}`);
        network.breakLink(from, to);
        return;
      }
      case 'partition':
        note(`part ${master.name} from ${agent.name} for ${forMs.toFixed(0)} ms`);
        network.part(master.address, agent.address);
        this.#after(forMs, () => network.heal(master.address, agent.address));
        return;
      case 'partGroups':
        this.#partGroups(random, forMs);
        return;
      case 'slowHost': {
        const { address } = pick(random, [agent, master]);
        note(`slow ${address} down`);
        network.slow(address, 1 + random.below(200));
        this.#after(forMs / 3, () => network.slow(address, 1));
        return;
      }
      case 'dropScheduler':
        framework.disconnect();
        return;
      case 'stallScheduler':
        note(`let nothing come to or from ${framework.name}`);
        framework.stall(forMs / 3);
        return;
      case 'stutter':
        framework.stutters = !framework.stutters;
        return;
      case 'failOverScheduler':
        framework.failOver();
        return;
      case 'tearDown':
        framework.tearDown();
        return;
      case 'crashAgent':
        agent.crash();
        this.#restart(agent, random);
        return;
      case 'rebootAgent':
        agent.reboot();
        this.#restart(agent, random);
        return;
      case 'replaceAgent':
        agent.replace();
        this.#restart(agent, random);
        return;
      case 'slowDisk':
        note(`slow the disk of ${agent.name} down`);
        agent.slowness = 1 + random.below(100);
        this.#after(forMs, () => {
          agent.slowness = 1;
        });
        return;
      case 'fullDisk':
        note(`fill the disk of ${agent.name}`);
        agent.machine.disk.full = true;
        this.#after(forMs / 3, () => {
          agent.machine.disk.full = false;
        });
        return;
      case 'crashContainer':
        agent.machine.killContainer((bound) => random.below(bound));
        return;
      case 'dropExecutor':
        agent.machine.dropExecutor((bound) => random.below(bound));
        return;
      case 'crashMaster':
        master.crash();
        this.#after(random.next() * LONGEST_DOWN_MS, () => master.running || master.start());
        return;
      case 'crashMasters':
        for (const node of masters.nodes) {
          node.crash();
          this.#after(random.next() * LONGEST_DOWN_MS, () => node.running || node.start());
        }
        return;
      case 'partMaster':
        note(`part ${master.name} from the ensemble`);
        masters.ensemble.part(master.address);
        this.#after(forMs / 3, () => masters.ensemble.heal(master.address));
        return;
      case 'lateNews':
        note(`let ${master.name} hear late who leads`);
        masters.ensemble.delayNews(master.address, random.next() * 30_000);
        this.#after(forMs, () => masters.ensemble.delayNews(master.address, 0));
        return;
      case 'expireLeader':
        masters.ensemble.expireLeader();
        return;
      case 'failRegistry':
        masters.registry.spoil('fail');
        return;
      case 'loseAnswer':
        masters.registry.spoil('lose-answer');
        return;
      case 'slowRegistry':
        masters.registry.slowness = 1 + random.below(100);
        this.#after(forMs / 3, () => {
          masters.registry.slowness = 1;
        });
        return;
      case 'jumpClock':
        pick(random, [agent, master]).clock.jumpWall((2 * random.next() - 1) * LONGEST_JUMP_MS);
        return;
      case 'driftClock':
        pick(random, [agent, master]).clock.drift(1 + (2 * random.next() - 1) * MOST_DRIFT);
        return;
      case 'maintain':
        maintenance.act(random);
        return;
      case 'operateAgent':
        operator.act(random);
        return;
      case 'lateData':
        this.#lateData(random, random.below(4) === 0 ? agent : master, master, agent);
        return;
    }
  }

  /** One half of the agents, and of the masters, hears nothing of the other. */
  #partGroups(random: RandomStream, forMs: number): void {
    const { network, masters, agents } = this.#cluster;
    const apart: [string, string][] = [];
    const side = new Map([...masters.nodes, ...agents].map(({ address }) => [address, random.below(2)]));
    for (const { address: master } of masters.nodes)
      for (const { address: agent } of agents) if (side.get(master) !== side.get(agent)) apart.push([master, agent]);
    this.#world.note('faults', `part ${apart.length} pairs of hosts for ${forMs.toFixed(0)} ms`);
    for (const [a, b] of apart) network.part(a, b);
    this.#after(forMs, () => {
      for (const [a, b] of apart) network.heal(a, b);
    });
  }

  /** Mostly with a partition, in which something is sent that can be late. */
  #lateData(random: RandomStream, host: MasterNode | AgentNode, master: MasterNode, agent: AgentNode): void {
    const { network } = this.#cluster;
    const forMs = random.next() * 40_000;
    this.#world.note('faults', `let what ${host.name} sends over connections that break arrive late`);
    network.linger(host.address, random.next() ** 2 * LONGEST_LATE_MS);
    this.#after(2 * forMs, () => network.linger(host.address, 0));
    if (random.below(4) === 0) return;
    this.#world.note('faults', `part ${master.name} from ${agent.name} for ${forMs.toFixed(0)} ms`);
    network.part(master.address, agent.address);
    this.#after(forMs, () => network.heal(master.address, agent.address));
  }

  #restart(agent: AgentNode, random: RandomStream): void {
    this.#after(random.next() * LONGEST_DOWN_MS, () => agent.core ?? agent.start());
  }

  /** What ends by itself; when faults stop everything does. */
  #after(ms: number, act: () => void): void {
    this.#world.after(ms, () => {
      if (!this.#stopped) act();
    });
  }
}

function pick<T>(random: RandomStream, items: readonly T[]): T {
  return items[random.below(items.length)]!;
}
