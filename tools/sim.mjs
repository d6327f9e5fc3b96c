#!/usr/bin/env node
/**
 * `npm run sim -- --seeds N [--seed S] [--scenario X] [--agents N] [--log]`: runs N seeds, from S on, of one scenario (or
 * of all, in turn) and ends with `N seeds, 0 violations`. The first violation ends the run with its log and the command
 * that replays it, and exit code 1. `--log` prints the log of every run.
 */
import './repository/node-version.mjs';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './repository/install.mjs';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    scenario: { type: 'string' },
    agents: { type: 'string' },
    log: { type: 'boolean', default: false },
  },
});

function number(name) {
  const value = Number(values[name]);
  if (Number.isSafeInteger(value) && value > 0) return value;
  console.error(`--${name} must be a positive integer, not '${values[name]}'`);
  process.exit(2);
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

if (!(await ensureInstalled()) || !(await ensureBuilt())) process.exit(1);
const { scenarioNamed, scenarioNames, simulate } = await import('@mesolite/sim');

const names = values.scenario === undefined ? scenarioNames() : [values.scenario];
const scenarios = names.map((name) => {
  const scenario = scenarioNamed(name);
  if (scenario === undefined) {
    console.error(`There is no scenario '${name}'. Scenarios: ${scenarioNames().join(' ')}`);
    process.exit(2);
  }
  return values.agents === undefined ? scenario : enlarged(scenario, number('agents'));
});

const [first, count] = [number('seed'), number('seeds')];
let launched = 0;
let events = 0;
let done = 0;
let found;
const startedAt = performance.now();
while (found === undefined && done < count) {
  const seed = first + done;
  const scenario = scenarios[seed % scenarios.length];
  const outcome = simulate(scenario, seed);
  done += 1;
  launched += outcome.launched;
  events += outcome.events;
  if (values.log || outcome.violation !== undefined) console.log(outcome.log.join('\n'));
  if (outcome.violation !== undefined) found = { scenario, ...outcome };
}

const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
if (found === undefined) {
  console.log(`${launched} tasks launched in ${events} events (scenarios: ${names.join(' ')})`);
  // Apart from stdout, which is the same for the same seeds.
  console.error(`${seconds} s`);
} else {
  const { scenario, seed, violation } = found;
  const agents = values.agents === undefined ? '' : ` --agents ${values.agents}`;
  console.log(`\nSeed ${seed} of scenario ${scenario.name}: ${violation}`);
  console.log(`Replay: npm run sim -- --scenario ${scenario.name} --seeds 1 --seed ${seed}${agents}`);
  // Not process.exit: a long log may still be on its way through a pipe.
  process.exitCode = 1;
}
console.log(`${done} seeds, ${found === undefined ? 0 : 1} violations`);
