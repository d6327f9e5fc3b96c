/**
 * What is done to a cluster that works. Each resolves with the name of who suffered when the fault is over; that the cluster
 * recovers is for others to see.
 */
import { delay } from '../daemons/daemon-process.mjs';
import { SESSION_TIMEOUT_MS } from './cluster.mjs';

function any(list) {
  return list[Math.floor(Math.random() * list.length)];
}

function killed(daemon) {
  daemon.kill();
  return daemon.name;
}

async function paused(daemon, ms) {
  daemon.pause();
  await delay(ms);
  daemon.resume();
  return daemon.name;
}

async function cutOff({ name, host }, ms) {
  host.cutOff();
  await delay(ms);
  host.reconnect();
  return name;
}

export const FAULTS = {
  'leading master killed': async (cluster) => killed(await cluster.leader()),
  'agent killed': async (cluster) => killed(any(cluster.agents)),
  'scheduler killed': async (cluster) => cluster.killScheduler(),
  "ZooKeeper's leader killed": async ({ ensemble }) => {
    const leader = (await ensemble.leader()) ?? 0;
    await ensemble.kill(leader);
    ensemble.startServer(leader);
    await ensemble.ready();
    return `server ${leader + 1}`;
  },
  'all masters killed': async (cluster) => cluster.masters.map(killed).join(', '),
  // The next master leads when the first wakes up and believes it still does.
  'leading master stands still': async (cluster) => paused(await cluster.leader(), 2 * SESSION_TIMEOUT_MS),
  'agent stands still': (cluster) => paused(any(cluster.agents), SESSION_TIMEOUT_MS),
};

/** Where each daemon has a host of its own. */
export const PARTITIONS = {
  'leading master cut off': async (cluster) => cutOff(await cluster.leader(), 2 * SESSION_TIMEOUT_MS),
  // Until the master has given it up.
  'agent cut off': (cluster) => cutOff(any(cluster.agents), 6000),
};
