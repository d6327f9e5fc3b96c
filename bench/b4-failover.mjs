/**
 * B4: agents come back. In engine time (see b4-storm.mjs), and live: three masters on an ensemble of three, agents that
 * share one address, the leading master killed with -9; until the next one has all agents and makes offers again.
 */
import { detectMaster, masterPlace } from '@mesolite/coordination';
import { ZooKeeperEnsemble, zookeeperObstacle } from '@mesolite/coordination/testing';
import { systemClock, systemTimers } from '@mesolite/daemon';
import { silentLog } from '@mesolite/ports';
import { DaemonProcess, freePort, waitFor } from '../tools/daemons/daemon-process.mjs';
import { runStorm, TUPLES } from './b4-storm.mjs';
import { LoadFramework } from './load-framework.mjs';
import { quantile } from './measure.mjs';
import { ReturningAgents } from './returning-agents.mjs';

export const B4_PARAMS = {};

const SIZES = {
  smoke: [{ agents: 20, tasks: 2, repetitions: 1 }],
  reference: [{ agents: 1_000, tasks: 10, repetitions: 3, headline: true }],
  full: [
    { agents: 1_000, tasks: 10, repetitions: 10, headline: true },
    { agents: 10_000, tasks: 10, repetitions: 3 },
  ],
};
const SESSION_TIMEOUT_MS = 2000;
/** As agents do by default: they come back at random within this time. */
const BACKOFF_MS = 1000;

async function leaderOf(masters) {
  for (const master of masters) {
    if (!master.alive) continue;
    const snapshot = await fetch(`${master.url}/metrics/snapshot`).then((answer) => answer.json());
    if (snapshot['master/elected'] === 1) return master;
  }
  return undefined;
}

/** Kills the leader once; milliseconds since, for each thing that must happen. */
async function failover(ensemble, path, { agents, tasks }) {
  const zk = `zk://${ensemble.servers}${path}`;
  const start = async () => {
    const args = [
      '--ip=127.0.0.1',
      '--hostname=127.0.0.1',
      `--zk=${zk}`,
      `--zk_session_timeout=${SESSION_TIMEOUT_MS}ms`,
      '--logging_level=WARNING',
    ];
    const master = new DaemonProcess('master', { port: await freePort(), args });
    await master.up();
    return master;
  };
  const masters = [];
  const fakes = new ReturningAgents(agents, tasks);
  const place = await masterPlace(zk, silentLog);
  const options = { clock: systemClock, timers: systemTimers, log: silentLog, sessionTimeoutMs: SESSION_TIMEOUT_MS };
  const detector = detectMaster(place.value, options);
  try {
    for (let i = 0; i < 3; i += 1) masters.push(await start());
    const first = await waitFor('a leader', () => leaderOf(masters), { limitMs: 20_000 });
    await fakes.listen();
    fakes.join(first.port, 0);
    await waitFor('the agents to register', () => fakes.allBack, { limitMs: 60_000 });
    const elected = new Promise((resolve) => {
      detector.watch((leader) => {
        if (leader !== undefined && leader.port !== first.port) resolve(leader.port);
      });
    });
    const killedAt = performance.now();
    first.kill('SIGKILL');
    const port = await elected;
    const electedMs = performance.now() - killedAt;
    fakes.join(port, BACKOFF_MS);
    const offered = new Promise((resolve, reject) => {
      const onEvent = (event) => event.type === 'OFFERS' && resolve(performance.now());
      const trySubscribe = () =>
        LoadFramework.subscribe(port, { name: 'b4', onEvent }).then(
          () => undefined,
          () => setTimeout(trySubscribe, 20),
        );
      trySubscribe();
      setTimeout(() => reject(new Error('no offer in a minute')), 60_000).unref();
    });
    await waitFor('the agents to be back', () => fakes.allBack, { limitMs: 60_000, pollMs: 5 });
    const firstOfferMs = (await offered) - killedAt;
    const back = fakes.backAt.map((at) => at - killedAt);
    return {
      elected: electedMs,
      half: quantile(back, 0.5),
      most: quantile(back, 0.99),
      all: quantile(back, 1),
      firstOffer: firstOfferMs,
    };
  } finally {
    detector.close();
    fakes.stop();
    await Promise.all(masters.map((master) => master.stop()));
  }
}

/** @param {import('./measure.mjs').Figures} figures @param {{ size: string }} options */
export async function runFailover(figures, { size }) {
  for (const tuple of TUPLES[size]) runStorm(figures, tuple);
  const obstacle = zookeeperObstacle();
  if (obstacle !== undefined) throw new Error(`B4 needs an ensemble: ${obstacle}`);
  const ensemble = await ZooKeeperEnsemble.start(3);
  try {
    for (const { agents, tasks, repetitions, headline = false } of SIZES[size]) {
      const runs = [];
      for (let i = 0; i < repetitions; i += 1)
        runs.push(await failover(ensemble, `/b4-${agents}-${i}`, { agents, tasks }));
      const params = { agents, tasks_per_agent: tasks, session_timeout_ms: SESSION_TIMEOUT_MS, repetitions };
      const seconds = (key) =>
        quantile(
          runs.map((run) => run[key]),
          0.5,
        ) / 1000;
      figures.add('elected_s', seconds('elected'), 's', { params });
      figures.add('half_back_s', seconds('half'), 's', { params });
      figures.add('p99_back_s', seconds('most'), 's', { params });
      figures.add('first_offer_s', seconds('firstOffer'), 's', { params });
      figures.add('failover_after_session_s', seconds('all') - SESSION_TIMEOUT_MS / 1000, 's', {
        headline,
        params,
        aim: headline ? { atMost: 2 } : undefined,
      });
      const worst = Math.max(...runs.map(({ all }) => all)) - SESSION_TIMEOUT_MS;
      figures.add('failover_after_session_worst_s', worst / 1000, 's', { params });
    }
  } finally {
    await ensemble.end();
  }
}
