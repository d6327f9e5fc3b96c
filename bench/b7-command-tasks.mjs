/**
 * B7: bare command tasks on one agent. How many `true` a second, how soon one runs, what a running one costs in memory
 * beyond its own command, and what the daemons cost when idle.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { delay, memoryOf, waitFor } from '../tools/daemons/daemon-process.mjs';
import { LocalCluster } from '../tools/daemons/local-cluster.mjs';
import { LoadFramework } from './load-framework.mjs';
import { cpuSeconds, quantile } from './measure.mjs';
import { OfferHands } from './offer-hands.mjs';

export const B7_PARAMS = { agents: 1, isolation: 'posix/cpu,posix/mem', containers: 'bare' };
const SIZES = {
  smoke: { tasks: 20, window: 10, single: 5, sleepers: 5 },
  reference: { tasks: 1_000, window: 100, single: 100, sleepers: 1_000 },
  full: { tasks: 1_000, window: 1_000, single: 200, sleepers: 1_000 },
};
const RESOURCES = 'cpus:4000;mem:4000000;disk:20480;ports:[31000-32000]';
const TASK_RESOURCES = [
  { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 }, allocation_info: { role: '*' } },
  { name: 'mem', type: 'SCALAR', scalar: { value: 1 }, allocation_info: { role: '*' } },
];
const TERMINAL = new Set(['TASK_FINISHED', 'TASK_FAILED', 'TASK_KILLED', 'TASK_LOST', 'TASK_ERROR', 'TASK_DROPPED']);
const LIMIT_MS = 120_000;
const TRUE = { value: 'true', shell: false, arguments: ['true'] };

/** A framework that launches commands on whatever offer it holds and keeps what became of them. */
class Runner {
  /** By task id: when it was launched, ran and ended (ms), and how. */
  tasks = new Map();
  ended = 0;
  running = 0;
  #framework;
  #hands = new OfferHands({ cpus: 0.1, mem: 1 });
  #count = 0;

  async subscribe(port) {
    this.#framework = await LoadFramework.subscribe(port, { name: 'b7', onEvent: (event) => this.#event(event) });
  }

  get framework() {
    return this.#framework;
  }

  #event(event) {
    if (event.type === 'OFFERS') for (const offer of event.offers.offers) this.#hands.take(offer);
    if (event.type === 'RESCIND') this.#hands.lose(event.rescind.offer_id.value);
    if (event.type !== 'UPDATE') return;
    const { status } = event.update;
    this.#framework.acknowledge(status);
    const task = this.tasks.get(status.task_id.value);
    if (status.state === 'TASK_RUNNING') {
      task.ranAt ??= performance.now();
      this.running += 1;
    }
    if (!TERMINAL.has(status.state)) return;
    task.endedAt = performance.now();
    task.state = status.state;
    task.message = status.message;
    this.ended += 1;
    this.running -= 1;
  }

  /** Launches `count` tasks with one ACCEPT, once an offer is there. */
  async launch(count, command) {
    const hand = await waitFor('an offer', () => this.#hands.play(count), { pollMs: 1 });
    const infos = Array.from({ length: count }, () => {
      this.#count += 1;
      const value = `task-${this.#count}`;
      return { name: value, task_id: { value }, agent_id: hand.agentId, resources: TASK_RESOURCES, command };
    });
    const launchedAt = performance.now();
    for (const { task_id } of infos) this.tasks.set(task_id.value, { launchedAt });
    this.#framework.call({
      type: 'ACCEPT',
      accept: {
        offer_ids: hand.offers.map(({ id }) => id),
        operations: [{ type: 'LAUNCH', launch: { task_infos: infos } }],
        filters: { refuse_seconds: 0 },
      },
    });
    return infos.map(({ task_id }) => this.tasks.get(task_id.value));
  }

  /** Kills all tasks that have not ended. */
  killAll() {
    for (const [value, { endedAt }] of this.tasks)
      if (endedAt === undefined) this.#framework.call({ type: 'KILL', kill: { task_id: { value } } });
  }

  assertAll(state) {
    const other = [...this.tasks.values()].find((task) => task.state !== state);
    if (other !== undefined)
      throw new Error(`B7 did not do its work: ${other.state ?? 'no end'} ${other.message ?? ''}`);
  }
}

/** Processes that work in the cluster's directories, except the commands of tasks themselves. */
function holdersOf(directory, command) {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const args = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0');
      if (args[0] === command) return false;
      return readlinkSync(`/proc/${pid}/cwd`).startsWith(directory) || args.some((text) => text.includes(directory));
    } catch {
      // It ended meanwhile.
      return false;
    }
  });
}

function proportionalKib(pids) {
  return pids.reduce((sum, pid) => sum + memoryOf(pid).pssKib, 0);
}

/** All processes of ours: the daemons and whatever they put beside the commands of tasks. */
function ourPssKib(cluster) {
  const pids = new Set([
    String(cluster.master.pid),
    String(cluster.agents[0].pid),
    ...holdersOf(cluster.directory, 'sleep'),
  ]);
  return proportionalKib([...pids]);
}

