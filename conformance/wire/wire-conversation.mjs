/**
 * Holds a recorded conversation with one daemon of ours. Stand-ins send what the others sent, ids and ports translated,
 * each message once ours has sent what had been sent by then; what ours sends must be what was recorded: the same
 * messages, in the same order from each process to each other, every head and field equal but for ids, times and ports.
 */
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { delay, waitFor } from '../../tools/daemons/daemon-process.mjs';
import { Conversation } from '../replay/conversation.mjs';
import { plain, translated } from '../replay/message-values.mjs';
import { StandInExecutor } from '../replay/stand-in-executor.mjs';
import { bodyFault, encodeMessage, envelopeOf, keyOf, processOf, readMessage, subjectOf } from './messages.mjs';
import { framingOf } from './recording.mjs';
import { PORTS } from './script.mjs';
import { StandIn } from './stand-in.mjs';

/** A recorded message that ours has not sent by then is late, and the conversation goes on without it. */
const MESSAGE_LIMIT_MS = 8_000;
/** Surplus messages are looked for until this long after the last recorded one. */
const SETTLE_MS = 300;
/** Half of what the least patient of the recorded masters allowed itself. */
const PING_INTERVAL_MS = 500;
const PING = 'mesos.internal.PingSlaveMessage';
const PONG = 'mesos.internal.PongSlaveMessage';
const STEP = 'mesos.internal.AuthenticationStepMessage';
const RUN_TASK = 'mesos.internal.RunTaskMessage';
const REGISTER_EXECUTOR = 'mesos.internal.RegisterExecutorMessage';
/** May come again, or once more than recorded, as time passes. */
const RECURRING = /\.(PingSlave|PongSlave|RegisterSlave|ReregisterSlave|ResourceOffers|RescindResourceOffer)Message$/;
/** A command that was there to last: it lasts until the recorded one had ended. */
const LASTING = /^sleep \d\d+$/;
const CHALLENGE = /^<\d+\.\d+@[^<>@]+>$/;

function textOf(base64) {
  return Buffer.from(base64, 'base64').toString('latin1');
}

/** What an offer offers, in one line: offers that come again have other ids and may hold other resources. */
function quantities({ offers = [] }) {
  return offers
    .flatMap(({ resources = [] }) => resources)
    .map(({ name, scalar, ranges, disk }) => `${name} ${JSON.stringify([scalar ?? ranges, disk?.persistence?.id])}`)
    .sort()
    .join();
}

/** Messages from one process to another, or about one task: they have an order. */
function laneOf(from, to, port, name, value) {
  return `${from.id.replace(/\d+/, 'N')} to ${to} at ${port} ${subjectOf(name, value)}`;
}

export class WireConversation {
  /** `{ path, recorded, ours }` for each disagreement. */
  differences = [];
  /** Messages that stand-ins sent, messages of ours that were compared. */
  sent = 0;
  compared = 0;
  #ours;
  #daemon;
  #identities;
  #http;
  #secrets;
  #impostors;
  #directory;
  #standIns = new Map();
  #executors = new Map();
  #received = [];
  #pending = [];
  #challenges = new Map();
  #patienceMs;
  #pinging;
  /** What the stand-in of a master has challenged ours with. */
  #ownChallenge = '';

  /**
   * @param {{ ours: 'master' | 'agent', daemon: { port: number, die(): Promise<void>, return(): Promise<void> },
   *   identities: import('../replay/identities.mjs').Identities, directory: string,
   *   secrets?: Readonly<Record<string, string>>, impostors?: readonly number[], patienceMs?: number }} options `directory` is empty;
   *   `secrets` by principal; `impostors`: ports of those who do not know theirs
   */
  constructor({ ours, daemon, identities, directory, secrets = {}, impostors = [], patienceMs = MESSAGE_LIMIT_MS }) {
    this.#ours = ours;
    this.#daemon = daemon;
    this.#identities = identities;
    this.#directory = directory;
    this.#secrets = secrets;
    this.#impostors = impostors;
    this.#patienceMs = patienceMs;
  }

