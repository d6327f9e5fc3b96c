#!/usr/bin/env node
/**
 * `npm run fuzz -- [--count=N] [--seed=N] [--only=REGEX]`: sends N spoiled requests (10,000 unless told otherwise) to each
 * endpoint and each message handler of a master and an agent, real processes. Fails when a daemon dies, answers with an
 * error of its own, logs an exception, grows, or lets another framework notice. Prints the figures.
 */
import './repository/node-version.mjs';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './repository/install.mjs';

const DEFAULT_COUNT = 10_000;
const DEFAULT_SEED = 1;
const LANES = 4;
/** What a daemon may grow by while it is fuzzed, after the first tenth of the requests warmed it up. */
const RSS_GROWTH_LIMIT_MB = 64;
const HANDLE_GROWTH_LIMIT = 16;
/** Long enough for closed connections and ended tasks to be forgotten, and for one heap to be collected. */
const SETTLE_MS = 3_000;
const SECRET = 'root:x:0:0';

function readOptions(args) {
  const value = (name, fallback) =>
    args.find((text) => text.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback;
  const unknown = args.filter((text) => !/^--(count|seed|only)=/.test(text));
  return {
    count: Number(value('count', DEFAULT_COUNT)),
    seed: Number(value('seed', DEFAULT_SEED)),
    only: new RegExp(value('only', '')),
    unknown,
  };
}

class Fuzzing {
  requests = 0;
  unanswered = 0;
  /** How often each status code was answered. */
  statuses = new Map();
  failures = [];

  judge(target, { start, body }, { bytes, mayFail = false }) {
    this.requests += 1;
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(start ?? '')?.[1]);
    if (Number.isNaN(status)) {
      this.unanswered += 1;
      return;
    }
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    const text = body?.toString('latin1', 0, 300) ?? '';
    if (status >= 500 && status !== 501 && status !== 503 && !mayFail)
      this.fail(`${target.name}: ${start} ${text}\n${show(bytes)}`);
    if (body?.includes(SECRET)) this.fail(`${target.name}: gives away a file outside what is attached\n${show(bytes)}`);
  }

  fail(text) {
    this.failures.push(text);
  }
}

function show(bytes) {
  return `    ${JSON.stringify(bytes.toString('latin1', 0, 600))}`;
}

async function fuzzTarget(fuzzing, target, daemon, count, random, { Lane, lone }) {
  const lanes = Array.from({ length: target.isMessage ? 1 : LANES }, () => new Lane(daemon.port));
  try {
    if (target.isMessage) {
      const requests = Array.from({ length: count }, () => target.make(random));
      const starts = await lanes[0].pipeline(requests.map(({ bytes }) => bytes));
      for (const [i, start] of starts.entries()) fuzzing.judge(target, { start }, requests[i]);
      return;
    }
    let left = count;
    const work = async (lane) => {
      while (left > 0) {
        left -= 1;
        const request = target.make(random);
        const answer = request.lone ? await lone(daemon.port, request.bytes) : await lane.exchange(request.bytes);
        fuzzing.judge(target, answer, request);
      }
    };
    await Promise.all(lanes.map(work));
  } finally {
    for (const lane of lanes) lane.close();
  }
}

/** Exceptions that reached the log: bugs, even where the daemon lived on. */
function exceptionsIn(log) {
  return log.match(/^.*\b(TypeError|RangeError|ReferenceError|AssertionError|[Uu]ncaught|[Uu]nhandled).*$/gm) ?? [];
}

async function routesOf(daemon) {
  const text = await fetch(`${daemon.url}/help`).then((response) => response.text());
  return text.split('\n').filter((line) => line.startsWith('/'));
}

