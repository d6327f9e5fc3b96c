/**
 * B3: status updates through the master, open loop: tasks on many agents report again and again, one framework acknowledges,
 * and what counts is when the acknowledgement is back at the agent, from the moment at which the update was due. The rate
 * grows until that takes too long.
 */
import { delay, waitFor } from '../tools/daemons/daemon-process.mjs';
import { LocalCluster } from '../tools/daemons/local-cluster.mjs';
import { LoadFramework } from './load-framework.mjs';
import { cpuSeconds, quantile } from './measure.mjs';
import { ReturningAgents } from './returning-agents.mjs';

export const B3_PARAMS = {};
const SIZES = {
  smoke: { agents: 10, tasks: 5, stepMs: 300, rates: [200, 400] },
  reference: {
    agents: 1_000,
    tasks: 10,
    stepMs: 5_000,
    rates: [1_000, 2_000, 3_000, 4_000, 6_000, 8_000, 12_000, 16_000],
  },
};
SIZES.full = { ...SIZES.reference, agents: 10_000, stepMs: 10_000 };
/** A rate is kept when 99 % of its acknowledgements are back within this time. */
const LIMIT_MS = 100;

/** Sends at `rate` a second for a while; the latencies of all, in milliseconds. */
async function step(agents, count, { rate, stepMs }, due) {
  const latencies = [];
  due.listener = (latency) => latencies.push(latency);
  const from = performance.now();
  const total = Math.floor((rate * stepMs) / 1000);
  for (let sent = 0; sent < total; ) {
    const now = performance.now();
    while (sent < total && from + (sent * 1000) / rate <= now) {
      due.set(agents.update(due.next++ % count), from + (sent * 1000) / rate);
      sent += 1;
    }
    await delay(1);
  }
  await waitFor('the last acknowledgements', () => latencies.length >= total, { limitMs: 30_000, pollMs: 5 });
  return latencies;
}

/** Updates under way, by uuid: when they were due. */
class Due {
  next = 0;
  listener = () => undefined;
  #at = new Map();

  set(uuid, atMs) {
    this.#at.set(uuid.toString('latin1'), atMs);
  }

  acknowledged(uuid) {
    const key = Buffer.from(uuid).toString('latin1');
    const atMs = this.#at.get(key);
    if (atMs === undefined) return;
    this.#at.delete(key);
    this.listener(performance.now() - atMs);
  }
}

/** @param {import('./measure.mjs').Figures} figures @param {{ size: string, profileDirectory?: string }} options */
export async function runUpdates(figures, { size, profileDirectory }) {
  const { agents: agentCount, tasks, stepMs, rates } = SIZES[size];
  const masterNodeArgs = profileDirectory === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDirectory}`];
  const cluster = await LocalCluster.start({ agents: 0, masterArgs: ['--logging_level=WARNING'], masterNodeArgs });
  const due = new Due();
  const agents = new ReturningAgents(agentCount, tasks, { onAcknowledged: (uuid) => due.acknowledged(uuid) });
  let framework;
  try {
    const { port } = cluster.master;
    await agents.listen();
    agents.join(port, 0);
    await waitFor('the agents to register', () => agents.allBack, { limitMs: 60_000 });
    // A master that begins anew learns of tasks from those who run them.
    await cluster.restartMaster();
    framework = await LoadFramework.subscribe(port, {
      name: 'b3',
      failoverTimeout: 3600,
      onEvent: (event) => {
        if (event.type === 'UPDATE') framework.acknowledge(event.update.status);
        if (event.type === 'OFFERS')
          framework.call({ type: 'DECLINE', decline: { offer_ids: event.offers.offers.map(({ id }) => id) } });
      },
    });
    framework.call({ type: 'SUPPRESS' });
    agents.frameworkId = framework.id.value;
    agents.join(port, 0);
    await waitFor('the agents to be back', () => agents.allBack, { limitMs: 60_000 });
    const params = { agents: agentCount, tasks: agentCount * tasks };
    let best = 0;
    // Not recorded: what is measured is a master that has been at it for a while, not its compiler.
    await step(agents, agentCount * tasks, { rate: rates[0], stepMs }, due);
    for (const rate of rates) {
      const cpuBefore = cpuSeconds(cluster.master.pid);
      const latencies = await step(agents, agentCount * tasks, { rate, stepMs }, due);
      const p99 = quantile(latencies, 0.99);
      const at = { params: { ...params, rate_per_s: rate } };
      figures.add('update_to_acknowledged_p50_ms', quantile(latencies, 0.5), 'ms', at);
      figures.add('update_to_acknowledged_p99_ms', p99, 'ms', at);
      const cpu = cpuSeconds(cluster.master.pid) - cpuBefore;
      figures.add('master_cpu_us_per_update', (cpu * 1e6) / latencies.length, 'µs', at);
      if (p99 > LIMIT_MS) break;
      best = rate;
    }
    figures.add('updates_per_s', best, '1/s', { headline: true, params: { ...params, p99_within_ms: LIMIT_MS } });
    if (framework.refused.size > 0) throw new Error(`refused: ${JSON.stringify([...framework.refused])}`);
  } finally {
    framework?.close();
    agents.stop();
    await cluster.stop();
  }
}
