/** Random histories of a cluster, told to an allocator and to its naive twin alike and compared after each slice. */
import { type AgentId, type FrameworkId, type RandomStream, seededRandom } from '@mesolite/base';
import { Resources } from '@mesolite/resources';
import type { AgentInfoCapabilityType, FrameworkInfoCapabilityType } from '@mesolite/wire';
import { expect } from 'vitest';
import { type Allocator, createAllocator } from '../src/index.ts';
import { NaiveTwin } from './naive-twin.ts';
import { MODERN, resourcesOf } from './script.ts';

const INTERVAL_MS = 1000;
const ROLES = ['a', 'a/x', 'a/y', 'b', 'c/z'];
const MOUNT = Resources.from([
  { name: 'disk', type: 'SCALAR', scalar: { value: 60 }, disk: { source: { type: 'MOUNT', mount: { root: '/m' } } } },
]);
const TOTALS = [
  'cpus:4;mem:400',
  'cpus:8;mem:100;disk:100',
  'cpus:1;mem:3200',
  'cpus:2;cpus(a):1;mem:64;mem(c):40',
  'cpus:3;revocable:2;mem:200;ports:[1-9]',
].map((text) => resourcesOf(text));
TOTALS.push(TOTALS[1]!.plus(MOUNT));
const FRAMEWORK_CAPABILITIES: readonly FrameworkInfoCapabilityType[] = [
  'GPU_RESOURCES',
  'REGION_AWARE',
  'REVOCABLE_RESOURCES',
];

function newAllocator(seed: number): Allocator {
  return createAllocator({
    random: seededRandom(seed),
    allocationIntervalMs: INTERVAL_MS,
    minAllocatable: [{ cpus: 0.01 }, { mem: 32 }],
    excludedResourceNames: [],
    region: 'here',
  });
}

/** An allocator and its naive twin, told the same and compared after each cycle. */
export class Pair {
  readonly allocator: Allocator;
  readonly twin: NaiveTwin;
  readonly #random: RandomStream;
  #nowMs = 0;
  #names = 0;
  /** Allocations compared so far. */
  handedOut = 0;