/** Runs so many tasks with at most `window` at once; answers the seconds it took. */
async function manyAtOnce(runner, { tasks, window }) {
  const from = performance.now();
  const endedBefore = runner.ended;
  let launched = 0;
  const room = () => Math.min(window - (launched - (runner.ended - endedBefore)), tasks - launched);
  while (launched < tasks) {
    // Half a window at a time, not one by one: frameworks launch in batches.
    const batch = Math.min(window / 2, tasks - launched);
    const count = await waitFor('tasks to end', () => room() >= batch && room(), { limitMs: LIMIT_MS, pollMs: 1 });
    await runner.launch(count, TRUE);
    launched += count;
  }
  await waitFor('all tasks to end', () => runner.ended - endedBefore === tasks, { limitMs: LIMIT_MS, pollMs: 1 });
  return (performance.now() - from) / 1000;
}

async function oneByOne(runner, count) {
  const latencies = [];
  for (let i = 0; i < count; i += 1) {
    const [task] = await runner.launch(1, TRUE);
    await waitFor('a task to end', () => task.endedAt, { limitMs: LIMIT_MS, pollMs: 1 });
    latencies.push(task.ranAt - task.launchedAt);
  }
  return latencies;
}

/** @param {import('./measure.mjs').Figures} figures @param {{ size: string, profileDirectory?: string }} options */
export async function runCommandTasks(figures, { size, profileDirectory }) {
  const counts = SIZES[size];
  const profile = profileDirectory === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDirectory}`];
  const cluster = await LocalCluster.start({
    resources: RESOURCES,
    masterArgs: ['--allocation_interval=10ms', '--logging_level=WARNING'],
    agentArgs: ['--logging_level=WARNING'],
    agentNodeArgs: profile,
  });
  const [agent] = cluster.agents;
  const runner = new Runner();
  try {
    // Fresh daemons are still settling: heaps shrink, pages of start-up code go.
    await delay(size === 'smoke' ? 200 : 5_000);
    figures.add('idle_rss_master_mb', cluster.master.measure().rssKib / 1024, 'MB', { aim: { atMost: 120 } });
    figures.add('idle_rss_agent_mb', agent.measure().rssKib / 1024, 'MB', { aim: { atMost: 120 } });
    await runner.subscribe(cluster.master.port);
    // The first tasks pay for code that is loaded and compiled once.
    await oneByOne(runner, Math.min(10, counts.single));
    const latencies = await oneByOne(runner, counts.single);
    figures.add('start_p50_ms', quantile(latencies, 0.5), 'ms', { headline: true, aim: { atMost: 15 } });
    figures.add('start_p99_ms', quantile(latencies, 0.99), 'ms');
    const cpuBefore = cpuSeconds(agent.pid);
    const seconds = await manyAtOnce(runner, counts);
    const params = { tasks: counts.tasks, at_once: counts.window };
    figures.add('tasks_per_s', counts.tasks / seconds, '1/s', { headline: true, aim: { atLeast: 120 }, params });
    figures.add('agent_cpu_per_task_ms', ((cpuSeconds(agent.pid) - cpuBefore) / counts.tasks) * 1000, 'ms', { params });
    runner.assertAll('TASK_FINISHED');
    await startAndDestroy(figures, cluster, runner, counts.sleepers, size);
  } finally {
    await runner.framework?.teardown();
    await cluster.stop();
  }
}

/** Many that stay, launched at once and killed at once: `params.tasks` of them, 1,000 but in smoke size. */
async function startAndDestroy(figures, cluster, runner, count, size) {
  const settleMs = size === 'smoke' ? 100 : 5_000;
  await delay(settleMs);
  const before = ourPssKib(cluster);
  const from = performance.now();
  const sleepers = await runner.launch(count, { value: 'sleep', shell: false, arguments: ['sleep', '1000'] });
  await waitFor('all sleepers to run', () => sleepers.every(({ ranAt }) => ranAt !== undefined), {
    limitMs: LIMIT_MS,
    pollMs: 1,
  });
  const params = { tasks: count };
  figures.add('start_1000_s', (performance.now() - from) / 1000, 's', { headline: true, params });
  await delay(settleMs);
  const perTask = (ourPssKib(cluster) - before) / count;
  figures.add('pss_per_task_kib', perTask, 'KiB', { headline: true, aim: { atMost: 600 }, params });
  const killedFrom = performance.now();
  runner.killAll();
  await waitFor('all sleepers to end', () => sleepers.every(({ endedAt }) => endedAt !== undefined), {
    limitMs: LIMIT_MS,
    pollMs: 1,
  });
  figures.add('destroy_1000_s', (performance.now() - killedFrom) / 1000, 's', { headline: true, params });
  if (sleepers.some(({ state }) => state !== 'TASK_KILLED')) throw new Error('B7: a sleeper was not killed');
}