async function run({ count, seed, only }) {
  // Only now: these need what was just built.
  const { seededRandom } = await import('@mesolite/base');
  const { LocalCluster } = await import('./daemons/local-cluster.mjs');
  const { delay } = await import('./daemons/daemon-process.mjs');
  const { Bystander, startSink, Victim } = await import('./fuzzing/bystanders.mjs');
  const { VictimDriver } = await import('./fuzzing/victim-driver.mjs');
  const { targetsOf } = await import('./fuzzing/targets.mjs');
  const sender = await import('./fuzzing/sender.mjs');
  const cluster = await LocalCluster.start({
    masterArgs: ['--allocation_interval=50ms', '--logging_level=WARNING'],
    agentArgs: ['--attributes=real:yes', '--logging_level=WARNING'],
  });
  const daemons = { master: cluster.master, agent: cluster.agents[0] };
  const fuzzing = new Fuzzing();
  const random = seededRandom(seed);
  const sink = await startSink();
  const victim = new Victim(cluster.master.port);
  const driver = await VictimDriver.start(cluster.master.port);
  let bystander;
  try {
    bystander = await Bystander.start(cluster.master.port);
    await victim.subscribe();
    const context = { victim: () => victim.lend(), sink, driver };
    const targets = [];
    for (const [name, daemon] of Object.entries(daemons))
      targets.push(...targetsOf(name, await routesOf(daemon), context));
    const chosen = targets.filter(({ name }) => only.test(name));
    const round = async (share) => {
      for (const target of chosen) {
        const startedAt = performance.now();
        await fuzzTarget(fuzzing, target, daemons[target.daemon], share, random, sender);
        if (count >= 1_000)
          console.log(`${target.name}: ${share} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
        if (bystander.complaint !== undefined)
          throw new Error(`the bystander noticed ${target.name}: ${bystander.complaint}`);
        for (const [name, daemon] of Object.entries(daemons)) {
          if (!daemon.alive)
            throw new Error(`the ${name} died at ${target.name} (seed ${seed})\n${daemon.log.slice(-3000)}`);
        }
      }
      await delay(SETTLE_MS);
      return Object.fromEntries(Object.entries(daemons).map(([name, daemon]) => [name, daemon.measure()]));
    };
    const warm = await round(Math.ceil(count / 10));
    const after = await round(count - Math.ceil(count / 10));
    await bystander.settle();
    report(fuzzing, { chosen, count, seed, warm, after, bystander, victim, driver });
    for (const [name, daemon] of Object.entries(daemons)) {
      for (const line of exceptionsIn(daemon.log).slice(0, 5)) fuzzing.fail(`the ${name} logged: ${line}`);
      const health = await fetch(`${daemon.url}/health`);
      if (!health.ok) fuzzing.fail(`the ${name} is not well: ${health.status}`);
    }
  } catch (error) {
    fuzzing.fail(error.message);
  } finally {
    await victim.stop();
    await driver.stop();
    await bystander?.stop();
    await cluster.stop();
    sink.stop();
  }
  return fuzzing.failures;
}

function report(fuzzing, { chosen, count, seed, warm, after, bystander, victim, driver }) {
  const codes = [...fuzzing.statuses].sort(([a], [b]) => a - b).map(([code, times]) => `${code} × ${times}`);
  console.log(`seed ${seed}: ${fuzzing.requests} requests to ${chosen.length} targets, ${count} each`);
  console.log(`answers: ${codes.join(', ')}; closed or silent × ${fuzzing.unanswered}`);
  for (const name of Object.keys(after)) {
    const grownMb = (after[name].rssKib - warm[name].rssKib) / 1024;
    const handles = after[name].handles - warm[name].handles;
    console.log(
      `${name}: resident ${(warm[name].rssKib / 1024).toFixed(1)} → ${(after[name].rssKib / 1024).toFixed(1)} MB, handles ${warm[name].handles} → ${after[name].handles}`,
    );
    if (grownMb > RSS_GROWTH_LIMIT_MB) fuzzing.fail(`the ${name} grew by ${grownMb.toFixed(1)} MB`);
    if (handles > HANDLE_GROWTH_LIMIT) fuzzing.fail(`the ${name} holds ${handles} more handles`);
  }
  console.log(`bystander: ${bystander.finished} of ${bystander.launched} short tasks finished, its long one runs on`);
  console.log(`victim: subscribed ${victim.subscriptions} times, launched ${victim.executors} executors`);
  console.log(`driver: subscribed ${driver.subscriptions} times`);
  if (bystander.complaint !== undefined) fuzzing.fail(`the bystander noticed: ${bystander.complaint}`);
}

const options = readOptions(process.argv.slice(2));
if (options.unknown.length > 0) {
  console.error(`Unknown: ${options.unknown.join(' ')}. Options: --count=N --seed=N --only=REGEX`);
  process.exitCode = 2;
} else if (!(await ensureInstalled()) || !(await ensureBuilt())) {
  process.exitCode = 1;
} else {
  const failures = await run(options);
  for (const failure of failures.slice(0, 20)) console.log(`FAIL ${failure}`);
  console.log(failures.length === 0 ? 'no failures' : `${failures.length} failures`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}
