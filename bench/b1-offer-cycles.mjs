/**
 * B1: what a cycle of the allocator costs, on the clusters of the original's own benchmarks. The allocator runs in this
 * process, without master or sockets, in the slices in which the master runs it and with the master's heap.
 */
import { SLICE_UNITS } from '@mesolite/allocator';
import { keepPausesShort } from '@mesolite/cli';
import { Cluster, FOR_EVER_MS, liveBytes, resourcesOf } from './b1-clusters.mjs';
import { runDisks } from './b1-disks.mjs';
import { runResourceAlgebra } from './b1-resources.mjs';
import { quantile } from './measure.mjs';

export const B1_PARAMS = { slice_units: SLICE_UNITS };

const AGENT = resourcesOf('cpus:24;mem:4096;disk:4096;ports:[31000-32000]');
const USED = resourcesOf('cpus:16;mem:2014;disk:1024').allocate('*');

const SIZES = {
  smoke: {
    decline: [[200, 20, 10]],
    suppress: [[200, 10]],
    labels: [[100, 10]],
    quota: [[25, 5]],
    nonQuota: [10],
    tasks: 0.02,
    sort: [[100, 10]],
  },
  reference: {
    decline: [
      [1_000, 100, 150],
      [10_000, 1_000, 190],
      [50_000, 200, 10],
    ],
    suppress: [[10_000, 200]],
    labels: [[1_000, 200]],
    quota: [
      [25, 5],
      [250, 50],
      [2_500, 500],
    ],
    nonQuota: [10, 100, 1_000],
    tasks: 1,
    sort: [
      [1_000, 100],
      [10_000, 1_000],
    ],
  },
};
SIZES.full = {
  ...SIZES.reference,
  decline: [1_000, 5_000, 10_000, 20_000, 30_000, 50_000].flatMap((agents) =>
    [1, 50, 100, 200, 500, 1_000, 3_000, 6_000].map((frameworks) => [agents, frameworks, 20]),
  ),
  suppress: [1_000, 10_000, 50_000].flatMap((agents) => [50, 200, 1_000].map((frameworks) => [agents, frameworks])),
};

/** Cycles after which the code counts as warm. */
const COLD_CYCLES = 20;

/** Figures of the warm cycles, or of all where there are too few of them. */
function report(figures, cluster, params, { headline = false, aims = {} } = {}) {
  const from = cluster.cycles.length > 2 * COLD_CYCLES ? COLD_CYCLES : 0;
  if (from > 0)
    figures.add('cold_longest_stall_ms', quantile(cluster.stalls.slice(0, from), 1), 'ms', {
      params: { ...params, cold_cycles: from },
    });
  const cycles = cluster.cycles.slice(from);
  const stalls = cluster.stalls.slice(from);
  const all = { ...params, hash: cluster.digest() };
  figures.add('full_cycle_p50_ms', quantile(cycles, 0.5), 'ms', { headline, params: all, aim: aims.cycle });
  figures.add('full_cycle_p99_ms', quantile(cycles, 0.99), 'ms', { params: all });
  figures.add('full_cycle_cpu_p50_ms', quantile(cluster.cpu.slice(from), 0.5), 'ms', { params: all });
  figures.add('stall_p99_ms', quantile(stalls, 0.99), 'ms', { params: all });
  figures.add('longest_stall_cpu_ms', quantile(cluster.stallsCpu.slice(from), 1), 'ms', { params: all });
  figures.add('longest_stall_ms', quantile(stalls, 1), 'ms', { headline, params: all, aim: aims.stall });
}

/** Everybody declines everything for good. */
function declineOffers(figures, [agents, frameworks, rounds]) {
  const before = liveBytes();
  const cluster = new Cluster();
  cluster.addFrameworks(frameworks);
  const withFrameworks = liveBytes();
  cluster.addAgents(agents, AGENT, (i) => new Map([[`f${i % frameworks}`, USED]]));
  const withAgents = liveBytes();
  let refused = 0;
  const declines = [];
  for (let round = 0; round < rounds; round += 1) {
    const offers = cluster.cycle();
    refused += offers.length;
    const from = performance.now();
    cluster.decline(offers, FOR_EVER_MS);
    declines.push((performance.now() - from) / Math.max(1, offers.length));
  }
  const withRefusals = liveBytes();
  const params = { scenario: 'DeclineOffers', agents, frameworks, rounds };
  const headline = agents === 10_000 && frameworks === 1_000;
  const aims = headline ? { cycle: { atMost: 200 }, stall: { atMost: 10 } } : {};
  report(figures, cluster, params, { headline, aims });
  figures.add('decline_us', quantile(declines, 0.5) * 1000, 'µs', { params });
  figures.add('bytes_per_framework', (withFrameworks - before) / frameworks, 'B', { params });
  figures.add('bytes_per_agent', (withAgents - withFrameworks) / agents, 'B', { params });
  figures.add('bytes_per_refusal', (withRefusals - withAgents) / Math.max(1, refused), 'B', {
    params: { ...params, refusals: refused },
  });
  dirtyCycles(figures, cluster, params, { agents, headline });
}

