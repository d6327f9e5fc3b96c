/**
 * B2: launches end to end. One framework on `/api/v1/scheduler` in protobuf accepts offers of fake agents; each task is
 * reported running, acknowledged, reported finished, acknowledged. First as fast as a bounded number of tasks in flight
 * allows, then open loop at the aimed rate for the latency from the intended ACCEPT to TASK_RUNNING.
 */
import { delay, waitFor } from '../tools/daemons/daemon-process.mjs';
import { LocalCluster } from '../tools/daemons/local-cluster.mjs';
import { FakeAgents } from './fake-agents.mjs';
import { LoadFramework } from './load-framework.mjs';
import { cpuSeconds, quantile } from './measure.mjs';
import { OfferHands } from './offer-hands.mjs';

export const B2_PARAMS = { agents: 100, frameworks: 1, tasks_per_accept: 10, encoding: 'protobuf' };
/** Shorter than the default second: one offer per agent and second would be all that is measured. */
const ALLOCATION_INTERVAL = '10ms';
const SIZES = {
  smoke: { agents: 10, warmUpMs: 300, closedMs: 700, openMs: 500 },
  reference: { agents: 100, warmUpMs: 10_000, closedMs: 30_000, openMs: 20_000 },
  full: { agents: 100, warmUpMs: 10_000, closedMs: 60_000, openMs: 60_000 },
};
const IN_FLIGHT = 2_000;
const OPEN_RATE_PER_S = 1_000;
const TASK_RESOURCES = [
  { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 }, allocation_info: { role: '*' } },
  { name: 'mem', type: 'SCALAR', scalar: { value: 32 }, allocation_info: { role: '*' } },
];

class Launcher {
  launched = 0;
  running = 0;
  finished = 0;
  others = new Map();
  latencies = [];
  inFlight = 0;
  #framework;
  #hands = new OfferHands({ cpus: 0.1, mem: 32 });
  #intendedAt = new Map();
  #onProgress = () => undefined;

  async subscribe(port) {
    this.#framework = await LoadFramework.subscribe(port, { name: 'b2', onEvent: (event) => this.#event(event) });
  }

  get framework() {
    return this.#framework;
  }

  /** Called whenever an offer came or a task ended. */
  set onProgress(listener) {
    this.#onProgress = listener;
  }

  #event(event) {
    if (event.type === 'OFFERS') {
      for (const offer of event.offers.offers) this.#hands.take(offer);
      this.#onProgress();
    } else if (event.type === 'UPDATE') this.#update(event.update.status);
    else if (event.type === 'RESCIND') this.#hands.lose(event.rescind.offer_id.value);
  }

  #update(status) {
    this.#framework.acknowledge(status);
    const id = status.task_id.value;
    if (status.state === 'TASK_RUNNING') {
      this.running += 1;
      const intendedAt = this.#intendedAt.get(id);
      if (intendedAt !== undefined) this.latencies.push(performance.now() - intendedAt);
      return;
    }
    this.#intendedAt.delete(id);
    this.inFlight -= 1;
    if (status.state === 'TASK_FINISHED') this.finished += 1;
    else {
      const what = `${status.state} ${status.reason} ${status.message}`;
      this.others.set(what, (this.others.get(what) ?? 0) + 1);
    }
    this.#onProgress();
  }

  /** Accepts what one agent offers with a batch of tasks. False when no agent in hand has room for one. */
  accept(intendedAt) {
    const hand = this.#hands.play(B2_PARAMS.tasks_per_accept);
    if (hand === undefined) return false;
    const tasks = [];
    for (let i = 0; i < B2_PARAMS.tasks_per_accept; i += 1) {
      this.launched += 1;
      const value = `t${this.launched}`;
      this.#intendedAt.set(value, intendedAt);
      tasks.push({
        name: value,
        task_id: { value },
        agent_id: hand.agentId,
        resources: TASK_RESOURCES,
        command: { value: 'true' },
      });
    }
    this.inFlight += tasks.length;
    this.#framework.call({
      type: 'ACCEPT',
      accept: {
        offer_ids: hand.offers.map(({ id }) => id),
        operations: [{ type: 'LAUNCH', launch: { task_infos: tasks } }],
        filters: { refuse_seconds: 0 },
      },
    });
    return true;
  }
}

