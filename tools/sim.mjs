#!/usr/bin/env node
/**
 * `npm run sim -- --seeds N [--seed S] [--scenario X] [--agents N] [--jobs N] [--log]`: runs N seeds, from S on, of one scenario
 * (`swarm` unless told otherwise, `all` for all small ones in turn) and ends with `N seeds, 0 violations`, after how often
 * each fault struck and each message was sent. The first violation is shrunk; the run then ends with the log of what is
 * left of it and the command that replays it, and exit code 1. `--no-shrink` leaves it as it was found. `--log` prints the
 * log of every run. `--size` and `--faults` are those of replay commands. Seeds run on all cores unless `--jobs` says less;
 * what stdout is told is the same. How far it is goes to stderr.
 */
import './repository/node-version.mjs';
import { availableParallelism } from 'node:os';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './repository/install.mjs';
import { toolOptions } from './repository/tool-options.mjs';
import { runSeeds } from './sim/seeds.mjs';

const USAGE = `npm run sim -- [options]: simulated clusters under faults, each of a seed

  --seeds N        how many (20)
  --seed S         the first of them (1)
  --scenario NAME  swarm, or another of packages/sim; all: each small one in turn (swarm)
  --agents N       in place of the scenario's own number, with tasks in proportion
  --jobs N         seeds at a time (as many as there are processors)
  --log            prints the log of every run
  --no-shrink      leaves a violation as it was found
  --size, --faults as a replay command has them
  -h, --help       this`;

const values = toolOptions(USAGE, {
  allowNegative: true,
  options: {
    seeds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    scenario: { type: 'string', default: 'swarm' },
    agents: { type: 'string' },
    jobs: { type: 'string' },
    size: { type: 'string' },
    faults: { type: 'string' },
    shrink: { type: 'boolean', default: true },
    log: { type: 'boolean', default: false },
  },
});

/** In `--size`, by what they are called there. */
const SIZES = {
  masters: 'masters',
  agents: 'agents',
  frameworks: 'frameworks',
  tasks: 'tasksPerFramework',
  storm: 'stormMs',
};
const MOST_TRIES = 300;
const LONGEST_SHRINKING_MS = 300_000;
/** Between words of how far it is. */
const PROGRESS_MS = 30_000;

function refuse(text) {
  console.error(text);
  process.exit(2);
}

function number(name, text = values[name]) {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  return refuse(`--${name} must be a positive integer, not '${text}'`);
}

/** Larger clusters launch and suffer in proportion, and are checked less often: a check looks at everything. */
function enlarged(scenario, agents) {
  const times = Math.max(1, agents / scenario.agents);
  return {
    ...scenario,
    agents,
    tasksPerFramework: Math.ceil(scenario.tasksPerFramework * times),
    meanFaultMs: scenario.meanFaultMs / times,
    checkEvery: Math.ceil(agents / 4),
  };
}

function resized(scenario, text) {
  const size = Object.fromEntries(
    text.split(',').map((part) => {
      const [name, value] = part.split('=');
      if (SIZES[name] === undefined) refuse(`--size: '${name}' is none of ${Object.keys(SIZES).join(' ')}`);
      return [SIZES[name], number('size', value)];
    }),
  );
  return { ...scenario, ...size };
}

function faultsAsked() {
  if (values.faults === undefined) return undefined;
  if (values.faults === 'none') return [];
  const faults = values.faults.split(',').map(Number);
  return faults.every((fault) => Number.isSafeInteger(fault) && fault >= 0)
    ? faults
    : refuse(`--faults must be numbers from 0 on, or 'none', not '${values.faults}'`);
}

if (!(await ensureInstalled()) || !(await ensureBuilt())) process.exit(1);
const { HitCounts, scenarioNamed, scenarioNames, shrink, smallScenarioNames } = await import('@mesolite/sim');

const names = values.scenario === 'all' ? smallScenarioNames() : [values.scenario];
const scenarios = names.map((name) => {
  const scenario =
    scenarioNamed(name) ?? refuse(`There is no scenario '${name}'. Scenarios: ${scenarioNames().join(' ')} all`);
  const larger = values.agents === undefined ? scenario : enlarged(scenario, number('agents'));
  return values.size === undefined ? larger : resized(larger, values.size);
});
const onlyFaults = faultsAsked();

const [first, count] = [number('seed'), number('seeds')];
const hits = new HitCounts();
let launched = 0;
let events = 0;
let virtualMs = 0;
let done = 0;
let found;
const startedAt = performance.now();
let toldAt = startedAt;
// Whole logs come in the order of their seeds.
const jobs = values.log ? 1 : Math.min(count, values.jobs === undefined ? availableParallelism() : number('jobs'));
for await (const { scenario, outcome } of runSeeds({ first, count, scenarios, jobs, onlyFaults, log: values.log })) {
  done += 1;
  launched += outcome.launched;
  events += outcome.events;
  virtualMs += outcome.virtualMs;
  hits.add(outcome.hits);
  if (values.log) console.log(outcome.log.join('\n'));
  if (outcome.violation !== undefined) found = { scenario, outcome };
  if (performance.now() - toldAt < PROGRESS_MS) continue;
  toldAt = performance.now();
  console.error(`${done} of ${count} seeds after ${((toldAt - startedAt) / 60_000).toFixed(1)} min`);
}

const seconds = (performance.now() - startedAt) / 1000;
if (found === undefined) {
  console.log(hits.lines().join('\n'));
  console.log(`${launched} tasks launched in ${events} events (scenarios: ${names.join(' ')})`);
  // Apart from stdout, which is the same for the same seeds.
  console.error(`${seconds.toFixed(1)} s, ${(virtualMs / 1000 / seconds).toFixed(0)} simulated seconds a second`);
} else {
  tell(found);
  // Not process.exit: a long log may still be on its way through a pipe.
  process.exitCode = 1;
}
console.log(`${done} seeds, ${found === undefined ? 0 : 1} violations`);

function tell({ scenario, outcome }) {
  const { seed, violation } = outcome;
  console.log(`Seed ${seed} of scenario ${scenario.name}: ${violation}`);
  const untilMs = performance.now() + LONGEST_SHRINKING_MS;
  const shrunk =
    values.shrink && onlyFaults === undefined
      ? shrink(scenario, outcome, { maxTries: MOST_TRIES, mayGoOn: () => performance.now() < untilMs })
      : undefined;
  if (!values.log) console.log((shrunk?.outcome ?? outcome).log.join('\n'));
  if (shrunk !== undefined) console.log(`\nShrunk in ${shrunk.tries} runs: ${shrunk.outcome.violation}`);
  console.log(`Replay: npm run sim -- --scenario ${scenario.name} --seeds 1 --seed ${seed}${asIs()}`);
  if (shrunk !== undefined)
    console.log(
      `Replay of what is left: npm run sim -- --scenario ${scenario.name} --seeds 1 --seed ${seed}${small(shrunk)}`,
    );
}

function asIs() {
  return ['agents', 'size', 'faults']
    .map((name) => (values[name] === undefined ? '' : ` --${name} ${values[name]}`))
    .join('');
}

function small({ scenario, faults }) {
  const agents = values.agents === undefined ? '' : ` --agents ${values.agents}`;
  const size = Object.entries(SIZES).map(([name, key]) => `${name}=${scenario[key]}`);
  return `${agents} --size ${size.join(',')} --faults ${faults.length === 0 ? 'none' : faults.join(',')}`;
}
