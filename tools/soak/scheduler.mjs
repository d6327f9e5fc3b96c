#!/usr/bin/env node
/**
 * The framework that is tormented: keeps a number of tasks in flight, and writes down what it did before it does it and what
 * it heard when it hears it, so that its next life knows. A task leaves a line in a file of its own when it begins and when
 * it ends: what really ran can be counted by others.
 *
 * node scheduler.mjs MASTER DIRECTORY COUNT
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { detectMaster, masterPlace } from '@mesolite/coordination';
import { systemClock, systemTimers } from '@mesolite/daemon';
import { silentLog } from '@mesolite/ports';
import { fits, isTerminal, SchedulerClient, task } from '@mesolite/sdk';

const [master, directory, count] = [process.argv[2], process.argv[3], Number(process.argv[4])];
const NEEDS = { cpus: 0.1, mem: 16 };
/** Tasks not heard of for so long are asked for, and again. */
const ASK_AFTER_MS = 3_000;
const ended = new Map();
/** Not ended: when something was last heard of them, what, and where they were to run. */
const open = new Map();
let frameworkId;
let launched = 0;

mkdirSync(join(directory, 'runs'), { recursive: true });
const journal = join(directory, 'journal');
if (existsSync(journal)) remember(readFileSync(journal, 'utf8'));

function remember(text) {
  for (const line of text.split('\n')) {
    const [what, id, , ...more] = line.split(' ');
    if (what === 'framework') frameworkId = id;
    else if (what === 'launch') {
      launched += 1;
      open.set(id, { heardMs: 0, agentId: more[0] });
    } else if (what === 'heard') open.set(id, { heardMs: 0, agentId: more[1], last: { state: more[0] } });
    else if (what === 'end') {
      open.delete(id);
      ended.set(id, more[0]);
    }
  }
}

function note(line) {
  appendFileSync(journal, `${line}\n`);
}

const place = await masterPlace(master, silentLog);
const detector = detectMaster(place.value, {
  clock: systemClock,
  timers: systemTimers,
  log: silentLog,
  sessionTimeoutMs: 2000,
});
let leader;
detector.watch((found) => {
  leader = found === undefined ? undefined : `${found.ip}:${found.port}`;
});

const client = new SchedulerClient({
  master: () => leader,
  framework: {
    name: 'soak',
    user: 'root',
    checkpoint: true,
    failover_timeout: 3600,
    capabilities: [{ type: 'PARTITION_AWARE' }],
    ...(frameworkId === undefined ? {} : { id: { value: frameworkId } }),
  },
  backoff: { minMs: 50, maxMs: 500 },
});

client.start({
  subscribed({ frameworkId: id }) {
    if (frameworkId === undefined) note(`framework ${id}`);
    frameworkId = id;
    ask();
  },
  offers(offers) {
    for (const offer of offers) {
      const tasks = [];
      while (open.size < count && fits(offer.resources, times(tasks.length + 1)))
        tasks.push(next(offer.agent_id.value));
      if (tasks.length > 0) client.launch(offer, tasks, { refuse_seconds: 0 });
      else client.decline([offer], 0.3);
    }
  },
  update(status) {
    const id = status.task_id.value;
    const { state, source, reason } = status;
    const known = open.get(id);
    const agentId = status.agent_id?.value ?? known?.agentId;
    const line = `${id} ${Date.now()} ${state} ${agentId} ${source} ${reason}`;
    if (ended.has(id)) {
      if (state !== ended.get(id)) note(`late ${line}`);
      return;
    }
    const last = { state, source, reason };
    open.set(id, { heardMs: performance.now(), agentId, last });
    // That a task is unknown is only said once all agents are back: it is nowhere.
    if (!isTerminal(state) && state !== 'TASK_UNKNOWN') {
      if (!isSame(known?.last, last)) note(`heard ${line}`);
      return;
    }
    note(`end ${line}`);
    open.delete(id);
    ended.set(id, status.state);
  },
});

/** What is told again is not written down again. */
function isSame(a, b) {
  return a?.state === b.state && a?.source === b.source && a?.reason === b.reason;
}

function times(n) {
  return { cpus: NEEDS.cpus * n, mem: NEEDS.mem * n };
}

function next(agentId) {
  launched += 1;
  const id = `t${launched}`;
  note(`launch ${id} ${Date.now()} ${agentId}`);
  open.set(id, { heardMs: performance.now(), agentId });
  const file = join(directory, 'runs', id);
  const seconds = (1 + Math.random() * 5).toFixed(2);
  return task({ id, command: `echo start $MESOS_SANDBOX >> ${file}; sleep ${seconds}; echo end >> ${file}`, ...NEEDS });
}

function ask() {
  const now = performance.now();
  const silent = [...open]
    .filter(([, { heardMs }]) => now - heardMs > ASK_AFTER_MS)
    .map(([taskId, { agentId }]) => ({ taskId, agentId }));
  if (client.connected && silent.length > 0) client.reconcile(silent);
}

function tell() {
  const path = join(directory, 'status');
  const running = [...open.values()].filter(({ last }) => last?.state === 'TASK_RUNNING').length;
  const status = { launched, open: open.size, running, ended: ended.size, connected: client.connected };
  writeFileSync(`${path}.new`, JSON.stringify(status));
  renameSync(`${path}.new`, path);
}

setInterval(ask, ASK_AFTER_MS);
setInterval(tell, 100);
// Whoever started us may be killed outright.
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(1), 1000);
// Told so, it only waits for what is in flight.
process.on('SIGUSR2', () => {
  NEEDS.cpus = Number.MAX_VALUE;
});
const end = await client.ended;
console.error(`the scheduler ended: ${end.reason} ${end.message}`);
process.exit(1);