/** Cycles over one agent in a hundred, which is declined and goes to somebody else; all others are offered to somebody. */
function dirtyCycles(figures, cluster, params, { agents, headline }) {
  const share = Math.max(1, Math.round(agents / 100));
  let offers = cluster.cycle();
  const first = cluster.cycles.length;
  for (let round = 0; round < 40; round += 1) {
    cluster.decline(offers.splice(0, share), FOR_EVER_MS);
    offers = offers.concat(cluster.cycle('dirty'));
  }
  const cycles = cluster.cycles.slice(first);
  figures.add('dirty_cycle_p50_ms', quantile(cycles, 0.5), 'ms', {
    headline,
    params: { ...params, dirty: share },
    aim: headline ? { atMost: 5 } : undefined,
  });
}

/** Frameworks suppress batch by batch, until nobody wants anything. */
function suppressOffers(figures, [agents, frameworks]) {
  const cluster = new Cluster();
  cluster.addFrameworks(frameworks);
  cluster.addAgents(agents, AGENT, (i) => new Map([[`f${i % frameworks}`, USED]]));
  const rounds = 5;
  for (let round = 0; round < rounds; round += 1) {
    cluster.decline(cluster.cycle(), FOR_EVER_MS);
    for (let i = round; i < frameworks; i += rounds) cluster.allocator.suppress(`f${i}`, []);
  }
  cluster.cycle();
  const params = { scenario: 'SuppressOffers', agents, frameworks };
  report(figures, cluster, params);
  figures.add('suppressed_cycle_ms', cluster.cycles.at(-1), 'ms', { params });
}

/** Reservations with twelve labels that differ in the last of them. */
function resourceLabels(figures, [agents, frameworks]) {
  const reserved = (i) =>
    AGENT.pushReservation({
      type: 'DYNAMIC',
      role: 'r',
      principal: 'p',
      labels: { labels: Array.from({ length: 12 }, (_, k) => ({ key: `k${k}`, value: k === 11 ? `v${i}` : 'v' })) },
    });
  const cluster = new Cluster();
  cluster.addFrameworks(frameworks, { roles: ['r'] });
  cluster.addAgents(agents, (i) => reserved(i));
  for (let round = 0; round < Math.min(50, frameworks * 2); round += 1) cluster.decline(cluster.cycle(), FOR_EVER_MS);
  report(figures, cluster, { scenario: 'ResourceLabels', agents, frameworks });
}

/** Small quotas, half an agent each, and large ones, two agents each; then nothing is left. */
function largeAndSmallQuota(figures, [small, large]) {
  for (const sorter of ['drf', 'random']) {
    const cluster = new Cluster({ sorter });
    const names = [
      ...Array.from({ length: small }, (_, i) => [`small${i}`, 1]),
      ...Array.from({ length: large }, (_, i) => [`large${i}`, 4]),
    ];
    const from = performance.now();
    for (const [role] of names) cluster.addFramework(role, { roles: [role] });
    const adding = performance.now() - from;
    cluster.addAgents(small / 5 + large * 5, resourcesOf('cpus:2;mem:2048;disk:2048'));
    for (const [role, size] of names) {
      const amounts = { cpus: size, mem: size * 1024, disk: size * 1024 };
      cluster.allocator.updateQuota(role, { guarantees: amounts, limits: amounts });
    }
    const offers = cluster.cycle().length;
    cluster.cycle();
    const params = { scenario: 'LargeAndSmallQuota', roles: names.length, sorter, offers, hash: cluster.digest() };
    const headline = names.length === 3_000 && sorter === 'drf';
    figures.add('quota_cycle_ms', cluster.cycles[0], 'ms', {
      headline,
      params,
      aim: headline ? { atMost: 500 } : undefined,
    });
    figures.add('quota_cycle_cpu_ms', cluster.cpu[0], 'ms', { params });
    figures.add('quota_idle_cycle_ms', cluster.cycles[1], 'ms', { params });
    figures.add('adding_frameworks_ms', adding, 'ms', { params });
    figures.add('longest_stall_ms', quantile(cluster.stalls, 1), 'ms', { params });
  }
}