  /** Lets stand-ins listen on ports of their own. To be called before the daemon starts. */
  async open(steps) {
    const recorded = new Set(
      steps.flatMap(({ kind, from, to }) =>
        kind === 'send' ? [processOf(from).port] : kind === 'expect' ? [to.port] : [],
      ),
    );
    recorded.add(this.#ours === 'master' ? PORTS.agent : PORTS.master);
    for (const port of recorded) {
      const standIn = new StandIn((message) => this.#take(port, message));
      await standIn.listen();
      this.#standIns.set(port, standIn);
      this.#identities.learn(`:${port}`, `:${standIn.port}`);
    }
    this.#identities.learn(`:${PORTS[this.#ours]}`, `:${this.#daemon.port}`);
    const address = (who) => ({ port: who === this.#ours ? this.#daemon.port : this.portOf(who) });
    const cluster = {
      master: address('master'),
      agents: [address('agent')],
      subdirectory: () => this.#directory,
    };
    this.#http = new Conversation(cluster, this.#identities);
  }

  /** Where the stand-in of a daemon listens. */
  portOf(who) {
    return this.#standIns.get(PORTS[who])?.port;
  }

  async hold(steps) {
    for (const step of steps) {
      if (step.kind === 'expect') this.#pending.push(this.#expectation(step));
      else if (step.kind === 'event') await this.#http.perform(step);
      else await this.#act(step);
    }
    await this.#awaitMessages();
    await delay(SETTLE_MS);
    for (const { from, lane, name, value } of this.#received) {
      if (!RECURRING.test(name)) this.#differ(`${name} in lane ${lane}`, 'nothing', { from, ...value });
    }
    for (const standIn of this.#standIns.values()) {
      for (const [status, count] of standIn.answers) {
        if (status !== '202') this.#differ('answers to messages', 'all 202', `${count} times ${status}`);
      }
    }
    // Ends the streams, which ours may take notice of.
    await this.#http.finish();
    this.differences.push(...this.#http.differences);
  }

  /** Requests and events of the HTTP APIs. */
  get calls() {
    return this.#http.requests + this.#http.events;
  }

  async close() {
    clearInterval(this.#pinging);
    await Promise.all([...this.#standIns.values()].map((standIn) => standIn.close()));
  }

  #differ(path, recorded, ours) {
    this.differences.push({ path, recorded, ours });
  }

  #standInOf(port) {
    const standIn = this.#standIns.get(port);
    if (standIn === undefined) throw new Error(`nobody stands in for port ${port}`);
    return standIn;
  }

  async #act(step) {
    await this.#awaitMessages();
    if (step.kind === 'send') return this.#send(step);
    if (step.kind === 'request' || step.kind === 'close') return this.#http.perform(step);
    if (step.kind === 'end-command') return writeFileSync(this.#commandFile(step.taskId), '');
    if (step.kind === 'operate') return this.#operate(step);
    if (step.kind === 'leave') {
      this.#executors.get(step.port)?.end();
      return this.#standIns.get(step.port)?.close();
    }
    const standIn = step.who === this.#ours ? undefined : this.#standInOf(PORTS[step.who]);
    if (step.kind === 'return') return standIn === undefined ? this.#daemon.return() : standIn.listen();
    clearInterval(this.#pinging);
    if (standIn === undefined) {
      // What it was told last was done long before.
      await this.#awaitAnswers();
      await delay(SETTLE_MS);
      return this.#daemon.die();
    }
    await standIn.close();
    // What was tried once more before is no answer to what comes after.
    this.#received = this.#received.filter(({ name }) => !RECURRING.test(name));
    // It was gone for a while: long enough for a master to see it.
    if (this.#ours === 'master') await this.#daemon.missesAgents();
  }

  /** An operator's call, repeated until the answer holds what it shall show. */
  async #operate({ call, shows = '' }) {
    const body = this.#identities.translate(JSON.stringify(call));
    const answers = async () => {
      const response = await fetch(`http://127.0.0.1:${this.#daemon.port}/api/v1`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body,
      });
      const text = await response.text();
      return response.ok && text.includes(shows);
    };
    await waitFor(call.type, answers, { limitMs: this.#patienceMs }).catch((error) => {
      this.#differ(call.type, shows, error.message);
    });
  }

  #commandFile(taskId) {
    return join(this.#directory, `end-${taskId}`);
  }

  async #send(step) {
    const { name, head, value, message } = step;
    const { port } = processOf(step.from);
    if (name === RUN_TASK) this.#replaceCommands(value.task);
    if (name === REGISTER_EXECUTOR) await this.#executorOf(value.executor_id.value, port).started();
    const translate = (text) => this.#identities.translate(text);
    const data = name === STEP ? await this.#stepData(port, value) : undefined;
    const body = encodeMessage(name, data === undefined ? translated(message, translate) : { data });
    const standIn = this.#standInOf(port);
    standIn.send(this.#daemon.port, translate(head), body);
    this.sent += 1;
    // An agent that hears no ping while we wait for something else would register again.
    if (name === PING && value.connected)
      this.#keepPinging(() => standIn.send(this.#daemon.port, translate(head), body));
  }

  #keepPinging(ping) {
    clearInterval(this.#pinging);
    this.#pinging = setInterval(ping, PING_INTERVAL_MS);
  }

  /** Custom executors have a stand-in, whose place is held by a process; lasting commands wait for their end. */
  #replaceCommands({ task_id, command, executor }) {
    const custom = executor?.command?.value;
    if (custom !== undefined) {
      this.#identities.learn(custom, this.#executorOf(executor.executor_id.value).command);
    } else if (LASTING.test(command?.value ?? '')) {
      // Tasks outlive their agent; with the conversation's directory they end in any case.
      const isOver = `[ -e ${this.#commandFile(task_id.value)} ] || [ ! -d ${this.#directory} ]`;
      this.#identities.learn(command.value, `until ${isOver}; do sleep 0.02; done`);
    }
  }

  /** The process of an executor; from its registration on known by its port too. */
  #executorOf(id, port) {
    const known = this.#executors.get(id) ?? new StandInExecutor(this.#directory);
    this.#executors.set(id, known);
    if (port !== undefined) this.#executors.set(port, known);
    return known;
  }

  /** The answer to a challenge, when the recorded message was one: it depends on the challenge. */
  async #stepData(port, { data }) {
    const [principal, digest] = textOf(data).split(' ');
    if (digest === undefined) {
      this.#ownChallenge = textOf(data);
      return undefined;
    }
    const challenge = await waitFor('a challenge', () => this.#challenges.get(port));
    return this.#response(principal, challenge, this.#impostors.includes(port) ? 'another secret' : undefined);
  }

  #response(principal, challenge, secret = this.#secrets[principal] ?? '') {
    const digest = createHmac('md5', secret).update(challenge, 'latin1').digest('hex');
    return Buffer.from(`${principal} ${digest}`);
  }

  #take(recordedPort, message) {
    const envelope = envelopeOf(message);
    if (envelope === undefined) {
      this.#differ(`request to the stand-in at ${recordedPort}`, 'a message', message.start);
      return;
    }
    const { from, to, name } = envelope;
    const fault = bodyFault(name, message.body);
    if (fault !== undefined) this.#differ(`${name} from ${from}`, 'is written as it is read', fault);
    const value = plain(readMessage(name, message.body));
    const lane = laneOf(processOf(from), to, recordedPort, name, value);
    this.#received.push({ from, lane, name, value, head: message.head, framing: framingOf(message) });
    if (name === PING && this.#ours === 'master') this.#pong(from, to);
    if (name === STEP) this.#challenges.set(recordedPort, textOf(value.data));
    this.#progress();
  }

  #pong(observer, agent) {
    const { id, port } = processOf(observer);
    const standIn = this.#standInOf(PORTS.agent);
    const from = `${agent}@127.0.0.1:${standIn.port}`;
    const head = `POST /${id}/${PONG} HTTP/1.1\r\nUser-Agent: libprocess/${from}\r\nLibprocess-From: ${from}\r\nConnection: Keep-Alive\r\nHost: 127.0.0.1:${port}`;
    standIn.send(port, head, Buffer.alloc(0));
  }

  #expectation(step) {
    let { value } = step;
    const lane = laneOf(processOf(step.from), step.to.id, step.to.port, step.name, value);
    // Which secret the recorded agent had is not known, but what it had to make of it.
    if (step.name === STEP && this.#ours === 'agent') {
      const [principal] = textOf(value.data).split(' ');
      value = { data: this.#response(principal, this.#ownChallenge).toString('base64') };
    }
    return { ...step, value, lane };
  }

  /** Every message to ours has been taken. */
  #awaitAnswers() {
    const standIns = [...this.#standIns.values()];
    return waitFor('answers to messages', () => standIns.every((standIn) => standIn.awaited === 0));
  }

  async #awaitMessages() {
    const all = () => {
      this.#progress();
      return this.#pending.length === 0;
    };
    await waitFor('messages', all, { limitMs: this.#patienceMs }).catch(() => {
      // What follows from a missing message does not come either.
      this.#patienceMs = SETTLE_MS;
      this.#progress({ inAnyOrder: true });
      for (const { name, lane, value } of this.#pending) this.#differ(`${name} in lane ${lane}`, value, 'nothing came');
      this.#pending = [];
    });
  }

  /** Settles what has come. Nothing is taken before what should come before it in its lane, unless `inAnyOrder`. */
  #progress({ inAnyOrder = false } = {}) {
    const blocked = new Set();
    this.#pending = this.#pending.filter((expectation) => {
      if (!blocked.has(expectation.lane) && this.#settle(expectation)) return false;
      if (!inAnyOrder) blocked.add(expectation.lane);
      return true;
    });
  }