async function closedLoop(launcher, durationMs) {
  const batch = B2_PARAMS.tasks_per_accept;
  const go = () => {
    while (launcher.inFlight + batch <= IN_FLIGHT && launcher.accept(performance.now()));
  };
  launcher.onProgress = go;
  go();
  await delay(durationMs);
}

/** Accepts at a steady rate, whether or not the master keeps up; a late offer counts as waiting. */
async function openLoop(launcher, durationMs) {
  const intervalMs = (1000 * B2_PARAMS.tasks_per_accept) / OPEN_RATE_PER_S;
  const from = performance.now();
  let sent = 0;
  const go = () => {
    while (from + sent * intervalMs <= performance.now() && launcher.accept(from + sent * intervalMs)) sent += 1;
  };
  launcher.onProgress = go;
  while (performance.now() - from < durationMs) {
    go();
    await delay(1);
  }
  launcher.onProgress = () => undefined;
}

function settled(launcher) {
  return waitFor('tasks in flight to end', () => launcher.inFlight === 0, { limitMs: 30_000 });
}

/** @param {import('./measure.mjs').Figures} figures @param {{ size: string, profileDirectory?: string }} options */
export async function runLaunches(figures, { size, profileDirectory }) {
  const { agents, warmUpMs, closedMs, openMs } = SIZES[size];
  const masterNodeArgs = profileDirectory === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDirectory}`];
  const cluster = await LocalCluster.start({
    agents: 0,
    masterArgs: [`--allocation_interval=${ALLOCATION_INTERVAL}`, '--logging_level=WARNING'],
    masterNodeArgs,
  });
  const params = { agents, allocation_interval: ALLOCATION_INTERVAL };
  const fakes = await FakeAgents.start(cluster.master.port, agents);
  const launcher = new Launcher();
  try {
    await launcher.subscribe(cluster.master.port);
    await closedLoop(launcher, warmUpMs);
    const before = { finished: launcher.finished, cpu: cpuSeconds(cluster.master.pid), at: performance.now() };
    await delay(closedMs);
    const tasks = launcher.finished - before.finished;
    const seconds = (performance.now() - before.at) / 1000;
    const cpu = cpuSeconds(cluster.master.pid) - before.cpu;
    launcher.onProgress = () => undefined;
    await settled(launcher);
    figures.add('launches_per_s', tasks / seconds, '1/s', {
      headline: true,
      aim: { atLeast: 1_000 },
      params: { ...params, in_flight: IN_FLIGHT },
    });
    figures.add('master_cpu_per_task_us', (cpu / tasks) * 1e6, 'µs', { params });
    launcher.latencies = [];
    await openLoop(launcher, openMs);
    await settled(launcher);
    const open = { ...params, rate_per_s: OPEN_RATE_PER_S };
    figures.add('accept_to_running_p50_ms', quantile(launcher.latencies, 0.5), 'ms', { headline: true, params: open });
    figures.add('accept_to_running_p99_ms', quantile(launcher.latencies, 0.99), 'ms', { params: open });
    figures.add('accept_to_running_max_ms', quantile(launcher.latencies, 1), 'ms', { params: open });
    figures.add('master_rss_after_mb', cluster.master.measure().rssKib / 1024, 'MB', {
      params: { tasks: launcher.finished },
    });
    assertHonest(launcher);
  } finally {
    launcher.framework?.close();
    fakes.stop();
    await cluster.stop();
  }
}

/** Figures count only when every task went its whole way. */
function assertHonest({ launched, running, finished, others, framework }) {
  const complaints = [...others, ...framework.refused].map(([what, times]) => `${times} × ${what}`);
  if (launched !== running || launched !== finished)
    complaints.push(`${launched} launched, ${running} running, ${finished} finished`);
  if (complaints.length > 0) throw new Error(`B2 did not do its work: ${complaints.join(', ')}`);
}