/** The same decisions with and without quota: quotas are whole agents. */
function nonQuotaVsQuota(figures, roles) {
  for (const sorter of ['drf', 'random']) {
    for (const withQuota of [false, true]) {
      const cluster = new Cluster({ sorter });
      for (let i = 0; i < roles; i += 1)
        for (const k of [0, 1]) cluster.addFramework(`f${i}-${k}`, { roles: [`role${i}`] });
      cluster.addAgents(roles * 2, resourcesOf('cpus:2;mem:2048;disk:2048'));
      const amounts = { cpus: 4, mem: 4096, disk: 4096 };
      if (withQuota)
        for (let i = 0; i < roles; i += 1)
          cluster.allocator.updateQuota(`role${i}`, { guarantees: amounts, limits: amounts });
      const offers = cluster.cycle().length;
      cluster.cycle();
      const params = { scenario: 'NonQuotaVsQuota', roles, sorter, quota: withQuota, offers };
      figures.add('full_cycle_p50_ms', cluster.cycles[0], 'ms', { params });
      figures.add('quota_idle_cycle_ms', cluster.cycles[1], 'ms', { params });
    }
  }
}

/** Frameworks of three kinds fill a cluster with tasks that stay; rounds until all are placed. */
function multiFrameworkAllocations(figures, scale) {
  const cluster = new Cluster();
  const kinds = [
    { name: 'many', frameworks: 4, tasks: 4_000, task: resourcesOf('cpus:0.07;mem:400'), perOffer: 100 },
    { name: 'few', frameworks: 500, tasks: 5, task: resourcesOf('cpus:0.1;mem:4000'), perOffer: 1 },
    { name: 'some', frameworks: 50, tasks: 20, task: resourcesOf('cpus:1;mem:1000'), perOffer: 5 },
  ];
  const todo = new Map();
  for (const kind of kinds)
    for (let i = 0; i < Math.ceil(kind.frameworks * scale); i += 1) {
      cluster.addFramework(`${kind.name}${i}`, { roles: [kind.name] });
      todo.set(`${kind.name}${i}`, { kind, left: kind.tasks });
    }
  cluster.addAgents(Math.ceil(80 * scale) + 4, resourcesOf('cpus:64;mem:488000'));
  let placed = 0;
  let rounds = 0;
  for (; todo.size > 0 && rounds < 2_000; rounds += 1) {
    for (const { frameworkId, agentId, role, resources } of cluster.cycle()) {
      const work = todo.get(frameworkId);
      let left = resources;
      for (let k = 0; work !== undefined && work.left > 0 && k < work.kind.perOffer; k += 1) {
        const task = work.kind.task.allocate(role);
        if (!left.contains(task)) break;
        left = left.minus(task);
        work.left -= 1;
        placed += 1;
      }
      cluster.allocator.recover(frameworkId, agentId, left, { nowMs: cluster.nowMs, refuseMs: 5000 });
      if (work?.left === 0) {
        todo.delete(frameworkId);
        cluster.allocator.suppress(frameworkId, []);
      }
    }
  }
  const params = { scenario: 'MultiFrameworkAllocations', placed, rounds, unplaced: todo.size };
  report(figures, cluster, params);
}

/** Clients come, hold something on every agent they can, are sorted once, and go. */
function fullSort(figures, [agents, frameworks]) {
  const cluster = new Cluster();
  const from = performance.now();
  cluster.addFrameworks(frameworks);
  const added = performance.now();
  cluster.addAgents(agents, AGENT, (i) => new Map([[`f${i % frameworks}`, USED]]));
  const held = performance.now();
  cluster.allocator.dominantShare('*');
  const sorted = performance.now();
  for (let i = 0; i < frameworks; i += 1) cluster.allocator.removeFramework(`f${i}`);
  const removed = performance.now();
  const params = { scenario: 'FullSort', agents, frameworks };
  figures.add('add_frameworks_ms', added - from, 'ms', { params });
  figures.add('add_agents_ms', held - added, 'ms', { params });
  figures.add('sort_ms', sorted - held, 'ms', { params });
  figures.add('remove_frameworks_ms', removed - sorted, 'ms', { params });
}

export async function runOfferCycles(figures, { size }) {
  keepPausesShort();
  const sizes = SIZES[size];
  for (const one of sizes.decline) declineOffers(figures, one);
  for (const one of sizes.suppress) suppressOffers(figures, one);
  for (const one of sizes.labels) resourceLabels(figures, one);
  for (const one of sizes.quota) largeAndSmallQuota(figures, one);
  for (const one of sizes.nonQuota) nonQuotaVsQuota(figures, one);
  multiFrameworkAllocations(figures, sizes.tasks);
  for (const one of sizes.sort) fullSort(figures, one);
  runDisks(figures, size);
  runResourceAlgebra(figures, size);
}
