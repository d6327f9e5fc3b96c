/**
 * The recorded life of many kinds of tasks: the same tasks are launched and killed, and each must go through the same
 * states with the same sources, reasons, messages and shapes. How tasks interleave is left to chance, as it was.
 */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '../../tools/daemons/daemon-process.mjs';
import { LocalCluster } from '../../tools/daemons/local-cluster.mjs';
import { runForeign } from '../foreign-program.mjs';
import { Identities } from './identities.mjs';
import { TASKS_NOT_REPLAYED } from './known-differences.mjs';
import { Subscription } from './subscription.mjs';

const TERMINAL = new Set([
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_ERROR',
  'TASK_LOST',
  'TASK_DROPPED',
  'TASK_GONE',
]);
const TASK_LIMIT_MS = 30_000;
const FRAMEWORK = {
  user: 'root',
  name: 'lifecycles',
  roles: ['dev'],
  // As in the recording; PARTITION_AWARE makes a task that never reached its agent TASK_DROPPED.
  capabilities: ['MULTI_ROLE', 'RESERVATION_REFINEMENT', 'TASK_KILLING_STATE', 'PARTITION_AWARE'].map((type) => ({
    type,
  })),
};
/** Where the recorded tasks fetched from, and where the recorded agent worked. */
const RECORDED_FILES = 'file:///var/mesos/x/tasks/files/';
const RECORDED_WORK = '/var/mesos/x/tasks/a/';

function readScript(directory) {
  const lines = readFileSync(join(directory, 'events.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const statuses = new Map();
  const batches = [];
  const kills = [];
  let lastStatus;
  for (const line of lines) {
    const status = line['<<<']?.update?.status;
    if (status !== undefined) {
      const list = statuses.get(status.task_id.value) ?? [];
      statuses.set(status.task_id.value, [...list, status]);
      lastStatus = status;
    }
    if (line['>>>'] === 'KILL') kills.push({ taskId: line.kill.task_id.value, after: lastStatus });
    const launches = line.accept?.operations.filter(({ type }) => type === 'LAUNCH') ?? [];
    const tasks = launches.flatMap(({ launch }) => launch.task_infos);
    if (tasks.length > 0) batches.push({ offer: line.accept.offer_ids[0].value, tasks });
  }
  return { statuses, batches, kills };
}

/** Files like those the recorded tasks fetched. */
async function prepareFiles(directory) {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'plain.txt'), 'plain\n');
  writeFileSync(join(directory, 'run.sh'), '#!/bin/sh\necho ran\n');
  chmodSync(join(directory, 'run.sh'), 0o644);
  await runForeign('tar', ['-C', directory, '-czf', join(directory, 'arch.tar.gz'), 'plain.txt']);
}

/**
 * Replays the tasks of one directory.
 * @returns {Promise<{ differences: { path: string, recorded: unknown, ours: unknown }[], tasks: number, events: number }>}
 */
export async function replayTaskLifecycles(directory) {
  const { statuses, batches, kills } = readScript(directory);
  const cluster = await LocalCluster.start({ resources: 'cpus:16;mem:8192;disk:20480;ports:[31000-32000]' });
  const identities = new Identities();
  identities.learnPorts(cluster);
  const files = join(cluster.directory, 'files');
  await prepareFiles(files);
  identities.learn(RECORDED_FILES, `file://${files}/`);
  identities.learn(RECORDED_WORK, `${cluster.agents[0].workDirectory}/`);
  let subscription;
  try {
    subscription = await Subscription.open(cluster.master.port, FRAMEWORK);
    const run = new LifecycleRun(subscription, identities);
    for (const { offer, tasks } of batches) await run.launch(offer, tasks.filter(isReplayed), kills);
    const names = batches.flatMap(({ tasks }) => tasks.filter(isReplayed).map(({ task_id }) => task_id.value));
    await run.toEnd(names, kills);
    const differences = names.flatMap((name) => run.compare(name, statuses.get(name) ?? []));
    const events = names.reduce((sum, name) => sum + (statuses.get(name)?.length ?? 0), 0);
    return { differences, tasks: names.length, events };
  } finally {
    subscription?.close();
    await cluster.stop();
  }
}

function isReplayed(task) {
  return TASKS_NOT_REPLAYED[task.task_id.value] === undefined;
}

class LifecycleRun {
  #subscription;
  #identities;
  #offersUsed = new Set();
  #acknowledged = new Set();
  #killed = new Set();

  constructor(subscription, identities) {
    this.#subscription = subscription;
    this.#identities = identities;
  }

  #statuses() {
    return this.#subscription.events().flatMap(({ update }) => (update === undefined ? [] : [update.status]));
  }

  of(taskId) {
    return this.#statuses().filter(({ task_id }) => task_id.value === taskId);
  }

  async launch(recordedOffer, tasks, kills) {
    const unused = () =>
      this.#subscription
        .events()
        .find(({ type, offers }) => type === 'OFFERS' && !this.#offersUsed.has(offers.offers[0].id.value));
    const event = await waitFor('an offer', async () => {
      await this.#attend(kills);
      return unused();
    });
    const [offer] = event.offers.offers;
    this.#offersUsed.add(offer.id.value);
    this.#identities.learn(recordedOffer, offer.id.value);
    this.#identities.learn(recordedOffer.replace(/-O\d+$/, '-S0'), offer.agent_id.value);
    this.#identities.learn(recordedOffer.replace(/-O\d+$/, '-0000'), this.#subscription.frameworkId);
    const infos = JSON.parse(this.#identities.translate(JSON.stringify(tasks)));
    const operations = infos.map((info) => ({ type: 'LAUNCH', launch: { task_infos: [info] } }));
    await this.#subscription.call({
      type: 'ACCEPT',
      accept: { offer_ids: [offer.id], operations, filters: { refuse_seconds: 0 } },
    });
  }

  /** Acknowledges what came and kills what was killed at that point of the recording. */
  async #attend(kills) {
    for (const status of this.#statuses()) {
      if (status.uuid === undefined || this.#acknowledged.has(status.uuid)) continue;
      this.#acknowledged.add(status.uuid);
      await this.#subscription.call({
        type: 'ACKNOWLEDGE',
        acknowledge: { agent_id: status.agent_id, task_id: status.task_id, uuid: status.uuid },
      });
    }
    for (const { taskId } of kills) {
      const running = this.of(taskId).at(-1);
      if (this.#killed.has(taskId) || running?.state !== 'TASK_RUNNING') continue;
      this.#killed.add(taskId);
      await this.#subscription.call({
        type: 'KILL',
        kill: { task_id: { value: taskId }, agent_id: running.agent_id },
      });
    }
  }

  async toEnd(names, kills) {
    const ended = async () => {
      await this.#attend(kills);
      return names.every((name) => TERMINAL.has(this.of(name).at(-1)?.state));
    };
    // A task that does not end shows as a difference.
    await waitFor('all tasks to end', ended, { limitMs: TASK_LIMIT_MS }).catch(() => undefined);
  }

  compare(name, recorded) {
    const ours = this.of(name);
    const line = (status) => [status.state, status.source, status.reason].filter(Boolean).join(' ');
    const [wanted, got] = [recorded.map(line), ours.map(line)];
    if (wanted.join() !== got.join()) return [{ path: `${name}: states`, recorded: wanted, ours: got }];
    return recorded.flatMap((status, i) => this.#identities.compare(status, ours[i], `${name} ${status.state}`));
  }
}