  /** True when ours has sent what was recorded; what they differ in is kept. */
  #settle(expected) {
    const key = (message) => `${keyOf(message.name, message.value)} ${quantities(message.value)}`;
    const wanted = key(expected);
    const index = this.#received.findIndex((message) => message.lane === expected.lane && key(message) === wanted);
    if (index < 0) return false;
    const [ours] = this.#received.splice(index, 1);
    const earlier = this.#received
      .slice(0, index)
      .filter(({ lane, name }) => lane === ours.lane && !RECURRING.test(name));
    const path = keyOf(expected.name, expected.value);
    if (earlier.length > 0)
      this.#differ(`${path}: order`, 'comes first', `comes after ${earlier.map(({ name }) => name)}`);
    this.compared += 1;
    this.differences.push(...this.#compare(expected, ours, path));
    return true;
  }

  #compare(expected, ours, path) {
    const differences = this.#identities.compare(this.#comparable(expected), this.#comparable(ours), path);
    // Ids are known only now.
    const [head, mine] = [this.#identities.translate(expected.head), ours.head];
    return head === mine ? differences : [...differences, { path: `${path}: head`, recorded: head, ours: mine }];
  }

  #comparable({ from, framing, name, value }) {
    const challenge = name === STEP && CHALLENGE.test(textOf(value.data));
    return { from, framing, message: challenge ? { data: 'a challenge' } : value };
  }
}
