/** What is done to a cluster that works. Each resolves when the fault is over; that the cluster recovers is for others to see. */
import { delay } from '../daemons/daemon-process.mjs';
import { SESSION_TIMEOUT_MS } from './cluster.mjs';

function any(list) {
  return list[Math.floor(Math.random() * list.length)];
}

export const FAULTS = {
  'leading master killed': async (cluster) => (await cluster.leader()).kill(),
  'agent killed': async (cluster) => any(cluster.agents).kill(),
  'scheduler killed': async (cluster) => cluster.killScheduler(),
  "ZooKeeper's leader killed": async ({ ensemble }) => {
    const leader = (await ensemble.leader()) ?? 0;
    await ensemble.kill(leader);
    ensemble.startServer(leader);
    await ensemble.ready();
  },
  'all masters killed': async (cluster) => {
    for (const master of cluster.masters) master.kill();
  },
  // The next master leads when the first wakes up and believes it still does.
  'leading master stands still': async (cluster) => {
    const master = await cluster.leader();
    master.pause();
    await delay(2 * SESSION_TIMEOUT_MS);
    master.resume();
  },
  'agent stands still': async (cluster) => {
    const agent = any(cluster.agents);
    agent.pause();
    await delay(SESSION_TIMEOUT_MS);
    agent.resume();
  },
};

/** Where each daemon has a host of its own. */
export const PARTITIONS = {
  'leading master cut off': async (cluster) => {
    const { host } = await cluster.leader();
    host.cutOff();
    await delay(2 * SESSION_TIMEOUT_MS);
    host.reconnect();
  },
  'agent cut off': async (cluster) => {
    const { host } = any(cluster.agents);
    host.cutOff();
    // Until the master has given it up.
    await delay(6000);
    host.reconnect();
  },
};
