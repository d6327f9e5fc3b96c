/**
 * Two frameworks beside the fuzzer: one that must notice nothing, and one whose name is used in vain. And a port that
 * takes what daemons send to the peers the fuzzer pretends to be.
 */
import { createServer } from 'node:net';
import { AgentRegisteredMessage, isTerminal } from '@mesolite/wire';
import { HttpReader } from '../../bench/http-reader.mjs';
import { LoadFramework } from '../../bench/load-framework.mjs';
import { OfferHands } from '../../bench/offer-hands.mjs';
import { waitFor } from '../daemons/daemon-process.mjs';

const TASK_RESOURCES = [
  { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 }, allocation_info: { role: 'bystander' } },
  { name: 'mem', type: 'SCALAR', scalar: { value: 32 }, allocation_info: { role: 'bystander' } },
];
const SHORT_TASK_EVERY_MS = 1_000;
/** Its offers and tasks may be slow on a busy machine, which is no fault, but not as slow as this. */
const PATIENCE_MS = 60_000;
/** How long the victim holds an offer for requests to use. */
const HOLD_MS = 200;

/** Keeps one task running and runs short ones, for as long as the fuzzer works. */
export class Bystander {
  launched = 0;
  /** In words, the first thing that went wrong. */
  complaint;
  /** Ids: a busy machine makes the agent send updates again. */
  #finished = new Set();
  #framework;
  #hands = new OfferHands({ cpus: 0.1, mem: 32 });
  #sleeperRuns = false;
  #timer;