  constructor(seed: number) {
    this.allocator = newAllocator(seed);
    this.twin = new NaiveTwin(seededRandom(seed), INTERVAL_MS);
    this.#random = seededRandom(seed + 1);
    for (let i = 0; i < 3; i++) {
      this.#addAgent();
      this.#addFramework();
    }
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  step(): void {
    const random = this.#random;
    const actions = [
      () => this.#addAgent(),
      () => this.#addFramework(),
      () => this.#cycle('all'),
      () => this.#cycle('all'),
      () => this.#cycle('all'),
      () => this.#cycle('dirty'),
      () => this.#slice(),
      () => this.#slice(),
      () => this.#quota(),
      () => this.#weigh(),
      () => random.below(4) === 0 && this.#whitelist(),
      () => this.#recover(),
      () => this.#recover(),
      () => this.#recover(),
      () => this.#recover(),
      () => this.#suppress(),
      () => this.#revive(),
      () => this.#flip(),
      () => this.#updateFramework(),
      () => this.#updateAgent(),
      () => random.below(3) === 0 && this.#remove(),
    ];
    actions[random.below(actions.length)]!();
    this.#nowMs += random.below(700);
    this.allocator.check();
  }

  #pick<T>(items: Iterable<T>): T | undefined {
    const all = [...items];
    return all[this.#random.below(Math.max(1, all.length))];
  }

  #some(roles: readonly string[]): string[] {
    return roles.filter(() => this.#random.below(2) === 0);
  }

  #addAgent(): void {
    const id = `a${this.#names++}`;
    const total = this.#pick(TOTALS)!.plus(this.#random.below(8) === 0 ? resourcesOf('gpus:1') : Resources.empty);
    const active = this.#random.below(5) > 0;
    const region = this.#pick([undefined, undefined, 'here', 'there']);
    const hostname = `host${this.#random.below(3)}`;
    const capabilities = new Set(MODERN.filter(() => this.#random.below(8) > 0));
    this.twin.agents.set(id, { total, active, hostname, region, capabilities });
    this.twin.touch(id);
    this.allocator.addAgent(id as AgentId, {
      hostname,
      region,
      total,
      active,
      used: new Map(),
      capabilities: capabilities as Set<AgentInfoCapabilityType>,
      attributes: [],
    });
  }

  #addFramework(): void {
    const id = `f${this.#names++}`;
    const roles = this.#some(ROLES);
    const suppressedRoles = this.#some(roles).slice(0, 1);
    const active = this.#random.below(5) > 0;
    const capabilities = new Set<FrameworkInfoCapabilityType>([
      'MULTI_ROLE',
      ...FRAMEWORK_CAPABILITIES.filter(() => this.#random.below(2) === 0),
    ]);
    this.twin.frameworks.set(id, { id, roles, suppressed: new Set(suppressedRoles), active, capabilities });
    if (active && suppressedRoles.length < roles.length) this.twin.touch();
    this.allocator.addFramework(id as FrameworkId, { roles, suppressedRoles, capabilities }, active);
  }

  #updateFramework(): void {
    const framework = this.#pick(this.twin.frameworks.values());
    if (framework === undefined) return;
    const wanted = (role: string): boolean =>
      framework.active && framework.roles.includes(role) && !framework.suppressed.has(role);
    const before = new Set(ROLES.filter(wanted));
    const roles = this.#some(ROLES);
    const suppressedRoles = this.#some(roles).slice(0, 1);
    for (const role of ROLES) {
      const revived = framework.suppressed.has(role) && !suppressedRoles.includes(role);
      if (!roles.includes(role) || revived) this.twin.dropRefusals(framework.id, role);
    }
    framework.roles = roles;
    framework.suppressed = new Set(suppressedRoles);
    if (ROLES.some((role) => wanted(role) && !before.has(role))) this.twin.touch();
    this.twin.forgetIdle();
    const capabilities = framework.capabilities as Set<FrameworkInfoCapabilityType>;
    this.allocator.updateFramework(framework.id as FrameworkId, { roles, suppressedRoles, capabilities });
  }

  #updateAgent(): void {
    const entry = this.#pick(this.twin.agents);
    if (entry === undefined) return;
    const [id, agent] = entry;
    if (this.#random.below(2) === 0) {
      agent.active = !agent.active;
      if (agent.active) this.twin.touch(id);
      this.allocator.setAgentActive(id as AgentId, agent.active);
    } else {
      const total = this.#pick(TOTALS)!;
      if (!total.equals(agent.total)) this.twin.touch(id);
      agent.total = total;
      this.allocator.updateAgentTotal(id as AgentId, total);
    }
  }

