#!/usr/bin/env node
/**
 * `npm run soak -- [--rounds N] [--agents N] [--tasks N] [--only=TEXT]`: each kind of fault N times (default 50), live, while
 * tasks run and are launched all the time; with partitions where network namespaces can be made. Ends with a table and `lost 0, doubled 0`, or with code 1 and what is known of
 * the tasks that were lost or ran twice. With MESOLITE_KEEP set the directory of the run stays.
 */
import './repository/node-version.mjs';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './repository/install.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    agents: { type: 'string', default: '3' },
    tasks: { type: 'string', default: '200' },
    only: { type: 'string', default: '' },
  },
});

function number(name) {
  const value = Number(values[name]);
  if (Number.isSafeInteger(value) && value > 0) return value;
  console.error(`--${name} must be a positive integer, not '${values[name]}'`);
  process.exit(2);
}

async function main() {
  const [rounds, agents, tasks] = [number('rounds'), number('agents'), number('tasks')];
  if (!(await ensureInstalled()) || !(await ensureBuilt())) return 1;
  // Only now: they need what was just built.
  const { zookeeperObstacle } = await import('@mesolite/coordination/testing');
  const { SoakCluster } = await import('./soak/cluster.mjs');
  const { FAULTS, PARTITIONS } = await import('./soak/faults.mjs');
  const { Hosts, hostsObstacle } = await import('./soak/hosts.mjs');
  const { judge } = await import('./soak/ledger.mjs');
  const obstacle = zookeeperObstacle();
  if (obstacle !== undefined) {
    console.error(`soak needs an ensemble: ${obstacle}`);
    return 1;
  }
  const noHosts = hostsObstacle();
  if (noHosts !== undefined) console.log(`skipped: partitions: ${noHosts}`);
  const kinds = noHosts === undefined ? { ...FAULTS, ...PARTITIONS } : FAULTS;
  const faults = Object.entries(kinds).filter(([name]) => name.includes(values.only));
  if (faults.length === 0) {
    console.error(`--only=${values.only}: there are ${Object.keys(kinds).join(', ')}`);
    return 2;
  }
  const startedMs = performance.now();
  const hosts = noHosts === undefined ? new Hosts() : undefined;
  const cluster = await SoakCluster.start({ agents, tasks, hosts });
  const recovered = new Map(faults.map(([name]) => [name, []]));
  try {
    await cluster.progress('the start');
    for (let round = 1; round <= rounds; round += 1)
      for (const [name, inflict] of faults) {
        const fromMs = performance.now();
        await inflict(cluster);
        await cluster.progress(name);
        recovered.get(name).push((performance.now() - fromMs) / 1000);
        if (round === 1 || round % 10 === 0)
          console.log(`round ${round}: ${name}, ${recovered.get(name).at(-1).toFixed(1)} s`);
      }
    await cluster.settle();
    return report(judge(cluster.schedulerDirectory), recovered, startedMs);
  } catch (error) {
    console.error(error.message);
    console.error(JSON.stringify(cluster.status()));
    for (const daemon of [...cluster.masters, ...cluster.agents]) console.error(`----\n${daemon.log.slice(-1500)}`);
    return 1;
  } finally {
    await cluster.stop();
  }
}

function report({ launched, counts, lost, doubled }, recovered, startedMs) {
  console.log('');
  for (const [name, seconds] of recovered) {
    const sorted = [...seconds].sort((a, b) => a - b);
    const figures = [0.5, 1].map((q) => sorted[Math.ceil(q * sorted.length) - 1].toFixed(1));
    console.log(
      `${name.padEnd(32)} ${String(seconds.length).padStart(4)} times, at work again in ${figures[0]} s, at most ${figures[1]} s`,
    );
  }
  const states = Object.entries(counts).map(([state, count]) => `${count} ${state}`);
  console.log(
    `${launched} tasks in ${((performance.now() - startedMs) / 60_000).toFixed(1)} min: ${states.join(', ')}`,
  );
  for (const fate of [...lost, ...doubled].slice(0, 20)) console.log(JSON.stringify(fate));
  console.log(`lost ${lost.length}, doubled ${doubled.length}`);
  return lost.length + doubled.length === 0 ? 0 : 1;
}

process.exitCode = await main();
