/**
 * B3 without a master: how many updates a second one agent makes durable, passes on and sees acknowledged, in both modes of
 * durability, when 1, 100 and 1,000 tasks have one under way each. Whoever's update has come to the master sends the next.
 */
import { delay } from '../tools/daemons/daemon-process.mjs';
import { syncTimes } from './b0-floors.mjs';
import { LoneAgent } from './lone-agent.mjs';
import { cpuSeconds, quantile } from './measure.mjs';

const SIZES = {
  smoke: { stepMs: 300, streams: [1, 10], syncs: 20 },
  reference: { stepMs: 3_000, streams: [1, 100, 1_000], syncs: 300 },
};
SIZES.full = { ...SIZES.reference, stepMs: 20_000 };
/** Group commit is worth this many updates per flush of the disk. */
const UPDATES_PER_SYNC = 10;
const AIMED_STREAMS = 100;

/** Updates that came to the master within the time, and how long each took, in milliseconds. */
async function step(lone, streams, stepMs) {
  const sentAt = new Map();
  const latencies = [];
  const next = (task) => {
    sentAt.set(`task-${task}`, performance.now());
    lone.update(task);
  };
  let over = false;
  lone.onUpdate = (id) => {
    latencies.push(performance.now() - sentAt.get(id));
    sentAt.delete(id);
    if (!over) next(Number(id.slice('task-'.length)));
  };
  const from = performance.now();
  for (let task = 0; task < streams; task += 1) next(task);
  await delay(stepMs);
  const count = latencies.length;
  const seconds = (performance.now() - from) / 1000;
  over = true;
  while (sentAt.size > 0) await delay(5);
  return { rate: count / seconds, latencies };
}

/** @param {import('./measure.mjs').Figures} figures @param {{ size: string, profileDirectory?: string }} options */
export async function runAgentUpdates(figures, { size, profileDirectory }) {
  const { stepMs, streams, syncs } = SIZES[size];
  const agentNodeArgs = profileDirectory === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDirectory}`];
  for (const durability of ['mesos', 'strict']) {
    const syncMs = quantile(syncTimes(syncs), 0.5);
    const lone = await LoneAgent.start({
      tasks: Math.max(...streams),
      agentArgs: [`--durability=${durability}`],
      agentNodeArgs,
    });
    try {
      // Not recorded: what is measured is an agent that has been at it for a while, not its compiler.
      await step(lone, streams.at(-1), stepMs);
      for (const count of streams) {
        const cpuBefore = cpuSeconds(lone.agent.pid);
        const { rate, latencies } = await step(lone, count, stepMs);
        const cpu = cpuSeconds(lone.agent.pid) - cpuBefore;
        const params = { durability, streams: count, fdatasync_4k_p50_ms: Number(syncMs.toPrecision(3)) };
        const isAimed = count === AIMED_STREAMS;
        const aim = { atLeast: Math.round((UPDATES_PER_SYNC * 1000) / syncMs) };
        figures.add('agent_updates_per_s', rate, '1/s', {
          headline: isAimed,
          params,
          ...(isAimed && durability === 'strict' ? { aim } : {}),
        });
        figures.add('agent_update_p50_ms', quantile(latencies, 0.5), 'ms', { params });
        figures.add('agent_update_p99_ms', quantile(latencies, 0.99), 'ms', { params });
        figures.add('agent_cpu_us_per_update', (cpu * 1e6) / latencies.length, 'µs', { params });
      }
      if (lone.refused.size > 0) throw new Error(`refused: ${JSON.stringify([...lone.refused])}`);
    } finally {
      await lone.stop();
    }
  }
}