  #suppress(): void {
    const framework = this.#pick(this.twin.frameworks.values());
    if (framework === undefined) return;
    const roles = this.#some(framework.roles);
    for (const role of roles.length === 0 ? framework.roles : roles) framework.suppressed.add(role);
    this.allocator.suppress(framework.id as FrameworkId, roles);
  }

  #revive(): void {
    const framework = this.#pick(this.twin.frameworks.values());
    if (framework === undefined) return;
    const roles = this.#some(framework.roles);
    for (const role of roles.length === 0 ? framework.roles : roles) {
      framework.suppressed.delete(role);
      this.twin.dropRefusals(framework.id, role);
    }
    this.twin.touch();
    this.allocator.revive(framework.id as FrameworkId, roles);
  }

  #flip(): void {
    const framework = this.#pick(this.twin.frameworks.values());
    if (framework === undefined) return;
    framework.active = !framework.active;
    if (framework.active) {
      this.twin.touch();
      this.allocator.activateFramework(framework.id as FrameworkId);
    } else {
      this.twin.dropRefusals(framework.id);
      this.allocator.deactivateFramework(framework.id as FrameworkId);
    }
  }

  #remove(): void {
    const agent = this.#pick(this.twin.agents.keys());
    const framework = this.#pick(this.twin.frameworks.keys());
    if (agent !== undefined && this.#random.below(2) === 0) {
      this.twin.removeAgent(agent);
      this.allocator.removeAgent(agent as AgentId);
    } else if (framework !== undefined) {
      this.twin.removeFramework(framework);
      this.allocator.removeFramework(framework as FrameworkId);
    }
  }

  #recover(): void {
    const holding = this.#pick(this.twin.holdings);
    if (holding === undefined) return;
    const part = this.#random.below(3) === 0 ? resourcesOf('cpus:0.5') : holding.resources;
    if (!holding.resources.contains(part)) return;
    const refuseMs = this.#pick([0, 0, 1, 900, 5000])!;
    const { frameworkId, role, agentId } = holding;
    this.twin.recover(holding, part, this.#nowMs, refuseMs);
    const returned = part.allocate(role);
    this.allocator.recover(frameworkId as FrameworkId, agentId as AgentId, returned, this.#nowMs, refuseMs);
  }

  /** What is under way is ended first; then a cycle at once, or the beginning of one. */
  #cycle(scope: 'all' | 'dirty'): void {
    while (this.twin.cycling) this.#slice();
    this.twin.begin(scope);
    if (this.#random.below(2) === 0) {
      this.allocator.beginCycle(scope);
      return;
    }
    const theirs = [];
    while (this.twin.cycling) theirs.push(...this.twin.visitNext(this.#nowMs));
    this.#compare(this.allocator.allocate(this.#nowMs, scope), theirs);
  }

  /** The next agent only. */
  #slice(): void {
    expect(this.allocator.cycling).toBe(this.twin.cycling);
    if (!this.twin.cycling) return;
    this.#compare(this.allocator.continueCycle(this.#nowMs, 1), this.twin.visitNext(this.#nowMs));
  }

  #compare(mine: readonly Line[], theirs: readonly Line[]): void {
    expect(mine.map(line)).toEqual(theirs.map(line));
    this.handedOut += mine.length;
    for (const [role, { limits }] of this.twin.quotas)
      for (const name of Object.keys(limits)) {
        const consumed = this.twin.consumed(role, name) / 1000;
        expect(this.allocator.consumedQuota(role).get(name) ?? 0).toBe(consumed);
      }
  }

  #quota(): void {
    const role = this.#pick(['a', 'b', 'c'])!;
    const units = (): Record<string, number> => {
      const some = ['cpus', 'mem', 'disk'].filter(() => this.#random.below(2) === 0);
      return Object.fromEntries(some.map((name) => [name, this.#random.below(name === 'cpus' ? 9 : 300)]));
    };
    const quota = this.#random.below(4) === 0 ? undefined : { guarantees: units(), limits: units() };
    if (quota === undefined) this.twin.quotas.delete(role);
    else this.twin.quotas.set(role, quota);
    this.allocator.updateQuota(role, quota);
  }

  #weigh(): void {
    const role = this.#pick(ROLES)!;
    const weight = this.#pick([0.5, 1, 2, 3])!;
    this.twin.weights.set(role, weight);
    this.allocator.updateWeights(new Map([[role, weight]]));
  }

  #whitelist(): void {
    const hostnames = this.#pick([undefined, undefined, new Set(['host0', 'host1'])]);
    this.twin.whitelist = hostnames;
    this.allocator.updateWhitelist(hostnames);
  }
}

type Line = { frameworkId: string; role: string; agentId: string; resources: Resources };

function line({ frameworkId, role, agentId, resources }: Line): string {
  return `${frameworkId} ${role} ${agentId} ${resources.unallocate()}`;
}