  static async start(port) {
    const bystander = new Bystander();
    bystander.#framework = await LoadFramework.subscribe(port, {
      name: 'bystander',
      roles: ['bystander'],
      onEvent: (event) => bystander.#event(event),
      onClose: () => bystander.#complain('its stream was closed'),
    });
    await bystander.#launch('sleeper', { shell: false, value: 'sleep', arguments: ['sleep', '100000'] });
    await waitFor('the bystander to run', () => bystander.#sleeperRuns);
    bystander.#timer = setInterval(() => bystander.#launchShort(), SHORT_TASK_EVERY_MS);
    return bystander;
  }

  get finished() {
    return this.#finished.size;
  }

  #complain(text) {
    this.complaint ??= text;
  }

  #event(event) {
    if (event.type === 'OFFERS') {
      for (const offer of event.offers.offers) if (isReal(offer)) this.#hands.take(offer);
    }
    if (event.type === 'RESCIND') this.#hands.lose(event.rescind.offer_id.value);
    if (event.type !== 'UPDATE') return;
    const { status } = event.update;
    this.#framework.acknowledge(status);
    const id = status.task_id.value;
    if (id === 'sleeper') {
      if (status.state === 'TASK_RUNNING') this.#sleeperRuns = true;
      else if (status.state !== 'TASK_STARTING') this.#complain(`its long task is ${status.state}: ${status.message}`);
    } else if (status.state === 'TASK_FINISHED') this.#finished.add(id);
    else if (status.state !== 'TASK_STARTING' && status.state !== 'TASK_RUNNING') {
      this.#complain(`its task ${id} is ${status.state}: ${status.message}`);
    }
  }

  async #launch(value, command) {
    const hand = await waitFor('an offer for the bystander', () => this.#hands.play(1), {
      limitMs: PATIENCE_MS,
    });
    const task = { name: value, task_id: { value }, agent_id: hand.agentId, resources: TASK_RESOURCES, command };
    this.#framework.call({
      type: 'ACCEPT',
      accept: {
        offer_ids: hand.offers.map(({ id }) => id),
        operations: [{ type: 'LAUNCH', launch: { task_infos: [task] } }],
        filters: { refuse_seconds: 0 },
      },
    });
  }

  #launchShort() {
    this.launched += 1;
    const command = { shell: false, value: 'true', arguments: ['true'] };
    this.#launch(`short-${this.launched}`, command).catch((error) => this.#complain(error.message));
  }

  /** Resolves when its last task has ended; whatever went wrong is in `complaint`. */
  async settle() {
    clearInterval(this.#timer);
    const done = () => this.finished === this.launched || this.complaint !== undefined;
    await waitFor('the short tasks to end', done, { limitMs: PATIENCE_MS }).catch((error) =>
      this.#complain(error.message),
    );
    if (this.#framework.refused.size > 0) this.#complain(`refused: ${[...this.#framework.refused.keys()].join(', ')}`);
  }

  async stop() {
    clearInterval(this.#timer);
    this.#framework.onClose = () => undefined;
    await this.#framework.teardown();
  }
}

/**
 * A framework whose id, stream, offers, task and executor the fuzzer uses. Subscribes anew whenever a request ended it,
 * and launches a new executor, which never speaks for itself, whenever the last one ended.
 */
export class Victim {
  subscriptions = 0;
  executors = 0;
  #framework;
  #offer;
  #port;
  #stopped = false;
  /** The task whose executor is up, by its id. */
  #taskId;
  #agentId;

  constructor(port) {
    this.#port = port;
  }

  async subscribe() {
    this.#offer = undefined;
    this.#taskId = undefined;
    // An offer may come together with the subscription, before there is anything to answer it by.
    const early = [];
    this.#framework = await LoadFramework.subscribe(this.#port, {
      name: 'victim',
      roles: ['victim'],
      onEvent: (event) => {
        if (this.#framework === undefined) early.push(event);
        else this.#event(event);
      },
      onClose: () => {
        this.#framework = undefined;
        if (!this.#stopped) this.subscribe().catch(() => undefined);
      },
    });
    this.subscriptions += 1;
    for (const event of early) this.#event(event);
  }

  #event(event) {
    if (event.type === 'OFFERS') for (const offer of event.offers.offers) this.#hold(offer);
    if (event.type === 'RESCIND' && event.rescind.offer_id.value === this.#offer?.id.value) this.#offer = undefined;
    if (event.type !== 'UPDATE') return;
    const { status } = event.update;
    this.#framework?.acknowledge(status);
    if (status.task_id.value === this.#taskId?.value && isTerminal(status.state)) this.#taskId = undefined;
  }

  /** Keeps an offer for a moment only, for others want it too. */
  #hold(offer) {
    if (this.#taskId === undefined && isReal(offer)) {
      this.#launchExecutor(offer);
      return;
    }
    this.#offer = offer;
    setTimeout(() => {
      if (this.#offer === offer) this.#offer = undefined;
      const filters = { refuse_seconds: HOLD_MS / 1000 };
      this.#framework?.call({ type: 'DECLINE', decline: { offer_ids: [offer.id], filters } });
    }, HOLD_MS);
  }

  #launchExecutor(offer) {
    this.executors += 1;
    this.#taskId = { value: `victim-${this.executors}` };
    this.#agentId = offer.agent_id;
    const scalar = (name, value) => ({
      name,
      type: 'SCALAR',
      scalar: { value },
      allocation_info: { role: 'victim' },
    });
    const executor = {
      executor_id: this.#taskId,
      command: { shell: false, value: 'sleep', arguments: ['sleep', '100000'] },
      resources: [scalar('cpus', 0.01), scalar('mem', 32)],
    };
    const task = {
      name: 'victim',
      task_id: this.#taskId,
      agent_id: offer.agent_id,
      resources: [scalar('cpus', 0.01), scalar('mem', 8)],
      executor,
    };
    this.#framework?.call({
      type: 'ACCEPT',
      accept: {
        offer_ids: [offer.id],
        operations: [{ type: 'LAUNCH', launch: { task_infos: [task] } }],
        filters: { refuse_seconds: HOLD_MS / 1000 },
      },
    });
  }

  /** What can be used just now. */
  lend() {
    if (this.#framework === undefined) return undefined;
    return {
      frameworkId: this.#framework.id,
      streamId: this.#framework.streamId,
      offer: this.#offer,
      agentId: this.#agentId,
      taskId: this.#taskId,
      executorId: this.#taskId,
    };
  }

  async stop() {
    this.#stopped = true;
    await this.#framework?.teardown();
  }
}

/** Agents that the fuzzer invented are offered too; on those nothing would ever run. */
function isReal(offer) {
  return offer.attributes?.some(({ name }) => name === 'real') ?? false;
}

/** Listens where the fuzzer's pretended peers live, and remembers as which agent it was last registered. */
export async function startSink() {
  let agentId;
  const server = createServer((socket) => {
    const reader = new HttpReader((start, body) => {
      if (start.includes('SlaveRegisteredMessage')) agentId = AgentRegisteredMessage.decode(body).agent_id;
    });
    socket.on('error', () => undefined).on('data', (bytes) => reader.push(bytes));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    pid: `fuzzer@127.0.0.1:${server.address().port}`,
    agentId: () => agentId,
    stop: () => server.close(),
  };
}
