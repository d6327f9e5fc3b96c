/** What counts as free for a role, and what is told of it. With clusters as a master describes them. */
import { parseAttributes, parseResources } from '@mesolite/resources';
import type { Constraint, Demand } from '@mesolite/scheduling';
import type { MasterResponseGetAgentsAgent, Resource } from '@mesolite/wire';
import { describe, expect, it } from 'vitest';
import { type ClusterFacts, type ClusterView, clusterView } from '../src/fit/cluster-view.ts';
import { type Forecast, forecast } from '../src/fit/forecast.ts';

const NOW_MS = 1_000_000;
const MIN_ALLOCATABLE = 'cpus:0.01|mem:32';

function must<T>(result: { ok: true; value: T } | { ok: false; error: string }): T {
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

const of = (text: string): Resource[] => (text === '' ? [] : must(parseResources(text, '*')));

interface AgentOptions extends Partial<MasterResponseGetAgentsAgent> {
  readonly used?: string;
  readonly offered?: string;
  readonly attributes?: string;
  readonly region?: string;
}

function agent(hostname: string, total: string, options: AgentOptions = {}): MasterResponseGetAgentsAgent {
  const { used = '', offered = '', attributes, region, ...more } = options;
  return {
    agent_info: {
      hostname,
      id: { value: `id-${hostname}` },
      attributes: attributes === undefined ? [] : must(parseAttributes(attributes)),
      domain: region === undefined ? undefined : { fault_domain: { region: { name: region }, zone: { name: 'z' } } },
    },
    active: true,
    version: '1.12.0',
    pid: `slave(1)@10.0.0.${hostname.length}:5051`,
    total_resources: of(total),
    allocated_resources: of(used).map((resource) => ({ ...resource, allocation_info: { role: 'x' } })),
    offered_resources: of(offered).map((resource) => ({ ...resource, allocation_info: { role: 'y' } })),
    ...more,
  };
}

function facts(agents: MasterResponseGetAgentsAgent[], more: Partial<ClusterFacts> = {}): ClusterFacts {
  return {
    agents: { agents },
    roles: [],
    maintenance: [],
    homeRegion: undefined,
    minAllocatable: MIN_ALLOCATABLE,
    filterGpuResources: true,
    ...more,
  };
}

const view = (all: ClusterFacts, role = '*', gpus = false): ClusterView => clusterView(all, { role, gpus }, NOW_MS);

function demand(cpus: number, mem: number, more: Partial<Demand> = {}): Demand {
  return {
    cpuMillis: cpus * 1000,
    memMillis: mem * 1000,
    diskMillis: 0,
    gpuMillis: 0,
    ports: [],
    roles: ['*'],
    constraints: [] as Constraint[],
    ...more,
  };
}

const counts = ({ hosts }: Forecast): number[] => hosts.map(({ instances }) => instances);

describe('what is free', () => {
  it('is what no task holds, in offers or not', () => {
    const cluster = facts([
      agent('b', 'cpus:4;mem:4096', { used: 'cpus:1;mem:1024', offered: 'cpus:3;mem:3072' }),
      agent('a', 'cpus:2;mem:1024;ports:[31000-31009]', { used: 'ports:[31000-31003]' }),
    ]);
    const result = forecast(demand(1, 512), undefined, view(cluster));
    expect(result).toMatchObject({ fits: 5, fitsOutsideOffers: 2, hostsHeld: 1, held: { cpus: 3, mem: 3072 } });
    expect(result.hosts.map(({ hostname, instances }) => [hostname, instances])).toEqual([
      ['a', 2],
      ['b', 3],
    ]);
    expect(result.fragments).toMatchObject({
      cpus: { total: 0, largest: 0, tooSmall: 2 },
      mem: { total: 1536, largest: 1536, tooSmall: 1 },
      ports: { total: 6, largest: 6, tooSmall: 0 },
    });
    expect(result.refusals).toEqual([{ reason: 'InsufficientCpus', offers: 2 }]);
    expect(forecast(demand(1, 512), 5, view(cluster)).refusals).toEqual([]);
  });

  it('is reserved for some, and never revocable', () => {
    const cluster = facts([agent('a', 'cpus(web):2;mem(web):2048;cpus(ops):1;cpus:1;mem:4096')]);
    cluster.agents.agents![0]!.total_resources!.push({ ...of('cpus:8')[0]!, revocable: {} });
    const fits = (role: string, roles: string[]): number =>
      forecast(demand(1, 128, { roles }), undefined, view(cluster, role)).fits;
    expect(fits('*', ['*'])).toBe(1);
    expect(fits('web', ['*', 'web'])).toBe(3);
    expect(fits('web/shop', ['*', 'web', 'web/shop'])).toBe(3);
    expect(fits('ops', ['*', 'ops'])).toBe(2);
  });
});

describe('an agent is left out', () => {
  const day = 86_400_000_000_000n;
  it.each<[string, MasterResponseGetAgentsAgent, Partial<ClusterFacts>]>([
    ['disconnected', agent('a', 'cpus:1;mem:64', { active: false }), {}],
    ['deactivated', agent('a', 'cpus:1;mem:64', { deactivated: true }), {}],
    [
      'draining (DRAINING)',
      agent('a', 'cpus:1;mem:64', { deactivated: true, drain_info: { state: 'DRAINING', config: {} } }),
      {},
    ],
    ['nothing is free', agent('a', 'cpus:1;mem:64', { used: 'cpus:1;mem:64' }), {}],
    ['less is free than min_allocatable_resources (cpus:0.01|mem:32)', agent('a', 'cpus:0.005;mem:31'), {}],
    ['has GPUs, which are kept for tasks that ask for some', agent('a', 'cpus:1;mem:64;gpus:1'), {}],
    [
      'in maintenance',
      agent('a', 'cpus:1;mem:64'),
      { maintenance: [{ machine_ids: [{ hostname: 'A' }], unavailability: { start: { nanoseconds: 1n } } }] },
    ],
  ])('%s', (reason, one, more) => {
    expect(view(facts([one], more))).toMatchObject({ agents: [], leftOut: [{ hostname: 'a', reason }] });
  });

  it('after a failover until it is back', () => {
    const cluster = facts([]);
    cluster.agents.recovered_agents = [{ hostname: 'r', id: { value: 'R' } }];
    const result = forecast(demand(1, 1), undefined, view(cluster));
    expect(result.leftOut).toEqual([
      { agentId: 'R', hostname: 'r', reason: 'not back yet after a failover of the master' },
    ]);
  });

  it('not when its maintenance is to come, is over, or is that of another machine', () => {
    const window = (start: bigint, machine: object): ClusterFacts['maintenance'][number] => ({
      machine_ids: [machine],
      unavailability: { start: { nanoseconds: start }, duration: { nanoseconds: day } },
    });
    const now = BigInt(NOW_MS) * 1_000_000n;
    const machine = { hostname: 'a', ip: '10.0.0.1' };
    for (const [one, left] of [
      [window(now + 1_000_000n, machine), 0],
      [window(now - day, machine), 0],
      [window(now - 1n, machine), 1],
      [window(now - 1n, { ip: '10.0.0.2' }), 0],
      [window(now - 1n, {}), 0],
    ] as const)
      expect(view(facts([agent('a', 'cpus:1;mem:64')], { maintenance: [one] })).leftOut).toHaveLength(left);
  });

  it('not for its GPUs when they are asked for, or the master does not keep them', () => {
    const gpus = [agent('a', 'cpus:1;mem:64;gpus:1')];
    expect(view(facts(gpus), '*', true).agents).toHaveLength(1);
    expect(view(facts(gpus, { filterGpuResources: false })).agents).toHaveLength(1);
  });

  it('by name when it is in another region', () => {
    const cluster = facts([agent('a', 'cpus:1;mem:64', { region: 'far' })], { homeRegion: 'near' });
    expect(forecast(demand(1, 1), 1, view(cluster)).refusals).toEqual([
      { reason: 'UnfulfilledConstraint', constraint: '@region:IS:near', offers: 1 },
    ]);
  });
});

describe('quota', () => {
  const cluster = (roles: ClusterFacts['roles']): ClusterFacts => facts([agent('a', 'cpus:8;mem:8192')], { roles });

  it('leaves what the limit of the top-level role allows', () => {
    const roles = [{ name: 'web', quota: { limit: { cpus: 4 }, consumed: { cpus: 1, mem: 100 } } }];
    const result = forecast(demand(1, 1), undefined, view(cluster(roles), 'web/shop'));
    expect(result).toMatchObject({ fits: 3, refusals: [{ reason: 'QuotaLimit', resource: 'cpus', offers: 1 }] });
    expect(counts(forecast(demand(1, 1), undefined, view(cluster(roles), 'ops')))).toEqual([8]);
  });

  it('leaves what the guarantees of others do', () => {
    const roles = [
      { name: 'ops', quota: { guarantee: { cpus: 5, mem: 64 }, limit: { cpus: 5 }, consumed: { cpus: 1, mem: 64 } } },
      { name: 'web', quota: { guarantee: { cpus: 2 }, consumed: { cpus: 2 } } },
    ];
    const result = forecast(demand(1, 1), undefined, view(cluster(roles), 'web'));
    expect(result).toMatchObject({ fits: 4, refusals: [{ reason: 'QuotaHeadroom', resource: 'cpus', offers: 1 }] });
    expect(forecast(demand(1, 1), undefined, view(cluster(roles), 'ops')).fits).toBe(4);
  });
});
