#!/usr/bin/env node
/**
 * `npm run soak -- [--rounds N] [--agents N] [--tasks N] [--only=TEXT]`: each kind of fault N times (default 50), live, while
 * 200 tasks run and are launched all the time; with partitions where network namespaces can be made. `--only`: faults whose
 * name contains it.
 *
 * Ends with a table and `lost 0, doubled 0`, or, as soon as a task is certain to be lost or to have run twice, with code 1
 * and what is known of it. Logs, ledger and sandboxes then stay where it says, as they do with MESOLITE_KEEP set.
 */
import './repository/node-version.mjs';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './repository/install.mjs';
import { toolOptions } from './repository/tool-options.mjs';

const USAGE = `npm run soak -- [options]: real masters, agents and a scheduler on a real ZooKeeper, through faults

  --rounds N    how often each fault strikes (50)
  --agents N    agents (3)
  --tasks N     tasks that run and are launched all the time (200)
  --only TEXT   only faults whose name contains it
  -h, --help    this

MESOLITE_KEEP=1 keeps logs, ledger and sandboxes of a run without findings, too.`;

const values = toolOptions(USAGE, {
  options: {
    rounds: { type: 'string', default: '50' },
    agents: { type: 'string', default: '3' },
    tasks: { type: 'string', default: '200' },
    only: { type: 'string', default: '' },
  },
});

/** So many tasks are explained; one cause loses many. */
const TOLD = 20;

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
  const { Ledger } = await import('./soak/ledger.mjs');
  const { Chronicle, clockTime } = await import('./soak/chronicle.mjs');
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
  const cluster = new SoakCluster({ tasks, hosts: noHosts === undefined ? new Hosts() : undefined });
  const chronicle = new Chronicle(join(cluster.directory, 'faults'));
  const ledger = new Ledger(cluster.schedulerDirectory);
  const figures = new Map(faults.map(([name]) => [name, { recovered: [], open: tasks, running: tasks }]));
  let code = 1;
  // Interrupted: whoever started processes or hosts ends them as we exit; the files tell why it took so long.
  const interrupted = () => console.error(`interrupted; logs are in ${cluster.logs}`);
  process.once('exit', interrupted);
  try {
    await cluster.start(agents);
    let before = await cluster.progress('the start');
    let amiss = false;
    for (let round = 1; round <= rounds && !amiss; round += 1)
      for (const [name, inflict] of faults) {
        const figure = figures.get(name);
        figure.open = Math.min(figure.open, before.open);
        figure.running = Math.min(figure.running, before.running);
        const fromMs = performance.now();
        chronicle.begins(name);
        chronicle.inflicted(await inflict(cluster));
        before = await cluster.progress(name);
        chronicle.recovered();
        figure.recovered.push((performance.now() - fromMs) / 1000);
        if (round === 1 || round % 10 === 0)
          console.log(`round ${round}: ${name}, ${figure.recovered.at(-1).toFixed(1)} s`);
        const { lost, doubled } = ledger.amiss();
        amiss = lost.length + doubled.length > 0;
        if (amiss) {
          console.error(
            `round ${round}: ${lost.length} lost, ${doubled.length} doubled by ${clockTime(Date.now())}, no more faults`,
          );
          break;
        }
      }
    await cluster.settle();
    const { lost, doubled, ...more } = ledger.judge();
    report(more, figures, startedMs);
    for (const fate of new Set([...lost, ...doubled].slice(0, TOLD)))
      for (const line of chronicle.explain(fate, (id) => cluster.agentName(id))) console.error(line);
    console.log(`lost ${lost.length}, doubled ${doubled.length}`);
    code = lost.length + doubled.length === 0 ? 0 : 1;
  } catch (error) {
    console.error(error.message);
    console.error(JSON.stringify(cluster.status()));
  } finally {
    process.removeListener('exit', interrupted);
    const keep = code !== 0 || process.env['MESOLITE_KEEP'] !== undefined;
    await cluster.stop({ keep });
    if (keep) console.error(`logs are in ${cluster.logs}, the ledger in ${cluster.schedulerDirectory}`);
  }
  return code;
}

function report({ launched, counts }, figures, startedMs) {
  console.log('');
  for (const [name, { recovered, open, running }] of figures) {
    if (recovered.length === 0) continue;
    const sorted = [...recovered].sort((a, b) => a - b);
    const [median, most] = [0.5, 1].map((q) => sorted[Math.ceil(q * sorted.length) - 1].toFixed(1));
    const times = `${String(recovered.length).padStart(4)} times, at work again in ${median} s, at most ${most} s`;
    console.log(`${name.padEnd(28)} ${times}; struck at least ${open} tasks in flight, ${running} of them running`);
  }
  const states = Object.entries(counts).map(([state, count]) => `${count} ${state}`);
  console.log(
    `${launched} tasks in ${((performance.now() - startedMs) / 60_000).toFixed(1)} min: ${states.join(', ')}`,
  );
}

process.exitCode = await main();
